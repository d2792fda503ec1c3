"""Loading the official list of state entities as candidates: rows that help to fill in a registration.

The list has natural persons registered as entities by mistake, numbers with their check digit typed in, and one number
under many accounts. Each row is taken or refused with its reason; memory does not grow with the file.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from pliego.codelists.models import KnownEntity
from pliego.codelists.words import fold
from pliego.kernel.identifiers import check_digit
from pliego.kernel.objections import Objection, Refused

BATCH = 1000
MOST_EXAMPLES = 20
SENTINELS = {"", "no registra", "no definido", "no aplica", "no defenido", "unspecified", "0"}
COLUMNS = {"NIT_SECOP", "Nombre_Entidad", "Orden_Entidad"}
# What the number and the name say of whoever was registered as entity by mistake.
PUNCTUATION = re.compile(r"[\s.\-]")
PERSONS = re.compile(r"^(persona natural|pn-)", re.IGNORECASE)
ORDERS = {"nacional": "national", "territorial": "territorial"}
BRANCHES = {
    "ejecutivo": "executive", "ejecutiva": "executive", "legislativo": "legislative", "legislativa": "legislative",
    "judicial": "judicial", "corporacion autonoma": "autonomous", "organismo de control": "control",
    "organizacion electoral": "electoral",
}  # fmt: skip

# Why a row was refused, or what was noticed of one that was taken.
REASONS = {
    "not_a_nit": "the number has not the digits of a NIT",
    "wrong_check_digit": "ten digits, and the last one is not the check digit of the others",
    "natural_person": "the number or the name is of a natural person",
    "no_name": "it has no name",
    "repeated_account": "the same account twice in the file",
}
NOTED = {"check_digit_inside": "the check digit was typed into the number; it was taken apart",
         "repeated_nit": "another account of a NIT that was already read"}  # fmt: skip


@dataclass
class Report:
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    nits: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused[reason] += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append((line, reason))


def load(path: Path, *, progress: Callable[[int], None] = lambda read: None) -> Report:
    """Take every row that can be an entity. The same file again changes nothing."""
    report = Report()
    with path.open(encoding="utf-8-sig", newline="") as file, connection.cursor() as cursor:
        rows = csv.DictReader(file)
        if not set(rows.fieldnames or ()) >= COLUMNS:
            told = {"columns": ", ".join(sorted(COLUMNS))}
            raise Refused(Objection("unknown_columns", _("The file needs these columns: %(columns)s.") % told))
        cursor.execute("CREATE TEMP TABLE read_now (code varchar PRIMARY KEY, number varchar)")
        try:
            entities = _taken(rows, report)
            while batch := list(islice(entities, BATCH)):
                _write(_read_once(batch, report, cursor), report)
                progress(report.read)
            cursor.execute("SELECT count(*), count(DISTINCT number) FROM read_now")
            accounts, report.nits = cursor.fetchone()
            report.noted["repeated_nit"] = accounts - report.nits
        finally:
            cursor.execute("DROP TABLE read_now")
    return report


Numbered = tuple[int, KnownEntity]  # the line of the file, and what it says


def _taken(rows: Iterable[dict[str, str]], report: Report) -> Iterator[Numbered]:
    for line, row in enumerate(rows, start=2):
        report.read += 1
        entity, reason = _entity(row, report)
        if entity is None:
            report.refuse(line, reason)
        else:
            yield line, entity


def _read_once(batch: list[Numbered], report: Report, cursor: Any) -> list[KnownEntity]:
    """Without the accounts that the file already had; PostgreSQL remembers them, so that memory stays the same."""
    fresh = []
    for line, entity in batch:
        values = [entity.code, entity.number]
        cursor.execute("INSERT INTO read_now VALUES (%s, %s) ON CONFLICT DO NOTHING", values)
        if cursor.rowcount:
            fresh.append(entity)
        else:
            report.refuse(line, "repeated_account")
    return fresh


def _entity(row: dict[str, str], report: Report) -> tuple[KnownEntity | None, str]:
    typed, name = (row.get("NIT_SECOP") or "").strip(), " ".join((row.get("Nombre_Entidad") or "").split())
    if PERSONS.match(name) or PERSONS.match(typed):
        return None, "natural_person"
    number, reason = _number(typed)
    if reason:
        return None, reason
    if fold(name) in SENTINELS:
        return None, "no_name"
    if len(PUNCTUATION.sub("", typed)) == 10:
        report.noted["check_digit_inside"] += 1
    code, old = _told(row, "Codigo_Entidad_SECOP_II"), _told(row, "Codigo_Entidad_SECOP_I")
    return (
        KnownEntity(
            code=code or f"NIT-{number}-{old}"[:40],
            number=number,
            check_digit=check_digit(number),
            name=name[:250],
            folded_name=fold(name)[:250],
            order=ORDERS.get(fold(row.get("Orden_Entidad") or ""), ""),
            branch=BRANCHES.get(fold(row.get("Rama_Entidad") or ""), ""),
            sigep_code=_told(row, "Codigo_SIGEP")[:20],
            old_code=old[:40],
        ),
        "",
    )


def _number(typed: str) -> tuple[str, str]:
    """The nine digits of the NIT of a legal person, which begins with 8 or 9 (DIAN); those of a person do not."""
    digits = PUNCTUATION.sub("", typed)
    if not re.fullmatch(r"\d{9,10}", digits):
        return "", "not_a_nit"
    if digits[0] not in "89":
        return "", "natural_person"
    if len(digits) == 10 and check_digit(digits[:9]) != int(digits[9]):
        return "", "wrong_check_digit"
    return digits[:9], ""


def _told(row: dict[str, str], column: str) -> str:
    value = (row.get(column) or "").strip()
    return "" if fold(value) in SENTINELS else value


def _write(batch: list[KnownEntity], report: Report) -> None:
    kept = KnownEntity.objects.in_bulk([entity.code for entity in batch])
    names = [f.name for f in KnownEntity._meta.concrete_fields if not f.primary_key]
    new = [entity for entity in batch if entity.code not in kept]
    different = [
        entity
        for entity in batch
        if entity.code in kept and any(getattr(entity, n) != getattr(kept[entity.code], n) for n in names)
    ]
    with transaction.atomic():
        KnownEntity.objects.bulk_create(new)
        KnownEntity.objects.bulk_update(different, names)
    report.added, report.changed = report.added + len(new), report.changed + len(different)
    report.unchanged += len(batch) - len(new) - len(different)
