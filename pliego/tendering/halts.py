"""What a suspension does to dates and terms, and what stands against suspending, resuming, correcting and revoking.

A term does not run while the process is suspended: the dates that were to come move by the business days that the
suspension took, and what had passed counts for the terms of the law as if it had moved with them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import calendar
from pliego.kernel.dates import day, instant
from pliego.kernel.objections import Objection, Text
from pliego.methods import schedule
from pliego.tendering.codes import CORRECTION_LAW, REVOCATION_GROUNDS

Found = Iterator[Objection]
Dates = dict[str, datetime]


# ---- is it suspended -------------------------------------------------------------------------------------------------


def suspended_at(tender: Any, at: datetime) -> Any | None:
    """The suspension that covers that instant, whatever the state is now: what arrived before it is judged by what
    was then."""
    rows = tender.suspensions.filter(suspended_at__lte=at).order_by("-number")[:1]
    return next((row for row in rows if row.resumed_at is None or at < row.resumed_at), None)


def sentence(tender: Any, suspension: Any = None) -> Text:
    """Why nothing happens now, and until when."""
    suspension = suspension or tender.suspension
    if suspension is None:
        return _("The process is suspended.")
    told = _(
        "The process is suspended since {since}: nothing is received and no term runs. It is planned to resume on {on}."
    )
    return format_lazy(told, since=instant(suspension.suspended_at), on=day(suspension.planned_on))


def is_suspended(tender: Any, at: datetime) -> Objection | None:
    found = suspended_at(tender, at)
    return Objection("suspended", sentence(tender, found)) if found else None


# ---- the terms of the law --------------------------------------------------------------------------------------------


def _days_since(tender: Any, moment: datetime) -> int:
    """The business days that suspensions begun at that moment or later took."""
    return sum(row.days or 0 for row in _over(tender) if moment <= row.suspended_at)


def _over(tender: Any) -> list[Any]:
    return [row for row in tender.suspensions.all() if row.resumed_at is not None]


def counted(tender: Any, dates: Dates) -> Dates:
    """The dates on which the terms of the law are counted: those before a suspension stand as near as they stood."""
    if not _over(tender):
        return dates
    return {code: calendar.later(due, _days_since(tender, due)) for code, due in dates.items()}


def published_at(tender: Any) -> datetime:
    """From when the terms are counted."""
    begun: datetime = tender.published_at
    return calendar.later(begun, _days_since(tender, begun))


def moved_by_all(tender: Any, first: Dates) -> Dates:
    """The dates first fixed, as far on as the suspensions took: an extension is measured on them."""
    days = sum(row.days or 0 for row in _over(tender))
    return {code: calendar.later(due, days) for code, due in first.items()}


def prolonged(suspensions: Iterable[Any], due: datetime, since: datetime) -> datetime:
    """A date that another room fixed at `since`, after the suspensions that came before it was due."""
    for row in suspensions:
        if row.days and since <= row.suspended_at < due:
            due = calendar.later(due, row.days)
    return due


# ---- suspending and resuming -----------------------------------------------------------------------------------------


def reception_must_close(tender: Any, at: datetime) -> Found:
    """The end of the offers comes first: it is on the record before anything stops."""
    due = tender.due_at("bids_due")
    if tender.state == "closed" and due and at < due:
        yield Objection("closed_meanwhile", _("The reception of offers closed meanwhile. Look at the process again."))
    if tender.state == "published" and tender.has_bidding and tender.stage_now.is_bidding and due and at >= due:
        told = _("Offers were received until %(due)s: the reception closes first. Try again in a minute.")
        yield Objection("must_close", told % {"due": instant(due)})


def restart_is_wrong(planned_on: date, at: datetime) -> Found:
    if planned_on <= calendar.day_of(at):
        yield Objection("planned_past", _("The planned restart must be after today."), "planned_on")


def lasted(suspension: Any, at: datetime) -> int:
    """The business days that it takes if it ends at that moment."""
    return calendar.lasted(suspension.suspended_at, at)


def comes_back_to(state: str) -> Callable[[Any, datetime], Objection | None]:
    """A rule for the table of states: a suspended process goes back to where it was."""

    def goes_back_elsewhere(tender: Any, at: datetime) -> Objection | None:
        if tender.suspended_from == state:
            return None
        return Objection("wrong_state", _("A suspended process goes back to the state in which it was."))

    return goes_back_elsewhere


def resumed_dates(tender: Any, at: datetime) -> Dates:
    """The schedule if the process resumed at that moment. Offers that were closed are not asked for again."""
    suspension, dates = tender.suspension, tender.schedule
    closed = dates.get("bids_due") if suspension.came_from != "published" else None
    kept = {code: due for code, due in dates.items() if closed and due <= closed}
    return {**schedule.resumed(dates, suspension.suspended_at, at), **kept}


def resumption_is_wrong(tender: Any, chosen: Dates, at: datetime) -> Found:
    """A date may be later than the suspension makes it, and never earlier; and the law asks what it asks."""
    rulebook, suspension = tender.rulebook, tender.suspension
    least = resumed_dates(tender, at)
    for code, due in chosen.items():
        words = {"title": rulebook.milestone(code).title if rulebook.has_milestone(code) else code}
        if code not in least or (least[code] == tender.schedule[code] and due != least[code]):
            yield Objection("milestone_fixed", _("“%(title)s” had passed: it does not change.") % words, code)
        elif due < least[code]:
            told = _("“%(title)s” cannot be before %(due)s: what was left of its term is kept whole.")
            yield Objection("too_soon", told % {**words, "due": instant(least[code])}, code)
    yield from _terms_of_the_resumption(tender, least, {**least, **chosen}, lasted(suspension, at), at)


def _terms_of_the_resumption(tender: Any, least: Dates, after: Dates, days: int, at: datetime) -> Found:
    """The terms of the law on the new dates; a ceiling that the suspension itself passed is nobody's to mend."""
    rulebook, before = tender.rulebook, tender.schedule
    begun = calendar.later(published_at(tender), days)

    def broken(dates: Dates) -> list[Any]:
        near = counted(tender, dates)
        near |= {code: calendar.later(near[code], days) for code, due in dates.items() if due == before[code]}
        return schedule.objections(rulebook, near, at, published_at=begun)

    passed = {(found.code, found.field) for found in broken(least) if found.latest}
    yield from (found for found in broken(after) if (found.code, found.field) not in passed)
    if after != least:
        first = {code: calendar.later(due, days) for code, due in moved_by_all(tender, tender.first_schedule).items()}
        yield from schedule.extended_too_much(rulebook, first, after)


# ---- correcting and revoking -----------------------------------------------------------------------------------------


def corrected_schedule_is_wrong(tender: Any, changes: Dates, at: datetime) -> Found:
    """A correction may give a term anew, also one that had passed; not the reception of offers that are closed."""
    rulebook, now = tender.rulebook, tender.schedule
    for code, due in changes.items():
        words = {"title": rulebook.milestone(code).title if rulebook.has_milestone(code) else code}
        if code == rulebook.start.code or (code == "bids_due" and (tender.state != "published" or at >= now[code])):
            yield Objection("milestone_fixed", _("“%(title)s” can no longer be changed.") % words, code, CORRECTION_LAW)
        elif due <= at:
            yield Objection("milestone_past", _("“%(title)s” must be in the future.") % words, code)
    after = {**now, **changes}
    yield from schedule.extended_too_much(rulebook, moved_by_all(tender, tender.first_schedule), after)
    yield from schedule.objections(rulebook, counted(tender, after), at, published_at=published_at(tender))


def ground_is_unknown(ground: str) -> Found:
    if ground not in {code for code, _title, _basis in REVOCATION_GROUNDS}:
        yield Objection("unknown_ground", _("Choose one of the grounds of the law."), "ground")
