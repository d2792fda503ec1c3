"""The lots of a process: each with its value, which together are the estimated value."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import Field, Parts, Rows
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection

# fmt: off
PARTS: Parts = (
    Rows(name="lots", label=_("Lots"), one=_("Lot %(n)s"), numbered="number", most=300, columns=(
        Field(name="number",      label=_("Number"),          kind="number", least=1, most=9999),
        Field(name="title",       label=_("Name of the lot"), is_needed=True),
        Field(name="description", label=_("Description"),     kind="prose", most=1000),
        Field(name="value",       label=_("Estimated value"), kind="money"),
        Field(name="unspsc",      label=_("UNSPSC code"),     kind="unspsc"),
        Field(name="place",       label=_("Municipality"),    kind="place"),
    )),
)
# fmt: on


def pesos(amount: Decimal | None) -> str:
    return format_money(Money(amount or 0, "COP"))


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    if len(content.lots) == 1:
        sentence = _("One lot is no division: write at least two, or none.")
        yield Objection("one_lot", sentence, "lots-0-title")
    for place, lot in enumerate(content.lots):
        if lot.number is None:
            yield Objection("missing", _("Write the number of the lot."), f"lots-{place}-number")


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    """Each lot has its value, and their sum is the value of the process."""
    for place, lot in enumerate(content.lots):
        if lot.value is None:
            asked = _("Write the estimated value of the lot %(n)s.") % {"n": lot.number}
            yield Objection("missing", asked, f"lots-{place}-value")
    total: Decimal = sum((lot.value or Decimal() for lot in content.lots), Decimal())
    if content.lots and tender.value_amount is not None and total != tender.value_amount:
        sentence = _(
            "The lots add up to %(sum)s and the estimated value of the process is %(value)s: mend one of them."
        )
        told = {"sum": pesos(total), "value": pesos(tender.value_amount)}
        yield Objection("lots_do_not_add_up", sentence % told, "lots")


LOTS = condition(
    code="lots",
    title=_("Lots"),
    path="lotes/",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    applies=lambda tender: tender.rulebook.flags.lots,
    lead=_("Only when the process is divided: offers may then be for some of the lots."),
)
