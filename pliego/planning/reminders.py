"""What the law asks of a plan by certain days, as data (`reminders.toml`): tasks and warnings that never block."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Text
from pliego.kernel.todo import Task
from pliego.planning.models import Plan
from pliego.teams.queries import editable_by

FILE = Path(__file__).with_name("reminders.toml")
Condition = Callable[[Plan | None, int], bool]


def _is_not_published(plan: Plan | None, year: int) -> bool:
    return plan is None or plan.version == 0


def _is_not_updated_since_july(plan: Plan | None, year: int) -> bool:
    published = calendar.day_of(plan.published_at) if plan and plan.published_at else None
    return published is not None and published < date(year, 7, 1)


def _has_unpublished_changes(plan: Plan | None, year: int) -> bool:
    return plan is not None and plan.state == "changing"


CONDITIONS: dict[str, Condition] = {
    "is_not_published": _is_not_published,
    "is_not_updated_since_july": _is_not_updated_since_july,
    "has_unpublished_changes": _has_unpublished_changes,
}
SENTENCES: Mapping[str, tuple[Text, Text]] = {
    "publish": (
        _("Publish the annual plan %(year)s by 31 January"),
        _("Every entity publishes its plan of the year by that day."),
    ),
    "publish_late": (
        _("Publish the annual plan %(year)s: its day was 31 January"),
        _("The plan of the year should already be public."),
    ),
    "update": (
        _("Update the annual plan %(year)s in July"),
        _("The plan is brought up to date at least once a year. If nothing changed, publish it again and say so."),
    ),
    "changes_waiting": (
        _("The plan %(year)s has changes that are not public"),
        _("When dates, values, method or source change, or lines come or go, the plan is published again."),
    ),
}


@dataclass(frozen=True)
class Reminder:
    code: str
    condition: str
    begins: date
    ends: date
    roles: frozenset[str]
    legal_basis: str
    year: int

    @property
    def title(self) -> str:
        return str(SENTENCES[self.code][0]) % {"year": self.year}

    @property
    def why(self) -> str:
        return f"{SENTENCES[self.code][1]} ({self.legal_basis})"


@cache
def _table() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(FILE.read_text())["reminder"])


def _of_year(year: int) -> Iterator[Reminder]:
    for row in _table():
        begins = date.fromisoformat(f"{year + row.get('from_year', 0)}-{row['from']}")
        ends = date.fromisoformat(f"{year}-{row['until']}")
        if begins >= date.fromisoformat(row["in_force_from"]):
            roles = frozenset(row["roles"])
            yield Reminder(row["code"], row["condition"], begins, ends, roles, row["legal_basis"], year)


def due(plan: Plan | None, year: int, at: datetime) -> list[Reminder]:
    """What the law asks now of the entity's plan of a year, which may not exist yet."""
    today = calendar.day_of(at)
    return [
        reminder
        for reminder in _of_year(year)
        if reminder.begins <= today <= reminder.ends and CONDITIONS[reminder.condition](plan, year)
    ]


def of_plan(plan: Plan, at: datetime) -> list[Reminder]:
    return due(plan, plan.year, at)


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """The reminders of this year and the next, for the people of an entity whose turn it is."""
    if actor.account_id is None or not actor.is_buyer:
        return []
    this_year = calendar.day_of(at).year
    found = Plan.objects.filter(account_id=actor.account_id, year__gte=this_year)
    plans = {plan.year: plan for plan in found}
    theirs = set(found.filter(editable_by(actor)).values_list("year", flat=True))
    return [
        Task(
            title=reminder.title,
            url=reverse("planning:plan", args=[year]) if year in plans else reverse("planning:plans"),
            subject=plans[year].code if year in plans else str(year),
            reason=reminder.why,
            due_at=calendar.at(reminder.ends, 23, 59),
        )
        for year in (this_year, this_year + 1)
        for reminder in due(plans.get(year), year, at)
        if reminder.roles & actor.roles - (set() if year in theirs or year not in plans else {"preparer"})
    ]
