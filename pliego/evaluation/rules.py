"""What stands against an act of the evaluation. Each rule takes the evaluation and the moment and changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.evaluation import comparing, weighing
from pliego.evaluation import ladder as climb
from pliego.evaluation.ladder import Step
from pliego.evaluation.points import FINE_LAW, WHOLE_OR_NOTHING, Factor
from pliego.evaluation.scoring import Ranked
from pliego.kernel import dates
from pliego.kernel.calendar import calendar
from pliego.kernel.money import grouped
from pliego.kernel.objections import Objection
from pliego.methods import terms
from pliego.methods.law import Ladder, Method

REPORT, OBSERVED = "report_published", "observations_due"
PRICES_LAW = "Ley 80 de 1993, art. 30, par. 3 (Ley 1882 de 2018, art. 1)"
LOW_PRICE_REJECTED = "low_price_rejected"  # a fault of the price
DISABILITY_LAW = "Decreto 1082 de 2015, art. 2.2.1.2.4.2.6 (Decreto 392 de 2018)"


def bids_are_not_assessed(evaluation: Any, at: datetime) -> Iterator[Objection]:
    """Every offer that still waits is told at once."""
    for assessment in evaluation.assessments.select_related("bid"):
        if assessment.complies is None:
            sentence = _("The offer %(code)s has not been assessed yet.") % {"code": assessment.bid.code}
            yield Objection("bid_not_assessed", sentence, assessment.bid.code)


COMPUTED = frozenset({"lowest_price_that_complies", "highest_bid"})


def rule_is_not_computed(evaluation: Any, at: datetime) -> Objection | None:
    """A report ranks offers by the rule of the method, and never by another one. The report that comes before the price
    is opened ranks by no price."""
    return None if len(evaluation.tender.rulebook.openings) > 1 else award_is_not_computed(evaluation, at)


def award_is_not_computed(evaluation: Any, at: datetime) -> Objection | None:
    """Nothing is awarded by another rule than the one of the method."""
    rulebook = evaluation.tender.rulebook
    rule = rulebook.evaluation
    is_auctioned = "auction" in rulebook.kinds
    if not is_auctioned and (rule.rule in COMPUTED or weighing.factors_of(evaluation.tender)):
        return None
    if rule.alone_legal_basis and complies_alone(evaluation):
        return None
    if comparing.orders_of(evaluation) is not None:
        return None
    if is_auctioned:
        sentence = _("Two or more comply: the auction decides, and its minutes have not been signed yet.")
        return Objection("auction_not_recorded", sentence, "", rulebook.legal_basis)
    sentence = _("In this method the price alone does not decide, and its pliego has no factors that give points.")
    return Objection("rule_not_computed", sentence, "", rule.legal_basis)


def is_sale(tender: Any) -> bool:
    """Whether the entity sells: the value of the process is then the least that it takes."""
    return bool(tender.rulebook.evaluation.rule == "highest_bid")


def complies_alone(evaluation: Any) -> bool:
    """Whether one offer complies and no other: there is nothing to compare it with."""
    return bool(evaluation.assessments.filter(complies=True).count() == 1)


def calls_offers(method: Method) -> bool:
    """Whether envelopes are opened one offer after the other, in the order of the report."""
    return any(opening.by_call for opening in method.openings)


def call_is_out_of_order(
    evaluation: Any, bid: str, already: Sequence[str], order: Sequence[Ranked], is_agreed: bool
) -> Iterator[Objection]:
    """Offers are called in their order, each after the one before it did not agree on its price."""
    rulebook = evaluation.tender.rulebook
    if not calls_offers(rulebook) or evaluation.last_report is None:
        yield Objection("no_calls", _("In this method the envelopes are not opened one offer after the other."))
        return
    if is_agreed:
        sentence = _("The price was agreed with the offer that was called: no other one is.")
        yield Objection("price_is_agreed", sentence, "bid", rulebook.evaluation.legal_basis)
    following = next((ranked for ranked in order if ranked.code not in already), None)
    if following is None:
        yield Objection("nobody_left", _("Every offer of the order was called."), "bid")
    elif following.tied_with:
        tied = ", ".join(sorted([following.code, *following.tied_with]))
        told = _("The offers %(codes)s are tied. Decide the tie first.") % {"codes": tied}
        yield Objection("tie", told, "bid", "Ley 2069 de 2020, art. 35")
    elif bid != following.code:
        said = _("The next offer in the order of the report is %(bid)s.") % {"bid": following.code}
        yield Objection("out_of_order", said, "bid", rulebook.evaluation.legal_basis)


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


# ---- points --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScoreIn:
    """The points of one factor; of workers with a disability, how many there are and of how many."""

    factor: int
    points: Decimal | None = None
    reason: str = ""
    staff: int | None = None
    with_disability: int | None = None


FINEST = Decimal("0.0001")


def scores_are_wrong(factors: Sequence[Factor], said: Sequence[ScoreIn]) -> Iterator[Objection]:
    """Each factor exactly once, and within what the pliego gives for it."""
    if not factors:
        yield Objection("nothing_to_score", _("In this process nothing is scored here."))
    known, given = {factor.number: factor for factor in factors}, [score.factor for score in said]
    for number, factor in known.items():
        if number not in given:
            sentence = _("Write the points of “%(title)s”.") % {"title": factor.title}
            yield Objection("score_missing", sentence, f"points_{number}")
    for score in said:
        if (asked := known.get(score.factor)) is None:
            yield Objection("unknown_factor", _("The pliego has no such factor."), f"points_{score.factor}")
        elif given.count(score.factor) > 1:
            yield Objection("score_twice", _("A factor is there twice."), f"points_{score.factor}")
        elif wrong := _score_is_wrong(asked, score):
            yield wrong


def _score_is_wrong(factor: Factor, score: ScoreIn) -> Objection | None:
    if factor.kind == "disability":
        return _staff_is_wrong(factor, score)
    field, told = f"points_{factor.number}", {"title": factor.title, "most": grouped(factor.most)}
    if score.points is None:
        return Objection("score_missing", _("Write the points of “%(title)s”.") % told, field)
    if not 0 <= score.points <= factor.most:
        return Objection("score_out_of_range", _("“%(title)s” gives from 0 to %(most)s points.") % told, field)
    if factor.kind in WHOLE_OR_NOTHING and score.points not in {0, factor.most}:
        return Objection("all_or_nothing", _("“%(title)s” gives %(most)s points or none.") % told, field)
    if score.points != score.points.quantize(FINEST):
        return Objection("too_fine", _("Write the points with at most four decimals."), field)
    return None


def _staff_is_wrong(factor: Factor, score: ScoreIn) -> Objection | None:
    if score.staff is None or score.with_disability is None:
        sentence = _("Write how many work there, and how many of them with a disability: the points are computed.")
        return Objection("staff_missing", sentence, f"staff_{factor.number}", DISABILITY_LAW)
    if score.staff <= 0 or not 0 <= score.with_disability <= score.staff:
        sentence = _("They cannot be more than all who work there.")
        return Objection("staff_is_wrong", sentence, f"with_disability_{factor.number}", DISABILITY_LAW)
    return None


def nobody_scored(judged: Sequence[Factor], given: Sequence[Any], seated: Mapping[int, str]) -> Iterator[Objection]:
    """Before all agree, each one says what they think alone: every member where there are some, else somebody."""
    if not judged:
        return
    if not seated and not given:
        yield Objection("nobody_scored", _("Nobody has scored this offer yet: each member does it first, alone."))
    there = {score.member_id for score in given}
    for user_id, name in seated.items():
        if user_id not in there:
            sentence = _("%(name)s has not scored this offer yet.") % {"name": name}
            yield Objection("member_has_not_scored", sentence)


def agreement_has_no_reason(given: Sequence[Any], said: Sequence[ScoreIn]) -> Iterator[Objection]:
    """Where members did not think alike, or all agreed on something else, the reason is written."""
    for score in said:
        alone = {one.points for one in given if one.factor == score.factor}
        if alone and alone != {score.points} and not score.reason.strip():
            sentence = _("Members did not score it alike: write why these points were agreed.")
            yield Objection("reason_missing", sentence, f"reason_{score.factor}", "Ley 1150 de 2007, art. 5")


def fines_do_not_count() -> Objection:
    return Objection("fines_do_not_count", _("In this method a fine takes no points away."), "fined")


def fines_are_known(known: str) -> Objection:
    """What a decision in force says is not left out by whoever agrees the points."""
    sentence = _("The register of sanctions says otherwise: %(known)s.") % {"known": known}
    return Objection("fines_are_known", sentence, "fined", FINE_LAW)


def rate_is_not_asked(evaluation: Any) -> Objection | None:
    """Only where it draws the formula; and after the report only where the prices were opened after it."""
    tender = evaluation.tender
    if not weighing.needs_rate(tender):
        sentence = _("The formula of this pliego is not drawn by the exchange rate.")
        return Objection("nothing_is_drawn", sentence, "rate")
    if evaluation.state == "reported" and prices_are_not_reported(evaluation, evaluation.created_at) is None:
        sentence = _("The report was made with the exchange rate: open the evaluation again, with the reason.")
        return Objection("already_reported", sentence, "rate")
    return None


def scores_are_missing(evaluation: Any, at: datetime) -> Iterator[Objection]:
    """Every offer that complies has what all agreed on, in each factor that is not computed."""
    if not (asked := {factor.number for factor in weighing.given_of(evaluation.tender)}):
        return
    rows = evaluation.assessments.filter(complies=True).select_related("bid").prefetch_related("agreed")
    for assessment in rows.order_by("bid__received_at", "pk"):
        if asked - {row.factor for row in assessment.agreed.all()}:
            sentence = _("The points of the offer %(code)s have not been agreed yet.") % {"code": assessment.bid.code}
            yield Objection("scores_missing", sentence, assessment.bid.code)


def rate_is_missing(evaluation: Any, at: datetime) -> Objection | None:
    """Where the exchange rate draws the formula, nothing is ranked before it is known."""
    tender = evaluation.tender
    sealed = evaluation.assessments.filter(price_is_sealed=True, complies=True)
    is_later = len(tender.rulebook.openings) > 1 and sealed.exists()
    if is_later or not weighing.needs_rate(tender) or evaluation.exchange_rate is not None:
        return None
    sentence = _("Write the exchange rate that draws the formula of the price.")
    return Objection("rate_missing", sentence, "", tender.rulebook.evaluation.legal_basis)


def reports_prices(evaluation: Any) -> bool:
    """Whether the price gives points and is opened after the report: its points are then reported by themselves."""
    rulebook = evaluation.tender.rulebook
    later = len(rulebook.openings) > 1 and not calls_offers(rulebook)
    return later and any(factor.kind == "price" for factor in weighing.factors_of(evaluation.tender))


def prices_are_not_reported(evaluation: Any, at: datetime) -> Objection | None:
    """Nothing is awarded before the points of the prices are public (Ley 80 de 1993, art. 30, par. 3)."""
    report = evaluation.last_report
    if report is None or not reports_prices(evaluation) or any(row.get("points") for row in report.ranking):
        return None
    if not evaluation.assessments.filter(complies=True).exists():
        return None
    sentence = _("Publish first the evaluation of the prices that were opened.")
    return Objection("prices_not_reported", sentence, "", PRICES_LAW)


def prices_cannot_be_reported(evaluation: Any, at: datetime) -> Objection | None:
    """Once, when the prices of those that comply are open."""
    if not reports_prices(evaluation):
        return Objection("no_price_report", _("In this method the prices have no report of their own."))
    if prices_are_not_reported(evaluation, at) is None:
        return Objection("already_done", _("There is nothing of the prices to report."))
    if evaluation.assessments.filter(complies=True, price_is_sealed=True).exists():
        return Objection("price_is_sealed", _("The prices have not been opened yet."), "", PRICES_LAW)
    return None


def nobody_to_agree_with(assessment: Any) -> Objection | None:
    if assessment is not None and assessment.price_amount is not None:
        return None
    return Objection("nobody_called", _("The price is agreed with the offer that was called, once it is open."))


def price_is_agreed(agreement: Any) -> Objection | None:
    if agreement is None:
        return None
    return Objection("already_done", _("The price was agreed already."))


def agreed_price_is_wrong(tender: Any, value: Decimal) -> Iterator[Objection]:
    if value <= 0:
        yield Objection("not_positive", _("The value must be more than zero."), "value")
    elif tender.value_amount is not None and value > tender.value_amount:
        yield Objection("above_budget", _("The value is above the official budget of the process."), "value")


# ---- the report ----------------------------------------------------------------------------------------------------


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


def ladder_is_misclimbed(tied: Sequence[str], steps: Sequence[Step], ladder: Ladder) -> Iterator[Objection]:
    """The factors are looked at in the order of the law, none is skipped, each with its evidence, until one offer is
    left; the draw comes after all of them."""
    if not tied:
        yield Objection("no_tie", _("There is no tie to decide."))
        return
    asked = [rung.number for rung in ladder.rungs if not rung.is_random]
    given = [step.rung for step in steps]
    if given != asked[: len(given)]:
        sentence = _("Look at the factors in the order of the law, from the first one, and skip none.")
        yield Objection("rung_skipped", sentence, f"evidence_{len(given) or 1}", ladder.legal_basis)
        return
    for step in climb.needed(tied, steps):
        if not step.evidence.strip():
            unproved = _("Write what proves who has the factor %(n)s, or that nobody does.") % {"n": step.rung}
            yield Objection("evidence_missing", unproved, f"evidence_{step.rung}", ladder.legal_basis)
        if set(step.favoured) - set(tied):
            yield Objection("not_tied", _("Choose only offers of the tie."), f"favoured_{step.rung}")
    if climb.is_drawn(tied, steps) and len(given) < len(asked):
        still = _("After the factor %(n)s there is still a tie: look at the next one.") % {"n": len(given)}
        yield Objection("still_tied", still, f"evidence_{len(given) + 1}", ladder.legal_basis)
