"""The evaluation report as a PDF. Legal documents are Spanish whatever the reader's language."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.conditions import criteria
from pliego.evaluation import queries, rules, weighing
from pliego.evaluation.models import Evaluation
from pliego.evaluation.points import FINE_LAW, text
from pliego.evaluation.queries import Row
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import cop, format_money, spelled

TEMPLATE = Path(__file__).with_name("informe.typ")
SPANISH = "es-co"


RULES = {
    "lowest_price_that_complies": "Menor precio entre las ofertas que cumplen",
    "points": "Mayor puntaje entre las ofertas que cumplen",
    "quality_then_price": "Por calidad; el precio se acuerda con la primera o, sin acuerdo, con la siguiente",
    "own_manual": "La del manual de contratación de la entidad",
    "highest_bid": "Mayor precio entre las ofertas que cumplen",
    "lowest_bid": "Menor precio en la subasta, entre las ofertas que cumplen",
}


def render_report(
    evaluation: Evaluation,
    *,
    number: int,
    ranking: list[Row],
    members: list[dict[str, Any]],
    due: datetime,
    author: str,
    at: datetime,
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
            "decides": RULES.get(tender.rulebook.evaluation.rule, "La de la modalidad"),
            "has_points": any(row.points for row in ranking),
            "rate": _rate(evaluation),
            "shared": _shared(evaluation),
            "limit": "Valor mínimo" if rules.is_sale(tender) else "Presupuesto oficial",
            "budget": format_money(tender.value) if tender.value else "",
            "number": number,
            "at": dates.instant(at),
            "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
            "due": dates.instant(due),
            "author": author,
            "rows": [_shown(row) for row in ranking],
            "members": [{**one, "points": spelled(one["points"])} for one in members],
        }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def _rate(evaluation: Evaluation) -> str:
    if evaluation.exchange_rate is None:
        return ""
    return f"{spelled(text(evaluation.exchange_rate))} ({evaluation.exchange_source})"


def _shared(evaluation: Evaluation) -> list[str]:
    """The sums of the price that all offers share."""
    found = []
    for table in weighing.tables_of(evaluation, queries.assessments_of(evaluation)):
        lot = f"Lote {table.lot}. " if table.lot else ""
        for step in table.shared:
            found.append(f"{lot}{criteria.STEPS[step.name]}: {spelled(step.sum)} = {spelled(text(step.value))}")
    return found


def _variant(row: Row) -> str:
    """What is said of a variant: only that of the first place, whose base complies, is looked at."""
    if not row.variant:
        return ""
    price = f" por {format_money(cop(Decimal(row.variant['price'])))}" if row.variant["price"] else ""
    if row.variant["is_looked_at"]:
        return f"Presentó una variante{price}. Puede considerarse: la oferta básica cumple y ocupa el primer puesto"
    why = "la oferta básica no ocupa sola el primer puesto" if row.complies else "la oferta básica no cumple"
    return f"Presentó una variante{price}. No se considera: {why}"


def _shown(row: Row) -> dict[str, object]:
    return {
        "place": str(row.rank) if row.rank else "–",
        "bid": row.bid,
        "supplier": row.supplier_name,
        "nit": row.nit,
        "received": dates.instant(row.received_at),
        "price": format_money(cop(row.price)) if row.price is not None else "",
        "complies": "Cumple" if row.complies else "No cumple",
        "points": spelled(row.points),
        "scores": [
            {
                "title": score["title"] or f"Multas ({FINE_LAW})",
                "sum": spelled(score["sum"]),
                "points": spelled(score["points"]),
                "reason": score["reason"],
            }
            for score in row.scores
        ],
        "tied": ", ".join(row.tied_with),
        "reasons": row.reasons,
        "low_price": row.low_price,
        "variant": _variant(row),
        "lot": f"Lote {row.lot}: {row.lot_title}" if row.lot else "",
    }
