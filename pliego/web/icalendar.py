"""iCalendar (RFC 5545): what every calendar of the site is made of."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from pliego.kernel.calendar import BOGOTA

ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:America/Bogota",
    "BEGIN:STANDARD",
    "DTSTART:19930404T000000",
    "TZOFFSETFROM:-0500",
    "TZOFFSETTO:-0500",
    "TZNAME:-05",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def text(said: str) -> str:
    return said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str, most: int = 73) -> list[str]:
    """Lines of at most 75 bytes, as RFC 5545 asks; the next ones begin with a space."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > most:
            parts.append(part)
            part = " "
        part += letter
    return [*parts, part]


def calendar(lines: Iterable[str]) -> str:
    """A whole calendar around its events."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Pliego//es-CO", "METHOD:PUBLISH", *ZONE]
    whole = [*head, *lines, "END:VCALENDAR"]
    return "\r\n".join(folded for line in whole for folded in fold(line)) + "\r\n"


def _local(at: datetime) -> str:
    return f"{at.astimezone(BOGOTA):%Y%m%dT%H%M%S}"


def event(
    *,
    uid: str,
    begins: datetime,
    ends: datetime,
    stamp: datetime,
    sequence: int,
    status: str,
    summary: str,
    location: str,
    description: str,
    url: str,
) -> list[str]:
    """One event with its hours in Colombia's legal time; what is empty is left out."""
    told = [("LOCATION", text(location)), ("DESCRIPTION", text(description)), ("URL", url)]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{sequence}",
        f"DTSTART;TZID=America/Bogota:{_local(begins)}",
        f"DTEND;TZID=America/Bogota:{_local(ends)}",
        f"STATUS:{status}",
        f"SUMMARY:{text(summary)}",
        *(f"{name}:{value}" for name, value in told if value),
        "END:VEVENT",
    ]


def day(*, uid: str, on: date, stamp: datetime, summary: str, description: str, url: str) -> list[str]:
    """One whole day, which takes nobody's time."""
    told = [("DESCRIPTION", text(description)), ("URL", url)]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        "TRANSP:TRANSPARENT",
        f"SUMMARY:{text(summary)}",
        *(f"{name}:{value}" for name, value in told if value),
        "END:VEVENT",
    ]
