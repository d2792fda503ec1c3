"""Every act of the evaluation: assess, report, observe, answer, break ties."""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.bidding import calling, disclosed
from pliego.bidding import rules as bid_rules
from pliego.bidding.models import Bid, BidCall
from pliego.documents import services as documents
from pliego.evaluation import by_lot, ladder, queries, records, reports, rules, scoring, turns
from pliego.evaluation.events import (
    BidAssessed,
    EvaluationReopened,
    ObservationAnswered,
    ReportObserved,
    ReportPublished,
    TieBroken,
)
from pliego.evaluation.ladder import Step
from pliego.evaluation.models import Assessment, Evaluation, Finding, Report, ReportObservation, TieBreak
from pliego.evaluation.policy import POLICY, Act
from pliego.evaluation.states import EVALUATION
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Unknown, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.methods import catalogue
from pliego.tendering.models import Tender

DRAWN = "Ningún factor decidió del todo: sorteo con la semilla pública del informe."  # a legal record, in Spanish


def _locked(tender_id: int) -> Evaluation:
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("tender__buyer__organization")
    if (evaluation := rows.filter(tender_id=tender_id).first()) is None:
        raise Unknown()
    return evaluation


def opened_for(act: Act, *, actor: Actor, tender_id: int) -> Evaluation:
    """The locked evaluation, when the actor may do this to it now."""
    evaluation = _locked(tender_id)
    POLICY.require(actor, act, evaluation)
    return evaluation


@transaction.atomic
def start_evaluation(*, tender_id: int, at: datetime) -> Evaluation:
    """Lay out the evaluation of the offers that were opened, with their prices computed. Repeating changes nothing."""
    tender = Tender.objects.select_for_update(of=("self",)).get(pk=tender_id)
    evaluation, is_new = Evaluation.objects.get_or_create(tender=tender, defaults={"created_at": at})
    if not is_new:
        return evaluation
    opened = disclosed.opened_bids(tender)
    told = _prices(tender, opened)
    made = Assessment.objects.bulk_create(
        Assessment(evaluation=evaluation, bid_id=bid.bid_id, **told[bid.code]) for bid in opened
    )
    by_lot.lay_out(tender, made, opened)
    return evaluation


@transaction.atomic
def take_prices(*, tender_id: int, at: datetime) -> list[Assessment]:
    """Compute the prices whose envelopes were opened after the report. Repeating changes nothing."""
    evaluation = _locked(tender_id)
    waiting = {row.bid_id: row for row in evaluation.assessments.filter(price_is_sealed=True)}
    opened = disclosed.opened_bids(evaluation.tender)
    told = _prices(evaluation.tender, opened)
    taken = [waiting[bid.bid_id] for bid in opened if bid.bid_id in waiting and bid.has_price]
    codes = {bid.bid_id: bid.code for bid in opened}
    for assessment in taken:
        for name, value in told[codes[assessment.bid_id]].items():
            setattr(assessment, name, value)
        if queries.is_blocked(assessment):
            assessment.complies = assessment.complies and False
        assessment.save()
    by_lot.lay_out(evaluation.tender, taken, opened)
    return taken


def _prices(tender: Tender, opened: Sequence[disclosed.OpenedBid]) -> dict[str, dict[str, Any]]:
    """For each offer, what its assessment says of the price: nothing while the envelope of the price is sealed."""
    is_divided = bool(tender.lot_numbers)  # its lines and its budget are then those of each lot: by_lot
    asked = [] if is_divided else list(tender.price_lines.values_list("number", flat=True))
    budget = None if is_divided else tender.value_amount
    limits: dict[str, Any] = {"budget": budget, "is_sale": rules.is_sale(tender)}
    checks = {
        bid.code: scoring.check_price(asked, bid.price_lines, announced=_announced(bid.bid_id), **limits)
        for bid in opened
        if bid.has_price
    }
    prices = {code: check.total for code, check in checks.items() if check.total is not None}
    low = {} if is_divided else scoring.low_prices(prices, budget, tender.rulebook.evaluation.low_price)
    told: dict[str, dict[str, Any]] = {bid.code: {"price_is_sealed": True} for bid in opened}
    for code, check in checks.items():
        told[code] = {
            "offered_amount": check.announced,
            "price_amount": check.total,
            "price_faults": queries.faults_of(check),
            "low_price": queries.low_price_json(low.get(code)),
            "price_is_sealed": False,
        }
    return told


def _announced(bid_id: int) -> Decimal | None:
    """The total that the bidder wrote, when it can be read."""
    for envelope in Bid.objects.get(pk=bid_id).envelopes.all():
        if (total := bid_rules.price((envelope.answers or {}).get("total") or None)) is not None:
            return total
    return None


@transaction.atomic
def assess_bid(
    *,
    actor: Actor,
    tender_id: int,
    bid: str,
    findings: Sequence[rules.FindingIn],
    at: datetime,
    explanation: str = "",
    note: str = "",
) -> Assessment:
    """Write down, requirement by requirement, whether an offer complies. It may be done anew until the report."""
    evaluation = opened_for(Act.ASSESS, actor=actor, tender_id=tender_id)
    assessment = evaluation.assessments.select_related("bid").filter(bid__code=bid).first()
    if assessment is None:
        raise Unknown()
    items = queries.requirements_of(evaluation.tender, assessment.bid.lots)
    asked = {item.number: item.title for item in items}
    refuse_if_any(rules.findings_are_wrong(asked, findings))
    EVALUATION.fire(evaluation, "assess", at=at)
    assessment.findings.all().delete()
    by_number = {item.number: item for item in items}
    Finding.objects.bulk_create(
        Finding(assessment=assessment, item=by_number[f.item], complies=f.complies, reason=f.reason.strip())
        for f in findings
    )
    if evaluation.tender.lot_numbers:
        assessment.complies = by_lot.judge(assessment, findings, {item.number: item.lots for item in items})
    else:
        assessment.complies = all(f.complies for f in findings) and not queries.is_blocked(assessment)
    assessment.explanation, assessment.note = explanation.strip(), note.strip()
    assessment.assessed_by_id, assessment.assessed_at, assessment.rank = actor.user_id, at, None
    assessment.save()
    data = {
        "code": evaluation.tender.code,
        "bid": assessment.bid.code,
        "complies": assessment.complies,
        "price": str(assessment.price_amount) if assessment.price_amount is not None else "",
        "findings": [{"item": f.item, "complies": f.complies, "reason": f.reason.strip()} for f in findings],
    }
    event = BidAssessed(file=evaluation.file, subject_id=assessment.pk, data=data)
    assessment.receipt = outbox.publish(event, actor=actor, at=at)
    return assessment


@transaction.atomic
def publish_report(
    *,
    actor: Actor,
    tender_id: int,
    at: datetime,
    observations_due: datetime | None = None,
) -> Report:
    """Make the evaluation public, with its order and the term for observing it."""
    evaluation = opened_for(Act.REPORT, actor=actor, tender_id=tender_id)
    tender = evaluation.tender
    due = observations_due or queries.observations_due_for(tender, at=at)
    wrong_due = rules.observations_end_too_soon(tender.rulebook, at, due)
    refuse_if_any(
        gather(wrong_due),
        EVALUATION.objections(evaluation, "report", at=at),
    )
    EVALUATION.fire(evaluation, "report", at=at)
    return published(evaluation, actor, due, at)


def published(evaluation: Evaluation, actor: Actor, due: datetime, at: datetime) -> Report:
    """Set the places, keep the report and tell everybody."""
    _set_ranks(evaluation)
    evaluation.first_reported_at = evaluation.first_reported_at or at
    evaluation.save(update_fields=["state", "first_reported_at"])
    report = _keep_report(evaluation, actor, due, at)
    data = {
        "code": evaluation.tender.code,
        "number": report.number,
        "ranking": report.ranking,
        "observations_due": due.isoformat(),
    }
    event = ReportPublished(file=evaluation.file, subject_id=report.pk, data=data, documents=(report.document.sha256,))
    report.receipt = outbox.publish(event, actor=actor, at=at)
    return report


def _keep_report(evaluation: Evaluation, actor: Actor, due: datetime, at: datetime) -> Report:
    """The report as a document and as data, both of this very moment."""
    assert actor.user_id is not None
    number = (evaluation.reports.aggregate(last=Max("number"))["last"] or 0) + 1
    ranking = queries.ranking_of(evaluation)
    record = records.record_of(evaluation, number)
    told = {"number": number, "ranking": ranking, "members": record["members"], "due": due}
    pdf = reports.render_report(evaluation, **told, author=actor.name, at=at)
    document = documents.store(
        actor=actor,
        content=io.BytesIO(pdf),
        name=f"Informe de evaluación {number} - {evaluation.tender.code}.pdf",
        kind="evaluation_report",
        file=evaluation.file,
        audience="public",
        at=at,
    )
    return Report.objects.create(
        evaluation=evaluation,
        number=number,
        document=document,
        ranking=[row.as_json() for row in ranking],
        record=record,
        published_at=at,
        published_by_id=actor.user_id,
        observations_due_at=due,
    )


def _set_ranks(evaluation: Evaluation) -> None:
    """The places, as computed."""
    orders = queries.orders_of(evaluation)
    places = {(lot, ranked.code): ranked.rank for lot, ranking in orders.items() for ranked in ranking}
    for assessment in evaluation.assessments.select_related("bid").prefetch_related("lots"):
        assessment.rank = places.get((None, assessment.bid.code))
        assessment.save(update_fields=["rank"])
        for lot in assessment.lots.all():
            lot.rank = places.get((lot.number, assessment.bid.code))
            lot.save(update_fields=["rank"])


@transaction.atomic
def call_bid(*, actor: Actor, tender_id: int, bid: str, at: datetime, reason: str = "") -> BidCall:
    """Call the next offer of the published order to open its envelope; after the first, with the reason why the one
    before it does not go on."""
    evaluation = opened_for(Act.CALL, actor=actor, tender_id=tender_id)
    already = calling.called(evaluation.tender)
    if bid not in already:
        refuse_if_any(
            rules.observations_are_running(evaluation, at),
            rules.observations_are_unanswered(evaluation, at),
            rules.call_is_out_of_order(
                evaluation, bid, already, queries.order_of(evaluation), turns.agreement_of(evaluation) is not None
            ),
            unwritten(reason, "reason") if already else None,
        )
    return calling.call_bid(actor=actor, tender_id=tender_id, bid=bid, reason=reason.strip(), at=at)


@transaction.atomic
def reopen_evaluation(*, actor: Actor, tender_id: int, reason: str, at: datetime) -> Evaluation:
    """Take the evaluation up again after its report, for a stated reason; another report must follow."""
    evaluation = opened_for(Act.REOPEN, actor=actor, tender_id=tender_id)
    refuse_if_any(unwritten(reason, "reason"))
    EVALUATION.fire(evaluation, "reopen", at=at)
    evaluation.save(update_fields=["state"])
    data = {"code": evaluation.tender.code, "reason": reason.strip()}
    event = EvaluationReopened(file=evaluation.file, subject_id=evaluation.pk, data=data)
    evaluation.receipt = outbox.publish(event, actor=actor, at=at)
    return evaluation


def unwritten(text: str, field: str) -> Objection | None:
    return None if text.strip() else Objection("missing", _("Write the text."), field)


@transaction.atomic
def observe_report(*, actor: Actor, tender_id: int, text: str, at: datetime) -> ReportObservation:
    """Put an observation to the published report before its term ends."""
    evaluation = opened_for(Act.OBSERVE, actor=actor, tender_id=tender_id)
    refuse_if_any(unwritten(text, "text"), rules.observations_are_over(evaluation, at))
    report = evaluation.last_report
    assert report is not None
    assert actor.user_id is not None
    observation = ReportObservation.objects.create(
        evaluation=evaluation,
        report=report,
        number=(evaluation.observations.aggregate(last=Max("number"))["last"] or 0) + 1,
        account_id=actor.account_id,
        author_id=actor.user_id,
        author_name=actor.account_name or actor.name,
        text=text.strip(),
        made_at=at,
    )
    data = {
        "code": evaluation.tender.code,
        "number": observation.number,
        "report": report.number,
        "author": observation.author_name,
        "account": actor.account_code,
        "text": observation.text,
    }
    event = ReportObserved(file=evaluation.file, subject_id=observation.pk, data=data)
    observation.receipt = outbox.publish(event, actor=actor, at=at)
    return observation


@transaction.atomic
def answer_observation(*, actor: Actor, tender_id: int, number: int, answer: str, at: datetime) -> ReportObservation:
    """Answer an observation on the report, once and for everybody."""
    evaluation = opened_for(Act.ANSWER, actor=actor, tender_id=tender_id)
    observation = evaluation.observations.filter(number=number).first()
    if observation is None:
        raise Unknown()
    done = None
    if observation.answered_at is not None:
        done = Objection("already_done", _("This observation already has an answer, and it is public."))
    refuse_if_any(done, unwritten(answer, "answer"))
    observation.answer, observation.answered_by_id, observation.answered_at = answer.strip(), actor.user_id, at
    observation.save(update_fields=["answer", "answered_by", "answered_at"])
    data = {
        "code": evaluation.tender.code,
        "number": observation.number,
        "text": observation.text,
        "answer": observation.answer,
    }
    event = ObservationAnswered(file=evaluation.file, subject_id=observation.pk, data=data)
    observation.receipt = outbox.publish(event, actor=actor, at=at)
    return observation


@transaction.atomic
def break_tie(*, actor: Actor, tender_id: int, steps: Sequence[Step], at: datetime, lot: int | None = None) -> TieBreak:
    """Put tied offers in order by the ladder of the law, rung by rung, each with its evidence; the last rung is drawn.
    Where there are lots, those of the lot that is named, or of the first one with a tie."""
    evaluation = opened_for(Act.BREAK_TIE, actor=actor, tender_id=tender_id)
    lot, tied = queries.tie_of(evaluation, lot)
    law = catalogue.ladder_of(evaluation.tender.rulebook)
    refuse_if_any(rules.ladder_is_misclimbed(tied, steps, law))
    climbed, seed = ladder.needed(tied, steps), _seed(evaluation)
    is_drawn = ladder.is_drawn(tied, climbed)
    last = law.rungs[-1] if is_drawn else next(rung for rung in law.rungs if rung.number == climbed[-1].rung)
    assert actor.user_id is not None
    decision = TieBreak.objects.create(
        evaluation=evaluation,
        lot=lot,
        ladder=law.code,
        rung=last.number,
        legal_basis=last.legal_basis,
        bids=ladder.order(tied, climbed, seed),
        reason=(DRAWN if is_drawn else climbed[-1].evidence.strip()),
        steps=[{"rung": s.rung, "favoured": sorted(s.favoured), "evidence": s.evidence.strip()} for s in climbed],
        seed=seed,
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    _set_ranks(evaluation)
    data = {
        "code": evaluation.tender.code,
        "bids": decision.bids,
        "rung": decision.rung,
        "legal_basis": decision.legal_basis,
        "steps": decision.steps,
        "reason": decision.reason,
        "seed": seed,
        **({"lot": lot} if lot else {}),
    }
    event = TieBroken(file=evaluation.file, subject_id=decision.pk, data=data)
    decision.receipt = outbox.publish(event, actor=actor, at=at)
    return decision


def _seed(evaluation: Evaluation) -> str:
    """The hash of the act that published the first report: public before the draw, and nobody could choose it."""
    entries = Entry.objects.filter(file=evaluation.file, act=ReportPublished.code)
    return entries.order_by("folio")[0].leaf_hex


@transaction.atomic
def mark_finished(*, tender_id: int, at: datetime) -> None:
    """The process has been decided. Called by awards from inside its act; a process without offers has none."""
    if (evaluation := Evaluation.objects.select_for_update().filter(tender_id=tender_id).first()) is None:
        return
    EVALUATION.fire(evaluation, "finish", at=at)
    evaluation.finished_at = at
    evaluation.save(update_fields=["state", "finished_at"])
