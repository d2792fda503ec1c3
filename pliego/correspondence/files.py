"""The correspondence of a process as CSV and as PDF, as far as its reader may read it."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils import translation

from pliego.correspondence.models import Message
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.tendering.models import Tender
from pliego.tendering.snapshots import iso
from pliego.web.sheets import csv_file

TEMPLATE = Path(__file__).with_name("correspondencia.typ")
COLUMNS = (
    "number", "code", "case", "to", "author", "subject", "text", "sent_at", "documents", "receipt",
)  # fmt: skip
Rows = Iterable[Message]


def record(row: Message) -> dict[str, Any]:
    """A message as data: the same names in every format and in the API."""
    return {
        "number": row.number,
        "code": row.code,
        "case": row.case.code if row.case else "",
        "to": row.group,
        "author": row.author.name,
        "subject": row.subject,
        "text": row.text,
        "sent_at": row.sent_at,
        "documents": [
            {"code": one.document.code, "name": one.document.name, "sha256": one.document.sha256}
            for one in row.attachments.all()
        ],
        "receipt": row.receipt.code if row.receipt else "",
    }


def _cells(row: Message) -> list[Any]:
    told = record(row)
    told["sent_at"] = iso(row.sent_at)
    told["documents"] = " ".join(f"{one['name']} (SHA-256 {one['sha256']})" for one in told["documents"])
    return [told[name] for name in COLUMNS]


def as_csv(tender: Tender, rows: Rows, at: datetime) -> HttpResponseBase:
    return csv_file(name=f"{tender.code}-mensajes.csv", heading=COLUMNS, rows=map(_cells, rows))


def as_pdf(tender: Tender, rows: Rows, at: datetime) -> HttpResponseBase:
    """A paper of the file: Spanish whatever the language of the page."""
    with translation.override("es-co"):
        shown = {
            "is_practice": settings.PLIEGO_PRACTICE,
            "buyer": tender.buyer.name,
            "nit": tender.buyer.nit,
            "code": tender.code,
            "title": tender.title,
            "at": dates.instant(at),
            "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
            "rows": [{**record(row), "sent_at": dates.instant(row.sent_at), "to": _to(row)} for row in rows],
        }
        pdf = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
            pdf_standards=["a-2b"],
            ignore_system_fonts=True,
        )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{tender.code}-mensajes.pdf"'
    return response


def _to(row: Message) -> str:
    """To whom, by name where it was one."""
    return row.case.account.name if row.case and row.by_entity else str(row.group_title)


FORMATS: dict[str, Callable[[Tender, Rows, datetime], HttpResponseBase]] = {"csv": as_csv, "pdf": as_pdf}
