"""The end of a contract over the API: its terms, how it is settled, and what closing its file waits for."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import queries as contracts
from pliego.contracts.models import Contract
from pliego.execution import closing
from pliego.settlements import queries, services, terms
from pliego.settlements.models import Resolution
from pliego.settlements.policy import POLICY, Act
from pliego.settlements.services import AppealData, ResolutionData, RulingData
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["settlements"])
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
Number = Annotated[str, Field(max_length=60)]
Words = Annotated[str, Field(max_length=4000)]
Long = Annotated[str, Field(max_length=20_000)]
UploadCode = Annotated[str, Field(max_length=100, description="A finished upload of the right kind")]


class SettlementResolutionIn(Schema):
    """`cause`: absent or disagree. What is missing holds back the signature, not the draft."""

    model_config = example(number="R-12", cause="absent", called="Correo del 3 de marzo", grounds="No compareció")

    number: Number = ""
    cause: Annotated[str, Field(max_length=10)] = ""
    called: Words = ""
    grounds: Long = ""
    owed_to_contractor: Amount = Decimal(0)
    owed_to_entity: Amount = Decimal(0)


class SettlementAppealIn(Schema):
    model_config = example(text="Falta reconocer la última entrega")

    text: Long
    upload: UploadCode = ""


class SettlementDecisionIn(Schema):
    """`outcome`: confirm, change or revoke. The amounts count when it changes them."""

    model_config = example(outcome="confirm", number="R-13", answer="No hay hechos nuevos")

    outcome: Annotated[str, Field(max_length=8)]
    number: Number
    answer: Long
    owed_to_contractor: Amount | None = None
    owed_to_entity: Amount | None = None


class SettlementRulingIn(Schema):
    model_config = example(court="Tribunal", file_number="25000-1", decided_on="2026-03-02", upload="CRG-1")

    court: Annotated[str, Field(max_length=200)]
    file_number: Number
    decided_on: date | None = None
    owed_to_contractor: Amount = Decimal(0)
    owed_to_entity: Amount = Decimal(0)
    note: Words = ""
    upload: UploadCode


class TermOut(ninja.Schema):
    code: str
    until: date
    is_agreed: bool
    legal_basis: str


class SettlementResolutionOut(ninja.Schema):
    state: str
    number: str
    cause: str
    grounds: str
    appeal_until: date | None
    appeal: str
    outcome: str
    answer: str
    released_amount: Decimal
    owed_to_contractor: Decimal
    owed_to_entity: Decimal


class SettledOut(ninja.Schema):
    way: str
    on: date
    about: str
    paid_amount: Decimal
    released_amount: Decimal
    owed_to_contractor: Decimal
    owed_to_entity: Decimal
    reservations: str
    documents: list[str]


class ClosingConditionOut(ninja.Schema):
    title: str
    is_met: bool
    detail: str
    since: date | None
    legal_basis: str


class EndingOut(ninja.Schema):
    contract: str
    state: str
    has_settlement: bool
    terms: list[TermOut]
    resolution: SettlementResolutionOut | None
    settled: SettledOut | None
    conditions: list[ClosingConditionOut]


class SettlementResolutionDone(ninja.Schema):
    contract: str
    resolution: SettlementResolutionOut
    receipt: Receipt | None


class SettlementRulingDone(ninja.Schema):
    contract: str
    state: str
    receipt: Receipt


def _contract(request: Request, code: str) -> Contract:
    contract = get_visible(contracts.whole(Contract.objects.visible_to(request.actor)), code=code)
    POLICY.require(request.actor, Act.VIEW, contract)
    return contract


def _resolution(row: Resolution | None) -> dict[str, Any] | None:
    return {name: getattr(row, name) for name in SettlementResolutionOut.model_fields} if row else None


def _done(contract: Contract, row: Resolution) -> dict[str, Any]:
    receipt = Receipt.of(row.receipt) if row.receipt else None
    return {"contract": contract.code, "resolution": _resolution(row), "receipt": receipt}


@router.get("/contracts/{code}/ending", response=EndingOut, operation_id="get_contract_ending")
def get_ending(request: Request, code: str) -> dict[str, Any]:
    """Its terms to settle, how it was or is being settled, and each condition to close its file."""
    contract = _contract(request, code)
    found, done = terms.of(contract), queries.settled([contract]).get(contract.pk)
    settled = {name: getattr(done, name) for name in SettledOut.model_fields if name != "documents"} if done else None
    conditions = closing.conditions(contract, request.received_at) if contract.completed_on else []
    return {
        "contract": contract.code,
        "state": contract.state,
        "has_settlement": contract.has_settlement,
        "terms": list(found or ()),
        "resolution": _resolution(queries.resolution_of(request.actor, contract)),
        "settled": {**settled, "documents": [paper.code for paper in done.documents]} if done and settled else None,
        "conditions": [{**vars(one), "title": str(one.title), "detail": str(one.detail)} for one in conditions],
    }


@router.put(
    "/contracts/{code}/settlement/unilateral", response=SettlementResolutionDone, operation_id="draft_resolution"
)
def draft_resolution(request: Request, code: str, payload: SettlementResolutionIn) -> dict[str, Any]:
    """The resolution by which the entity settles alone. Writing it is no act."""
    contract, data = _contract(request, code), ResolutionData(**payload.dict())
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    return _done(contract, services.draft_resolution(data=data, **told))


@router.post(
    "/contracts/{code}/settlement/unilateral/sign", response=SettlementResolutionDone, operation_id="issue_resolution"
)
def issue_resolution(request: Request, code: str) -> dict[str, Any]:
    """The authorising officer signs it: the contractor is notified and may appeal."""
    contract = _contract(request, code)
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    return _done(contract, services.issue_resolution(**told))


@router.post(
    "/contracts/{code}/settlement/unilateral/appeal",
    response=SettlementResolutionDone,
    operation_id="appeal_resolution",
)
def appeal_resolution(request: Request, code: str, payload: SettlementAppealIn) -> dict[str, Any]:
    contract = _contract(request, code)
    document = Upload(upload_id=payload.upload) if payload.upload else None
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    return _done(contract, services.appeal_resolution(text=payload.text, document=document, **told))


@router.post(
    "/contracts/{code}/settlement/unilateral/resolve",
    response=SettlementResolutionDone,
    operation_id="resolve_settlement_appeal",
)
def resolve_appeal(request: Request, code: str, payload: SettlementDecisionIn) -> dict[str, Any]:
    """Confirm it, change its amounts, or revoke it."""
    contract, data = _contract(request, code), AppealData(**payload.dict())
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    return _done(contract, services.resolve_appeal(data=data, **told))


@router.post(
    "/contracts/{code}/settlement/unilateral/firm", response=SettlementResolutionDone, operation_id="settle_resolution"
)
def settle_resolution(request: Request, code: str) -> dict[str, Any]:
    """Nobody appealed in time. Otherwise a job does it in the morning."""
    contract = _contract(request, code)
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    return _done(contract, services.settle_resolution(**told))


@router.post(
    "/contracts/{code}/settlement/judicial", response={201: SettlementRulingDone}, operation_id="register_ruling"
)
def register_ruling(request: Request, code: str, payload: SettlementRulingIn) -> Status[dict[str, Any]]:
    """The decision of a judge settles the contract."""
    contract, told = _contract(request, code), payload.dict()
    document = Upload(upload_id=told.pop("upload"))
    made = services.register_ruling(
        actor=request.actor, contract_id=contract.pk, data=RulingData(**told), document=document, at=request.received_at
    )
    return Status(201, {"contract": contract.code, "state": made.contract.state, "receipt": Receipt.of(made.receipt)})
