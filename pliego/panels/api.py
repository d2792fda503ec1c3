"""Evaluators over the API: the same services as the pages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import ninja
from ninja import Status
from pydantic import Field

from pliego.kernel.objections import Unknown
from pliego.panels import queries, rules, services
from pliego.panels.models import Impediment, Member
from pliego.panels.rules import MemberIn
from pliego.tendering.api.router import tender_of
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["evaluators"])
Text = Annotated[str, Field(max_length=4000)]


class SeatIn(Schema):
    model_config = example(person="100000", role="technical")

    role: Literal["legal", "technical", "financial", "juror", "president"]
    person: Annotated[str, Field(max_length=24, description="Code of the user of an official")] = ""
    name: Annotated[str, Field(max_length=250, description="Of somebody from outside")] = ""
    document_type: Annotated[str, Field(max_length=4)] = ""
    document_number: Annotated[str, Field(max_length=20)] = ""
    email: Annotated[str, Field(max_length=254)] = ""


class ActIn(Schema):
    model_config = example(act_number="Resolución 12", act_on="2026-03-02")

    act_number: Annotated[str, Field(max_length=60)]
    act_on: date


class AppointIn(ActIn):
    model_config = example(
        act_number="Resolución 12", act_on="2026-03-02", evaluators=[{"person": "100000", "role": "technical"}]
    )

    since_on: date | None = None
    upload: Annotated[str, Field(max_length=100, description="Finished upload of kind `panel_act`")] = ""
    evaluators: Annotated[list[SeatIn], Field(max_length=20)]


class RelieveIn(ActIn):
    model_config = example(act_number="Resolución 13", act_on="2026-03-02", reason="Cambió de dependencia")

    reason: Text


class DeclareIn(Schema):
    model_config = example(has_conflict=False)

    has_conflict: bool
    reason: Text = ""
    supplier: Annotated[str, Field(max_length=24, description="Code of the bidder")] = ""


class ReasonIn(Schema):
    model_config = example(reason="Es socio de un proponente")

    reason: Text


class AnswerIn(Schema):
    model_config = example(accepts=False, answer="No soy socio desde 2020")

    accepts: bool
    answer: Text


class DecisionIn(Schema):
    model_config = example(accepted=False, reason="La causal no se probó")

    accepted: bool
    reason: Text
    act_number: Annotated[str, Field(max_length=60)] = ""
    act_on: date | None = None


class MemberOut(ninja.Schema):
    number: int
    name: str
    role: str
    is_official: bool
    since_on: date
    act: str
    act_on: date
    state: str
    relieved_at: datetime | None
    has_declared: bool


class ImpedimentOut(ninja.Schema):
    number: int
    kind: str
    member: int
    supplier: str
    reason: str
    raised_at: datetime
    accepts: bool | None
    answer: str
    due_at: datetime
    state: str
    decision: str


class PanelOut(ninja.Schema):
    kind: str
    legal_basis: str
    declarations: str
    members: list[MemberOut]
    impediments: list[ImpedimentOut]


class Done(ninja.Schema):
    number: int
    receipt: Receipt


def _tender(request: Request, code: str) -> Tender:
    tender = get_visible(Tender.objects.public().select_related("buyer__organization"), pk=tender_of(request, code).pk)
    if tender.rulebook.panel is None:
        raise Unknown()
    return tender


def _told(request: Request, code: str) -> dict[str, Any]:
    return {"actor": request.actor, "tender_id": _tender(request, code).pk, "at": request.received_at}


def _member(member: Member, about: str) -> dict[str, Any]:
    act = member.appointed_by
    names = ("number", "name", "role", "since_on", "state", "relieved_at")
    return {
        **{name: getattr(member, name) for name in names},
        "is_official": member.user_id is not None,
        "act": act.act_number,
        "act_on": act.act_on,
        "has_declared": member.has_declared(about),
    }


def _impediment(row: Impediment) -> dict[str, Any]:
    names = ("number", "kind", "reason", "raised_at", "accepts", "answer", "due_at", "state", "decision")
    told = {name: getattr(row, name) for name in names}
    return {**told, "member": row.member.number, "supplier": row.supplier.name if row.supplier else ""}


def _done(made: Any, number: int) -> dict[str, Any]:
    return {"number": number, "receipt": Receipt.of(made.receipt)}


@router.get("/tenders/{code}/panel", response=PanelOut, operation_id="get_panel")
def get_panel(request: Request, code: str) -> dict[str, Any]:
    """Who evaluates, and who has declared; of impediments and recusals, those that the caller may read."""
    tender = _tender(request, code)
    about, panel = rules.round_of(tender), tender.rulebook.panel
    assert panel is not None
    return {
        "kind": panel.kind,
        "legal_basis": panel.legal_basis,
        "declarations": about,
        "members": [_member(member, about) for member in queries.members(tender)],
        "impediments": [_impediment(row) for row in queries.impediments(request.actor, tender)],
    }


@router.post("/tenders/{code}/panel", response={201: Done}, operation_id="appoint_members")
def appoint_members(request: Request, code: str, payload: AppointIn) -> Status[dict[str, Any]]:
    """Appoint by an act who will evaluate. Binding: needs a fresh step-up."""
    made = services.appoint_members(
        **_told(request, code),
        act_number=payload.act_number,
        act_on=payload.act_on,
        since_on=payload.since_on,
        document=Upload(upload_id=payload.upload) if payload.upload else None,
        members=[MemberIn(**seat.dict()) for seat in payload.evaluators],
    )
    return Status(201, _done(made, made.number))


@router.post("/tenders/{code}/panel/{number}/relieve", response=Done, operation_id="relieve_member")
def relieve_member(request: Request, code: str, number: int, payload: RelieveIn) -> dict[str, Any]:
    """Binding: needs a fresh step-up."""
    made = services.relieve_member(**_told(request, code), number=number, **payload.dict())
    return _done(made, made.number)


@router.post("/tenders/{code}/panel/declarations", response={201: Done}, operation_id="declare_interests")
def declare_interests(request: Request, code: str, payload: DeclareIn) -> Status[dict[str, Any]]:
    """Of the official who calls. Binding: needs a fresh step-up."""
    if (seat := queries.seat_of(request.actor, _tender(request, code))) is None:
        raise Unknown()
    made = services.declare_interests(**_told(request, code), number=seat.number, **payload.dict())
    return Status(201, _done(made, seat.number))


@router.post("/tenders/{code}/panel/{number}/recusals", response={201: Done}, operation_id="recuse_member")
def recuse_member(request: Request, code: str, number: int, payload: ReasonIn) -> Status[dict[str, Any]]:
    """Of a supplier, with its ground."""
    made = services.recuse_member(**_told(request, code), number=number, reason=payload.reason)
    return Status(201, _done(made, made.number))


@router.post("/tenders/{code}/impediments/{number}/answer", response=Done, operation_id="answer_recusal")
def answer_recusal(request: Request, code: str, number: int, payload: AnswerIn) -> dict[str, Any]:
    """Of the recused member."""
    return _done(services.answer_recusal(**_told(request, code), number=number, **payload.dict()), number)


@router.post("/tenders/{code}/impediments/{number}/decide", response=Done, operation_id="decide_impediment")
def decide_impediment(request: Request, code: str, number: int, payload: DecisionIn) -> dict[str, Any]:
    """Binding: needs a fresh step-up."""
    return _done(services.decide_impediment(**_told(request, code), number=number, **payload.dict()), number)
