"""Tables of the electronic pliego: the tender, its schedule, questionnaire, documents and amendments."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import MoneyProperty, amount_field, currency_field, grouped
from pliego.methods import catalogue
from pliego.methods.law import Method, Stage
from pliego.planning.models import DurationUnit, Funding
from pliego.tendering import sections
from pliego.tendering.codes import AMENDMENT_KINDS, CAPACITIES, CONTRACT_TYPES, in_words
from pliego.tendering.kinds import ITEM_KINDS, KINDS, Kind, as_number
from pliego.tendering.snapshots import instants
from pliego.tendering.states import AMENDMENT, HIDDEN, RUNNING, TENDER

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

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
    plan_line = models.ForeignKey("planning.PlanLine", PROTECT, null=True, related_name="tenders")
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
            return self.has_list and self.candidacies.filter(supplier_id=account_id, is_listed=True).exists()
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

    def keep_section(self, code: str, content: dict[str, Any]) -> None:
        self.kept_sections.update_or_create(code=code, defaults={"content": content})
        vars(self).get("_prefetched_objects_cache", {}).pop("kept_sections", None)

    @property
    def lot_numbers(self) -> list[int]:
        """The numbers of the lots; none while the process is one whole."""
        return [lot["number"] for lot in self.kept_section("lots").get("lots", []) if lot["number"]]

    @property
    def other_budget(self) -> Decimal:
        """What the certificates beside the main one and the future years cover."""
        money = self.kept_section("money")
        rows = [*money.get("certificates", []), *money.get("future_years", [])]
        return sum((Decimal(row.get("balance") or row["amount"] or 0) for row in rows), Decimal())

    lots_numbers = lot_numbers  # as the questionnaire calls them

    def recipients_of(self, user_ids: Iterable[int]) -> dict[int, str]:
        """The age recipient now in force of each of those people that has one."""
        return OpeningKey.objects.active_of(user_ids)

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
        return TENDER.label(self.state)

    @property
    def duration_text(self) -> str:
        """“2 months”; empty while it is not said."""
        return in_words(self.duration, self.duration_unit) if self.duration else ""


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


class Milestone(models.Model):
    """A date of the schedule. `code` is one of those that the method names; its title is the method's."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="milestones")
    code = models.CharField(max_length=40)
    due_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "code"], name="tendering_one_milestone")]
        indexes: ClassVar = [models.Index(fields=["code", "due_at"], name="tendering_milestone_due")]


class QuestionnaireItem(models.Model):
    """What the offer must answer: one numbered question of one envelope."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    envelope = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=ITEM_KINDS)
    title = models.CharField(max_length=300)
    help = models.TextField(max_length=2000, blank=True)
    options = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    columns = models.JSONField(default=list, blank=True)  # of a table: [{"title", "kind"}]
    row_titles = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # none: the bidder adds rows
    is_required = models.BooleanField(default=True)
    is_requirement = models.BooleanField(default=False)
    allows_confidential = models.BooleanField(default=False)
    needs_evidence = models.BooleanField(default=False)  # the answer brings a file
    weight = models.DecimalField(max_digits=7, decimal_places=3, null=True)  # points of the evaluation
    lots = ArrayField(models.PositiveIntegerField(), default=list, blank=True)  # none: all of them

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tender", "number"], name="tendering_one_item_number", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="tendering_item_weighs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def form(self) -> Kind:
        """What its kind says: how it is answered, read and shown."""
        return KINDS[self.kind]

    @property
    def weight_text(self) -> str:
        return "" if self.weight is None else as_number(format(self.weight.normalize(), "f"))


class PriceLine(models.Model):
    """A line of a price list: what is asked and how much of it; offers put the price."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="price_lines")
    item = models.ForeignKey(QuestionnaireItem, PROTECT, related_name="price_lines")
    number = models.PositiveIntegerField()
    unspsc = models.CharField(max_length=8, blank=True)
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=40)
    reference_price_amount = amount_field(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="tendering_one_price_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tendering_quantity_is_positive"),
        ]

    @property
    def quantity_text(self) -> str:
        """1200.5000 → 1.200,5"""
        whole, _dot, part = format(self.quantity.normalize(), "f").partition(".")
        return grouped(Decimal(whole), decimals=False) + (f",{part}" if part else "")


class PriceLoad(models.Model):
    """A spreadsheet that was read for a price list: its rows, or what is wrong in them. Nothing of it counts until
    somebody has seen what it would change; the next one takes its place.
    """

    item = models.OneToOneField(QuestionnaireItem, PROTECT, related_name="load")
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=200)
    text = models.TextField(blank=True)  # what was pasted, to be mended
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    ignored = ArrayField(models.CharField(max_length=200), default=list)
    read_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    read_at = models.DateTimeField()


class TenderDocument(models.Model):
    """A document of the pliego. `kind` is a required document of the method or a kind of the list of documents;
    `amendment` is the one that brought it in."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="documents")
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    amendment = models.ForeignKey("tendering.Amendment", PROTECT, null=True, related_name="documents")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "document"], name="tendering_document_once")]


class Amendment(models.Model):
    """An addendum: changes to any section of the pliego, its dates or its documents, written by one person and
    published by another. A correction mends a `defect` of the procedure; a resumption moves the dates after a
    suspension, by one signature.

    `changes` is `{"milestones": {code: {"before": iso, "after": iso}}, "sections": {code: {"before": content, "after":
    content}}, "documents": [{"title", "kind", "sha256"}], "binds": bool}`.
    """

    tender = models.ForeignKey(Tender, PROTECT, related_name="amendments")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=AMENDMENT_KINDS, default="addendum", db_default="addendum")
    reason = models.TextField(max_length=4000)
    defect = models.TextField(max_length=4000, blank=True, default="", db_default="")  # what a correction mends
    changes = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=AMENDMENT.choices, default=AMENDMENT.initial)
    stage = models.CharField(max_length=40, blank=True)  # the stage that this act opens; none in an addendum
    prepared_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_amendment_number"),
            models.UniqueConstraint(
                fields=["tender"],
                condition=Q(state="draft") & ~Q(kind="resumption"),
                name="tendering_one_amendment_in_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(kind="resumption") | ~Q(approved_by=models.F("prepared_by")),
                name="tendering_amendment_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction") ^ Q(defect=""), name="tendering_corrections_say_the_defect"
            ),
        ]

    @property
    def state_title(self) -> Any:
        return AMENDMENT.label(self.state)

    @property
    def binds(self) -> bool:
        """Whether it affects the offers, by what its writer said or by the sections that it changes."""
        changed = self.changes.get("sections", {})
        return bool(self.changes.get("binds")) or any(sections.get(code).binds for code in changed)

    @property
    def stage_title(self) -> str:
        """The stage that this act opens, by name; nothing for an addendum."""
        return str(self.tender.rulebook.stage(self.stage).title) if self.stage else ""


class Suspension(models.Model):
    """A time in which no term of the process runs. Half-open: the instant of the suspension is in it, that of the
    resumption is not. `days`: the business days that it took, by which the dates still to come were moved."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="suspensions")
    number = models.PositiveIntegerField()
    came_from = models.CharField(max_length=20, choices=[(code, TENDER.label(code)) for code in RUNNING])
    reason = models.TextField(max_length=4000)
    legal_basis = models.CharField(max_length=300)
    planned_on = models.DateField()
    suspended_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    resumed_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    resumed_at = models.DateTimeField(null=True)
    days = models.PositiveIntegerField(null=True)
    amendment = models.OneToOneField(Amendment, PROTECT, null=True, related_name="resumption")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_suspension_number"),
            models.UniqueConstraint(
                fields=["tender"], condition=Q(resumed_at__isnull=True), name="tendering_one_suspension_in_force"
            ),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True, days__isnull=True)
                | Q(resumed_at__gte=models.F("suspended_at"), days__isnull=False, resumed_by__isnull=False),
                name="tendering_resumed_after_it_was_suspended",
            ),
        ]


class TenderVersion(models.Model):
    """The whole pliego as it was published: version 1 with the publication, one more with each amendment."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    amendment = models.OneToOneField(Amendment, PROTECT, null=True, related_name="version")
    snapshot = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_version")]


append_only("tendering.TenderVersion")


class Invitation(models.Model):
    """A supplier invited by name, where the method works by invitation."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="invitations")
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    invited_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "supplier"], name="tendering_invited_once")]


class Interest(models.Model):
    """A supplier that said in time that it wants to offer. `stays` is false once a draw left it out."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="interests")
    number = models.PositiveIntegerField()
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    expressed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    expressed_at = models.DateTimeField()
    stays = models.BooleanField(default=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="tendering_one_interest"),
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_interest_number"),
        ]


class Draw(models.Model):
    """A draw and all that is needed to make it again: see `draws.py`. It never changes."""

    tender = models.OneToOneField(Tender, PROTECT, related_name="draw")
    record = models.JSONField()
    held_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    held_at = models.DateTimeField()

    receipt: "Entry | None" = None


append_only("tendering.Draw")


class Candidacy(models.Model):
    """A supplier that asked in time to be on the list of those who may offer, and what was decided with its reasons."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="candidacies")
    number = models.PositiveIntegerField()
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    statement = models.TextField(max_length=4000, blank=True)
    applied_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    is_listed = models.BooleanField(null=True)
    reasons = models.TextField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    documents = models.ManyToManyField("documents.Document", related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="tendering_one_candidacy"),
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_candidacy_number"),
            models.CheckConstraint(
                condition=~Q(is_listed=False) | ~Q(reasons=""), name="tendering_left_out_with_reasons"
            ),
        ]


class PrequalificationAct(models.Model):
    """The report of a prequalification, or the list made in its hearing: who is on it, who is not and why."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="prequalification_acts")
    kind = models.CharField(max_length=10, choices=[("report", _("Report")), ("list", _("List"))])
    record = models.JSONField()
    done_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    done_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "kind"], name="tendering_one_prequalification_act")
        ]


append_only("tendering.PrequalificationAct")


class OpeningKeyQuerySet(models.QuerySet["OpeningKey"]):
    def active_of(self, user_ids: Iterable[int]) -> dict[int, str]:
        """The age recipient now in force of each of those people that has one."""
        return dict(self.filter(user_id__in=list(user_ids), is_active=True).values_list("user_id", "recipient"))


class OpeningKey(models.Model):
    """A person's public opening key (an age recipient). The secret half never reaches the platform."""

    user = models.ForeignKey(PERSON, PROTECT, related_name="opening_keys")
    recipient = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    objects = OpeningKeyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_active=True), name="tendering_one_active_opening_key"
            )
        ]


class CustodianKeyQuerySet(models.QuerySet["CustodianKey"]):
    def free(self) -> "CustodianKeyQuerySet":
        return self.filter(tender__isnull=True).order_by("number")


class CustodianKey(models.Model):
    """A recipient that the time custodian announced in advance; each process takes the next free one."""

    number = models.PositiveIntegerField(unique=True)
    recipient = models.CharField(max_length=200, unique=True)
    tender = models.OneToOneField(Tender, PROTECT, null=True, related_name="custodian_key")

    objects = CustodianKeyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]


class OpeningMember(models.Model):
    """Someone who holds a share of the opening. `recipient` is fixed at publication and never changes after it."""

    tender = models.ForeignKey(Tender, PROTECT, related_name="opening_members")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    capacity = models.CharField(max_length=40, choices=CAPACITIES)
    recipient = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "user"], name="tendering_one_seat_per_member"),
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_member_number"),
        ]

    @property
    def capacity_title(self) -> Any:
        return dict(CAPACITIES).get(self.capacity, _("Member"))
