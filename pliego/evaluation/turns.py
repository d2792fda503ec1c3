"""Whose turn it is to be awarded, and for how much: where offers are called one by one, their price is agreed."""

from collections.abc import Sequence
from decimal import Decimal

from pliego.bidding import calling
from pliego.evaluation import rules, scoring
from pliego.evaluation.models import Assessment, Evaluation, PriceAgreement
from pliego.evaluation.queries import order_of, price_of


def candidates_of(evaluation: Evaluation) -> list[scoring.Ranked]:
    """The order from whoever it is the turn of: where offers are called one by one, those called before the last one
    did not go on."""
    already, order = calling.called(evaluation.tender), order_of(evaluation)
    return [ranked for ranked in order if ranked.code not in already[:-1]]


def agreement_of(evaluation: Evaluation) -> PriceAgreement | None:
    """What was agreed with the offer that was called last."""
    call = evaluation.tender.bid_calls.order_by("place").last()
    return PriceAgreement.objects.filter(call=call).select_related("call").first() if call else None


def nobody_agreed(evaluation: Evaluation) -> bool:
    """Whether every offer of the order was called and its price agreed with none."""
    if not rules.calls_offers(evaluation.tender.rulebook) or agreement_of(evaluation):
        return False
    already = set(calling.called(evaluation.tender))
    return bool(already) and all(ranked.code in already for ranked in order_of(evaluation))


def value_of(order: Sequence[scoring.Ranked], assessment: Assessment | None) -> Decimal | None:
    """For how much the offer would be awarded: what was agreed with it, or else its price; none while it is sealed."""
    if assessment is None or not assessment.has_winning_price:
        return None
    agreement = agreement_of(assessment.evaluation)
    is_its = agreement is not None and agreement.call.bid_id == assessment.bid_id
    return agreement.value_amount if agreement is not None and is_its else price_of(order, assessment)
