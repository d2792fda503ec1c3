"""The acts of the record of the start: drawn by the entity, signed by the supervisor and by the contractor."""

import io
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.contracts import events, rules
from pliego.contracts.holding import opened_for
from pliego.contracts.models import Contract
from pliego.contracts.policy import Act
from pliego.contracts.services import does_not_supervise, put_in_performance, without_reason
from pliego.contracts.starting import record
from pliego.contracts.starting.models import StartRecord
from pliego.contracts.states import CONTRACT, STANDING_RECORDS, START_RECORD
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry

HIDDEN = ("start_record.drawn", "start_record.signed", "start_record.objected")


@transaction.atomic
def draw_start_record(
    *, actor: Actor, contract_id: int, supervisor_id: int | None, starts_on: date, at: datetime
) -> StartRecord:
    """Fix the supervisor and the first day in a record, when nothing else holds the start back."""
    contract = opened_for(Act.DRAW_START, actor=actor, contract_id=contract_id)
    contract.supervisor_id = supervisor_id
    refuse_if_any(
        *held_back(contract, at),
        does_not_supervise(contract, supervisor_id),
        rules.starts_before_the_signature(contract, starts_on),
    )
    assert supervisor_id is not None
    _discard_the_last(contract, at)
    row = StartRecord(
        contract=contract, number=(contract.start_records.aggregate(last=Max("number"))["last"] or 0) + 1,
        supervisor_id=supervisor_id, starts_on=starts_on, drawn_by_id=actor.user_id or 0, drawn_at=at,
    )  # fmt: skip
    row.document = documents.store(
        actor=actor, content=io.BytesIO(record.render(row, at=at)), at=at, kind="start_record", file=contract.file,
        name=f"acta-de-inicio-{contract.code}-{row.number}.pdf", audience="participants",
    )  # fmt: skip
    documents.grant(document=row.document, account_ids=[contract.supplier_id], at=at)
    row.save()
    _announce(events.StartRecordDrawn, row, actor, at, tell=[row.supervisor.code])
    return row


def held_back(contract: Contract, at: datetime) -> list[Objection]:
    """What holds the start back besides the record itself."""
    return [one for one in CONTRACT.objections(contract, "start", at=at) if one.code != "start_record_missing"]


def _discard_the_last(contract: Contract, at: datetime) -> None:
    for row in contract.start_records.select_for_update().filter(state__in=STANDING_RECORDS):
        START_RECORD.fire(row, "discard", at=at)
        row.save(update_fields=["state"])


@transaction.atomic
def sign_start_record(*, actor: Actor, contract_id: int, at: datetime) -> StartRecord:
    """The supervisor signs what was drawn, and it goes to the contractor."""
    row = _held(Act.SIGN_START, actor, contract_id)
    START_RECORD.fire(row, "sign", at=at)
    row.signed_at = at
    row.save(update_fields=["state", "signed_at"])
    _announce(events.StartRecordSigned, row, actor, at)
    return row


@transaction.atomic
def object_start_record(*, actor: Actor, contract_id: int, reason: str, at: datetime) -> StartRecord:
    """The contractor does not sign, and says why; the entity draws another."""
    row = _held(Act.OBJECT_START, actor, contract_id)
    refuse_if_any(without_reason(reason))
    START_RECORD.fire(row, "object", at=at)
    row.objection = reason.strip()
    row.save(update_fields=["state", "objection"])
    _announce(events.StartRecordObjected, row, actor, at, reason=row.objection)
    return row


@transaction.atomic
def accept_start_record(*, actor: Actor, contract_id: int, at: datetime) -> StartRecord:
    """The contractor signs: the contract starts on the day of the record, which is public."""
    row = _held(Act.ACCEPT_START, actor, contract_id)
    contract = row.contract
    START_RECORD.fire(row, "accept", at=at)
    row.accepted_by_id, row.accepted_at = actor.user_id, at
    row.save(update_fields=["state", "accepted_by", "accepted_at"])
    contract.supervisor_id = row.supervisor_id
    refuse_if_any(does_not_supervise(contract, row.supervisor_id))
    documents.disclose(documents=[row.document], audience="public", at=at)
    before = Entry.objects.filter(file=contract.file, act__in=HIDDEN, subject_id=contract.pk)
    outbox.disclose(before.values_list("pk", flat=True), at)
    _announce(events.StartRecordAccepted, row, actor, at)
    put_in_performance(contract, row.starts_on, actor, at)
    return row


def _held(act: Act, actor: Actor, contract_id: int) -> StartRecord:
    """The record that stands, with its contract held first."""
    contract = opened_for(act, actor=actor, contract_id=contract_id)
    rows = StartRecord.objects.select_for_update(of=("self",)).select_related("document", "supervisor")
    row = rows.filter(contract=contract, state__in=STANDING_RECORDS).first()
    if row is None:
        raise Refused(Objection("no_start_record", _("There is no record of the start yet: draw it first.")))
    row.contract = contract
    return row


def _announce(event: type[Event], row: StartRecord, actor: Actor, at: datetime, **more: Any) -> None:
    contract = row.contract
    told = {
        "contract": contract.code, "number": row.number, "starts_on": row.starts_on.isoformat(),
        "supervisor": row.supervisor.full_name, **more,
    }  # fmt: skip
    made = event(file=contract.file, subject_id=contract.pk, data=told, documents=(row.document.sha256,))
    row.receipt = outbox.publish(made, actor=actor, at=at)
