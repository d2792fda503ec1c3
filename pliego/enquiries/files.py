"""The observations of a process as CSV, XLSX and JSON."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from pliego.enquiries.models import Enquiry
from pliego.tendering.models import Tender
from pliego.tendering.snapshots import iso
from pliego.web.sheets import csv_file, sheet_file

COLUMNS = (
    "number", "code", "by_entity", "author", "text", "document", "section", "place", "asked_at", "state", "answer",
    "answered_at", "answered_with",
)  # fmt: skip
Rows = Iterable[Enquiry]


def record(row: Enquiry) -> dict[str, Any]:
    """An observation as data: the same names in every format and in the API."""
    told = {name: getattr(row, name) for name in ("number", "code", "by_entity", "text", "section", "place", "state")}
    return {
        **told,
        "author": row.account.name,
        "document": row.document.document.code if row.document else "",
        "asked_at": row.asked_at,
        "answer": row.answer,
        "answered_at": row.answered_at,
        "answered_with": row.answered_with,
    }


def _cells(rows: Rows) -> Iterator[list[Any]]:
    for row in rows:
        numbers = " ".join(str(number) for number in row.answered_with)
        flat = record(row) | {"answered_with": numbers, "by_entity": _("yes") if row.by_entity else _("no")}
        yield [flat[name] for name in COLUMNS]


def as_csv(tender: Tender, rows: Rows) -> HttpResponseBase:
    lines = ([iso(cell) if isinstance(cell, datetime) else cell for cell in row] for row in _cells(rows))
    return csv_file(name=f"{tender.code}-observaciones.csv", heading=COLUMNS, rows=lines)


def as_xlsx(tender: Tender, rows: Rows) -> HttpResponseBase:
    widths = {COLUMNS.index(name): 60 for name in ("text", "answer")}
    name = f"{tender.code}-observaciones.xlsx"
    return sheet_file(title=_("Observations"), name=name, heading=COLUMNS, rows=_cells(rows), widths=widths)


def as_json(tender: Tender, rows: Rows) -> HttpResponseBase:
    return JsonResponse({"process": tender.code, "results": [record(row) for row in rows]})


FORMATS: dict[str, Callable[[Tender, Rows], HttpResponseBase]] = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}
