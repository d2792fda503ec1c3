"""Reading the first sheet of a CSV or XLSX file as rows of words, with limits."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pliego.kernel.objections import Objection, Refused

MOST_ROWS = 1000
MOST_BYTES = 5 << 20
MOST_INFLATED = 200 << 20
LONGEST_CELL = 500
# What openpyxl and its parsers raise over a file that is damaged or is something else.
BROKEN = (
    zipfile.BadZipFile, InvalidFileException, csv.Error, zlib.error, EOFError, OSError, KeyError, ValueError, TypeError,
    SyntaxError, IndexError, AttributeError,
)  # fmt: skip
Row = dict[str, str]


def read(content: IO[bytes], name: str, columns: Iterable[str], required: Iterable[str]) -> list[Row]:
    """Every row that is not empty, by column. Refused when it is not such a file or lacks a column."""
    words = ([_word(cell) for cell in cells] for cells in table(content, name))
    return list(_rows(words, set(columns), set(required)))


def table(content: IO[bytes], name: str) -> Iterator[list[Any]]:
    """The cells of the file, row by row, as they are: words from a CSV, numbers and dates too from a workbook."""
    data = content.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(Objection("file_too_large", _("The file is too large: at most 5 MB."), "file"))
    try:
        yield from (
            workbook(data) if name.lower().endswith(".xlsx") else _csv(data, "\t" if name.endswith(".tsv") else "")
        )
    except BROKEN as fault:
        raise Refused(Objection("not_a_sheet", _("The file could not be read as CSV or XLSX."), "file")) from fault


def _csv(data: bytes, delimiter: str = "") -> Iterator[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    lines = text.split("\n", 20)[:20]  # a title may stand above the headings
    first = next((line for line in lines if max(map(line.count, ",;\t")) > 1), lines[0])
    delimiter = delimiter or max(",;\t", key=first.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def workbook(data: bytes) -> Iterator[list[Any]]:
    """The cells of the first sheet. Raises one of BROKEN over what is no workbook, or one that inflates too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_INFLATED:
            raise ValueError("it inflates too much")
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield list(row)


def _word(cell: Any) -> str:
    return "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _rows(table: Iterator[list[str]], columns: set[str], required: set[str]) -> Iterator[Row]:
    head = [cell.strip().casefold() for cell in next(table, [])]
    if missing := required - set(head):
        told = {"columns": ", ".join(sorted(missing))}
        raise Refused(Objection("columns_missing", _("The first row lacks these columns: %(columns)s.") % told, "file"))
    if unknown := {cell for cell in head if cell} - columns:
        told = {"columns": ", ".join(sorted(unknown))}
        raise Refused(Objection("columns_unknown", _("These columns are not known: %(columns)s.") % told, "file"))
    count = 0
    for cells in table:
        row = {name: cell.strip()[:LONGEST_CELL] for name, cell in zip(head, cells, strict=False) if name}
        if not any(row.values()):
            continue
        count += 1
        if count > MOST_ROWS:
            told_most = _("The file has more than %(most)d rows: divide it.") % {"most": MOST_ROWS}
            raise Refused(Objection("too_many_rows", told_most, "file"))
        yield row
