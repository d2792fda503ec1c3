"""Where a public page is, and its version, in one query each: an unchanged page costs no more than that."""

from dataclasses import dataclass
from datetime import datetime

from pliego.kernel.calendar import calendar
from pliego.kernel.planned import planned_once
from pliego.ledger.models import FileHead
from pliego.parties.models import Account
from pliego.publication.models import Process
from pliego.tendering.models import Milestone, Tender


@dataclass(frozen=True)
class Place:
    """The one code of a process, and what changes whenever its page does."""

    pk: int
    code: str
    ocid: str
    version: str
    is_native: bool

    def asked_again(self, at: datetime) -> str:
        """The version now, by key; "" when the process is no longer public."""
        found = _native("t.id = %s", self.pk, at=at) if self.is_native else _imported("id = %s", self.pk, at=at)
        return found.version if found and found.code == self.code else ""


# The names of the tables are the models' own; every value is a parameter. An act also discloses, so the last folio of
# the file says all that happened to it; the buyer's own file says when its name changed.
NATIVE = f"""
SELECT t.id, t.code, t.ocid,
  (SELECT folio FROM {FileHead._meta.db_table} WHERE file = t.ocid),
  (SELECT folio FROM {FileHead._meta.db_table} WHERE file =
    (SELECT 'cuenta:' || code FROM {Account._meta.db_table} WHERE id = t.buyer_id)),
  (SELECT count(*) FROM {Milestone._meta.db_table} WHERE tender_id = t.id AND due_at <= %s),
  CASE WHEN (SELECT max(due_at) FROM {Milestone._meta.db_table} WHERE tender_id = t.id) > %s THEN %s::date END
FROM {Tender._meta.db_table} t WHERE t.published_at IS NOT NULL AND
"""  # noqa: S608
IMPORTED = f"""
SELECT id, code, ocid, version, closes_at IS NOT NULL AND closes_at <= %s FROM {Process._meta.db_table}
WHERE source <> 'pliego' AND
"""  # noqa: S608


def native(identifier: str, at: datetime) -> Place | None:
    """A published process of our own; its version changes with each act of its file, as each of its dates passes,
    and every day while one is to come: the chart of its dates says which day it is."""
    if not identifier.startswith(("PLG.", "ocds-")):
        return None
    return _native("%s IN (t.code, t.notice_code, t.phase_code, t.ocid)", identifier, at=at)


def imported(identifier: str, at: datetime) -> Place | None:
    """An imported process, by the code of its address."""
    return _imported("code = %s", identifier, at=at)


def _native(condition: str, value: object, *, at: datetime) -> Place | None:
    return _place(f"{NATIVE} {condition}", [at, at, calendar.day_of(at), value], is_native=True)


def _imported(condition: str, value: object, *, at: datetime) -> Place | None:
    return _place(f"{IMPORTED} {condition}", [at, value], is_native=False)


def _place(sql: str, values: list[object], *, is_native: bool) -> Place | None:
    found = planned_once(sql, values)
    if not found:
        return None
    row = found[0]
    pk, code, ocid = row[:3]
    return Place(pk, code, ocid, ".".join(str(part or 0) for part in row[2:]), is_native)
