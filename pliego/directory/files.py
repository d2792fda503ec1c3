"""The same list as a file."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.directory.asking import Asked
from pliego.directory.search import Found, every_row, search
from pliego.publication.files import MOST_SHEET_ROWS, workbook
from pliego.web.sheets import csv_file

MOST_ROWS = 50_000
API_ROWS = 100
COLUMNS = (
    "code", "name", "short_name", "nit", "is_buyer", "is_supplier", "is_suspended", "kind", "size", "department",
    "municipality", "unspsc", "registered_at", "url",
)  # fmt: skip
encode = msgspec.json.Encoder().encode


def record(row: dict[str, Any]) -> dict[str, Any]:
    """A line as data. The NIT has its check digit; a natural person has none here."""
    digit = "" if row["check_digit"] is None else f"-{row['check_digit']}"
    found = {name: row[name] for name in COLUMNS if name in row}
    found["nit"] = f"{row['number']}{digit}" if row["number"] else ""
    found["registered_at"] = row["registered_at"].isoformat()
    found["url"] = settings.PLIEGO_SITE_URL + reverse("directory:profile", args=[row["code"]])
    return {name: found[name] for name in COLUMNS}


def body(found: Found, asked: Asked, path: str) -> dict[str, Any]:
    more = asked.address(after=found.after) if found.after else ""
    return {
        "count": found.count,
        "count_is_capped": found.is_capped,
        "results": [record(row) for row in found.rows],
        "next": f"{settings.PLIEGO_SITE_URL}{path}?{more}" if more else None,
    }


def as_csv(asked: Asked) -> HttpResponseBase:
    rows = every_row(question=asked.question, most=MOST_ROWS)
    records = ((record(row) | {"unspsc": " ".join(row["unspsc"])}).values() for row in rows)
    return csv_file(name="directorio.csv", heading=COLUMNS, rows=(list(values) for values in records))


def as_xlsx(asked: Asked) -> HttpResponseBase:
    rows = every_row(question=asked.question, most=MOST_SHEET_ROWS)
    records = (record(row) | {"unspsc": " ".join(row["unspsc"]), "registered_at": row["registered_at"]} for row in rows)
    return workbook(title=_("Directory"), name="directorio.xlsx", columns=COLUMNS, records=records)


def as_json(asked: Asked) -> HttpResponseBase:
    data = body(search(question=asked.question, rows=API_ROWS), asked, reverse("directory:list"))
    if data["next"]:
        data["next"] += "&formato=json"
    return HttpResponse(encode(data), content_type="application/json")


FORMATS: dict[str, Callable[[Asked], HttpResponseBase]] = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}
