"""The record of the start over the API: the same services as the pages."""

from datetime import date, datetime
from typing import Any

import ninja

from pliego.contracts import services
from pliego.contracts.api import ContractReasonIn, StartIn, found, router
from pliego.contracts.starting import drawing
from pliego.contracts.starting.models import StartRecord
from pliego.kernel.objections import Refused
from pliego.parties.models import Membership
from pliego.web.api import Receipt
from pliego.web.http import Request


class StartRecordOut(ninja.Schema):
    contract: str
    number: int
    state: str
    supervisor: str
    starts_on: date
    document: str
    signed_at: datetime | None
    accepted_at: datetime | None
    objection: str


class StartRecordDone(ninja.Schema):
    record: StartRecordOut
    receipt: Receipt


def _done(row: StartRecord) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in StartRecordOut.model_fields}
    told |= {"contract": row.contract.code, "supervisor": row.supervisor.code, "document": row.document.code}
    assert row.receipt is not None
    return {"record": told, "receipt": {"code": row.receipt.code, "url": row.receipt.url}}


@router.post("/contracts/{code}/start-record", response=StartRecordDone, operation_id="draw_start_record")
def draw_start_record(request: Request, code: str, payload: StartIn) -> dict[str, Any]:
    """Fix the supervisor and the first day; both parties sign it then."""
    contract = found(request, code)
    place = Membership.objects.filter(account_id=contract.buyer_id, user__code=payload.supervisor).first()
    if place is None:
        raise Refused(services.not_a_supervisor())
    done = drawing.draw_start_record(
        actor=request.actor,
        contract_id=contract.pk,
        supervisor_id=place.user_id,
        starts_on=payload.starts_on,
        at=request.received_at,
    )
    return _done(done)


@router.post("/contracts/{code}/start-record/sign", response=StartRecordDone, operation_id="sign_start_record")
def sign_start_record(request: Request, code: str) -> dict[str, Any]:
    contract = found(request, code)
    return _done(drawing.sign_start_record(actor=request.actor, contract_id=contract.pk, at=request.received_at))


@router.post("/contracts/{code}/start-record/accept", response=StartRecordDone, operation_id="accept_start_record")
def accept_start_record(request: Request, code: str) -> dict[str, Any]:
    """The signature of the contractor: the contract starts."""
    contract = found(request, code)
    return _done(drawing.accept_start_record(actor=request.actor, contract_id=contract.pk, at=request.received_at))


@router.post("/contracts/{code}/start-record/object", response=StartRecordDone, operation_id="object_start_record")
def object_start_record(request: Request, code: str, payload: ContractReasonIn) -> dict[str, Any]:
    contract = found(request, code)
    return _done(
        drawing.object_start_record(
            actor=request.actor, contract_id=contract.pk, reason=payload.reason, at=request.received_at
        )
    )
