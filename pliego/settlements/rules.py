"""What stands against settling a contract by the entity alone or by a judge. Plain functions."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.execution.rules import shown
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.dates import day as shown_day
from pliego.kernel.objections import Objection, Text
from pliego.settlements import law

# fmt: off
CAUSES: dict[str, Text] = {
    "absent":   _("The contractor was called to settle and did not come"),
    "disagree": _("The parties did not agree on the settlement"),
}
OUTCOMES: dict[str, Text] = {
    "confirm": _("Confirm it"),
    "change":  _("Change its amounts"),
    "revoke":  _("Revoke it: the contract is not settled"),
}
# fmt: on
ZERO = Decimal(0)


def is_incomplete(resolution: Any, at: datetime) -> Iterator[Objection]:
    """A reasoned act has its number, its cause and its grounds."""
    if resolution.cause not in CAUSES:
        yield Objection(
            "cause_missing", _("Choose why both parties did not settle it."), "cause", law.BASIS["unilateral"]
        )
    for name, sentence in (
        ("number", _("Write the number of the resolution.")),
        ("called", _("Write how and when the contractor was called to settle.")),
        ("grounds", _("Write the grounds of the resolution.")),
    ):
        if not getattr(resolution, name).strip():
            yield Objection(f"{name}_missing", sentence, name, law.BASIS["unilateral"])


def amounts_are_negative(to_contractor: Decimal, to_entity: Decimal) -> Iterator[Objection]:
    for name, amount in (("owed_to_contractor", to_contractor), ("owed_to_entity", to_entity)):
        if amount < ZERO:
            yield Objection("amount_negative", _("Write an amount of zero or more."), name)


def more_than_was_left(to_contractor: Decimal, balance: Any) -> Iterator[Objection]:
    """What the entity recognises comes out of what was never paid of the value. A judge is not held by that."""
    if to_contractor > balance.to_pay:
        sentence = _("Only %(left)s of the value were not paid: you cannot recognise more than that here.")
        words = {"left": shown(balance.to_pay, balance.currency)}
        yield Objection("more_than_the_value", sentence % words, "owed_to_contractor")


def appeal_is_late(resolution: Any, at: datetime) -> Objection | None:
    if BusinessCalendar.day_of(at) <= resolution.appeal_until:
        return None
    sentence = _("It could be appealed until %(day)s. Since then the resolution is firm.")
    return Objection("appeal_late", sentence % {"day": shown_day(resolution.appeal_until)}, "", law.BASIS["appeal"])


def appeal_can_come(resolution: Any, at: datetime) -> Objection | None:
    """It is firm on the day after the last one to appeal (Ley 1437 de 2011, art. 87, num. 3)."""
    if BusinessCalendar.day_of(at) > resolution.appeal_until:
        return None
    sentence = _("The contractor can appeal it until %(day)s. It is firm after that day.")
    return Objection("appeal_can_come", sentence % {"day": shown_day(resolution.appeal_until)}, "", law.BASIS["appeal"])


def ruling_is_incomplete(told: Any, completed_on: date | None, today: date) -> Iterator[Objection]:
    if not told.court.strip():
        yield Objection("court_missing", _("Write which court or tribunal decided it."), "court")
    if not told.file_number.strip():
        yield Objection("file_number_missing", _("Write the number of the judicial file."), "file_number")
    if told.decided_on is None:
        yield Objection("day_missing", _("Write the day of the decision."), "decided_on")
    elif told.decided_on > today:
        yield Objection("decided_in_the_future", _("That day has not come yet."), "decided_on")
    elif completed_on is not None and told.decided_on < completed_on:
        yield Objection(
            "decided_too_soon", _("The decision cannot be from before the end of the contract."), "decided_on"
        )


def warnings_of(terms: law.Terms, way: str, today: date) -> Iterator[Text]:
    """What to think of before settling in that way on that day. They hold nothing back."""
    running = terms.running(today)
    words = {"day": shown_day(terms.mutual.until), "last": shown_day(terms.limit.until)}
    if running is None:
        yield _("The law lets only a judge settle it since %(last)s.") % words
    elif way == "unilateral" and running.code == "mutual":
        yield _("The parties still have until %(day)s to settle it together.") % words
    elif way == "mutual" and running.code == "unilateral":
        yield _("The term to settle together ended on %(day)s; the entity may already do it alone.") % words
    elif running.code == "limit":
        yield _("Both terms of the law are over; it can still be settled until %(last)s.") % words
