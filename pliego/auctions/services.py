"""Conducting auctions: announced when the initial prices are open, started, stopped, ended and recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.auctions import events, rules, subjects
from pliego.auctions.models import Auction, Participant
from pliego.auctions.policy import POLICY, Act
from pliego.auctions.states import AUCTION
from pliego.auctions.terms import Terms
from pliego.evaluation import services as evaluation
from pliego.kernel import dates
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.canonical import instant
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender

OF_TRAINING = (events.TrainingOpened, events.TrainingCancelled)


def locked(tender_id: int, lot: int | None, training: int = 0) -> Auction:
    """The row under which everything of an auction is decided, held until the transaction ends."""
    rows = Auction.every.select_for_update(of=("self",)).select_related("tender__buyer__organization", "best")
    found = rows.filter(tender_id=tender_id, lot=lot, training=training).exclude(state="void").first()
    if found is None:
        raise Unknown()
    return found


def opened_for(act: Act, *, actor: Actor, tender_id: int, lot: int | None, at: datetime, training: int = 0) -> Auction:
    """The locked auction as it is at that moment, when the actor may do this to it."""
    auction = locked(tender_id, lot, training)
    POLICY.require(actor, Act.VIEW, auction)
    advance(auction, at)
    POLICY.require(actor, act, auction)
    return auction


def announce(
    kind: type[Event], auction: Auction, actor: Actor, at: datetime, documents: Sequence[str] = (), **told: Any
) -> Entry:
    data = {"code": auction.tender.code, **({"lot": auction.lot} if auction.lot else {}), **told}
    if auction.is_training:
        data["training"] = auction.training
        if kind not in OF_TRAINING:
            data, kind = {**data, "act": kind.code}, events.TrainingAct
    event = kind(file=auction.file, subject_id=auction.pk, data=data, documents=tuple(documents))
    return outbox.publish(event, actor=actor, at=at)


# ---- the announcement ----------------------------------------------------------------------------------------------


@transaction.atomic
def lay_out(*, tender_id: int, at: datetime) -> list[Auction]:
    """Announce the auction of the process, or of each of its lots, once the initial prices are open. Repeating changes
    nothing; where one alone complies and the law then asks for no auction, there is none."""
    tender = Tender.objects.select_for_update(of=("self",)).get(pk=tender_id)
    make_way(tender_id, subjects.real_start(tender, at), at)
    evaluation.take_prices(tender_id=tender_id, at=at)
    known = set(Auction.objects.of(tender).values_list("lot", flat=True))
    return [
        _announced(tender, subject, at)
        for subject in subjects.of(tender)
        if subject.needs_auction and subject.lot not in known
    ]


def _announced(tender: Tender, subject: subjects.Subject, at: datetime) -> Auction:
    terms, bidders = subjects.terms_of(tender), subject.bidders
    due = tender.due_at("auction")
    starts_at = terms.start(at, due)
    best = (max if terms.is_upward else min)(bidder.price for bidder in bidders)
    auction = called(tender, subject.lot, terms=terms, starts_at=starts_at, best=best, at=at)
    Participant.objects.bulk_create(
        Participant(
            auction=auction,
            bid_id=bidder.bid_id,
            account_id=bidder.account_id,
            alias=letters,
            initial=bidder.price,
            price=bidder.price,
        )
        for letters, bidder in subjects.lettered(bidders)
    )
    told: dict[str, Any] = {"starts_at": instant(starts_at), "bidders": len(bidders), "best": str(best)}
    auction.receipt = announce(events.AuctionAnnounced, auction, SYSTEM, at, terms=subjects.terms_told(terms), **told)
    return auction


def called(
    tender: Tender,
    lot: int | None,
    *,
    terms: Terms,
    starts_at: datetime,
    best: Decimal,
    at: datetime,
    training: int = 0,
) -> Auction:
    """An auction of those terms, from that price on; zero is the one that counts, any other number a training."""
    return Auction.objects.create(
        tender=tender,
        lot=lot,
        training=training,
        **{name: getattr(terms, name) for name in subjects.KEPT},
        currency=tender.value_currency,
        announced_at=at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=terms.minutes),
        best_value=best,
        best_amount=best,
    )


@transaction.atomic
def grade_bidders(
    *, actor: Actor, tender_id: int, points: dict[str, Decimal], at: datetime, lot: int | None = None
) -> Auction:
    """Publish the quality points of everybody, where prices are compared by coefficient."""
    auction = opened_for(Act.GRADE, actor=actor, tender_id=tender_id, lot=lot, at=at)
    rows = {row.bid.code: row for row in auction.participants.select_related("bid")}
    refuse_if_any(rules.points_are_wrong(auction, set(rows), points))
    for code, row in rows.items():
        row.quality = points[code]
    Participant.objects.bulk_update(rows.values(), ["quality"])
    best = min(rows.values(), key=lambda row: auction.terms.value(row.initial, row.quality))
    auction.best_value, auction.best_amount = auction.terms.value(best.initial, best.quality), best.initial
    _starts(auction, at)  # bidders know what their prices are compared with, and then have time to enter
    auction.save(update_fields=["best_value", "best_amount", "starts_at", "ends_at"])
    told = [{"bid": code, "points": str(points[code])} for code in sorted(rows)]
    hour = instant(auction.starts_at)
    auction.receipt = announce(events.AuctionGraded, auction, actor, at, points=told, starts_at=hour)
    return auction


# ---- as time passes --------------------------------------------------------------------------------------------------


def advance(auction: Auction, at: datetime) -> None:
    """Write down what the hours brought, in the act of whoever comes first. The caller holds the lock."""
    if auction.tender.state != "opened":
        return
    if auction.state == "announced" and at > auction.starts_at + rules.LATE_START:
        _put_off(auction, at)
    if auction.state == "announced" and not AUCTION.objections(auction, "start", at=at):
        AUCTION.fire(auction, "start", at=at)
        auction.save(update_fields=["state"])
        if not auction.is_training:
            make_way(auction.tender_id, at, at)
        told: dict[str, Any] = {"starts_at": instant(auction.starts_at), "ends_at": instant(auction.ends_at)}
        auction.receipt = announce(events.AuctionStarted, auction, SYSTEM, at, **told)
    if auction.state == "suspended" and auction.resumes_at and at >= auction.resumes_at:
        _go_on(auction, at)
    if auction.state == "running" and not AUCTION.objections(auction, "end", at=at):
        AUCTION.fire(auction, "end", at=at)
        auction.ended_at = auction.ends_at
        auction.save(update_fields=["state", "ended_at"])
        told = {"ended_at": instant(auction.ends_at), "bids": auction.bid_count, "best": str(auction.best_amount)}
        auction.receipt = announce(events.AuctionEnded, auction, SYSTEM, at, **told)


def _put_off(auction: Auction, at: datetime) -> None:
    """Its hour passed and nobody could bid: it starts later, with the time that bidders have to enter."""
    missed = auction.starts_at
    _starts(auction, at)
    if rules.is_in_the_way(auction.ends_at, subjects.limit_of(auction, at), ""):
        void(auction, events.TrainingCancelled, SYSTEM, at, str(_("It could not start at its hour.")))
        return
    auction.save(update_fields=["starts_at", "ends_at"])
    told = {"missed": instant(missed), "starts_at": instant(auction.starts_at), "ends_at": instant(auction.ends_at)}
    auction.receipt = announce(events.AuctionPutOff, auction, SYSTEM, at, **told)


def _starts(auction: Auction, at: datetime) -> None:
    terms = auction.terms
    auction.starts_at = terms.start(at, auction.starts_at)
    auction.ends_at = auction.starts_at + timedelta(minutes=terms.minutes)


def _go_on(auction: Auction, at: datetime) -> None:
    assert auction.resumes_at is not None
    assert auction.left is not None
    auction.ends_at = auction.resumes_at + auction.left
    AUCTION.fire(auction, "resume", at=at)
    auction.pauses.filter(resumed_at=None).update(resumed_at=auction.resumes_at)
    auction.save(update_fields=["state", "ends_at"])
    told = {"resumes_at": instant(auction.resumes_at), "ends_at": instant(auction.ends_at)}
    auction.receipt = announce(events.AuctionResumed, auction, SYSTEM, at, **told)


@transaction.atomic
def keep_time(*, auction_id: int, at: datetime) -> Auction:
    """What a timed job does: start, resume or end the auction, if its hour has come."""
    row = Auction.every.values("tender_id", "lot", "training").get(pk=auction_id)
    auction = locked(**row)
    advance(auction, at)
    return auction


def due(at: datetime) -> list[int]:
    """The auctions whose state is behind the hour."""
    rows = Auction.every.filter(tender__state="opened")
    behind = (
        rows.filter(state="announced", starts_at__lte=at)
        | rows.filter(state="suspended", resumes_at__lte=at)
        | rows.filter(state="running", ends_at__lte=at - rules.SETTLING)
    )
    return list(behind.order_by("pk").values_list("pk", flat=True))


# ---- stopping and going on -------------------------------------------------------------------------------------------


@transaction.atomic
def suspend_auction(
    *,
    actor: Actor,
    tender_id: int,
    reason: str,
    at: datetime,
    resumes_at: datetime | None = None,
    lot: int | None = None,
    training: int = 0,
) -> Auction:
    """Stop the auction at once, and keep the time that is left. It goes on by itself at that hour; without one, when
    the entity says. A failure of the platform is recorded through here by the platform itself."""
    auction = opened_for(Act.SUSPEND, actor=actor, tender_id=tender_id, lot=lot, training=training, at=at)
    refuse_if_any(
        rules.unwritten(reason, "reason", _("Write why the auction is suspended.")),
        rules.restart_is_past(at, resumes_at),
        _ends_late(auction, auction.ends_at - at, resumes_at, at),
        AUCTION.objections(auction, "suspend", at=at),
    )
    AUCTION.fire(auction, "suspend", at=at)
    auction.suspended_at, auction.resumes_at, auction.left = at, resumes_at, auction.ends_at - at
    auction.save(update_fields=["state", "suspended_at", "resumes_at", "left"])
    auction.pauses.create(reason=reason.strip(), suspended_at=at)
    told: dict[str, Any] = {"reason": reason.strip(), "seconds_left": int(auction.left.total_seconds())}
    told |= {"resumes_at": instant(resumes_at)} if resumes_at else {}
    auction.receipt = announce(events.AuctionSuspended, auction, actor, at, **told)
    return auction


@transaction.atomic
def resume_auction(
    *,
    actor: Actor,
    tender_id: int,
    at: datetime,
    resumes_at: datetime | None = None,
    lot: int | None = None,
    training: int = 0,
) -> Auction:
    """Say when a suspended auction goes on, with the time that it had left: at once, or at that hour."""
    auction = opened_for(Act.RESUME, actor=actor, tender_id=tender_id, lot=lot, training=training, at=at)
    assert auction.left is not None
    refuse_if_any(rules.restart_is_past(at, resumes_at), _ends_late(auction, auction.left, resumes_at or at, at))
    receipt = say_when(auction, resumes_at or at, actor, at)
    advance(auction, at)
    auction.receipt = receipt
    return auction


def say_when(auction: Auction, resumes_at: datetime, actor: Actor, at: datetime) -> Entry:
    """When a suspended auction goes on, with the time that it had left. The caller holds the lock."""
    assert auction.left is not None
    auction.resumes_at, auction.ends_at = resumes_at, resumes_at + auction.left
    auction.save(update_fields=["resumes_at", "ends_at"])
    told = {"resumes_at": instant(resumes_at), "ends_at": instant(auction.ends_at)}
    return announce(events.AuctionResumptionSet, auction, actor, at, **told)


@transaction.atomic
def stop_with_the_process(*, tender_id: int, reason: str, at: datetime) -> None:
    """The process was suspended: what was running in it stops until the entity says, with the time that was left."""
    rows = Auction.every.filter(tender_id=tender_id, state="running", ends_at__gt=at)
    for lot, training in rows.values_list("lot", "training"):
        suspend_auction(actor=SYSTEM, tender_id=tender_id, reason=reason, at=at, lot=lot, training=training)


@transaction.atomic
def void_auctions(*, tender_id: int, reason: str, at: datetime) -> None:
    """The process ended without an award: what was announced has no effect."""
    rows = Auction.every.select_for_update(of=("self",)).select_related("tender").filter(tender_id=tender_id)
    for auction in rows.exclude(state__in=("recorded", "void")):
        void(auction, events.TrainingCancelled if auction.is_training else events.AuctionVoided, SYSTEM, at, reason)


def void(auction: Auction, kind: type[Event], actor: Actor, at: datetime, reason: str) -> None:
    """Leave it without effect, and say why. The caller holds the lock."""
    AUCTION.fire(auction, "void", at=at)
    auction.note = reason[:4000]
    auction.save(update_fields=["state", "note"])
    told: dict[str, Any] = {"reason": reason}
    if auction.is_training:
        told |= {"starts_at": instant(auction.starts_at), "suppliers": invited(auction)}
    auction.receipt = announce(kind, auction, actor, at, **told)


# ---- trainings (`training.py` opens them) ----------------------------------------------------------------------------


def invited(auction: Auction) -> list[dict[str, str]]:
    """Those of a training, as the notices know them."""
    codes = auction.participants.order_by("account__code").values_list("account__code", flat=True)
    return [{"supplier_code": code} for code in codes]


def make_way(tender_id: int, starts_at: datetime, at: datetime) -> None:
    """A training that would not be over when the auction that counts starts has no effect."""
    rows = Auction.every.select_for_update(of=("self",)).select_related("tender")
    alive = rows.filter(tender_id=tender_id, training__gt=0, state__in=("announced", "running", "suspended"))
    for auction in alive.order_by("pk"):
        if (ends_at := _would_end(auction)) is None or ends_at > starts_at:
            reason = _("The auction that counts starts at %(at)s.") % {"at": dates.instant(starts_at)}
            void(auction, events.TrainingCancelled, SYSTEM, at, str(reason))


def _would_end(auction: Auction) -> datetime | None:
    """When it is over if nothing else happens; nothing while nobody says when it goes on."""
    if auction.state != "suspended" or auction.left is None:
        return auction.ends_at
    return auction.resumes_at + auction.left if auction.resumes_at else None


def _ends_late(auction: Auction, left: timedelta, resumes_at: datetime | None, at: datetime) -> Objection | None:
    limit = subjects.limit_of(auction, at)
    return rules.is_in_the_way(resumes_at + left, limit, "resumes_at") if resumes_at else None
