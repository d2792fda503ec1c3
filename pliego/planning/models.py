"""The annual plan, its lines as they are being edited, and each version as it was published."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import MoneyProperty, amount_field, currency_field
from pliego.methods import catalogue
from pliego.planning.states import PLAN

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: Actor) -> "PlanQuerySet":
        """A plan once published is everybody's; a first draft is its account's (policy: Act.VIEW)."""
        if actor.is_system or actor.platform_roles:
            return self.all()
        public = Q(version__gte=1)
        return self.filter(public | Q(account_id=actor.account_id) if actor.account_id is not None else public)

    def published(self) -> "PlanQuerySet":
        return self.filter(version__gte=1)


class Plan(models.Model):
    """What an entity intends to buy in one year. `version` is the last published one; 0 is none yet."""

    code = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=PLAN.initial, choices=PLAN.choices)
    version = models.PositiveIntegerField(default=0)
    mission = models.TextField(max_length=2000, blank=True)
    strategy = models.TextField(max_length=2000, blank=True)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    minor_limit_amount = amount_field(null=True)
    minor_limit_currency = currency_field()
    minimum_limit_amount = amount_field(null=True)
    minimum_limit_currency = currency_field()
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, null=True, related_name="plans")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    minor_limit = MoneyProperty("minor_limit")
    minimum_limit = MoneyProperty("minimum_limit")
    receipt: "Entry | None" = None
    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "year"], name="planning_one_plan_per_year"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="planning_year_is_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft", version=0) | Q(~Q(state="draft"), version__gte=1),
                name="planning_version_follows_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("planning:public", args=[self.account.code, self.year])

    @property
    def file(self) -> str:
        """The ledger file of the plan is the account's."""
        return f"cuenta:{self.account.code}"

    @property
    def about(self) -> str:
        return f"{self.code} {self.year}"

    @property
    def state_label(self) -> str:
        return str(PLAN.label(self.state))


class Kind(models.TextChoices):
    ACQUISITION = "acquisition", _("Acquisition")
    NEED = "need", _("Need without a defined solution")


class Funding(models.TextChoices):
    """Where the money comes from: the six sources of the official plan."""

    NATION = "nation", _("National general budget (PGN)")
    TRANSFERS = "transfers", _("General system of transfers (SGP)")
    ROYALTIES = "royalties", _("General system of royalties (SGR)")
    OWN = "own", _("Own resources")
    CREDIT = "credit", _("Credit resources")
    OTHER = "other", _("Other resources")


class DurationUnit(models.TextChoices):
    DAYS = "days", _("Days")
    WEEKS = "weeks", _("Weeks")
    MONTHS = "months", _("Months")
    YEARS = "years", _("Years")


class FutureBudget(models.TextChoices):
    """Vigencias futuras: whether later years' budgets are committed, and how far the request is."""

    NO = "no", _("None are needed")
    NOT_REQUESTED = "not_requested", _("Needed, not asked for yet")
    REQUESTED = "requested", _("Asked for")
    APPROVED = "approved", _("Authorised")


class LineQuerySet(models.QuerySet["PlanLine"]):
    def standing(self) -> "LineQuerySet":
        """The lines that have not been dropped."""
        return self.filter(dropped_at__isnull=True)


class PlanLine(models.Model):
    """One intended purchase. A line keeps its number for ever; `published_in` is the first version that had it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ACQUISITION)
    unspsc = ArrayField(models.CharField(max_length=8), default=list)
    description = models.CharField(max_length=500)
    start_month = models.PositiveSmallIntegerField(null=True)
    bids_month = models.PositiveSmallIntegerField(null=True)
    duration = models.PositiveSmallIntegerField(null=True)
    duration_unit = models.CharField(max_length=6, choices=DurationUnit, default=DurationUnit.MONTHS)
    method = models.CharField(max_length=60, blank=True)
    funding_source = models.CharField(max_length=12, choices=Funding, blank=True)
    total_amount = amount_field(null=True)
    total_currency = currency_field()
    budget_amount = amount_field(null=True)
    budget_currency = currency_field()
    future_budget = models.CharField(max_length=14, choices=FutureBudget, default=FutureBudget.NO)
    unit = models.ForeignKey("parties.ContractingUnit", on_delete=models.PROTECT, null=True, related_name="+")
    municipality = models.CharField(max_length=5, blank=True)
    responsible_name = models.CharField(max_length=200, blank=True)
    responsible_phone = models.CharField(max_length=20, blank=True)
    responsible_email = models.EmailField(max_length=254, blank=True)
    published_in = models.PositiveIntegerField(null=True)
    dropped_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    total = MoneyProperty("total")
    budget = MoneyProperty("budget")
    objects: ClassVar = LineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="planning_one_line_per_number"),
            models.CheckConstraint(
                condition=Q(start_month__range=(1, 12)) | Q(start_month__isnull=True), name="planning_start_is_a_month"
            ),
            models.CheckConstraint(
                condition=Q(bids_month__range=(1, 12)) | Q(bids_month__isnull=True), name="planning_bids_is_a_month"
            ),
            models.CheckConstraint(
                condition=Q(total_amount__gte=0) | Q(total_amount__isnull=True), name="planning_total_not_negative"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "method"], name="planning_line_by_method")]

    def __str__(self) -> str:
        return f"{self.number}. {self.description}"

    @property
    def method_title(self) -> str:
        return catalogue.title(self.method) if self.method else ""


class PlanVersion(models.Model):
    """The plan as it was published: never changed afterwards. `snapshot` holds header and lines."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    lines_count = models.PositiveIntegerField()
    total_amount = amount_field()
    total_currency = currency_field()
    snapshot = models.JSONField()

    total = MoneyProperty("total")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="planning_one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


append_only("planning.PlanVersion")
