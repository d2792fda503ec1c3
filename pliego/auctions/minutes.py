"""The minutes of an auction as PDF/A, in Spanish whatever the reader's language."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from pliego.auctions import outcome, queries
from pliego.auctions.models import Auction, Participant
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import Money, format_money

TEMPLATE = Path(__file__).with_name("acta.typ")
SPANISH = "es-co"


def render(auction: Auction, *, author: str, at: datetime) -> bytes:
    """Who took part, every bid in its order, what stopped it, and how they ended."""
    with translation.override(SPANISH):
        shown = _shown(auction, author, at)
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def _shown(auction: Auction, author: str, at: datetime) -> dict[str, Any]:
    tender, bids = auction.tender, queries.told_bids(auction)
    rows = {row.bid.code: row for row in auction.participants.select_related("bid", "account__organization")}

    def money(amount: Any) -> str:
        return format_money(Money(amount, auction.currency))

    return {
        "is_practice": settings.PLIEGO_PRACTICE,
        "training": auction.training,
        "buyer": tender.buyer.name,
        "nit": tender.buyer.nit,
        "code": tender.code,
        "title": tender.title,
        "reference": tender.reference,
        "lot": str(auction.lot or ""),
        "legal_basis": tender.rulebook.evaluation.legal_basis,
        "direction": "al alza" if auction.is_upward else "a la baja",
        "margin": queries.margin_told(auction.terms),
        "started": dates.instant(auction.starts_at),
        "ended": dates.instant(auction.ends_at),
        "extensions": auction.extensions,
        "at": dates.instant(at),
        "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
        "author": author,
        "note": auction.note,
        "order": [
            {
                "rank": str(one.rank) + (" (empate)" if one.tied_with else ""),
                "alias": rows[one.code].alias,
                **(_nobody(rows[one.code]) if auction.is_training else _named(rows[one.code], one.code)),
                "initial": money(rows[one.code].initial),
                "final": money(rows[one.code].price),
                "bids": rows[one.code].bids_made,
            }
            for one in outcome.order_of(auction)
        ],
        "bids": [
            {
                "number": bid.number,
                "at": queries.second(bid.received_at),
                "alias": bid.alias,
                "amount": money(bid.amount),
            }
            for bid in bids
        ],
        "pauses": [
            {
                "reason": row.reason,
                "from": dates.instant(row.suspended_at),
                "until": dates.instant(row.resumed_at) if row.resumed_at else "",
            }
            for row in auction.pauses.all()
        ],
        "chart": render_to_string("auctions/chart.html", {"chart": queries.chart_of(auction, bids)}),
    }


def _named(row: Participant, code: str) -> dict[str, str]:
    return {"supplier": row.account.name, "nit": f"NIT {row.account.nit} · {code}"}


def _nobody(row: Participant) -> dict[str, str]:
    """A training names nobody: who bids how is nobody's business before the auction that counts."""
    return {"supplier": f"Proponente {row.alias}", "nit": ""}
