"""Observations over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any

import ninja
from ninja import Status
from pydantic import Field

from pliego.enquiries import services
from pliego.enquiries.models import Enquiry
from pliego.tendering.api.router import tender_of
from pliego.tendering.api.schemas import receipt
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["enquiries"])


class EnquiryIn(Schema):
    model_config = example(text="¿Los computadores deben traer sistema operativo instalado?")

    text: Annotated[str, Field(max_length=4000)]


class AnswerIn(Schema):
    model_config = example(answer="Sí, con licencia perpetua.")

    answer: Annotated[str, Field(max_length=8000)]


class EnquiryOut(ninja.Schema):
    code: str
    number: int
    supplier: str
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class EnquiryDone(EnquiryOut):
    receipt: Receipt


def _enquiry(enquiry: Enquiry) -> dict[str, Any]:
    told = {name: getattr(enquiry, name) for name in ("code", "number", "text", "asked_at", "answer", "answered_at")}
    shown = {**told, "supplier": enquiry.account.name}
    return {**shown, "receipt": receipt(enquiry.receipt)} if enquiry.receipt else shown


@router.get("/tenders/{code}/enquiries", response=list[EnquiryOut], operation_id="list_enquiries")
def list_enquiries(request: Request, code: str) -> list[dict[str, Any]]:
    tender = tender_of(request, code)
    return [_enquiry(enquiry) for enquiry in tender.enquiries.select_related("account__organization")]


@router.post("/tenders/{code}/enquiries", response={201: EnquiryDone}, operation_id="ask_enquiry")
def ask_enquiry(request: Request, code: str, payload: EnquiryIn) -> Status[dict[str, Any]]:
    tender = tender_of(request, code)
    asked = services.ask_enquiry(actor=request.actor, tender_id=tender.pk, text=payload.text, at=request.received_at)
    return Status(201, _enquiry(asked))


@router.post("/tenders/{code}/enquiries/{number}/answer", response=EnquiryDone, operation_id="answer_enquiry")
def answer_enquiry(request: Request, code: str, number: int, payload: AnswerIn) -> dict[str, Any]:
    tender = tender_of(request, code)
    return _enquiry(
        services.answer_enquiry(
            actor=request.actor, tender_id=tender.pk, number=number, answer=payload.answer, at=request.received_at
        )
    )
