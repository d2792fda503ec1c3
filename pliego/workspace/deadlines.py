"""“Mis vencimientos”: every day that comes over the contracts that a person supervises, asked of every room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Text
from pliego.kernel.todo import Deadline
from pliego.web import icalendar
from pliego.workspace.rooms import answering

# fmt: off
KINDS: dict[str, Text] = {
    "contract":   _("End of the contract"),
    "guarantee":  _("End of a guarantee"),
    "delivery":   _("Delivery to receive"),
    "invoice":    _("Invoice that waits for you"),
    "resumption": _("Planned resumption"),
    "compliance": _("Answer to a call for compliance"),
    "session":    _("Session of a hearing of breach"),
    "settlement": _("Term to settle"),
}
URGENCIES: dict[str, Text] = {
    "overdue":    pgettext_lazy("deadlines", "Past"),
    "week":       _("Within 7 days"),
    "month":      _("Within 30 days"),
    "later":      pgettext_lazy("deadlines", "Later"),
}
# fmt: on
WITHIN = (("overdue", -1), ("week", 7), ("month", 30))  # the last day of each, from today
FILES = (("CSV", "csv"), ("iCalendar", "ics"))
COLUMNS = ("date", "at", "urgency", "kind", "kind_title", "contract", "title", "about", "url")


@dataclass(frozen=True)
class Asked:
    """Which of them are asked for; an unknown word asks for all."""

    urgency: str = ""
    kind: str = ""
    words: str = ""

    def matches(self, row: Deadline, today: date) -> bool:
        return (
            (self.urgency not in URGENCIES or self.urgency == urgency_of(row.on, today))
            and (self.kind not in KINDS or self.kind == row.kind)
            and (not self.words or self.words.lower() in f"{row.contract} {row.title} {row.about}".lower())
        )


def urgency_of(on: date, today: date) -> str:
    left = (on - today).days
    return next((code for code, last in WITHIN if left <= last), "later")


def every(*, actor: Actor, at: datetime) -> list[Deadline]:
    """The most urgent first. Each room answers with plain rows, in a number of queries that does not grow."""
    if not actor.signed_in or actor.account_id is None or not actor.roles:
        return []
    found = [row for _room, ask in answering("deadlines_for", "deadlines") for row in ask(actor, at)]
    return sorted(found, key=lambda row: (row.on, row.at.timestamp() if row.at else 0, row.contract, row.kind))


def chosen(rows: Iterable[Deadline], asked: Asked, at: datetime) -> list[Deadline]:
    today = calendar.day_of(at)
    return [row for row in rows if asked.matches(row, today)]


def counted(rows: Iterable[Deadline], at: datetime) -> dict[str, int]:
    """How many of each urgency."""
    today, found = calendar.day_of(at), dict.fromkeys(URGENCIES, 0)
    for row in rows:
        found[urgency_of(row.on, today)] += 1
    return found


def shown(rows: Iterable[Deadline], asked: Asked, at: datetime) -> dict[str, Any]:
    """What the page says beside the list: how many of each urgency, what it may be kept to, and the same as files."""
    count = counted(rows, at)
    kept = {"urgencia": asked.urgency, "clase": asked.kind, "q": asked.words}
    return {
        "counts": [
            (code, title, count[code], f"?{urlencode(kept | {'urgencia': code})}") for code, title in URGENCIES.items()
        ],
        "kinds": list(KINDS.items()),
        "today": calendar.day_of(at),
        "files": [(name, f"?{urlencode(kept | {'formato': code})}") for name, code in FILES],
    }


def record(row: Deadline, at: datetime, site: str) -> dict[str, object]:
    """A line as data: the same names in the CSV and in the API."""
    return {
        "date": row.on.isoformat(),
        "at": row.at.isoformat() if row.at else "",
        "urgency": urgency_of(row.on, calendar.day_of(at)),
        "kind": row.kind,
        "kind_title": str(KINDS[row.kind]),
        "contract": row.contract,
        "title": row.title,
        "about": row.about,
        "url": f"{site}{row.url}",
    }


def as_calendar(rows: Sequence[Deadline], at: datetime, site: str) -> str:
    """The coming ones for a calendar program: a whole day, or half an hour where there is an hour."""
    lines: list[str] = []
    for row in rows:
        told = {
            "uid": f"{row.kind}-{'-'.join(map(str, row.args))}-{row.about}@pliego".replace(" ", ""),
            "stamp": at,
            "summary": f"{KINDS[row.kind]}: {row.contract}",
            "description": " · ".join(filter(None, (row.title, row.about))),
            "url": f"{site}{row.url}",
        }
        if row.at is None:
            lines += icalendar.day(on=row.on, **told)  # type: ignore[arg-type]
        else:
            ends = row.at + timedelta(minutes=30)
            more = {"sequence": 0, "status": "CONFIRMED", "location": ""}
            lines += icalendar.event(begins=row.at, ends=ends, **more, **told)  # type: ignore[arg-type]
    return icalendar.calendar(lines)
