"""Deliveries over the API: the plan, the receptions and the documents of each."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import queries as contracts
from pliego.contracts.models import Contract
from pliego.execution import delivering, services
from pliego.execution.deliveries import DeliveryData
from pliego.execution.models import Delivery
from pliego.kernel.calendar import calendar
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["execution"])
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
Percent = Annotated[Decimal, Field(max_digits=5, decimal_places=2)]
Articles = dict[int, Annotated[Decimal, Field(max_digits=18, decimal_places=4)]]
Name = Annotated[str, Field(max_length=200)]


class PlannedDeliveryIn(Schema):
    title: Name
    due_on: date | None = None
    percent: Percent | None = None
    articles: Articles = {}


class ExecutionPlanIn(Schema):
    model_config = example(mode="percent", deliveries=[{"title": "Entrega única", "percent": "100"}])

    mode: Annotated[str, Field(max_length=10, description="percent or articles")]
    advance: Amount = Decimal(0)
    deliveries: Annotated[list[PlannedDeliveryIn], Field(max_length=100)]


class ReceptionIn(Schema):
    """Without `delivery` it is of something that was not planned, and needs a title."""

    model_config = example(title="Entrega no planeada", received_on="2026-03-02", percent="10")

    delivery: int | None = None
    title: Name = ""
    received_on: date
    percent: Percent | None = None
    articles: Articles = {}
    remarks: Annotated[str, Field(max_length=4000)] = ""


class PaperIn(Schema):
    model_config = example(slot="report", upload="CRG-1")

    slot: Annotated[str, Field(max_length=16)]
    period_from: date | None = None
    period_to: date | None = None
    upload: Annotated[str, Field(max_length=100)]


class PaperOut(ninja.Schema):
    slot: str
    period_from: date | None
    period_to: date | None
    document: str
    account: str


class DeliveryOut(ninja.Schema):
    number: int
    title: str
    is_planned: bool
    due_on: date | None
    percent: Decimal | None
    articles: dict[int, Decimal]
    received_on: date | None
    received_percent: Decimal | None
    received_articles: dict[int, Decimal]
    remarks: str
    papers: list[PaperOut]


class ExecutionOut(ninja.Schema):
    contract: str
    mode: str
    advance: Decimal
    planned: Decimal
    real: Decimal
    delivered: Decimal
    to_deliver: Decimal
    deliveries: list[DeliveryOut]
    receipt: Receipt | None = None


def _contract(request: Request, code: str) -> Contract:
    return get_visible(contracts.whole(Contract.objects.visible_to(request.actor)), code=code)


def _delivery_out(row: Delivery) -> dict[str, Any]:
    names = ("number", "title", "is_planned", "due_on", "percent", "received_on", "received_percent", "remarks")
    papers = [
        {
            "slot": paper.slot, "period_from": paper.period_from, "period_to": paper.period_to,
            "document": paper.document.code, "account": paper.account.code,
        }
        for paper in row.papers.all()
    ]  # fmt: skip
    told = {name: getattr(row, name) for name in names}
    return told | {"articles": row.planned_articles, "received_articles": row.had_articles, "papers": papers}


def _out(request: Request, contract: Contract) -> dict[str, Any]:
    plan = getattr(contract, "execution_plan", None)
    progress = delivering.progress_of(contract, calendar.day_of(request.received_at))
    rows = delivering.deliveries_for(request.actor, contract)
    figures = ("planned", "real", "delivered", "to_deliver")
    return {
        "contract": contract.code, "mode": plan.mode if plan else "",
        "advance": plan.advance_amount if plan else Decimal(0),
        **{name: getattr(progress, name, Decimal(0)) for name in figures},
        "deliveries": [_delivery_out(row) for row in rows],
    }  # fmt: skip


@router.get("/contracts/{code}/execution-plan", response=ExecutionOut, operation_id="get_execution_plan")
def get_execution_plan(request: Request, code: str) -> dict[str, Any]:
    """Planned against real; the deliveries and their documents for the two parties."""
    return _out(request, _contract(request, code))


@router.put("/contracts/{code}/execution-plan", response=ExecutionOut, operation_id="set_execution_plan")
def set_execution_plan(request: Request, code: str, payload: ExecutionPlanIn) -> dict[str, Any]:
    contract = _contract(request, code)
    rows = [DeliveryData(**row.dict()) for row in payload.deliveries]
    told: dict[str, Any] = {"mode": payload.mode, "rows": rows, "advance": payload.advance, "at": request.received_at}
    done = services.set_execution_plan(actor=request.actor, contract_id=contract.pk, **told)
    return _out(request, done.contract) | {"receipt": Receipt.of(done.receipt)}


@router.post("/contracts/{code}/receptions", response={201: ExecutionOut}, operation_id="receive_delivery")
def receive_delivery(request: Request, code: str, payload: ReceptionIn) -> Status[dict[str, Any]]:
    contract = _contract(request, code)
    received = DeliveryData(payload.title, payload.received_on, payload.percent, payload.articles)
    told: dict[str, Any] = {"number": payload.delivery, "received": received, "remarks": payload.remarks}
    done = services.receive_delivery(actor=request.actor, contract_id=contract.pk, at=request.received_at, **told)
    return Status(201, _out(request, _contract(request, code)) | {"receipt": Receipt.of(done.receipt)})


@router.post("/contracts/{code}/deliveries/{number}/papers", response={201: ExecutionOut}, operation_id="load_paper")
def load_paper(request: Request, code: str, number: int, payload: PaperIn) -> Status[dict[str, Any]]:
    contract = _contract(request, code)
    told = payload.dict()
    told["document"] = Upload(upload_id=told.pop("upload"))
    done = services.load_paper(
        actor=request.actor, contract_id=contract.pk, number=number, at=request.received_at, **told
    )
    return Status(201, _out(request, contract) | {"receipt": Receipt.of(done.receipt)})
