"""Writing a section whole, by several people at once; and who is at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.tendering import price_changes, sections, standard
from pliego.tendering.models import Amendment, PriceLine, PriceLoad, SectionVisit, Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.sections import Content, Section
from pliego.tendering.services.locking import AMENDED, edited, locked, opened_for, person

NO_AMENDMENT = _("Write first why the pliego changes: no amendment is being prepared.")
PRESENT = timedelta(seconds=45)  # who was seen later than this is at it now


@transaction.atomic
def save_section(*, actor: Actor, tender_id: int, part: str, content: Content, at: datetime, seen: str = "") -> Tender:
    """Replace the content of a section: in the draft, or in the amendment in preparation once the process is public.

    `seen` is the mark of the content that the writer had before them (`sections.mark`): when somebody saved another one
    meanwhile nothing is written, and the refusal says who.
    """
    tender = locked(tender_id)
    section = sections.get(part, tender)
    if tender.is_public:
        return _amend(actor, tender, section, content, seen)
    tender = edited(actor, tender_id, Act(section.act))
    unless_changed(tender, section.code, seen)
    data = section.typed(content)
    refuse_if_any(section.wrong(tender, data), standard.change_is_wrong(tender, section, sections.plain(data)))
    before = standard.of(tender)
    section.put(tender, data)
    note_saved(actor=actor, tender=tender, part=part, at=at)
    if standard.of(tender) != before:
        _follow_standard(actor, tender, at)
    return tender


def _follow_standard(actor: Actor, tender: Tender, at: datetime) -> None:
    """Fill what the standard document just chosen fixes. Without one, what it wrote stays and can be changed."""
    chosen = standard.of(tender)
    named = chosen.sections if chosen else ()
    for section in standard.fill(tender, [one for one in sections.of(tender) if one.code in named]):
        note_saved(actor=actor, tender=tender, part=section.code, at=at)


def _amend(actor: Actor, tender: Tender, section: Section, content: Content, seen: str) -> Tender:
    opened_for(Act.DRAFT_AMENDMENT, actor=actor, tender_id=tender.pk)
    if section.shape is None or not section.is_amendable:
        sentence = _("“%(section)s” cannot be changed here once the process is public.") % {"section": section.title}
        raise Refused(Objection("not_amendable", sentence))
    amendment = waiting(tender)
    unless_changed(tender, section.code, seen)
    data = section.typed(content)
    before, after = section.plain(tender), sections.plain(data)
    refuse_if_any(section.wrong(tender, data), standard.change_is_wrong(tender, section, after))
    changed = {**amendment.changes.get("sections", {}), section.code: {"before": before, "after": after}}
    if before == after:
        del changed[section.code]
    amendment.changes = {**amendment.changes, "sections": changed}
    amendment.prepared_by_id = person(actor)
    amendment.save(update_fields=["changes", "prepared_by"])
    return tender


@contextmanager
def amended(*, actor: Actor, tender_id: int, part: str) -> Iterator[None]:
    """Inside, the tables hold a section of a public process as its amendment in preparation leaves it, and the services
    of the draft write into them; afterwards they are as everybody knows them, and the amendment says what was written.
    """
    with transaction.atomic():
        tender = opened_for(Act.DRAFT_AMENDMENT, actor=actor, tender_id=tender_id)
        section, content = sections.get(part, tender), written(tender, sections.get(part, tender))
        waiting(tender)
        before = transaction.savepoint()
        section.put(tender, section.typed(content))
        token = AMENDED.set(tender_id)
        try:
            yield
        finally:
            AMENDED.reset(token)
        after = section.plain(Tender.objects.get(pk=tender_id))
        transaction.savepoint_rollback(before)
        if after != content:
            _amend(actor, Tender.objects.get(pk=tender_id), section, after, "")


def waiting(tender: Tender) -> Amendment:
    """The one amendment that is being written."""
    if (amendment := tender.amendments.select_for_update().filter(state="draft").first()) is None:
        raise Refused(Objection("wrong_state", NO_AMENDMENT))
    return amendment


def written(tender: Tender, section: Section) -> Content:
    """What a writer has before them: the amendment in preparation, or else what the section says now."""
    amendment = tender.amendments.filter(state="draft").first() if tender.is_public else None
    changed = (amendment.changes if amendment else {}).get("sections", {}).get(section.code)
    return changed["after"] if changed else section.plain(tender)


def seen_now(tender: Tender, part: str, question: int = 0, *, lines: bool = False) -> str:
    """The mark of what a writer has before them now, the whole section, one question of it, or the `lines` of its price
    list with the file that waits for it; none where a section has no content to compare."""
    if lines:
        rows = PriceLine.objects.filter(item__tender=tender, item__number=question).order_by("number")
        load = price_load(tender, question)
        present = price_changes.fingerprint(price_changes.row_of(line) for line in rows)
        return sections.mark({"lines": present, "load": load.code if load else ""})
    section = sections.get(part, tender)
    if question:
        found: dict[str, object] = dict(tender.items.filter(number=question).values().first() or {})
        return sections.mark(sections.plain({k: v for k, v in found.items() if k not in {"id", "tender_id"}}))
    if section.held is not None:
        return sections.mark(section.held(tender))
    return sections.mark(written(tender, section)) if section.shape is not None else ""


def price_load(tender: Tender, question: int) -> PriceLoad | None:
    """The file that was read for a price list and waits."""
    loads = PriceLoad.objects.filter(item__tender=tender, item__number=question)
    return loads.select_related("read_by").first()


def unless_changed(tender: Tender, part: str, seen: str, question: int = 0, *, lines: bool = False) -> None:
    """Refuse to write over what somebody else saved after the writer looked."""
    if seen and seen != seen_now(tender, part, question, lines=lines):
        load = price_load(tender, question) if lines else None
        raise Refused(Objection("edited_meanwhile", loaded(load) if load else _sentence(tender, part)))


def hold_section(*, tender_id: int, part: str, seen: str, question: int = 0, lines: bool = False) -> None:
    """Hold the process until the transaction of the caller ends, unless its section, or that question of it, is no
    longer as it was seen."""
    unless_changed(locked(tender_id), part, seen, question, lines=lines)


def loaded(load: PriceLoad) -> str:
    """Who read which rows for a price list, and when."""
    told = {"name": load.read_by.full_name, "at": instant(load.read_at), "file": load.name or gettext("pasted rows")}
    counted = ngettext("%(n)s row", "%(n)s rows", len(load.rows)) % {"n": len(load.rows)}
    sentence = gettext("%(name)s brought %(file)s (%(rows)s) for this list at %(at)s, and it waits to be looked at.")
    return sentence % {**told, "rows": counted}


def _sentence(tender: Tender, part: str) -> Any:
    saved = tender.visits.filter(part=part, saved_at__isnull=False).select_related("user")
    last: Any = saved.order_by("-saved_at").first()
    if last is None:
        return _("Somebody else saved this section after you opened it. Nothing was written over: compare both.")
    sentence = _("%(name)s saved this section at %(at)s, after you opened it. Nothing was written over: compare both.")
    return sentence % {"name": last.user.full_name, "at": instant(last.saved_at)}


def note_saved(*, actor: Actor, tender: Tender, part: str, at: datetime) -> None:
    """Write down who saved the section last."""
    tender.visits.update_or_create(part=part, user_id=person(actor), defaults={"seen_at": at, "saved_at": at})


@transaction.atomic
def visit_section(*, actor: Actor, tender_id: int, part: str, at: datetime) -> list[SectionVisit]:
    """Say that this person has the section before them; answers who else of the entity has, the last seen first."""
    if (tender := Tender.objects.visible_to(actor).filter(pk=tender_id).first()) is None:
        raise Unknown()
    POLICY.require(actor, Act.READ_DRAFT, tender)
    section = sections.get(part, tender)
    writes = POLICY.verdict(actor, Act(section.act), tender) or POLICY.verdict(actor, Act.DRAFT_AMENDMENT, tender)
    if writes and not tender.visits.filter(part=part, user_id=person(actor)).update(seen_at=at):
        locked(tender_id)  # before the new row, as who saves does: else each would wait for the other
        tender.visits.update_or_create(part=part, user_id=person(actor), defaults={"seen_at": at})
    others = tender.visits.filter(part=part, seen_at__gt=at - PRESENT).exclude(user_id=person(actor))
    return list(others.select_related("user").order_by("-seen_at", "id")[:5])
