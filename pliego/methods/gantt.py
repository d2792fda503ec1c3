"""A schedule as a chart: where each stage and each date stands between the first day and the last. Pure.

Guarantees: places are hundredths of the width, so that text is never scaled with the drawing; Saturdays, Sundays and
holidays are those that the terms do not count; every date of the agenda is in it once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from pliego.kernel import dates
from pliego.kernel.calendar import calendar
from pliego.methods.law import Method

Dated = tuple[str, str, datetime]  # code, title, instant
Halt = tuple[str, datetime, datetime | None]  # title, from when, and until when if it is over
STEPS = (1, 2, 3, 7, 14, 28, 61, 91, 182, 365)  # days between two marks of the axis
MOST_TICKS = 5
LAST_TICK = 90  # hundredths of the width: a day has no room nearer to the edge
MOST_SHADED = 800  # days: beyond them a weekend is thinner than a line
TOP, LINE, TEXT, TRACK = 30, 38, 15, 25  # heights in pixels: the axis, a line, its text, its bar


@dataclass(frozen=True)
class Line:
    """A line of the chart: a stage, from its first date to its last, or a date."""

    title: str
    told: str  # its dates, in words
    at: str  # left end, or the place of the mark
    width: str = ""
    is_stage: bool = False
    is_past: bool = False
    is_hearing: bool = False
    is_halt: bool = False
    top: int = 0

    @property
    def text_y(self) -> int:
        return self.top + TEXT

    @property
    def track_y(self) -> int:
        return self.top + TRACK


@dataclass(frozen=True)
class Chart:
    lines: tuple[Line, ...]
    closed: tuple[tuple[str, str], ...]  # left end and width of each run of days that no term counts
    ticks: tuple[tuple[str, str], ...]  # place and day
    today: str
    description: str
    top: int = TOP

    @property
    def height(self) -> int:
        return TOP + LINE * len(self.lines) + 4

    @property
    def halts(self) -> list[Line]:
        return [line for line in self.lines if line.is_halt]

    @property
    def inner(self) -> int:
        return self.height - TOP


def chart(method: Method, agenda: Iterable[Dated], at: datetime, halts: Iterable[Halt] = ()) -> Chart | None:
    """The chart of an agenda in order of time; without two different dates there is nothing to draw. `halts` are the
    suspensions: each is a line, and a span over all the others."""
    told = list(agenda)
    if len({instant for _code, _title, instant in told}) < 2:
        return None
    scale = Scale(calendar.day_of(told[0][2]), calendar.day_of(told[-1][2]) + timedelta(days=1))
    found = [*_lines(method, told, scale, at), *_halts(halts, scale, at)]
    lines = tuple(Line(**{**vars(line), "top": TOP + LINE * place}) for place, line in enumerate(found))
    return Chart(
        lines=lines,
        closed=tuple(_closed(scale)),
        ticks=tuple(_ticks(scale)),
        today=scale.place(at) if scale.holds(at) else "",
        description=_description(lines, scale),
    )


@dataclass(frozen=True)
class Scale:
    """From the first day to the day after the last."""

    first: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    def holds(self, instant: datetime) -> bool:
        return self.first <= calendar.day_of(instant) < self.end

    def share(self, instant: datetime) -> float:
        return (instant - calendar.at(self.first, 0)) / timedelta(days=self.days) * 100

    def place(self, instant: datetime) -> str:
        return percent(self.share(instant))

    def of_day(self, day: date) -> float:
        return (day - self.first).days / self.days * 100


def percent(share: float) -> str:
    return f"{share:.2f}%"


def _lines(method: Method, told: list[Dated], scale: Scale, at: datetime) -> Iterator[Line]:
    """Each stage with its dates under it; those that no stage has, at the end."""
    left = list(told)
    for stage in method.stages:
        own = [one for one in told if one[0] in stage.milestones]
        left = [one for one in left if one not in own]
        if own:
            begin, end = own[0][2], own[-1][2]
            width = max(scale.share(end) - scale.share(begin), 0.6)
            words = _("%(first)s to %(last)s") % {"first": dates.day(begin), "last": dates.day(end)}
            yield Line(str(stage.title), words, scale.place(begin), percent(width), is_stage=True, is_past=end <= at)
        yield from (_mark(method, one, scale, at) for one in own)
    yield from (_mark(method, one, scale, at) for one in left)


def _halts(halts: Iterable[Halt], scale: Scale, at: datetime) -> Iterator[Line]:
    """Each suspension from its first instant to its last, as far as the chart goes; one in force, until now."""
    for title, begin, end in halts:
        left, right = (min(max(scale.share(one), 0.0), 100.0) for one in (begin, end or max(at, begin)))
        since = _("since %(first)s, not over yet") % {"first": dates.day(begin)}
        words = _("%(first)s to %(last)s") % {"first": dates.day(begin), "last": dates.day(end)} if end else since
        width = min(max(right - left, 0.6), 100.0 - left)
        yield Line(title, words, percent(left), percent(width), is_halt=True, is_past=end is not None and end <= at)


def _mark(method: Method, one: Dated, scale: Scale, at: datetime) -> Line:
    code, title, instant = one
    is_hearing = method.has_milestone(code) and method.milestone(code).is_hearing
    return Line(
        str(title),
        dates.instant(instant),
        scale.place(instant),
        is_past=instant <= at,
        is_hearing=is_hearing,
    )


def _closed(scale: Scale) -> Iterator[tuple[str, str]]:
    """The runs of days that no term counts."""
    if scale.days > MOST_SHADED:
        return
    run = 0
    for number in range(scale.days + 1):
        day = scale.first + timedelta(days=number)
        if number < scale.days and not calendar.is_business(day):
            run += 1
        elif run:
            yield percent(scale.of_day(day - timedelta(days=run))), percent(run / scale.days * 100)
            run = 0


def _ticks(scale: Scale) -> Iterator[tuple[str, str]]:
    step = next((days for days in STEPS if scale.days / days <= MOST_TICKS), -(-scale.days // MOST_TICKS))
    for number in range(0, scale.days, step):
        place = scale.of_day(scale.first + timedelta(days=number))
        if place <= LAST_TICK:
            yield percent(place), dates.day(scale.first + timedelta(days=number))


def _description(lines: tuple[Line, ...], scale: Scale) -> str:
    """What the drawing says, for who does not see it."""
    stages = "; ".join(f"{line.title}: {line.told}" for line in lines if line.is_stage or line.is_halt)
    words = {
        "first": dates.day(scale.first),
        "last": dates.day(scale.end - timedelta(days=1)),
        "n": sum(not (line.is_stage or line.is_halt) for line in lines),
        "stages": stages,
    }
    told = _("From %(first)s to %(last)s, %(n)s dates. %(stages)s. Every date is also written beside the drawing.")
    return told % words
