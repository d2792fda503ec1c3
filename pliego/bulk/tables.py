"""A spreadsheet whose columns may have moved or been renamed: which heading is which, what each row says and what is
wrong in it."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pliego.bulk import sheets
from pliego.bulk.cells import Column, Lists, Unreadable, plain, word
from pliego.kernel.objections import Objection, Refused

MOST_ROWS = 10_000
SEARCHED = 20  # rows above the headings, as official forms have them
PASTED = ".tsv"
Numbered = tuple[int, list[str]]


@dataclass
class Row:
    """`values` holds only the columns that the file has; `position` is its line as a person counts it."""

    position: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)  # (column, sentence)


@dataclass
class Sheet:
    heading: list[str]
    columns: list[Column | None]
    ignored: list[str]
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    """What a file may hold: its columns, the one it cannot lack, and their order when rows are pasted without any."""

    columns: Sequence[Column]
    required: str
    pasted: Sequence[Column]

    def column_of(self, heading: str) -> Column | None:
        """The column with the longest name that the heading is, or begins with."""
        said = plain(heading)
        known = (
            (len(name), column)
            for column in self.columns
            for name in (plain(column.title), *column.names)
            if said == name or said.startswith(f"{name} ")
        )
        return max(known, key=lambda pair: pair[0], default=(0, None))[1] if said else None


def read(
    content: bytes, name: str, shape: Shape, lists: Lists, tell: Callable[[int], None] = lambda done: None
) -> Sheet:
    """Every row that is not empty. Refused when it is no such file, has no headings, or has too many rows."""
    table = enumerate(([word(cell) for cell in cells] for cells in sheets.table(io.BytesIO(content), name)), 1)
    sheet, waiting = _beginning(table, shape, is_pasted=name.endswith(PASTED))
    for position, cells in _chained(waiting, table):
        if not any(cells):
            continue
        if len(sheet.rows) == MOST_ROWS:
            told = _("The file has more than %(most)d rows: divide it.") % {"most": MOST_ROWS}
            raise Refused(Objection("too_many_rows", told, "file"))
        sheet.rows.append(_row(position, cells, sheet.columns, lists))
        if len(sheet.rows) % 500 == 0:
            tell(len(sheet.rows))
    if not sheet.rows:
        raise Refused(Objection("file_empty", _("The file has no rows."), "file"))
    return sheet


def _chained(first: list[Numbered], rest: Iterator[Numbered]) -> Iterator[Numbered]:
    yield from first
    yield from rest


def _beginning(table: Iterator[Numbered], shape: Shape, *, is_pasted: bool) -> tuple[Sheet, list[Numbered]]:
    """The headings, wherever the columns were moved to; and the rows already read, when pasted without headings."""
    seen: list[Numbered] = []
    for position, cells in table:
        columns = [shape.column_of(cell) for cell in cells]
        if len({column.field for column in columns if column}) >= (2 if is_pasted else 3):
            return _headed(cells, columns, shape), []
        seen.append((position, cells))
        if is_pasted or len(seen) == SEARCHED:
            break
    if is_pasted:
        return Sheet([column.title for column in shape.pasted], list(shape.pasted), []), seen
    some = ", ".join(f"“{column.title}”" for column in shape.columns[2:5])
    told = _("No row of the file has the headings, such as %(some)s. Use the template.") % {"some": some}
    raise Refused(Objection("columns_missing", told, "file"))


def _headed(cells: list[str], columns: list[Column | None], shape: Shape) -> Sheet:
    taken: set[str] = set()
    for place, column in enumerate(columns):
        if column is not None and column.field in taken:
            columns[place] = None
        taken |= {column.field} if column else set()
    ignored = [cell for cell, column in zip(cells, columns, strict=True) if cell and column is None]
    if shape.required not in taken:
        lacks = next(column.title for column in shape.columns if column.field == shape.required)
        told = _("The file lacks the column “%(column)s”.") % {"column": lacks}
        raise Refused(Objection("columns_missing", told, "file"))
    return Sheet(cells, columns, ignored)


def _row(position: int, cells: list[str], columns: list[Column | None], lists: Lists) -> Row:
    row = Row(position, cells[: len(columns)])
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        try:
            row.values[column.field] = column.read(cell, column, lists)
        except Unreadable as fault:
            row.faults.append((column.title, str(fault)))
    return row
