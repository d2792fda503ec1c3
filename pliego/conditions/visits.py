"""A visit to the place before the offers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Field, Parts
from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Text
from pliego.tendering.sections import Moment

MOMENT = "visit"  # its code in the agenda
MILESTONE = "site_visit"  # where the schedule of the method has it, its hour is not asked again here

# fmt: off
PARTS: Parts = (
    Field(name="allowed", label=_("Is there a visit to the place?"), kind="yes_no", choices=YES_NO, is_needed=True),
    Field(name="held_at", label=_("Day and hour of the visit"), kind="instant", when=("allowed", "yes")),
    Field(name="municipality", label=_("Municipality"), kind="place", is_needed=True, when=("allowed", "yes")),
    Field(name="meeting_point", label=_("Where people meet"), is_needed=True, when=("allowed", "yes")),
    Field(name="mandatory", label=_("Must whoever offers have visited?"), kind="yes_no", choices=YES_NO,
          is_needed=True, when=("allowed", "yes")),
    Field(name="contact", label=_("Whom to ask"), help=_("A name or an office, with its telephone or e-mail."),
          is_needed=True, when=("allowed", "yes")),
    Field(name="indications", label=_("What visitors must bring or know"), kind="prose", most=1000,
          when=("allowed", "yes")),
)
# fmt: on


def held_at(tender: Any, content: Any) -> datetime | None:
    """When the visit is: in the schedule, where the method has a date for it; otherwise as this section says."""
    if content.allowed != "yes":
        return None
    found: datetime | None = tender.due_at(MILESTONE) or content.held_at
    return found


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    """A visit has its hour, and what is seen in it can still be observed and offered."""
    if content.allowed != "yes":
        return
    due = held_at(tender, content)
    if due is None:
        yield Objection("missing", _("Write the day and the hour of the visit."), "held_at")
        return
    if content.held_at and content.held_at != due:
        yield Objection("visit_twice", _("The schedule already says when the visit is: leave this empty."), "held_at")
    for code in ("enquiries_due", "bids_due"):
        last = tender.due_at(code)
        if last is not None and due >= last:
            told = {"title": tender.rulebook.milestone(code).title, "due": instant(last)}
            sentence = _("The visit must be before “%(title)s”, which is at %(due)s.")
            yield Objection("visit_too_late", sentence % told, "held_at")
            return
    if not tender.is_public and due <= at:
        yield Objection("visit_past", _("The visit must be in the future."), "held_at")


def notes(tender: Any, content: Any, at: datetime) -> Iterator[Text]:
    due = tender.due_at(MILESTONE)
    if due is not None:
        yield _("The schedule says when the visit is: %(due)s. Leave its day empty here.") % {"due": instant(due)}
    if content.mandatory == "yes":
        yield _(
            "A mandatory visit may keep good offers out: justify it in the prior studies. Whoever did not visit can"
            " still offer here; the evaluation decides."
        )


def dates(tender: Any, content: Any) -> Iterator[Moment]:
    if content.allowed == "yes" and content.held_at and tender.due_at(MILESTONE) is None:
        yield MOMENT, _("Visit to the place"), content.held_at


VISIT = condition(
    code="visit",
    title=_("Visit to the place"),
    path="visita/",
    parts=PARTS,
    lacks=lacks,
    notes=notes,
    dates=dates,
    own=("held_at",),
    applies=lambda tender: tender.has_bidding,
)
