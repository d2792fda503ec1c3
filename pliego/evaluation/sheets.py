"""What the evaluator's desk shows of the points: how far each offer is, and what was thought of each factor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pliego.evaluation import mending, points, queries, rules, turns, weighing
from pliego.evaluation.models import Assessment, BidRequest, Evaluation
from pliego.kernel.actors import Actor
from pliego.kernel.money import format_money, spelled
from pliego.kernel.objections import Objection, gather


@dataclass(frozen=True)
class Progress:
    """How far the points of an offer are."""

    bid: str
    supplier_name: str
    scored_by: int
    is_mine_done: bool
    is_agreed: bool
    total: str


def progress_of(evaluation: Evaluation, actor: Actor) -> list[Progress]:
    """Of each offer that has not been found not to comply; none where nothing gives points."""
    asked = {factor.number for factor in weighing.given_of(evaluation.tender)}
    if not asked:
        return []
    told = queries.scores_told(evaluation)
    found = []
    for row in queries.assessments_of(evaluation):
        if row.complies is False:
            continue
        members = {score.member_id for score in row.scores.all()}
        agreed = {one.factor for one in row.agreed.all()}
        totals = [said["points"] for (_lot, bid), said in told.items() if bid == row.bid.code]
        total = " · ".join(spelled(total) for total in dict.fromkeys(totals)) if asked <= agreed else ""
        is_mine_done = actor.user_id in members
        name = row.bid.supplier.name
        found.append(Progress(row.bid.code, name, len(members), is_mine_done, asked <= agreed, total))
    return found


@dataclass(frozen=True)
class Sheet:
    """The points of one offer: one's own and the agreed ones as a form takes them, and what each member thought."""

    own: dict[str, Any]
    agreed: dict[str, Any]
    thoughts: list[tuple[str, list[tuple[str, str, str]]]]  # by factor: who, points, why


def sheet_of(evaluation: Evaluation, assessment: Assessment, actor: Actor) -> Sheet:
    """Others' scores are seen only by who has given their own: each one thinks alone first."""
    scores = list(assessment.scores.select_related("member"))
    mine = [score for score in scores if score.member_id == actor.user_id]
    own: dict[str, Any] = {}
    for score in mine:
        own |= {f"points_{score.factor}": score.points.normalize(), f"reason_{score.factor}": score.reason}
    known = weighing.known_fines(evaluation.tender, assessment.bid.supplier)
    agreed: dict[str, Any] = {"fined": assessment.fined or known[:2000]}
    for one in assessment.agreed.all():
        agreed |= {f"points_{one.factor}": one.points.normalize(), f"reason_{one.factor}": one.reason}
        agreed |= {f"staff_{one.factor}": one.staff, f"with_disability_{one.factor}": one.with_disability}
    thoughts = []
    for factor in weighing.judged_of(evaluation.tender) if mine else []:
        said = [
            (s.member.full_name, spelled(points.text(s.points)), s.reason) for s in scores if s.factor == factor.number
        ]
        thoughts.append((factor.title, said))
    return Sheet(own, agreed, thoughts)


def requests_of(evaluation: Evaluation, at: datetime) -> list[tuple[BidRequest, bool]]:
    """What was asked of bidders, each with its end, and whether it is now to be decided."""
    rows = evaluation.requests.select_related("evaluation__tender", "assessment__bid__supplier__organization")
    rows = rows.prefetch_related("evaluation__tender__suspensions").order_by("number")
    return [(row, row.decided_at is None and not mending.may_still_answer(row, at)) for row in rows]


def _called(evaluation: Evaluation) -> Assessment | None:
    """The offer that was called last."""
    call = evaluation.tender.bid_calls.order_by("place").last()
    rows = evaluation.assessments.select_related("bid__supplier__organization")
    return rows.filter(bid_id=call.bid_id).first() if call else None


def whom_to_agree_with(evaluation: Evaluation) -> str:
    """Who was called, what they ask, and how much there is at most."""
    called, value = _called(evaluation), evaluation.tender.value
    found = [_("If there is no agreement, call the next one, with the reason.")]
    if value:
        found.insert(0, _("The official budget is %(value)s.") % {"value": format_money(value)})
    if called is not None and called.price is not None:
        told = {"name": called.bid.supplier.name, "bid": called.bid.code, "price": format_money(called.price)}
        found.insert(0, _("With %(name)s (%(bid)s), whose price is %(price)s.") % told)
    return " ".join(found)


def cannot_agree(evaluation: Evaluation) -> list[Objection]:
    """What stands against agreeing on the price now."""
    agreement = turns.agreement_of(evaluation)
    return gather(rules.nobody_to_agree_with(_called(evaluation)), rules.price_is_agreed(agreement))
