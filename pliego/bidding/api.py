"""Offers over the API: the same services as the pages."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from ninja import Field

from pliego.bidding import closing, disclosed, moments, opening, opening_api, queries, sealing, services, varying
from pliego.bidding.models import Bid
from pliego.bidding.parts import Readable
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.kernel.planned import Planned
from pliego.ledger.models import Entry
from pliego.tendering.models import CustodianKey, Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["bidding"])
router.add_router("", opening_api.router)
CUSTODIAN = Actor(user_code="custodio", name="Custodio del tiempo", is_system=True)


def visible_tender(request: Request, code: str) -> Tender:
    return get_visible(Tender.objects.visible_to(request.actor).select_related("buyer"), code=code)


def receipt_of(entry: Entry | None) -> dict[str, str]:
    assert entry is not None
    return {"code": entry.code, "url": entry.url}


class Parts(Schema):
    model_config = example(parts=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])

    parts: list[str]


class Missing(Schema):
    missing: list[str]


class PartKept(Schema):
    sha256: str
    size: int


class Manifest(Schema):
    manifest: dict[str, Any]


class BidOut(Schema):
    bid: str
    tender: str
    supplier: str
    supplier_name: str
    state: str
    received_at: datetime
    manifest_sha256: str
    total: str = ""
    fault: str = ""
    lots: list[int] = []
    has_variant: bool = Field(False, description="Known from the opening on")
    variant_total: str = ""
    receipt: Receipt


def shown(bid: Bid) -> dict[str, Any]:
    return {
        "bid": bid.code,
        "tender": bid.tender.code,
        "supplier": bid.supplier.code,
        "supplier_name": bid.supplier.name,
        "state": bid.state,
        "received_at": bid.received_at,
        "manifest_sha256": bid.manifest_sha256,
        "total": str(bid.total_amount) if bid.state == "opened" and bid.total_amount is not None else "",
        "fault": opening.blame(bid),
        "lots": bid.lots,
        "has_variant": bid.has_variant,
        "variant_total": str(bid.variant_amount) if bid.variant_amount is not None else "",
        "receipt": receipt_of(bid.receipt),
    }


SHOWN = ("tender", "supplier__organization", "receipt")
PRESENTED = Planned(-1, lambda bid_id: Bid.objects.filter(pk=bid_id).select_related(*SHOWN))  # asked in every rush


def visible_bids(request: Request) -> Any:
    return Bid.objects.visible_to(request.actor).exclude(state="draft").select_related(*SHOWN)


# ---- suppliers -------------------------------------------------------------------------------------------------------


@router.get("/tenders/{code}/sealing", operation_id="get_sealing_process")
def sealing_process(request: Request, code: str) -> dict[str, Any]:
    """What an offer must answer, and for whom it must be locked: the file that `pliego seal` and the browser read."""
    return queries.process_file(visible_tender(request, code))


@router.post("/parts/missing", response=Missing, operation_id="list_missing_parts")
def missing_parts(request: Request, payload: Parts) -> dict[str, list[str]]:
    """Which of these parts the account has not sent yet: an interrupted upload goes on with them."""
    return {"missing": queries.missing_parts(actor=request.actor, parts=payload.parts[:20_000])}


@router.put("/parts/{sha256}", response=PartKept, operation_id="keep_part")
def keep_part(request: Request, sha256: str) -> dict[str, Any]:
    """Send one part of ciphertext (at most 8 MiB, the raw body), named by the SHA-256 of its bytes."""
    part = services.keep_part(actor=request.actor, sha256=sha256, stream=body_of(request), at=request.received_at)
    return {"sha256": part.sha256, "size": part.size}


def body_of(request: Request) -> Readable:
    return request


@router.post("/tenders/{code}/bids", response=BidOut, operation_id="submit_bid")
def submit_bid(request: Request, code: str, payload: Manifest) -> dict[str, Any]:
    """Present a sealed offer whose parts were sent. The same manifest again gets the same receipt, also after the
    close; other content with the same submission is refused."""
    tender = visible_tender(request, code)
    if len(json.dumps(payload.manifest)) > sealing.LARGEST_MANIFEST:
        raise Refused(Objection("too_large", _("The manifest is too large."), "manifest"))
    bid = services.submit_bid(
        actor=request.actor, tender_id=tender.pk, manifest=payload.manifest, at=request.received_at
    )
    [presented] = PRESENTED(bid.pk)
    return shown(presented)


@router.get("/tenders/{code}/bids", response=list[BidOut], operation_id="list_bids")
def list_bids(request: Request, code: str) -> list[dict[str, Any]]:
    """One's own offers; after the opening, the list of bidders."""
    return [shown(bid) for bid in visible_bids(request).filter(tender=visible_tender(request, code))]


@router.post("/bids/{code}/confirm", response=BidOut, operation_id="confirm_bid")
def confirm_bid(request: Request, code: str) -> dict[str, Any]:
    """Say that an offer stands as it is after an amendment that affects it; the receipt is that of the confirmation."""
    bid = get_visible(visible_bids(request), code=code)
    _confirmed, entry = services.confirm_bid(actor=request.actor, bid_id=bid.pk, at=request.received_at)
    return {**shown(visible_bids(request).get(pk=bid.pk)), "receipt": receipt_of(entry)}


class AnswerOut(Schema):
    number: int
    envelope: str
    kind: str
    question: str
    answer: str
    shown: str
    is_as_asked: bool
    confidential_reason: str
    reserve: int | None = Field(
        None, description="The number of the request of confidentiality, where it was sealed apart"
    )
    is_withheld: bool = Field(False, description="Whether the answer is kept from who asks")
    files: list[str]


class PriceOut(Schema):
    item: int
    line: int
    description: str
    quantity: str
    unit: str
    unit_price: str


class VariantOut(Schema):
    summary: str
    answers: list[AnswerOut]
    prices: list[PriceOut]


class Answers(Schema):
    bid: str
    about: dict[str, str] = Field(description="reference, guarantee, guarantor: what the supplier says of the offer")
    answers: list[AnswerOut]
    prices: list[PriceOut]
    variant: VariantOut | None = Field(None, description="What its variant says instead; the rest is as in the base")


def _answer(one: disclosed.Answered) -> dict[str, Any]:
    told = {name: getattr(one.item, name) for name in ("number", "envelope", "kind")}
    read = {"answer": one.text, "shown": one.shown, "is_as_asked": one.is_as_asked, "confidential_reason": one.asked}
    read |= {"reserve": one.reserve.number if one.reserve else None, "is_withheld": one.is_withheld}
    return {**told, **read, "question": one.item.title, "files": [document.name for document in one.documents]}


def _price(one: disclosed.Offered, unit: Decimal | None) -> dict[str, Any]:
    line, price = one.line, "" if unit is None else str(unit)
    told = {"item": line.item.number, "line": line.number, "description": line.description, "unit": line.unit}
    return {**told, "quantity": format(line.quantity.normalize(), "f"), "unit_price": price}


@router.get("/bids/{code}/answers", response=Answers, operation_id="get_bid_answers")
def bid_answers(request: Request, code: str) -> dict[str, Any]:
    """What an opened offer answered, question by question, and its prices. Before the opening nobody knows it."""
    seen = get_visible(visible_bids(request).filter(state="opened"), code=code)
    bid = disclosed.opened_bid_rows(seen.tender).get(pk=seen.pk)
    answered = disclosed.answers_of(bid, disclosed.asked_of(bid, bid.tender.items.all()), request.actor)
    offered = disclosed.offered_prices(bid)
    about = disclosed.said_in(disclosed.readable(bid, ANYONE), "about")
    return {
        "bid": bid.code,
        "about": about,
        "answers": [_answer(one) for one in answered if one.item.form.keeps],
        "prices": [_price(one, one.price) for one in offered],
        "variant": _variant(bid, answered, offered) if bid.has_variant else None,
    }


def _variant(bid: Bid, answered: list[disclosed.Answered], offered: list[disclosed.Offered]) -> dict[str, Any]:
    return {
        "summary": varying.summary_of(bid),
        "answers": [_answer(one.variant) for one in answered if one.variant],
        "prices": [_price(one, one.varied) for one in offered if one.varied is not None],
    }


@router.post("/bids/{code}/withdraw", response=BidOut, operation_id="withdraw_bid")
def withdraw_bid(request: Request, code: str) -> dict[str, Any]:
    """Take an offer back before the deadline; the receipt that comes back is that of the withdrawal."""
    bid = get_visible(visible_bids(request), code=code)
    withdrawn = services.withdraw_bid(actor=request.actor, bid_id=bid.pk, at=request.received_at)
    return {**shown(visible_bids(request).get(pk=bid.pk)), "receipt": receipt_of(withdrawn.withdrawal)}


# ---- closing and opening ---------------------------------------------------------------------------------------------


class TenderState(Schema):
    tender: str
    state: str
    receipt: Receipt


@router.post("/tenders/{code}/close", response=TenderState, operation_id="close_bids")
def close_bids(request: Request, code: str) -> dict[str, Any]:
    """Write the closing record, once the term is over. Anybody may; the second one gets the same record."""
    tender = visible_tender(request, code)
    record = closing.close_tender(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return {"tender": tender.code, "state": "closed", "receipt": receipt_of(record.entry)}


class Lock(Schema):
    recipient: str
    bid: str
    envelope: str
    lock: dict[str, Any]


@router.get("/tenders/{code}/locks", response=list[Lock], operation_id="list_member_locks")
def member_locks(request: Request, code: str) -> list[dict[str, Any]]:
    """The locks of the sealed offers that the member who asks can open, after the close."""
    return queries.locks_for(actor=request.actor, tender=visible_tender(request, code))


class Share(Schema):
    recipient: str
    share: str = ""
    file_key: str = ""


class Shares(Schema):
    shares: list[Share]


class Released(Schema):
    released: int
    receipt: Receipt | None = None


@router.post("/tenders/{code}/shares", response=Released, operation_id="release_shares")
def release_shares(request: Request, code: str, payload: Shares) -> dict[str, Any]:
    """Give what the member's locks held. A lock that lies is answered with its file key, one that does not open with
    neither."""
    tender = visible_tender(request, code)
    given = [share.dict() for share in payload.shares]
    kept = closing.release_share(actor=request.actor, tender_id=tender.pk, shares=given, at=request.received_at)
    return {"released": len(kept), "receipt": receipt_of(kept[0].entry) if kept else None}


@router.post("/tenders/{code}/open", response=TenderState, operation_id="open_bids")
def open_bids(request: Request, code: str) -> dict[str, Any]:
    """Open the offers, once enough members and the custodian have released their pieces: the first envelopes, where
    the method opens them at several moments."""
    tender = visible_tender(request, code)
    opened = opening.open_bids(actor=request.actor, tender_id=tender.pk, at=request.received_at)
    return {"tender": opened.code, "state": opened.state, "receipt": receipt_of(queries.opening_act(opened))}


class OpeningOut(Schema):
    moment: str
    title: str
    envelopes: list[str]
    due_at: datetime | None
    bid: str
    opened_at: datetime | None
    sealed_for_ever: list[str] = Field(description="Offers that do not comply: nobody opens these envelopes of theirs")
    receipt: Receipt | None


class OpeningIn(Schema):
    model_config = example(bid="PLG.OFE.1")

    bid: Annotated[str, Field(max_length=24)] = ""


def shown_turn(turn: moments.Turn) -> dict[str, Any]:
    entry = turn.record.entry if turn.record else queries.opening_act(turn.tender) if turn.is_done else None
    return {
        "moment": turn.moment,
        "title": str(turn.title),
        "envelopes": list(turn.rule.envelopes),
        "due_at": turn.due_at,
        "bid": turn.bid,
        "opened_at": entry.at if entry else None,
        "sealed_for_ever": [row["bid"] for row in turn.sealed_for_ever],
        "receipt": receipt_of(entry) if entry else None,
    }


@router.get("/tenders/{code}/openings", response=list[OpeningOut], operation_id="list_openings")
def list_openings(request: Request, code: str) -> list[dict[str, Any]]:
    """Each opening of the process in order: its hour, its envelopes, and its record once it is done. Where offers are
    called one by one, there is one for each call."""
    return [shown_turn(turn) for turn in moments.turns_of(visible_tender(request, code))]


@router.post("/tenders/{code}/openings/{moment}", response=OpeningOut, operation_id="open_envelopes")
def open_envelopes(request: Request, code: str, moment: str, payload: OpeningIn) -> dict[str, Any]:
    """Open the envelopes of one moment of the method, of the offer that was called where they are called one by one.
    Asking again answers the same record."""
    tender, which = visible_tender(request, code), {"moment": moment, "bid": payload.bid}
    opened = opening.open_bids(actor=request.actor, tender_id=tender.pk, at=request.received_at, **which)
    done = [turn for turn in moments.turns_of(opened) if turn.moment == moment and turn.is_done]
    return shown_turn(next((turn for turn in done if turn.bid == payload.bid), done[-1]))


# ---- keys ------------------------------------------------------------------------------------------------------------


class Recipient(Schema):
    model_config = example(recipient="age1…")

    recipient: str


class Challenge(Schema):
    challenge: str
    ticket: str


class Proof(Schema):
    recipient: str
    answer: str
    ticket: str
    kept_by: Literal["", "passkey", "passphrase", "other"] = Field(
        "", description="What protects the file of the key, as its owner says: a reinforced opening asks for a passkey"
    )


@router.post("/opening-keys/challenge", response=Challenge, operation_id="challenge_opening_key")
def challenge(request: Request, payload: Recipient) -> dict[str, str]:
    """A secret encrypted to the key: whoever decrypts it shows that the key works."""
    sealed, ticket = services.challenge(actor=request.actor, recipient=payload.recipient)
    return {"challenge": sealed, "ticket": ticket}


@router.post("/opening-keys", response=Recipient, operation_id="register_opening_key")
def register_key(request: Request, payload: Proof) -> dict[str, str]:
    """Register the public half of the person's opening key."""
    key = services.register_opening_key(actor=request.actor, at=request.received_at, **payload.dict())
    return {"recipient": key.recipient}


# ---- custodian -------------------------------------------------------------------------------------------------------


def custodian(request: Request) -> Actor:
    """The time custodian, by its own token; nobody else."""
    token = request.headers.get("X-Pliego-Custodian", "")
    expected = settings.PLIEGO_CUSTODIAN_TOKEN
    if not expected or not constant_time_compare(token.encode(), expected.encode()):
        raise Denied(_("Only the time custodian can do this."))
    return CUSTODIAN


class NumberedKey(Schema):
    number: int
    recipient: str


class Keys(Schema):
    keys: list[NumberedKey]


class Pool(Schema):
    free: int
    last: int


@router.get("/custodian/keys", response=Pool, operation_id="get_custodian_pool")
def custodian_pool(request: Request) -> dict[str, int]:
    """How many announced keys no process has taken, and the highest number announced."""
    custodian(request)
    last = CustodianKey.objects.order_by("-number").values_list("number", flat=True).first()
    return {"free": CustodianKey.objects.free().count(), "last": last or 0}


@router.post("/custodian/keys", response=Pool, operation_id="announce_custodian_keys")
def announce_keys(request: Request, payload: Keys) -> dict[str, int]:
    keys = [(key.number, key.recipient) for key in payload.keys[:1000]]
    services.announce_custodian_keys(actor=custodian(request), keys=keys, at=request.received_at)
    return custodian_pool(request)


class ReceiptOut(Schema):
    body: str
    manifest: dict[str, Any]


@router.get("/custodian/tenders/{code}/receipts/{leaf}", response=ReceiptOut, operation_id="get_receipt_for_custodian")
def custodian_receipt(request: Request, code: str, leaf: str) -> dict[str, Any]:
    """What stands behind a receipt of the closing record: the act that it proves, and the sealed manifest of the
    offer. The custodian asks for those that the log names, and checks both against it."""
    custodian(request)
    tender = get_visible(Tender.objects.public(), code=code)
    found = queries.receipt_with_manifest(tender, leaf) if sealing.format.HEX.fullmatch(leaf) else None
    if found is None:
        raise Unknown()
    return found


class Half(Schema):
    recipient: str
    half: str = ""
    file_key: str = ""


class Halves(Schema):
    halves: list[Half]


@router.post("/custodian/tenders/{code}/halves", response=Released, operation_id="release_custodian_halves")
def release_halves(request: Request, code: str, payload: Halves) -> dict[str, Any]:
    actor, tender = custodian(request), get_visible(Tender.objects.public(), code=code)
    halves = [half.dict() for half in payload.halves]
    count = closing.release_custodian_half(actor=actor, tender_id=tender.pk, halves=halves, at=request.received_at)
    return {"released": count}
