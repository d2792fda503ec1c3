"""What the rows of a spreadsheet would change in a price list."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pliego.codelists.words import fold
from pliego.tendering.kinds import as_number
from pliego.tendering.price_lists import TITLES, PriceRow

ASPECTS = ("description", "quantity", "unit", "unspsc", "reference_price")


@dataclass(frozen=True)
class Difference:
    """`number` is the place that the line has, or had when it is taken out."""

    kind: str  # added, changed, removed
    number: int
    before: PriceRow | None = None
    after: PriceRow | None = None

    @property
    def aspects(self) -> tuple[str, ...]:
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in ASPECTS if getattr(self.before, name) != getattr(self.after, name))

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """(column, what the line says, what the file says) of each that changes."""
        return [
            (TITLES[name], _told(getattr(self.before, name)), _told(getattr(self.after, name))) for name in self.aspects
        ]


def _told(value: Any) -> str:
    if isinstance(value, Decimal):
        return as_number(format(value.normalize(), "f"))
    return str(value or "")


def row_of(line: Any) -> PriceRow:
    return PriceRow(line.description, line.quantity, line.unit, line.unspsc, line.reference_price_amount)


def fingerprint(rows: Iterable[PriceRow]) -> str:
    """Tells whether a list is still the one that somebody looked at."""
    told = "\n".join(f"{r.unspsc}|{r.description}|{r.quantity.normalize()}|{r.unit}|{r.reference_price}" for r in rows)
    return sha256(told.encode()).hexdigest()


def differences(
    present: Sequence[PriceRow], rows: Sequence[PriceRow], numbers: Sequence[int | None] = ()
) -> list[Difference]:
    """What the rows of a file change in the present lines. A line is the same when all of it is; else the one with the
    same code and description, or the same description; else the one of the number that the file gives it."""
    free: dict[int, PriceRow] = dict(enumerate(present, 1))
    match: dict[int, int] = {}
    ways: list[Callable[[PriceRow], Any]] = [
        lambda row: row,
        lambda row: (row.unspsc, fold(row.description)),
        lambda row: fold(row.description),
    ]
    for key in ways:
        waiting: dict[Any, deque[int]] = {}
        for number, row in free.items():
            waiting.setdefault(key(row), deque()).append(number)
        for place, row in enumerate(rows, 1):
            if place not in match and (same := waiting.get(key(row))):
                match[place] = same.popleft()
                del free[match[place]]
    for place, said in enumerate(numbers, 1):
        if place not in match and said is not None and said in free:
            match[place] = said
            del free[said]
    found = [
        Difference("changed", place, present[match[place] - 1], row)
        if place in match
        else Difference("added", place, after=row)
        for place, row in enumerate(rows, 1)
        if place not in match or present[match[place] - 1] != row
    ]
    return found + [Difference("removed", number, before=row) for number, row in free.items()]
