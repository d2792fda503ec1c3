"""What is paid in advance, and the plan of payments by milestones."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pliego.conditions import paying
from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Field, Parts, Rows
from pliego.kernel.dates import day
from pliego.kernel.money import Money, format_money, grouped
from pliego.kernel.objections import Objection

ADVANCE_LAW = "Ley 80 de 1993, art. 40, par."
MOST_ADVANCE = Decimal(50)
# Ley 1474 de 2011, art. 91: the advance of works, and of what is awarded by public tender, is handled by a trust, but
# in contracts of menor or mínima cuantía.
TRUST_LAW = "Ley 1474 de 2011, art. 91"
TRUST_TYPES = ("works",)
ADVANCES = (
    ("none", _("Nothing is paid in advance")),
    ("advance", _("Advance (anticipo)")),
    ("prepayment", _("Prepayment (pago anticipado)")),
)

# fmt: off
PARTS: Parts = (
    Field(name="advance_kind", label=_("Advance or prepayment"), kind="choice", choices=ADVANCES,
          help=_("An advance is money of the entity that the contractor pays back with the work; a prepayment is a "
                 "payment.")),
    Field(name="advance_percent", label=_("Percentage of the value that is paid in advance"), kind="decimal", most=100,
          help=_("At most 50 %."), legal_basis=ADVANCE_LAW),
    Field(name="has_trust", label=_("Is the advance handled by a trust?"), kind="yes_no", choices=YES_NO,
          when=("advance_kind", "advance"), legal_basis=TRUST_LAW),
    Field(name="amortisation_percent", label=_("Percentage of each payment that pays back the advance"),
          kind="decimal", most=100, when=("advance_kind", "advance"),
          help=_("Empty: the same percentage as the advance.")),
    Rows(name="milestones", label=_("Plan of payments"), one=_("Payment %(n)s"), most=60,
         help=_("Each with a percentage of the value or an amount, all in the same way; together they are the whole "
                "value, less the prepayment if there is one."), columns=(
        Field(name="title",       label=_("Milestone"),              is_needed=True, is_wide=True),
        Field(name="percent",     label=_("Percentage"),             kind="decimal", most=100),
        Field(name="amount",      label=_("Amount"),                 kind="money"),
        Field(name="deliverable", label=_("What is delivered"),      kind="prose", most=500),
        Field(name="due_on",      label=_("Date"),                   kind="day"),
        Field(name="due_days",    label=_("Days after the start"),   kind="number", most=3650),
    )),
)
# fmt: on


def pays_in_advance(content: Any) -> bool:
    return content.advance_kind in {"advance", "prepayment"}


def needs_trust(tender: Any) -> bool:
    """Whether an advance of this process must be handled by a trust."""
    where = tender.rulebook.guarantees.trust_for_advance
    return where == "always" or (where == "works" and tender.contract_type in TRUST_TYPES)


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    percent, back = content.advance_percent, content.amortisation_percent
    if percent is not None and percent > MOST_ADVANCE:
        sentence = _("At most half of the value is paid in advance: write 50 or less.")
        yield Objection("advance_too_large", sentence, "advance_percent", ADVANCE_LAW)
    if percent and not pays_in_advance(content):
        sentence = _("There is a percentage and nothing is paid in advance: choose advance or prepayment, or clear it.")
        yield Objection("advance_without_kind", sentence, "advance_kind")
    if content.advance_kind == "advance" and percent is not None and back is not None and back < percent:
        sentence = _("With less than %(percent)s %% of each payment the advance is never paid back whole.")
        yield Objection("amortisation_too_small", sentence % {"percent": grouped(percent)}, "amortisation_percent")
    for place, row in enumerate(content.milestones):
        if row.percent is not None and row.amount is not None:
            sentence = _("Write a percentage or an amount, and not both.")
            yield Objection("two_amounts", sentence, f"milestones-{place}-amount")
        if row.due_on is not None and row.due_days is not None:
            sentence = _("Write a date or a number of days, and not both.")
            yield Objection("two_dates", sentence, f"milestones-{place}-due_days")


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    if pays_in_advance(content) and not content.advance_percent:
        yield Objection("missing", _("Write what percentage of the value is paid in advance."), "advance_percent")
    if content.advance_kind == "advance" and needs_trust(tender) and content.has_trust != "yes":
        sentence = _("The advance of this contract must be handled by a trust: answer yes, or pay no advance.")
        yield Objection("trust_missing", sentence, "has_trust", TRUST_LAW)
    for place, row in enumerate(content.milestones):
        if row.percent is None and row.amount is None:
            sentence = _("Write how much is paid for “%(title)s”.")
            yield Objection("missing", sentence % {"title": row.title}, f"milestones-{place}-percent")
        if row.due_on is None and row.due_days is None:
            sentence = _("Write when “%(title)s” is due.")
            yield Objection("missing", sentence % {"title": row.title}, f"milestones-{place}-due_days")
    yield from _do_not_add_up(tender, content)


def _do_not_add_up(tender: Any, content: Any) -> Iterator[Objection]:
    value = tender.value_amount
    if not value or not paying.plan(value, content) or paying.is_whole(value, content):
        return
    total = sum((payment.amount for payment in paying.plan(value, content)), Decimal())
    sentence = _("The payments add up to %(sum)s and they must be %(value)s: mend one of them.")
    told = {"sum": pesos(total), "value": pesos(paying.covered(value, content))}
    yield Objection("payments_do_not_add_up", sentence % told, "milestones")


def pesos(amount: Decimal) -> str:
    return format_money(Money(amount, "COP"))


def shown(tender: Any, content: Any) -> dict[str, Any]:
    """What each payment comes to, for the page; nothing while the process has no value or the plan is not whole."""
    value = tender.value_amount
    if not value or not paying.is_whole(value, content):
        return {}
    advance = paying.advance_of(value, content)
    return {
        "has_advance": bool(advance) and content.advance_kind == "advance",
        "advance": pesos(advance) if advance else "",
        "advance_title": dict(ADVANCES).get(content.advance_kind, ""),
        "advance_percent": grouped(content.advance_percent or Decimal(0)),
        "payments": [
            {
                "title": payment.title,
                "deliverable": payment.row.deliverable,
                "due": due(payment.row),
                "percent": grouped(payment.percent),
                "amount": pesos(payment.amount),
                "paid_back": pesos(payment.paid_back),
                "left": pesos(payment.left),
            }
            for payment in paying.plan(value, content)
        ],
    }


def due(row: Any) -> str:
    if row.due_on is not None:
        return day(row.due_on)
    words = ngettext("%(n)s day after the start", "%(n)s days after the start", row.due_days or 0)
    return words % {"n": row.due_days} if row.due_days is not None else ""


PAYMENTS = condition(
    code="payments",
    title=_("Advance and plan of payments"),
    path="pagos/",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    applies=lambda tender: tender.rulebook.publication_only is None and tender.rulebook.evaluation.rule != "none",
    shown=shown,
    block="conditions/payments.html",
    lead=_("How the contract is paid. Bidders read it before they set their price."),
)
