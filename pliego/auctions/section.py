"""The terms of the auction, as a section of the pliego: bidders know them, with a worked example, before they offer."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.auctions.terms import Terms
from pliego.conditions.conditions import condition
from pliego.conditions.fields import Choices, Field, Parts
from pliego.kernel.money import cop, format_money
from pliego.kernel.objections import Objection, Text

SECTION = "auction"
LAW = "Decreto 1082 de 2015, art. 2.2.1.2.1.2.2"
BY: Choices = (
    ("total", _("By the total: a bid is one amount, and unit prices fall by the same proportion")),
    ("items", _("By items: a bid says unit prices, and their total is compared")),
)
COMPARES: Choices = (
    ("price", _("By the price")),
    ("coefficient", _("By a coefficient: the price for each hundred points of quality")),
)
MARGINS: Choices = (("percent", _("A percentage of the best bid that stands")), ("amount", _("An amount in pesos")))

# How long an auction lasts and how it is prolonged no article says: the pliego does. [GK?]
# fmt: off
PARTS: Parts = (
    Field(name="by", label=_("What a bid says"), kind="choice", choices=BY, is_needed=True),
    Field(name="compares", label=_("How bids are compared"), kind="choice", choices=COMPARES, is_needed=True),
    Field(name="margin_kind", label=_("Least improvement of a bid (margin)"), kind="choice", choices=MARGINS,
          is_needed=True, legal_basis=LAW),
    Field(name="margin_percent", label=_("Percentage of the margin"), kind="decimal", most=50, is_needed=True,
          when=("margin_kind", "percent")),
    Field(name="margin_amount", label=_("Amount of the margin"), kind="money", is_needed=True,
          when=("margin_kind", "amount")),
    Field(name="warning", label=_("Minutes from the opening of the initial prices to the start"), kind="number",
          least=5, most=1440, is_needed=True, help=_("For bidders to enter. It starts no earlier than its date.")),
    Field(name="minutes", label=_("How many minutes it lasts"), kind="number", least=5, most=600, is_needed=True),
    Field(name="window", label=_("A valid bid in the last minutes prolongs it: in the last how many?"), kind="number",
          least=0, most=60, is_needed=True, help=_("Zero if it is not prolonged.")),
    Field(name="extension", label=_("By how many minutes"), kind="number", least=0, most=60, is_needed=True),
    Field(name="most_extensions", label=_("How many times at most"), kind="number", least=0, most=1000,
          help=_("Leave it empty if there is no limit.")),
)
# fmt: on


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    for name in ("margin_percent", "margin_amount"):
        if getattr(content, name) == 0:
            yield Objection("no_margin", _("The margin must be more than zero."), name, LAW)
    if bool(content.window) != bool(content.extension) and None not in {content.window, content.extension}:
        field = "extension" if content.window else "window"
        yield Objection("half_extension", _("Write both: in the last how many minutes, and by how many."), field)
    if content.compares == "coefficient" and tender.rulebook.evaluation.rule == "highest_bid":
        sentence = _("In a sale the highest price wins: choose to compare by the price.")
        yield Objection("sale_by_price", sentence, "compares")


def terms_in(tender: Any, content: Any) -> Terms:
    is_percent = content.margin_kind == "percent"
    return Terms(
        is_upward=tender.rulebook.evaluation.rule == "highest_bid",
        by=content.by or "total",
        compares=content.compares or "price",
        margin_kind=content.margin_kind or "percent",
        margin=(content.margin_percent if is_percent else content.margin_amount) or Decimal(1),
        warning=content.warning or 0,
        minutes=content.minutes or 1,
        window=content.window or 0,
        extension=content.extension or 0,
        most_extensions=content.most_extensions,
    )


def shown(tender: Any, content: Any) -> dict[str, Any]:
    """A worked example: from an invented initial price, the next two bids that would count."""
    if not content.margin_kind or not (content.margin_percent or content.margin_amount):
        return {}
    terms = terms_in(tender, content)
    start = Decimal(tender.value_amount or 100_000_000)
    first = terms.price_to_reach(start)
    if not first > 0:
        return {}
    amounts = [format_money(cop(amount)) for amount in (start, first, terms.price_to_reach(first))]
    return {"terms": terms, "amounts": amounts}


def notes(tender: Any, content: Any, at: Any) -> Iterable[Text]:
    yield _("Usual figures: a margin of one per cent, 30 minutes, and 3 more when a bid comes in the last 3.")


def is_auctioned(tender: Any) -> bool:
    return "auction" in tender.rulebook.kinds


TERMS = condition(
    code=SECTION,
    title=_("Electronic auction"),
    path="subasta/terminos/",
    parts=PARTS,
    wrong=is_wrong,
    notes=notes,
    is_optional=False,
    applies=is_auctioned,
    group="evaluation",
    lead=_("How bidders improve their initial prices. They know these terms before they offer."),
    shown=shown,
    block="auctions/example.html",
)
