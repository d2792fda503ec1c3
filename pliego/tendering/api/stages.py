"""From stage to stage, over the API: who is interested, the draw, and the end of a request for information."""

from datetime import datetime
from pathlib import Path
from typing import Any

import ninja
from django.http import HttpResponse
from ninja import Status

from pliego.kernel.objections import Unknown
from pliego.tendering import draws, services
from pliego.tendering.api.router import router, tender_of
from pliego.tendering.api.schemas import TenderDone, done, receipt
from pliego.tendering.models import Draw, Interest, Tender
from pliego.web.api import Receipt
from pliego.web.http import Request


class InterestOut(ninja.Schema):
    number: int
    supplier: str
    supplier_name: str
    expressed_at: datetime
    stays: bool


class InterestDone(InterestOut):
    receipt: Receipt


class DrawOut(ninja.Schema):
    process: str
    seed: str
    head_size: int
    interested: list[str]
    stay: int
    order: list[str]
    staying: list[str]


class DrawDone(DrawOut):
    receipt: Receipt


def _interest(row: Interest) -> dict[str, Any]:
    told = {"supplier": row.supplier.code, "supplier_name": row.supplier.name}
    return {"number": row.number, "expressed_at": row.expressed_at, "stays": row.stays, **told}


def _draw_of(tender: Tender) -> Draw:
    if (found := Draw.objects.filter(tender=tender).first()) is None:
        raise Unknown()
    return found


@router.get("/tenders/{code}/interests", response=list[InterestOut], operation_id="list_interests")
def list_interests(request: Request, code: str) -> list[dict[str, Any]]:
    """Who expressed interest, in order of arrival, and who stays after a draw."""
    return [_interest(row) for row in tender_of(request, code).interests.select_related("supplier__organization")]


@router.post("/tenders/{code}/interests", response={201: InterestDone}, operation_id="express_interest")
def express_interest(request: Request, code: str) -> Status[dict[str, Any]]:
    """Say in time that the acting account wants to offer."""
    tender = tender_of(request, code)
    made = services.express_interest(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return Status(201, {**_interest(made), "receipt": receipt(made.receipt)})


@router.get("/tenders/{code}/draw", response=DrawOut, operation_id="get_draw")
def get_draw(request: Request, code: str) -> dict[str, Any]:
    """The public record of the draw: `pliego sorteo recompute FILE`, or the script beside it, makes it again."""
    return _draw_of(tender_of(request, code)).record


@router.post("/tenders/{code}/draw", response={201: DrawDone}, operation_id="hold_draw")
def hold_draw(request: Request, code: str) -> Status[dict[str, Any]]:
    """Let chance decide who of the interested stays."""
    tender = tender_of(request, code)
    made = services.hold_draw(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return Status(201, {**made.record, "receipt": receipt(made.receipt)})


@router.get("/tenders/{code}/draw/script", operation_id="get_draw_script")
def get_draw_script(request: Request, code: str) -> HttpResponse:
    """The script that makes the draw again, with nothing but Python."""
    _draw_of(tender_of(request, code))
    answer = HttpResponse(Path(draws.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="sorteo.py"'
    return answer


@router.post("/tenders/{code}/conclude", response=TenderDone, operation_id="conclude_information")
def conclude_information(request: Request, code: str) -> dict[str, Any]:
    """End a request for information whose answers are open. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return done(services.conclude_information(actor=request.actor, tender_id=tender.pk, at=request.received_at))
