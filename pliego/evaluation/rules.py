"""What stands against an act of the evaluation. Each rule takes the evaluation and the moment and changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.evaluation import comparing
from pliego.kernel import dates
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection
from pliego.methods import terms
from pliego.methods.law import Ladder, Method, Rung

REPORT, OBSERVED = "report_published", "observations_due"


def bids_are_not_assessed(evaluation: Any, at: datetime) -> Iterator[Objection]:
    """Every offer that still waits is told at once."""
    for assessment in evaluation.assessments.select_related("bid"):
        if assessment.complies is None:
            sentence = _("The offer %(code)s has not been assessed yet.") % {"code": assessment.bid.code}
            yield Objection("bid_not_assessed", sentence, assessment.bid.code)


COMPUTED = frozenset({"lowest_price_that_complies"})


def rule_is_not_computed(evaluation: Any, at: datetime) -> Objection | None:
    """A report ranks offers by the rule of the method, and never by another one. The report that comes before the price
    is opened ranks by no price."""
    return None if len(evaluation.tender.rulebook.openings) > 1 else award_is_not_computed(evaluation, at)


def award_is_not_computed(evaluation: Any, at: datetime) -> Objection | None:
    """Nothing is awarded by another rule than the one of the method."""
    rulebook = evaluation.tender.rulebook
    rule = rulebook.evaluation
    if rule.rule in COMPUTED or (rule.alone_legal_basis and complies_alone(evaluation)):
        return None
    if comparing.orders_of(evaluation) is not None:
        return None
    if "auction" in rulebook.kinds:
        sentence = _("Two or more comply: the auction decides, and its minutes have not been signed yet.")
        return Objection("auction_not_recorded", sentence, "", rulebook.legal_basis)
    sentence = _(
        "This method does not award to the lowest price that complies, and its own rule is not computed here yet."
    )
    return Objection("rule_not_computed", sentence, "", rule.legal_basis)


def is_sale(tender: Any) -> bool:
    """Whether the entity sells: the value of the process is then the least that it takes."""
    return bool(tender.rulebook.evaluation.rule == "highest_bid")


def complies_alone(evaluation: Any) -> bool:
    """Whether one offer complies and no other: there is nothing to compare it with."""
    return bool(evaluation.assessments.filter(complies=True).count() == 1)


def writes_order(method: Method) -> bool:
    """Whether the committee writes the order of eligibility in its report: envelopes are opened in that order."""
    return any(opening.by_call for opening in method.openings)


def order_is_wrong(evaluation: Any, order: Sequence[str]) -> Iterator[Objection]:
    """The written order names every offer that complies once, and no other; other methods have none."""
    rulebook = evaluation.tender.rulebook
    if not writes_order(rulebook):
        if order:
            yield Objection("no_order", _("In this method nobody writes the order: it is computed."), "order")
        return
    complying = set(evaluation.assessments.filter(complies=True).values_list("bid__code", flat=True))
    if sorted(order) != sorted(complying):
        sentence = _("Write the order of eligibility: every offer that complies, once, and no other.")
        yield Objection("wrong_order", sentence, "order", rulebook.evaluation.legal_basis)


def call_is_out_of_order(evaluation: Any, bid: str, already: Sequence[str]) -> Iterator[Objection]:
    """Offers are called as the published report puts them in order, each after the one before it."""
    report, rulebook = evaluation.last_report, evaluation.tender.rulebook
    if not writes_order(rulebook) or report is None:
        yield Objection("no_calls", _("In this method the envelopes are not opened one offer after the other."))
        return
    places = sorted((row["rank"], row["bid"]) for row in report.ranking if row["rank"])
    following = next((code for _rank, code in places if code not in already), None)
    if following is None:
        yield Objection("nobody_left", _("Every offer of the order was called."), "bid")
    elif bid != following:
        sentence = _("The next offer in the order of the report is %(bid)s.") % {"bid": following}
        yield Objection("out_of_order", sentence, "bid", rulebook.evaluation.legal_basis)


def award_is_made(evaluation: Any, at: datetime) -> Objection | None:
    if evaluation.tender.state == "opened":
        return None
    return Objection("already_decided", _("The process has been decided: its evaluation cannot change."))


def auction_is_prepared(evaluation: Any, at: datetime) -> Objection | None:
    """Once the initial prices are open, who takes part in the auction does not change."""
    rulebook = evaluation.tender.rulebook
    if (
        "auction" not in rulebook.kinds
        or not evaluation.assessments.filter(complies=True, price_is_sealed=False).exists()
    ):
        return None
    sentence = _("The initial prices are open: who qualified for the auction does not change any more.")
    return Objection("prices_are_open", sentence, "", rulebook.legal_basis)


@dataclass(frozen=True)
class FindingIn:
    """What the evaluator found for one requirement."""

    item: int
    complies: bool
    reason: str = ""


def findings_are_wrong(asked: Mapping[int, str], findings: Sequence[FindingIn]) -> Iterator[Objection]:
    """Each requirement exactly once, and a reason for each refusal."""
    given = [finding.item for finding in findings]
    for number, title in asked.items():
        if number not in given:
            sentence = _("Say whether the offer meets “%(title)s”.") % {"title": title}
            yield Objection("finding_missing", sentence, f"item_{number}")
    for finding in findings:
        if finding.item not in asked:
            yield Objection("unknown_item", _("The pliego has no such requirement."), f"item_{finding.item}")
        elif given.count(finding.item) > 1:
            yield Objection("finding_twice", _("A requirement is there twice."), f"item_{finding.item}")
        elif not finding.complies and not finding.reason.strip():
            sentence = _("Write why the offer does not meet “%(title)s”.") % {"title": asked[finding.item]}
            yield Objection("reason_missing", sentence, f"reason_{finding.item}", "Ley 1150 de 2007, art. 5")


def earliest_observations_due(method: Method, at: datetime) -> datetime:
    """The first sensible end of the term for observing a report that is published at `at`."""
    milestone = method.milestone(OBSERVED)
    found = [
        terms.earliest_sensible(milestone, bound)
        for period in method.periods
        if period.start == REPORT and period.end == OBSERVED and not period.advice
        for bound in terms.bounds(period, at)
        if not bound.is_latest
    ]
    return max(found, default=calendar.at(calendar.add(calendar.day_of(at), 1), 17))


def observations_end_too_soon(method: Method, at: datetime, due: datetime) -> Iterator[Objection]:
    """The term of the law for observing the report, counted from its real publication."""
    if due <= at:
        yield Objection("due_in_the_past", _("The term for observations must end in the future."), OBSERVED)
        return
    for period in method.periods:
        if period.start != REPORT or period.end != OBSERVED or period.advice:
            continue
        for bound in terms.bounds(period, at):
            if bound.is_broken_by(due):
                yield Objection(
                    "observations_due_too_soon", terms.sentence(method, bound), OBSERVED, period.legal_basis
                )


def observations_are_over(evaluation: Any, at: datetime) -> Objection | None:
    """A term is half-open: an observation is on time while it is before the end."""
    due = evaluation.observations_due_at
    if due is None or evaluation.state != "reported":
        return Objection("no_report", _("There is no published report to observe."))
    if at >= due:
        sentence = _("Observations on the report were received until %(due)s.") % {"due": dates.instant(due)}
        return Objection("too_late", sentence)
    return None


def observations_are_running(evaluation: Any, at: datetime) -> Objection | None:
    due = evaluation.observations_due_at
    if due is None or evaluation.state != "reported":
        return Objection("no_report", _("The evaluation report has not been published."), "", "Ley 80 de 1993, art. 30")
    if at < due:
        sentence = _("Observations on the report are received until %(due)s: nothing is decided before.")
        return Objection("observations_running", sentence % {"due": dates.instant(due)})
    return None


def observations_are_unanswered(evaluation: Any, at: datetime) -> Iterator[Objection]:
    for observation in evaluation.observations.filter(answered_at__isnull=True):
        sentence = _("Observation %(number)s on the report has no answer yet.") % {"number": observation.number}
        yield Objection("observation_unanswered", sentence, f"observation_{observation.number}")


def tie_is_misjudged(
    tied: Sequence[str], step: Rung | None, order: Sequence[str], ladder: Ladder
) -> Iterator[Objection]:
    """A tie is decided by a rung of the ladder, for exactly the tied offers; the draw needs no order."""
    if not tied:
        yield Objection("no_tie", _("There is no tie to decide."))
    if step is None:
        yield Objection("unknown_rung", _("Choose a factor of the ladder."), "rung", ladder.legal_basis)
    elif not step.is_random and sorted(order) != sorted(tied):
        yield Objection("wrong_order", _("Put exactly the tied offers in order."), "first")
