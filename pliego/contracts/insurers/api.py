"""Asking an insurer over the API. The insurer answers on the page of its link."""

from datetime import datetime
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import queries
from pliego.contracts.api import found, router
from pliego.contracts.insurers import services
from pliego.web.api import Receipt, Schema, example
from pliego.web.http import Request


class InsurerIn(Schema):
    model_config = example(email="verificacion@aseguradora.example")

    email: Annotated[str, Field(max_length=254)]


class InquiryDone(ninja.Schema):
    guarantee: int
    number: int
    state: str
    until: datetime
    receipt: Receipt


@router.post("/contracts/{code}/guarantees/{number}/insurer", response={201: InquiryDone}, operation_id="ask_insurer")
def ask_insurer(request: Request, code: str, number: int, payload: InsurerIn) -> Status[dict[str, Any]]:
    """Send the insurer a link that serves once; its answer is told to the entity."""
    guarantee = queries.numbered_guarantee(found(request, code), number)
    done = services.ask_insurer(
        actor=request.actor, guarantee_id=guarantee.pk, email=payload.email, at=request.received_at
    )
    assert done.receipt is not None
    told = {"guarantee": number, "number": done.number, "state": done.state, "until": done.until}
    return Status(201, {**told, "receipt": {"code": done.receipt.code, "url": done.receipt.url}})
