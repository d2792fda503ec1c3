"""A section of plain data: what the registry of the pliego needs, made from its table of fields."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pliego.conditions import fields
from pliego.conditions.fields import Parts
from pliego.kernel.objections import Objection, Text
from pliego.tendering.sections import Section

Found = Iterable[Objection]


def _nothing(tender: Any, content: Any, at: datetime) -> Iterable[Any]:
    return ()


def _no_fault(tender: Any, content: Any) -> Found:
    return ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Condition(Section):
    """A section that is a table of fields. It keeps its content in `KeptSection`, and has its page here."""

    parts: Parts = ()
    lead: Text = ""
    notes: Callable[[Any, Any, datetime], Iterable[Text]] = _nothing  # what the writer should know; it stops nothing
    shown: Callable[[Any, Any], dict[str, Any]] | None = None  # what is computed from it, for the template `block`
    block: str = ""

    def is_asked(self, content: Any) -> bool:
        """Whether its needed fields are: always, or once somebody wrote any of it, where it is optional."""
        return not self.is_optional or content != self.typed({})


def told(section: Section, tender: Any, content: Any) -> fields.Told:
    """What any section says, to be read: its rows as tables where it is made of fields, else its words."""
    if isinstance(section, Condition):
        return fields.told(section.parts, content)
    return fields.Told([row for row in section.words(tender, content) if row[1]], [])


def computed(section: Section, tender: Any, content: Any) -> dict[str, Any]:
    """What is computed from a content, for the template of the section; nothing where it has none."""
    return section.shown(tender, content) if isinstance(section, Condition) and section.shown else {}


def condition(
    *,
    code: str,
    parts: Parts,
    wrong: Callable[[Any, Any], Found] = _no_fault,
    lacks: Callable[[Any, Any, datetime], Found] = _nothing,
    **options: Any,
) -> Condition:
    """A section made from its fields. `wrong(tender, content)` and `lacks(tender, content, at)` add to what the fields
    already say: what cannot be, and what the publication still asks for."""

    def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
        found = list(fields.faults(parts, content))
        yield from found or wrong(tender, content)

    def rule(tender: Any, at: datetime) -> Iterator[Objection]:
        content = made.content(tender)
        yield from fields.missing(parts, content) if made.is_asked(content) else ()
        yield from wrong(tender, content)
        yield from lacks(tender, content, at)

    options.setdefault("edits", "conditions")
    options.setdefault("is_optional", True)
    made = Condition(
        code=code,
        parts=parts,
        shape=fields.shape_of(code, parts),
        wrong=is_wrong,
        rule=rule,
        words=lambda tender, content: fields.words(parts, content),
        **options,
    )
    return made
