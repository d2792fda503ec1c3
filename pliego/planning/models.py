"""The annual plan, its lines as they are being edited, and each version as it was published."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.codelists.words import fold
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import MoneyProperty, amount_field, currency_field
from pliego.methods import catalogue
from pliego.planning.states import LOAD, PLAN

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
    """What an entity intends to buy in one year. `version` is the last published one; 0 is none yet.

    `edits` counts the changes to its lines, so that a file read before one of them is compared again.
    """

    code = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=PLAN.initial, choices=PLAN.choices)
    version = models.PositiveIntegerField(default=0)
    edits = models.PositiveIntegerField(default=0)
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

    def with_words(self, words: str) -> "LineQuerySet":
        """Those whose description has every word, whatever its accents and capitals."""
        bare = Func(Lower("description"), Value("áéíóúüàèìòùâêîôûñ"), Value("aeiouuaeiouaeioun"), function="translate")
        rows = self.annotate(bare=bare) if words.strip() else self
        for word in fold(words).replace("ñ", "n").split():
            rows = rows.filter(bare__contains=word)
        return rows

    def incomplete(self) -> "LineQuerySet":
        """Those that lack something to be published: the same that `rules.missing_of` says of each."""
        lacks = Q(unspsc=[]) | Q(description__regex=r"^\s*$")
        empty = Q(method="") | Q(funding_source="")
        for name in ("start_month", "bids_month", "duration", "total_amount", "budget_amount"):
            empty |= Q(**{f"{name}__isnull": True})
        return self.filter(lacks | Q(kind=Kind.ACQUISITION) & empty)


class PlanLine(models.Model):
    """One intended purchase. A line keeps its number for ever; `published_in` is the first version that had it.

    `published` is what the last version said of it: the only words of a line that others than its entity may read.
    `revision` counts its changes, so that two people who edit it at once do not overwrite each other.
    """

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
    published = models.JSONField(null=True)
    dropped_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

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

    @property
    def public_description(self) -> str:
        """What the world may read of the line, whatever is being drafted."""
        return str(self.published["description"]) if self.published else ""


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


class VersionSheet(models.Model):
    """The workbook of a large version, made once by a job (`sheets`). It can be thrown away: it is made again."""

    version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="sheet")
    content = models.BinaryField(null=True)
    touched_at = models.DateTimeField()  # when its job was queued
    tries = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(content__isnull=True, made_at__isnull=True)
                | Q(content__isnull=False, made_at__isnull=False),
                name="planning_sheet_is_made_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} xlsx"


class LoadQuerySet(models.QuerySet["Load"]):
    def visible_to(self, actor: Actor) -> "LoadQuerySet":
        """A file that is being read is its account's (policy: LoadAct.VIEW)."""
        return self.filter(plan__account_id=actor.account_id or 0)


class Load(models.Model):
    """A file, or rows that were pasted, on its way into a plan. Nothing of the plan changes until it is applied."""

    code = models.CharField(max_length=20, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loads")
    state = models.CharField(max_length=10, default=LOAD.initial, choices=LOAD.choices)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    heading = models.JSONField(default=list)  # of the file, as it had it
    ignored = models.JSONField(default=list)  # headings that are no column of a plan
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    refusal = models.TextField(blank=True)  # why nothing could be read, or why it has to be looked at again
    plan_edits = models.PositiveIntegerField(default=0)  # the plan that it was compared with
    counts = models.JSONField(default=dict)  # of rows by what they change
    drops_missing = models.BooleanField(default=False)
    skips_wrong = models.BooleanField(default=False)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    mandate = models.CharField(max_length=30, blank=True)  # the delegation under which it was sent or ordered
    touched_at = models.DateTimeField()  # by the job that is at it
    applied_at = models.DateTimeField(null=True)

    objects: ClassVar = LoadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("planning:load", args=[self.plan.year, self.code])


class Change(models.TextChoices):
    """What a row of a file does to the plan."""

    WRONG = "wrong", _("With errors")
    ADDED = "added", _("New line")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")
    MISSING = "missing", _("In the plan and not in the file")


class LoadRow(models.Model):
    """A row of a file: as it was, what was understood, what is wrong, and what it changes in its line of the plan."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()  # the line of the file; after the last for what the file lacks
    number = models.PositiveIntegerField(null=True)
    change = models.CharField(max_length=8, choices=Change)
    title = models.CharField(max_length=500)
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)  # [column, sentence]
    differences = models.JSONField(default=list)  # [column, before, after]

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["load", "position"], name="planning_one_row_per_position")
        ]
        indexes: ClassVar = [models.Index(fields=["load", "change", "position"], name="planning_row_by_change")]

    def __str__(self) -> str:
        return f"{self.load_id} {self.position}"
