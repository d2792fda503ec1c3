"""The minutes (acta) of an opening as PDF/A, made of its acts, in Spanish whatever the reader's language."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.bidding import rules, witnessed
from pliego.bidding.models import Bid, BidDocument, Closing, Envelope, Opening, ReleasedShare
from pliego.bidding.moments import Turn
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import Money, format_money

TEMPLATE = Path(__file__).with_name("acta.typ")
SPANISH = "es-co"


def render(turn: Turn, *, author: str, note: str, at: datetime) -> bytes:
    """When it was opened, who was there, on which closing record, what each envelope held, and what went wrong."""
    assert turn.record is not None
    with translation.override(SPANISH):
        shown = {**_head(turn, at), **_opened(turn, turn.record), "author": author, "note": note}
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def _head(turn: Turn, at: datetime) -> dict[str, Any]:
    tender = turn.tender
    closing = Closing.objects.select_related("entry").filter(tender=tender).first()
    return {
        "is_practice": settings.PLIEGO_PRACTICE,
        "buyer": tender.buyer.name,
        "nit": tender.buyer.nit,
        "code": tender.code,
        "title": tender.title,
        "reference": tender.reference,
        "method": str(tender.rulebook.title),
        "moment": "" if turn.is_first else turn.title,
        "envelopes": ", ".join(turn.envelopes),
        "closed": dates.instant(closing.closed_at) if closing else "",
        "closing": closing.entry.code if closing else "",
        "root": closing.entry.leaf_hex if closing else "",
        "presented": len(closing.entry.content["data"]["receipts"]) if closing else 0,
        "standing": closing.entry.content["data"]["standing"] if closing else 0,
        "witnesses": [
            f"{row.institution} ({row.name}), {dates.instant(row.at)}" for row in witnessed.of_closing(tender) if row.at
        ],
        "threshold": tender.opening_threshold,
        "at": dates.instant(at),
        "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
    }


def _opened(turn: Turn, record: Opening) -> dict[str, Any]:
    told = record.entry.content
    rows = {row["bid"]: row for row in told["data"]["bids"]}
    bids = list(Bid.objects.filter(code__in=rows).select_related("supplier__organization").order_by("received_at"))
    envelopes = Envelope.objects.filter(bid__in=bids, code__in=turn.codes).select_related("reserve__tender")
    envelopes = envelopes.order_by("bid__received_at", "bid_id", "pk")
    return {
        "opened": dates.instant(record.opened_at),
        "receipt": record.entry.code,
        "opener": told["who"]["name"],
        "call": turn.bid,
        "members": _members(turn, envelopes),
        "halves": sum(bool(each.custodian_half) for each in envelopes),
        "bidders": [_bidder(turn, bid, rows[bid.code]) for bid in bids],
        "sealed": [_envelope(turn, bid, envelope) for bid, envelope in _of_each(bids, envelopes)],
        "kept_out": _kept_out(envelopes),
        "sealed_for_ever": [f"{row['supplier_name']} ({row['bid']})" for row in turn.sealed_for_ever],
    }


def _members(turn: Turn, envelopes: Iterable[Envelope]) -> list[dict[str, str]]:
    """Each member, present when they gave their shares, and when they did."""
    given: dict[int, datetime] = {}
    for share in ReleasedShare.objects.filter(envelope__in=envelopes).order_by("-released_at"):
        given[share.member_id] = share.released_at
    return [
        {
            "name": seat.user.full_name,
            "capacity": str(seat.capacity_title),
            "gave": dates.instant(given[seat.pk]) if seat.pk in given else "",
        }
        for seat in turn.tender.opening_members.select_related("user")
    ]


def _bidder(turn: Turn, bid: Bid, row: dict[str, Any]) -> dict[str, str]:
    total = Money(row["total"], turn.tender.value_currency) if row["total"] else None
    return {
        "supplier": bid.supplier.name,
        "nit": bid.supplier.nit if bid.supplier.organization.scheme == "CO-NIT" else "",
        "bid": bid.code,
        "received": dates.instant(bid.received_at),
        "receipt": row["receipt"],
        "total": (format_money(total) if total else "") + (" (con variante)" if "variant" in row else ""),
    }


def _of_each(bids: list[Bid], envelopes: Iterable[Envelope]) -> list[tuple[Bid, Envelope]]:
    by_pk = {bid.pk: bid for bid in bids}
    return [(by_pk[envelope.bid_id], envelope) for envelope in envelopes]


def _envelope(turn: Turn, bid: Bid, envelope: Envelope) -> dict[str, str]:
    titles = {each.code: str(each.title) for each in turn.tender.rulebook.envelopes}
    title = titles.get(envelope.code, envelope.code)
    if envelope.reserved:
        title += f", reserva {envelope.reserved}"
    return {
        "supplier": bid.supplier.name,
        "bid": bid.code,
        "title": title,
        "result": _result(bid, envelope),
        "hash": bid.manifest_sha256,
    }


def _result(bid: Bid, envelope: Envelope) -> str:
    if envelope.identity:
        return "Abierto; se pide que sea confidencial" if envelope.is_withheld else "Abierto"
    if not bid.fault:
        return "Sellado"
    why = str(rules.BLAME.get(bid.fault["why"], bid.fault["why"]))
    who = "el proveedor" if bid.fault["who"] == "supplier" else bid.fault["who"]
    return f"No se pudo abrir: {why}. Responde {who}"


def _kept_out(envelopes: Iterable[Envelope]) -> list[dict[str, str]]:
    """The files that the inspection refused. The name of one that is asked to be confidential is not told."""
    rows = BidDocument.objects.filter(envelope__in=envelopes).exclude(refusal="").select_related("envelope__bid")
    return [
        {
            "bid": row.envelope.bid.code,
            "name": "" if row.envelope.reserved else row.name,
            "sha256": row.sha256,
            "why": "" if row.envelope.reserved else row.refusal,
        }
        for row in rows
    ]
