"""What can be wrong in a file of the catalogue whose shape is right."""

import re
from collections.abc import Iterator
from graphlib import CycleError

from pliego.methods.law import OFFERING, Method

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def faults(method: Method, ladders: frozenset[str]) -> Iterator[str]:
    """Everything that is wrong inside a file whose shape is right."""
    codes = [milestone.code for milestone in method.milestones]
    yield from (f"the milestone {code} is there twice" for code in sorted({c for c in codes if codes.count(c) > 1}))
    yield from (
        f"{where} names the milestone {code}, which is not there" for where, code in _named(method) if code not in codes
    )
    staged = [code for stage in method.stages for code in stage.milestones]
    bound = {codes[0]} | {p.end for p in method.periods if not p.advice and p.has_minimum}
    for code in codes:
        if staged.count(code) != 1:
            yield f"the milestone {code} must be in exactly one stage, not in {staged.count(code)}"
        if code not in bound:
            yield f"no period says when the milestone {code} may be at the earliest"
    yield from _bad_times(method)
    yield from _bad_periods(method)
    yield from _bad_rules(method, ladders)


def _named(method: Method) -> Iterator[tuple[str, str]]:
    for stage in method.stages:
        yield from ((f"the stage {stage.code}", code) for code in stage.milestones)
    for period in method.periods:
        yield from ((f"the period {period.start} – {period.end}", code) for code in (period.start, period.end))
    yield from ((f"the envelope {envelope.code}", envelope.opens_at) for envelope in method.envelopes)
    yield from ((f"the document {document.code}", document.moment) for document in method.documents)
    yield from ((f"the milestone {m.code}", m.editable_until) for m in method.milestones if m.editable_until)
    if method.amendments:
        yield "the window of amendments", method.amendments.until
    if method.mipyme_limitation:
        yield "the limitation to Mipyme", method.mipyme_limitation.requested_until
    if method.evaluation.curable_until:
        yield "the term for mending offers", method.evaluation.curable_until
    if method.extension:
        yield from (("the extension", code) for code in (method.extension.start, method.extension.end))
    if method.draw:
        yield "the draw", method.draw.held_at


def _bad_times(method: Method) -> Iterator[str]:
    for milestone in method.milestones:
        times = (milestone.time, *(milestone.between or ()))
        yield from (f"{milestone.code}: {text} is not an hour (HH:MM)" for text in times if not TIME.fullmatch(text))
        if milestone.between and not milestone.between[0] <= milestone.time < milestone.between[1]:
            yield f"{milestone.code}: the proposed hour is outside its own hours"
        if milestone.between and not (milestone.hours_legal_basis or milestone.hours_advice):
            yield f"{milestone.code}: hours without a legal basis must be advice"


def _bad_periods(method: Method) -> Iterator[str]:
    for period in method.periods:
        name = f"the period {period.start} – {period.end}"
        limits = [
            period.at_least_business_days,
            period.at_most_business_days,
            period.at_least_calendar_days,
            period.at_most_calendar_days,
        ]
        if all(limit is None for limit in limits):
            yield f"{name} has no limit"
        if any(limit is not None and limit < 0 for limit in limits):
            yield f"{name} counts backwards"
        if period.advice and period.reason is None:
            yield f"{name} is advice without a reason"
    try:
        method.in_order()
    except CycleError:
        yield "the periods run in a circle"
    except KeyError:
        pass  # an unknown milestone, already told


def _bad_rules(method: Method, ladders: frozenset[str]) -> Iterator[str]:
    if method.evaluation.ties and method.evaluation.ties not in ladders:
        yield f"there is no ladder {method.evaluation.ties}"
    if method.flags.tie_ladder != bool(method.evaluation.ties):
        yield "the flag tie_ladder and the evaluation's ladder disagree"
    if method.flags.mipyme_limitation != (method.mipyme_limitation is not None):
        yield "the flag mipyme_limitation and its table disagree"
    if method.has_bidding != bool(method.envelopes):
        yield "a bidding stage needs an envelope, and only it"
    if method.flags.draw != (method.draw is not None):
        yield "the flag draw and its table disagree"
    if ("publication" in method.kinds) != (method.publication_only is not None):
        yield "the stages of a publication and its table disagree"
    yield from _bad_stages(method)
    yield from _bad_openings(method)
    if method.in_force_until and method.in_force_until <= method.in_force_from:
        yield "it ends before it begins"


def _bad_openings(method: Method) -> Iterator[str]:
    for moment in method.opening_moments:
        whose = {envelope.opens_for for envelope in method.envelopes if envelope.opens_at == moment}
        if len(whose) > 1:
            yield f"the envelopes that open at {moment} open for different offers"
        reported = any(m.act == "report" for m in method.milestones[: _place(method, moment)])
        if whose != {"all"} and not reported:
            yield f"what opens at {moment} opens for some offers only, and no report comes before it"


def _place(method: Method, milestone: str) -> int:
    return [m.code for m in method.milestones].index(milestone)


def _bad_stages(method: Method) -> Iterator[str]:
    codes = [stage.code for stage in method.stages]
    yield from (f"the stage {code} is there twice" for code in sorted({c for c in codes if codes.count(c) > 1}))
    for stage in method.stages:
        if stage.is_bidding != (stage.kind in OFFERING):
            yield f"the stage {stage.code} is of the kind {stage.kind}, and a bidding stage is one that takes offers"
        yield from (f"the stage {stage.code} leads to {code}, which is not there" for code in {*stage.next} - {*codes})
        if stage.ends and stage.next:
            yield f"the stage {stage.code} ends the process and leads on"
    flagged = {"interested": "expressions_of_interest", "listed": "prequalification", "invited": "invitations"}
    for stage in method.stages:
        flag = flagged.get(stage.offers_from)
        if flag and not getattr(method.flags, flag):
            yield f"the stage {stage.code} takes offers from those {stage.offers_from}, and the flag {flag} is off"
