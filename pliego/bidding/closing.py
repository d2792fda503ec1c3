"""From the end of the term to the opening: the closing record, the custodian's halves, the members' shares."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.bidding import moments, reach, rules, sealing
from pliego.bidding.events import BidsClosed, CustodianHalvesReleased, SharesReleased
from pliego.bidding.models import DOES_NOT_OPEN, Bid, Closing, Envelope, ReleasedShare
from pliego.bidding.policy import POLICY, Act
from pliego.bidding.states import BID
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.objections import Objection, Refused, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.canonical import instant
from pliego.tendering import services as tendering
from pliego.tendering.models import Milestone, OpeningMember, Tender
from pliego.tendering.states import TENDER


def held(tender_id: int) -> Tender:
    """The tender, held for this transaction alone: every offer on its way has ended, none begins."""
    return Tender.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=tender_id)


# ---- closing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def close_tender(*, actor: Actor, tender_id: int, at: datetime) -> Closing:
    """End the reception and sign the closing record: every receipt of the process, before anybody can open anything.

    A timed job does it, and so may anybody once the term is over; the second one finds it done.
    """
    tender = held(tender_id)
    POLICY.require(actor, Act.CLOSE, tender)
    if closing := Closing.objects.filter(tender=tender).select_related("entry").first():
        return closing
    refuse_if_any(rules.queue_is_settling(tender, at))
    _let_lapse(tender, at)
    presented = list(tender.bids.exclude(state="draft").select_related("receipt").order_by("received_at", "pk"))
    tendering.mark_closed(tender_id=tender_id, at=at)
    due = tender.due_at("bids_due")
    assert due is not None
    data = {
        "tender": tender.code,
        "due_at": instant(due),
        "closed_at": instant(at),
        "standing": sum(bid.state == "submitted" for bid in presented),
        "receipts": [_listed(bid) for bid in presented],
    }
    entry = outbox.publish(BidsClosed(file=tender.ocid, subject_id=tender.pk, data=data), actor=actor, at=at)
    return Closing.objects.create(tender=tender, entry=entry, closed_at=at)


def _let_lapse(tender: Tender, at: datetime) -> None:
    """Offers that nobody confirmed after an amendment that affects them lose their effect and are never opened; also
    those that nobody sealed again although too few of their keys are left and the closing was moved."""
    unconfirmed = tender.bids.filter(state="submitted", confirmed_version__lt=tender.binding_version)
    early = reach.sealed_too_early(tender)
    for bid in [*unconfirmed.exclude(pk__in=[bid.pk for bid in early]), *early]:
        bid.tender, bid.must_be_sealed_again = tender, bid in early
        BID.fire(bid, "lapse", at=at)
        bid.save(update_fields=["state"])


def closing_objections(tender: Tender, at: datetime) -> list[Objection]:
    """What stands against closing now."""
    return gather(TENDER.objections(tender, "close", at=at), rules.queue_is_settling(tender, at))


def _listed(bid: Bid) -> dict[str, str]:
    assert bid.receipt is not None
    return {"receipt": bid.receipt.code, "leaf": bid.receipt.leaf_hex, "state": bid.state}


def close_due(*, at: datetime) -> list[str]:
    """Close every process whose term has ended; answers their codes."""
    due = Milestone.objects.filter(code="bids_due", due_at__lte=at - rules.SETTLING, tender__state="published")
    closed = []
    for tender_id in due.order_by("due_at").values_list("tender_id", flat=True):
        tender = Tender.objects.get(pk=tender_id)
        if tender.stage_now.is_bidding:
            close_tender(actor=SYSTEM, tender_id=tender_id, at=at)
            closed.append(tender.code)
    return closed


# ---- releasing -------------------------------------------------------------------------------------------------------


def envelopes_to_open(tender: Tender) -> list[Envelope]:
    """The sealed envelopes whose turn it is, of the offers that count, in order of arrival."""
    turn = moments.turn_now(tender)
    return list(turn.sealed().prefetch_related("released")) if turn else []


def refuse_unless_due(tender: Tender, at: datetime) -> None:
    """No piece of a key is taken before the hour of its envelopes, nor before the acts that come first."""
    turn = moments.turn_now(tender)
    nothing = Objection("nothing_sealed", _("No envelope of this process waits to be opened."))
    refuse_if_any(moments.is_not_due(turn, at) if turn else nothing)


def unknown_envelope() -> Refused:
    return Refused(Objection("unknown_envelope", _("There is no sealed envelope with that key here."), "envelope"))


def as_bytes(text: str, length: int, field: str) -> bytes:
    try:
        piece = bytes.fromhex(text)
    except ValueError:
        piece = b""
    if len(piece) != length:
        raise Refused(Objection("bad_piece", _("This is not a piece of a key."), field))
    return piece


@transaction.atomic
def release_custodian_half(*, actor: Actor, tender_id: int, halves: Iterable[dict[str, str]], at: datetime) -> int:
    """Publish the custodian's halves: each {recipient, half}, {recipient, file_key} when the lock lies, or {recipient}
    alone when it does not open with the custodian's key."""
    tender = held(tender_id)
    POLICY.require(actor, Act.RELEASE_HALVES, tender)
    refuse_unless_due(tender, at)
    waiting = {envelope.recipient: envelope for envelope in envelopes_to_open(tender)}
    listed = []
    for given in halves:
        envelope = waiting.get(given["recipient"])
        if envelope is None:
            raise unknown_envelope()
        if envelope.custodian_half or envelope.custodian_proof:
            continue
        refused = not given.get("half") and not given.get("file_key")
        half, file_key = ("", "") if refused else _checked(envelope.header["custodian"], given, 32)
        envelope.custodian_half, envelope.custodian_proof = half, DOES_NOT_OPEN if refused else file_key
        envelope.save(update_fields=["custodian_half", "custodian_proof"])
        listed.append(_release(envelope, half=half, file_key=file_key, refused=refused))
    if listed:
        data = {"tender": tender.code, "halves": listed}
        event = CustodianHalvesReleased(file=tender.ocid, subject_id=tender.pk, data=data)
        outbox.publish(event, actor=actor, at=at)
    return len(listed)


def _checked(lock: dict[str, Any], given: dict[str, str], length: int) -> tuple[str, str]:
    """The piece or the proof, in hexadecimal; Refused unless the piece is the promised one or the proof proves."""
    if file_key := given.get("file_key", ""):
        as_bytes(file_key, 16, "file_key")
        if not sealing.proves_bad_lock(lock, file_key):
            raise Refused(Objection("proves_nothing", _("This key does not show that the lock is bad."), "file_key"))
        return "", file_key.lower()
    piece = as_bytes(given.get("half") or given.get("share") or "", length, "piece")
    try:
        sealing.check_piece(lock, piece, lock.get("member", "custodian"))
    except sealing.BadShare as fault:
        sentence = _("This is not the piece that the header of the offer promises, and whoever sent it answers for it.")
        raise Refused(Objection(fault.why, sentence, "piece")) from None
    return piece.hex(), ""


def _release(envelope: Envelope, **what: Any) -> dict[str, Any]:
    """What the public act says of a piece. Of a reserved envelope, that it was given: the piece would open it."""
    kept = {name: value for name, value in what.items() if value}
    if envelope.reserved:
        kept = {"reserved": envelope.reserved, **{name: kept[name] for name in ("refused",) if name in kept}}
    return {"bid": envelope.bid.code, "envelope": envelope.code, "recipient": envelope.recipient, **kept}


@transaction.atomic
def release_share(
    *, actor: Actor, tender_id: int, shares: Iterable[dict[str, str]], at: datetime
) -> list[ReleasedShare]:
    """Publish a member's shares: for each envelope {recipient, share}, {recipient, file_key} when its lock lies, or
    {recipient} alone when the lock does not open with the member's key."""
    tender = held(tender_id)
    POLICY.require(actor, Act.RELEASE_SHARES, tender)
    refuse_unless_due(tender, at)
    member = OpeningMember.objects.select_related("user").get(tender=tender, user_id=actor.user_id or 0)
    waiting = {envelope.recipient: envelope for envelope in envelopes_to_open(tender)}
    kept, listed = [], []
    for given in shares:
        envelope = waiting.get(given["recipient"])
        if envelope is None:
            raise unknown_envelope()
        if any(released.member_id == member.pk for released in envelope.released.all()):
            continue
        lock = next(lock for lock in envelope.header["locks"] if lock["member"] == str(member.number))
        refused = not given.get("share") and not given.get("file_key")
        if refused and lock["recipient"] != member.recipient:  # of a key that they lost it says nothing of the offer
            raise unknown_envelope()
        share, file_key = ("", "") if refused else _checked(lock, given, 33)
        kept.append(ReleasedShare(envelope=envelope, member=member, share=share, file_key=file_key, released_at=at))
        listed.append(_release(envelope, share=share, file_key=file_key, refused=refused))
    if kept:
        entry = outbox.publish(_released(tender, member, listed), actor=actor, at=at)
        for released in kept:
            released.entry = entry
        ReleasedShare.objects.bulk_create(kept)
    return kept


def _released(tender: Tender, member: OpeningMember, listed: list[dict[str, Any]]) -> SharesReleased:
    who = {"number": member.number, "name": member.user.full_name, "capacity": member.capacity}
    data = {"tender": tender.code, "member": who, "shares": listed}
    return SharesReleased(file=tender.ocid, subject_id=tender.pk, data=data)
