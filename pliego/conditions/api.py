"""Conditions over the API: `GET` and `PUT /tenders/{code}/sections/{part}` of tendering serve every section; here, what
suppliers ask."""

from datetime import datetime
from typing import Any, Literal

import ninja
from ninja import Status

from pliego.conditions import services
from pliego.conditions.models import LimitationRequest
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


@router.post("/tenders/{code}/limitation-requests", response={201: LimitationDone}, operation_id="request_limitation")
def request_limitation(request: Request, code: str, payload: LimitationIn) -> Status[dict[str, Any]]:
    """Ask in time that only Mipymes may offer."""
    tender = tender_of(request, code)
    told: dict[str, Any] = {"actor": request.actor, "tender_id": tender.pk, "at": request.received_at}
    made = services.request_limitation(**told, **payload.dict())
    return Status(201, {**_request(made), "receipt": receipt(made.receipt)})
