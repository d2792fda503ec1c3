"""Lists as files for spreadsheets: CSV and workbooks whose cells are typed and never run as formulas."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pliego.kernel.calendar import BOGOTA

FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(value: Any) -> Any:
    """A cell that a spreadsheet would run as a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """UTF-8 with its mark, so that spreadsheets read the accents."""
    writer = csv.writer(Echo())
    yield "\ufeff" + str(writer.writerow([harmless(name) for name in heading]))
    for row in rows:
        yield str(writer.writerow([harmless(value) for value in row]))


def csv_file(*, name: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(heading, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sheet_file(
    *,
    title: str,
    name: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Mapping[int, int] | None = None,
) -> FileResponse:
    """A sheet with typed cells, row after row into a file: its size in memory does not grow with the list."""
    book = Workbook(write_only=True)
    fill_sheet(book.create_sheet(title), heading, rows, widths)
    return book_file(book, name)


def book_file(book: Workbook, name: str) -> FileResponse:
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def fill_sheet(
    sheet: Any, heading: Sequence[str], rows: Iterable[Sequence[Any]], widths: Mapping[int, int] | None = None
) -> None:
    sheet.freeze_panes = "A2"
    for place in range(len(heading)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = (widths or {}).get(place, 18)
    sheet.append([_heading(sheet, name) for name in heading])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, value=name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Amounts are numbers, instants are dates of Colombia, and a text is never read as a formula."""
    if isinstance(value, datetime):
        return value.astimezone(BOGOTA).replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
