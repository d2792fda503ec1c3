"""What a procurement method is: the shape of one file of the catalogue.

Guarantees: a loaded method is consistent. Every name it uses exists, every milestone is bound by some rule, its rules
do not run in circles, and no key of the file was ignored.
"""

import re
from datetime import date
from datetime import time as Hour
from graphlib import TopologicalSorter
from typing import Literal

import msgspec
from django.utils.translation import get_language

# What is done in a stage.
StageKind = Literal[
    "draft",  # observations on the draft pliego
    "prequalification",  # suppliers ask to be on the list of those who may offer
    "interest",  # expressions of interest
    "draw",  # too many are interested: chance decides who stays
    "offers",
    "information",  # answers that are information: nothing is awarded
    "evaluation",
    "auction",
    "award",
    "direct",  # somebody is contracted without offers
    "publication",  # what happens elsewhere is only published here
]
OFFERING = frozenset({"offers", "information"})
# The stages that an act of the entity opens; the others begin with the opening of the offers or with the award.
OPENED_BY_ACT = frozenset({"draft", "prequalification", "interest", "draw", "offers", "information", "publication"})
# The act that reaches a milestone, or the term that ends with it.
MilestoneAct = Literal[
    "publish", "ask", "limit", "notify", "advance", "express", "apply", "list", "draw", "visit", "hold", "amend", "bid",
    "open", "report", "observe", "auction", "award", "sign",
]  # fmt: skip

OFFER = re.compile(r"\b([Oo]ferta|[Oo]ffer)(?=s?\b)")

Whose = Literal["all", "fit", "first"]  # the offers of which an envelope is opened


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
    invitations: bool = False  # nobody else takes part: without them it cannot be published
    may_invite: bool = False  # anybody may take part, and the entity may tell some by name
    publicity: bool = False  # the entity says whether it uses the module to publish only (special regime)

    @property
    def invites(self) -> bool:
        """Whether the entity names suppliers in it."""
        return self.invitations or self.may_invite


class Stage(Base, frozen=True, kw_only=True):
    """A part of the process. `literal` is how the official open data call its phase.

    `next` are the stages that may follow it: the one written after it, when nothing is said. `offers_from` says whose
    offers are taken. A stage that `ends` closes the process as finished or as cancelled.
    """

    code: str
    title: Words
    literal: str
    kind: StageKind
    milestones: tuple[str, ...] = ()
    is_bidding: bool = False
    next: tuple[str, ...] = ()
    offers_from: Literal["anyone", "interested", "listed", "invited"] = "anyone"
    ends: Literal["", "finished", "cancelled"] = ""


class Milestone(Base, frozen=True, kw_only=True):
    """A date of the schedule.

    `editable_until` names the milestone after which an amendment can no longer move this one ("" is never editable
    once published). `time` is the hour proposed. `between` are the hours of the day in which it must fall. A hearing is
    held in public and leaves minutes.
    """

    code: str
    title: Words
    act: MilestoneAct
    editable_until: str = ""
    is_required: bool = True
    is_hearing: bool = False
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
    """What is opened together. `holds` says what its questions may ask; each envelope opens at a milestone. `opens_for`
    says of whose offers: of all, of those that the report found fit, or of the first in the order and of the next one
    when the one before it does not go on. What is not opened stays sealed for ever.
    """

    code: str
    title: Words
    opens_at: str
    holds: Literal["all", "requirements", "qualities", "price"] = "all"
    opens_for: Whose = "all"
    legal_basis: str = ""


class Opening(Base, frozen=True, kw_only=True):
    """The envelopes that are opened at one moment. `after`: the acts that come before it, besides the hour. `by_call`:
    those of one offer after the other, as the entity calls them; those of the offers not called stay sealed. `of_fit`:
    those of the offers that comply in the published report; those of the others stay sealed.
    """

    moment: str
    envelopes: tuple[str, ...]
    after: tuple[MilestoneAct, ...] = ()
    by_call: bool = False
    of_fit: bool = False


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
    """How the award is decided. What gives no points may be mended until `curable_until`. `alone_legal_basis`: the only
    offer that complies may be awarded without what the rule compares, within the budget.
    """

    rule: Literal[
        "lowest_price_that_complies", "direct", "points", "quality_then_price", "lowest_bid", "highest_bid",
        "own_manual", "none",
    ]  # fmt: skip
    legal_basis: str
    curable_until: str = ""
    curable_legal_basis: str = ""
    ties: str = ""
    low_price: LowPrice | None = None
    alone_legal_basis: str = ""


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


class Extension(Base, frozen=True, kw_only=True):
    """How much later than first fixed a term may end: so many hundredths of its business days."""

    start: str
    end: str
    at_most_percent: int
    legal_basis: str


class Draw(Base, frozen=True, kw_only=True):
    """Where more than so many are interested, chance decides who stays. Only where the pliego foresees it."""

    more_than: int
    stay_at_least: int
    held_at: str
    legal_basis: str


class Guarantees(Base, frozen=True, kw_only=True):
    """Whether the contract must be guaranteed; `deposit_percent` is what bidders leave of the minimum price, and
    `trust_for_advance` in which contracts an advance is handled by a trust (Ley 1474 de 2011, art. 91)."""

    required: bool
    legal_basis: str
    deposit_percent: int | None = None
    trust_for_advance: Literal["works", "always", "never"] = "works"
    advice: bool = False


class PublicationOnly(Base, frozen=True, kw_only=True):
    """What is contracted elsewhere and only published here: its series of numbers, and the names of its drafts."""

    series: str
    draft_literal: str
    discarded_literal: str
    legal_basis: str


class PublicationRule(Base, frozen=True, kw_only=True):
    """An act that must be public at most so many days after it was done."""

    act: str
    legal_basis: str
    at_most_business_days: int
    advice: bool = False


class Panel(Base, frozen=True, kw_only=True):
    """Who may be appointed to evaluate. Where it `is_required`, nothing is reported before `at_least` so many members
    serve. Terms in business days: a recused member answers, and the impediment or recusal is decided."""

    kind: Literal["committee", "jury", "evaluator"]
    legal_basis: str
    at_least: int = 1
    is_required: bool = False
    answer_days: int
    decide_days: int
    recusal_legal_basis: str
    advice: bool = True


class Wording(Base, frozen=True, kw_only=True):
    """What a method calls what others call offers and evaluation; what it does not say is as everywhere."""

    offer: Words | None = None  # in our sentences, by `called`; in Spanish a feminine noun, as the one it stands for
    closed: Words | None = None  # the state once offers are no longer received, on the pages of everybody and the desk
    offers: Words | None = None
    offer_of: Words | None = None
    bidder: Words | None = None
    contents: Words | None = None
    until: Words | None = None
    time_left: Words | None = None
    on_time: Words | None = None
    requirement: Words | None = None
    may_offer: Words | None = None
    must_open: Words | None = None
    received: Words | None = None  # the page of the desk

    def called(self, sentence: object) -> str:
        """That sentence of ours with the word of this method for an offer."""
        if self.offer is None:
            return str(sentence)
        own = str(self.offer)
        return OFFER.sub(lambda said: own.capitalize() if said[0][0].isupper() else own, str(sentence))


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
    only_for: tuple[str, ...] = ()  # types of entity, when the method is not for every entity
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
    extension: Extension | None = None
    draw: Draw | None = None
    publication_only: PublicationOnly | None = None
    panel: Panel | None = None
    words: Wording = Wording()

    @property
    def has_bidding(self) -> bool:
        return any(stage.is_bidding for stage in self.stages)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of thing that are done in it."""
        return frozenset(stage.kind for stage in self.stages)

    def is_for(self, entity_type: str) -> bool:
        """Whether an entity of that type may use it."""
        return not self.only_for or entity_type in self.only_for

    @property
    def opening_moments(self) -> tuple[str, ...]:
        """The milestones at which envelopes are opened, in order."""
        found = {envelope.opens_at for envelope in self.envelopes}
        return tuple(milestone.code for milestone in self.milestones if milestone.code in found)

    @property
    def openings(self) -> tuple[Opening, ...]:
        """What is opened at each of those moments, and of whose offers."""
        return tuple(self._opening(moment, is_first=not number) for number, moment in enumerate(self.opening_moments))

    def _opening(self, moment: str, *, is_first: bool) -> Opening:
        found = [envelope for envelope in self.envelopes if envelope.opens_at == moment]
        whose = {envelope.opens_for for envelope in found}
        return Opening(
            moment=moment,
            envelopes=tuple(envelope.code for envelope in found),
            after=() if is_first else self._acts_before(moment),
            by_call="first" in whose,
            of_fit="fit" in whose,
        )

    def _acts_before(self, moment: str) -> tuple[MilestoneAct, ...]:
        """The opening and the report that must have been when that moment comes."""
        codes = [milestone.code for milestone in self.milestones]
        before = self.milestones[: codes.index(moment)]
        return tuple(dict.fromkeys(milestone.act for milestone in before if milestone.act in {"open", "report"}))

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

    def stage(self, code: str) -> Stage:
        """That stage; without a code, the first."""
        return next((stage for stage in self.stages if stage.code == code), self.stages[0])

    def stage_of(self, milestone: str) -> Stage:
        return next(stage for stage in self.stages if milestone in stage.milestones)

    def next_stages(self, code: str) -> tuple[Stage, ...]:
        """The stages that may follow that one."""
        stage = self.stage(code)
        if stage.next or stage.ends:
            return tuple(self.stage(following) for following in stage.next)
        place = self.stages.index(stage) + 1
        return self.stages[place : place + 1]

    def stages_to_open(self, code: str) -> tuple[Stage, ...]:
        """The stages that an act of the entity may open after that one."""
        return tuple(stage for stage in self.next_stages(code) if stage.kind in OPENED_BY_ACT)

    def reached_by(self, act: str, stage: Stage | None = None) -> Milestone | None:
        """The first milestone that such an act reaches, in the whole method or in one stage."""
        within = self.milestones if stage is None else [self.milestone(code) for code in stage.milestones]
        return next((milestone for milestone in within if milestone.act == act), None)

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
    """One step of a tie-break ladder, applied in order. `evidence` is what proves that an offer has it."""

    number: int
    title: Words
    legal_basis: str
    evidence: Words | None = None
    is_random: bool = False


class Ladder(Base, frozen=True, kw_only=True):
    code: str
    legal_basis: str
    advice: bool
    rungs: tuple[Rung, ...] = msgspec.field(name="rung")
