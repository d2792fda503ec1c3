"""Filling a draft with what a process, or a template, says, section by section."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Text, refuse_if_any
from pliego.tendering import sections
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.sections import Content, Section
from pliego.tendering.services.editing import save_section
from pliego.tendering.services.locking import opened_for, person
from pliego.tendering.sources import Offer, Source

NOT_FOUND = _("There is no process of your entity, nor a public one, nor a template in use, with that code.")
Find = Callable[[Actor, str], Source | None]
Offers = Callable[[Actor], list[Offer]]
Keep = Callable[[Actor, Tender], tuple[str, Text] | None]
_known: list[tuple[Find, Offers, Keep]] = []


def register(find: Find, offers: Offers, keep: Keep) -> None:
    """Another kind of source, of a room above: how one is found by its code, those to choose from, and the page where
    this person makes one of a process."""
    _known.append((find, offers, keep))


def process_source(tender: Tender) -> Source:
    """What a process says now."""
    return Source(
        code=tender.code,
        title=tender.title,
        method=tender.method,
        method_version=tender.method_version,
        parts=tuple(section.code for section in sections.of(tender)),
        is_started=lambda part: sections.get(part).is_started(tender),
        content=lambda part: sections.get(part).plain(tender),
    )


def source_of(actor: Actor, code: str, field: str = "source") -> Source:
    """What to copy from: any process of one's own entity, a public one, or a template in use."""
    wanted = code.strip().upper()
    if (tender := Tender.objects.visible_to(actor).filter(code=wanted).first()) is not None:
        return process_source(tender)
    found = next(filter(None, (find(actor, wanted) for find, _offers, _keep in _known)), None)
    if found is None:
        raise Refused(Objection("unknown_process", NOT_FOUND, field))
    return found


def offers_to(actor: Actor, method: str = "") -> list[Offer]:
    """The sources that this person may choose from without knowing a code; those for a method, if it is said."""
    found = [offer for _find, offers, _keep in _known for offer in offers(actor)]
    return [offer for offer in found if not method or not offer.methods or method in offer.methods]


def pages_to_keep(actor: Actor, tender: Tender) -> list[tuple[str, Text]]:
    """Where this person makes a source of that process for others."""
    return [page for _find, _offers, keep in _known if (page := keep(actor, tender))]


def parts_to_copy(tender: Tender, source: Source) -> list[Section]:
    """The sections that both have and that may go from one to the other."""
    return [s for s in sections.of(tender) if s.shape and s.code in source.parts and s.copies(tender, source)]


@transaction.atomic
def copy_from(
    *,
    actor: Actor,
    tender_id: int,
    source_code: str,
    at: datetime,
    parts: Sequence[str] | None = None,
    field: str = "source",
) -> list[Section]:
    """Put in the draft what the other one says: of the sections named, or of all that say something there. What is
    each process's own (its name, its certificate, its dates) stays as it is in the draft, which remembers from where
    each section came."""
    tender = opened_for(Act.COPY, actor=actor, tender_id=tender_id)
    source = source_of(actor, source_code, field)
    refuse_if_any(source.does_not_fit(tender, field))
    known = {section.code: section for section in parts_to_copy(tender, source)}
    if unknown := [part for part in parts or () if part not in known]:
        sentence = _("These sections cannot be copied from there: %(names)s.")
        raise Refused(Objection("not_copied", sentence % {"names": ", ".join(unknown)}, "parts"))
    mine = [s for s in known.values() if POLICY.verdict(actor, Act(s.act), tender) and source.is_started(s.code)]
    chosen = mine if parts is None else [known[part] for part in parts]
    if not chosen:
        raise Refused(Objection("nothing_to_copy", _("Choose at least one section."), "parts"))
    for section in chosen:
        content = _content(section, tender, source)
        save_section(actor=actor, tender_id=tender_id, part=section.code, content=content, at=at)
        _remember(tender, section, source, actor, at)
    return chosen


def _remember(tender: Tender, section: Section, source: Source, actor: Actor, at: datetime) -> None:
    told = {"source": source.code, "version": source.version, "title": source.title[:200]}
    by = {"copied_by_id": person(actor), "copied_at": at}
    tender.origins.update_or_create(part=section.code, defaults={**told, **by})


def _content(section: Section, tender: Tender, source: Source) -> Content:
    kept: dict[str, Any] = {name: value for name, value in section.plain(tender).items() if name in section.own}
    return {**source.content(section.code), **kept}
