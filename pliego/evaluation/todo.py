"""What waits for whom in an evaluation."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.evaluation import rules, weighing
from pliego.evaluation.models import BidRequest, Evaluation, PriceAgreement
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.panels import queries as panels

MOST = 50


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """To assess and score offers, to publish the report, to answer and decide, to agree on a price."""
    if actor.account_id is None:
        return []
    if not actor.is_buyer:
        return _of_bidder(actor, at)
    found: list[Task] = []
    rows = Evaluation.objects.filter(tender__buyer_id=actor.account_id).select_related("tender")
    for evaluation in rows.filter(state__in=("assessing", "reported"), tender__state="opened").order_by("pk"):
        found += _of_evaluator(actor, evaluation) if "evaluator" in actor.roles else _of_seat(actor, evaluation)
        found += _of_approver(evaluation, at) if "approver" in actor.roles else []
    return found


def _task(title: str, evaluation: Evaluation, due: datetime | None = None, reason: str = "") -> Task:
    tender = evaluation.tender
    url = reverse("evaluation:evaluation", args=[tender.code])
    return Task(title, url, f"{tender.code} {tender.title}", reason or _("You evaluate for your entity."), due)


def _of_evaluator(actor: Actor, evaluation: Evaluation) -> list[Task]:
    due = evaluation.tender.due_at(rules.REPORT)
    found = []
    if evaluation.requests.filter(answered_at__isnull=False, decided_at__isnull=True).exists():
        found.append(_task(_("Decide on what bidders answered"), evaluation, due))
    if evaluation.state == "assessing":
        found.append(_task(_next_step(actor, evaluation), evaluation, due))
    elif evaluation.observations.filter(answered_at__isnull=True).exists():
        found.append(_task(_("Answer the observations on the report"), evaluation))
    return found


def _next_step(actor: Actor, evaluation: Evaluation) -> str:
    """What the evaluator does now, so that there is a report."""
    if evaluation.assessments.filter(complies__isnull=True).exists():
        return _("Assess the offers")
    if _must_score(actor, evaluation):
        return _("Score the offers")
    if list(rules.scores_are_missing(evaluation, evaluation.created_at)):
        return _("Write the points that were agreed")
    return _("Publish the evaluation report")


def _must_score(actor: Actor, evaluation: Evaluation) -> bool:
    """Whether an offer that complies has no points of the actor, where each member gives their own."""
    if not weighing.judged_of(evaluation.tender):
        return False
    complying = evaluation.assessments.filter(complies=True)
    return complying.exclude(scores__member_id=actor.user_id or 0).exists()


def _of_seat(actor: Actor, evaluation: Evaluation) -> list[Task]:
    """Who was appointed without the role of evaluator gives their points too."""
    if evaluation.state != "assessing" or not _must_score(actor, evaluation):
        return []
    if panels.seat_of(actor, evaluation.tender) is None:
        return []
    return [_task(_("Score the offers"), evaluation, evaluation.tender.due_at(rules.REPORT))]


def _of_approver(evaluation: Evaluation, at: datetime) -> list[Task]:
    """The price that was opened last is agreed, or the next offer is called."""
    call = evaluation.tender.bid_calls.order_by("place").last()
    if call is None or PriceAgreement.objects.filter(call=call).exists():
        return []
    if not evaluation.assessments.filter(bid_id=call.bid_id, price_amount__isnull=False).exists():
        return []
    reason = _("You are the authorising officer of your entity.")
    return [_task(_("Agree on the price, or call the next offer"), evaluation, reason=reason)]


def _of_bidder(actor: Actor, at: datetime) -> list[Task]:
    """What was asked of their own offers and may still be answered."""
    mine = BidRequest.objects.filter(assessment__bid__supplier_id=actor.account_id, answered_at__isnull=True)
    rows = mine.filter(due_at__gt=at).select_related("evaluation__tender").order_by("due_at", "pk")
    rows = rows.exclude(evaluation__state="finished").prefetch_related("evaluation__tender__suspensions")
    return [
        Task(
            _("Answer what the entity asks about your offer"),
            reverse("evaluation:answer_request", args=[row.evaluation.tender.code, row.number]),
            f"{row.evaluation.tender.code} {row.evaluation.tender.title}",
            _("It is about an offer of your account."),
            row.ends_at,
        )
        for row in rows[:MOST]
    ]
