"""Who could do what in an account on any past day, read again from the ledger and from nothing else.

The acts of the account's file are replayed in their order. Each change of roles closes what was held and opens what is
held from then on; a delegation is held from its first instant to before its last one, or until it is revoked. A room
above adds a chapter: which acts it reads, what they leave, and what people hold by it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Text
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.parties.roles import ROLES

Key = tuple[str, str, str]  # person, source, which one
Holding = tuple[Key, tuple[str, ...]]
SOURCES: dict[str, Text] = {
    "membership": _("Roles given to the person"),
    "profile": _("Permission profile"),
    "delegation": _("Delegation"),
}


def _role_title(code: str) -> Text | None:
    return ROLES[code].title if code in ROLES else None


@dataclass(frozen=True)
class Chapter:
    """What a room above adds to the report. `acts` change what the room keeps of the account while it is replayed,
    `holdings` say what that gives to whom, `title_of` names each thing given."""

    source: str
    title: Text
    acts: "dict[str, Callable[[dict[str, Any], dict[str, Any]], None]]"
    holdings: "Callable[[dict[str, Any]], Iterable[Holding]]"
    title_of: Callable[[str], Text | None]


CHAPTERS: dict[str, Chapter] = {}


def add_chapter(chapter: Chapter) -> None:
    CHAPTERS[chapter.source] = chapter
    SOURCES[chapter.source] = chapter.title


@dataclass(frozen=True)
class Span:
    """What one person held from one source, from an instant to before another; `until` None is still held."""

    person: str
    source: str
    which: str
    roles: tuple[str, ...]
    since: datetime
    until: datetime | None
    name: str = ""

    @property
    def source_title(self) -> Text:
        return SOURCES[self.source]

    @property
    def role_titles(self) -> list[Text]:
        chapter = CHAPTERS.get(self.source)
        title_of = chapter.title_of if chapter else _role_title
        return [title for code in self.roles if (title := title_of(code)) is not None]


@dataclass
class Replay:
    """The account as it was after the acts replayed so far."""

    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    delegations: dict[str, dict[str, Any]] = field(default_factory=dict)
    chapters: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: dict[Key, tuple[tuple[str, ...], datetime]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)

    def after(self, entry: Entry) -> None:
        told = entry.content
        if entry.act in ACTS:
            ACTS[entry.act](self, told["data"], told["who"], entry.at)
        for source, chapter in CHAPTERS.items():
            if entry.act in chapter.acts:
                chapter.acts[entry.act](self.chapters.setdefault(source, {}), told["data"])
        self._settle(entry.at)

    def _settle(self, at: datetime) -> None:
        """Close what is no longer held and open what is new."""
        now = dict(self._holdings())
        for key, (roles, since) in list(self.held.items()):
            if now.get(key) != roles:
                self.spans.append(Span(*key, roles, since, at))
                del self.held[key]
        for key, roles in now.items():
            self.held.setdefault(key, (roles, at))

    def _holdings(self) -> Iterator[Holding]:
        for source, chapter in CHAPTERS.items():
            yield from chapter.holdings(self.chapters.get(source, {}))
        for person, roles in self.members.items():
            if roles:
                yield (person, "membership", ""), roles
            for profile in self.profiles.values():
                if person in profile["people"] or any(person in self._of_unit(unit) for unit in profile["units"]):
                    yield (person, "profile", profile["name"]), tuple(profile["roles"])

    def _of_unit(self, reference: str) -> list[str]:
        unit = self.units.get(reference)
        return unit["people"] if unit and unit["is_active"] else []

    def end_delegation(self, code: str, at: datetime) -> None:
        told = self.delegations.pop(code, None)
        if told is None:
            return
        since, ends = datetime.fromisoformat(told["starts_at"]), datetime.fromisoformat(told["ends_at"])
        if since < (until := min(ends, at)):
            self.spans.append(Span(told["person"], "delegation", code, tuple(told["roles"]), since, until))

    def finished(self) -> list[Span]:
        """Every span, the open ones too."""
        for code in list(self.delegations):
            self.end_delegation(code, datetime.max.replace(tzinfo=BOGOTA))
        still = [Span(*key, roles, since, None) for key, (roles, since) in self.held.items()]
        return sorted([*self.spans, *still], key=lambda span: (span.person, span.since, span.source, span.which))


def _founded(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    if who["person"] and who["person"] not in replay.members:
        replay.members[who["person"]] = tuple(code for code in who["roles"] if code in ROLES)


def _joined(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    replay.members[data["person"]] = tuple(sorted(data["roles"]))


def _appointed(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    held = replay.members.get(data["person"], ())
    replay.members[data["person"]] = tuple(sorted({*held, "administrator"}))


def _left(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    person = data["person"]
    replay.members.pop(person, None)
    for held in (*replay.profiles.values(), *replay.units.values()):
        held["people"] = [code for code in held["people"] if code != person]
    for code, told in list(replay.delegations.items()):
        if person in {told["person"], told["from"]}:
            replay.end_delegation(code, at)


def _profile_saved(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    replay.profiles[data["code"]] = dict(data)


def _profile_deleted(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    replay.profiles.pop(data["code"], None)


def _unit_saved(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    replay.units[data["reference"]] = dict(data)


def _granted(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    replay.delegations[data["delegation"]] = dict(data)


def _revoked(replay: Replay, data: dict[str, Any], who: dict[str, Any], at: datetime) -> None:
    replay.end_delegation(data["delegation"], at)


ACTS: dict[str, Callable[[Replay, dict[str, Any], dict[str, Any], datetime], None]] = {
    "account.activation_requested": _founded,
    "account.supplier_registered": _founded,
    "access.accepted": _joined,
    "access.roles_changed": _joined,
    "access.administrator_confirmed": _appointed,
    "access.ended": _left,
    "profile.saved": _profile_saved,
    "profile.deleted": _profile_deleted,
    "unit.saved": _unit_saved,
    "delegation.granted": _granted,
    "delegation.revoked": _revoked,
}


def spans_of(account: Account) -> list[Span]:
    """Everything that anybody ever could do in the account, with the names that people have now."""
    replay = Replay()
    acts = {*ACTS, *(act for chapter in CHAPTERS.values() for act in chapter.acts)}
    for entry in Entry.objects.of_file(account.file).filter(act__in=acts).iterator():
        replay.after(entry)
    found = replay.finished()
    names = dict(User.objects.filter(code__in={span.person for span in found}).values_list("code", "full_name"))
    return [Span(**{**vars(span), "name": names.get(span.person, "")}) for span in found]


def on_day(spans: Iterable[Span], day: date) -> list[Span]:
    """What was held at some moment of that day of Colombia."""
    start = datetime.combine(day, time(), tzinfo=BOGOTA)
    end = start + timedelta(days=1)
    held = [span for span in spans if span.since < end and (span.until is None or span.until > start)]
    return sorted(held, key=lambda span: (span.name, span.since, span.source))
