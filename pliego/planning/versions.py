"""Reading published versions where they are kept: a page of their lines, and what two of them do not share.

A version may have thousands of lines, so the database opens the document and gives only the rows that are shown.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from pliego.codelists.words import fold
from pliego.planning.columns import COMPARED, Lists
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


def _ask(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _json(value: Any) -> Any:
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
            self.known = _ask(sql, [self.version.pk, *values])[0][0]
        return self.known

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Any]:
        where, values = self.asked.where
        sql = f"SELECT l.line FROM {LISTED} WHERE v.id = %s{where} ORDER BY l.place LIMIT %s OFFSET %s"  # noqa: S608
        start = part.start or 0
        rows = _ask(sql, [self.version.pk, *values, (part.stop or self.count()) - start, start])
        return [self.make(_json(line)) for (line,) in rows]

    def __iter__(self) -> Iterator[Any]:
        return iter(self[0:])

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each kind the version has."""
        sql = f"SELECT l.line->>'kind', count(*) FROM {LISTED} WHERE v.id = %s GROUP BY 1"  # noqa: S608
        return {str(kind): int(count) for kind, count in _ask(sql, [self.version.pk])}

    @property
    def header(self) -> dict[str, Any]:
        """What the version says of the plan itself, whatever is being drafted now."""
        sql = "SELECT v.snapshot - 'lines' FROM planning_planversion v WHERE v.id = %s"
        found: dict[str, Any] = _json(_ask(sql, [self.version.pk])[0][0])
        return found


CHANGES = ("added", "dropped", "changed")


@dataclass(frozen=True)
class Difference:
    """What one version changed in one line. `before` or `after` is None when the line was added or dropped."""

    number: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "dropped" if self.after is None else "changed"

    @property
    def line(self) -> dict[str, Any]:
        return self.after or self.before or {}

    @property
    def description(self) -> str:
        return str(self.line["description"])

    @property
    def fields(self) -> list[str]:
        if self.before is None or self.after is None:
            return []
        return [column.field for column in COMPARED if self.after.get(column.field) != self.before.get(column.field)]

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """(column, before, after), in words."""
        if self.before is None or self.after is None:
            return []
        lists, changed = Lists(), set(self.fields)
        return [(column.title, column.shown(self.before, lists), column.shown(self.after, lists))
                for column in COMPARED if column.field in changed]  # fmt: skip


BOTH = f"""
FROM (SELECT l.line FROM {LISTED} WHERE v.id = %s) a
FULL JOIN (SELECT l.line FROM {LISTED} WHERE v.id = %s) b ON a.line->>'number' = b.line->>'number'
WHERE a.line IS DISTINCT FROM b.line
"""  # noqa: S608
KIND = "CASE WHEN a.line IS NULL THEN 'added' WHEN b.line IS NULL THEN 'dropped' ELSE 'changed' END"


@dataclass
class Comparison:
    """The lines in which two versions of one plan are not the same, by their numbers; read a page at a time."""

    old: PlanVersion
    new: PlanVersion
    kind: str = ""
    _counts: dict[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        if self._counts is None:
            found = _ask(f"SELECT {KIND}, count(*) {BOTH} GROUP BY 1", [self.old.pk, self.new.pk])
            self._counts = dict.fromkeys(CHANGES, 0) | {str(kind): int(count) for kind, count in found}
        return self._counts

    def count(self) -> int:
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Difference]:
        of_kind = f" AND {KIND} = %s" if self.kind else ""
        sql = (
            f"SELECT coalesce(b.line, a.line)->>'number', a.line, b.line {BOTH}{of_kind}"
            " ORDER BY (coalesce(b.line, a.line)->>'number')::int LIMIT %s OFFSET %s"
        )
        start = part.start or 0
        kinds = [self.kind] if self.kind else []
        rows = _ask(sql, [self.old.pk, self.new.pk, *kinds, (part.stop or self.count()) - start, start])
        return [Difference(int(number), _json(before), _json(after)) for number, before, after in rows]

    def __iter__(self) -> Iterator[Difference]:
        return iter(self[0:])


def mark_published(plan: Plan, version: PlanVersion) -> None:
    """Keep beside each line what the world now reads of it."""
    sql = f"""UPDATE planning_planline p SET published = l.line FROM {LISTED}
        WHERE v.id = %s AND p.plan_id = %s AND p.number = (l.line->>'number')::int
        AND p.published IS DISTINCT FROM l.line"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [version.pk, plan.pk])
