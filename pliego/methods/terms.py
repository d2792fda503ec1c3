"""One term of the law between two milestones: its bounds, and the sentence that explains it.

Guarantees: days are counted on Colombia's legal days; the first day does not count and the last one does; an instant is
half-open, so a term that ends at midnight ended the day before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.methods.law import Method, Milestone, Period

INSTANT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)  # as exactly as people write an hour
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bound:
    """How early or late the end of a period may be: at `at` or after it (or before it, when `is_latest`)."""

    period: Period
    days: int
    is_business: bool
    is_latest: bool
    day: date
    at: datetime

    def is_broken_by(self, end: datetime) -> bool:
        return end > self.at if self.is_latest else end < self.at

    @property
    def is_order_only(self) -> bool:
        return self.days == 0 and not self.is_latest


def last_day(end: datetime) -> date:
    """The last legal day inside a term that ends at that instant."""
    return calendar.day_of(end - INSTANT)


def moved(day: date, days: int, *, is_business: bool) -> date:
    return calendar.add(day, days) if is_business and days else day + timedelta(days=0 if is_business else days)


def _lengths(period: Period) -> Iterator[tuple[int, bool, bool]]:
    """Each length of the period: its days, whether they are business days, and whether it is a maximum."""
    for days, is_business, is_latest in (
        (period.at_least_business_days, True, False),
        (period.at_least_calendar_days, False, False),
        (period.at_most_business_days, True, True),
        (period.at_most_calendar_days, False, True),
    ):
        if days is not None:
            yield days, is_business, is_latest


def bounds(period: Period, start: datetime) -> Iterator[Bound]:
    """The earliest and the latest end that the period allows once its start is known."""
    for days, is_business, is_latest in _lengths(period):
        day = moved(calendar.day_of(start), days, is_business=is_business)
        yield Bound(period, days, is_business, is_latest, day, _limit(period, start, day, days, is_latest))


def _limit(period: Period, start: datetime, day: date, days: int, is_latest: bool) -> datetime:
    local = start.astimezone(BOGOTA)
    if period.to_the_hour:
        return datetime.combine(day, local.timetz())
    if is_latest:
        return calendar.at(day + timedelta(days=1), 0)
    # After the first instant of the day: a term that ends at midnight sharp has not lived that day.
    return start if days == 0 else calendar.at(day, 0) + INSTANT


def starts(period: Period, end: datetime) -> Iterator[tuple[datetime, bool]]:
    """The other way round: when the period may start once its end is known. Each minimum says how late (True), each
    maximum how early (False). A term of business days that is compared to the hour starts on one of them."""
    for days, is_business, is_latest in _lengths(period):
        if is_latest:
            yield _earliest_start(period, end, days, is_business), False
        else:
            yield _latest_start(period, end, days, is_business), True


def _latest_start(period: Period, end: datetime, days: int, is_business: bool) -> datetime:
    if days == 0:
        return end
    last = calendar.day_of(end) if period.to_the_hour else last_day(end)
    day = calendar.add(last + DAY, -days) - DAY if is_business else last - timedelta(days=days)
    if period.to_the_hour:
        day = calendar.add(day + DAY, -1) if is_business else day
        if moved(day, days, is_business=is_business) == last:
            return datetime.combine(day, end.astimezone(BOGOTA).timetz())
    return calendar.at(day + DAY, 0) - MINUTE


def _earliest_start(period: Period, end: datetime, days: int, is_business: bool) -> datetime:
    last = calendar.day_of(end) if period.to_the_hour else last_day(end)
    day = moved(last, -days, is_business=is_business)
    if period.to_the_hour and moved(day, days, is_business=is_business) == last:
        return datetime.combine(day, end.astimezone(BOGOTA).timetz())
    return calendar.at(day, 0)


def earliest_sensible(milestone: Milestone, bound: Bound) -> datetime:
    """The first moment at or after a lower bound that people would choose: the milestone's hour of a business day."""
    return sensible_after(milestone, bound.at, milestone.proposed_time)


def sensible_after(milestone: Milestone, instant: datetime, hour: time) -> datetime:
    """The first moment from that instant on that people would choose: that hour of a business day."""
    day = calendar.day_of(instant)
    while True:
        day = calendar.add(day, 0) if milestone.on_business_day else day
        at = datetime.combine(day, hour, BOGOTA)
        if at >= instant:
            return at
        rounded = _half_hour(instant, up=True)
        if calendar.day_of(rounded) == day and at < rounded <= calendar.at(day, 17):
            return rounded
        day += DAY


def sensible_before(milestone: Milestone, instant: datetime, hour: time) -> datetime:
    """The last moment up to that instant that people would choose."""
    day = calendar.day_of(instant)
    while True:
        day = calendar.add(day + DAY, -1) if milestone.on_business_day else day
        at = datetime.combine(day, hour, BOGOTA)
        if at <= instant:
            return at
        rounded = _half_hour(instant, up=False)
        if calendar.day_of(rounded) == day and calendar.at(day, 8) <= rounded:
            return rounded
        day -= DAY


def _half_hour(instant: datetime, *, up: bool) -> datetime:
    local = instant.astimezone(BOGOTA)
    floor = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
    return floor + timedelta(minutes=30) if up and floor != local else floor


def sentence(method: Method, bound: Bound) -> str:
    """What to change, and the rule behind it."""
    period = bound.period
    words = {
        "end": str(method.milestone(period.end).title),
        "start": str(method.milestone(period.start).title),
        "limit": dates.instant(bound.at) if period.to_the_hour else dates.day(bound.day),
        "n": bound.days,
    }
    if bound.is_order_only:
        words["at"] = dates.instant(bound.at)
        return _("“%(end)s” cannot be before “%(start)s”, which is on %(at)s.") % words
    if period.advice and period.reason:
        template = (
            _("“%(end)s” is better on %(limit)s or earlier: %(reason)s")
            if bound.is_latest
            else _("“%(end)s” is better on %(limit)s or later: %(reason)s")
        )
        return template % {**words, "reason": str(period.reason)}
    return _legal_sentence(bound) % words


def _legal_sentence(bound: Bound) -> str:
    n = bound.days
    if bound.is_latest and bound.is_business:
        return ngettext(
            "“%(end)s” must be %(limit)s or earlier: the law allows at most %(n)s business day after “%(start)s”.",
            "“%(end)s” must be %(limit)s or earlier: the law allows at most %(n)s business days after “%(start)s”.",
            n,
        )
    if bound.is_latest:
        return ngettext(
            "“%(end)s” must be %(limit)s or earlier: the law allows at most %(n)s calendar day after “%(start)s”.",
            "“%(end)s” must be %(limit)s or earlier: the law allows at most %(n)s calendar days after “%(start)s”.",
            n,
        )
    if bound.is_business:
        return ngettext(
            "“%(end)s” must be %(limit)s or later: the law asks %(n)s business day after “%(start)s”.",
            "“%(end)s” must be %(limit)s or later: the law asks %(n)s business days after “%(start)s”.",
            n,
        )
    return ngettext(
        "“%(end)s” must be %(limit)s or later: the law asks %(n)s calendar day after “%(start)s”.",
        "“%(end)s” must be %(limit)s or later: the law asks %(n)s calendar days after “%(start)s”.",
        n,
    )
