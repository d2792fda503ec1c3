"""The acts on a modification of a signed contract: written, sent, accepted or rejected, published."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from pliego.authority import gates
from pliego.contracts import changes, covering, effects, events, turning, versions
from pliego.contracts.holding import locked, opened_for
from pliego.contracts.loading.columns import digits_of
from pliego.contracts.models import Contract, ContractVersion, Modification
from pliego.contracts.policy import MODIFICATION_POLICY, Act, ModificationAct
from pliego.contracts.services import announce, without_reason
from pliego.contracts.states import MODIFICATION
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties.models import Account
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
    effective_on: date | None = None
    resumes_on: date | None = None
    cause: str = ""
    to: str = ""  # NIT or code of the account that takes the contract over
    party: Account | None = None  # whose it is, once it was found


@transaction.atomic
def draft_modification(*, actor: Actor, contract_id: int, kind: str, at: datetime) -> Modification:
    """Begin a modification of a signed contract. One at a time: the next begins when this one is over."""
    contract = opened_for(Act.MODIFY, actor=actor, contract_id=contract_id)
    if kind not in changes.KINDS:
        raise Refused(Objection("unknown_kind", _("Choose the kind of modification."), "kind"))
    refuse_if_any(turning.is_out_of_place(contract, changes.KINDS[kind]))
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
    data = replace(data, party=_found(data.to) if "party" in kind.asks else None)
    found = changes.changes_of(contract, kind, data)
    below = Objection("amount_missing", _("Write the amount, above zero."), "amount")
    refuse_if_any(
        below if data.amount is not None and data.amount <= 0 else None,
        changes.end_is_wrong(contract, found) if kind.may_move_end else None,
    )
    modification.reason, modification.needs_supplier = data.reason.strip(), data.needs_supplier or kind.binds_all
    modification.amount = data.amount if kind.sign else None
    modification.budget_commitment = data.budget_commitment.strip() if kind.sign == 1 else ""
    for name, nothing in EMPTY.items():
        setattr(modification, name, getattr(data, name) if name in kind.asks else nothing)
    modification.changes, modification.days = found, changes.days_of(found)
    modification.guarantees = covering.kept(covering.demands(contract, kind, found))
    if document:
        told: dict[str, Any] = {"kind": "contract_document", "file": contract.file, "audience": "account"}
        modification.document = documents.take(actor=actor, value=document, at=at, field="document", **told)
    if actor.user_id is not None and actor.user_id not in modification.authors:
        modification.authors = [*modification.authors, actor.user_id]
    modification.save()
    return modification


EMPTY: dict[str, Any] = {"effective_on": None, "resumes_on": None, "cause": "", "party": None}


def _found(to: str) -> Account | None:
    """The supplier that a NIT or a code names; none while nothing is written."""
    if not (written := to.strip()):
        return None
    suppliers = Account.objects.filter(is_supplier=True).select_related("organization")
    number = digits_of(written)
    found = list(suppliers.filter(Q(code=written) | Q(organization__number=number, state="active"))[:2])
    if len(found) == 1:
        return found[0]
    sentence = _("No supplier has that code, or that number alone. Write the code of its account.")
    raise Refused(Objection("unknown_supplier", sentence, "to"))


@transaction.atomic
def send_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """Put it before the supplier, with its act."""
    modification = _held(ModificationAct.SEND, actor, modification_id)
    MODIFICATION.fire(modification, "send", at=at)
    modification.sent_at, modification.rejected_reason = at, ""
    modification.save(update_fields=["state", "sent_at", "rejected_reason"])
    assert modification.document is not None
    documents.disclose(documents=[modification.document], audience="participants", at=at)
    parties = [modification.contract.buyer_id, modification.contract.supplier_id, modification.party_id]
    documents.grant(document=modification.document, account_ids=[one for one in parties if one], at=at)
    _announce(events.ModificationSent, modification, actor, at)
    return modification


@transaction.atomic
def accept_modification(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """The supplier's representative is bound by it."""
    modification = _held(ModificationAct.ACCEPT, actor, modification_id)
    modification.decided_by_id, modification.decided_at = actor.user_id, at
    return _agreed(events.ModificationAccepted, modification, actor, at)


@transaction.atomic
def take_over(*, actor: Actor, modification_id: int, at: datetime) -> Modification:
    """The representative of whoever would take the contract over is bound by it, from the day of the assignment."""
    modification = _held(ModificationAct.TAKE_OVER, actor, modification_id)
    modification.party_decided_by_id, modification.party_decided_at = actor.user_id, at
    return _agreed(events.AssignmentTaken, modification, actor, at)


def _agreed(event: type[Event], modification: Modification, actor: Actor, at: datetime) -> Modification:
    """One of those who must accept it did; it is accepted when all of them have."""
    refuse_if_any(*MODIFICATION.objections(modification, "accept", at=at))
    if modification.has_every_agreement:
        MODIFICATION.fire(modification, "accept", at=at)
    modification.save(update_fields=["state", *AGREED])
    _announce(event, modification, actor, at)
    return modification


AGREED = ("decided_by", "decided_at", "party_decided_by", "party_decided_at")


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
    for name in AGREED:
        setattr(modification, name, None)
    modification.save(update_fields=["state", *AGREED])
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
    modification.guarantees = covering.kept(covering.demands(contract, modification.of, modification.changes))
    effects.apply(contract, modification, at)
    contract.save()
    _keep_version(contract, contract.version, at, modification)
    modification.published_at, modification.published_by_id = at, actor.user_id
    modification.save(update_fields=["state", "version", "given_by", "guarantees", "published_at", "published_by"])
    effects.carry_on(contract, modification)
    assert modification.document is not None
    documents.disclose(documents=[modification.document], audience="public", at=at)
    before = Entry.objects.filter(file=contract.file, act__in=UNTIL_PUBLISHED, subject_id=modification.pk)
    outbox.disclose(before.values_list("pk", flat=True), at)
    _announce(events.ModificationPublished, modification, actor, at, version=contract.version)
    if modification.of.ends:
        completed = {"completed_on": changes.written(contract.completed_on)}
        announce(events.ContractCompleted, contract, actor, at, **completed)
    return modification


UNTIL_PUBLISHED = (
    "modification.sent", "modification.accepted", "modification.rejected", "modification.reworked",
    "modification.taken_over",
)  # fmt: skip


def _held(act: ModificationAct, actor: Actor, modification_id: int) -> Modification:
    """The modification and its contract, both locked, the contract first, for who may do this now."""
    found = Modification.objects.filter(pk=modification_id).first()
    if found is None:
        raise Unknown()
    contract = locked(found.contract_id)
    rows = Modification.objects.select_for_update(of=("self",)).select_related("document", "party__organization")
    modification = rows.get(pk=found.pk)
    modification.contract = contract
    MODIFICATION_POLICY.require(actor, act, modification)
    return modification


def _keep_what_was_signed(contract: Contract) -> None:
    assert contract.signed_at is not None
    if not contract.versions.filter(number=contract.version).exists():
        _keep_version(contract, contract.version, contract.signed_at, None)


def _keep_version(contract: Contract, number: int, at: datetime, modification: Modification | None) -> None:
    told = {"modification": modification, "at": at, "snapshot": versions.snapshot_of(contract)}
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
        "about": str(modification.get_kind_display()),
        "effective_on": changes.written(modification.effective_on),
        "cause": modification.cause,
        "guarantees": modification.guarantees,
        "to": modification.party.code if modification.party else "",
        "given_by": modification.given_by.code if modification.given_by else "",
        **more,
    }
    hashes = (modification.document.sha256,) if modification.document else ()
    announced = event(file=contract.file, subject_id=modification.pk, data=data, documents=hashes)
    modification.receipt = outbox.publish(announced, actor=actor, at=at)
