"""Observations over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any

import ninja
from ninja import Status
from pydantic import Field

from pliego.enquiries import queries, services
from pliego.enquiries.files import record
from pliego.enquiries.models import Enquiry
from pliego.tendering.api.router import tender_of
from pliego.tendering.api.schemas import receipt
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["enquiries"])


class EnquiryIn(Schema):
    model_config = example(text="¿Los computadores deben traer sistema operativo instalado?")

    text: Annotated[str, Field(max_length=4000)]
    document: Annotated[str, Field(max_length=24, description="Code of a document of the process")] = ""
    section: Annotated[str, Field(max_length=40, description="Code of a section of the pliego")] = ""
    place: Annotated[str, Field(max_length=200, description="Paragraph, number or page")] = ""


class AnswerIn(Schema):
    model_config = example(answer="Sí, con licencia perpetua.")

    answer: Annotated[str, Field(max_length=8000)]


class JointAnswerIn(AnswerIn):
    model_config = example(numbers=[1], answer="Sí, con licencia perpetua.")

    numbers: Annotated[list[int], Field(min_length=1, max_length=500)]


class EnquiryOut(ninja.Schema):
    code: str
    number: int
    supplier: str
    by_entity: bool
    text: str
    document: str
    section: str
    place: str
    asked_at: datetime
    state: str
    answer: str
    answered_at: datetime | None
    answered_with: list[int]


class EnquiryDone(EnquiryOut):
    receipt: Receipt


def _enquiry(enquiry: Enquiry) -> dict[str, Any]:
    shown = {**record(enquiry), "supplier": enquiry.account.name}
    return {**shown, "receipt": receipt(enquiry.receipt)} if enquiry.receipt else shown


def _said(payload: EnquiryIn) -> dict[str, Any]:
    return {"text": payload.text, "about": services.About(payload.document, payload.section, payload.place)}


@router.get("/tenders/{code}/enquiries", response=list[EnquiryOut], operation_id="list_enquiries")
def list_enquiries(request: Request, code: str, state: str = "", by: str = "") -> list[dict[str, Any]]:
    """All of them; with `state` only those `waiting` or `answered`, with `by` only of the `entity` or `suppliers`."""
    tender = tender_of(request, code)
    return [_enquiry(enquiry) for enquiry in queries.listed(tender, state=state, by=by)]


@router.post("/tenders/{code}/enquiries", response={201: EnquiryDone}, operation_id="ask_enquiry")
def ask_enquiry(request: Request, code: str, payload: EnquiryIn) -> Status[dict[str, Any]]:
    tender = tender_of(request, code)
    asked = services.ask_enquiry(actor=request.actor, tender_id=tender.pk, at=request.received_at, **_said(payload))
    return Status(201, _enquiry(asked))


@router.post("/tenders/{code}/enquiries/own", response={201: EnquiryDone}, operation_id="explain_enquiry")
def explain_enquiry(request: Request, code: str, payload: EnquiryIn) -> Status[dict[str, Any]]:
    """An observation of the entity itself."""
    tender = tender_of(request, code)
    made = services.explain_enquiry(actor=request.actor, tender_id=tender.pk, at=request.received_at, **_said(payload))
    return Status(201, _enquiry(made))


@router.post("/tenders/{code}/enquiries/answers", response=list[EnquiryDone], operation_id="answer_enquiries")
def answer_enquiries(request: Request, code: str, payload: JointAnswerIn) -> list[dict[str, Any]]:
    """One answer for several observations, in one act."""
    tender = tender_of(request, code)
    answered = services.answer_enquiries(
        actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict()
    )
    return [_enquiry(enquiry) for enquiry in answered]


@router.post("/tenders/{code}/enquiries/{number}/answer", response=EnquiryDone, operation_id="answer_enquiry")
def answer_enquiry(request: Request, code: str, number: int, payload: AnswerIn) -> dict[str, Any]:
    tender = tender_of(request, code)
    return _enquiry(
        services.answer_enquiry(
            actor=request.actor, tender_id=tender.pk, number=number, answer=payload.answer, at=request.received_at
        )
    )
