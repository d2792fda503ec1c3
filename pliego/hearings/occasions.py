"""The hearings and visits that a process has: dates of its schedule, and the visit that its pliego arranges."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pliego.conditions import visits
from pliego.tendering import sections
from pliego.tendering.models import Tender


@dataclass(frozen=True)
class Occasion:
    """Something that is held on a date."""

    code: str
    title: str
    begins_at: datetime
    kind: str  # "hearing" or "visit"
    legal_basis: str = ""


def of(tender: Tender) -> list[Occasion]:
    """In order of their dates."""
    law, found = tender.rulebook, []
    for code, due in tender.schedule.items():
        milestone = law.milestone(code) if law.has_milestone(code) else None
        if milestone and (milestone.is_hearing or milestone.act == "visit"):
            kind = "visit" if milestone.act == "visit" else "hearing"
            basis = next((p.legal_basis for p in law.periods if p.end == code and not p.advice), "")
            found.append(Occasion(code, str(milestone.title), due, kind, basis))
    content = visit_of(tender)
    due_at = visits.held_at(tender, content) if content is not None else None
    if due_at is not None and not any(one.kind == "visit" for one in found):
        found.append(Occasion(visits.MOMENT, str(visits.VISIT.title), due_at, "visit"))
    return sorted(found, key=lambda one: one.begins_at)


def one(tender: Tender, code: str) -> Occasion | None:
    return next((occasion for occasion in of(tender) if occasion.code == code), None)


def visit_of(tender: Tender) -> Any:
    """What the pliego says of the visit to the place, if it has that section."""
    part = next((part for part in sections.of(tender) if part.code == visits.VISIT.code), None)
    return part.content(tender) if part else None


def is_mandatory(tender: Tender) -> bool:
    content = visit_of(tender)
    return content is not None and content.allowed == "yes" and content.mandatory == "yes"
