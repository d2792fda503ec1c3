"""Hearings and visits over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any

import ninja
from ninja import Status
from pydantic import Field

from pliego.hearings import queries, services
from pliego.hearings.models import Attendance, Hearing, Intervention
from pliego.tendering.api.router import tender_of
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["hearings"])
Short = Annotated[str, Field(max_length=250)]


class ConveneIn(Schema):
    model_config = example(occasion="visit", place="Sede central, salón 2")

    occasion: Annotated[str, Field(max_length=40, description="Milestone of the schedule, or `visit`")]
    place: Annotated[str, Field(max_length=300)] = ""
    link: Annotated[str, Field(max_length=300)] = ""
    how: Annotated[str, Field(max_length=2000)] = ""


class ReasonIn(Schema):
    model_config = example(reason="Llueve")

    reason: Annotated[str, Field(max_length=4000)]


class AdjournIn(ReasonIn):
    model_config = example(reason="Se revisa un documento", resumes_at="2026-03-20T15:00:00-05:00")

    resumes_at: datetime


class AttendanceIn(Schema):
    model_config = example(name="Pía Ramos", represents="Andina SAS")

    name: Short
    represents: Short = ""
    document_number: Annotated[str, Field(max_length=20)] = ""
    supplier: Annotated[str, Field(max_length=24, description="Code or NIT")] = ""


class InterventionIn(Schema):
    model_config = example(text="¿Quién asume el riesgo cambiario?", is_question=True)

    text: Annotated[str, Field(max_length=8000)]
    is_question: bool = False
    attendance: Annotated[int | None, Field(description="Who spoke, when an official writes it down")] = None


class SpokenAnswerIn(Schema):
    model_config = example(answer="El contratista.")

    answer: Annotated[str, Field(max_length=8000)]


class PaperIn(Schema):
    model_config = example(upload="CRG-1")

    upload: Annotated[str, Field(max_length=100, description="Finished upload of kind `hearing_document`")]


class MinutesIn(Schema):
    model_config = example(development="Se leyó la matriz de riesgos.", decisions="Se ajusta el riesgo 3.")

    development: Annotated[str, Field(max_length=20_000)]
    decisions: Annotated[str, Field(max_length=20_000)] = ""


class AdditionIn(Schema):
    model_config = example(text="Donde dice 10:00 debe leerse 11:00.")

    text: Annotated[str, Field(max_length=8000)]
    upload: Annotated[str, Field(max_length=100)] = ""


class AttendanceOut(ninja.Schema):
    number: int
    name: str
    represents: str
    came_at: datetime
    left_at: datetime | None


class InterventionOut(ninja.Schema):
    number: int
    name: str
    represents: str
    text: str
    is_question: bool
    said_at: datetime
    answer: str
    answered_at: datetime | None


class AdditionOut(ninja.Schema):
    number: int
    text: str
    made_at: datetime


class HearingRow(ninja.Schema):
    number: int | None
    occasion: str
    kind: str
    title: str
    begins_at: datetime
    state: str
    place: str
    link: str
    how: str


class HearingOut(HearingRow):
    ended_at: datetime | None
    attendances: list[AttendanceOut]
    interventions: list[InterventionOut]
    development: str
    decisions: str
    minutes: str
    additions: list[AdditionOut]


class Done(ninja.Schema):
    number: int
    state: str
    receipt: Receipt | None


def _tender(request: Request, code: str) -> Tender:
    return get_visible(Tender.objects.public().select_related("buyer__organization"), pk=tender_of(request, code).pk)


def _told(request: Request, code: str, number: int) -> dict[str, Any]:
    tender_id = _tender(request, code).pk
    return {"actor": request.actor, "tender_id": tender_id, "number": number, "at": request.received_at}


def _row(line: queries.Line) -> dict[str, Any]:
    hearing, occasion = line.hearing, line.occasion
    names = ("place", "link", "how")
    told = {name: getattr(hearing, name) if hearing else "" for name in names}
    state = hearing.state if hearing else ""
    return {
        **told,
        "number": hearing.number if hearing else None,
        "occasion": occasion.code,
        "kind": occasion.kind,
        "title": str(occasion.title),
        "begins_at": occasion.begins_at,
        "state": state,
    }


def _done(made: Any, hearing: Hearing) -> dict[str, Any]:
    receipt = getattr(made, "receipt", None)
    return {"number": made.number, "state": hearing.state, "receipt": Receipt.of(receipt) if receipt else None}


def _attendance(row: Attendance) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("number", "name", "represents", "came_at", "left_at")}


def _intervention(row: Intervention) -> dict[str, Any]:
    names = ("number", "text", "is_question", "said_at", "answer", "answered_at")
    told = {name: getattr(row, name) for name in names}
    return {**told, "name": row.attendance.name, "represents": row.attendance.represents}


@router.get("/tenders/{code}/hearings", response=list[HearingRow], operation_id="list_hearings")
def list_hearings(request: Request, code: str) -> list[dict[str, Any]]:
    """The hearings and visits of a process in order of date; those not convened yet have no number."""
    return [_row(line) for line in queries.lines(_tender(request, code))]


@router.get("/tenders/{code}/hearings/{number}", response=HearingOut, operation_id="get_hearing")
def get_hearing(request: Request, code: str, number: int) -> dict[str, Any]:
    """One hearing. Who came is public with the minutes; documents of people are in no answer."""
    tender = _tender(request, code)
    found: Hearing = get_visible(queries.listed(tender), number=number)
    found.tender = tender
    is_own = request.actor.account_id == tender.buyer_id and bool(request.actor.roles)
    came = found.attendances.order_by("number") if is_own or found.state == "closed" else []
    names = ("number", "occasion", "kind", "title", "begins_at", "state", "place", "link", "how", "ended_at")
    return {
        **{name: getattr(found, name) for name in names},
        "attendances": [_attendance(row) for row in came],
        "interventions": [_intervention(row) for row in found.interventions.select_related("attendance")],
        "development": found.development,
        "decisions": found.decisions,
        "minutes": found.record.get_absolute_url() if found.record else "",
        "additions": list(found.additions.all()),
    }


@router.post("/tenders/{code}/hearings", response={201: Done}, operation_id="convene_hearing")
def convene_hearing(request: Request, code: str, payload: ConveneIn) -> Status[dict[str, Any]]:
    tender_id = _tender(request, code).pk
    told: dict[str, Any] = {"actor": request.actor, "tender_id": tender_id, "at": request.received_at}
    made = services.convene_hearing(**told, **payload.dict())
    return Status(201, _done(made, made))


@router.post("/tenders/{code}/hearings/{number}/cancel", response=Done, operation_id="cancel_hearing")
def cancel_hearing(request: Request, code: str, number: int, payload: ReasonIn) -> dict[str, Any]:
    made = services.cancel_hearing(**_told(request, code, number), reason=payload.reason)
    return _done(made, made)


@router.post("/tenders/{code}/hearings/{number}/begin", response=Done, operation_id="begin_hearing")
def begin_hearing(request: Request, code: str, number: int) -> dict[str, Any]:
    made = services.begin_hearing(**_told(request, code, number))
    return _done(made, made)


@router.post("/tenders/{code}/hearings/{number}/attend", response={201: Done}, operation_id="attend_hearing")
def attend_hearing(request: Request, code: str, number: int) -> Status[dict[str, Any]]:
    """Of whoever calls, for the account for which they act."""
    made = services.attend(**_told(request, code, number))
    return Status(201, _done(made, made.hearing))


@router.post("/tenders/{code}/hearings/{number}/attendances", response={201: Done}, operation_id="register_attendance")
def register_attendance(request: Request, code: str, number: int, payload: AttendanceIn) -> Status[dict[str, Any]]:
    """At the door, by an official."""
    made = services.register_attendance(**_told(request, code, number), **payload.dict())
    return Status(201, _done(made, made.hearing))


@router.post(
    "/tenders/{code}/hearings/{number}/attendances/{attendance}/leave", response=Done, operation_id="leave_hearing"
)
def leave_hearing(request: Request, code: str, number: int, attendance: int) -> dict[str, Any]:
    made = services.leave(**_told(request, code, number), attendance=attendance)
    return _done(made, made.hearing)


@router.post("/tenders/{code}/hearings/{number}/interventions", response={201: Done}, operation_id="speak_in_hearing")
def speak_in_hearing(request: Request, code: str, number: int, payload: InterventionIn) -> Status[dict[str, Any]]:
    made = services.speak(**_told(request, code, number), **payload.dict())
    return Status(201, _done(made, made.hearing))


@router.post(
    "/tenders/{code}/hearings/{number}/interventions/{intervention}/answer",
    response=Done,
    operation_id="answer_intervention",
)
def answer_intervention(
    request: Request, code: str, number: int, intervention: int, payload: SpokenAnswerIn
) -> dict[str, Any]:
    told = _told(request, code, number)
    made = services.answer_intervention(**told, intervention=intervention, answer=payload.answer)
    return _done(made, made.hearing)


@router.post("/tenders/{code}/hearings/{number}/documents", response={201: Done}, operation_id="add_hearing_document")
def add_hearing_document(request: Request, code: str, number: int, payload: PaperIn) -> Status[dict[str, Any]]:
    made = services.attach_paper(**_told(request, code, number), document=Upload(upload_id=payload.upload))
    return Status(201, {"number": number, "state": made.hearing.state, "receipt": None})


@router.post("/tenders/{code}/hearings/{number}/adjourn", response=Done, operation_id="adjourn_hearing")
def adjourn_hearing(request: Request, code: str, number: int, payload: AdjournIn) -> dict[str, Any]:
    made = services.adjourn_hearing(**_told(request, code, number), **payload.dict())
    return _done(made, made)


@router.post("/tenders/{code}/hearings/{number}/resume", response=Done, operation_id="resume_hearing")
def resume_hearing(request: Request, code: str, number: int) -> dict[str, Any]:
    made = services.resume_hearing(**_told(request, code, number))
    return _done(made, made)


@router.post("/tenders/{code}/hearings/{number}/close", response=Done, operation_id="close_hearing")
def close_hearing(request: Request, code: str, number: int, payload: MinutesIn) -> dict[str, Any]:
    """With its minutes. Binding: needs a fresh step-up."""
    made = services.close_hearing(**_told(request, code, number), **payload.dict())
    return _done(made, made)


@router.post("/tenders/{code}/hearings/{number}/additions", response={201: Done}, operation_id="complete_minutes")
def complete_minutes(request: Request, code: str, number: int, payload: AdditionIn) -> Status[dict[str, Any]]:
    """Binding: needs a fresh step-up."""
    document = Upload(upload_id=payload.upload) if payload.upload else None
    made = services.complete_minutes(**_told(request, code, number), text=payload.text, document=document)
    return Status(201, _done(made, made.hearing))
