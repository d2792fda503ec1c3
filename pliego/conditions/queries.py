"""What the rooms above take from the conditions of a process."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from pliego.conditions import paying
from pliego.conditions.covers import COVERS
from pliego.conditions.guarantees import GUARANTEES
from pliego.conditions.payments import ADVANCES, PAYMENTS, due
from pliego.kernel.money import grouped
from pliego.tendering.models import Tender

LONGEST_TERMS = 4000


def covers_asked(tender: Tender) -> list[str]:
    """The covers that the contract asks for: those of the pliego, or else the one that the method requires."""
    content = GUARANTEES.content(tender)
    if content.asked or content.covers:
        return [row.cover for row in content.covers if row.cover in COVERS]
    return ["performance"] if tender.rulebook.guarantees.required else []


def payment_terms(tender: Tender) -> str:
    """How the pliego pays, as a paragraph of the contract, in Spanish; "" when it says nothing."""
    content = PAYMENTS.content(tender)
    with override("es-co"):
        lines = []
        if content.advance_percent:
            title = dict(ADVANCES).get(content.advance_kind, "")
            lines.append(f"{title}: {grouped(content.advance_percent)} %.")
        for number, row in enumerate(content.milestones, 1):
            much = f"{grouped(row.percent)} %" if row.percent is not None else f"$ {grouped(row.amount or Decimal(0))}"
            told = " · ".join(filter(None, [row.title, much, row.deliverable, due(row)]))
            lines.append(f"{number}. {told}.")
    return "\n".join(lines)[:LONGEST_TERMS]


def payments_planned(tender: Tender, value: Decimal, starts_on: date | None) -> list[tuple[str, date | None, Decimal]]:
    """The pliego's plan for a contract of that value: title, day and amount of each payment; none if it differs."""
    return planned_by(PAYMENTS.content(tender), value, starts_on)


def planned_by(content: Any, value: Decimal, starts_on: date | None) -> list[tuple[str, date | None, Decimal]]:
    """The same of any content with those fields: the conditions of a contract have them too."""
    if not content.milestones or not paying.is_whole(value, content):
        return []
    found: list[tuple[str, date | None, Decimal]] = []
    if content.advance_kind == "prepayment":
        found.append((_("Prepayment (pago anticipado)"), starts_on, paying.advance_of(value, content)))
    for payment in paying.plan(value, content):
        day = payment.row.due_on
        if day is None and starts_on is not None and payment.row.due_days is not None:
            day = starts_on + timedelta(days=payment.row.due_days)
        found.append((payment.title, day, payment.amount))
    return found
