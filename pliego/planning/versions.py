"""Reading a published version where it is kept, a page of its lines at a time.

A version may have thousands of lines, so the database opens the document and gives only the rows that are shown.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from pliego.codelists.words import fold
from pliego.planning.models import Plan, PlanVersion

LISTED = "planning_planversion v, jsonb_array_elements(v.snapshot->'lines') WITH ORDINALITY AS l(line, place)"
# Words are compared without accents or case, as they are searched everywhere else.
FOLDED = "translate(lower(l.line->>'description'), 'áéíóúüàèìòùâêîôûñ', 'aeiouuaeiouaeioun')"
FILTERS = {
    "kind": "l.line->>'kind' = %s",
    "method": "l.line->>'method' = %s",
    "month": "l.line->>'start_month' = %s",
}


@dataclass(frozen=True)
class Asked:
    """The filters of a list of lines."""

    kind: str = ""
    method: str = ""
    month: str = ""
    words: str = ""
    only: str = ""  # of what is being edited: no published line is incomplete, or not public

    @property
    def where(self) -> tuple[str, list[Any]]:
        found = [(sql, getattr(self, name)) for name, sql in FILTERS.items() if getattr(self, name)]
        found += [(f"{FOLDED} LIKE %s", f"%{escaped(word)}%") for word in fold(self.words).replace("ñ", "n").split()]
        return "".join(f" AND {sql}" for sql, _value in found), [value for _sql, value in found]


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def ask(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def from_json(value: Any) -> Any:
    """Django's cursor leaves JSON as text."""
    return json.loads(value) if isinstance(value, str) else value


@dataclass
class Lines:
    """The lines of a version that the filters leave, as a list that is read a page at a time."""

    version: PlanVersion
    asked: Asked = field(default_factory=Asked)
    make: Callable[[dict[str, Any]], Any] = dict
    known: int | None = None

    def count(self) -> int:
        if self.known is None:
            where, values = self.asked.where
            sql = f"SELECT count(*) FROM {LISTED} WHERE v.id = %s{where}"  # noqa: S608
            self.known = ask(sql, [self.version.pk, *values])[0][0]
        return self.known

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Any]:
        where, values = self.asked.where
        sql = f"SELECT l.line FROM {LISTED} WHERE v.id = %s{where} ORDER BY l.place LIMIT %s OFFSET %s"  # noqa: S608
        start = part.start or 0
        rows = ask(sql, [self.version.pk, *values, (part.stop or self.count()) - start, start])
        return [self.make(from_json(line)) for (line,) in rows]

    def __iter__(self) -> Iterator[Any]:
        return iter(self[0:])

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each kind the version has."""
        sql = f"SELECT l.line->>'kind', count(*) FROM {LISTED} WHERE v.id = %s GROUP BY 1"  # noqa: S608
        return {str(kind): int(count) for kind, count in ask(sql, [self.version.pk])}

    @property
    def header(self) -> dict[str, Any]:
        """What the version says of the plan itself, whatever is being drafted now."""
        sql = "SELECT v.snapshot - 'lines' FROM planning_planversion v WHERE v.id = %s"
        found: dict[str, Any] = from_json(ask(sql, [self.version.pk])[0][0])
        return found


def mark_published(plan: Plan, version: PlanVersion) -> None:
    """Keep beside each line what the world now reads of it."""
    sql = f"""UPDATE planning_planline p SET published = l.line, published_in = coalesce(p.published_in, %s)
        FROM {LISTED}
        WHERE v.id = %s AND p.plan_id = %s AND p.number = (l.line->>'number')::int
        AND p.published IS DISTINCT FROM l.line"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.version, version.pk, plan.pk])
