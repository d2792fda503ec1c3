"""The evaluation of one process: what was found in each offer, the reports, and what people observed on them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pliego.evaluation import mending
from pliego.evaluation.states import EVALUATION
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import MoneyProperty, amount_field, currency_field
from pliego.kernel.objections import Text
from pliego.tendering.halts import prolonged

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
DUE = "observations_due"
EMPTY, NOTHING = models.Value({}, models.JSONField()), models.Value([], models.JSONField())


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, actor: Actor) -> "EvaluationQuerySet":
        """The buyer's own people from the start; everybody once a report was published (policy: Act.VIEW)."""
        if actor.is_system:
            return self.all()
        seen = Q(first_reported_at__isnull=False)
        if actor.account_id is not None and actor.roles:
            seen |= Q(tender__buyer_id=actor.account_id)
        return self.filter(seen)


class Evaluation(models.Model):
    """Born by itself when the offers are opened."""

    tender = models.OneToOneField("tendering.Tender", PROTECT, related_name="evaluation")
    state = models.CharField(max_length=12, choices=EVALUATION.choices, default=EVALUATION.initial)
    created_at = models.DateTimeField()
    first_reported_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    exchange_rate = models.DecimalField(max_digits=12, decimal_places=4, null=True)  # draws the formula of the price
    exchange_source = models.CharField(max_length=300, blank=True, default="", db_default="")

    receipt: "Entry | None" = None
    objects: ClassVar = EvaluationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.tender_id} {self.state}"

    @property
    def file(self) -> str:
        return self.tender.ocid

    @property
    def state_title(self) -> Any:
        return EVALUATION.label(self.state)

    @property
    def buyer_id(self) -> int:
        return self.tender.buyer_id

    @property
    def last_report(self) -> "Report | None":
        return self.reports.order_by("-number").first()

    @property
    def observations_due_at(self) -> datetime | None:
        """When observations on the published report end; None while there is no report."""
        report = self.last_report
        if report is None:
            return None
        return prolonged(self.tender.suspensions.all(), report.observations_due_at, report.published_at)


class Assessment(models.Model):
    """One opened offer under evaluation. `complies` is None until somebody has assessed it."""

    evaluation = models.ForeignKey(Evaluation, PROTECT, related_name="assessments")
    bid = models.OneToOneField("bidding.Bid", PROTECT, related_name="assessment")
    complies = models.BooleanField(null=True)
    offered_amount = amount_field(null=True)  # the total that the offer announces
    price_amount = amount_field(null=True)  # the total computed from its lines
    price_currency = currency_field()
    price_is_sealed = models.BooleanField(default=False)  # its envelope opens after the report, or never
    price_faults = models.JSONField(default=list)  # lines whose arithmetic or presence is wrong
    low_price = models.JSONField(default=dict)  # why the price looks artificially low, when it does
    explanation = models.TextField(max_length=4000, blank=True)  # what the committee concluded on it
    fined = models.TextField(max_length=2000, blank=True, default="", db_default="")  # for what, in the last year
    rank = models.PositiveIntegerField(null=True)
    note = models.TextField(max_length=4000, blank=True)
    assessed_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    assessed_at = models.DateTimeField(null=True)

    price = MoneyProperty("price")
    offered = MoneyProperty("offered")
    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(complies__isnull=True) | Q(assessed_at__isnull=False),
                name="evaluation_assessed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(complies=True) | Q(price_amount__isnull=False) | Q(price_is_sealed=True),
                name="evaluation_complying_has_a_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.bid_id}"

    @property
    def has_winning_price(self) -> bool:
        """Whether it complies and everybody has seen its price."""
        return bool(self.complies) and not self.price_is_sealed

    @property
    def offered_currency(self) -> str:
        return self.price_currency


class LotAssessment(models.Model):
    """What an offer comes to in one of its lots: its price there, and whether the lot can be awarded to it."""

    assessment = models.ForeignKey(Assessment, PROTECT, related_name="lots")
    number = models.PositiveIntegerField()
    complies = models.BooleanField(null=True)
    price_amount = amount_field(null=True)
    price_currency = currency_field()
    price_faults = models.JSONField(default=list)
    low_price = models.JSONField(default=dict)
    rank = models.PositiveIntegerField(null=True)

    price = MoneyProperty("price")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="evaluation_one_assessment_per_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.number}"


class Finding(models.Model):
    """Whether one offer meets one requirement, and why not when it does not."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    item = models.ForeignKey("tendering.QuestionnaireItem", PROTECT, related_name="+")
    complies = models.BooleanField()
    reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["item__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "item"], name="evaluation_one_finding_per_item"),
            models.CheckConstraint(condition=Q(complies=True) | ~Q(reason=""), name="evaluation_refusals_have_reasons"),
        ]


class Score(models.Model):
    """What one member thinks that an offer deserves in a factor. It may be given anew until the report."""

    assessment = models.ForeignKey(Assessment, PROTECT, related_name="scores")
    factor = models.PositiveIntegerField()  # its number in the criteria of the pliego
    member = models.ForeignKey(PERSON, PROTECT, related_name="+")
    points = models.DecimalField(max_digits=9, decimal_places=4)
    reason = models.TextField(max_length=2000, blank=True)
    scored_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["factor", "member_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "factor", "member"], name="evaluation_one_score_per_member"),
            models.CheckConstraint(condition=Q(points__gte=0), name="evaluation_score_not_negative"),
        ]


class AgreedScore(models.Model):
    """What all agreed that an offer deserves in a factor; of workers with a disability, how many there are."""

    assessment = models.ForeignKey(Assessment, PROTECT, related_name="agreed")
    factor = models.PositiveIntegerField()
    points = models.DecimalField(max_digits=9, decimal_places=4)
    staff = models.PositiveIntegerField(null=True)
    with_disability = models.PositiveIntegerField(null=True)
    reason = models.TextField(max_length=2000, blank=True)
    agreed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["factor"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "factor"], name="evaluation_one_agreed_score"),
            models.CheckConstraint(condition=Q(points__gte=0), name="evaluation_agreed_not_negative"),
        ]


class PriceAgreement(models.Model):
    """What was agreed with the offer that was called, where its price is negotiated: it is what is awarded."""

    call = models.OneToOneField("bidding.BidCall", PROTECT, related_name="agreement")
    value_amount = amount_field()
    value_currency = currency_field()
    minutes = models.TextField(max_length=8000)
    agreed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    value = MoneyProperty("value")
    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value_amount__gt=0), name="evaluation_agreed_price_is_positive")
        ]


class Report(models.Model):
    """A published report: the ranking as it was then, and until when it may be observed."""

    evaluation = models.ForeignKey(Evaluation, PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    ranking = models.JSONField()
    record = models.JSONField(
        default=dict, db_default=EMPTY
    )  # all that the ranking was computed from: `recount.py` makes it again
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    observations_due_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_report_per_number"),
            models.CheckConstraint(
                condition=Q(observations_due_at__gt=models.F("published_at")), name="evaluation_observations_have_time"
            ),
        ]


class ReportObservation(models.Model):
    """What somebody observed on a report, and the entity's answer. Both are public from the moment they exist."""

    evaluation = models.ForeignKey(Evaluation, PROTECT, related_name="observations")
    report = models.ForeignKey(Report, PROTECT, related_name="observations")
    number = models.PositiveIntegerField()
    account = models.ForeignKey("parties.Account", PROTECT, null=True, related_name="+")
    author = models.ForeignKey(PERSON, PROTECT, related_name="+")
    author_name = models.CharField(max_length=250)
    text = models.TextField(max_length=4000)
    made_at = models.DateTimeField()
    answer = models.TextField(max_length=8000, blank=True)
    answered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_observation_per_number"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="evaluation_answers_have_words"
            ),
        ]


class BidRequest(models.Model):
    """What the entity asked of a bidder, the answer, and what was made of it. All of it is public."""

    evaluation = models.ForeignKey(Evaluation, PROTECT, related_name="requests")
    assessment = models.ForeignKey(Assessment, PROTECT, related_name="requests")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)  # of mending.KINDS
    item = models.ForeignKey("tendering.QuestionnaireItem", PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=4000)
    asked_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(max_length=8000, blank=True)
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    decision = models.TextField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_request_per_number"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("asked_at")), name="evaluation_request_has_time"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(decision=""), name="evaluation_request_decided_with_reason"
            ),
        ]

    @property
    def supplier_id(self) -> int:
        return self.assessment.bid.supplier_id

    @property
    def kind_title(self) -> Text:
        return mending.KINDS[self.kind]

    @property
    def ends_at(self) -> datetime:
        """Until when it may be answered; a suspension of the process prolongs it."""
        return prolonged(self.evaluation.tender.suspensions.all(), self.due_at, self.asked_at)


class TieBreak(models.Model):
    """How offers of equal price were put in order: which rung of the ladder decided, why, and for whom."""

    evaluation = models.ForeignKey(Evaluation, PROTECT, related_name="tie_breaks")
    lot = models.PositiveIntegerField(null=True)  # of which lot, where the process has them
    ladder = models.CharField(max_length=60)
    rung = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=200)
    bids = ArrayField(models.CharField(max_length=24))  # the codes of the tied offers, in their new order
    reason = models.TextField(max_length=4000)
    steps = models.JSONField(default=list, db_default=NOTHING)  # [{"rung", "favoured", "evidence"}], from the first one
    seed = models.CharField(max_length=64, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]


append_only("evaluation.Report")
append_only("evaluation.TieBreak")
append_only("evaluation.PriceAgreement")
