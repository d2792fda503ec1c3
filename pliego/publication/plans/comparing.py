"""What two published versions of one plan do not share, line by line and field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pliego.planning.columns import COMPARED
from pliego.planning.models import PlanVersion
from pliego.planning.versions import LISTED, ask, from_json

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
        changed = set(self.fields)
        return [(column.title, column.shown(self.before), column.shown(self.after))
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
            found = ask(f"SELECT {KIND}, count(*) {BOTH} GROUP BY 1", [self.old.pk, self.new.pk])
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
        rows = ask(sql, [self.old.pk, self.new.pk, *kinds, (part.stop or self.count()) - start, start])
        return [Difference(int(number), from_json(before), from_json(after)) for number, before, after in rows]

    def __iter__(self) -> Iterator[Difference]:
        return iter(self[0:])
