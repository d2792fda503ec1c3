"""What a procurement method is: the shape of one file of the catalogue.

Guarantees: a loaded method is consistent. Every name it uses exists, every milestone is bound by some rule, its rules
do not run in circles, and no key of the file was ignored.
"""

import re
from collections.abc import Iterator
from datetime import date
from datetime import time as Hour
from graphlib import CycleError, TopologicalSorter
from typing import Literal

import msgspec
from django.utils.translation import get_language

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class BadMethod(ValueError):
    """A file of the catalogue contradicts itself. Pliego does not start with one."""


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Words(Base, frozen=True, kw_only=True):
    """The same words in both languages of the site; `str()` gives the reader's."""

    es: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "es").startswith("en") else self.es


class Flags(Base, frozen=True, kw_only=True):
    """What else this method may have."""

    lots: bool = False
    auction: bool = False
    expressions_of_interest: bool = False
    prequalification: bool = False
    draw: bool = False
    mipyme_limitation: bool = False
    tie_ladder: bool = False
    invitations: bool = False


class Stage(Base, frozen=True, kw_only=True):
    """A part of the process. `literal` is how the official open data call its phase."""

    code: str
    title: Words
    literal: str
    milestones: tuple[str, ...]
    is_bidding: bool = False


class Milestone(Base, frozen=True, kw_only=True):
    """A date of the schedule.

    `editable_until` names the milestone after which an amendment can no longer move this one ("" is never editable
    once published). `time` is the hour proposed. `between` are the hours of the day in which it must fall.
    """

    code: str
    title: Words
    editable_until: str = ""
    is_required: bool = True
    time: str = "16:00"
    between: tuple[str, str] | None = None
    on_business_day: bool = True
    hours_legal_basis: str = ""
    hours_advice: bool = False

    @property
    def proposed_time(self) -> Hour:
        return Hour.fromisoformat(self.time)


class Period(Base, frozen=True, kw_only=True):
    """How far `end` must or may be from `start`.

    Business days are counted as the law counts them: the day of `start` does not count, the last day does. Zero means
    "not before". `to_the_hour` also compares the hour on the last day. A rule marked `advice` warns; the others block.
    """

    start: str
    end: str
    legal_basis: str
    at_least_business_days: int | None = None
    at_most_business_days: int | None = None
    at_least_calendar_days: int | None = None
    at_most_calendar_days: int | None = None
    suggested_business_days: int = 0
    to_the_hour: bool = False
    advice: bool = False
    reason: Words | None = None

    @property
    def has_minimum(self) -> bool:
        return self.at_least_business_days is not None or self.at_least_calendar_days is not None


class Envelope(Base, frozen=True, kw_only=True):
    code: str
    title: Words
    opens_at: str


class RequiredDocument(Base, frozen=True, kw_only=True):
    """A document that must exist by the milestone `moment`. `generated` ones are made by the platform itself."""

    code: str
    title: Words
    moment: str
    audience: Literal["public", "participants", "account"]
    legal_basis: str
    is_required: bool = True
    generated: bool = False
    advice: bool = False


class Causal(Base, frozen=True, kw_only=True):
    """A ground on which the law lets the entity use this method. `justification` says which act must state it."""

    code: str
    title: Words
    legal_basis: str
    justification: Literal["act", "declaration", "none"]
    advice: bool = False


class LowPrice(Base, frozen=True, kw_only=True):
    """When a price looks artificially low. It never rejects by itself: the bidder is asked to explain."""

    statistics_from_offers: int
    deviations_below_median: str
    percent_below_estimate: str
    legal_basis: str
    advice: bool = True


class EvaluationRule(Base, frozen=True, kw_only=True):
    rule: Literal["lowest_price_that_complies", "direct"]
    legal_basis: str
    ties: str = ""
    low_price: LowPrice | None = None


class MipymeLimitation(Base, frozen=True, kw_only=True):
    requests_at_least: int
    requested_until: str
    below_usd: int
    legal_basis: str
    advice: bool = True


class AmendmentWindow(Base, frozen=True, kw_only=True):
    """When amendments may be published."""

    until: str
    between: tuple[str, str]
    on_business_day: bool
    legal_basis: str


class Guarantees(Base, frozen=True, kw_only=True):
    required: bool
    legal_basis: str


class PublicationRule(Base, frozen=True, kw_only=True):
    """An act that must be public at most so many days after it was done."""

    act: str
    legal_basis: str
    at_most_business_days: int
    advice: bool = False


class Method(Base, frozen=True, kw_only=True):
    code: str
    version: str
    title: Words
    summary: Words
    literal: str
    ocds_method: Literal["open", "selective", "limited", "direct"]
    legal_basis: str
    in_force_from: date
    in_force_until: date | None = None
    flags: Flags
    evaluation: EvaluationRule
    guarantees: Guarantees
    stages: tuple[Stage, ...] = msgspec.field(name="stage")
    milestones: tuple[Milestone, ...] = msgspec.field(name="milestone")
    periods: tuple[Period, ...] = msgspec.field(name="period")
    envelopes: tuple[Envelope, ...] = msgspec.field(name="envelope", default=())
    documents: tuple[RequiredDocument, ...] = msgspec.field(name="document", default=())
    causals: tuple[Causal, ...] = msgspec.field(name="causal", default=())
    publication: tuple[PublicationRule, ...] = msgspec.field(name="publication", default=())
    amendments: AmendmentWindow | None = None
    mipyme_limitation: MipymeLimitation | None = None

    @property
    def has_bidding(self) -> bool:
        return any(stage.is_bidding for stage in self.stages)

    @property
    def start(self) -> Milestone:
        """The publication, from which every term runs."""
        return self.milestones[0]

    def milestone(self, code: str) -> Milestone:
        return next(milestone for milestone in self.milestones if milestone.code == code)

    def has_milestone(self, code: str) -> bool:
        return any(milestone.code == code for milestone in self.milestones)

    def causal(self, code: str) -> Causal | None:
        return next((causal for causal in self.causals if causal.code == code), None)

    def stage_of(self, milestone: str) -> Stage:
        return next(stage for stage in self.stages if milestone in stage.milestones)

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_until is None or on < self.in_force_until)

    def in_order(self) -> list[Milestone]:
        """The milestones with each after those that its rules count from."""
        before: dict[str, set[str]] = {milestone.code: set() for milestone in self.milestones}
        for period in self.periods:
            before[period.end].add(period.start)
        named = {milestone.code: milestone for milestone in self.milestones}
        return [named[code] for code in TopologicalSorter(before).static_order()]


class Rung(Base, frozen=True, kw_only=True):
    """One step of a tie-break ladder, applied in order."""

    number: int
    title: Words
    legal_basis: str
    is_random: bool = False


class Ladder(Base, frozen=True, kw_only=True):
    code: str
    legal_basis: str
    advice: bool
    rungs: tuple[Rung, ...] = msgspec.field(name="rung")


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
    if method.in_force_until and method.in_force_until <= method.in_force_from:
        yield "it ends before it begins"
