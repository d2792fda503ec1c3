"""Loading the official lists: quick (COPY), repeatable, and with a report of what was and was not taken."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from pliego.codelists.words import fold
from pliego.kernel.objections import Objection, Refused

STARTER = Path(__file__).with_name("starter")
MOST_FAULTS = 100


@dataclass
class Report:
    """What a file gave: rows read, new, changed, the same, and each bad row with its line and reason."""

    list_name: str = ""
    read: int = 0
    added: int = 0
    changed: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    refused: int = 0

    @property
    def unchanged(self) -> int:
        return self.read - self.refused - self.added - self.changed

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append((line, reason))


Row = dict[str, str]


def load(*, path: Path) -> list[Report]:
    """Load a CSV of UNSPSC codes or of DIVIPOLA places; its columns say which one it is."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = set(reader.fieldnames or ())
            if {"codigo", "nombre"} <= columns:
                return [_load_unspsc(reader)]
            if {"codigo_departamento", "departamento"} <= columns:
                return _load_places(list(reader), with_municipalities="codigo_municipio" in columns)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Refused(Objection("not_a_csv", _("The file is not CSV in UTF-8: %(why)s.") % {"why": fault})) from fault
    expected = "codigo,nombre · codigo_departamento,departamento[,codigo_municipio,municipio]"
    sentence = _("The columns of the file are not those of a known list. Expected: %(columns)s.")
    raise Refused(Objection("unknown_columns", sentence % {"columns": expected}))


def load_starter() -> list[Report]:
    """Load the small set that comes with the platform: it never overwrites what an official file brought."""
    from pliego.codelists.models import Municipality, UnspscCode

    reports: list[Report] = []
    if not UnspscCode.objects.exists():
        reports += load(path=STARTER / "unspsc.csv")
    if not Municipality.objects.exists():
        reports += load(path=STARTER / "places.csv")
    return reports


def _load_unspsc(rows: Iterable[Row]) -> Report:
    report = Report("unspsc")

    def clean() -> Iterator[tuple[str, ...]]:
        for line, row in enumerate(rows, start=2):
            report.read += 1
            code, name = (row["codigo"] or "").strip(), " ".join((row["nombre"] or "").split())
            if not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{8}", code):
                report.refuse(line, _("the code %(code)r has not 2, 4, 6 or 8 digits") % {"code": code})
            elif not 0 < len(name) <= 400:
                report.refuse(line, _("the name is empty or too long"))
            else:
                yield code, str(len(code)), name, fold(name)

    _merge("codelists_unspsccode", ("code", "level", "name", "folded_name"), clean(), report)
    return report


def _load_places(rows: list[Row], *, with_municipalities: bool) -> list[Report]:
    departments, towns = Report("departments"), Report("municipalities")

    def clean(report: Report, code: str, name: str, digits: int) -> Iterator[tuple[str, ...]]:
        seen: set[str] = set()
        for line, row in enumerate(rows, start=2):
            number, title = (row[code] or "").strip(), " ".join((row[name] or "").split())
            if number in seen:
                continue
            report.read += 1
            if not re.fullmatch(rf"\d{{{digits}}}", number) or not 0 < len(title) <= 80:
                report.refuse(line, _("%(code)r is not a code with a name") % {"code": number})
                continue
            seen.add(number)
            yield (number, title, fold(title), *([number[:2]] if digits == 5 else []))

    with transaction.atomic():
        found = clean(departments, "codigo_departamento", "departamento", 2)
        _merge("codelists_department", ("code", "name", "folded_name"), found, departments)
        if with_municipalities:
            found = clean(towns, "codigo_municipio", "municipio", 5)
            _merge("codelists_municipality", ("code", "name", "folded_name", "department_id"), found, towns)
    return [departments, towns] if with_municipalities else [departments]


def _merge(table: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], report: Report) -> None:
    """COPY the rows beside the table, then take what is new or different in one statement."""
    names, rest = ", ".join(columns), columns[1:]
    different = (
        f"({', '.join(f'{table}.{c}' for c in rest)}) IS DISTINCT FROM ({', '.join(f'excluded.{c}' for c in rest)})"
    )
    merge = (
        f"WITH merged AS (INSERT INTO {table} ({names}) SELECT DISTINCT ON (code) {names} FROM incoming ORDER BY code"  # noqa: S608 - names are literals of this module
        f" ON CONFLICT (code) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in rest)} WHERE {different}"
        " RETURNING (xmax = 0) AS is_new)"
        " SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming (LIKE {table}) ON COMMIT DROP")
        with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(merge)
        added, changed = cursor.fetchone()
        cursor.execute("DROP TABLE incoming")
    report.added, report.changed = report.added + added, report.changed + changed
