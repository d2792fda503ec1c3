"""3. Goods and services: the lines of the contract, with the prices of the offer where there was one."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.fields import Field, Parts, Rows
from pliego.contracts.sections.keeping import Place, kept_part
from pliego.kernel.objections import Objection

# fmt: off
PARTS: Parts = (
    Rows(name="lines", label=_("Goods and services"), one=_("Line %(n)s"), numbered="number", most=2000, columns=(
        Field(name="number",      label=_("Number"),      kind="number", least=1, most=100_000),
        Field(name="unspsc",      label=_("UNSPSC"),      kind="unspsc"),
        Field(name="description", label=_("Description"), kind="prose", most=500, is_needed=True, is_wide=True),
        Field(name="quantity",    label=_("Quantity"),    kind="quantity", is_needed=True),
        Field(name="unit",        label=_("Unit"),        most=40, is_needed=True),
        Field(name="unit_price",  label=_("Unit price"),  kind="money"),
    )),
)
# fmt: on


def lines_of(contract: Any) -> list[Any]:
    rows = [
        {
            "number": line.number,
            "unspsc": line.unspsc,
            "description": line.description,
            "quantity": str(line.quantity.normalize()) if line.quantity else None,
            "unit": line.unit,
            "unit_price": None if line.unit_price_amount is None else str(line.unit_price_amount),
        }
        for line in contract.lines.all()
    ]
    found: list[Any] = GOODS.typed({"lines": rows}).lines
    return found


def put_lines(contract: Any, rows: list[Any]) -> None:
    contract.put_lines(rows)


def is_wrong(contract: Any, content: Any) -> Iterator[Objection]:
    """What the winner offered is what is contracted."""
    if contract.offer_id is not None and contract.lines_total is not None and content.lines != lines_of(contract):
        sentence = _(
            "These lines and prices are those of the offer that won: they are contracted as they were offered."
        )
        yield Objection("lines_of_the_offer", sentence, "lines", "Ley 1150 de 2007, art. 5")


GOODS = kept_part(
    code="goods",
    title=_("Goods and services"),
    path="bienes-y-servicios",
    parts=PARTS,
    places={"lines": Place(lines_of, put_lines)},
    wrong=is_wrong,
    lead=_("What is bought. Where every line has its price, the lines add up to the value of the contract."),
)
