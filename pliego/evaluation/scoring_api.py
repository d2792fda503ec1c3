"""What gives points, and what is asked of bidders, over the API: the same services as the pages."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import ninja
from ninja import Field, Status

from pliego.evaluation import asking, judging
from pliego.evaluation.models import BidRequest, Evaluation
from pliego.evaluation.rules import ScoreIn
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["evaluation"])


class Done(ninja.Schema):
    state: str
    receipt: Receipt


class ScoreBody(Schema):
    model_config = example(factor=2, points="35")

    factor: Annotated[int, Field(description="Its place in the criteria of the pliego, from 1")]
    points: Annotated[Decimal | None, Field(max_digits=9, decimal_places=4)] = None
    reason: Annotated[str, Field(max_length=2000)] = ""
    staff: Annotated[int | None, Field(description="Of workers with a disability: how many work there")] = None
    with_disability: int | None = None

    def read(self) -> ScoreIn:
        return ScoreIn(self.factor, self.points, self.reason, self.staff, self.with_disability)


class ScoresIn(Schema):
    scores: Annotated[list[ScoreBody], Field(max_length=100)]


class AgreedIn(ScoresIn):
    fined: Annotated[str, Field(max_length=2000, description="Which fine of the last year; empty: none")] = ""


class RateIn(Schema):
    model_config = example(rate="4012.25", source="TRM del segundo día hábil después del cierre")

    rate: Annotated[Decimal, Field(max_digits=12, decimal_places=4)]
    source: Annotated[str, Field(max_length=300)]


class AgreementIn(Schema):
    model_config = example(value="11000000.00", minutes="Se revisó la coherencia y consistencia de la oferta.")

    value: Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
    minutes: Annotated[str, Field(max_length=8000)]


def evaluation_of(request: Request, code: str) -> Evaluation:
    rows = Evaluation.objects.visible_to(request.actor).select_related("tender__buyer__organization")
    return get_visible(rows, tender__code=code)


def receipt_of(entry: Entry | None) -> dict[str, str]:
    assert entry is not None
    return {"code": entry.code, "url": entry.url}


@router.put("/tenders/{code}/evaluation/bids/{bid}/scores", response=Done, operation_id="score_offer")
def score_offer(request: Request, code: str, bid: str, payload: ScoresIn) -> dict[str, Any]:
    """One's own points for an offer."""
    done = judging.score_offer(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        bid=bid,
        scores=[score.read() for score in payload.scores],
        at=request.received_at,
    )
    return {"state": done.evaluation.state, "receipt": receipt_of(done.receipt)}


@router.put("/tenders/{code}/evaluation/bids/{bid}/agreed-scores", response=Done, operation_id="agree_scores")
def agree_scores(request: Request, code: str, bid: str, payload: AgreedIn) -> dict[str, Any]:
    """The points that all agreed on."""
    done = judging.agree_scores(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        bid=bid,
        scores=[score.read() for score in payload.scores],
        fined=payload.fined,
        at=request.received_at,
    )
    return {"state": done.evaluation.state, "receipt": receipt_of(done.receipt)}


@router.put("/tenders/{code}/evaluation/exchange-rate", response=Done, operation_id="take_rate")
def take_rate(request: Request, code: str, payload: RateIn) -> dict[str, Any]:
    done = judging.take_rate(
        actor=request.actor,
        tender_id=evaluation_of(request, code).tender_id,
        rate=payload.rate,
        source=payload.source,
        at=request.received_at,
    )
    return {"state": done.state, "receipt": receipt_of(done.receipt)}


class PriceReportIn(Schema):
    observations_due: Annotated[
        datetime | None, Field(description="With its time zone, in the hearing. Without it: an hour from now.")
    ] = None


class PricesReported(Done):
    number: int
    observations_due_at: datetime


@router.post("/tenders/{code}/evaluation/price-report", response={201: PricesReported}, operation_id="report_prices")
def report_prices(request: Request, code: str, payload: PriceReportIn) -> Status[dict[str, Any]]:
    """Publish the points of the prices that the hearing opened. Binding: needs a fresh step-up."""
    found = evaluation_of(request, code)
    done = judging.report_prices(
        actor=request.actor,
        tender_id=found.tender_id,
        observations_due=payload.observations_due,
        at=request.received_at,
    )
    told = {"number": done.number, "observations_due_at": done.observations_due_at}
    return Status(201, {"state": found.state, "receipt": receipt_of(done.receipt), **told})


@router.post("/tenders/{code}/evaluation/agreement", response={201: Done}, operation_id="agree_price")
def agree_price(request: Request, code: str, payload: AgreementIn) -> Status[dict[str, Any]]:
    """Agree on the price with the offer that was called. Binding: needs a fresh step-up."""
    found = evaluation_of(request, code)
    done = judging.agree_price(
        actor=request.actor,
        tender_id=found.tender_id,
        value=payload.value,
        minutes=payload.minutes,
        at=request.received_at,
    )
    return Status(201, {"state": found.state, "receipt": receipt_of(done.receipt)})


# ---- what is asked of bidders --------------------------------------------------------------------------------------


class RequestIn(Schema):
    model_config = example(kind="mend", item=1, text="Falta la firma del certificado", due="2026-03-20T17:00:00-05:00")

    kind: Literal["mend", "clarify", "low_price"]
    item: Annotated[int | None, Field(description="The requirement that is to be mended")] = None
    text: Annotated[str, Field(max_length=4000)]
    due: Annotated[datetime, Field(description="With its time zone")]


class RequestAnswerIn(Schema):
    model_config = example(text="Se adjunta el certificado firmado.")

    text: Annotated[str, Field(max_length=8000)]
    document: Annotated[str, Field(max_length=100, description="Code of an upload of the kind “bid_document”")] = ""


class RequestDecisionIn(Schema):
    model_config = example(accepted=True, reason="El certificado es anterior al cierre.")

    accepted: bool
    reason: Annotated[str, Field(max_length=4000)]


class RequestOut(ninja.Schema):
    number: int
    bid: str
    kind: str
    item: int | None
    text: str
    asked_at: datetime
    due_at: datetime
    answer: str
    document: str
    answered_at: datetime | None
    accepted: bool | None
    decision: str


class Asked(ninja.Schema):
    number: int
    receipt: Receipt


def _tender_id(request: Request, code: str) -> int:
    return get_visible(Tender.objects.visible_to(request.actor), code=code).pk


def _asked(made: BidRequest) -> dict[str, Any]:
    return {"number": made.number, "receipt": receipt_of(made.receipt)}


@router.get("/tenders/{code}/evaluation/requests", response=list[RequestOut], operation_id="list_bid_requests")
def list_bid_requests(request: Request, code: str) -> list[dict[str, Any]]:
    """All that was asked of bidders, with their answers: it is public."""
    rows = BidRequest.objects.filter(evaluation__tender_id=_tender_id(request, code))
    return [
        {
            **{name: getattr(row, name) for name in ("number", "kind", "text", "answer", "accepted", "decision")},
            **{name: getattr(row, name) for name in ("asked_at", "due_at", "answered_at")},
            "bid": row.assessment.bid.code,
            "item": row.item.number if row.item else None,
            "document": row.document.get_absolute_url() if row.document else "",
        }
        for row in rows.select_related("assessment__bid", "item", "document").order_by("number")
    ]


@router.post("/tenders/{code}/evaluation/bids/{bid}/requests", response={201: Asked}, operation_id="ask_bidder")
def ask_bidder(request: Request, code: str, bid: str, payload: RequestIn) -> Status[dict[str, Any]]:
    tender_id = evaluation_of(request, code).tender_id
    made = asking.ask_bidder(
        actor=request.actor, tender_id=tender_id, bid=bid, at=request.received_at, **payload.dict()
    )
    return Status(201, _asked(made))


@router.post("/tenders/{code}/evaluation/requests/{number}/answer", response=Asked, operation_id="answer_request")
def answer_request(request: Request, code: str, number: int, payload: RequestAnswerIn) -> dict[str, Any]:
    """Answer what was asked of one's own offer."""
    return _asked(
        asking.answer_request(
            actor=request.actor,
            tender_id=_tender_id(request, code),
            number=number,
            text=payload.text,
            document=Upload(None, payload.document) if payload.document else None,
            at=request.received_at,
        )
    )


@router.post("/tenders/{code}/evaluation/requests/{number}/decide", response=Asked, operation_id="decide_request")
def decide_request(request: Request, code: str, number: int, payload: RequestDecisionIn) -> dict[str, Any]:
    tender_id = evaluation_of(request, code).tender_id
    done = asking.decide_request(
        actor=request.actor, tender_id=tender_id, number=number, at=request.received_at, **payload.dict()
    )
    return _asked(done)
