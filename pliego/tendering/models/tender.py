"""The process itself: its file, what its sections keep, who is at them, and its dates."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pliego.kernel.actors import Actor
from pliego.kernel.money import MoneyProperty, amount_field, currency_field
from pliego.ledger import witnessing
from pliego.methods import catalogue
from pliego.methods.law import Method, Stage
from pliego.planning.models import DurationUnit, Funding, PlanLine
from pliego.tendering import reinforcing
from pliego.tendering.codes import CONTRACT_TYPES, in_words
from pliego.tendering.models.opening import CustodianKey, OpeningKey
from pliego.tendering.snapshots import instants
from pliego.tendering.states import HIDDEN, RUNNING, TENDER

if TYPE_CHECKING:
    from pliego.ledger.models import Entry
    from pliego.tendering.models.amending import Suspension

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class TenderQuerySet(models.QuerySet["Tender"]):
    def public(self) -> "TenderQuerySet":
        return self.filter(published_at__isnull=False)

    def visible_to(self, actor: Actor) -> "TenderQuerySet":
        """Those that Act.VIEW allows: what was published, and everything of one's own entity."""
        seen = Q(published_at__isnull=False)
        if actor.is_system:
            return self.all()
        if actor.account_id is not None and actor.roles:
            seen |= Q(buyer_id=actor.account_id)
        return self.filter(seen)

    def of_buyer(self, account_id: int | None) -> "TenderQuerySet":
        return self.filter(buyer_id=account_id)


class Tender(models.Model):
    """A contracting process: one electronic file, from its draft to its end."""

    code = models.CharField(max_length=24, unique=True)
    ocid = models.CharField(max_length=60, unique=True)
    notice_code = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001 - born with the publication
    phase_code = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001
    reference = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=500, blank=True)
    buyer = models.ForeignKey("parties.Account", PROTECT, related_name="tenders")
    unit = models.ForeignKey("parties.ContractingUnit", PROTECT, null=True, related_name="tenders")
    team = models.ForeignKey("teams.Team", PROTECT, null=True, related_name="tenders")
    method = models.CharField(max_length=60)
    method_version = models.CharField(max_length=20)
    causal = models.CharField(max_length=60, blank=True)  # the ground of the law, where the method has several
    method_justification = models.TextField(max_length=2000, blank=True)
    plan_lines: "models.ManyToManyField[PlanLine, PlannedLine]" = models.ManyToManyField(
        "planning.PlanLine", through="tendering.PlannedLine", related_name="tenders"
    )
    plan_justification = models.TextField(max_length=2000, blank=True)
    unspsc_main = models.CharField(max_length=8, blank=True)
    unspsc_additional = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    contract_type = models.CharField(max_length=40, choices=CONTRACT_TYPES, blank=True)
    value_amount = amount_field(null=True)
    value_currency = currency_field()
    duration = models.PositiveIntegerField(null=True)
    duration_unit = models.CharField(max_length=10, choices=DurationUnit, blank=True)
    delivery_municipality = models.CharField(max_length=5, blank=True)
    delivery_address = models.CharField(max_length=200, blank=True)
    budget_certificate = models.CharField(max_length=60, blank=True)
    budget_certificate_amount = amount_field(null=True)
    funding_source = models.CharField(max_length=12, choices=Funding, blank=True)
    state = models.CharField(max_length=20, choices=TENDER.choices, default=TENDER.initial)
    suspended_from = models.CharField(
        max_length=20, blank=True, default="", db_default=""
    )  # the state to go back to while it is suspended
    stage = models.CharField(max_length=40, blank=True)  # of its method; the first one until an act opens another
    version = models.PositiveIntegerField(default=0)
    # The last version that changed what offers answer to: those presented before it wait for their owner's word.
    binding_version = models.PositiveIntegerField(default=0)
    prepared_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    # Everybody who wrote a part of it; none of them may approve it.
    authors = ArrayField(models.BigIntegerField(), default=list, blank=True)
    approved_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    returned_reasons = models.TextField(max_length=4000, blank=True)
    ended_at = models.DateTimeField(null=True)
    ending_reason = models.TextField(max_length=4000, blank=True)
    ending_basis = models.CharField(max_length=300, blank=True)
    opening_threshold = models.PositiveSmallIntegerField(default=2)
    custodian_number = models.PositiveIntegerField(null=True, unique=True)
    custodian_recipient = models.CharField(max_length=200, blank=True)
    is_reinforced = models.BooleanField(default=False, db_default=False)  # reinforcing.py
    reinforced_reason = models.TextField(max_length=2000, blank=True, default="", db_default="")
    reinforced_with = models.JSONField(default=dict, db_default={}, blank=True)  # fixed by the publication

    value = MoneyProperty("value")
    receipt: "Entry | None" = None  # of the act just done, for whoever shows it
    objects = TenderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["buyer", "reference"], name="tendering_one_reference_per_buyer"),
            models.CheckConstraint(condition=Q(value_amount__gte=0), name="tendering_value_is_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=[*HIDDEN, "cancelled"]) | Q(published_at__isnull=False),
                name="tendering_public_states_have_a_date",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(approved_by=models.F("prepared_by")),
                name="tendering_approver_is_not_preparer",
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_from__in=RUNNING)
                | (~Q(state="suspended") & Q(suspended_from="")),
                name="tendering_suspended_knows_the_way_back",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["buyer", "state"], name="tendering_by_buyer_and_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def rulebook(self) -> Method:
        """The rules this process was born under."""
        return catalogue.get(self.method, version=self.method_version)

    @property
    def schedule(self) -> dict[str, datetime]:
        return {milestone.code: milestone.due_at for milestone in self.milestones.all()}

    def due_at(self, milestone: str) -> datetime | None:
        return self.schedule.get(milestone)

    @property
    def planned(self) -> list[PlanLine]:
        """The lines of the annual plan that it comes from, as they were chosen; all of them are read at once."""
        models.prefetch_related_objects([self], "planned_lines__line__plan")
        return [row.line for row in self.planned_lines.all()]

    def come_from(self, lines: Iterable[PlanLine]) -> None:
        """Come from these lines of the plan, in this order, and from no other."""
        self.planned_lines.all().delete()
        PlannedLine.objects.bulk_create(PlannedLine(tender=self, line=line) for line in lines)
        vars(self).get("_prefetched_objects_cache", {}).pop("planned_lines", None)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def has_bidding(self) -> bool:
        return self.rulebook.has_bidding

    @property
    def offer_stage(self) -> Stage | None:
        """The stage in which offers are received, if the method has one."""
        return next((stage for stage in self.rulebook.stages if stage.is_bidding), None)

    @property
    def stage_now(self) -> Stage:
        return self.rulebook.stage(self.stage)

    @property
    def stages_to_open(self) -> tuple[Stage, ...]:
        """The stages that an act may open now: none before the publication, nor once the offers are closed."""
        return self.rulebook.stages_to_open(self.stage_now.code) if self.state == "published" else ()

    @property
    def waiting_stage(self) -> Stage | None:
        """The stage that the act in preparation opens, if it opens one."""
        codes = self.amendments.filter(state="draft").exclude(stage="").values_list("stage", flat=True)
        return next((self.rulebook.stage(code) for code in codes), None)

    @property
    def first_schedule(self) -> dict[str, datetime]:
        """The dates as first fixed for receiving offers: by the act that opened that stage, or by the publication."""
        stage = self.offer_stage
        opened = self.versions.filter(amendment__stage=stage.code).first() if stage else None
        version = opened or self.versions.first()
        return instants(version.snapshot["milestones"]) if version else {}

    def admits(self, whom: str, account_id: int | None) -> bool:
        """Whether that account may offer as far as `whom` goes: always, where the stage asks no such thing."""
        stage = self.offer_stage
        if stage is None or stage.offers_from != whom:
            return True
        if whom == "interested":
            return self.interests.filter(supplier_id=account_id, stays=True).exists()
        if whom == "listed":
            on_it = self.candidacies.filter(supplier_id=account_id, is_listed=True, stays=True)
            return self.has_list and on_it.exists()
        return self.invitations.filter(supplier_id=account_id).exists()

    @property
    def has_list(self) -> bool:
        """Whether the list of those who may offer is public, where the method makes one."""
        return self.prequalification_acts.filter(kind="list").exists()

    @property
    def has_custodian_key(self) -> bool:
        """Whether the time custodian has a recipient for this process, or a free one to give it."""
        return bool(self.custodian_recipient) or CustodianKey.objects.free().exists()

    def kept_section(self, code: str) -> dict[str, Any]:
        """The content of a section that has no tables of its own; all of them are read at once."""
        models.prefetch_related_objects([self], "kept_sections")
        return next((kept.content for kept in self.kept_sections.all() if kept.code == code), {})

    def waiting_section(self, code: str) -> dict[str, Any]:
        """What such a section says or, if the amendment in preparation changes it, will say."""
        draft = self.amendments.filter(state="draft").first() if self.is_public else None
        changed = (draft.changes if draft else {}).get("sections", {}).get(code)
        return changed["after"] if changed else self.kept_section(code)

    def keep_section(self, code: str, content: dict[str, Any]) -> None:
        self.kept_sections.update_or_create(code=code, defaults={"content": content})
        vars(self).get("_prefetched_objects_cache", {}).pop("kept_sections", None)

    @property
    def lot_numbers(self) -> list[int]:
        """The numbers of the lots; none while the process is one whole."""
        return [lot["number"] for lot in self.kept_section("lots").get("lots", []) if lot["number"]]

    @property
    def other_budget(self) -> Decimal:
        """What the certificates beside the main one and the future years cover; those of the amendment in preparation,
        where it changes them: its main certificate is judged together with them."""
        money = self.waiting_section("money")
        rows = [*money.get("certificates", []), *money.get("future_years", [])]
        return sum((Decimal(row.get("balance") or row["amount"] or 0) for row in rows), Decimal())

    @property
    def list_maximum(self) -> int | None:
        """How many may be on the list of a prequalification, where its notice says that there is a maximum."""
        said = self.kept_section("shortlist")
        return said.get("maximum") if said.get("has_maximum") == "yes" else None

    lots_numbers = lot_numbers  # as the questionnaire calls them

    def recipients_of(self, user_ids: Iterable[int]) -> dict[int, str]:
        """The age recipient now in force of each of those people that has one."""
        return OpeningKey.objects.active_of(user_ids)

    def on_passkeys(self, user_ids: Iterable[int]) -> set[int]:
        """Those of them whose key in force is kept by a passkey."""
        return OpeningKey.objects.on_passkeys(user_ids)

    def awake_witnesses(self, at: datetime) -> list[Any]:
        return list(witnessing.awake(at))

    @property
    def reinforced_words(self) -> list[str]:
        return reinforcing.in_words(self)

    @property
    def custodian_keeper(self) -> str:
        """Who keeps the time custodian: as it was when the process was published, or as it is now."""
        return str(self.reinforced_with.get("keeper") or reinforcing.keeper_of_the_custodian(self.buyer.name))

    @property
    def amendment_writer_id(self) -> int | None:
        """Who wrote the amendment that waits for approval, if one does."""
        return self.amendments.filter(state="draft").values_list("prepared_by_id", flat=True).first()

    @property
    def suspension(self) -> "Suspension | None":
        """The suspension in force, if it is suspended."""
        return self.suspensions.filter(resumed_at__isnull=True).last() if self.state == "suspended" else None

    @property
    def underlying_state(self) -> str:
        """The state; of a suspended process, the one to which it goes back."""
        return self.suspended_from or self.state

    @property
    def is_editable(self) -> bool:
        return self.state in {"draft", "returned"}

    @property
    def state_title(self) -> Any:
        closed = self.rulebook.words.closed if self.state == "opened" else None
        return closed or TENDER.label(self.state)

    @property
    def duration_text(self) -> str:
        """“2 months”; empty while it is not said."""
        return in_words(self.duration, self.duration_unit) if self.duration else ""


class PlannedLine(models.Model):
    """A line of the annual plan that a process comes from; the first one chosen is its main one."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="planned_lines")
    line = models.ForeignKey("planning.PlanLine", PROTECT, related_name="planned")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "line"], name="tendering_planned_once")]


class KeptSection(models.Model):
    """The content of a section of the pliego that has no tables of its own: JSON of the shape that the section says."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="kept_sections")
    code = models.CharField(max_length=40)
    content = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "code"], name="tendering_section_kept_once")]


class SectionVisit(models.Model):
    """Who has a section of a draft before them: while they are there, the others are told; and who saved it last."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="visits")
    part = models.CharField(max_length=40)
    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "part", "user"], name="tendering_one_visit_per_person")
        ]


class SectionOrigin(models.Model):
    """From where a section of a draft was copied last: a process, or a version of a template."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="origins")
    part = models.CharField(max_length=40)
    source = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200)
    copied_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    copied_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "part"], name="tendering_one_origin")]


class Milestone(models.Model):
    """A date of the schedule. `code` is one of those that the method names; its title is the method's."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="milestones")
    code = models.CharField(max_length=40)
    due_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "code"], name="tendering_one_milestone")]
        indexes: ClassVar = [models.Index(fields=["code", "due_at"], name="tendering_milestone_due")]
