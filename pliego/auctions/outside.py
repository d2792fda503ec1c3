"""An auction held outside the platform: in a room, or by another service. Its result counts as that of one held here.

Guarantees: it is said before, with its place and hour, so that nobody bids here meanwhile; one that began here is never
replaced by another; of everybody that qualified there is a last price, or that it did not attend.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.auctions import events, outcome, recording, rules, services
from pliego.auctions.models import Auction, Outside, Participant
from pliego.auctions.policy import Act
from pliego.auctions.states import AUCTION
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.objections import refuse_if_any
from pliego.ledger.canonical import instant
from pliego.web.fields import Upload


@transaction.atomic
def move_outside(
    *, actor: Actor, tender_id: int, place: str, held_at: datetime, reason: str, at: datetime, lot: int | None = None
) -> Auction:
    """Say, before its hour, that it is not held here: where, when and why. Nobody bids here from then on."""
    auction = services.opened_for(Act.MOVE_OUTSIDE, actor=actor, tender_id=tender_id, lot=lot, at=at)
    refuse_if_any(rules.place_is_wrong(place, reason), rules.is_over_already(held_at, at))
    AUCTION.fire(auction, "move_outside", at=at)
    _put_there(auction, place, held_at, reason)
    services.make_way(tender_id, held_at, at)
    auction.save(update_fields=["state", "is_outside", "starts_at", "ends_at"])
    told = {"place": place.strip(), "held_at": instant(held_at), "reason": reason.strip()}
    auction.receipt = services.announce(events.AuctionMovedOutside, auction, actor, at, **told)
    return auction


def _put_there(auction: Auction, place: str, held_at: datetime, reason: str, signers: str = "") -> Outside:
    auction.is_outside, auction.starts_at = True, held_at
    auction.ends_at = held_at + timedelta(minutes=auction.minutes)
    told = {"place": place.strip(), "held_at": held_at, "reason": reason.strip(), "signers": signers.strip()}
    return Outside.objects.update_or_create(auction=auction, defaults=told)[0]


@dataclass(frozen=True, kw_only=True)
class Held:
    """How it was held, as its minutes say it: the last price of each offer, or that it did not attend."""

    prices: Mapping[str, Decimal]
    absent: Collection[str] = ()
    place: str
    held_at: datetime
    reason: str
    signers: str
    document: Upload
    is_sure: bool = False  # that last prices which do not differ by the margin are no mistake


@transaction.atomic
def record_outside(*, actor: Actor, tender_id: int, held: Held, at: datetime, lot: int | None = None) -> Auction:
    """Write down what it came to, with its signed minutes. The process is awarded from it."""
    auction = services.opened_for(Act.RECORD_OUTSIDE, actor=actor, tender_id=tender_id, lot=lot, at=at)
    rows = {row.bid.code: row for row in auction.participants.select_related("bid")}
    _refuse(auction, rows, held, at)
    services.make_way(tender_id, at, at)
    for code, row in rows.items():
        row.price, row.prices, row.is_absent = held.prices.get(code, row.initial), {}, code in held.absent
    Participant.objects.bulk_update(rows.values(), ["price", "prices", "is_absent"])
    kept = _put_there(auction, held.place, held.held_at, held.reason, held.signers)
    best = rows[outcome.order_of(auction)[0].code]
    auction.best, auction.best_amount = best, best.price
    auction.best_value = auction.terms.value(best.price, best.quality)
    told: dict[str, Any] = {"kind": "auction_record", "file": auction.tender.ocid, "audience": "public"}
    proof = documents.take(actor=actor, value=held.document, field="document", at=at, **told)
    place = {"place": kept.place, "held_at": instant(kept.held_at), "reason": kept.reason, "signers": kept.signers}
    return recording.recorded(auction, "record_outside", proof, actor=actor, at=at, **place)


def _refuse(auction: Auction, rows: dict[str, Participant], held: Held, at: datetime) -> None:
    """Everything that stands against it; the margin only asks, and only about prices that are right otherwise."""
    initials = {code: row.initial for code, row in rows.items()}
    refuse_if_any(
        rules.finals_are_wrong(auction, initials, dict(held.prices), set(held.absent)),
        rules.place_is_wrong(held.place, held.reason),
        rules.unwritten(held.signers, "signers", _("Write who signed the minutes.")),
        rules.is_not_held_yet(held.held_at, at),
        rules.quality_is_missing(auction, at),
        AUCTION.objections(auction, "record_outside", at=at),
    )
    terms = auction.terms
    better = [(price, rows[code]) for code, price in held.prices.items() if price != rows[code].initial]
    values = [terms.value(price, row.quality) for price, row in better]
    initial = [terms.value(row.initial, row.quality) for row in rows.values()]
    best = max(initial) if terms.is_upward else min(initial)
    refuse_if_any(rules.margin_is_short(terms, best, values, is_sure=held.is_sure))
