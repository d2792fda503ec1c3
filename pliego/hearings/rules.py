"""What stands against the acts of a hearing. Plain Python."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel import dates
from pliego.kernel.objections import Objection, Text


def is_not_due(hearing: Any, at: datetime) -> Objection | None:
    """A hearing begins at its hour, never before: whoever comes on time misses nothing."""
    due = hearing.begins_at
    if at >= due:
        return None
    return Objection("not_due", _("It begins at %(due)s, not before.") % {"due": dates.instant(due)})


def resumption_is_not_due(hearing: Any, at: datetime) -> Objection | None:
    stop = hearing.adjournment
    if stop is None or at >= stop.resumes_at:
        return None
    return Objection("not_due", _("It resumes at %(due)s, not before.") % {"due": dates.instant(stop.resumes_at)})


def questions_wait(hearing: Any, at: datetime) -> Iterator[Objection]:
    """Every intervention that asks has its answer before the minutes are closed, if only that it comes in writing."""
    for row in hearing.interventions.filter(is_question=True, answered_at__isnull=True):
        sentence = _("Intervention %(number)s asks something and has no answer: answer it, or say where it comes.")
        yield Objection("question_unanswered", sentence % {"number": row.number}, f"intervention_{row.number}")


def place_is_missing(place: str, link: str) -> Objection | None:
    """People are told where to be."""
    if place.strip() or link.strip():
        return None
    return Objection("missing", _("Write the place, or the link by which one attends."), "place")


def resumes_too_soon(resumes_at: datetime | None, at: datetime) -> Objection | None:
    if resumes_at is None:
        return Objection("missing", _("Write when it resumes."), "resumes_at")
    if resumes_at <= at:
        return Objection("in_the_past", _("It must resume in the future."), "resumes_at")
    return None


def unwritten(text: str, field: str, sentence: Text) -> Objection | None:
    return None if text.strip() else Objection("missing", sentence, field)
