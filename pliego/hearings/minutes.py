"""The minutes and the certificate of attendance as PDF/A, in Spanish whatever the reader's language."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.hearings import occasions
from pliego.hearings.models import Hearing
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA

FOLDER = Path(__file__).parent
SPANISH = "es-co"


def render(hearing: Hearing, *, author: str, at: datetime) -> bytes:
    """The minutes, with everybody who came and everything that was said."""
    with translation.override(SPANISH):
        came = hearing.attendances.order_by("number")
        said = hearing.interventions.select_related("attendance").order_by("number")
        shown = {
            **_head(hearing, at),
            "author": author,
            "development": hearing.development,
            "decisions": hearing.decisions,
            "attendees": [
                {
                    "name": row.name,
                    "represents": row.represents,
                    "came": dates.instant(row.came_at),
                    "left": dates.instant(row.left_at) if row.left_at else "",
                }
                for row in came
            ],
            "interventions": [
                {
                    "number": row.number,
                    "name": row.attendance.name,
                    "represents": row.attendance.represents,
                    "at": dates.instant(row.said_at),
                    "text": row.text,
                    "answer": row.answer,
                }
                for row in said
            ],
            "adjournments": [
                {
                    "reason": row.reason,
                    "from": dates.instant(row.adjourned_at),
                    "until": dates.instant(row.resumed_at or row.resumes_at),
                }
                for row in hearing.adjournments.all()
            ],
            "papers": [
                {"name": row.document.name, "sha256": row.document.sha256}
                for row in hearing.papers.select_related("document")
            ],
        }
    return _pdf("acta.typ", shown)


def certificate(hearing: Hearing, *, account_id: int, at: datetime) -> bytes:
    """That people of that account attended, with the hours."""
    with translation.override(SPANISH):
        rows = hearing.attendances.filter(account_id=account_id).select_related("account__organization")
        shown = {
            **_head(hearing, at),
            "account": rows[0].account.name if rows and rows[0].account else "",
            "nit": rows[0].account.nit if rows and rows[0].account else "",
            "attendees": [
                {
                    "name": row.name,
                    "came": dates.instant(row.came_at),
                    "left": dates.instant(row.left_at or hearing.ended_at or at),
                }
                for row in rows
            ],
            "record": hearing.record.name if hearing.record else "",
            "sha256": hearing.record.sha256 if hearing.record else "",
        }
    return _pdf("constancia.typ", shown)


def _head(hearing: Hearing, at: datetime) -> dict[str, Any]:
    tender = hearing.tender
    found = occasions.one(tender, hearing.occasion)
    return {
        "is_practice": settings.PLIEGO_PRACTICE,
        "buyer": tender.buyer.name,
        "buyer_nit": tender.buyer.nit,
        "code": tender.code,
        "reference": tender.reference,
        "title": tender.title,
        "number": hearing.number,
        "about": hearing.title,
        "legal_basis": found.legal_basis if found else "",
        "place": hearing.place or hearing.link,
        "begun": dates.instant(hearing.begun_at) if hearing.begun_at else "",
        "ended": dates.instant(hearing.ended_at) if hearing.ended_at else "",
        "at": dates.instant(at),
        "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
    }


def _pdf(template: str, shown: dict[str, Any]) -> bytes:
    return typst.compile(
        (FOLDER / template).read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )
