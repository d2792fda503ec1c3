"""A file of lines, understood: which heading is which column, what each row says, and what is wrong in it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pliego.bulk import sheets
from pliego.kernel.objections import Objection, Refused
from pliego.planning.columns import TEMPLATE, Column, Lists, Unreadable, column_of, word

MOST_ROWS = 10_000
SEARCHED = 20  # rows above the headings, as official forms have them
PASTED = ".tsv"


@dataclass
class Row:
    """`values` holds only the columns that the file has; `position` is its line as a person counts it."""

    position: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Sheet:
    heading: list[str]
    columns: list[Column | None]
    ignored: list[str]
    rows: list[Row]


def read(content: bytes, name: str, lists: Lists, tell: Callable[[int], None] = lambda done: None) -> Sheet:
    """Every row that is not empty. Refused when it is no such file, has no headings, or has too many rows."""
    table = enumerate(([word(cell) for cell in cells] for cells in sheets.table(io.BytesIO(content), name)), 1)
    sheet, waiting = _beginning(table, is_pasted=name.endswith(PASTED))
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


Numbered = tuple[int, list[str]]


def _chained(first: list[Numbered], rest: Iterator[Numbered]) -> Iterator[Numbered]:
    yield from first
    yield from rest


def _beginning(table: Iterator[Numbered], *, is_pasted: bool) -> tuple[Sheet, list[Numbered]]:
    """The headings, wherever the columns were moved to; and the rows already read, when pasted without headings."""
    seen: list[Numbered] = []
    for position, cells in table:
        columns = [column_of(cell) for cell in cells]
        if len({column.field for column in columns if column}) >= (2 if is_pasted else 3):
            return _headed(cells, columns), []
        seen.append((position, cells))
        if len(seen) == SEARCHED:
            break
    if is_pasted:
        columns = list(TEMPLATE[1:])  # a number would name a line that exists; who pastes one pastes its heading too
        return Sheet([column.title for column in TEMPLATE[1:]], columns, [], []), seen
    told = _("No row has the headings of the plan, such as “Descripción” and “Valor total estimado”. Use the template.")
    raise Refused(Objection("columns_missing", told, "file"))


def _headed(cells: list[str], columns: list[Column | None]) -> Sheet:
    taken: set[str] = set()
    for place, column in enumerate(columns):
        if column is not None and column.field in taken:
            columns[place] = None
        taken |= {column.field} if column else set()
    ignored = [cell for cell, column in zip(cells, columns, strict=True) if cell and column is None]
    if "description" not in taken:
        raise Refused(Objection("columns_missing", _("The file lacks the column “Descripción”."), "file"))
    return Sheet(cells, columns, ignored, [])


def _row(position: int, cells: list[str], columns: list[Column | None], lists: Lists) -> Row:
    row = Row(position, cells[: len(columns)])
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        try:
            row.values[column.field] = column.read(cell, column, lists)
        except Unreadable as fault:
            row.faults.append((column.title, str(fault)))
    _join_future(row)
    return row


def _join_future(row: Row) -> None:
    """The official form asks in two columns what is one thing: whether future budgets are needed, and how far it is."""
    needed = row.values.pop("future_needed", None)
    if needed is False:
        row.values["future_budget"] = "no"
    elif needed and row.values.get("future_budget", "no") == "no":
        row.values["future_budget"] = "not_requested"
