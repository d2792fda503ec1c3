"""How far each date of a schedule may move, and what has to move with one that somebody changed. Pure.

Guarantees: at both ends of its slack a date breaks no rule of the law, and beyond them it breaks one; what follows a
changed date moves only when it became illegal, as little as people would choose and at its own hour; the changed date
and the publication never move by themselves. What cannot be mended stays, and `schedule.objections` tells it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext as _

from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.methods import terms
from pliego.methods.law import Method, Milestone
from pliego.methods.schedule import Schedule, effective, extended_until, is_editable, within


@dataclass(frozen=True)
class Slack:
    """From when to when a date may be while the others stay; without `latest`, the law says no end."""

    earliest: datetime
    latest: datetime | None
    days_earlier: int
    days_later: int | None

    def __str__(self) -> str:
        words = {"earlier": self.days_earlier, "later": self.days_later, "earliest": dates.instant(self.earliest)}
        if self.latest is None:
            return (
                _(
                    "Room in business days, with the other dates as they are: %(earlier)s earlier (from %(earliest)s);"
                    " later, without limit."
                )
                % words
            )
        return _(
            "Room in business days, with the other dates as they are: %(earlier)s earlier (from %(earliest)s) and"
            " %(later)s later (until %(latest)s)."
        ) % {**words, "latest": dates.instant(self.latest)}


def slacks(
    method: Method,
    schedule: Schedule,
    at: datetime,
    *,
    published_at: datetime | None = None,
    first: Schedule | None = None,
) -> dict[str, Slack]:
    """The slack of each date that may still move and that some date suits. `first`: those first fixed, on which an
    extension is measured once the process is public."""
    known = effective(method, schedule, at, published_at)
    found = {}
    for milestone in method.milestones:
        if milestone.code not in schedule or (published_at and not is_editable(milestone, known, at)):
            continue
        if (slack := _slack(method, milestone, known, at, first)) is not None:
            found[milestone.code] = slack
    return found


def _slack(method: Method, milestone: Milestone, known: Schedule, at: datetime, first: Schedule | None) -> Slack | None:
    lower, upper = _window(method, milestone.code, known)
    rule, extended = method.extension, extended_until(method, first) if first else None
    if extended and rule and rule.end == milestone.code:
        upper = min(upper, extended) if upper else extended
    earliest = _opened(milestone, _whole_minute(max(lower or at, at)))
    latest = _shut(milestone, _last_minute(upper)) if upper else None
    if latest is not None and latest < earliest:
        return None
    day = calendar.day_of(known[milestone.code])
    return Slack(
        earliest,
        latest,
        max(0, calendar.count(calendar.day_of(earliest), day)),
        None if latest is None else max(0, calendar.count(day, calendar.day_of(latest))),
    )


def _window(
    method: Method, code: str, schedule: Schedule, near: Collection[str] | None = None
) -> tuple[datetime | None, datetime | None]:
    """How early and how late the rules leave a date, the others being where they are; only those `near` it, if said."""
    lower: list[datetime] = []
    upper: list[datetime] = []
    for period in method.periods:
        other = period.start if period.end == code else period.end
        if period.advice or code not in (period.start, period.end) or other not in schedule:
            continue
        if near is not None and other not in near:
            continue
        found = (
            [(bound.at, bound.is_latest) for bound in terms.bounds(period, schedule[other])]
            if period.end == code
            else terms.starts(period, schedule[other])
        )
        for instant, is_latest in found:
            (upper if is_latest else lower).append(instant)
    return max(lower, default=None), min(upper, default=None)


def _whole_minute(instant: datetime) -> datetime:
    floor = instant.replace(second=0, microsecond=0)
    return floor if floor == instant else floor + terms.MINUTE


def _last_minute(instant: datetime) -> datetime:
    """Of a term that ends at midnight, the last minute of the day before: so it is read."""
    return instant - terms.MINUTE if instant == calendar.at(calendar.day_of(instant), 0) else instant


def _asks_hours(milestone: Milestone) -> bool:
    return milestone.between is not None and not milestone.hours_advice


def _opened(milestone: Milestone, instant: datetime) -> datetime:
    """The first moment from that one on which is inside the hours that the law asks."""
    if not _asks_hours(milestone) or milestone.between is None:
        return instant
    begin, end = (time.fromisoformat(hour) for hour in milestone.between)
    day = calendar.day_of(instant)
    if instant > datetime.combine(day, end, BOGOTA):
        day += terms.DAY
    day = calendar.add(day, 0) if milestone.on_business_day else day
    return max(instant, datetime.combine(day, begin, BOGOTA))


def _shut(milestone: Milestone, instant: datetime) -> datetime:
    """The last moment up to that one which is inside the hours that the law asks."""
    if not _asks_hours(milestone) or milestone.between is None:
        return instant
    begin, end = (time.fromisoformat(hour) for hour in milestone.between)
    day = calendar.day_of(instant)
    if instant < datetime.combine(day, begin, BOGOTA):
        day -= terms.DAY
    day = calendar.add(day + terms.DAY, -1) if milestone.on_business_day else day
    return min(instant, datetime.combine(day, end, BOGOTA))


# ---- what follows a change -----------------------------------------------------------------------------------------


def follow(method: Method, schedule: Schedule, changed: str, at: datetime) -> dict[str, datetime]:
    """The dates after one was changed: those that it made illegal move, later if they come after it and earlier if
    they come before. Where going earlier does not mend it, nothing goes earlier."""
    known = effective(method, schedule, at, None)
    if changed not in known:
        return dict(schedule)
    after, touched = _settled(method, known, changed, at, earlier=True)
    if any(_is_broken(method, code, after) for code in touched):
        after, touched = _settled(method, known, changed, at, earlier=False)
    return {**schedule, **{code: after[code] for code in touched - {changed}}}


def _is_broken(method: Method, code: str, schedule: Schedule) -> bool:
    lower, upper = _window(method, code, schedule)
    return bool((lower and schedule[code] < lower) or (upper and schedule[code] > upper))


def _settled(
    method: Method, known: Schedule, changed: str, at: datetime, *, earlier: bool
) -> tuple[dict[str, datetime], set[str]]:
    """Pushes dates later, in the order of the rules, and earlier against it, until nothing moves. A date that went one
    way never goes the other, so this ends."""
    found, ways = dict(known), {changed: 0}
    fixed = {method.start.code, changed}
    order = [milestone for milestone in method.in_order() if milestone.code in found and milestone.code not in fixed]
    for _round in range(len(order) + 1):
        before = dict(found)
        for milestone in order:
            _push(method, milestone, found, ways, way=1, at=at)
        for milestone in reversed(order) if earlier else ():
            _push(method, milestone, found, ways, way=-1, at=at)
        if found == before:
            break
    return found, set(ways)


def _push(
    method: Method, milestone: Milestone, found: dict[str, datetime], ways: dict[str, int], *, way: int, at: datetime
) -> None:
    """Moves a date that one already moved made illegal, one way."""
    code = milestone.code
    lower, upper = _window(method, code, found, near=ways)
    is_illegal = (lower and found[code] < lower) if way > 0 else (upper and found[code] > upper)
    if not is_illegal or ways.get(code, way) != way:
        return
    lower, upper = _window(method, code, found)
    hour = _hour_of(milestone, found[code])
    if way > 0 and lower:
        found[code], ways[code] = _later(method, milestone, found, hour), way
    elif way < 0 and upper and (earlier := terms.sensible_before(milestone, upper, hour)) > at:
        found[code], ways[code] = earlier, way


def _later(method: Method, milestone: Milestone, found: Schedule, hour: time) -> datetime:
    """Where a date goes that must be later: where one would propose it, or where the law lets it, if only that leaves
    the others alone."""
    lower, upper = _window(method, milestone.code, found)
    assert lower is not None
    legal = terms.sensible_after(milestone, lower, hour)
    days = [
        calendar.add(calendar.day_of(found[period.start]), period.suggested_business_days)
        for period in method.periods
        if period.end == milestone.code and period.suggested_business_days and period.start in found
    ]
    proposed = max([legal, *(datetime.combine(day, hour, BOGOTA) for day in days)])
    return legal if upper and legal <= upper < proposed else proposed


def _hour_of(milestone: Milestone, instant: datetime) -> time:
    """Its own hour, unless the law asks another."""
    if milestone.between and not within(instant, milestone.between):
        return milestone.proposed_time
    return instant.astimezone(BOGOTA).time()
