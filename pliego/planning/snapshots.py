"""A published version of a plan as JSON: what the world reads, and what two versions are compared by."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pliego.planning.models import Plan, PlanLine, PlanVersion

HEADER = ("mission", "strategy", "contact_name", "contact_phone", "contact_email")
LIMITS = ("minor_limit_amount", "minimum_limit_amount")
LINE = (
    "number", "kind", "unspsc", "description", "start_month", "bids_month", "duration", "duration_unit", "method",
    "funding_source", "future_budget", "municipality", "responsible_name", "responsible_phone", "responsible_email",
)  # fmt: skip
AMOUNTS = ("total_amount", "budget_amount")


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def snapshot_of(plan: Plan, lines: Iterable[PlanLine]) -> dict[str, Any]:
    return {
        "format": "pliego.paa/1",
        "code": plan.code,
        "year": plan.year,
        "version": plan.version,
        "account": plan.account.code,
        **{name: getattr(plan, name) for name in HEADER},
        **{name: _text(getattr(plan, name)) for name in LIMITS},
        "lines": [_line(line) for line in lines],
    }


def _line(line: PlanLine) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in LINE},
        **{name: _text(getattr(line, name)) for name in AMOUNTS},
        "currency": line.total_currency,
        "unit": line.unit.name if line.unit else "",
    }


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
    def description(self) -> str:
        line = self.after or self.before or {}
        return str(line["description"])

    @property
    def fields(self) -> list[str]:
        if self.before is None or self.after is None:
            return []
        return [name for name in self.after if self.after[name] != self.before.get(name)]


def differences(old: PlanVersion, new: PlanVersion) -> list[Difference]:
    """The lines in which two versions of one plan are not the same, by their numbers."""
    return differences_between(old.snapshot, new.snapshot)


def differences_between(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """The same of two snapshots, of which one may not be a version yet."""
    before = {line["number"]: line for line in old["lines"]}
    after = {line["number"]: line for line in new["lines"]}
    return [
        Difference(number, before.get(number), after.get(number))
        for number in sorted(before.keys() | after.keys())
        if before.get(number) != after.get(number)
    ]
