"""Conditions over the API: `GET` and `PUT /tenders/{code}/sections/{part}` of tendering serve every section; here, what
suppliers ask."""

from datetime import datetime
from typing import Any, Literal

import ninja
from ninja import Status

from pliego.conditions import mipyme, services
from pliego.conditions.models import LimitationRequest
from pliego.kernel.objections import Unknown
from pliego.tendering.api.router import tender_of
from pliego.tendering.api.schemas import receipt
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["conditions"])


class LimitationIn(Schema):
    model_config = example(scope="national", declares=True)

    scope: Literal["national", "territorial"]
    declares: bool = False


class LimitationOut(ninja.Schema):
    number: int
    supplier: str
    supplier_name: str
    scope: str
    asked_at: datetime


class LimitationDone(LimitationOut):
    receipt: Receipt


class DepartmentOut(ninja.Schema):
    name: str
    requests: int


class OutcomeOut(ninja.Schema):
    asked: int
    least: int
    departments: list[DepartmentOut]
    due_at: datetime
    is_over: bool
    is_enough: bool
    sentence: str
    legal_basis: str


def _request(row: LimitationRequest) -> dict[str, Any]:
    told = {"supplier": row.supplier.code, "supplier_name": row.supplier.name}
    return {"number": row.number, "scope": row.scope, "asked_at": row.asked_at, **told}


@router.get(
    "/tenders/{code}/limitation-requests", response=list[LimitationOut], operation_id="list_limitation_requests"
)
def list_limitation_requests(request: Request, code: str) -> list[dict[str, Any]]:
    """Who asked to limit the process to Mipymes, in order of arrival."""
    rows = tender_of(request, code).limitation_requests.select_related("supplier__organization")
    return [_request(row) for row in rows]


@router.get("/tenders/{code}/limitation-outcome", response=OutcomeOut, operation_id="get_limitation_outcome")
def get_limitation_outcome(request: Request, code: str) -> dict[str, Any]:
    """What the requests come to: for the entity as they arrive, for everybody once their term is over."""
    tender = tender_of(request, code)
    found = mipyme.outcome(tender, request.received_at)
    if found is None or not mipyme.is_told_to(request.actor, tender, request.received_at):
        raise Unknown()
    departments = [{"name": name, "requests": n} for name, n in found.departments]
    return {**vars(found), "sentence": str(found.sentence), "departments": departments}


@router.post("/tenders/{code}/limitation-requests", response={201: LimitationDone}, operation_id="request_limitation")
def request_limitation(request: Request, code: str, payload: LimitationIn) -> Status[dict[str, Any]]:
    """Ask in time that only Mipymes may offer."""
    tender = tender_of(request, code)
    told: dict[str, Any] = {"actor": request.actor, "tender_id": tender.pk, "at": request.received_at}
    made = services.request_limitation(**told, **payload.dict())
    return Status(201, {**_request(made), "receipt": receipt(made.receipt)})
