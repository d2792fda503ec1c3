"""A published version of a plan as JSON: what the world reads."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pliego.codelists import queries as codelists
from pliego.planning.models import Plan, PlanLine

HEADER = ("mission", "strategy", "contact_name", "contact_phone", "contact_email")
LIMITS = ("minor_limit_amount", "minimum_limit_amount")
LINE = (
    "number", "kind", "unspsc", "description", "start_month", "bids_month", "duration", "duration_unit", "method",
    "funding_source", "future_budget", "municipality", "responsible_name", "responsible_phone", "responsible_email",
)  # fmt: skip
AMOUNTS = ("total_amount", "budget_amount")


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def snapshot_of(plan: Plan, lines: Iterable[PlanLine]) -> dict[str, Any]:
    return {
        "format": "pliego.paa/1",
        "code": plan.code,
        "year": plan.year,
        "version": plan.version,
        "account": plan.account.code,
        "entity": plan.account.name,
        "nit": plan.account.nit,
        **_place(plan),
        **{name: getattr(plan, name) for name in HEADER},
        **{name: _text(getattr(plan, name)) for name in LIMITS},
        "lines": [_line(line) for line in lines],
    }


def _place(plan: Plan) -> dict[str, str]:
    place = codelists.place_of(plan.account.municipality)
    return {"municipality": place.municipality, "department": place.department} if place else {}


def _line(line: PlanLine) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in LINE},
        **{name: _text(getattr(line, name)) for name in AMOUNTS},
        "currency": line.total_currency,
        "unit": line.unit.name if line.unit else "",
    }
