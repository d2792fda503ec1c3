"""From stage to stage, over the API: who is interested, the draw, and the end of a request for information."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import ninja
from django.http import HttpResponse
from ninja import Field, Status

from pliego.kernel.objections import Unknown
from pliego.tendering import draws, services
from pliego.tendering.api.router import router, tender_of
from pliego.tendering.api.schemas import TenderDone, done, receipt
from pliego.tendering.models import Candidacy, Draw, Interest, PrequalificationAct, Tender
from pliego.web.api import Receipt, Schema, example
from pliego.web.fields import Upload
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
    """Let chance decide who of the interested stays, or who of those that qualify is on the list."""
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


# ---- prequalification ------------------------------------------------------------------------------------------------


class CandidacyIn(Schema):
    model_config = example(statement="Cumplimos los requisitos.", uploads=["CRG-1"])

    statement: Annotated[str, Field(max_length=4000)] = ""
    uploads: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)]


class JudgementIn(Schema):
    model_config = example(is_listed=False, reasons="La experiencia no es la pedida.")

    is_listed: bool
    reasons: Annotated[str, Field(max_length=4000)] = ""


class CandidacyOut(ninja.Schema):
    number: int
    supplier: str
    supplier_name: str
    is_listed: bool | None
    reasons: str
    stays: bool = Field(True, description="False once a draw among those that qualify left it out")


class CandidacyDone(CandidacyOut):
    receipt: Receipt


class PrequalificationOut(ninja.Schema):
    kind: str
    done_at: datetime
    candidacies: list[CandidacyOut]


class PrequalificationDone(PrequalificationOut):
    receipt: Receipt


def _candidacy(row: Candidacy) -> dict[str, Any]:
    told: dict[str, Any] = {"supplier": row.supplier.code, "supplier_name": row.supplier.name}
    told |= {"is_listed": row.is_listed, "reasons": row.reasons, "stays": row.stays}
    return {"number": row.number, **told}


def _prequalification(act: PrequalificationAct) -> dict[str, Any]:
    rows = [
        {**row, "supplier": row["supplier_code"], "supplier_name": row["supplier"]} for row in act.record["candidacies"]
    ]
    return {"kind": act.kind, "done_at": act.done_at, "candidacies": rows}


@router.get("/tenders/{code}/prequalification", response=list[PrequalificationOut], operation_id="get_prequalification")
def get_prequalification(request: Request, code: str) -> list[dict[str, Any]]:
    """The report of the prequalification and the list of those who may offer, once each is public."""
    return [_prequalification(act) for act in tender_of(request, code).prequalification_acts.all()]


@router.get("/tenders/{code}/candidacies", response=list[CandidacyOut], operation_id="list_candidacies")
def list_candidacies(request: Request, code: str) -> list[dict[str, Any]]:
    """All applications for the entity; for a supplier, its own."""
    tender = tender_of(request, code)
    rows = tender.candidacies.select_related("supplier__organization")
    is_own = tender.buyer_id == request.actor.account_id and request.actor.roles
    return [_candidacy(row) for row in (rows if is_own else rows.filter(supplier_id=request.actor.account_id or 0))]


@router.post("/tenders/{code}/candidacies", response={201: CandidacyDone}, operation_id="apply_for_list")
def apply_for_list(request: Request, code: str, payload: CandidacyIn) -> Status[dict[str, Any]]:
    """Ask in time, with finished uploads (kind `bid_document`), to be on the list of those who may offer."""
    tender = tender_of(request, code)
    made = services.apply_for_list(
        actor=request.actor,
        tender_id=tender.pk,
        statement=payload.statement,
        papers=[Upload(upload_id=upload) for upload in payload.uploads],
        at=request.received_at,
    )
    return Status(201, {**_candidacy(made), "receipt": receipt(made.receipt)})


@router.put("/tenders/{code}/candidacies/{number}", response=CandidacyDone, operation_id="judge_candidacy")
def judge_candidacy(request: Request, code: str, number: int, payload: JudgementIn) -> dict[str, Any]:
    """Decide whether an applicant is on the list, with the reasons when it is not."""
    made = services.judge_candidacy(
        actor=request.actor,
        tender_id=tender_of(request, code).pk,
        number=number,
        at=request.received_at,
        **payload.dict(),
    )
    return {**_candidacy(made), "receipt": receipt(made.receipt)}


@router.post(
    "/tenders/{code}/prequalification/report",
    response={201: PrequalificationDone},
    operation_id="report_prequalification",
)
def report_prequalification(request: Request, code: str) -> Status[dict[str, Any]]:
    """Make public what was decided on each applicant."""
    tender = tender_of(request, code)
    made = services.report_prequalification(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return Status(201, {**_prequalification(made), "receipt": receipt(made.receipt)})


@router.post(
    "/tenders/{code}/prequalification/draw", response={201: PrequalificationDone}, operation_id="announce_list_draw"
)
def announce_list_draw(request: Request, code: str) -> Status[dict[str, Any]]:
    """Say in the hearing among whom chance decides, where more qualify than the list may have: before the draw."""
    tender = tender_of(request, code)
    made = services.announce_list_draw(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return Status(201, {**_prequalification(made), "receipt": receipt(made.receipt)})


@router.post("/tenders/{code}/prequalification/list", response={201: PrequalificationDone}, operation_id="make_list")
def make_list(request: Request, code: str) -> Status[dict[str, Any]]:
    """Make the list in its hearing: only those on it may offer. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    made = services.make_list(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return Status(201, {**_prequalification(made), "receipt": receipt(made.receipt)})


@router.post("/tenders/{code}/conclude", response=TenderDone, operation_id="conclude_information")
def conclude_information(request: Request, code: str) -> dict[str, Any]:
    """End a request for information whose answers are open. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return done(services.conclude_information(actor=request.actor, tender_id=tender.pk, at=request.received_at))
