"""The registry of the sections of the pliego.

A section says when it applies, what the publication still lacks in it, and how its content is read and written as
plain JSON. From this table come the list of tasks, the draft, the version that the publication keeps, the addendum that
changes any section, its before and after, and the copy from another process. A room above tendering adds sections of
its own with `register`, in its module `contents`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused, Text, Unknown, gather
from pliego.ledger import canonical
from pliego.tendering import standard

Content = dict[str, Any]
Rule = Callable[[Any, datetime], Iterable[Objection]]
Words = list[tuple[Text, Text]]
Moment = tuple[str, Text, datetime]  # a code, how it is called, and when it is

# The parts of the pliego, in the order in which the official builder has them.
GROUPS = {
    "general": _("General information"),
    "settings": _("Configuration"),
    "questionnaire": _("Questionnaire"),
    "evaluation": _("Evaluation"),
    "documents": _("Documents"),
    "invitation": _("Suppliers"),
}


def _always(tender: Any) -> bool:
    return True


def _copies(tender: Any, source: Any) -> bool:
    return True


def _no_fault(tender: Any, content: Any) -> Iterator[Objection]:
    return iter(())


def _no_dates(tender: Any, content: Any) -> "Iterator[Moment]":
    return iter(())


def _no_words(tender: Any, content: Any) -> Words:
    return []


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the pliego.

    `rule` says what the publication still lacks. `shape` is the type of its content (a dataclass or a msgspec Struct,
    with a default for every field); `read` and `write` take it from the tables and put it there whole: without them it
    is kept as it is in `KeptSection`. `wrong` says what stands against a content that somebody wrote; `words` puts one
    in words, a label and a value each, for reading it and for the before and after of an addendum. `edits` is what a
    team may be given: its own code when nothing else is said. A change of a section that `binds` voids the offers
    presented before it, until their owners confirm them.
    """

    code: str
    title: Text
    path: str
    rule: Rule
    group: str = "settings"
    edits: str = ""
    applies: Callable[[Any], bool] = _always
    started: Callable[[Any], bool] | None = None
    shape: Any = None
    read: Callable[[Any], Any] | None = None
    write: Callable[[Any, Any], None] | None = None
    wrong: Callable[[Any, Any], Iterable[Objection]] = _no_fault
    words: Callable[[Any, Any], Words] = _no_words
    held: Callable[[Any], Content] | None = None  # what its form takes along, where it has no shape
    is_amendable: bool = True
    binds: bool = True
    copies: Callable[[Any, Any], bool] = _copies  # whether a draft may take it from another process
    own: tuple[str, ...] = ()  # fields that stay as the draft has them when the rest is copied
    is_optional: bool = False  # the publication does without it
    dates: Callable[[Any, Any], Iterable[Moment]] = _no_dates  # what it adds to the agenda of the process
    before_stage: Rule | None = None  # what stands against opening the next stage
    warns: Callable[[Any, datetime], Iterable[Text]] | None = None  # what the entity must see; it stops nothing

    @property
    def act(self) -> str:
        """What the policy calls editing it."""
        return f"edit_{self.edits or self.code}"

    @property
    def is_kept(self) -> bool:
        """Whether its content has no tables of its own."""
        return self.shape is not None and self.read is None

    def content(self, tender: Any) -> Any:
        """What it says now, as its shape."""
        if self.read is not None:
            return self.read(tender)
        return self.typed(tender.kept_section(self.code))

    def plain(self, tender: Any) -> Content:
        """What it says now, as plain JSON."""
        return plain(self.content(tender))

    def put(self, tender: Any, content: Any) -> None:
        """Replace what it says."""
        if self.write is not None:
            self.write(tender, content)
        else:
            tender.keep_section(self.code, plain(content))

    def typed(self, content: Content) -> Any:
        """Plain JSON as the shape of the section; what does not fit it is refused, and said where."""
        try:
            if unknown := content.keys() - names_of(self.shape):
                raise msgspec.ValidationError(", ".join(sorted(unknown)))
            return msgspec.convert(content, self.shape, strict=False)
        except msgspec.ValidationError as error:
            sentence = _("The content of “%(section)s” cannot be read: %(fault)s")
            told = {"section": self.title, "fault": error}
            raise Refused(Objection("bad_content", sentence % told, self.code)) from error

    def lacks(self, tender: Any, at: datetime) -> list[Objection]:
        """What the publication still asks for: by its own rule, and by the standard document of the process."""
        of_document = standard.breaches(tender, self.code, self.plain(tender)) if standard.fixes(tender, self) else ()
        return gather(self.rule(tender, at), of_document)

    def is_started(self, tender: Any) -> bool:
        if self.started is not None:
            return self.started(tender)
        return self.content(tender) != self.typed({})

    def differences(self, tender: Any, before: Content, after: Content) -> list[tuple[Text, Text, Text]]:
        """What differs between two contents: a label, and the value before and after."""
        old, new = (dict(self.words(tender, self.typed(content))) for content in (before, after))
        labels = [*new, *(label for label in old if label not in new)]
        rows = [(label, old.get(label, ""), new.get(label, "")) for label in labels]
        return [row for row in rows if str(row[1]) != str(row[2])]


def names_of(shape: Any) -> set[str]:
    """The names of the fields of a shape."""
    fields = dataclasses.fields(shape) if dataclasses.is_dataclass(shape) else msgspec.structs.fields(shape)
    return {one.name for one in fields}


def plain(content: Any) -> Content:
    """A content as plain JSON: amounts and quantities as text, dates in ISO 8601."""
    built: Content = msgspec.to_builtins(content)
    return built


_known: dict[str, Section] = {}


def register(*found: Section) -> None:
    _known.update({section.code: section for section in found})


def all_sections() -> list[Section]:
    """In the order of their groups, and within each as they were registered."""
    places = list(GROUPS)
    return sorted(_known.values(), key=lambda section: places.index(section.group))


def of(tender: Any) -> list[Section]:
    """The sections that this pliego has."""
    return [section for section in all_sections() if section.applies(tender)]


def moments(tender: Any, contents: dict[str, Any] | None = None) -> list[Moment]:
    """The dates that sections add to the agenda. `contents`: what they say by code, if it was already read."""
    found = [section for section in of(tender) if section.dates is not _no_dates]
    said = ((s, s.content(tender) if contents is None else contents.get(s.code)) for s in found)
    return [moment for section, content in said if content is not None for moment in section.dates(tender, content)]


def warnings(tender: Any, at: datetime) -> list[Text]:
    """What the sections tell the entity that conducts the process."""
    return [text for section in of(tender) if section.warns for text in section.warns(tender, at)]


def get(code: str, tender: Any = None) -> Section:
    """The section with that code, when this pliego has it; `Unknown` otherwise."""
    found = _known.get(code)
    if found is None or (tender is not None and not found.applies(tender)):
        raise Unknown()
    return found


def title_of(code: str) -> Text:
    return _known[code].title if code in _known else ""


def is_not_ready(tender: Any, at: datetime) -> list[Objection]:
    """All that is missing or wrong anywhere in the pliego."""
    return gather(*(section.lacks(tender, at) for section in of(tender)))


def mark(content: Content) -> str:
    """What tells one content from another: a form brings back the mark of what it showed."""
    return sha256(canonical.encode(content).encode()).hexdigest()[:32]
