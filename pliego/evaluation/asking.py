"""What is asked of a bidder during the evaluation: to mend what gives no points, to clarify, to explain a low price."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from pliego.documents import services as documents
from pliego.evaluation import comparing, mending, queries, rules, scoring
from pliego.evaluation.events import RequestAnswered, RequestDecided, RequestMade
from pliego.evaluation.models import Assessment, BidRequest, Evaluation, LotAssessment
from pliego.evaluation.policy import REQUEST_POLICY, Act, RequestAct
from pliego.evaluation.services import opened_for, unwritten
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload


@transaction.atomic
def ask_bidder(
    *,
    actor: Actor,
    tender_id: int,
    bid: str,
    kind: str,
    text: str,
    due: datetime,
    at: datetime,
    item: int | None = None,
) -> BidRequest:
    """Ask a bidder to mend, clarify or explain, until a moment within the term of the law. It is public."""
    evaluation = opened_for(Act.ASK, actor=actor, tender_id=tender_id)
    rows = evaluation.assessments.select_related("bid__supplier").prefetch_related("lots")
    if (assessment := rows.filter(bid__code=bid).first()) is None:
        raise Unknown()
    asked = evaluation.tender.items.filter(number=item).first() if item is not None else None
    refuse_if_any(
        mending.auction_is_not_over(evaluation, kind),
        mending.cannot_be_asked(kind, asked, assessment),
        mending.due_is_wrong(evaluation, kind, due, at),
        unwritten(text, "text"),
    )
    assert actor.user_id is not None
    made = BidRequest.objects.create(
        evaluation=evaluation,
        assessment=assessment,
        number=(evaluation.requests.aggregate(last=Max("number"))["last"] or 0) + 1,
        kind=kind,
        item=asked,
        text=text.strip(),
        asked_by_id=actor.user_id,
        asked_at=at,
        due_at=due,
    )
    told = {"kind": kind, "item": item, "text": made.text, "due": due.isoformat()}
    event = RequestMade(file=evaluation.file, subject_id=made.pk, data={**_named(made), **told})
    made.receipt = outbox.publish(event, actor=actor, at=at)
    return made


def _named(request: BidRequest) -> dict[str, Any]:
    tender = request.evaluation.tender
    return {"code": tender.code, "tender": tender.code, "number": request.number, "bid": request.assessment.bid.code}


def _locked(tender_id: int, number: int) -> BidRequest:
    """The request, with its evaluation locked."""
    Evaluation.objects.select_for_update().filter(tender_id=tender_id).first()
    rows = BidRequest.objects.select_related("evaluation__tender", "assessment__bid__supplier", "item")
    if (found := rows.filter(evaluation__tender_id=tender_id, number=number).first()) is None:
        raise Unknown()
    return found


@transaction.atomic
def answer_request(
    *, actor: Actor, tender_id: int, number: int, text: str, at: datetime, document: Upload | None = None
) -> BidRequest:
    """Answer once, before its end, with a document where there is one. It is public."""
    found = _locked(tender_id, number)
    REQUEST_POLICY.require(actor, RequestAct.ANSWER, found)
    refuse_if_any(mending.cannot_be_answered(found, at), unwritten(text, "text"))
    if document:
        found.document = documents.take(
            actor=actor,
            value=document,
            kind="bid_document",
            file=found.evaluation.file,
            audience="public",
            at=at,
            field="document",
        )
    found.answer, found.answered_by_id, found.answered_at = text.strip(), actor.user_id, at
    found.save(update_fields=["answer", "answered_by", "answered_at", "document"])
    hashes = (found.document.sha256,) if found.document else ()
    data = {**_named(found), "answer": found.answer}
    event = RequestAnswered(file=found.evaluation.file, subject_id=found.pk, data=data, documents=hashes)
    found.receipt = outbox.publish(event, actor=actor, at=at)
    return found


@transaction.atomic
def decide_request(
    *, actor: Actor, tender_id: int, number: int, accepted: bool, reason: str, at: datetime
) -> BidRequest:
    """Take what was answered, or not, with the reason. A low price that was not explained does not comply."""
    opened_for(Act.ASK, actor=actor, tender_id=tender_id)
    found = _locked(tender_id, number)
    refuse_if_any(mending.cannot_be_decided(found, accepted, at), unwritten(reason, "reason"))
    found.accepted, found.decision, found.decided_by_id, found.decided_at = accepted, reason.strip(), actor.user_id, at
    found.save(update_fields=["accepted", "decision", "decided_by", "decided_at"])
    if found.kind == "low_price" and not accepted:
        _reject_price(found.assessment, found.decision)
    data = {**_named(found), "accepted": accepted, "reason": found.decision}
    event = RequestDecided(file=found.evaluation.file, subject_id=found.pk, data=data)
    found.receipt = outbox.publish(event, actor=actor, at=at)
    return found


def _reject_price(assessment: Assessment, reason: str) -> None:
    """The offer, or those of its lots whose price is too low, cannot comply."""
    fault = {"code": rules.LOW_PRICE_REJECTED, "blocking": True, "reason": reason}
    low = [lot for lot in assessment.lots.all() if lot.low_price]
    parts: list[Assessment | LotAssessment] = [*low] or [assessment]
    for part in parts:
        part.price_faults = [*part.price_faults, fault]
        part.complies = part.complies and False
        part.save(update_fields=["price_faults", "complies"])
    if low and assessment.complies:
        assessment.complies = assessment.lots.filter(complies=True).exists()
        assessment.save(update_fields=["complies"])


@transaction.atomic
def flag_final_prices(*, tender_id: int, at: datetime) -> None:
    """Look for artificially low prices among those with which the auctions ended, once all of them did."""
    evaluation = Evaluation.objects.select_for_update(of=("self",)).select_related("tender").get(tender_id=tender_id)
    tender, orders = evaluation.tender, comparing.orders_of(evaluation) or {}
    values = {lot.number: lot.value_amount for lot in tender.lots.all()}
    rows: list[Assessment | LotAssessment] = list(evaluation.assessments.select_related("bid"))
    if tender.lot_numbers:
        lots = LotAssessment.objects.filter(assessment__evaluation=evaluation).select_related("assessment__bid")
        rows = list(lots)
    for lot, order in orders.items():
        prices = {ranked.code: ranked.price for ranked in order if ranked.price is not None}
        estimate = values[lot] if lot else tender.value_amount
        low = scoring.low_prices(prices, estimate, tender.rulebook.evaluation.low_price)
        for row in rows:
            bid = row.bid if isinstance(row, Assessment) else row.assessment.bid
            if bid.code in prices and (isinstance(row, Assessment) or row.number == lot):
                row.low_price = queries.low_price_json(low.get(bid.code))
                row.save(update_fields=["low_price"])
