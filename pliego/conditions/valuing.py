"""The valuation of a risk as the agency's manual computes it. Pure.

Guarantees: probability and impact are from 1 to 5; their sum is the valuation, and the valuation alone gives the
category: up to 4 low, 5 medium, 6 and 7 high, 8 to 10 extreme.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.kernel.objections import Text

SCALE = range(1, 6)
BANDS = ((4, "low"), (5, "medium"), (7, "high"), (10, "extreme"))

# fmt: off
CATEGORIES: dict[str, Text] = {
    "low": _("Low"), "medium": pgettext_lazy("risk", "Medium"), "high": _("High"), "extreme": _("Extreme"),
}
PROBABILITIES: dict[int, Text] = {
    1: _("Rare"), 2: _("Unlikely"), 3: _("Possible"), 4: _("Likely"), 5: _("Almost certain"),
}
IMPACTS: dict[int, Text] = {
    1: _("Insignificant"), 2: _("Minor"), 3: _("Moderate"), 4: _("Major"), 5: _("Catastrophic"),
}
# fmt: on


@dataclass(frozen=True)
class Cell:
    """A place of the matrix: its valuation, its category, and the numbers of the risks that are there."""

    valuation: int
    code: str
    numbers: list[int] = field(default_factory=list)

    @property
    def title(self) -> Text:
        return CATEGORIES[self.code]


def valuation(probability: int | None, impact: int | None) -> int | None:
    return None if probability is None or impact is None else probability + impact


def category(value: int | None) -> str:
    """The code of the category of a valuation; "" without one."""
    return "" if value is None else next(code for most, code in BANDS if value <= most)


def matrix(rows: Iterable[Any]) -> list[tuple[int, Text, list[Cell]]]:
    """The five by five table: for each probability, the most likely first, its name and a cell for each impact."""
    table = [
        (p, PROBABILITIES[p], [Cell(p + impact, category(p + impact)) for impact in SCALE]) for p in reversed(SCALE)
    ]
    for number, row in enumerate(rows, 1):
        if row.probability is not None and row.impact is not None:
            table[SCALE[-1] - row.probability][2][row.impact - 1].numbers.append(number)
    return table
