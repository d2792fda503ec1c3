"""Modifications of a contract over the API: the same services as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import modifying, queries
from pliego.contracts.api import Amount, Code, ContractReasonIn, Prose, found, router
from pliego.contracts.models import Modification
from pliego.contracts.modifying import ModificationData
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request


class ModificationIn(Schema):
    model_config = example(reason="Se requieren más equipos", amount="1000000.00", budget_commitment="RP-99")

    reason: Prose = ""
    needs_supplier: bool = True
    amount: Amount | None = None
    ends_on: date | None = None
    budget_commitment: Code = ""
    object: Prose | None = None
    delivery_place: Annotated[str, Field(max_length=250)] | None = None
    payment_terms: Prose | None = None
    clauses: Annotated[str, Field(max_length=20_000)] | None = None
    document: Annotated[str, Field(max_length=100, description="A finished upload “contract_document”")] = ""


class NewModification(Schema):
    model_config = example(kind="general")

    kind: Annotated[str, Field(max_length=12, description="extension, addition, reduction or general")]


class ChangedField(ninja.Schema):
    old: str
    new: str


class ModificationOut(ninja.Schema):
    code: str
    number: int
    kind: str
    state: str
    needs_supplier: bool
    reason: str
    changes: dict[str, ChangedField]
    amount: Decimal | None
    days: int | None
    budget_commitment: str
    document: str | None
    sent_at: datetime | None
    decided_at: datetime | None
    published_at: datetime | None
    version: int | None
    receipt: Receipt | None = None


def _modification_out(one: Modification) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ModificationOut.model_fields if name not in {"document", "receipt"}}
    receipt = {"code": one.receipt.code, "url": one.receipt.url} if one.receipt else None
    return {**told, "document": one.document.code if one.document else None, "receipt": receipt}


def _modification(request: Request, code: str, number: int) -> dict[str, Any]:
    """What every act on a modification is called with."""
    rows = Modification.objects.visible_to(request.actor).filter(contract=found(request, code))
    one = get_visible(rows, number=number)
    return {"actor": request.actor, "modification_id": one.pk, "at": request.received_at}


@router.get("/contracts/{code}/modifications", response=list[ModificationOut], operation_id="list_modifications")
def list_modifications(request: Request, code: str) -> list[dict[str, Any]]:
    """The modifications of a contract, with the old and the new value of each field."""
    return [_modification_out(one) for one in queries.modifications_of(request.actor, found(request, code))]


@router.post("/contracts/{code}/modifications", response={201: ModificationOut}, operation_id="draft_modification")
def draft_modification(request: Request, code: str, payload: NewModification) -> Status[dict[str, Any]]:
    told: dict[str, Any] = {"actor": request.actor, "kind": payload.kind, "at": request.received_at}
    return Status(201, _modification_out(modifying.draft_modification(**told, contract_id=found(request, code).pk)))


@router.put("/contracts/{code}/modifications/{number}", response=ModificationOut, operation_id="edit_modification")
def edit_modification(request: Request, code: str, number: int, payload: ModificationIn) -> dict[str, Any]:
    """Of what is sent, only what the kind may change counts."""
    data = payload.dict()
    upload = data.pop("document")
    document = Upload(upload_id=upload) if upload else None
    told = {**_modification(request, code, number), "data": ModificationData(**data), "document": document}
    return _modification_out(modifying.edit_modification(**told))


ONE = "/contracts/{code}/modifications/{number}"


@router.post(f"{ONE}/send", response=ModificationOut, operation_id="send_modification")
def send_modification(request: Request, code: str, number: int) -> dict[str, Any]:
    return _modification_out(modifying.send_modification(**_modification(request, code, number)))


@router.post(f"{ONE}/accept", response=ModificationOut, operation_id="accept_modification")
def accept_modification(request: Request, code: str, number: int) -> dict[str, Any]:
    return _modification_out(modifying.accept_modification(**_modification(request, code, number)))


@router.post(f"{ONE}/reject", response=ModificationOut, operation_id="reject_modification")
def reject_modification(request: Request, code: str, number: int, payload: ContractReasonIn) -> dict[str, Any]:
    told = _modification(request, code, number)
    return _modification_out(modifying.reject_modification(**told, reason=payload.reason))


@router.post(f"{ONE}/rework", response=ModificationOut, operation_id="rework_modification")
def rework_modification(request: Request, code: str, number: int) -> dict[str, Any]:
    return _modification_out(modifying.rework_modification(**_modification(request, code, number)))


@router.post(f"{ONE}/discard", response=ModificationOut, operation_id="discard_modification")
def discard_modification(request: Request, code: str, number: int) -> dict[str, Any]:
    return _modification_out(modifying.discard_modification(**_modification(request, code, number)))


@router.post(f"{ONE}/publish", response=ModificationOut, operation_id="publish_modification")
def publish_modification(request: Request, code: str, number: int) -> dict[str, Any]:
    return _modification_out(modifying.publish_modification(**_modification(request, code, number)))
