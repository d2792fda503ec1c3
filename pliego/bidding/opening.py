"""The opening: envelopes are decrypted, files kept, the list of bidders published; what does not open is blamed."""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from pliego.bidding import parts, queries, reserving, rules, sealing, varying, witnessed
from pliego.bidding.closing import held
from pliego.bidding.events import BidFileRefused, BidFoundUnopenable, BidsOpened, EnvelopesOpened
from pliego.bidding.models import DOES_NOT_OPEN, Bid, BidDocument, Envelope, Opening
from pliego.bidding.moments import Turn, is_not_due, turn_at
from pliego.bidding.policy import POLICY, Act
from pliego.bidding.sealing import BadShare
from pliego.bidding.states import BID
from pliego.bidding.telling import telling
from pliego.conditions import variants
from pliego.documents import services as documents
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.objections import Objection, Refused, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.canonical import instant
from pliego.ledger.models import Entry
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.states import TENDER


@transaction.atomic
def open_bids(*, actor: Actor, tender_id: int, at: datetime, moment: str = "", bid: str = "") -> Tender:
    """Open the envelopes of a moment of the method (the first one, when none is named) as soon as enough keys have been
    given: of every offer that counts or, where offers are called one by one, of the one that was called."""
    tender = held(tender_id)
    turn = turn_at(tender, moment, bid)
    if turn.is_done:
        return tender
    POLICY.require(actor, Act.OPEN, tender)
    refuse_if_any(opening_objections(turn, at))
    with connection.cursor() as cursor:  # a file of hundreds of megabytes may take longer than the database waits
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    bids = _bids_of(turn)
    with telling(turn) as told:
        for one in bids:
            open_one(one, turn, actor, at, told)
        if turn.is_first:
            outbox.disclose([one.receipt_id for one in bids if one.receipt_id], at)
            tender = tendering.mark_opened(tender_id=tender_id, at=at)
        else:
            tender = tendering.mark_envelopes_opened(tender_id=tender_id, moment=turn.moment, at=at)
        entry = outbox.publish(_announced(turn, bids), actor=actor, at=at)
        Opening.objects.create(tender=tender, moment=turn.moment, call=turn.call, entry=entry, opened_at=at)
    return tender


def _bids_of(turn: Turn) -> list[Bid]:
    """The offers of which something is opened now, with what has been given for their envelopes."""
    presented = turn.tender.bids.filter(state="submitted" if turn.is_first else "opened")
    if turn.rule.by_call:
        presented = presented.filter(call=turn.call) if turn.call else presented.none()
    if turn.rule.of_fit:
        presented = presented.filter(code__in=turn.fit)
    rows = presented.select_related("supplier__organization", "receipt", "tender").order_by("received_at", "pk")
    return list(rows.prefetch_related("envelopes__released__member"))


def _announced(turn: Turn, bids: list[Bid]) -> BidsOpened | EnvelopesOpened:
    tender = turn.tender
    data: dict[str, Any] = {"tender": tender.code, "moment": turn.moment, "bids": [described(bid) for bid in bids]}
    codes = turn.codes
    opened = BidDocument.objects.filter(envelope__bid__in=bids, envelope__code__in=codes, document__isnull=False)
    opened = opened.filter(envelope__reserved=0)
    hashes = tuple(dict.fromkeys(opened.order_by("pk").values_list("document__sha256", flat=True)))
    if turn.is_first:
        return BidsOpened(file=tender.ocid, subject_id=tender.pk, data=data, documents=hashes)
    data |= {"call": turn.bid, "sealed_for_ever": _left_sealed(turn)}
    return EnvelopesOpened(file=tender.ocid, subject_id=tender.pk, data=data, documents=hashes)


def _left_sealed(turn: Turn) -> list[dict[str, str]]:
    """The offers of which this opening leaves the envelopes sealed for ever, because they do not comply."""
    if not turn.rule.of_fit:
        return []
    left = turn.tender.bids.filter(state="opened").exclude(code__in=turn.fit).select_related("supplier__organization")
    return [
        {"bid": bid.code, "supplier": bid.supplier.code, "supplier_name": bid.supplier.name}
        for bid in left.order_by("received_at", "pk")
    ]


def opening_objections(turn: Turn, at: datetime) -> list[Objection]:
    """What stands against opening now: first that its hour and the acts before it have come, then the keys."""
    tender = turn.tender
    found = TENDER.objections(tender, "open", at=at) if turn.is_first else gather(is_not_due(turn, at))
    return found or list(witnessed.is_missing(tender)) or keys_are_missing(turn)


@dataclass(frozen=True)
class Keys:
    """What has been given for one envelope."""

    shares: dict[str, bytes]
    half: bytes
    fault: dict[str, str]  # empty, or why it will never open
    missing: int  # members still needed

    @classmethod
    def of(cls, envelope: Envelope) -> "Keys":
        released = list(envelope.released.all())
        shares = {str(r.member.number): bytes.fromhex(r.share) for r in released if r.share}
        needed, silent = envelope.header["t"], len(envelope.header["locks"]) - len(released)
        fault: dict[str, str] = {}
        if envelope.custodian_proof == DOES_NOT_OPEN:
            fault = {"who": "supplier", "why": "lock_does_not_open", "file_key": ""}
        elif envelope.custodian_proof:
            fault = {"who": "supplier", "why": "lock_breaks_its_promise", "file_key": envelope.custodian_proof}
        elif len(shares) + silent < needed:
            proof = next((r.file_key for r in released if r.file_key), "")
            fault = {"who": "supplier", "why": "locks_do_not_open", "file_key": proof}
        return cls(shares, bytes.fromhex(envelope.custodian_half), fault, max(0, needed - len(shares)))


def keys_are_missing(turn: Turn) -> list[Objection]:
    """What the opening still waits for: members, the custodian, or both."""
    keys = [Keys.of(envelope) for envelope in turn.sealed().prefetch_related("released__member")]
    waiting = [each for each in keys if not each.fault]
    found = []
    if any(each.missing for each in waiting):
        count = max(each.missing for each in waiting)
        sentence = _("The opening needs the shares of %(count)s more members.") % {"count": count}
        found.append(Objection("waiting_for_members", sentence))
    if not all(each.half for each in waiting):
        found.append(Objection("waiting_for_custodian", _("The time custodian has not released its halves yet.")))
    return found


def open_one(bid: Bid, turn: Turn, actor: Actor, at: datetime, told: Callable[[Bid, Envelope], None]) -> None:
    """Open what is due of one offer, or write down who is at fault. Another's bad offer never stops the rest."""
    envelopes, codes = list(bid.envelopes.all()), turn.codes
    try:
        with transaction.atomic():
            for envelope in envelopes:
                if envelope.code not in codes:
                    continue
                try:
                    open_envelope(envelope, bid, at)
                except BadShare as fault:
                    fault.envelope = envelope.code  # type: ignore[attr-defined]
                    raise
                told(bid, envelope)
            if turn.is_first:
                bid.lots = queries.lots_of_bid(bid, turn.tender.lot_numbers)
                bid.has_variant = varying.is_there(bid, turn.tender)
            if all(envelope.identity for envelope in envelopes):
                bid.total_amount = queries.total_of_bid(bid)
                bid.variant_amount = queries.total_of_bid(bid, in_variant=True) if bid.has_variant else None
    except BadShare as fault:
        bid.fault = {
            "who": fault.who,
            "why": fault.why,
            "envelope": getattr(fault, "envelope", ""),
            "file_key": fault.file_key,
        }
        BID.fire(bid, "give_up", at=at)
    else:
        if turn.is_first:
            BID.fire(bid, "open", at=at)
    bid.opened_at = bid.opened_at or at
    opened = ["opened_at", "lots", "total_amount", "has_variant", "variant_amount"]
    bid.save(update_fields=["state", "fault", *opened])
    if bid.fault:
        assert bid.receipt is not None
        data = {**described(bid), **bid.fault, "tender": bid.tender.code}
        outbox.publish(BidFoundUnopenable(file=bid.tender.ocid, subject_id=bid.pk, data=data), actor=actor, at=at)


def open_envelope(envelope: Envelope, bid: Bid, at: datetime) -> None:
    keys = Keys.of(envelope)
    if keys.fault:
        raise BadShare(keys.fault["who"], keys.fault["why"], keys.fault["file_key"])
    identity = sealing.recover(envelope.header, keys.shares, keys.half)
    sealed = {"header": envelope.header, "files": envelope.file_rows}
    answers = sealing.open_answers(identity, sealed, parts.get)
    of_variant = answers.get("variant", {}).get("files", [])
    if of_variant and not variants.is_admitted(bid.tender):
        of_variant = []
    for listed in [*answers["files"], *of_variant]:
        with tempfile.TemporaryFile() as clear:
            sealing.open_file(identity, sealed["files"][listed["file"]], parts.get, clear)
            sealing.cut_to_size(answers, listed, clear)
            keep_document(envelope, bid, {**listed, "in_variant": listed in of_variant}, clear, at)
    envelope.identity, envelope.answers = str(identity), answers
    envelope.save(update_fields=["identity", "answers"])
    if envelope.reserved:
        reserving.keep(envelope, bid)


def keep_document(envelope: Envelope, bid: Bid, listed: dict[str, Any], clear: Any, at: datetime) -> None:
    """Keep an opened file, public unless its envelope is reserved; what the inspection refuses stays out, and an act
    says so."""
    row = BidDocument(
        envelope=envelope,
        item=str(listed["item"])[:40],
        in_variant=listed["in_variant"],
        name=str(listed["name"])[:200],
        size=clear.tell(),
        sha256=digest_of(clear),
    )
    if row.sha256 != listed["sha256"]:
        raise BadShare("supplier", "file_is_not_the_listed_one")
    try:
        with transaction.atomic():
            row.document = documents.store(
                content=clear,
                name=row.name,
                kind="bid_document",
                file=bid.tender.ocid,
                at=at,
                **reserving.audience_of(envelope, bid),
            )
            if envelope.reserved:
                documents.grant(document=row.document, account_ids=[bid.supplier_id], at=at)
    except Refused as refused:
        row.refusal = "\n".join(str(objection) for objection in refused.objections)
        row.save()
        outbox.publish(refused_file(row, bid), actor=SYSTEM, at=at)
    else:
        row.save()


@transaction.atomic
def tell_of_threat(*, document_id: int, finding: str, at: datetime) -> Entry | None:
    """Say in the file of the process that the antivirus condemned, after the opening, a file of an offer; its supplier
    hears of it. Repeating changes nothing."""
    rows = BidDocument.objects.select_related("envelope__bid__tender", "document")
    row = rows.filter(document_id=document_id).first()
    if row is None or row.document is None:
        return None
    bid, code = row.envelope.bid, row.document.code
    acts = Entry.objects.filter(file=bid.tender.ocid, act=BidFileRefused.code, subject_id=bid.pk)
    if known := next((act for act in acts if act.content["data"].get("document") == code), None):
        return known
    row.refusal = _("The antivirus found a threat in it: %(finding)s.") % {"finding": finding}
    event = refused_file(row, bid)
    event.data["document"] = code
    return outbox.publish(event, actor=SYSTEM, at=at)


def digest_of(file: Any) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def refused_file(row: BidDocument, bid: Bid) -> BidFileRefused:
    data = {
        "tender": bid.tender.code,
        "bid": bid.code,
        "envelope": row.envelope.code,
        "item": row.item,
        "name": "" if row.envelope.reserved else row.name,
        "size": row.size,
        "sha256": row.sha256,
        "reasons": "" if row.envelope.reserved else row.refusal,  # they name it
    }
    return BidFileRefused(file=bid.tender.ocid, subject_id=bid.pk, data=data)


def described(bid: Bid) -> dict[str, Any]:
    """One line of the list of bidders."""
    assert bid.receipt is not None
    return {
        "bid": bid.code,
        "supplier": bid.supplier.code,
        "supplier_name": bid.supplier.name,
        "nit": bid.supplier.nit,
        "received_at": instant(bid.received_at),
        "receipt": bid.receipt.code,
        "state": bid.state,
        "total": str(bid.total_amount) if bid.state == "opened" and bid.total_amount is not None else "",
        "manifest_sha256": bid.manifest_sha256,
        "identities": {e.code: e.identity for e in bid.envelopes.all() if e.identity and not e.reserved},
        **reserving.described(bid),
        **({"lots": bid.lots} if bid.lots else {}),
        **({"variant": {"total": str(bid.variant_amount or "")}} if bid.has_variant else {}),
    }


def blame(bid: Bid) -> str:
    """Why an offer could not be opened and who answers for it, in a sentence."""
    if not bid.fault:
        return ""
    why = rules.BLAME.get(bid.fault["why"], bid.fault["why"])
    who = _("the supplier") if bid.fault["who"] == "supplier" else bid.fault["who"]
    return _("It could not be opened: %(why)s. Who answers for it: %(who)s.") % {"why": why, "who": who}
