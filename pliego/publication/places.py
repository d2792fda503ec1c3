"""Where a public page is, and its version, in one query each: an unchanged page costs no more than that."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from pliego.ledger.models import Entry, FileHead
from pliego.publication.models import Process
from pliego.tendering.models import Milestone, Tender


@dataclass(frozen=True)
class Place:
    """The one code of a process, and what changes whenever its page does."""

    code: str
    ocid: str
    version: str
    is_native: bool


# The names of the tables are the models' own; every value is a parameter.
NATIVE = f"""
SELECT t.code, t.ocid,
  (SELECT folio FROM {FileHead._meta.db_table} WHERE file = t.ocid),
  (SELECT count(*) FROM {Entry._meta.db_table} WHERE file = t.ocid AND (is_public OR disclosed_at IS NOT NULL)),
  (SELECT count(*) FROM {Milestone._meta.db_table} WHERE tender_id = t.id AND due_at <= %s)
FROM {Tender._meta.db_table} t
WHERE t.published_at IS NOT NULL AND (t.code = %s OR t.notice_code = %s OR t.phase_code = %s OR t.ocid = %s)
"""  # noqa: S608
IMPORTED = f"""
SELECT code, ocid, version, closes_at IS NOT NULL AND closes_at <= %s FROM {Process._meta.db_table}
WHERE code = %s AND source <> 'pliego'
"""  # noqa: S608


def native(identifier: str, at: datetime) -> Place | None:
    """A published process of our own; its version changes with each act of its file and as each of its dates passes."""
    if not identifier.startswith(("PLG.", "ocds-")):
        return None
    with connection.cursor() as cursor:
        cursor.execute(NATIVE, [at, *[identifier] * 4])
        row = cursor.fetchone()
    return Place(row[0], row[1], ".".join(str(part or 0) for part in row[1:]), True) if row else None


def imported(identifier: str, at: datetime) -> Place | None:
    """An imported process, by the code of its address."""
    with connection.cursor() as cursor:
        cursor.execute(IMPORTED, [at, identifier])
        row = cursor.fetchone()
    return Place(row[0], row[1], f"{row[2]}.{row[3]}", False) if row else None
