"""Contracts over the API: the same services as the pages."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Query, Status

from pliego.contracts import files, guarantees, queries, services
from pliego.contracts.changes import HAPPENED
from pliego.contracts.guarantees import GuaranteeData
from pliego.contracts.models import Contract, Guarantee
from pliego.contracts.services import ContractData
from pliego.contracts.states import CONTRACT
from pliego.kernel.objections import Refused
from pliego.parties.models import Membership
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["contracts"])
AT_ONCE = 100

Code = Annotated[str, Field(max_length=60)]
Name = Annotated[str, Field(max_length=200)]
Prose = Annotated[str, Field(max_length=4000)]
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]


class ContractIn(Schema):
    model_config = example(number="CTO-014-2026", payment_terms="Un pago a los treinta días del recibo")

    number: Code | None = None
    title: Name | None = None
    object: Prose | None = None
    duration: int | None = None
    duration_unit: Code | None = None
    delivery_place: Annotated[str, Field(max_length=250)] | None = None
    payment_terms: Prose | None = None
    clauses: Annotated[str, Field(max_length=20_000)] | None = None
    budget_certificate: Code | None = None
    covers: Annotated[list[Code], Field(max_length=20)] | None = None
    has_settlement: bool | None = None


class ContractReasonIn(Schema):
    model_config = example(reason="El plazo no es el de la oferta")

    reason: Prose


class ContractSignature(Schema):
    model_config = example(budget_commitment="RP-88", budget_commitment_amount="38000000.00")

    budget_commitment: Code = ""
    budget_commitment_amount: Annotated[Amount | None, Field(description="None where the entity sells")] = None


class StartIn(Schema):
    model_config = example(supervisor="USR-1", starts_on="2026-03-02")

    supervisor: Annotated[str, Field(max_length=20, description="Code of a person with the role of supervisor")]
    starts_on: date


class CompleteIn(Schema):
    model_config = example(completed_on="2026-03-02")

    completed_on: date


class GuaranteeIn(Schema):
    model_config = example(
        cover="performance",
        policy_number="POL-1",
        insurer="Aseguradora de Ejemplo",
        amount="38000000.00",
        starts_on="2026-03-02",
        ends_on="2027-06-02",
        upload="CRG-1",
    )

    cover: Code
    guarantee_class: Code = "policy"
    policy_number: Code
    insurer: Name
    amount: Amount
    starts_on: date
    ends_on: date
    upload: Annotated[str, Field(max_length=100, description="A finished upload with kind “guarantee”")]


class GuaranteeOut(ninja.Schema):
    number: int
    cover: str
    policy_number: str
    insurer: str
    amount: Decimal
    starts_on: date
    ends_on: date
    state: str
    document: str


class ContractOut(ninja.Schema):
    code: str
    number: str
    title: str
    object: str
    state: str
    version: int
    award: Annotated[str | None, Field(description="None: a contract of a direct process, loaded by its entity")]
    tender: str
    ocid: str
    buyer: str
    supplier: str
    value_amount: Decimal
    value_currency: str
    covers: list[str]
    has_settlement: bool
    budget_commitment: str
    document: str | None
    signed_document: str | None
    signed_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    completed_on: date | None
    happened: Annotated[list[str], Field(description=f"Apart from its stage: {', '.join(HAPPENED)}")]
    suspended_on: date | None
    resumes_on: Annotated[date | None, Field(description="Planned")]
    assigned_at: Annotated[datetime | None, Field(description="Since when its supplier is another")]
    guarantees: list[GuaranteeOut]


class ContractCard(ninja.Schema):
    """A line of the list: the names of its columns as CSV; a day that has not come is empty."""

    code: str
    number: str
    title: str
    entity: str
    supplier: str
    state: str
    happened: list[str]
    value: Decimal
    currency: str
    signed_at: str
    starts_on: str
    ends_on: str
    suspended_on: str
    resumes_on: str
    completed_on: str
    version: int


class ContractDone(ninja.Schema):
    contract: ContractOut
    receipt: Receipt | None = None


class GuaranteeDone(ninja.Schema):
    guarantee: GuaranteeOut
    receipt: Receipt


def found(request: Request, code: str) -> Contract:
    return get_visible(queries.whole(Contract.objects.visible_to(request.actor)), code=code)


def _guarantee_out(number: int, one: Guarantee) -> dict[str, Any]:
    told = {
        n: getattr(one, n) for n in ("cover", "policy_number", "insurer", "amount", "starts_on", "ends_on", "state")
    }
    return {"number": number, "document": one.document.code, **told}


def _out(request: Request, contract: Contract) -> dict[str, Any]:
    """The contract; the guarantees that are not approved are only for its parties."""
    told = {name: getattr(contract, name) for name in ContractOut.model_fields if hasattr(contract, name)}
    shown = [_guarantee_out(number, one) for number, one in queries.guarantees_for(request.actor, contract)]
    return {
        **told,
        "award": contract.award.code if contract.award else None,
        "tender": contract.tender.code,
        "ocid": contract.file,
        "buyer": contract.buyer.code,
        "supplier": contract.supplier.code,
        "document": contract.document.code if contract.document else None,
        "signed_document": contract.signed_document.code if contract.signed_document else None,
        "guarantees": shown,
    }


def _done(request: Request, contract: Contract) -> dict[str, Any]:
    receipt = contract.receipt
    told = {"code": receipt.code, "url": receipt.url} if receipt else None
    return {"contract": _out(request, found(request, contract.code)), "receipt": told}


def one_of(codes: Iterable[str]) -> str:
    """The pattern of a filter that may be left out."""
    return f"^({'|'.join(codes)})?$"


class ContractsAsked(Schema):
    state: str = Field("", pattern=one_of(CONTRACT.states))
    happened: str = Field("", pattern=one_of(HAPPENED))
    q: str = Field("", max_length=100, description="Words of the title, the code or the number")
    supervised: bool = Field(False, description="Only those that the caller supervises")
    limit: int = Field(25, ge=1, le=AT_ONCE)
    offset: int = Field(0, ge=0)


@router.get("/contracts", response=list[ContractCard], operation_id="list_contracts")
def list_contracts(request: Request, asked: Query[ContractsAsked]) -> list[dict[str, Any]]:
    """The contracts of the caller's account on either side, the newest first: by stage, by what happened, by words, and
    those that the caller supervises."""
    kept: dict[str, Any] = {name: getattr(asked, name) for name in ("state", "happened", "supervised")}
    rows = queries.of_account(actor=request.actor, words=asked.q, **kept)[asked.offset : asked.offset + asked.limit]
    return [{**files.record(row), "happened": row.happened, "version": row.version} for row in rows]


@router.get("/contracts/{code}", response=ContractOut, operation_id="get_contract")
def get_contract(request: Request, code: str) -> dict[str, Any]:
    return _out(request, found(request, code))


@router.patch("/contracts/{code}", response=ContractDone, operation_id="edit_contract")
def edit_contract(request: Request, code: str, payload: ContractIn) -> dict[str, Any]:
    """Change fields of the draft; those left out stay as they are."""
    contract = found(request, code)
    kept = {name: getattr(contract, name) for name in ContractData.__dataclass_fields__}
    data = ContractData(**{**kept, **payload.dict(exclude_unset=True)})
    done = services.edit_contract(actor=request.actor, contract_id=contract.pk, data=data, at=request.received_at)
    return _done(request, done)


@router.post("/contracts/{code}/send", response=ContractDone, operation_id="send_contract")
def send_contract(request: Request, code: str) -> dict[str, Any]:
    contract = found(request, code)
    return _done(request, services.send_contract(actor=request.actor, contract_id=contract.pk, at=request.received_at))


@router.post("/contracts/{code}/accept", response=ContractDone, operation_id="accept_contract")
def accept_contract(request: Request, code: str) -> dict[str, Any]:
    contract = found(request, code)
    return _done(
        request, services.accept_contract(actor=request.actor, contract_id=contract.pk, at=request.received_at)
    )


@router.post("/contracts/{code}/reject", response=ContractDone, operation_id="reject_contract")
def reject_contract(request: Request, code: str, payload: ContractReasonIn) -> dict[str, Any]:
    contract = found(request, code)
    done = services.reject_contract(
        actor=request.actor, contract_id=contract.pk, reason=payload.reason, at=request.received_at
    )
    return _done(request, done)


@router.post("/contracts/{code}/rework", response=ContractDone, operation_id="rework_contract")
def rework_contract(request: Request, code: str) -> dict[str, Any]:
    contract = found(request, code)
    return _done(
        request, services.rework_contract(actor=request.actor, contract_id=contract.pk, at=request.received_at)
    )


@router.post("/contracts/{code}/sign", response=ContractDone, operation_id="sign_contract")
def sign_contract(request: Request, code: str, payload: ContractSignature) -> dict[str, Any]:
    contract = found(request, code)
    done = services.sign_contract(
        actor=request.actor, contract_id=contract.pk, at=request.received_at, **payload.dict()
    )
    return _done(request, done)


@router.post("/contracts/{code}/start", response=ContractDone, operation_id="start_contract")
def start_contract(request: Request, code: str, payload: StartIn) -> dict[str, Any]:
    contract = found(request, code)
    place = Membership.objects.filter(account_id=contract.buyer_id, user__code=payload.supervisor).first()
    if place is None:
        raise Refused(services.not_a_supervisor())
    done = services.start_contract(
        actor=request.actor,
        contract_id=contract.pk,
        supervisor_id=place.user_id,
        starts_on=payload.starts_on,
        at=request.received_at,
    )
    return _done(request, done)


@router.post("/contracts/{code}/complete", response=ContractDone, operation_id="complete_contract")
def complete_contract(request: Request, code: str, payload: CompleteIn) -> dict[str, Any]:
    contract = found(request, code)
    done = services.complete_contract(
        actor=request.actor, contract_id=contract.pk, completed_on=payload.completed_on, at=request.received_at
    )
    return _done(request, done)


def _guarantee_done(guarantee: Guarantee) -> dict[str, Any]:
    receipt = guarantee.receipt
    assert receipt is not None
    number = guarantee.contract.guarantees.filter(pk__lte=guarantee.pk).count()
    told = _guarantee_out(number, guarantee)
    return {"guarantee": told, "receipt": {"code": receipt.code, "url": receipt.url}}


def _guarantee(request: Request, code: str, number: int) -> Guarantee:
    return queries.numbered_guarantee(found(request, code), number)


@router.post("/contracts/{code}/guarantees", response={201: GuaranteeDone}, operation_id="submit_guarantee")
def submit_guarantee(request: Request, code: str, payload: GuaranteeIn) -> Status[dict[str, Any]]:
    contract = found(request, code)
    data = payload.dict()
    document = Upload(upload_id=data.pop("upload"))
    guarantee = guarantees.submit_guarantee(
        actor=request.actor,
        contract_id=contract.pk,
        data=GuaranteeData(**data),
        document=document,
        at=request.received_at,
    )
    return Status(201, _guarantee_done(guarantee))


@router.post("/contracts/{code}/guarantees/{number}/approve", response=GuaranteeDone, operation_id="approve_guarantee")
def approve_guarantee(request: Request, code: str, number: int) -> dict[str, Any]:
    guarantee = _guarantee(request, code, number)
    done = guarantees.approve_guarantee(actor=request.actor, guarantee_id=guarantee.pk, at=request.received_at)
    return _guarantee_done(done)


@router.post("/contracts/{code}/guarantees/{number}/reject", response=GuaranteeDone, operation_id="reject_guarantee")
def reject_guarantee(request: Request, code: str, number: int, payload: ContractReasonIn) -> dict[str, Any]:
    guarantee = _guarantee(request, code, number)
    done = guarantees.reject_guarantee(
        actor=request.actor, guarantee_id=guarantee.pk, reason=payload.reason, at=request.received_at
    )
    return _guarantee_done(done)


from pliego.contracts import modification_api  # noqa: E402, F401 - the same router
from pliego.contracts.insurers import api as _of_insurers  # noqa: E402, F401 - the same router
from pliego.contracts.loading import api as _of_files  # noqa: E402, F401 - the same router
from pliego.contracts.sections import api as _of_sections  # noqa: E402, F401 - the same router
from pliego.contracts.starting import api as _of_starting  # noqa: E402, F401 - the same router
