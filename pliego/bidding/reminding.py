"""Reminding the members of an opening of what is theirs to do, at the hours of `reminders.toml`.

Guarantees: a reminder is told once for each hour of its milestone, also when the job runs twice or late; one that is
older than a day is not told any more; nothing that is told before the closing depends on the offers.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from pliego.bidding import moments, opening, queries
from pliego.bidding.closing import held
from pliego.bidding.events import OpeningIsToday, RehearsalMissing, ShareMissing
from pliego.bidding.moments import Turn
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.events import Event
from pliego.ledger import outbox
from pliego.ledger.canonical import instant
from pliego.ledger.models import Entry
from pliego.methods import catalogue
from pliego.tendering.models import Milestone, OpeningMember, Tender

FILE = Path(__file__).with_name("reminders.toml")
STALE = timedelta(days=1)
EVENTS: dict[str, type[Event]] = {event.code: event for event in (RehearsalMissing, OpeningIsToday, ShareMissing)}


def _has_not_rehearsed(seat: OpeningMember, turn: Turn | None) -> bool:
    return getattr(seat, "key_test", None) is None


def _has_not_given(seat: OpeningMember, turn: Turn | None) -> bool:
    """Of an opening that can go on without them, because enough have given, nobody is reminded. Before the closing
    everybody is: whether there are offers is not known."""
    if turn is None:
        return True
    return bool(opening.keys_are_missing(turn)) and queries.waiting_for(seat, turn).exists()


CONDITIONS: dict[str, Callable[[OpeningMember, Turn | None], bool]] = {
    "has_not_rehearsed": _has_not_rehearsed,
    "has_not_given": _has_not_given,
}


@dataclass(frozen=True)
class Reminder:
    code: str
    act: str
    condition: str
    of: str
    hours: int = 0
    at_hour: int | None = None

    def told_at(self, due: datetime) -> datetime:
        if self.at_hour is None:
            return due + timedelta(hours=self.hours)
        return min(calendar.at(calendar.day_of(due), self.at_hour), due)

    def milestones(self) -> frozenset[str]:
        """The codes of the schedule from which it counts."""
        return openings() if self.of == "opening" else frozenset({self.of})


@cache
def table() -> tuple[Reminder, ...]:
    """The rows; a condition or an act that does not exist stops the start."""
    rows = [{"of" if name == "from" else name: value for name, value in row.items()} for row in _rows()]
    found = tuple(Reminder(**row) for row in rows)
    for reminder in found:
        _known = CONDITIONS[reminder.condition], EVENTS[reminder.act]
    return found


def _rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text())["reminder"]
    return found


@cache
def openings() -> frozenset[str]:
    """The milestones at which any method opens envelopes."""
    return frozenset(rule.moment for method in catalogue.every() for rule in method.openings)


def remind_due(*, at: datetime) -> list[str]:
    """Tell what is due now of every process; answers “code reminder” of what was told."""
    told = []
    for reminder, tender_id, milestone in list(_due(at)):
        if code := remind(reminder=reminder, tender_id=tender_id, milestone=milestone, at=at):
            told.append(f"{code} {reminder.code}")
    return told


def _due(at: datetime) -> Iterator[tuple[Reminder, int, str]]:
    """The milestones that may be within reach of a row: one query for each row, however many processes there are."""
    for reminder in table():
        reach = STALE + timedelta(days=1)  # an hour of the day may be that far from its milestone
        earliest, latest = (at - timedelta(hours=reminder.hours) + shift for shift in (-reach, reach))
        rows = Milestone.objects.filter(code__in=reminder.milestones(), due_at__range=(earliest, latest))
        rows = rows.filter(tender__state__in=["published", "closed", "opened"])
        for tender_id, code, due in rows.values_list("tender_id", "code", "due_at").order_by("due_at", "pk"):
            if due is not None and reminder.told_at(due) <= at < reminder.told_at(due) + STALE:
                yield reminder, tender_id, code


@transaction.atomic
def remind(*, reminder: Reminder, tender_id: int, milestone: str, at: datetime) -> str:
    """Tell the members of whom something is missing, once; the code of the process, or nothing."""
    tender = held(tender_id)
    due = tender.due_at(milestone)
    if due is None or not reminder.told_at(due) <= at < reminder.told_at(due) + STALE:
        return ""
    turn = moments.turn_now(tender)
    if reminder.of == "opening" and not _is_its_turn(tender, turn, reminder, milestone, at):
        return ""
    if (reminder.code, instant(due)) in _told(tender, reminder):
        return ""
    missing = [
        seat
        for seat in tender.opening_members.select_related("user", "key_test")
        if CONDITIONS[reminder.condition](seat, turn)
    ]
    if not missing:
        return ""
    data = {
        "tender": tender.code,
        "reminder": reminder.code,
        "starts_at": instant(due),
        "members": [{"number": seat.number, "name": seat.user.full_name} for seat in missing],
        "tell": [seat.user.code for seat in missing],
    }
    event = EVENTS[reminder.act](file=tender.ocid, subject_id=tender.pk, data=data)
    outbox.publish(event, actor=SYSTEM, at=at)
    return tender.code


def _is_its_turn(tender: Tender, turn: Turn | None, reminder: Reminder, milestone: str, at: datetime) -> bool:
    """Whether that opening waits for keys: what else it waits for is another's to do, or says so itself. That it is
    today is also told while offers are still received."""
    if tender.state == "published":
        return reminder.at_hour is not None and milestone == tender.rulebook.openings[0].moment
    return turn is not None and turn.moment == milestone and not list(moments.acts_are_missing(turn, at))


def _told(tender: Tender, reminder: Reminder) -> set[tuple[str, str]]:
    acts = Entry.objects.filter(file=tender.ocid, act=reminder.act)
    return {(act.content["data"]["reminder"], act.content["data"]["starts_at"]) for act in acts}
