"""The rehearsal of an opening and the requests of confidentiality over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field

from pliego.bidding import recording, rehearsing, replacing, reserving, watching, witnessed
from pliego.bidding.models import KeyTest, OpeningMinutes, Reserve
from pliego.bidding.reserving import Decision
from pliego.kernel.objections import Unknown
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["bidding"])


class ReserveOut(Schema):
    number: int
    bid: str
    envelope: str
    item: int | None
    reason: str = Field(description="Of the supplier")
    state: str
    basis: str
    rationale: str = Field(description="Of the entity")
    until: datetime | None
    recipient: str = Field(description="The key that its envelope is sealed to")
    identity: str = Field(description="The key that opens it, once it is public")
    receipt: Receipt | None


class DecisionIn(Schema):
    model_config = example(decision="accept", basis="trade_secret", until="2031-11-30T15:00:00-05:00", rationale="…")

    decision: Literal["accept", "refuse"]
    rationale: Annotated[str, Field(max_length=4000)]
    basis: Annotated[str, Field(max_length=20)] = ""
    until: datetime | None = None


def shown(reserve: Reserve) -> dict[str, Any]:
    same = {name: getattr(reserve, name) for name in ("state", "basis", "rationale", "until")}
    identity = "" if reserve.is_withheld else reserve.envelope.identity
    receipt = Receipt.of(reserve.entry) if reserve.entry else None
    return {
        **reserving.named(reserve),
        **same,
        "bid": reserve.envelope.bid.code,
        "identity": identity,
        "receipt": receipt,
    }


@router.get("/tenders/{code}/reserves", response=list[ReserveOut], operation_id="list_reserves")
def list_reserves(request: Request, code: str) -> list[dict[str, Any]]:
    """What the opened offers ask to keep from the public, with what the entity decided of each."""
    return [shown(reserve) for reserve in reserving.reserves_of(visible_tender(request, code))]


@router.post("/tenders/{code}/reserves/{number}/decision", response=ReserveOut, operation_id="decide_reserve")
def decide_reserve(request: Request, code: str, number: int, payload: DecisionIn) -> dict[str, Any]:
    """Keep an answer from the public for a term, with its ground and its reason; or refuse it, which publishes it."""
    tender = visible_tender(request, code)
    get_visible(tender.reserves.all(), number=number)
    decision = Decision(payload.decision == "accept", payload.rationale, payload.basis, payload.until)
    decided = reserving.decide(
        actor=request.actor, tender_id=tender.pk, number=number, decision=decision, at=request.received_at
    )
    return shown(decided)


def visible_tender(request: Request, code: str) -> Tender:
    return get_visible(Tender.objects.visible_to(request.actor).select_related("buyer"), code=code)


class TestIn(Schema):
    """The answer to a challenge of `POST /opening-keys/challenge` for the key that the process is locked for."""

    answer: Annotated[str, Field(max_length=100)]
    ticket: Annotated[str, Field(max_length=2000)]


class TestOut(Schema):
    member: int
    proved_at: datetime | None
    lost_at: datetime | None
    receipt: Receipt


def tested(test: KeyTest) -> dict[str, Any]:
    told = {"member": test.member.number, "proved_at": test.proved_at, "lost_at": test.lost_at}
    return {**told, "receipt": Receipt.of(test.entry)}


@router.post("/tenders/{code}/rehearsal", response=TestOut, operation_id="rehearse_opening")
def rehearse(request: Request, code: str, payload: TestIn) -> dict[str, Any]:
    """Show, before the opening, that the member's key of this process works."""
    tender = visible_tender(request, code)
    test = rehearsing.rehearse(
        actor=request.actor, tender_id=tender.pk, answer=payload.answer, ticket=payload.ticket, at=request.received_at
    )
    return tested(test)


@router.post("/tenders/{code}/lost-key", response=TestOut, operation_id="declare_key_lost")
def declare_lost(request: Request, code: str) -> dict[str, Any]:
    """Say that the member's key of this process is lost."""
    tender = visible_tender(request, code)
    return tested(rehearsing.declare_lost(actor=request.actor, tender_id=tender.pk, at=request.received_at))


@router.post("/tenders/{code}/replaced-key", response=TestOut, operation_id="replace_opening_key")
def replace_key(request: Request, code: str, payload: TestIn) -> dict[str, Any]:
    """Put the member's key in force in the place of the one that they said to be lost, answering a challenge of it."""
    tender = visible_tender(request, code)
    test = replacing.replace_key(
        actor=request.actor, tender_id=tender.pk, answer=payload.answer, ticket=payload.ticket, at=request.received_at
    )
    return tested(test)


# ---- the room that everybody may follow ------------------------------------------------------------------------------


class RoomLine(Schema):
    folio: int
    at: datetime
    text: str
    receipt: Receipt


class RoomBidder(Schema):
    bid: str
    supplier: str
    supplier_name: str
    received_at: datetime
    receipt: str
    state: str
    total: str
    lots: list[int] = []
    reserved: list[dict[str, Any]] = []
    blame: str
    manifest_sha256: str
    identities: dict[str, str] = Field(description="By envelope, the age key that opens its sealed files")


class RoomWitness(Schema):
    institution: str
    name: str
    signed_at: datetime | None


class RoomOut(Schema):
    phase: str = Field(description="coming, receiving, closing, waiting, giving, ready, opened, halted or ended")
    awaited: list[str]
    due_at: datetime | None
    envelopes: int = Field(description="Of this opening; before the closing record nobody knows and it is 0")
    halves: int
    witnesses: list[RoomWitness] = Field(description="Of a reinforced process: who signed the closing record")
    acts: list[RoomLine]
    bidders: list[RoomBidder]


def shown_bidder(bidder: watching.Bidder) -> dict[str, Any]:
    told = {name: value for name, value in bidder.told.items() if name in RoomBidder.model_fields}
    return {**told, "blame": bidder.blame}


@router.get("/tenders/{code}/room", response=RoomOut, operation_id="follow_opening")
def follow_opening(request: Request, code: str) -> dict[str, Any]:
    """The opening as everybody may follow it. `/vivo/aperturas/{code}` tells the same as server-sent events."""
    tender = visible_tender(request, code)
    if not tender.has_bidding or tender.published_at is None:
        raise Unknown()
    standing = watching.standing(tender, request.received_at)
    acts = [
        {"folio": line.number, "at": line.at, "text": line.text, "receipt": Receipt.of(line.entry)}
        for line in watching.lines(tender)
    ]
    return {
        "phase": standing.phase,
        "awaited": standing.awaited,
        "due_at": standing.due_at,
        "envelopes": standing.status.envelopes if standing.status else 0,
        "halves": standing.status.halves if standing.status else 0,
        "witnesses": [
            {"institution": row.institution, "name": row.name, "signed_at": row.at}
            for row in witnessed.of_closing(tender)
        ],
        "acts": acts,
        "bidders": [shown_bidder(bidder) for bidder in watching.bidders(tender)],
    }


# ---- minutes ---------------------------------------------------------------------------------------------------------


class MinutesIn(Schema):
    model_config = example(moment="opening", note="Asistió el representante de un proponente.")

    moment: Annotated[str, Field(max_length=40)]
    bid: Annotated[str, Field(max_length=24, description="Where offers are called one by one")] = ""
    note: Annotated[str, Field(max_length=4000)] = ""


class MinutesOut(Schema):
    moment: str
    document: str
    sha256: str
    url: str
    signed_at: datetime
    note: str
    receipt: Receipt


def shown_minutes(signed: OpeningMinutes) -> dict[str, Any]:
    document = signed.document
    told = {"moment": signed.opening.moment, "document": document.code, "url": document.get_absolute_url()}
    when = {"signed_at": signed.signed_at, "receipt": Receipt.of(signed.entry)}
    return {**told, **when, "sha256": document.sha256, "note": signed.note}


@router.get("/tenders/{code}/minutes", response=list[MinutesOut], operation_id="list_opening_minutes")
def list_minutes(request: Request, code: str) -> list[dict[str, Any]]:
    """The signed minutes of the openings of a process."""
    return [shown_minutes(each) for each in recording.minutes_of(visible_tender(request, code))]


@router.post("/tenders/{code}/minutes", response=MinutesOut, operation_id="sign_opening_minutes")
def sign_minutes(request: Request, code: str, payload: MinutesIn) -> dict[str, Any]:
    """Sign the minutes of an opening, made of its acts. Whoever opened signs; a day later any other member may."""
    tender = visible_tender(request, code)
    signed = recording.record_opening(
        actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict()
    )
    return shown_minutes(signed)
