"""One term of the law between two milestones: its bounds, and the sentence that explains it.

Guarantees: days are counted on Colombia's legal days; the first day does not count and the last one does; an instant is
half-open, so a term that ends at midnight ended the day before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.methods.law import Method, Milestone, Period

INSTANT = timedelta(microseconds=1)


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


def bounds(period: Period, start: datetime) -> Iterator[Bound]:
    """The earliest and the latest end that the period allows once its start is known."""
    for days, is_business, is_latest in (
        (period.at_least_business_days, True, False),
        (period.at_least_calendar_days, False, False),
        (period.at_most_business_days, True, True),
        (period.at_most_calendar_days, False, True),
    ):
        if days is None:
            continue
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


def earliest_sensible(milestone: Milestone, bound: Bound) -> datetime:
    """The first moment at or after a lower bound that people would choose: the milestone's hour of a business day."""
    day = calendar.day_of(bound.at)
    while True:
        day = calendar.add(day, 0) if milestone.on_business_day else day
        at = datetime.combine(day, milestone.proposed_time, BOGOTA)
        if at >= bound.at:
            return at
        rounded = _next_half_hour(bound.at)
        if calendar.day_of(rounded) == day and at < rounded <= calendar.at(day, 17):
            return rounded
        day += timedelta(days=1)


def _next_half_hour(instant: datetime) -> datetime:
    local = instant.astimezone(BOGOTA)
    floor = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
    return floor if floor == local else floor + timedelta(minutes=30)


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
