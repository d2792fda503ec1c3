"""Amendments (adendas): written by one person, published by another, each a new version of the pliego."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.methods.law import Stage
from pliego.tendering import halts, rules, sections, standard
from pliego.tendering.codes import CORRECTION_LAW
from pliego.tendering.events import StageOpened, TenderAmended, TenderCorrected
from pliego.tendering.models import Amendment, Milestone, Tender, TenderDocument, TenderVersion
from pliego.tendering.policy import Act
from pliego.tendering.sections import Section
from pliego.tendering.services.editing import waiting
from pliego.tendering.services.locking import opened_for, person
from pliego.tendering.services.questioning import kinds_of, stored
from pliego.tendering.snapshots import instants, iso, milestones_of, opening_of, snapshot_of
from pliego.tendering.states import AMENDMENT, TENDER
from pliego.web.fields import Upload

# What the table of states calls the act that opens a stage, by how the stage ends the process.
ACTS = {"": "advance", "finished": "end", "cancelled": "fail"}


def act_of(amendment: Amendment | None) -> str:
    """What the table of states calls the act in preparation."""
    if amendment is not None and amendment.kind == "correction":
        return "correct"
    if amendment is None or not amendment.stage:
        return "amend"
    return ACTS[amendment.tender.rulebook.stage(amendment.stage).ends]


@transaction.atomic
def draft_amendment(
    *,
    actor: Actor,
    tender_id: int,
    reason: str,
    milestones: dict[str, datetime],
    at: datetime,
    stage: str = "",
    binds: bool = False,
) -> Amendment:
    """Write an amendment, or the act that opens the next stage; or write anew the one in preparation. Nothing changes
    for anybody until another person publishes it. `binds`: it affects the offers, whatever the sections say."""
    tender = opened_for(Act.DRAFT_AMENDMENT, actor=actor, tender_id=tender_id)
    now = tender.schedule
    opened = _stage_to_open(tender, stage)
    moved = {code: due for code, due in milestones.items() if now.get(code) != due}
    missing = None if reason.strip() else Objection("missing", _("Write why the pliego changes."), "reason")
    refuse_if_any(missing, _wrong_dates(tender, opened, moved, at, is_draft=True))
    amendment = being_written(tender, "addendum", at)
    amendment.reason, amendment.prepared_by_id, amendment.stage = reason.strip(), person(actor), stage
    dates = {c: {"before": iso(now.get(c)), "after": iso(due)} for c, due in moved.items()}
    amendment.changes = {**amendment.changes, "milestones": dates, "binds": binds}
    amendment.save()
    return amendment


def being_written(tender: Tender, kind: str, at: datetime) -> Amendment:
    """The one in preparation, or a new one; only one is prepared at a time, of whatever kind."""
    found = tender.amendments.filter(state="draft").first()
    if found is not None and found.kind != kind:
        sentence = _("Something else is being prepared: an amendment or a correction. Publish it or discard it first.")
        raise Refused(Objection("another_is_written", sentence))
    return found or Amendment(tender=tender, number=next_number(tender), kind=kind, created_at=at)


def _stage_to_open(tender: Tender, code: str) -> Stage | None:
    if not code:
        return None
    found = next((stage for stage in tender.stages_to_open if stage.code == code), None)
    if found is None:
        raise Refused(Objection("wrong_stage", _("Choose a stage that follows the present one."), "stage"))
    return found


def _wrong_dates(
    tender: Tender, stage: Stage | None, moved: dict[str, datetime], at: datetime, *, is_draft: bool = False
) -> list[Objection]:
    """What stands against the dates. A draft of the act that opens a stage is judged at the hour planned for it."""
    if stage is None:
        return rules.amended_schedule_is_wrong(tender, moved, at)
    entry = rules.begins_with(tender, stage)
    planned = {**tender.schedule, **moved}.get(entry.code) if entry and is_draft else None
    return rules.opened_schedule_is_wrong(tender, stage, moved, max(at, planned or at))


def next_number(tender: Tender) -> int:
    return (tender.amendments.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def attach_to_amendment(
    *, actor: Actor, tender_id: int, kind: str, content: Upload, at: datetime, title: str = ""
) -> TenderDocument:
    """Add a document that the amendment in preparation brings in."""
    tender = opened_for(Act.DRAFT_AMENDMENT, actor=actor, tender_id=tender_id)
    amendment, known = waiting(tender), kinds_of(tender)
    if kind not in known:
        raise Refused(Objection("unknown_kind", _("Choose what this document is."), "kind"))
    document = stored(actor=actor, tender=tender, content=content, at=at)
    amendment.prepared_by_id = person(actor)
    amendment.save(update_fields=["prepared_by"])
    return TenderDocument.objects.create(
        tender=tender,
        document=document,
        kind=kind,
        title=(title or known[kind])[:200],
        amendment=amendment,
        added_at=at,
    )


@transaction.atomic
def discard_amendment(*, actor: Actor, tender_id: int, at: datetime) -> Amendment:
    """Give up the amendment in preparation."""
    tender = opened_for(Act.DRAFT_AMENDMENT, actor=actor, tender_id=tender_id)
    amendment = waiting(tender)
    AMENDMENT.fire(amendment, "discard", at=at)
    amendment.documents.all().delete()
    amendment.save(update_fields=["state"])
    return amendment


@transaction.atomic
def publish_amendment(*, actor: Actor, tender_id: int, at: datetime) -> Amendment:
    """Make the amendment public, or open the next stage: the pliego has a new version, with the new dates."""
    tender = opened_for(Act.PUBLISH_AMENDMENT, actor=actor, tender_id=tender_id)
    gates.require("addendum", tender, actor=actor)
    amendment = waiting(tender)
    brought = list(amendment.documents.select_related("document"))
    changes = amendment.changes.get("milestones", {})
    moved = instants({code: change["after"] for code, change in changes.items()})
    stage, changed = _stage_to_open(tender, amendment.stage), _changed_sections(tender, amendment)
    is_empty = not (moved or brought or stage or changed)
    empty = Objection("nothing_changes", _("The amendment changes nothing yet.")) if is_empty else None
    if stage and (entry := rules.begins_with(tender, stage)):
        moved[entry.code] = at
    act = act_of(amendment)
    refuse_if_any(empty, TENDER.objections(tender, act, at=at))
    wrong = halts.corrected_schedule_is_wrong(tender, moved, at) if amendment.defect else None
    refuse_if_any((wrong or _wrong_dates(tender, stage, moved, at)) if moved else None)
    _put(tender, changed, at)
    TENDER.fire(tender, act, at=at)
    AMENDMENT.fire(amendment, "publish", at=at)
    for code, due in moved.items():
        Milestone.objects.update_or_create(tender=tender, code=code, defaults={"due_at": due})
    if stage:
        tender.stage, tender.ended_at = stage.code, at if stage.ends else None
    amendment.changes = {**amendment.changes, "binds": amendment.binds}
    _keep(tender, amendment, brought, actor, at)
    documents.disclose(documents=[added.document for added in brought], audience="public", at=at)
    event = _announcement(tender, amendment, stage, brought)
    amendment.receipt = outbox.publish(event, actor=actor, at=at)
    return amendment


def _announcement(
    tender: Tender, amendment: Amendment, stage: Stage | None, brought: list[TenderDocument]
) -> TenderAmended | StageOpened | TenderCorrected:
    """What the log is told. A section may hold thousands of lines: the log keeps the marks of what it said and says,
    and the versions of the pliego keep both whole."""
    marks = {
        code: {when: sections.mark(content) for when, content in changed.items()}
        for code, changed in amendment.changes.get("sections", {}).items()
    }
    data = {
        "code": tender.code,
        "amendment": amendment.number,
        "reason": amendment.reason,
        "changes": {**amendment.changes, "sections": marks},
        "version": tender.version,
        "binding_version": tender.binding_version,
        "milestones": milestones_of(tender),
        "opening": opening_of(tender),
    }
    hashes = tuple(added.document.sha256 for added in brought)
    if stage is not None:
        data |= {"stage": stage.code, "stage_title": stage.title.es}
    if amendment.defect:
        data |= {"defect": amendment.defect, "legal_basis": CORRECTION_LAW}
    kind = StageOpened if stage else TenderCorrected if amendment.defect else TenderAmended
    return kind(file=tender.ocid, subject_id=tender.pk, data=data, documents=hashes)


def _changed_sections(tender: Tender, amendment: Amendment) -> dict[Section, Any]:
    """The sections that the amendment changes, each with its new content."""
    changed = amendment.changes.get("sections", {})
    found = {sections.get(code, tender): content["after"] for code, content in changed.items()}
    return {section: section.typed(after) for section, after in found.items()}


def _put(tender: Tender, changed: dict[Section, Any], at: datetime) -> None:
    """Write the new contents, and refuse what would leave a section of the public pliego incomplete."""
    for section, content in changed.items():
        of_document = standard.change_is_wrong(tender, section, sections.plain(content))
        refuse_if_any(section.wrong(tender, content), of_document)
    for section, content in changed.items():
        section.put(tender, content)
    refuse_if_any(*(section.lacks(tender, at) for section in changed))


def _keep(
    tender: Tender, amendment: Amendment, brought: list[TenderDocument], actor: Actor, at: datetime
) -> TenderVersion:
    amendment.approved_by_id, amendment.published_at = actor.user_id, at
    amendment.changes = {
        **amendment.changes,
        "documents": [{"title": a.title, "kind": a.kind, "sha256": a.document.sha256} for a in brought],
    }
    amendment.save()
    tender.version += 1
    if amendment.changes["binds"]:
        tender.binding_version = tender.version
    tender.save(update_fields=["state", "version", "binding_version", "stage", "ended_at"])
    return TenderVersion.objects.create(
        tender=tender, number=tender.version, amendment=amendment, snapshot=snapshot_of(tender), created_at=at
    )
