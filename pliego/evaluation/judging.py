"""The acts that give points: each member's own scores, what all agree on, the exchange rate that draws the formula, the
report of the prices that a hearing opened, and the price that is agreed with the offer that was called."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.bidding.models import BidCall
from pliego.evaluation import points, rules, turns, weighing
from pliego.evaluation.events import OfferScored, PriceAgreed, RateTaken, ScoresAgreed
from pliego.evaluation.models import AgreedScore, Assessment, Evaluation, PriceAgreement, Report, Score
from pliego.evaluation.policy import Act
from pliego.evaluation.rules import ScoreIn
from pliego.evaluation.services import opened_for, published, unwritten
from pliego.evaluation.states import EVALUATION
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.panels import queries as panels

IN_THE_HEARING = timedelta(hours=1)


def _of_bid(evaluation: Evaluation, bid: str) -> Assessment:
    if (found := evaluation.assessments.select_related("bid").filter(bid__code=bid).first()) is None:
        raise Unknown()
    return found


@transaction.atomic
def score_offer(*, actor: Actor, tender_id: int, bid: str, scores: Sequence[ScoreIn], at: datetime) -> Assessment:
    """Write down what the actor, alone, thinks that an offer deserves. It may be done anew until the report."""
    evaluation = opened_for(Act.SCORE, actor=actor, tender_id=tender_id)
    assessment = _of_bid(evaluation, bid)
    refuse_if_any(rules.scores_are_wrong(weighing.judged_of(evaluation.tender), scores))
    assert actor.user_id is not None
    for said in scores:
        Score.objects.update_or_create(
            assessment=assessment,
            factor=said.factor,
            member_id=actor.user_id,
            defaults={"points": said.points or 0, "reason": said.reason.strip(), "scored_at": at},
        )
    told = [{"factor": s.factor, "points": points.text(s.points or 0), "reason": s.reason.strip()} for s in scores]
    data = {"code": evaluation.tender.code, "bid": bid, "scores": told}
    event = OfferScored(file=evaluation.file, subject_id=assessment.pk, data=data)
    assessment.receipt = outbox.publish(event, actor=actor, at=at)
    return assessment


@transaction.atomic
def agree_scores(
    *, actor: Actor, tender_id: int, bid: str, scores: Sequence[ScoreIn], at: datetime, fined: str = ""
) -> Assessment:
    """Write down what all agreed that an offer deserves in each factor, and for what it was fined in the last year."""
    evaluation = opened_for(Act.AGREE, actor=actor, tender_id=tender_id)
    tender, assessment = evaluation.tender, _of_bid(evaluation, bid)
    given, known = list(assessment.scores.all()), weighing.known_fines(tender, assessment.bid.supplier)
    refuse_if_any(
        rules.nobody_scored(weighing.judged_of(tender), given, _seated(evaluation)),
        rules.scores_are_wrong(weighing.given_of(tender), scores),
        rules.agreement_has_no_reason(given, scores),
        None if not fined.strip() or weighing.loses_by_fines(tender) else rules.fines_do_not_count(),
        rules.fines_are_known(known) if known and not fined.strip() else None,
    )
    assert actor.user_id is not None
    for said in scores:
        facts = {"staff": said.staff, "with_disability": said.with_disability, "reason": said.reason.strip()}
        who = {"agreed_by_id": actor.user_id, "agreed_at": at}
        AgreedScore.objects.update_or_create(
            assessment=assessment, factor=said.factor, defaults={"points": said.points or 0, **facts, **who}
        )
    assessment.fined = fined.strip()
    assessment.save(update_fields=["fined"])
    told = [{"factor": s.factor, "points": points.text(s.points or 0), "reason": s.reason.strip()} for s in scores]
    data = {"code": tender.code, "bid": bid, "scores": told, "fined": assessment.fined}
    event = ScoresAgreed(file=evaluation.file, subject_id=assessment.pk, data=data)
    assessment.receipt = outbox.publish(event, actor=actor, at=at)
    return assessment


def _seated(evaluation: Evaluation) -> dict[int, str]:
    """The members who evaluate in Pliego, by the id of their user; nobody where nobody was appointed."""
    return {seat.user_id: seat.name for seat in panels.serving(evaluation.tender) if seat.user_id is not None}


@transaction.atomic
def take_rate(*, actor: Actor, tender_id: int, rate: Decimal, source: str, at: datetime) -> Evaluation:
    """Write down the exchange rate of the day that the pliego says: its decimals draw the formula of the price."""
    evaluation = opened_for(Act.RATE, actor=actor, tender_id=tender_id)
    refuse_if_any(
        rules.rate_is_not_asked(evaluation),
        None if rate > 0 else Objection("not_positive", _("The exchange rate must be more than zero."), "rate"),
        unwritten(source, "source"),
    )
    evaluation.exchange_rate, evaluation.exchange_source = rate, source.strip()
    evaluation.save(update_fields=["exchange_rate", "exchange_source"])
    formula = weighing.formula_of(evaluation)
    told = {"rate": str(rate), "source": source.strip(), "formula": formula.kind if formula else ""}
    event = RateTaken(file=evaluation.file, subject_id=evaluation.pk, data={"code": evaluation.tender.code, **told})
    evaluation.receipt = outbox.publish(event, actor=actor, at=at)
    return evaluation


@transaction.atomic
def report_prices(*, actor: Actor, tender_id: int, at: datetime, observations_due: datetime | None = None) -> Report:
    """Make public the points of the prices that were opened in the hearing, and until when in it they may be observed:
    an hour, when nobody says."""
    evaluation = opened_for(Act.REPORT_PRICES, actor=actor, tender_id=tender_id)
    due = observations_due or at + IN_THE_HEARING
    late = None
    if due <= at:
        late = Objection("due_in_the_past", _("The term for observations must end in the future."), rules.OBSERVED)
    refuse_if_any(late, EVALUATION.objections(evaluation, "report_prices", at=at))
    EVALUATION.fire(evaluation, "report_prices", at=at)
    return published(evaluation, actor, due, at)


@transaction.atomic
def agree_price(*, actor: Actor, tender_id: int, value: Decimal, minutes: str, at: datetime) -> PriceAgreement:
    """Agree on the price with the offer that was called, once its envelope is open. It is what is then awarded; where
    there is no agreement, the next one is called."""
    evaluation = opened_for(Act.NEGOTIATE, actor=actor, tender_id=tender_id)
    tender = evaluation.tender
    call = BidCall.objects.filter(tender=tender).select_related("bid__supplier").order_by("place").last()
    assessment = evaluation.assessments.filter(bid=call.bid).first() if call else None
    refuse_if_any(
        rules.nobody_to_agree_with(assessment),
        rules.price_is_agreed(turns.agreement_of(evaluation)),
    )
    refuse_if_any(rules.agreed_price_is_wrong(tender, value), unwritten(minutes, "minutes"))
    assert call is not None
    assert assessment is not None
    assert actor.user_id is not None
    who = {"agreed_by_id": actor.user_id, "agreed_at": at}
    told = {"value_amount": value, "value_currency": tender.value_currency, "minutes": minutes.strip()}
    agreement = PriceAgreement.objects.create(call=call, **told, **who)
    data = {"code": tender.code, "bid": call.bid.code, "offered": str(assessment.price_amount), "value": str(value)}
    event = PriceAgreed(file=evaluation.file, subject_id=agreement.pk, data={**data, "minutes": agreement.minutes})
    agreement.receipt = outbox.publish(event, actor=actor, at=at)
    return agreement
