"""The acts by which both parties settle a contract. Closing its file is in `closing`."""

import io
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.contracts import services as contracts
from pliego.contracts.models import Contract
from pliego.contracts.services import without_reason
from pliego.documents import services as documents
from pliego.execution import events, record
from pliego.execution.balances import balance_of
from pliego.execution.models import Settlement
from pliego.execution.paying import opened_for
from pliego.execution.policy import Act
from pliego.execution.states import SETTLEMENT
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry


@transaction.atomic
def draft_settlement(*, actor: Actor, contract_id: int, statement: str, at: datetime) -> Settlement:
    """Write what the record will say; whoever writes it does not sign it."""
    contract = opened_for(Act.DRAFT_SETTLEMENT, actor=actor, contract_id=contract_id)
    empty = Objection("statement_missing", _("Write what both parties state."), "statement")
    refuse_if_any(None if statement.strip() else empty)
    assert actor.user_id is not None
    told = {"statement": statement.strip(), "prepared_by_id": actor.user_id, "prepared_at": at}
    settlement, is_new = Settlement.objects.select_for_update(of=("self",)).get_or_create(
        contract=contract, defaults={**told, "currency": contract.value_currency}
    )
    if is_new:
        return settlement
    if settlement.state == "objected":
        SETTLEMENT.fire(settlement, "rework", at=at)
    elif settlement.state != "draft":
        raise Refused(Objection("wrong_state", _("The settlement is already signed.")))
    for name, value in told.items():
        setattr(settlement, name, value)
    settlement.save()
    return settlement


@transaction.atomic
def sign_settlement(*, actor: Actor, contract_id: int, at: datetime) -> Settlement:
    """The entity fixes the accounts in a record, signs it and puts it before the contractor."""
    contract, settlement = _held(Act.SIGN_SETTLEMENT, actor, contract_id)
    SETTLEMENT.fire(settlement, "sign", at=at)
    balance = balance_of(contract)
    settlement.paid_amount, settlement.released_amount = balance.disbursed, balance.to_pay
    settlement.document = documents.store(
        actor=actor,
        content=io.BytesIO(record.render(settlement, at=at)),
        name=f"liquidacion-{contract.code}.pdf",
        kind="settlement",
        file=contract.file,
        audience="participants",
        at=at,
    )
    documents.grant(document=settlement.document, account_ids=[contract.supplier_id], at=at)
    settlement.signed_by_id, settlement.signed_at, settlement.objection = actor.user_id, at, ""
    settlement.save()
    _announce(events.SettlementSigned, settlement, actor, at)
    return settlement


@transaction.atomic
def object_settlement(*, actor: Actor, contract_id: int, objection: str, at: datetime) -> Settlement:
    """The contractor does not agree, and says with what."""
    _contract, settlement = _held(Act.OBJECT_SETTLEMENT, actor, contract_id)
    refuse_if_any(without_reason(objection))
    SETTLEMENT.fire(settlement, "object", at=at)
    settlement.objection = objection.strip()
    settlement.save(update_fields=["state", "objection"])
    _announce(events.SettlementObjected, settlement, actor, at, objection=settlement.objection)
    return settlement


@transaction.atomic
def accept_settlement(*, actor: Actor, contract_id: int, at: datetime, reservations: str = "") -> Settlement:
    """The contractor agrees, but for what it reserves (salvedades): the contract is settled and the record public."""
    contract, settlement = _held(Act.ACCEPT_SETTLEMENT, actor, contract_id)
    SETTLEMENT.fire(settlement, "accept", at=at)
    refuse_if_any(accounts_moved(settlement))
    settlement.accepted_by_id, settlement.accepted_at = actor.user_id, at
    settlement.reservations = reservations.strip()
    settlement.save(update_fields=["state", "accepted_by", "accepted_at", "reservations"])
    settlement.contract = contracts.mark_settled(contract_id=contract.pk, at=at)
    assert settlement.document is not None
    documents.disclose(documents=[settlement.document], audience="public", at=at)
    before = Entry.objects.filter(file=contract.file, act__startswith="settlement.", subject_id=contract.pk)
    outbox.disclose(before.values_list("pk", flat=True), at)
    _announce(events.ContractSettled, settlement, actor, at, reservations=settlement.reservations)
    return settlement


def accounts_moved(settlement: Settlement) -> Objection | None:
    """The record that the entity signed fixes the accounts of that day: what moved since is not in it."""
    balance = balance_of(settlement.contract)
    if (settlement.paid_amount, settlement.released_amount) == (balance.disbursed, balance.to_pay):
        return None
    sentence = _(
        "Something was paid or modified since the entity signed: object to it, so that the entity draws it again."
    )
    return Objection("accounts_moved", sentence)


def _held(act: Act, actor: Actor, contract_id: int) -> tuple[Contract, Settlement]:
    contract = opened_for(act, actor=actor, contract_id=contract_id)
    rows = Settlement.objects.select_for_update(of=("self",)).select_related("document")
    if (settlement := rows.filter(contract=contract).first()) is None:
        raise Refused(Objection("settlement_missing", _("There is no settlement yet: draft it first.")))
    settlement.contract = contract
    return contract, settlement


def _announce(event: type[Event], settlement: Settlement, actor: Actor, at: datetime, **more: Any) -> None:
    contract, document = settlement.contract, settlement.document
    data = {
        "contract": contract.code,
        "value": str(contract.value_amount),
        "paid": str(settlement.paid_amount),
        "released": str(settlement.released_amount),
        **more,
    }
    hashes = (document.sha256,) if document else ()
    announced = event(file=contract.file, subject_id=contract.pk, data=data, documents=hashes)
    settlement.receipt = outbox.publish(announced, actor=actor, at=at)
