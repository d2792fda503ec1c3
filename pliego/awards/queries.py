"""Reading decisions, and what waits to be decided."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.awards import rules
from pliego.awards.models import Award
from pliego.evaluation import queries as evaluations
from pliego.evaluation.models import Evaluation
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, gather
from pliego.kernel.todo import Task
from pliego.tendering.models import Tender


def decision_of(tender: Tender) -> Award | None:
    """The decision of the process, once there is one."""
    rows = tender.awards.select_related("supplier__organization", "bid", "document", "tender__buyer__organization")
    return rows.filter(state__in=("made", "deserted")).first()


@dataclass(frozen=True)
class Standing:
    """How far a process with offers is from its decision."""

    evaluation: Evaluation | None
    rows: list[evaluations.Row]
    objections: list[Objection]
    must_desert: bool


def standing_of(tender: Tender, *, at: datetime) -> Standing:
    evaluation = Evaluation.objects.select_related("tender").filter(tender=tender).first()
    rows = evaluations.ranking_of(evaluation) if evaluation else []
    nobody_offered = not tender.bids.filter(state__in=("submitted", "opened")).exists()
    over = [] if nobody_offered else gather(rules.evaluation_is_not_over(evaluation, at))
    tie = rules.first_place_is_tied(evaluation) if evaluation else None
    none_complies = not any(row.rank for row in rows)
    return Standing(evaluation, rows, [*over, *gather(tie)], not over and none_complies)


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Processes whose report can no longer be observed, and direct contracts: they wait for the authorising officer."""
    if actor.account_id is None or "approver" not in actor.roles:
        return []
    tasks = []
    for tender in Tender.objects.filter(buyer_id=actor.account_id, state__in=("opened", "published")):
        reason = _("You are the authorising officer of your entity.")
        subject = f"{tender.code} {tender.title}"
        due = tender.due_at("award")
        if not tender.has_bidding:
            url = reverse("awards:directly", args=[tender.code])
            tasks.append(Task(_("Decide the direct contract"), url, subject, reason, due))
        elif tender.state == "opened" and not standing_of(tender, at=at).objections:
            url = reverse("awards:decide", args=[tender.code])
            tasks.append(Task(_("Decide the process"), url, subject, reason, due))
    return tasks
