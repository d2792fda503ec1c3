"""The acts on guarantees: the contractor submits, the entity approves or rejects with its reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pliego.contracts import events, rules
from pliego.contracts.holding import locked, opened_for
from pliego.contracts.models import Contract, Guarantee
from pliego.contracts.policy import POLICY, Act
from pliego.contracts.services import without_reason
from pliego.contracts.states import ALIVE, GUARANTEE
from pliego.documents import services as documents
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload


@dataclass(frozen=True)
class GuaranteeData:
    cover: str
    policy_number: str
    insurer: str
    amount: Decimal
    starts_on: date
    ends_on: date
    guarantee_class: str = "policy"


@transaction.atomic
def submit_guarantee(
    *, actor: Actor, contract_id: int, data: GuaranteeData, document: Upload, at: datetime
) -> Guarantee:
    """The contractor gives what covers one risk, with its document."""
    contract = opened_for(Act.SUBMIT_GUARANTEE, actor=actor, contract_id=contract_id)
    refuse_if_any(*rules.unknown_covers([data.cover]))
    refuse_if_any(
        rules.guarantee_is_short(contract, data.cover, data.amount),
        rules.guarantee_dates_are_wrong(contract, data.cover, data.starts_on, data.ends_on),
        _stands_already(contract, data.cover, at),
    )
    stored = documents.take(
        actor=actor,
        value=document,
        kind="guarantee",
        file=contract.file,
        audience="participants",
        at=at,
        field="document",
    )
    documents.grant(document=stored, account_ids=[contract.buyer_id, contract.supplier_id], at=at)
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            guarantee = Guarantee.objects.create(
                contract=contract,
                document=stored,
                currency=contract.value_currency,
                submitted_by_id=actor.user_id,
                submitted_at=at,
                **vars(data),
            )
    except IntegrityError:
        raise Refused(_already(data.cover)) from None
    _announce(events.GuaranteeSubmitted, guarantee, actor, at)
    return guarantee


def _already(cover: str) -> Objection:
    sentence = _("A guarantee with this cover is already waiting or approved.")
    return Objection("guarantee_exists", sentence, "cover")


def _stands_already(contract: Contract, cover: str, at: datetime) -> Objection | None:
    """One waits at a time; over an approved one another is sent only when it ends soon or falls short."""
    for standing in contract.guarantees.filter(cover=cover, state__in=["submitted", "approved"]):
        standing.contract = contract
        if standing.state == "submitted" or not rules.must_be_renewed(standing, at):
            return _already(cover)
    return None


@transaction.atomic
def approve_guarantee(*, actor: Actor, guarantee_id: int, at: datetime) -> Guarantee:
    """The entity accepts the cover; its document becomes public."""
    guarantee = _decided(actor, guarantee_id, "approve", at)
    for old in guarantee.contract.guarantees.select_for_update().filter(cover=guarantee.cover, state="approved"):
        GUARANTEE.fire(old, "replace", at=at)
        old.save(update_fields=["state"])
    guarantee.save(update_fields=["state", "decided_by", "decided_at"])
    documents.disclose(documents=[guarantee.document], audience="public", at=at)
    _announce(events.GuaranteeApproved, guarantee, actor, at)
    return guarantee


@transaction.atomic
def reject_guarantee(*, actor: Actor, guarantee_id: int, reason: str, at: datetime) -> Guarantee:
    """The entity does not accept the cover and says why; the contractor may submit another."""
    guarantee = _decided(actor, guarantee_id, "reject", at, without_reason(reason))
    guarantee.rejected_reason = reason.strip()
    guarantee.save(update_fields=["state", "decided_by", "decided_at", "rejected_reason"])
    _announce(events.GuaranteeRejected, guarantee, actor, at, reason=reason.strip())
    return guarantee


def _decided(actor: Actor, guarantee_id: int, act: str, at: datetime, objection: Objection | None = None) -> Guarantee:
    """The guarantee moved by the act, with the contract held first so that all acts on it wait for one another."""
    found = Guarantee.objects.filter(pk=guarantee_id).first()
    if found is None:
        raise Unknown()
    contract = locked(found.contract_id)
    POLICY.require(actor, Act.DECIDE_GUARANTEE, contract)
    guarantee = Guarantee.objects.select_for_update(of=("self",)).select_related("document").get(pk=guarantee_id)
    guarantee.contract = contract
    refuse_if_any(objection)
    GUARANTEE.fire(guarantee, act, at=at)
    guarantee.decided_by_id, guarantee.decided_at = actor.user_id, at
    return guarantee


def _announce(event: type[Event], guarantee: Guarantee, actor: Actor, at: datetime, **more: Any) -> None:
    contract = guarantee.contract
    told = {
        "contract": contract.code,
        "cover": guarantee.cover,
        "policy": guarantee.policy_number,
        "insurer": guarantee.insurer,
        "amount": str(guarantee.amount),
        "starts_on": guarantee.starts_on.isoformat(),
        "ends_on": guarantee.ends_on.isoformat(),
        **more,
    }
    announced = event(file=contract.file, subject_id=contract.pk, data=told, documents=(guarantee.document.sha256,))
    guarantee.receipt = outbox.publish(announced, actor=actor, at=at)


def watch(*, at: datetime) -> int:
    """Tell both parties of the guarantees that end soon or ended, each alert once; answers how many were told."""
    today = BusinessCalendar.day_of(at)
    near = Guarantee.objects.filter(state="approved", contract__state__in=ALIVE)
    near = near.filter(ends_on__lte=today + timedelta(days=rules.ALERTS[0]))
    return sum(_alert(pk, today, at) for pk in near.order_by("ends_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def _alert(guarantee_id: int, today: date, at: datetime) -> bool:
    rows = Guarantee.objects.select_for_update(of=("self",)).select_related("contract__tender", "document")
    guarantee = rows.get(pk=guarantee_id)
    if guarantee.state != "approved" or (alert := rules.alert_due(guarantee, today)) is None:
        return False
    guarantee.alerted = alert
    guarantee.save(update_fields=["alerted"])
    event = events.GuaranteeEnded if guarantee.ends_on < today else events.GuaranteeEnding
    _announce(event, guarantee, SYSTEM, at, about=str(guarantee.get_cover_display()))
    return True
