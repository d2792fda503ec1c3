"""The same question as a file: CSV and XLSX for spreadsheets, JSON for programs, Atom for readers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel import clock
from pliego.publication import atom, labels
from pliego.publication.asking import Asked
from pliego.publication.search import Found, every_row, search
from pliego.web.sheets import csv_file, sheet_file

MOST_ROWS = 50_000
MOST_SHEET_ROWS = 10_000  # typed cells cost ten times the text of a CSV
API_ROWS = 100
COLUMNS = (
    "code", "ocid", "source", "state", "state_details", "stage", "title", "reference", "buyer_name", "buyer_nit",
    "department", "municipality", "method", "method_details", "contract_type", "unspsc", "published_at", "closes_at",
    "value_amount", "value_currency", "url",
)  # fmt: skip
encode = msgspec.json.Encoder(decimal_format="number").encode


def record(row: dict[str, Any]) -> dict[str, Any]:
    """A row as data: codes beside literals, instants in ISO, our address of the process."""
    found = {name: row[name] for name in COLUMNS if name in row}
    for name in ("published_at", "closes_at"):
        found[name] = row[name].isoformat() if row[name] else None
    found["url"] = settings.PLIEGO_SITE_URL + reverse("publication:process", args=[row["code"]])
    return found


def as_csv(request: HttpRequest, asked: Asked, at: datetime) -> HttpResponse | StreamingHttpResponse:
    rows = every_row(question=asked.question, at=at, most=MOST_ROWS)
    records = ([found[name] for name in COLUMNS] for found in map(record, rows))
    return csv_file(name="procesos.csv", heading=COLUMNS, rows=records)


WIDE = {"title": 60, "buyer_name": 40, "name": 50, "url": 40}


def as_xlsx(request: HttpRequest, asked: Asked, at: datetime) -> FileResponse:
    instants = ("published_at", "closes_at")
    rows = every_row(question=asked.question, at=at, most=MOST_SHEET_ROWS)
    records = (record(row) | {name: row[name] for name in instants} for row in rows)
    return workbook(title=_("Processes"), name="procesos.xlsx", columns=COLUMNS, records=records)


def workbook(*, title: str, name: str, columns: Sequence[str], records: Iterable[dict[str, Any]]) -> FileResponse:
    widths = {place: WIDE[column] for place, column in enumerate(columns) if column in WIDE}
    rows = ([found[column] for column in columns] for found in records)
    return sheet_file(title=title, name=name, heading=columns, rows=rows, widths=widths)


def body(found: Found, asked: Asked, path: str) -> dict[str, Any]:
    more = asked.address(after=found.after) if found.after else ""
    return {
        "count": found.count,
        "count_is_capped": found.is_capped,
        "results": [record(row) for row in found.rows],
        "next": f"{settings.PLIEGO_SITE_URL}{path}?{more}" if more else None,
    }


def as_json(request: HttpRequest, asked: Asked, at: datetime) -> HttpResponse:
    found = search(question=asked.question, at=at, rows=API_ROWS, with_facets=False)
    path = reverse("publication:processes")
    data = body(found, asked, path)
    if data["next"]:
        data["next"] += "&formato=json"
    return HttpResponse(encode(data), content_type="application/json")


def as_atom(request: HttpRequest, asked: Asked, at: datetime) -> HttpResponse:
    found = search(question=asked.question.at_start(), at=at, with_facets=False)
    page = f"{settings.PLIEGO_SITE_URL}{reverse('publication:processes')}?{asked.address()}"
    title = _("Public procurement processes")
    text = feed(title=title, own=f"{page}&formato=atom", page=page, rows=found.rows)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def feed(*, title: str, own: str, page: str, rows: list[dict[str, Any]]) -> str:
    """Processes as an Atom feed: `own` is its address, `page` the page that shows the same."""
    newest = max((row["listed_at"] for row in rows), default=clock.now())
    return atom.document(title=title, own=own, page=page, updated=newest, entries=map(_entry, rows))


def _entry(row: dict[str, Any]) -> atom.Entry:
    url = record(row)["url"]
    said = " · ".join(filter(None, (row["method_details"], labels.state_of(row), row["buyer_name"])))
    return atom.Entry(url, row["title"], row["listed_at"], url, row["buyer_name"], said)


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json, "atom": as_atom}
