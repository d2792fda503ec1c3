"""The end of an auction: its minutes, which name everybody (`outside.py` has those of one held elsewhere)."""

import io
from datetime import datetime
from typing import Any

from django.db import transaction

from pliego.auctions import events, minutes, outcome, rules, services
from pliego.auctions.models import Auction, AuctionBid, Session
from pliego.auctions.policy import Act
from pliego.auctions.states import AUCTION
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.evaluation import asking
from pliego.kernel.actors import Actor
from pliego.kernel.objections import refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.services.locking import person


@transaction.atomic
def record_auction(
    *, actor: Actor, tender_id: int, at: datetime, note: str = "", lot: int | None = None, training: int = 0
) -> Auction:
    """Sign the minutes: from then on everybody knows who bid what, and the process can be awarded. Those of a training
    name nobody, and only those invited read them."""
    auction = services.opened_for(Act.RECORD, actor=actor, tender_id=tender_id, lot=lot, training=training, at=at)
    refuse_if_any(AUCTION.objections(auction, "end" if auction.state == "running" else "record", at=at))
    auction.note = note.strip()
    pdf = minutes.render(auction, author=actor.name, at=at)
    document = documents.store(
        actor=actor,
        content=io.BytesIO(pdf),
        name=_name(auction),
        kind="auction_minutes",
        file=auction.file,
        audience="participants" if auction.is_training else "public",
        at=at,
    )
    return recorded(auction, "record", document, actor=actor, at=at)


def _name(auction: Auction) -> str:
    lot = f" lote {auction.lot}" if auction.lot else ""
    if auction.is_training:
        return f"Acta de la subasta de prueba {auction.training}{lot} - {auction.tender.code}.pdf"
    return f"Acta de la subasta{lot} - {auction.tender.code}.pdf"


def recorded(auction: Auction, act: str, document: Document, *, actor: Actor, at: datetime, **more: Any) -> Auction:
    """The end of every auction: its document, its order, and nothing reserved any more."""
    AUCTION.fire(auction, act, at=at)
    auction.record, auction.recorded_at, auction.recorded_by_id = document, at, person(actor)
    auction.save()
    if auction.is_training:
        told = _only_for_the_invited(auction, document, at)
    else:
        outbox.disclose(_reserved(auction), at)
        asking.flag_final_prices(tender_id=auction.tender_id, at=at)
        told = {"outside": auction.is_outside, "note": auction.note, "order": told_order(auction), **more}
    auction.receipt = services.announce(
        events.AuctionRecorded, auction, actor, at, documents=(document.sha256,), basis=rules.LAW, **told
    )
    return auction


def _only_for_the_invited(auction: Auction, document: Document, at: datetime) -> dict[str, Any]:
    """What the minutes of a training let their readers know: places and prices, and nobody's name."""
    accounts = auction.participants.values_list("account_id", flat=True)
    documents.grant(document=document, account_ids=[*accounts, auction.buyer_id], at=at)
    return {"order": [{"rank": one.rank, "final": str(one.price)} for one in outcome.order_of(auction)]}


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
            **({"absent": True} if rows[one.code].is_absent else {}),
        }
        for one in outcome.order_of(auction)
    ]
