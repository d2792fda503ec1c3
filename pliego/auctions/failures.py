"""What a recorded failure of the platform does to the auctions: it stops them, and gives back the time that it took.

For the journal of failures, which calls `reckon_failure` whenever it knows more of one: that it began, that it goes on,
that it ended. Guarantees: said again it changes nothing; an auction has after the failure the time that it had when the
failure began, even if its end came meanwhile; bids that arrived in time all the same count; what has its minutes stays.
Decreto 1082 de 2015, art. 2.2.1.2.1.2.6 (`rules.FAILURES_LAW`).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pliego.auctions import events, rules, services
from pliego.auctions.models import Auction
from pliego.auctions.states import AUCTION
from pliego.auctions.terms import whole_minute
from pliego.kernel import dates
from pliego.kernel.actors import SYSTEM
from pliego.ledger.canonical import instant
from pliego.ledger.outbox import REACTIONS_SPEAK

COMING_BACK = timedelta(
    minutes=15
)  # from the notice that it goes on, for bidders to be there; no article says it [GK?]


@transaction.atomic
def reckon_failure(
    *, failure: str, began_at: datetime, at: datetime, ended_at: datetime | None = None, reason: str = ""
) -> list[Auction]:
    """Stop what runs; once the failure has an end, say when each goes on. Answers the auctions that it has stopped."""
    if began_at > at or (ended_at is not None and not began_at <= ended_at <= at):
        raise ValueError(f"the times of the failure {failure} do not follow each other")
    for auction in _within(began_at, ended_at or at):
        _stop(auction, failure, began_at, ended_at or at, at=at, reason=reason)
    stopped = Auction.objects.filter(pauses__failure=failure, pauses__resumed_at=None, state="suspended")
    found = [services.locked(*place) for place in stopped.order_by("pk").values_list("tender_id", "lot")]
    for auction in found if ended_at else ():
        _give_back(auction, at)
    return found


def _within(began_at: datetime, until: datetime) -> list[Auction]:
    """The auctions whose time the failure took, as they are now; each is locked."""
    rows = Auction.objects.filter(state__in=("running", "suspended", "ended"), tender__state="opened")
    places = rows.filter(ends_at__gt=began_at, starts_at__lt=until).order_by("pk").values_list("tender_id", "lot")
    found = [services.locked(*place) for place in places]
    for auction in found:
        services.advance(auction, until)
    return [a for a in found if a.state in {"running", "ended"} and a.ends_at > began_at and a.starts_at < until]


def _stop(auction: Auction, failure: str, began_at: datetime, until: datetime, *, at: datetime, reason: str) -> None:
    """The time that is left counts from when it could last be bid in."""
    if auction.pauses.filter(failure=failure).exists():
        return
    back = auction.pauses.order_by("resumed_at").values_list("resumed_at", flat=True).last()
    since = max(moment for moment in (began_at, auction.starts_at, back) if moment)
    if not since < min(auction.ends_at, until):
        return
    AUCTION.fire(auction, "interrupt", at=at)
    auction.suspended_at, auction.resumes_at, auction.left = since, None, auction.ends_at - since
    auction.ended_at = None
    auction.save(update_fields=["state", "suspended_at", "resumes_at", "left", "ended_at"])
    why = reason.strip() or _reason(failure, began_at)
    auction.pauses.create(reason=why, failure=failure, suspended_at=since)
    told: dict[str, Any] = {"reason": why, "seconds_left": int(auction.left.total_seconds()), "failure": failure}
    told |= {"began_at": instant(began_at), "basis": rules.FAILURES_LAW}
    auction.receipt = services.announce(events.AuctionSuspended, auction, SYSTEM, at, **told)


def _reason(failure: str, began_at: datetime) -> str:
    with translation.override(REACTIONS_SPEAK):
        told = {"failure": failure, "at": dates.instant(began_at)}
        return _("Failure %(failure)s of the platform, since %(at)s.") % told


def _give_back(auction: Auction, at: datetime) -> None:
    """It goes on at a whole minute, when bidders have had time to come back; an hour that was said already stands."""
    if auction.resumes_at is None and auction.tender.state == "opened":
        services.say_when(auction, whole_minute(at + COMING_BACK), SYSTEM, at)
