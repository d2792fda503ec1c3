"""From the draft to the public process: two people, one of whom wrote none of it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from pliego.authority import gates
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.ledger import outbox
from pliego.tendering import reinforcing
from pliego.tendering.events import TenderDiscarded, TenderPublished, TenderReturned, TenderSubmitted
from pliego.tendering.models import CustodianKey, Milestone, Tender, TenderVersion
from pliego.tendering.policy import Act
from pliego.tendering.services.locking import opened_for, person
from pliego.tendering.snapshots import opening_of, snapshot_of
from pliego.tendering.states import TENDER


@transaction.atomic
def submit_for_approval(*, actor: Actor, tender_id: int, at: datetime) -> Tender:
    """Send the finished draft to whoever approves; from now on nobody edits it."""
    tender = opened_for(Act.SUBMIT, actor=actor, tender_id=tender_id)
    TENDER.fire(tender, "submit", at=at)
    tender.submitted_at, tender.returned_reasons = at, ""
    if person(actor) not in tender.authors:
        tender.authors = [*tender.authors, person(actor)]
    tender.save(update_fields=["state", "submitted_at", "returned_reasons", "authors"])
    event = TenderSubmitted(file=tender.ocid, subject_id=tender.pk, data={"code": tender.code, "title": tender.title})
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender


@transaction.atomic
def return_to_draft(*, actor: Actor, tender_id: int, reasons: str, at: datetime) -> Tender:
    """Give the pliego back to its authors, with what they must mend."""
    tender = opened_for(Act.RETURN, actor=actor, tender_id=tender_id)
    TENDER.fire(tender, "return", at=at)
    tender.returned_reasons = reasons
    tender.save(update_fields=["state", "returned_reasons"])
    data = {"code": tender.code, "title": tender.title, "reasons": reasons}
    event = TenderReturned(file=tender.ocid, subject_id=tender.pk, data=data)
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender


@transaction.atomic
def discard_draft(*, actor: Actor, tender_id: int, reason: str, at: datetime) -> Tender:
    """Give up a draft that was never public."""
    tender = opened_for(Act.DISCARD, actor=actor, tender_id=tender_id)
    TENDER.fire(tender, "discard", at=at)
    tender.ended_at, tender.ending_reason = at, reason
    tender.save(update_fields=["state", "ended_at", "ending_reason"])
    data = {"code": tender.code, "title": tender.title, "reason": reason}
    event = TenderDiscarded(file=tender.ocid, subject_id=tender.pk, data=data)
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender


@transaction.atomic
def publish_tender(*, actor: Actor, tender_id: int, at: datetime) -> Tender:
    """Make the pliego public, fix who can open the offers, and start the clock of its method."""
    tender = opened_for(Act.PUBLISH, actor=actor, tender_id=tender_id)
    gates.require("publication", tender, actor=actor)
    tender.approved_by_id = actor.user_id
    if tender.has_bidding:
        _take_custodian_key(tender)
    TENDER.fire(tender, "publish", at=at)
    Milestone.objects.update_or_create(tender=tender, code=tender.rulebook.start.code, defaults={"due_at": at})
    tender.notice_code, tender.phase_code = next_public_id("notice"), next_public_id("phase")
    tender.published_at, tender.version, tender.binding_version = at, 1, 1
    tender.reinforced_with = reinforcing.fixed_now(tender)
    tender.save()
    _fix_recipients(tender)
    documents.disclose(documents=[a.document for a in attached(tender)], audience="public", at=at)
    TenderVersion.objects.create(tender=tender, number=1, snapshot=snapshot_of(tender), created_at=at)
    event = TenderPublished(
        file=tender.ocid, subject_id=tender.pk, data=_announcement(tender), documents=hashes(tender)
    )
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender


def attached(tender: Tender) -> list[Any]:
    return list(tender.documents.select_related("document"))


def hashes(tender: Tender) -> tuple[str, ...]:
    return tuple(attachment.document.sha256 for attachment in attached(tender))


def _take_custodian_key(tender: Tender) -> None:
    """Give the process the next recipient that the time custodian announced; each is for one process only."""
    key = CustodianKey.objects.free().select_for_update(skip_locked=True).first()
    if key is not None:
        key.tender = tender
        key.save(update_fields=["tender"])
        tender.custodian_number, tender.custodian_recipient = key.number, key.recipient


def _fix_recipients(tender: Tender) -> None:
    """Write down the key of each member as it is now: offers are sealed to these and to no later ones."""
    members = list(tender.opening_members.all())
    keys = tender.recipients_of(member.user_id for member in members)
    for member in members:
        member.recipient = keys[member.user_id]
        member.save(update_fields=["recipient"])


def _announcement(tender: Tender) -> dict[str, Any]:
    snapshot = snapshot_of(tender)
    kept = ("code", "notice", "phase", "title", "buyer", "buyer_nit", "method", "method_version", "value", "milestones")
    return {**{key: snapshot[key] for key in kept}, "version": 1, "opening": opening_of(tender)}
