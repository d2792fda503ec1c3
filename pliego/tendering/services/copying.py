"""Filling a draft with what another process says, section by section."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused
from pliego.tendering import sections
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.sections import Content, Section
from pliego.tendering.services.editing import save_section
from pliego.tendering.services.locking import opened_for

NOT_FOUND = _("There is no process of your entity, nor a public one, with that code.")


def source_of(actor: Actor, code: str, field: str = "source") -> Tender:
    """The process to copy from: any of one's own entity, or a public one."""
    found = Tender.objects.visible_to(actor).filter(code=code.strip().upper()).first()
    if found is None:
        raise Refused(Objection("unknown_process", NOT_FOUND, field))
    return found


def parts_to_copy(tender: Tender, source: Tender) -> list[Section]:
    """The sections that both have and that may go from one to the other."""
    theirs = {section.code for section in sections.of(source)}
    return [s for s in sections.of(tender) if s.shape and s.code in theirs and s.copies(tender, source)]


@transaction.atomic
def copy_from(
    *, actor: Actor, tender_id: int, source_code: str, at: datetime, parts: Sequence[str] | None = None
) -> list[Section]:
    """Put in the draft what the other process says: of the sections named, or of all that say something there. What is
    each process's own (its name, its certificate, its dates) stays as it is in the draft."""
    tender = opened_for(Act.COPY, actor=actor, tender_id=tender_id)
    source = source_of(actor, source_code)
    known = {section.code: section for section in parts_to_copy(tender, source)}
    if unknown := [part for part in parts or () if part not in known]:
        sentence = _("These sections cannot be copied from that process: %(names)s.")
        raise Refused(Objection("not_copied", sentence % {"names": ", ".join(unknown)}, "parts"))
    mine = [s for s in known.values() if POLICY.verdict(actor, Act(s.act), tender) and s.is_started(source)]
    chosen = mine if parts is None else [known[part] for part in parts]
    if not chosen:
        raise Refused(Objection("nothing_to_copy", _("Choose at least one section."), "parts"))
    for section in chosen:
        save_section(
            actor=actor, tender_id=tender_id, part=section.code, content=_content(section, tender, source), at=at
        )
    return chosen


def _content(section: Section, tender: Tender, source: Tender) -> Content:
    kept: dict[str, Any] = {name: value for name, value in section.plain(tender).items() if name in section.own}
    return {**section.plain(source), **kept}
