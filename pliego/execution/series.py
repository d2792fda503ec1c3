"""Forms with rows that repeat (steps, payments, deliveries, retentions): each row a card, and the empty ones folded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pliego.kernel.objections import Text

FIELDS = "execution/series_fields.html"
EMPTY_SHOWN = 2  # how many empty rows stand open after those that were written


@dataclass(frozen=True)
class Column:
    field: str
    label: Text
    is_wide: bool = False


@dataclass(frozen=True)
class Series:
    """`row` is the name of each, with its number; `named` is what a column is called in the row of that number."""

    title: Text
    row: Text
    columns: tuple[Column, ...]
    most: int
    named: Callable[[str, int], str] = lambda field, n: f"{field}_{n}"

    def names(self, n: int) -> list[tuple[Column, str]]:
        """The columns of that row, each with the name of its field."""
        return [(column, self.named(column.field, n)) for column in self.columns]


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[tuple[Column, Any]]

    @property
    def is_written(self) -> bool:
        return any(cell.errors or cell.value() not in {None, "", False} for _column, cell in self.cells)


@dataclass(frozen=True)
class Block:
    title: Text
    shown: list[Row]
    folded: list[Row]


class InSeries:
    """Mixed into a form; `series` are its rows, and the other fields stand before them."""

    series: tuple[Series, ...] = ()

    def lone(self: Any) -> list[Any]:
        taken = {name for series in self.series for n in range(1, series.most + 1) for _c, name in series.names(n)}
        return [field for field in self.visible_fields() if field.name not in taken]

    def blocks(self: Any) -> Iterator[Block]:
        for series in self.series:
            rows = [row for n in range(1, series.most + 1) if (row := self._row(series, n)).cells]
            last = max((place for place, row in enumerate(rows, 1) if row.is_written), default=0) + EMPTY_SHOWN
            yield Block(series.title, rows[:last], rows[last:])

    def _row(self: Any, series: Series, n: int) -> Row:
        return Row(str(series.row % {"n": n}), [(c, self[name]) for c, name in series.names(n) if name in self.fields])
