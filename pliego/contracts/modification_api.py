"""Modifications of a contract over the API: the same services as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import modifying, queries, versions
from pliego.contracts.api import Amount, Code, ContractReasonIn, Prose, found, router
from pliego.contracts.changes import KINDS
from pliego.contracts.models import Modification
from pliego.contracts.modifying import ModificationData
from pliego.contracts.turning import CAUSES
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
    effective_on: date | None = None
    resumes_on: Annotated[date | None, Field(description="Planned, of a suspension")] = None
    cause: Annotated[str, Field(max_length=16, description=f"Of an early termination: {', '.join(CAUSES)}")] = ""
    to: Annotated[str, Field(max_length=30, description="Who takes it over: NIT or code of its account")] = ""
    document: Annotated[str, Field(max_length=100, description="A finished upload “contract_document”")] = ""


class NewModification(Schema):
    model_config = example(kind="general")

    kind: Annotated[str, Field(max_length=12, description=", ".join(KINDS))]


class ChangedField(ninja.Schema):
    old: str
    new: str


class DemandOut(ninja.Schema):
    cover: str
    amount: Decimal
    ends_on: str
    grows: bool
    lasts_longer: bool
    of_the_new_party: bool


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
    effective_on: date | None
    resumes_on: date | None
    cause: str
    to: Annotated[str | None, Field(description="Who takes the contract over")]
    given_by: Annotated[str | None, Field(description="Whom it was taken over from, once it was")]
    guarantees: Annotated[list[DemandOut], Field(description="What it asks of the guarantees that there are")]
    document: str | None
    sent_at: datetime | None
    decided_at: datetime | None
    party_decided_at: datetime | None
    published_at: datetime | None
    version: int | None
    receipt: Receipt | None = None


def _modification_out(one: Modification) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ModificationOut.model_fields if name not in CODED}
    receipt = {"code": one.receipt.code, "url": one.receipt.url} if one.receipt else None
    return {**told, **{name: _code(getattr(one, path)) for name, path in CODED.items()}, "receipt": receipt}


CODED = {"document": "document", "to": "party", "given_by": "given_by", "receipt": "receipt"}


def _code(row: Any) -> str | None:
    return row.code if row else None


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


@router.post(f"{ONE}/take-over", response=ModificationOut, operation_id="take_contract_over")
def take_over(request: Request, code: str, number: int) -> dict[str, Any]:
    """Whoever would take the contract over accepts its assignment, from its own account."""
    return _modification_out(modifying.take_over(**_modification(request, code, number)))


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


class VersionOut(ninja.Schema):
    number: int
    at: datetime
    modification: Annotated[str | None, Field(description="None: as it was signed")]
    fields: dict[str, str]


class VersionsOut(ninja.Schema):
    versions: list[VersionOut]
    changed: Annotated[dict[str, ChangedField], Field(description="What differs between “old” and “new”")]


@router.get("/contracts/{code}/versions", response=VersionsOut, operation_id="list_contract_versions")
def list_versions(request: Request, code: str, old: str = "", new: str = "") -> dict[str, Any]:
    """Each version of a signed contract, and what differs between two: the first and the last, if none is said."""
    kept = versions.versions_of(found(request, code))
    first, last = versions.chosen(kept, old, new)
    pairs = [(row.field, first.fields[row.field], last.fields[row.field])
             for row in versions.compared(first, last) if row.is_other]  # fmt: skip
    told = [{"number": v.number, "at": v.at, "modification": _code(v.modification), "fields": v.fields} for v in kept]
    return {"versions": told, "changed": {name: {"old": was, "new": is_} for name, was, is_ in pairs}}
