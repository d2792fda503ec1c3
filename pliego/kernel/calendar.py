"""Business days in Colombia.

Guarantees: a term in working days never counts a Saturday, a Sunday, a holiday (Ley 51 de 1983, with its moves to
Monday) or a day that an exception closes; counting m and then n days is counting m + n. Exceptions are dated data in
calendar_exceptions.toml. Source: Ley 4 de 1913, art. 62.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

BOGOTA = ZoneInfo("America/Bogota")
EXCEPTIONS = Path(__file__).with_name("calendar_exceptions.toml")


class BusinessCalendar:
    def __init__(self, closed: frozenset[date] = frozenset(), opened: frozenset[date] = frozenset()) -> None:
        self.closed, self.opened = closed, opened

    @cached_property
    def holidays(self) -> holidays.HolidayBase:
        return holidays.country_holidays("CO", language="es")

    def is_business(self, day: date) -> bool:
        if day in self.opened:
            return True
        return day.weekday() < 5 and day not in self.closed and day not in self.holidays

    def add(self, day: date, days: int) -> date:
        """The business day that is `days` business days after `day` (before it when negative; 0 rolls forward)."""
        step = timedelta(days=-1 if days < 0 else 1)
        while days == 0 and not self.is_business(day):
            day += step
        for _i in range(abs(days)):
            day += step
            while not self.is_business(day):
                day += step
        return day

    def count(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_business(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))

    def lasted(self, start: datetime, end: datetime) -> int:
        """How many business days that time took, each of 24 hours of a business day; one that began counts whole."""
        lived, moment = timedelta(), start
        while moment < end:
            day = self.day_of(moment)
            until = min(end, self.at(day + timedelta(days=1), 0))
            lived += (until - moment) if self.is_business(day) else timedelta()
            moment = until
        return -(-lived // timedelta(days=1))

    def later(self, instant: datetime, days: int) -> datetime:
        """The same hour, that many business days later; from a day that is not one, they count after the next."""
        if days == 0:
            return instant
        local = instant.astimezone(BOGOTA)
        return datetime.combine(self.add(self.add(local.date(), 0), days), local.timetz())

    def at(self, day: date, hour: int = 17, minute: int = 0) -> datetime:
        """That hour of that day in Colombia's legal time, as an aware instant."""
        return datetime.combine(day, time(hour, minute), BOGOTA)

    @staticmethod
    def day_of(instant: datetime) -> date:
        """The legal day in Colombia at that instant."""
        return instant.astimezone(BOGOTA).date()


def load(path: Path = EXCEPTIONS) -> BusinessCalendar:
    with path.open("rb") as file:
        data = tomllib.load(file)
    return BusinessCalendar(
        closed=frozenset(row["day"] for row in data.get("closed", ())),
        opened=frozenset(row["day"] for row in data.get("opened", ())),
    )


calendar = load()
