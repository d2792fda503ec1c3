"""2. Conditions: prices, delivery, advance, plan of payments and the guarantees that are asked."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from pliego.conditions import guarantees, payments
from pliego.conditions.covers import COVERS, least_wages
from pliego.conditions.fields import Choices, Field, Parts, Rows
from pliego.contracts.sections.keeping import Echo, column, kept_part
from pliego.kernel.objections import Objection

PRICES: Choices = (
    ("unit", _("Unit prices")),
    ("global", _("A global price")),
    ("refund", _("Costs refunded and fees")),
    ("fees", _("Fees by month")),
)
# Incoterms 2020 of the International Chamber of Commerce: the eleven codes. The words are ours.
INCOTERMS: Choices = (
    ("EXW", _("EXW: at the seller's place")),
    ("FCA", _("FCA: handed to the carrier")),
    ("CPT", _("CPT: carriage paid to the place")),
    ("CIP", _("CIP: carriage and insurance paid to the place")),
    ("DAP", _("DAP: delivered at the place")),
    ("DPU", _("DPU: delivered at the place, unloaded")),
    ("DDP", _("DDP: delivered with duties paid")),
    ("FAS", _("FAS: beside the ship")),
    ("FOB", _("FOB: on board the ship")),
    ("CFR", _("CFR: cost and freight to the port")),
    ("CIF", _("CIF: cost, insurance and freight to the port")),
)
# The covers of the pliego, without the one of the offer.
COVER_ROWS = next(part for part in guarantees.PARTS if part.name == "covers")
assert isinstance(COVER_ROWS, Rows)
CHOICES = tuple((cover.code, cover.title) for cover in COVERS.values())
UNTIL_SETTLED = 6  # months: Ley 1150 de 2007, art. 11, by agreement in four and alone in two more

# fmt: off
PARTS: Parts = (
    Field(name="price_kind", label=_("How the price is agreed"), kind="choice", choices=PRICES),
    Field(name="price_terms", label=_("When and how prices are adjusted"), kind="prose", most=2000,
          help=_("Empty: they are not."), legal_basis="Ley 80 de 1993, art. 4, num. 8"),
    Field(name="delivery_place", label=_("Place of performance"), most=250),
    Field(name="incoterm", label=_("Condition of delivery (Incoterm)"), kind="choice", choices=INCOTERMS,
          help=_("Only for goods that travel.")),
    Field(name="payment_terms", label=_("Terms of payment"), kind="prose", most=4000,
          help=_("Empty: by the payment plan, after the supervisor's approval.")),
    *payments.PARTS,
    Rows(name="covers", label=_("Guarantees that the contract asks for"), one=_("Cover %(n)s"), most=20,
         help=COVER_ROWS.help, columns=(
        Field(name="cover", label=_("What it covers"), kind="choice", choices=CHOICES, is_needed=True, is_wide=True),
        *COVER_ROWS.columns[1:],
    )),
    Field(name="no_guarantee", label=_("Why no guarantee is asked for"), kind="prose", most=2000,
          help=_("Only where none is."), legal_basis="Decreto 1082 de 2015, art. 2.2.1.2.1.4.5"),
)
# fmt: on


def is_wrong(contract: Any, content: Any) -> Iterator[Objection]:
    yield from payments.is_wrong(contract, content)
    yield from guarantees.is_wrong(contract, _asked(content))


def _asked(content: Any) -> Any:
    """The covers as the pliego's section has them."""
    return guarantees.GUARANTEES.typed({"asked": "yes" if content.covers else "no", "covers": plain_rows(content)})


def plain_rows(content: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.to_builtins(content.covers)
    return found


def lacks(contract: Any, content: Any, at: datetime) -> Iterator[Objection]:
    yield from payments.lacks(contract, content, at)
    yield from guarantees.covers_lack(content)
    paid = guarantees.OF_ADVANCE.get(content.advance_kind)
    if paid and paid not in {row.cover for row in content.covers}:
        sentence = _("The contract pays in advance: ask for the cover “%(cover)s”.")
        cover = COVERS[paid]
        yield Objection("missing", sentence % {"cover": cover.title}, "covers", cover.legal_basis)


def notes(contract: Any, content: Any, at: datetime) -> Iterator[Any]:
    """What the law usually asks and these covers do not give: advice, as in the pliego."""
    for row in content.covers:
        yield from (str(one) for one in guarantees.cover_is_unusual(contract, row, COVERS[row.cover]))


def least_of(contract: Any, code: str) -> dict[str, Any]:
    """A cover with the least that the law asks, for who names it and says no more."""
    cover = COVERS[code]
    row: dict[str, Any] = {"cover": code, "months": cover.months or UNTIL_SETTLED}
    if not cover.in_wages:
        return {**row, "percent": str(cover.percent)}
    return {**row, "wages": str(least_wages(guarantees.value_in_wages(contract)).quantize(Decimal("0.01")))}


def _with_column(contract: Any, content: Any) -> Any:
    """The covers that the column names: those kept, and the least of any other."""
    kept = {row["cover"]: row for row in plain_rows(content)}
    if list(kept) == list(contract.covers):
        return content
    rows = [kept.get(code) or least_of(contract, code) for code in contract.covers if code in COVERS]
    return TERMS.typed({**msgspec.to_builtins(content), "covers": rows})


def _to_column(contract: Any, content: Any) -> None:
    contract.covers = [row.cover for row in content.covers]


TERMS = kept_part(
    code="terms",
    title=_("Conditions"),
    path="condiciones",
    parts=PARTS,
    places={name: column(name) for name in ("delivery_place", "payment_terms")},
    echo=Echo(_with_column, _to_column),
    wrong=is_wrong,
    lacks=lacks,
    notes=notes,
    shown=payments.shown,
    block="conditions/payments.html",
    lead=_("Prices, delivery, advance, payments and guarantees: what the pliego asked for, and what was agreed."),
)
