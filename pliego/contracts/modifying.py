"""The acts on a modification of a signed contract: written, sent, accepted or rejected, published."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.authority import gates
from pliego.contracts import changes, events
from pliego.contracts.holding import locked, opened_for
from pliego.contracts.models import Contract, ContractVersion, Modification
from pliego.contracts.policy import MODIFICATION_POLICY, Act, ModificationAct
from pliego.contracts.services import without_reason
from pliego.contracts.states import MODIFICATION
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.web.fields import Upload


@dataclass(frozen=True, kw_only=True)
class ModificationData:
    """What is typed; of it, only what the kind may change counts. A text that is None stays as it is."""

    reason: str = ""
    needs_supplier: bool = True
    amount: Decimal | None = None
    ends_on: date | None = None
    budget_commitment: str = ""
    object: str | None = None
    delivery_place: str | None = None
    payment_terms: str | None = None
    clauses: str | None = None


@transaction.atomic
def draft_modification(*, actor: Actor, contract_id: int, kind: str, at: datetime) -> Modification:
    """Begin a modification of a signed contract. One at a time: the next begins when this one is over."""
    contract = opened_for(Act.MODIFY, actor=actor, contract_id=contract_id)
    if kind not in changes.KINDS:
        raise Refused(Objection("unknown_kind", _("Choose the kind of modification."), "kind"))
    last = contract.modifications.aggregate(last=Max("number"))["last"] or 0
    told: dict[str, Any] = {"contract": contract, "number": last + 1, "kind": kind, "created_at": at}
    try:
        with transaction.atomic():
            code = next_public_id("modification")
            return Modification.objects.create(code=code, authors=[actor.user_id], **told)
    except IntegrityError as error:
        sentence = _("Another modification of this contract is on its way: publish it or discard it first.")
        raise Refused(Objection("one_at_a_time", sentence, "kind")) from error


@transaction.atomic
def edit_modification(
    *, actor: Actor, modification_id: int, data: ModificationData, at: datetime, document: Upload | None = None
) -> Modification:
    """Change the draft; what is still missing is told when it is sent."""
    modification = _held(ModificationAct.EDIT, actor, modification_id)
    contract, kind = modification.contract, modification.of
    found = changes.changes_of(contract, kind, data)
    below = Objection("amount_missing", _("Write the amount, above zero."), "amount")
    refuse_if_any(
        below if data.amount is not None and data.amount <= 0 else None, changes.end_is_wrong(contract, found)
    )
    modification.reason, modification.needs_supplier = data.reason.strip(), data.needs_supplier
    modification.amount = data.amount if kind.sign else None
    modification.budget_commitment = data.budget_commitment.strip() if kind.sign == 1 else ""
    modification.changes = found
    moved = "ends_on" in found and data.ends_on and contract.ends_on
    modification.days = (data.ends_on - contract.ends_on).days if moved and data.ends_on and contract.ends_on else None
    if document:
        told: dict[str, Any] = {"kind": "contract_document", "file": contract.file, "audience": "account"}
        modification.document = documents.take(actor=actor, value=document, at=at, field="document", **told)
    if actor.user_id is not None and actor.user_id not in modification.authors:
        modification.authors = [*modification.authors, actor.user_id]
    modification.save()
    return modification


@transaction.atomic
def send_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """Put it before the supplier, with its act."""
    modification = _held(ModificationAct.SEND, actor, modification_id)
    MODIFICATION.fire(modification, "send", at=at)
    modification.sent_at, modification.rejected_reason = at, ""
    modification.save(update_fields=["state", "sent_at", "rejected_reason"])
    assert modification.document is not None
    documents.disclose(documents=[modification.document], audience="participants", at=at)
    parties = [modification.contract.buyer_id, modification.contract.supplier_id]
    documents.grant(document=modification.document, account_ids=parties, at=at)
    _announce(events.ModificationSent, modification, actor, at)
    return modification


@transaction.atomic
def accept_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """The supplier's representative is bound by it."""
    modification = _held(ModificationAct.ACCEPT, actor, modification_id)
    MODIFICATION.fire(modification, "accept", at=at)
    modification.decided_by_id, modification.decided_at = actor.user_id, at
    modification.save(update_fields=["state", "decided_by", "decided_at"])
    _announce(events.ModificationAccepted, modification, actor, at)
    return modification


@transaction.atomic
def reject_modification(*, actor: Actor, modification_id: int, reason: str, at: datetime) -> Modification:
    """The supplier says no, and why."""
    modification = _held(ModificationAct.REJECT, actor, modification_id)
    refuse_if_any(without_reason(reason))
    MODIFICATION.fire(modification, "reject", at=at)
    modification.rejected_reason = reason.strip()
    modification.save(update_fields=["state", "rejected_reason"])
    _announce(events.ModificationRejected, modification, actor, at, reason=modification.rejected_reason)
    return modification


@transaction.atomic
def rework_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """Take it back to change it: what the supplier accepted no longer counts."""
    modification = _held(ModificationAct.REWORK, actor, modification_id)
    MODIFICATION.fire(modification, "rework", at=at)
    modification.decided_by, modification.decided_at = None, None
    modification.save(update_fields=["state", "decided_by", "decided_at"])
    _announce(events.ModificationReworked, modification, actor, at)
    return modification


@transaction.atomic
def discard_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """Give it up; the contract stays as it is."""
    modification = _held(ModificationAct.DISCARD, actor, modification_id)
    MODIFICATION.fire(modification, "discard", at=at)
    modification.save(update_fields=["state"])
    return modification


@transaction.atomic
def publish_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """The authorising officer binds the entity: the contract is another version from now on, and everybody sees it."""
    modification = _held(ModificationAct.PUBLISH, actor, modification_id)
    gates.require("modification", modification, actor=actor)
    MODIFICATION.fire(modification, "publish" if modification.state == "accepted" else "publish_alone", at=at)
    contract = modification.contract
    _keep_what_was_signed(contract)
    for field, change in modification.changes.items():
        setattr(contract, field, changes.value_of(field, change["new"]))
    if modification.of.sign == 1 and modification.amount is not None:
        contract.budget_commitment = f"{contract.budget_commitment}, {modification.budget_commitment}"[:60]
        contract.budget_commitment_amount = (contract.budget_commitment_amount or Decimal(0)) + modification.amount
    contract.version += 1
    contract.save()
    _keep_version(contract, contract.version, at, modification)
    modification.version, modification.published_at = contract.version, at
    modification.published_by_id = actor.user_id
    modification.save(update_fields=["state", "version", "published_at", "published_by"])
    assert modification.document is not None
    documents.disclose(documents=[modification.document], audience="public", at=at)
    before = Entry.objects.filter(file=contract.file, act__in=UNTIL_PUBLISHED, subject_id=modification.pk)
    outbox.disclose(before.values_list("pk", flat=True), at)
    _announce(events.ModificationPublished, modification, actor, at, version=contract.version)
    return modification


UNTIL_PUBLISHED = ("modification.sent", "modification.accepted", "modification.rejected", "modification.reworked")


def _held(act: ModificationAct, actor: Actor, modification_id: int) -> Modification:
    """The modification and its contract, both locked, the contract first, for who may do this now."""
    found = Modification.objects.filter(pk=modification_id).first()
    if found is None:
        raise Unknown()
    contract = locked(found.contract_id)
    modification = Modification.objects.select_for_update(of=("self",)).select_related("document").get(pk=found.pk)
    modification.contract = contract
    MODIFICATION_POLICY.require(actor, act, modification)
    return modification


def _keep_what_was_signed(contract: Contract) -> None:
    assert contract.signed_at is not None
    if not contract.versions.filter(number=contract.version).exists():
        _keep_version(contract, contract.version, contract.signed_at, None)


def _keep_version(contract: Contract, number: int, at: datetime, modification: Modification | None) -> None:
    snapshot = {name: changes.written(getattr(contract, name)) for name in changes.KEPT}
    told = {"modification": modification, "at": at, "snapshot": snapshot}
    ContractVersion.objects.create(contract=contract, number=number, **told)


def _announce(event: type[Event], modification: Modification, actor: Actor, at: datetime, **more: Any) -> None:
    contract = modification.contract
    data = {
        "contract": contract.code,
        "modification": modification.code,
        "number": modification.number,
        "kind": modification.kind,
        "changes": modification.changes,
        "reason": modification.reason,
        "amount": "" if modification.amount is None else str(modification.amount),
        "currency": contract.value_currency,
        "days": modification.days,
        "needs_supplier": modification.needs_supplier,
        **more,
    }
    hashes = (modification.document.sha256,) if modification.document else ()
    announced = event(file=contract.file, subject_id=modification.pk, data=data, documents=hashes)
    modification.receipt = outbox.publish(announced, actor=actor, at=at)
