"""The evaluation report as a PDF. Legal documents are Spanish whatever the reader's language."""

import json
from datetime import datetime
from pathlib import Path

import typst
from django.conf import settings
from django.utils import translation

from pliego.evaluation.models import Evaluation
from pliego.evaluation.queries import Row
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import cop, format_money

TEMPLATE = Path(__file__).with_name("informe.typ")
SPANISH = "es-co"


def render_report(
    evaluation: Evaluation, *, number: int, ranking: list[Row], due: datetime, author: str, at: datetime
) -> bytes:
    """The report, as PDF/A."""
    tender = evaluation.tender
    with translation.override(SPANISH):
        shown = {
            "operator": settings.PLIEGO_OPERATOR,
            "is_practice": settings.PLIEGO_PRACTICE,
            "buyer": tender.buyer.name,
            "nit": tender.buyer.nit,
            "code": tender.code,
            "title": tender.title,
            "reference": tender.reference,
            "method": str(tender.rulebook.title),
            "rule": tender.rulebook.evaluation.legal_basis,
            "budget": format_money(tender.value) if tender.value else "",
            "number": number,
            "at": dates.instant(at),
            "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
            "due": dates.instant(due),
            "author": author,
            "rows": [_shown(row) for row in ranking],
        }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def _shown(row: Row) -> dict[str, object]:
    return {
        "place": str(row.rank) if row.rank else "–",
        "bid": row.bid,
        "supplier": row.supplier_name,
        "nit": row.nit,
        "received": dates.instant(row.received_at),
        "price": format_money(cop(row.price)) if row.price is not None else "",
        "complies": "Cumple" if row.complies else "No cumple",
        "tied": ", ".join(row.tied_with),
        "reasons": row.reasons,
        "low_price": row.low_price,
        "lot": f"Lote {row.lot}: {row.lot_title}" if row.lot else "",
    }
