"""The only source of now.

Guarantees: `now()` is the database's clock, carried forward by this process's monotonic clock and re-measured every few
seconds; its uncertainty is half the round trip of the measurement; above 250 ms it refuses (design: Time). A practice
installation may shift it; production refuses to.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused

RECALIBRATE_AFTER = 5.0
# A practice clock can be moved by another process: look again soon, so that all agree before anybody notices.
RECALIBRATE_PRACTICE_AFTER = 0.25
WORST_UNCERTAINTY = timedelta(milliseconds=250)


@dataclass(frozen=True)
class Calibration:
    database_at: datetime
    shift: timedelta
    monotonic: float
    uncertainty: timedelta

    def real(self) -> datetime:
        return self.database_at + timedelta(seconds=time.monotonic() - self.monotonic)


@dataclass(frozen=True)
class Reading:
    at: datetime
    uncertainty: timedelta


_lock = threading.Lock()
_calibration: Calibration | None = None
_fixed: datetime | None = None


def _measure() -> Calibration:
    best: Calibration | None = None
    for _i in range(3):
        before = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp(), (SELECT shift FROM kernel_practiceclock LIMIT 1)")
            at, shift = cursor.fetchone()
        after = time.monotonic()
        found = Calibration(at, shift or timedelta(), (before + after) / 2, timedelta(seconds=(after - before) / 2))
        if best is None or found.uncertainty < best.uncertainty:
            best = found
        if best.uncertainty < timedelta(milliseconds=5):
            break
    assert best is not None
    return best


def _calibrated() -> Calibration:
    global _calibration
    limit = RECALIBRATE_PRACTICE_AFTER if settings.PLIEGO_PRACTICE else RECALIBRATE_AFTER
    current = _calibration
    if current is None or time.monotonic() - current.monotonic > limit:
        with _lock:
            current = _calibration
            if current is None or time.monotonic() - current.monotonic > limit:
                _calibration = current = _measure()
    return current


def reading() -> Reading:
    """Now, with how far it may be off. Refused when the process cannot keep its clock within 250 ms."""
    if _fixed is not None:
        return Reading(_fixed, timedelta())
    calibration = _calibrated()
    if calibration.uncertainty > WORST_UNCERTAINTY:
        raise Refused(
            Objection("clock_uncertain", _("The platform's clock is being adjusted. Try again in a few seconds."))
        )
    return Reading(calibration.real() + calibration.shift, calibration.uncertainty)


def now() -> datetime:
    return reading().at


def received(seconds_ago: float) -> datetime:
    """The instant at which a request that has waited `seconds_ago` for its turn was complete."""
    return reading().at - timedelta(seconds=max(0.0, seconds_ago))


def real_now() -> datetime:
    """The unshifted time, for sessions and second factors, which a practice clock must not age."""
    return datetime.now(UTC) if _fixed is None else _fixed


def move(by: timedelta) -> datetime:
    """Shift a practice clock for every process, forward only. Refused on a production installation."""
    global _calibration
    if not settings.PLIEGO_PRACTICE:
        raise Refused(Objection("not_a_practice", _("Only a practice installation can move its clock.")))
    if by < timedelta():
        raise Refused(Objection("clock_backwards", _("The practice clock moves forward only.")))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_practiceclock (id, shift) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET shift = kernel_practiceclock.shift + excluded.shift",
            [by],  # type: ignore[list-item]  # psycopg adapts a timedelta
        )
    _calibration = None
    return now()


@contextmanager
def fixed(at: datetime) -> Iterator[datetime]:
    """Hold the clock of this process still (tests)."""
    global _fixed
    before, _fixed = _fixed, at
    try:
        yield at
    finally:
        _fixed = before


def hold(at: datetime | None) -> None:
    """Set or free the held clock of this process (tests that span threads)."""
    global _fixed
    _fixed = at
