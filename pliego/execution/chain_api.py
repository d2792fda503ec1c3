"""The chain of payments over the API: how it is written, where an invoice is in it, and the days that paying takes."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field

from pliego.execution import chaining, files, queries, services, tracking
from pliego.execution.chain import DEFAULT, UNDO_MINUTES, StepData
from pliego.execution.chain_views import own_entity
from pliego.execution.models import PaymentChain
from pliego.execution.supports import SupportData
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["execution"])
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]


class PaymentStepIn(Schema):
    """Of a role, of a person or of a group; the last step of the chain pays."""

    name: Annotated[str, Field(max_length=100)]
    role: Annotated[str, Field(max_length=20)] = ""
    person: Annotated[str, Field(max_length=40)] = ""
    group: Annotated[str, Field(max_length=40)] = ""
    term_days: int | None = None
    checks: Annotated[str, Field(max_length=500)] = ""
    second_above: Amount | None = None


class PaymentSupportIn(Schema):
    """A document that each request brings; without a type, of every contract."""

    title: Annotated[str, Field(max_length=200)]
    contract_type: Annotated[str, Field(max_length=40)] = ""
    is_required: bool = True


class PaymentChainIn(Schema):
    model_config = example(
        steps=[
            {"name": "Aprobación", "role": "supervisor", "term_days": 3},
            {"name": "Pago", "role": "treasurer", "term_days": 5},
        ]
    )

    steps: Annotated[list[PaymentStepIn], Field(max_length=20)]
    undo_minutes: int = UNDO_MINUTES
    supports: Annotated[list[PaymentSupportIn], Field(max_length=20)] = []


class PaymentStepOut(ninja.Schema):
    number: int
    name: str
    role: str
    person: str
    group: str
    term_days: int | None
    checks: str
    second_above: Decimal | None
    is_payment: bool


class PaymentSupportOut(ninja.Schema):
    number: int
    title: str
    contract_type: str
    is_required: bool


class PaymentChainOut(ninja.Schema):
    """`version` 0 is the usual chain: supervisor and treasurer."""

    version: int
    undo_minutes: int
    steps: list[PaymentStepOut]
    supports: list[PaymentSupportOut]
    receipt: Receipt | None = None


class StopOut(ninja.Schema):
    title: str
    did: str
    owner: str
    text: str
    since: datetime | None
    due_at: datetime | None
    at: datetime | date | None
    took: int | None
    is_done: bool
    is_now: bool
    is_late: bool


class TrackerOut(ninja.Schema):
    invoice: str
    number: str
    contract: str
    state: str
    stops: list[StopOut]


class DaysToPayOut(ninja.Schema):
    nit: str
    entity: str
    code: str
    paid: int
    amount: Decimal
    average: Decimal | None
    median: int | None
    longest: int | None
    waiting: int
    oldest: int | None


@router.get("/invoices/{code}/way", response=TrackerOut, operation_id="get_invoice_way")
def get_way(request: Request, code: str) -> dict[str, Any]:
    """Where the invoice is, step by step; of a public one, for anybody."""
    invoice = get_visible(queries.followed(request.actor), code=code)
    stops = [asdict(stop) for stop in tracking.tracker(invoice, request.received_at)]
    stops = [stop | {name: str(stop[name]) for name in ("title", "did", "owner", "text")} for stop in stops]
    told = {"number": invoice.number, "contract": invoice.contract.code, "state": invoice.state}
    return {"invoice": invoice.code, **told, "stops": stops}


@router.get("/payments/days", response=list[DaysToPayOut], operation_id="get_days_to_pay")
def get_days_to_pay(request: Request, year: int | None = None) -> list[dict[str, Any]]:
    """How many days each entity takes to pay; of the invoices paid in a year, or of all."""
    return [files.record(row) for row in tracking.days_to_pay(at=request.received_at, year=year)]


def _chain_out(written: PaymentChain | None) -> dict[str, Any]:
    steps: list[Any] = list(written.steps.select_related("place__user", "group")) if written else list(DEFAULT)
    names = ("number", "role", "term_days", "checks", "second_above", "is_payment")
    told = [
        {name: getattr(step, name) for name in names}
        | {"name": str(step.name), "checks": str(step.checks)}
        | {"person": step.place.user.code if step.place else "", "group": step.group.code if step.group else ""}
        for step in steps
    ]
    version, minutes = (written.version, written.undo_minutes) if written else (0, UNDO_MINUTES)
    asked = list(written.supports.all()) if written else []
    return {"version": version, "undo_minutes": minutes, "steps": told, "supports": asked}


@router.get("/payment-chain", response=PaymentChainOut, operation_id="get_payment_chain")
def get_payment_chain(request: Request) -> dict[str, Any]:
    """The chain in force of the account for which the caller acts."""
    account = own_entity(request)
    return _chain_out(chaining.in_force(account.pk))


@router.put("/payment-chain", response=PaymentChainOut, operation_id="set_payment_chain")
def set_payment_chain(request: Request, payload: PaymentChainIn) -> dict[str, Any]:
    steps = [StepData(**step.dict()) for step in payload.steps]
    done = services.set_chain(
        actor=request.actor, steps=steps, undo_minutes=payload.undo_minutes, at=request.received_at,
        supports=[SupportData(**support.dict()) for support in payload.supports],
    )  # fmt: skip
    return _chain_out(done) | {"receipt": Receipt.of(done.receipt)}


@router.delete("/payment-chain", response=PaymentChainOut, operation_id="end_payment_chain")
def end_payment_chain(request: Request) -> dict[str, Any]:
    """Go back to the usual chain: supervisor and treasurer."""
    done = services.end_chain(actor=request.actor, at=request.received_at)
    return _chain_out(None) | {"receipt": Receipt.of(done.receipt)}
