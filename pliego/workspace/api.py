"""Over the API: what waits for me, and the practice clock."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pliego.kernel import clock
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.web.api import Router, Schema, example
from pliego.workspace import deadlines
from pliego.workspace.tasks import tasks_for

router = Router(tags=["workspace"])
MOST_DEADLINES = 5000
SETTLING = 0.6  # seconds until every process of a practice installation has read the moved clock


class TaskOut(Schema):
    title: str
    url: str
    subject: str
    reason: str
    due_at: datetime | None


class DeadlineOut(Schema):
    """A day that comes over a contract that one supervises. `urgency`: overdue, week, month or later."""

    date: str
    at: str
    urgency: str
    kind: str
    kind_title: str
    contract: str
    title: str
    about: str
    url: str


class ClockOut(Schema):
    now: datetime


class ClockMove(Schema):
    """Either how many seconds forward, or the instant to go to."""

    model_config = example(by_seconds=3600)

    by_seconds: float | None = None
    to: datetime | None = None


@router.get("/tasks", response=list[TaskOut])
def tasks(request: HttpRequest) -> list[dict[str, object]]:
    """What waits for the person who asks, the most pressing first."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.signed_in:
        raise Denied(_("Sign in to see your tasks."))
    found = tasks_for(actor=actor, at=request.received_at)  # type: ignore[attr-defined]
    return [
        {
            "title": str(task.title),
            "url": task.url,
            "subject": task.subject,
            "reason": str(task.reason),
            "due_at": task.due_at,
        }
        for task in found
    ]


@router.get("/deadlines", response=list[DeadlineOut], operation_id="list_deadlines")
def list_deadlines(request: HttpRequest, urgency: str = "", kind: str = "", q: str = "") -> list[dict[str, object]]:
    """Every day that comes over the contracts that the person who asks supervises, the most urgent first."""
    actor, at = request.actor, request.received_at  # type: ignore[attr-defined]
    if not actor.signed_in:
        raise Denied(_("Sign in to see your deadlines."))
    asked = deadlines.Asked(urgency, kind, q[:100].strip())
    rows = deadlines.chosen(deadlines.every(actor=actor, at=at), asked, at)
    return [deadlines.record(row, at, "") for row in rows[:MOST_DEADLINES]]


@router.get("/practice/clock", response=ClockOut)
def practice_clock(request: HttpRequest) -> dict[str, datetime]:
    """The clock of a practice installation."""
    if not settings.PLIEGO_PRACTICE:
        raise Unknown()
    return {"now": clock.now()}


@router.post("/practice/clock", response=ClockOut)
def move_practice_clock(request: HttpRequest, payload: ClockMove) -> dict[str, datetime]:
    """Move the clock of a practice installation forward; answers when every process has read it."""
    if not settings.PLIEGO_PRACTICE:
        raise Unknown()
    clock.move(_distance(payload))
    time.sleep(SETTLING)
    return {"now": clock.now()}


def _distance(payload: ClockMove) -> timedelta:
    if (payload.by_seconds is None) == (payload.to is None):
        raise Refused(Objection("one_of_two", _("Give either by_seconds or to."), "by_seconds"))
    if payload.by_seconds is not None:
        return timedelta(seconds=payload.by_seconds)
    assert payload.to is not None
    if payload.to.tzinfo is None:
        raise Refused(Objection("no_time_zone", _("The instant needs its time zone."), "to"))
    return payload.to - clock.now()
