"""The end of an auction: its minutes, which name everybody; and the record of one that was held elsewhere."""

import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.auctions import events, minutes, outcome, rules, services
from pliego.auctions.models import Auction, AuctionBid, Participant, Session
from pliego.auctions.policy import Act
from pliego.auctions.states import AUCTION
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.evaluation import asking
from pliego.kernel.actors import Actor
from pliego.kernel.objections import refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.services.locking import person
from pliego.web.fields import Upload


@transaction.atomic
def record_auction(*, actor: Actor, tender_id: int, at: datetime, note: str = "", lot: int | None = None) -> Auction:
    """Sign the minutes: from then on everybody knows who bid what, and the process can be awarded."""
    auction = services.opened_for(Act.RECORD, actor=actor, tender_id=tender_id, lot=lot, at=at)
    refuse_if_any(AUCTION.objections(auction, "end" if auction.state == "running" else "record", at=at))
    auction.note = note.strip()
    pdf = minutes.render(auction, author=actor.name, at=at)
    document = documents.store(
        actor=actor,
        content=io.BytesIO(pdf),
        name=_name(auction),
        kind="auction_minutes",
        file=auction.tender.ocid,
        audience="public",
        at=at,
    )
    return _recorded(auction, "record", document, actor, at)


@transaction.atomic
def record_outside(
    *,
    actor: Actor,
    tender_id: int,
    prices: Mapping[str, Decimal],
    note: str,
    document: Upload,
    at: datetime,
    lot: int | None = None,
) -> Auction:
    """Write down the last price of each bidder in an auction that was held elsewhere, with the paper that proves it."""
    auction = services.opened_for(Act.RECORD_OUTSIDE, actor=actor, tender_id=tender_id, lot=lot, at=at)
    rows = {row.bid.code: row for row in auction.participants.select_related("bid")}
    refuse_if_any(
        rules.finals_are_wrong(auction, {code: row.initial for code, row in rows.items()}, dict(prices)),
        rules.unwritten(note, "note", _("Write why and where the auction was held.")),
        AUCTION.objections(auction, "record_outside", at=at),
    )
    for code, row in rows.items():
        row.price, row.prices = prices[code], {}
    Participant.objects.bulk_update(rows.values(), ["price", "prices"])
    auction.is_outside, auction.note = True, note.strip()
    first = outcome.order_of(auction)[0]
    best = rows[first.code]
    auction.best, auction.best_amount = best, best.price
    auction.best_value = auction.terms.value(best.price, best.quality)
    proof = documents.take(
        actor=actor,
        value=document,
        kind="auction_record",
        file=auction.tender.ocid,
        audience="public",
        at=at,
        field="document",
    )
    return _recorded(auction, "record_outside", proof, actor, at)


def _name(auction: Auction) -> str:
    lot = f" lote {auction.lot}" if auction.lot else ""
    return f"Acta de la subasta{lot} - {auction.tender.code}.pdf"


def _recorded(auction: Auction, act: str, document: Document, actor: Actor, at: datetime) -> Auction:
    AUCTION.fire(auction, act, at=at)
    auction.record, auction.recorded_at, auction.recorded_by_id = document, at, person(actor)
    auction.save()
    outbox.disclose(_reserved(auction), at)
    asking.flag_final_prices(tender_id=auction.tender_id, at=at)
    told = {"outside": auction.is_outside, "basis": rules.LAW, "note": auction.note, "order": told_order(auction)}
    auction.receipt = services.announce(
        events.AuctionRecorded, auction, actor, at, documents=(document.sha256,), **told
    )
    return auction


def _reserved(auction: Auction) -> list[int]:
    """The acts that only their authors could read until now: entries and bids."""
    entries = Session.objects.filter(participant__auction=auction).values_list("entry_id", flat=True)
    return [*entries, *AuctionBid.objects.filter(auction=auction).values_list("entry_id", flat=True)]


def told_order(auction: Auction) -> list[dict[str, Any]]:
    """The bidders in their order, each with its name."""
    rows = {row.bid.code: row for row in auction.participants.select_related("bid", "account__organization")}
    return [
        {
            "rank": one.rank,
            "bid": one.code,
            "supplier": rows[one.code].account.code,
            "supplier_name": rows[one.code].account.name,
            "alias": rows[one.code].alias,
            "initial": str(rows[one.code].initial),
            "final": str(rows[one.code].price),
            "bids": rows[one.code].bids_made,
        }
        for one in outcome.order_of(auction)
    ]
