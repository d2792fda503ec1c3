"""The plan as a file: the template to fill in, a version as the world downloads it, the rows that have to be mended."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pliego.bulk.cells import MONTHS, Lists
from pliego.bulk.tables import MOST_ROWS
from pliego.planning.columns import TEMPLATE
from pliego.planning.matching import values_of
from pliego.planning.models import Load, Plan, PlanVersion, VersionSheet
from pliego.planning.versions import Lines
from pliego.web.sheets import XLSX, book_file, csv_file, fill_sheet, sheet_file

HEADING = [column.title for column in TEMPLATE]
WIDTHS = {place: column.width for place, column in enumerate(TEMPLATE)}
OF_A_VERSION = ("Plan", "Año", "Versión", "Fecha de la versión", "Entidad", "NIT")
VERSION_HEADING = [*HEADING, *OF_A_VERSION]
ERRORS = "Errores"
FORMATS = ("csv", "xlsx")


def typed(lines: Iterable[Mapping[str, Any]], more: list[Any] | None = None) -> Iterator[list[Any]]:
    for line in lines:
        yield [column.typed(line) for column in TEMPLATE] + (more or [])


def template(plan: Plan, lists: Lists, form: str) -> HttpResponseBase:
    """The lines of the plan as they are being edited, to be completed and sent back; with lists to choose from."""
    lines = plan.lines.standing().select_related("unit").order_by("number")
    rows = typed({**values_of(n), "number": n.number, "unit": n.unit.name if n.unit else ""} for n in lines)
    name = f"paa-{plan.year}-plantilla.{form}"
    if form == "csv":
        return csv_file(name=name, heading=HEADING, rows=rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    choices = {**lists.shown, "start_month": MONTHS, "bids_month": MONTHS}
    listed = [column.field for column in TEMPLATE if choices.get(column.field)]
    _offer(sheet, listed, choices)
    fill_sheet(sheet, HEADING, rows, WIDTHS)
    longest = max(len(choices[name]) for name in listed)
    columns = [[*choices[name], *[None] * (longest - len(choices[name]))] for name in listed]
    titles = [column.title for column in TEMPLATE if column.field in listed]
    fill_sheet(book.create_sheet("Listas"), titles, zip(*columns, strict=True), dict.fromkeys(range(len(listed)), 34))
    return book_file(book, name)


def _offer(sheet: Any, listed: list[str], choices: Mapping[str, tuple[str, ...]]) -> None:
    """Each cell of a column with a list offers it."""
    for place, column in enumerate(TEMPLATE, 1):
        if column.field not in listed:
            continue
        of_list = get_column_letter(listed.index(column.field) + 1)
        last = len(choices[column.field]) + 1
        offer = DataValidation("list", formula1=f"Listas!${of_list}$2:${of_list}${last}", allow_blank=True)
        offer.showErrorMessage = False  # what is typed otherwise is read too, or told with its row
        letter = get_column_letter(place)
        offer.add(f"{letter}2:{letter}{MOST_ROWS}")
        sheet.data_validations.append(offer)


def version_file(version: PlanVersion, form: str) -> HttpResponseBase:
    """A published version, with typed cells; its own columns come after those of the template."""
    plan = version.plan
    account = plan.account
    name = f"paa-{account.code}-{plan.year}-v{version.number}.{form}"
    if form == "csv":
        return csv_file(name=name, heading=VERSION_HEADING, rows=_rows_of(version, version.published_at.isoformat()))
    if made := VersionSheet.objects.filter(version=version, made_at__isnull=False).first():
        content = io.BytesIO(made.content or b"")
        return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
    return book_file(_workbook(version), name)


def _rows_of(version: PlanVersion, published: Any) -> Iterator[list[Any]]:
    plan, account = version.plan, version.plan.account
    return typed(Lines(version), [plan.code, plan.year, version.number, published, account.name, str(account.nit)])


def _workbook(version: PlanVersion) -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"PAA {version.plan.year} v{version.number}")
    fill_sheet(sheet, VERSION_HEADING, _rows_of(version, version.published_at), WIDTHS)
    return book


def make_sheet(*, sheet_id: int, at: datetime) -> None:
    """Write the workbook of a large version. Done already, nothing happens."""
    rows = VersionSheet.objects.filter(pk=sheet_id, made_at__isnull=True)
    sheet = rows.select_related("version__plan__account__organization").defer("version__snapshot").first()
    if sheet is not None:
        out = io.BytesIO()
        _workbook(sheet.version).save(out)
        rows.update(content=out.getvalue(), made_at=at)


def version_json(version: PlanVersion) -> HttpResponse:
    """Exactly what was published: the SHA-256 of these bytes is in the act of its publication."""
    return HttpResponse(json.dumps(version.snapshot, sort_keys=True), content_type="application/json")


def rows_file(load: Load, form: str, *, only_wrong: bool) -> HttpResponseBase:
    """The rows of a file as they came, each with what is wrong in it, to be mended and sent again."""
    rows = load.rows.exclude(change="missing")
    rows = rows.filter(change="wrong") if only_wrong else rows
    width = len(load.heading)
    told = (
        [*row.cells, *[""] * (width - len(row.cells)), "; ".join(f"{title}: {why}" for title, why in row.faults)]
        for row in rows.iterator()
    )
    name = f"paa-{load.plan.year}-errores.{form}"
    heading = [*load.heading, ERRORS]
    if form == "csv":
        return csv_file(name=name, heading=heading, rows=told)
    return sheet_file(title="Filas", name=name, heading=heading, rows=told, widths={width: 80})
