"""Schedules: proposed, checked and explained by the rules of a method. Pure.

Guarantees: a proposed schedule has no objections; every broken rule is told at once, each with the earliest or latest
legal date and its article; instants are compared as instants, whatever time zone they were written in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.kernel.objections import Objection
from pliego.methods import terms
from pliego.methods.law import Method, Milestone, Period
from pliego.methods.terms import Bound

Schedule = Mapping[str, datetime]


@dataclass(frozen=True)
class ScheduleObjection(Objection):
    """An objection to one date that also says which date would do."""

    earliest: datetime | None = None
    latest: datetime | None = None


def propose(method: Method, start: datetime, *, published_at: datetime | None = None) -> dict[str, datetime]:
    """The earliest legal schedule that starts then, at working hours of business days."""
    first = method.start
    schedule = {first.code: published_at or _first_moment(first, start)}
    for milestone in method.in_order():
        if milestone.code == first.code or not milestone.is_required:
            continue
        schedule[milestone.code] = _earliest(method, milestone, schedule)
    return {milestone.code: schedule[milestone.code] for milestone in method.milestones if milestone.code in schedule}


def _first_moment(first: Milestone, start: datetime) -> datetime:
    day = calendar.day_of(start)
    if not first.on_business_day or calendar.is_business(day):
        return start
    return datetime.combine(calendar.add(day, 0), first.proposed_time, BOGOTA)


def _earliest(method: Method, milestone: Milestone, schedule: Schedule) -> datetime:
    found = []
    for period in method.periods:
        if period.end != milestone.code or period.advice or period.start not in schedule:
            continue
        start = schedule[period.start]
        found += [terms.earliest_sensible(milestone, b) for b in terms.bounds(period, start) if not b.is_latest]
        if period.suggested_business_days:
            day = calendar.add(calendar.day_of(start), period.suggested_business_days)
            found.append(datetime.combine(day, milestone.proposed_time, BOGOTA))
    return max(found)


def objections(
    method: Method, schedule: Schedule, at: datetime, *, published_at: datetime | None = None
) -> list[ScheduleObjection]:
    """Every rule that the schedule breaks. Before the publication, terms run from the planned one but never from the
    past: from `at` at the earliest. Afterwards they run from `published_at`."""
    known = effective(method, schedule, at, published_at)
    found = list(_missing(method, schedule))
    found += [_objection(method, bound) for bound in _broken(method, known, advice=False)]
    found += list(_bad_hours(method, known, advice=False))
    return found


def warnings(
    method: Method, schedule: Schedule, at: datetime, *, published_at: datetime | None = None
) -> list[ScheduleObjection]:
    """What the law allows and experience advises against. Never blocks."""
    known = effective(method, schedule, at, published_at)
    found = [_objection(method, bound) for bound in _broken(method, known, advice=True)]
    return found + list(_bad_hours(method, known, advice=True))


def effective(method: Method, schedule: Schedule, at: datetime, published_at: datetime | None) -> dict[str, datetime]:
    """The dates that the method knows, and the publication from which its terms run."""
    if any(instant.tzinfo is None for instant in schedule.values()):
        raise ValueError("a schedule has aware instants only")
    first = method.start.code
    known = {code: instant for code, instant in schedule.items() if method.has_milestone(code)}
    known[first] = published_at or max(known.get(first, at), at)
    return known


def _missing(method: Method, schedule: Schedule) -> Iterator[ScheduleObjection]:
    for milestone in method.milestones[1:]:
        if milestone.is_required and milestone.code not in schedule:
            sentence = _("Write the date and hour of “%(title)s”.") % {"title": milestone.title}
            yield ScheduleObjection("milestone_missing", sentence, milestone.code)
    for code in sorted(set(schedule) - {milestone.code for milestone in method.milestones}):
        sentence = _("This method has no milestone “%(code)s”.") % {"code": code}
        yield ScheduleObjection("milestone_unknown", sentence, code)


def _broken(method: Method, schedule: Schedule, *, advice: bool) -> Iterator[Bound]:
    for period in method.periods:
        if period.advice != advice or period.start not in schedule or period.end not in schedule:
            continue
        end = schedule[period.end]
        yield from (bound for bound in terms.bounds(period, schedule[period.start]) if bound.is_broken_by(end))


def _objection(method: Method, bound: Bound) -> ScheduleObjection:
    period = bound.period
    sensible = None if bound.is_latest else terms.earliest_sensible(method.milestone(period.end), bound)
    return ScheduleObjection(
        code=f"{period.end}_too_late" if bound.is_latest else f"{period.end}_too_soon",
        sentence=terms.sentence(method, bound),
        field=period.end,
        legal_basis=period.legal_basis,
        earliest=sensible,
        latest=bound.at if bound.is_latest else None,
    )


def _bad_hours(method: Method, schedule: Schedule, *, advice: bool) -> Iterator[ScheduleObjection]:
    for milestone in method.milestones:
        at = schedule.get(milestone.code)
        if at is None or milestone.between is None or milestone.hours_advice != advice:
            continue
        words = {"title": milestone.title, "from": milestone.between[0], "to": milestone.between[1]}
        if milestone.on_business_day and not calendar.is_business(calendar.day_of(at)):
            sentence = _("“%(title)s” must be on a business day: %(day)s is not one.") % {
                **words,
                "day": dates.day(calendar.day_of(at)),
            }
            yield ScheduleObjection("not_a_business_day", sentence, milestone.code, milestone.hours_legal_basis)
        if not within(at, milestone.between):
            sentence = _("“%(title)s” must be between %(from)s and %(to)s.") % words
            yield ScheduleObjection("outside_hours", sentence, milestone.code, milestone.hours_legal_basis)


def within(at: datetime, between: tuple[str, str]) -> bool:
    return time.fromisoformat(between[0]) <= at.astimezone(BOGOTA).time() <= time.fromisoformat(between[1])


# ---- after the publication -----------------------------------------------------------------------------------------


def amendment_objections(method: Method, schedule: Schedule, at: datetime) -> list[ScheduleObjection]:
    """Why an amendment cannot be published at that moment; empty inside the window of the law."""
    window = method.amendments
    if window is None:
        return [ScheduleObjection("no_amendments", _("This method has no amendments."))]
    found = []
    due = schedule[window.until]
    if at >= due:
        sentence = _("Amendments could be published until %(at)s.") % {"at": dates.instant(due)}
        found.append(ScheduleObjection("too_late", sentence, "", window.legal_basis, latest=due))
    is_closed_day = window.on_business_day and not calendar.is_business(calendar.day_of(at))
    if is_closed_day or not within(at, window.between):
        sentence = _("Amendments are published on business days between %(from)s and %(to)s.") % {
            "from": window.between[0],
            "to": window.between[1],
        }
        found.append(ScheduleObjection("outside_hours", sentence, "", window.legal_basis))
    return found


def change_objections(
    method: Method,
    before: Schedule,
    after: Schedule,
    at: datetime,
    *,
    published_at: datetime,
    first: Schedule | None = None,
    counted: Schedule | None = None,
) -> list[ScheduleObjection]:
    """Why a published schedule cannot become `after`: dates that are past or fixed, and every rule of the method. The
    extension of a term is measured on the dates that were fixed `first`, not on those that an amendment moved. The
    terms are counted on `counted`, where a suspension made the days before it stand nearer."""
    found = []
    for milestone in method.milestones:
        old, new = before.get(milestone.code), after.get(milestone.code)
        if old == new or old is None:
            continue
        words = {"title": milestone.title}
        if not is_editable(milestone, before, at):
            sentence = _("“%(title)s” can no longer be changed.") % words
            found.append(ScheduleObjection("milestone_fixed", sentence, milestone.code))
        elif new is not None and new <= at:
            sentence = _("“%(title)s” must be in the future.") % words
            found.append(ScheduleObjection("milestone_past", sentence, milestone.code))
    found += extended_too_much(method, first or before, after)
    return found + objections(method, counted or after, at, published_at=published_at)


def extended_too_much(method: Method, first: Schedule, after: Schedule) -> Iterator[ScheduleObjection]:
    rule, latest = method.extension, extended_until(method, first)
    if rule is None or latest is None or rule.start not in after or rule.end not in after:
        return
    if after[rule.end] > latest:
        sentence = _(
            "“%(title)s” cannot be after %(day)s: an extension is at most %(percent)s %% of the term first fixed."
        ) % {
            "title": method.milestone(rule.end).title,
            "day": dates.day(terms.last_day(latest)),
            "percent": rule.at_most_percent,
        }
        yield ScheduleObjection(f"{rule.end}_extended_too_much", sentence, rule.end, rule.legal_basis, latest=latest)


def extended_until(method: Method, first: Schedule) -> datetime | None:
    """How late the term that may be extended can end, measured on the dates first fixed."""
    rule = method.extension
    if rule is None or rule.start not in first or rule.end not in first:
        return None
    opened, due = (calendar.day_of(first[code]) for code in (rule.start, rule.end))
    extra = calendar.count(opened, due) * rule.at_most_percent // 100
    return calendar.at(calendar.add(due, extra) + timedelta(days=1), 0)


def is_editable(milestone: Milestone, schedule: Schedule, at: datetime) -> bool:
    """Whether an amendment may still move that date."""
    until = milestone.editable_until
    return bool(until) and until in schedule and at < schedule[until] and at < schedule[milestone.code]


def resumed(schedule: Schedule, since: datetime, at: datetime) -> dict[str, datetime]:
    """The dates after a suspension from `since` to `at`: each that was still to come, as many business days later as
    the suspension took, at its own hour. No term is shorter than what was left of it; what had passed stays."""
    days = calendar.lasted(since, at)
    return {code: calendar.later(due, days) if due > since else due for code, due in schedule.items()}


# ---- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """One rule behind a date, for the person who reads the schedule."""

    period: Period
    sentence: str
    legal_basis: str
    advice: bool


def reasons(method: Method, code: str, schedule: Schedule) -> list[Reason]:
    """Why this milestone can be no earlier (or later) than the others leave it."""
    found = []
    for period in method.periods:
        if period.end == code and period.start in schedule:
            for bound in terms.bounds(period, schedule[period.start]):
                found.append(Reason(period, terms.sentence(method, bound), period.legal_basis, period.advice))
    return found


def agenda(schedule: Schedule) -> list[tuple[datetime, str]]:
    """What happens when: every dated milestone, in order of time."""
    return sorted((instant, code) for code, instant in schedule.items())
