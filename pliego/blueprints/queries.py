"""Reads of the templates: the list, and what one of their versions says."""

from typing import Any

from django.db.models import Q, QuerySet

from pliego.blueprints.models import Blueprint, BlueprintVersion
from pliego.conditions.conditions import Condition
from pliego.conditions.fields import Told
from pliego.conditions.fields import told as told_fields
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.tendering import sections
from pliego.tendering.contents import questionnaire_in_words


def found(actor: Actor, *, words: str = "", method: str = "", state: str = "active") -> "QuerySet[Blueprint]":
    """Those of one's own account, by words, by a method that they fit, and by state; an empty state is both."""
    rows = Blueprint.objects.visible_to(actor)
    if words := words.strip():
        rows = rows.filter(Q(name__icontains=words) | Q(description__icontains=words) | Q(code__iexact=words))
    if method:
        rows = rows.filter(methods__contains=[method])
    return rows.filter(state=state) if state in {"active", "retired"} else rows


def parts_of(version: BlueprintVersion) -> list[tuple[str, Text]]:
    """Its sections in the order of the pliego, each with its title."""
    known = [section for section in sections.all_sections() if section.code in version.sections]
    return [(section.code, section.title) for section in known]


def told(version: BlueprintVersion) -> list[tuple[Text, Told]]:
    """What each section says, to be read: its facts, and its rows as tables."""
    return [(title, _told(code, version.sections[code])) for code, title in parts_of(version)]


def _told(code: str, content: dict[str, Any]) -> Told:
    section = sections.get(code)
    typed = section.typed(content)
    if isinstance(section, Condition):
        return told_fields(section.parts, typed)
    words = questionnaire_in_words(None, typed) if code == "questionnaire" else section.words(None, typed)  # type: ignore[arg-type]
    return Told([row for row in words if row[1]][:200], [])
