"""The evaluation over the API: the same services as the pages."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.evaluation import queries, scoring_api, services, weighing
from pliego.evaluation.ladder import Step
from pliego.evaluation.points import JUDGED
from pliego.evaluation.rules import FindingIn
from pliego.evaluation.scoring_api import Done, evaluation_of, receipt_of
from pliego.panels import queries as panels
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["evaluation"])
router.add_router("", scoring_api.router)

Code = Annotated[str, Field(max_length=24)]
Prose = Annotated[str, Field(max_length=4000)]


class FindingBody(Schema):
    model_config = example(item=1, complies=True)

    item: int
    complies: bool
    reason: Annotated[str, Field(max_length=2000)] = ""


class AssessmentIn(Schema):
    findings: Annotated[list[FindingBody], Field(max_length=1000)]
    explanation: Prose = ""
    note: Prose = ""


class ReportIn(Schema):
    observations_due: Annotated[
        datetime | None, Field(description="With its time zone. Without it: as scheduled, or the law's minimum.")
    ] = None


class CallIn(Schema):
    model_config = example(bid="PLG.OFE.1")

    bid: Code
    reason: Prose = ""


class CalledOut(ninja.Schema):
    bid: str
    place: int
    receipt: Receipt


class ReopeningIn(Schema):
    model_config = example(reason="Una observación muestra un error en la evaluación")

    reason: Prose


class TextIn(Schema):
    model_config = example(text="La experiencia del segundo proponente no es la pedida.")

    text: Prose


class ObservationAnswerIn(Schema):
    model_config = example(answer="Se revisó y es la pedida.")

    answer: Annotated[str, Field(max_length=8000)]


class StepIn(Schema):
    model_config = example(rung=1, favoured=["PLG.OFE.1"], evidence="Solo ella ofrece bienes nacionales (RUP, fol. 3)")

    rung: int
    favoured: Annotated[list[Code], Field(max_length=1000)] = []
    evidence: Annotated[str, Field(max_length=2000, description="What proves who has it, or that nobody does")] = ""


class TieIn(Schema):
    steps: Annotated[
        list[StepIn], Field(max_length=100, description="From the first factor of the law until one offer is left")
    ]
    lot: Annotated[int | None, Field(description="Where there are lots; without it, the first one with a tie")] = None


class RankedOut(ninja.Schema):
    bid: str
    supplier: str
    supplier_name: str
    price: str
    complies: bool | None
    rank: int | None
    tied_with: list[str]
    reasons: list[str]
    lot: int | None = None
    lot_title: str = ""
    points: str = ""
    scores: list[dict[str, Any]] = []


class FactorOut(ninja.Schema):
    number: int
    kind: str
    title: str
    most: Decimal
    is_judged: Annotated[bool, Field(description="Each member scores it alone, and then all agree")]


class ReportOut(ninja.Schema):
    number: int
    published_at: datetime
    observations_due_at: datetime
    document: str
    ranking: list[RankedOut]
    record: Annotated[dict[str, Any], Field(description="All that the order was computed from")] = {}


class ObservationOut(ninja.Schema):
    number: int
    author_name: str
    text: str
    made_at: datetime
    answer: str
    answered_at: datetime | None


class EvaluationOut(ninja.Schema):
    tender: str
    state: str
    requirements: list[dict[str, Any]]
    factors: list[FactorOut]
    needs_rate: Annotated[bool, Field(description="An exchange rate draws the formula, and is not written yet")]
    offers: list[RankedOut]
    reports: list[ReportOut]
    observations: list[ObservationOut]


class Assessed(Done):
    bid: str
    complies: bool


class Reported(Done):
    number: int
    observations_due_at: datetime
    document: str


class Observed(Done):
    number: int


class TieDecided(Done):
    order: list[str]
    seed: str


@router.get("/tenders/{code}/evaluation", response=EvaluationOut, operation_id="get_evaluation")
def get_evaluation(request: Request, code: str) -> dict[str, Any]:
    """The evaluation: to its entity as it goes, to everybody as it was last reported."""
    found = evaluation_of(request, code)
    reports = [
        {
            "number": report.number,
            "published_at": report.published_at,
            "observations_due_at": report.observations_due_at,
            "document": report.document.get_absolute_url(),
            "ranking": report.ranking,
            "record": report.record,
        }
        for report in found.reports.select_related("document")
    ]
    waits = panels.must_declare(request.actor, found.tender)  # an evaluator who has not declared sees no offer
    is_own = request.actor.account_id == found.buyer_id and not waits
    return {
        "tender": code,
        "state": found.state,
        "requirements": [
            {"item": i.number, "title": i.title, "lots": i.lots} for i in queries.requirements_of(found.tender)
        ],
        "needs_rate": weighing.needs_rate(found.tender) and found.exchange_rate is None,
        "factors": [
            {"number": f.number, "kind": f.kind, "title": f.title, "most": f.most, "is_judged": f.kind in JUDGED}
            for f in weighing.factors_of(found.tender)
        ],
        "offers": [row.as_json() for row in queries.ranking_of(found)]
        if is_own
        else reports[-1]["ranking"]
        if reports
        else [],
        "reports": reports,
        "observations": list(found.observations.all()),
    }


@router.put("/tenders/{code}/evaluation/bids/{bid}", response=Assessed, operation_id="assess_bid")
def assess_bid(request: Request, code: str, bid: str, payload: AssessmentIn) -> dict[str, Any]:
    done = services.assess_bid(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        bid=bid,
        findings=[FindingIn(f.item, f.complies, f.reason) for f in payload.findings],
        explanation=payload.explanation,
        note=payload.note,
        at=request.received_at,
    )
    return {"bid": bid, "complies": done.complies, "state": "assessing", "receipt": receipt_of(done.receipt)}


@router.post("/tenders/{code}/evaluation/report", response={201: Reported}, operation_id="publish_report")
def publish_report(request: Request, code: str, payload: ReportIn) -> Status[dict[str, Any]]:
    report = services.publish_report(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        observations_due=payload.observations_due,
        at=request.received_at,
    )
    return Status(
        201,
        {
            "number": report.number,
            "observations_due_at": report.observations_due_at,
            "document": report.document.get_absolute_url(),
            "state": report.evaluation.state,
            "receipt": receipt_of(report.receipt),
        },
    )


@router.post("/tenders/{code}/evaluation/calls", response={201: CalledOut}, operation_id="call_bid")
def call_bid(request: Request, code: str, payload: CallIn) -> Status[dict[str, Any]]:
    """Call the next offer of the published order to open its envelope. Binding: needs a fresh step-up."""
    called = services.call_bid(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        bid=payload.bid,
        reason=payload.reason,
        at=request.received_at,
    )
    return Status(201, {"bid": payload.bid, "place": called.place, "receipt": receipt_of(called.entry)})


@router.post("/tenders/{code}/evaluation/reopen", response=Done, operation_id="reopen_evaluation")
def reopen_evaluation(request: Request, code: str, payload: ReopeningIn) -> dict[str, Any]:
    done = services.reopen_evaluation(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        reason=payload.reason,
        at=request.received_at,
    )
    return {"state": done.state, "receipt": receipt_of(done.receipt)}


@router.post("/tenders/{code}/evaluation/observations", response={201: Observed}, operation_id="observe_report")
def observe_report(request: Request, code: str, payload: TextIn) -> Status[dict[str, Any]]:
    done = services.observe_report(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        text=payload.text,
        at=request.received_at,
    )
    body = {"number": done.number, "state": done.evaluation.state, "receipt": receipt_of(done.receipt)}
    return Status(201, body)


@router.post(
    "/tenders/{code}/evaluation/observations/{number}/answer", response=Observed, operation_id="answer_observation"
)
def answer_observation(request: Request, code: str, number: int, payload: ObservationAnswerIn) -> dict[str, Any]:
    done = services.answer_observation(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        number=number,
        answer=payload.answer,
        at=request.received_at,
    )
    return {"number": done.number, "state": done.evaluation.state, "receipt": receipt_of(done.receipt)}


@router.post("/tenders/{code}/evaluation/tie", response=TieDecided, operation_id="break_tie")
def break_tie(request: Request, code: str, payload: TieIn) -> dict[str, Any]:
    done = services.break_tie(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        steps=[Step(step.rung, tuple(step.favoured), step.evidence) for step in payload.steps],
        lot=payload.lot,
        at=request.received_at,
    )
    return {
        "order": done.bids,
        "seed": done.seed,
        "state": done.evaluation.state,
        "receipt": receipt_of(done.receipt),
    }
