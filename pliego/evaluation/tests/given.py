"""Evaluations for the tests of this room and of those above, made by services."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pliego.bidding.tests import given as bids
from pliego.conditions.tests.given import divided_tender
from pliego.evaluation import judging, queries, services, weighing
from pliego.evaluation.models import Evaluation, Report
from pliego.evaluation.rules import FindingIn, ScoreIn
from pliego.kernel.actors import Actor
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from tests.furnishing import furnished

signed = tenders.signed
BIDDERS = ("carla", "dario", "pablo", "rosa", "tulia", "zoraida")


@furnished
def opened_tender(at: datetime, *prices: Sequence[str]) -> Tender:
    """A published, closed and opened process with one offer for each list of unit prices, by the BIDDERS in turn."""
    tender = tenders.published_tender(at)
    for number, (name, offered) in enumerate(zip(BIDDERS, prices, strict=False), 1):
        bids.submitted_bid(tender, tenders.supplier(at, name), at=at + timedelta(minutes=number), prices=offered)
    return bids.opened_tender(tender)


@furnished
def evaluation(at: datetime, *prices: Sequence[str]) -> Evaluation:
    """An evaluation in which nobody has assessed anything yet."""
    tender = opened_tender(at, *(prices or (("1000000.00", "500000.00"),)))
    return services.start_evaluation(tender_id=tender.pk, at=after_opening(tender))


def after_opening(tender: Tender) -> datetime:
    return bids.opening_time(tender) + timedelta(minutes=5)


def codes(evaluation: Evaluation) -> list[str]:
    """The codes of the offers in order of arrival."""
    return [assessment.bid.code for assessment in queries.assessments_of(evaluation)]


def findings(tender: Tender, *, complies: bool = True, lots: Sequence[int] | None = None) -> list[FindingIn]:
    reason = "" if complies else "El certificado está vencido."
    return [FindingIn(item.number, complies, reason) for item in queries.requirements_of(tender, lots)]


def assessed(evaluation: Evaluation, failing: Sequence[str] = ()) -> Evaluation:
    """Every offer assessed by ana; those named do not comply."""
    tender = evaluation.tender
    ana, at = tenders.people_of(tender).ana, after_opening(tender)
    for assessment in queries.assessments_of(evaluation):
        code = assessment.bid.code
        found = findings(tender, complies=code not in failing, lots=assessment.bid.lots)
        services.assess_bid(actor=ana, tender_id=tender.pk, bid=code, findings=found, at=at)
    return evaluation


def scored(evaluation: Evaluation, said: Mapping[str, Mapping[int, str]] | None = None) -> Evaluation:
    """The points of every offer that complies, by ana alone and as agreed: those said by offer and factor, else half of
    the most of each."""
    tender = evaluation.tender
    ana, at = tenders.people_of(tender).ana, after_opening(tender)
    for assessment in queries.assessments_of(evaluation):
        if not assessment.complies:
            continue
        common: dict[str, Any] = {"actor": ana, "tender_id": tender.pk, "bid": assessment.bid.code, "at": at}
        told = (said or {}).get(assessment.bid.code, {})
        for factors, act in (
            (weighing.judged_of(tender), judging.score_offer),
            (weighing.given_of(tender), judging.agree_scores),
        ):
            given = [ScoreIn(f.number, Decimal(told.get(f.number, f.most / 2)), "Según la propuesta.") for f in factors]
            if given:
                act(scores=given, **common)
    return evaluation


def reported(evaluation: Evaluation, at: datetime | None = None) -> Report:
    """The report, published by ana when the schedule says."""
    tender = evaluation.tender
    at = at or tender.due_at("report_published") or after_opening(tender)
    ana = signed(tenders.people_of(tender).ana, at)
    return services.publish_report(actor=ana, tender_id=tender.pk, at=at)


def observer(at: datetime) -> Actor:
    """A supplier who did not take part."""
    return tenders.supplier(at, "olga")


@furnished
def ready_to_award(at: datetime, *prices: Sequence[str], failing: Sequence[int] = ()) -> Tender:
    """A process whose report is published. `failing` are the offers (1, 2…) that do not comply."""
    made = evaluation(at, *prices)
    arrived = codes(made)
    assessed(made, [arrived[number - 1] for number in failing])
    reported(made)
    return Tender.objects.get(pk=made.tender_id)


@furnished
def divided(at: datetime, *offers: tuple[Sequence[int], Sequence[str]], **rules: Any) -> Evaluation:
    """A process with three lots and an offer for each (lots, unit prices), opened and with its evaluation laid out."""
    tender = divided_tender(at, **rules)
    for number, (name, (lots, prices)) in enumerate(zip(BIDDERS, offers, strict=False), 1):
        told = {"prices": prices, "lots": lots}
        bids.submitted_bid(tender, tenders.supplier(at, name), at=at + timedelta(minutes=number), **told)
    opened = bids.opened_tender(tender)
    return services.start_evaluation(tender_id=opened.pk, at=after_opening(opened))


def after_observations(tender: Tender) -> datetime:
    """The first instant at which the process may be decided."""
    due = Evaluation.objects.get(tender=tender).observations_due_at
    assert due is not None
    return due
