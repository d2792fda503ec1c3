"""What a supplier asks to keep from the public: sealed apart, opened for the entity, and decided by it with a reason.

Guarantees: each such answer has an envelope and a key of its own. At the opening the entity reads it and nobody else
does but its supplier. The key is published when the entity refuses the request, or when the term that it gave ends;
until then no public act, page, file or feed carries it (Ley 1712 de 2014, arts. 18, 19 y 28).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.bidding import disclosed, rules
from pliego.bidding.closing import held
from pliego.bidding.events import ReserveDecided, ReserveEnded
from pliego.bidding.models import Bid, Envelope, Reserve
from pliego.bidding.policy import RESERVE_POLICY, ReserveAct
from pliego.bidding.states import RESERVE
from pliego.documents import services as documents
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.canonical import instant
from pliego.tendering.models import Tender

# ---- at the opening --------------------------------------------------------------------------------------------------


def audience_of(envelope: Envelope, bid: Bid) -> dict[str, Any]:
    """For whom its files are kept: everybody or, of a reserved envelope, the entity."""
    if not envelope.reserved:
        return {"actor": SYSTEM, "audience": "public"}
    return {"actor": replace(SYSTEM, account_id=bid.tender.buyer_id), "audience": "participants"}


def keep(envelope: Envelope, bid: Bid) -> Reserve:
    """Write down the request that a reserved envelope is, now that it is open."""
    answers = envelope.answers or {}
    inside = set(answers["answers"]) | {row["item"] for row in answers["files"]}
    number = inside.pop() if len(inside) == 1 else ""
    asked = [e.answers.get("confidential", {}) for e in bid.envelopes.all() if e.answers and _is_its_own(e, envelope)]
    return Reserve.objects.create(
        tender=bid.tender,
        envelope=envelope,
        number=Reserve.objects.filter(tender=bid.tender).count() + 1,
        item=bid.tender.items.filter(number=number).first() if number.isdecimal() and len(number) < 6 else None,
        reason=next((why for reasons in asked if (why := reasons.get(number))), ""),
    )


def _is_its_own(each: Envelope, reserved: Envelope) -> bool:
    return each.code == reserved.code and not each.reserved


def described(bid: Bid) -> dict[str, Any]:
    """What the list of bidders says of what is kept: that it was asked and why, and the key that it was sealed to."""
    kept = Reserve.objects.filter(envelope__bid=bid).select_related("envelope", "item").order_by("number")
    listed = [named(reserve) for reserve in kept if reserve.envelope.identity]
    return {"reserved": listed} if listed else {}


def named(reserve: Reserve) -> dict[str, Any]:
    return {
        "number": reserve.number,
        "envelope": reserve.envelope.code,
        "item": reserve.item.number if reserve.item else None,
        "reason": reserve.reason,
        "recipient": reserve.envelope.recipient,
    }


# ---- deciding --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What the entity decides of a request. A refusal has no ground nor term of its own."""

    accept: bool
    rationale: str
    basis: str = ""
    until: datetime | None = None


@transaction.atomic
def decide(*, actor: Actor, tender_id: int, number: int, decision: Decision, at: datetime) -> Reserve:
    """Keep the answer from the public for a term, with the reason; or publish it, with the key that opens it."""
    reserve = _held(tender_id, number)
    RESERVE_POLICY.require(actor, ReserveAct.DECIDE, reserve)
    refuse_if_any(_rationale_is_missing(decision))
    assert actor.user_id is not None
    if decision.accept:
        reserve.basis, reserve.until = decision.basis, decision.until
    RESERVE.fire(reserve, "accept" if decision.accept else "refuse", at=at)
    reserve.rationale, reserve.decided_by_id, reserve.decided_at = decision.rationale.strip(), actor.user_id, at
    data = {**_told(reserve), "decision": reserve.state, "rationale": reserve.rationale}
    hashes: tuple[str, ...] = ()
    if decision.accept:
        assert reserve.until is not None
        data |= {"basis": reserve.basis, "article": rules.BASES[reserve.basis].article, "until": instant(reserve.until)}
    else:
        data["identity"], hashes = reserve.envelope.identity, _disclosed(reserve, at)
    event = ReserveDecided(file=reserve.tender.ocid, subject_id=reserve.pk, data=data, documents=hashes)
    reserve.entry = outbox.publish(event, actor=actor, at=at)
    reserve.save(update_fields=["state", "basis", "until", "rationale", "decided_by", "decided_at", "entry"])
    return reserve


def _held(tender_id: int, number: int) -> Reserve:
    held(tender_id)
    related = ("tender", "envelope__bid__supplier__organization", "item")
    return Reserve.objects.select_related(*related).get(tender_id=tender_id, number=number)


def _rationale_is_missing(decision: Decision) -> Objection | None:
    """Ley 1712 de 2014, art. 28: who keeps something from the public has the burden of saying why."""
    if decision.rationale.strip():
        return None
    return Objection("no_rationale", _("Write why it is decided so."), "rationale", "Ley 1712 de 2014, art. 28")


def _disclosed(reserve: Reserve, at: datetime) -> tuple[str, ...]:
    """Open the files to everybody; answers their hashes, for the act that publishes the key."""
    rows = reserve.envelope.documents.filter(document__isnull=False).select_related("document")
    opened = documents.disclose(documents=[row.document for row in rows if row.document], audience="public", at=at)
    return tuple(dict.fromkeys(document.sha256 for document in opened))


def _told(reserve: Reserve) -> dict[str, Any]:
    bid = reserve.envelope.bid
    who = {"bid": bid.code, "supplier": bid.supplier.code, "supplier_name": bid.supplier.name}
    return {"tender": reserve.tender.code, **who, **named(reserve)}


# ---- the end of the term ---------------------------------------------------------------------------------------------


def end_due(*, at: datetime) -> list[str]:
    """Publish what was kept for a term that is over; answers which."""
    due = Reserve.objects.filter(state="accepted", until__lte=at).order_by("until", "pk")
    ended = [
        end(tender_id=tender_id, number=number, at=at) for tender_id, number in due.values_list("tender_id", "number")
    ]
    return [f"{reserve.tender.code} {reserve.number}" for reserve in ended]


@transaction.atomic
def end(*, tender_id: int, number: int, at: datetime) -> Reserve:
    """Publish the key and the files of an answer whose term of confidentiality is over."""
    reserve = _held(tender_id, number)
    RESERVE.fire(reserve, "end", at=at)
    data = {**_told(reserve), "identity": reserve.envelope.identity}
    event = ReserveEnded(file=reserve.tender.ocid, subject_id=reserve.pk, data=data, documents=_disclosed(reserve, at))
    reserve.entry = outbox.publish(event, actor=SYSTEM, at=at)
    reserve.save(update_fields=["state", "entry"])
    return reserve


# ---- reading ---------------------------------------------------------------------------------------------------------


def reserves_of(tender: Tender) -> list[Reserve]:
    """Each request of confidentiality of the offers that were opened, with what was decided of it."""
    rows = tender.reserves.filter(envelope__bid__state="opened").order_by("number")
    return list(rows.select_related("tender", "envelope__bid__supplier__organization", "item", "entry", "decided_by"))


def reserved_answer(reserve: Reserve) -> disclosed.Answered | None:
    """What a reserved envelope holds, for whoever may read it."""
    if reserve.item is None:
        return None
    documents = list(reserve.envelope.documents.select_related("document"))
    text = (reserve.envelope.answers or {}).get("answers", {}).get(str(reserve.item.number), "")
    return disclosed.Answered(reserve.item, text, reserve.reason, documents, reserve=reserve)
