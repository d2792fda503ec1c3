"""Auctions over the API: the same services as the pages. Nobody is named before the minutes."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Query, Status

from pliego.auctions import outside, placing, queries, recording, services
from pliego.auctions import training as rehearsing
from pliego.auctions.models import Auction, AuctionBid, Session
from pliego.auctions.policy import TRAINING, Act
from pliego.kernel.objections import Unknown
from pliego.tendering.api.router import tender_of
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["auctions"])
PATH = "/tenders/{code}/auctions"
ONE = PATH + "/{lot}"

Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
Points = Annotated[Decimal, Field(max_digits=5, decimal_places=2)]
Prose = Annotated[str, Field(max_length=4000)]
Place = Annotated[str, Field(max_length=300)]
Code = Annotated[str, Field(max_length=40)]
Training = Annotated[int, Query(ge=0, description="The number of a training auction; zero is the auction that counts")]
Key = Annotated[str, Field(min_length=1, max_length=64, description="Your name of the bid: sent twice, it counts once")]


class TermsOut(ninja.Schema):
    is_upward: bool
    by: str
    compares: str
    margin_kind: str
    margin: Decimal
    minutes: int
    window: int
    extension: int
    most_extensions: int | None


class OutsideOut(ninja.Schema):
    place: str
    held_at: datetime
    reason: str
    signers: str


class OwnOut(ninja.Schema):
    alias: str
    place: int
    price: Decimal
    is_best: bool
    to_reach: Decimal


class AuctionOut(ninja.Schema):
    lot: int = Field(description="Zero where the process is one whole")
    training: int = Field(description="Zero: it counts. Else the number of a training, without legal value")
    state: str
    phase: str = Field(description="What is so at `now`, whoever has written it down")
    now: datetime
    starts_at: datetime
    ends_at: datetime
    resumes_at: datetime | None
    bidders: int
    bids: int
    extensions: int
    best: Decimal
    best_alias: str
    to_reach: Decimal | None = Field(description="The price of the next valid bid; none where quality counts")
    terms: TermsOut
    own: OwnOut | None = Field(description="Of your account, if it takes part")
    outside: OutsideOut | None = Field(description="Where it is held, if it is not held here")
    record: str


class BidOut(ninja.Schema):
    number: int
    alias: str
    amount: Decimal
    received_at: datetime
    ends_at: datetime
    supplier: str = Field(description="Empty until the minutes")


class EnterIn(Schema):
    model_config = example(public_key="")

    public_key: Annotated[str, Field(max_length=200, description="P-256, SubjectPublicKeyInfo in base64url")] = ""


class Entered(ninja.Schema):
    session: str
    alias: str
    receipt: Receipt


class BidIn(Schema):
    model_config = example(key="lance-1", amount="10000000.00")

    key: Key
    amount: Amount | None = None
    prices: Annotated[dict[str, Amount], Field(description="Unit prices by line, where bids are by items")] = {}
    session: Annotated[str, Field(max_length=32, description="Without it, a fresh step-up signs the bid")] = ""
    signature: Annotated[str, Field(max_length=120, description="ECDSA of the key of the session, in base64url")] = ""
    is_sure: Annotated[bool, Field(description="That an amount far from the best price is no mistake")] = False


class BidDone(BidOut):
    receipt: Receipt


class GradeIn(Schema):
    model_config = example(points={"PLG.OFE.1": "95.50"})

    points: Annotated[dict[str, Points], Field(max_length=500)]


class SuspendIn(Schema):
    model_config = example(reason="Falla de la plataforma", resumes_at="2026-03-30T15:00:00-05:00")

    reason: Prose
    resumes_at: Annotated[datetime | None, Field(description="Without it, until the entity says")] = None


class ResumeIn(Schema):
    model_config = example(resumes_at="2026-03-30T15:00:00-05:00")

    resumes_at: Annotated[datetime | None, Field(description="Without it, at once")] = None


class RecordIn(Schema):
    model_config = example(note="Sin novedades.")

    note: Prose = ""


class MoveIn(Schema):
    model_config = example(
        place="Sala de juntas, piso 2", held_at="2026-03-30T15:00:00-05:00", reason="La red de la entidad no responde."
    )

    place: Place
    held_at: datetime
    reason: Prose


class OutsideIn(MoveIn):
    model_config = example(
        prices={"PLG.OFE.1": "10000000.00"},
        place="Sala de juntas, piso 2",
        held_at="2026-03-30T15:00:00-05:00",
        reason="Se hizo en sala por una falla.",
        signers="El ordenador del gasto y los proponentes.",
        document="2f9c…",
    )

    prices: Annotated[dict[str, Amount], Field(max_length=500, description="The last price of each offer")]
    absent: Annotated[list[Code], Field(max_length=500, description="Offers whose bidder did not attend")] = []
    signers: Annotated[str, Field(max_length=2000, description="Who signed the minutes")]
    document: Annotated[str, Field(max_length=100, description="Code of an upload of the kind “auction_record”")]
    is_sure: Annotated[bool, Field(description="That prices which differ by less than the margin are no mistake")] = (
        False
    )


class TrainingIn(Schema):
    model_config = example(starts_at="2026-03-30T15:00:00-05:00", minutes=30, reference="10000000.00")

    starts_at: datetime
    minutes: int
    reference: Annotated[Amount, Field(description="The invented initial price of everybody")]


class CancelIn(Schema):
    model_config = example(reason="Se hará otra.")

    reason: Prose


class Done(AuctionOut):
    receipt: Receipt


def _auction(request: Request, code: str, lot: int, training: int) -> Auction:
    rows = Auction.every.of(tender_of(request, code)).visible_to(request.actor)
    found = rows.filter(lot=lot or None, training=training).select_related("best", "record", "tender").first()
    if found is None:
        raise Unknown()
    return found


def _out(request: Request, auction: Auction) -> dict[str, Any]:
    at = request.received_at
    mine = queries.participant_of(request.actor, auction)
    own = queries.own_of(auction, mine) if mine else None
    return {
        "lot": auction.lot or 0,
        "training": auction.training,
        "state": auction.state,
        "phase": queries.phase(auction, at),
        "now": at,
        "starts_at": auction.starts_at,
        "ends_at": auction.due_end(at),
        "resumes_at": auction.resumes_at if auction.state == "suspended" else None,
        "bidders": auction.participants.count(),
        "bids": auction.bid_count,
        "extensions": auction.extensions,
        "best": auction.best_amount,
        "best_alias": auction.best.alias if auction.best else "",
        "to_reach": queries.to_reach(auction),
        "terms": {name: getattr(auction.terms, name) for name in TermsOut.model_fields},
        "own": {name: getattr(own, name) for name in OwnOut.model_fields} if own else None,
        "outside": queries.outside_of(auction),
        "record": auction.record.get_absolute_url() if auction.record else "",
    }


def _done(request: Request, auction: Auction) -> dict[str, Any]:
    assert auction.receipt is not None
    return {**_out(request, auction), "receipt": Receipt.of(auction.receipt)}


def _bid(bid: queries.Told | AuctionBid) -> dict[str, Any]:
    named = {"alias": bid.participant.alias, "supplier": ""} if isinstance(bid, AuctionBid) else {}
    told = {name: getattr(bid, name) for name in BidOut.model_fields if name not in named}
    return {**told, **named}


@router.get(PATH, response=list[AuctionOut], operation_id="list_auctions")
def list_auctions(request: Request, code: str) -> list[dict[str, Any]]:
    """The auction of the process, or that of each of its lots."""
    rows = Auction.objects.of(tender_of(request, code)).select_related("best", "record", "tender")
    return [_out(request, auction) for auction in rows]


@router.get(ONE, response=AuctionOut, operation_id="get_auction")
def get_auction(request: Request, code: str, lot: int, training: Training = 0) -> dict[str, Any]:
    return _out(request, _auction(request, code, lot, training))


@router.get(ONE + "/bids", response=list[BidOut], operation_id="list_auction_bids")
def list_auction_bids(
    request: Request,
    code: str,
    lot: int,
    after: Annotated[int, Query(description="The last number you know")] = 0,
    training: Training = 0,
) -> list[dict[str, Any]]:
    """The valid bids in their order, under the letters of their bidders."""
    return [_bid(bid) for bid in queries.told_bids(_auction(request, code, lot, training), after)]


@router.post(ONE + "/enter", response={201: Entered}, operation_id="enter_auction")
def enter_auction(
    request: Request, code: str, lot: int, payload: EnterIn, training: Training = 0
) -> Status[dict[str, Any]]:
    """Take your place. Binding: needs a fresh step-up. The key, if you give one, signs your bids from then on."""
    session: Session = placing.enter_auction(
        actor=request.actor, at=request.received_at, public_key=payload.public_key, **_of(request, code, lot, training)
    )
    told = {"session": session.code, "alias": session.participant.alias, "receipt": Receipt.of(session.receipt)}
    return Status(201, told)


@router.post(ONE + "/bids", response={201: BidDone}, operation_id="place_bid")
def place_bid(request: Request, code: str, lot: int, payload: BidIn, training: Training = 0) -> Status[dict[str, Any]]:
    """Improve the best price. Signed by the key of your entry, or by a fresh step-up."""
    offer = placing.Offer(**payload.dict())
    bid = placing.place_bid(
        actor=request.actor, offer=offer, at=request.received_at, **_of(request, code, lot, training)
    )
    return Status(201, {**_bid(bid), "receipt": Receipt.of(bid.receipt)})


@router.put(ONE + "/quality", response=Done, operation_id="grade_auction_bidders")
def grade_auction_bidders(request: Request, code: str, lot: int, payload: GradeIn) -> dict[str, Any]:
    """The quality points of every offer, where prices are compared by coefficient."""
    told: dict[str, Any] = {"points": payload.points, "at": request.received_at}
    return _done(request, services.grade_bidders(actor=request.actor, **told, **_of(request, code, lot)))


@router.post(ONE + "/suspend", response=Done, operation_id="suspend_auction")
def suspend_auction(
    request: Request, code: str, lot: int, payload: SuspendIn, training: Training = 0
) -> dict[str, Any]:
    """Stop it at once; the time that is left is kept."""
    told = {**payload.dict(), "at": request.received_at}
    return _done(request, services.suspend_auction(actor=request.actor, **told, **_of(request, code, lot, training)))


@router.post(ONE + "/resume", response=Done, operation_id="resume_auction")
def resume_auction(request: Request, code: str, lot: int, payload: ResumeIn, training: Training = 0) -> dict[str, Any]:
    """Say when a suspended auction goes on."""
    told = {**payload.dict(), "at": request.received_at}
    return _done(request, services.resume_auction(actor=request.actor, **told, **_of(request, code, lot, training)))


@router.post(ONE + "/record", response={201: Done}, operation_id="record_auction")
def record_auction(
    request: Request, code: str, lot: int, payload: RecordIn, training: Training = 0
) -> Status[dict[str, Any]]:
    """Sign the minutes: everybody is named, and the process can be awarded. Binding: needs a fresh step-up."""
    told: dict[str, Any] = {"note": payload.note, "at": request.received_at}
    return Status(
        201, _done(request, recording.record_auction(actor=request.actor, **told, **_of(request, code, lot, training)))
    )


@router.post(ONE + "/move-outside", response=Done, operation_id="move_auction_outside")
def move_auction_outside(request: Request, code: str, lot: int, payload: MoveIn) -> dict[str, Any]:
    """Say that it is held outside the platform: where, when and why. Binding: needs a fresh step-up."""
    told = {**payload.dict(), "at": request.received_at, **_of(request, code, lot)}
    return _done(request, outside.move_outside(actor=request.actor, **told))


@router.post(ONE + "/record-outside", response={201: Done}, operation_id="record_auction_outside")
def record_auction_outside(request: Request, code: str, lot: int, payload: OutsideIn) -> Status[dict[str, Any]]:
    """What an auction held elsewhere came to, with its signed minutes. Binding: needs a fresh step-up."""
    held = outside.Held(**{**payload.dict(), "document": Upload(None, payload.document)})
    place = _of(request, code, lot)
    auction = outside.record_outside(actor=request.actor, held=held, at=request.received_at, **place)
    return Status(201, _done(request, auction))


# ---- trainings -------------------------------------------------------------------------------------------------------


@router.get(ONE + "/trainings", response=list[AuctionOut], operation_id="list_training_auctions")
def list_training_auctions(request: Request, code: str, lot: int) -> list[dict[str, Any]]:
    """Those that you may see: of the entity, and of the suppliers invited."""
    tender = tender_of(request, code)
    if not TRAINING.verdict(request.actor, Act.SEE_TRAININGS, tender):
        raise Unknown()
    return [_out(request, one) for one in queries.trainings_of(request.actor, tender) if one.lot == (lot or None)]


@router.post(ONE + "/trainings", response={201: Done}, operation_id="open_training_auction")
def open_training_auction(request: Request, code: str, lot: int, payload: TrainingIn) -> Status[dict[str, Any]]:
    """Invite everybody who qualified to try the room, from an invented price. Nothing of it counts."""
    told = {**payload.dict(), "at": request.received_at, **_of(request, code, lot)}
    return Status(201, _done(request, rehearsing.open_training(actor=request.actor, **told)))


@router.post(ONE + "/trainings/{training}/cancel", response=Done, operation_id="cancel_training_auction")
def cancel_training_auction(request: Request, code: str, lot: int, training: int, payload: CancelIn) -> dict[str, Any]:
    """Call a training off, and tell those invited."""
    told = {**payload.dict(), "at": request.received_at, **_of(request, code, lot, training)}
    return _done(request, rehearsing.cancel_training(actor=request.actor, **told))


def _of(request: Request, code: str, lot: int, training: int = 0) -> dict[str, Any]:
    told = {"tender_id": tender_of(request, code).pk, "lot": lot or None}
    return {**told, "training": training} if training else told
