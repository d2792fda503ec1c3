"""The contract that follows an award, what it buys, and the guarantees that cover it. It never holds bank data."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from pliego.conditions import covers
from pliego.contracts import rules
from pliego.contracts.changed import Changed
from pliego.contracts.modification_models import ContractVersion, Modification
from pliego.contracts.sectioned import Sectioned
from pliego.contracts.states import CONTRACT, GUARANTEE, PUBLIC
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import MoneyProperty, amount_field, currency_field, rounded
from pliego.planning.models import DurationUnit
from pliego.tendering.codes import CONTRACT_TYPES

__all__ = [
    "Contract",
    "ContractLine",
    "ContractPaper",
    "ContractPart",
    "ContractVersion",
    "Guarantee",
    "Modification",
]

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class ContractQuerySet(models.QuerySet["Contract"]):
    def public(self) -> "ContractQuerySet":
        return self.filter(state__in=PUBLIC)

    def visible_to(self, actor: Actor) -> "ContractQuerySet":
        """Signed ones are public; before that, the buyer's people, and the supplier's once it was sent (Act.VIEW)."""
        if actor.is_system:
            return self.all()
        seen = Q(state__in=PUBLIC)
        if actor.account_id is not None and actor.roles:
            seen |= Q(buyer_id=actor.account_id)
            seen |= Q(supplier_id=actor.account_id, sent_at__isnull=False)
        return self.filter(seen)


class Contract(Sectioned, Changed, models.Model):
    """One contract. `document` is its text as it was sent to the supplier; its hash is in the act of each signature."""

    code = models.CharField(max_length=24, unique=True)
    award = models.OneToOneField("awards.Award", PROTECT, null=True, related_name="contract")  # none: loaded directly
    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="contracts")
    buyer = models.ForeignKey("parties.Account", PROTECT, related_name="contracts_bought")
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="contracts_supplied")
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    object = models.TextField(max_length=4000)
    contract_type = models.CharField(max_length=40, choices=CONTRACT_TYPES, blank=True)
    value_amount = amount_field()
    value_currency = currency_field()
    duration = models.PositiveIntegerField(null=True)
    duration_unit = models.CharField(max_length=10, choices=DurationUnit, blank=True)
    delivery_place = models.CharField(max_length=250, blank=True)
    payment_terms = models.TextField(max_length=4000, blank=True)
    clauses = models.TextField(max_length=20_000, blank=True)
    covers = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    has_settlement = models.BooleanField(default=False)
    budget_certificate = models.CharField(max_length=60, blank=True)
    budget_commitment = models.TextField(blank=True)  # of the signature; then those of its additions
    budget_commitment_amount = amount_field(null=True)
    state = models.CharField(max_length=12, choices=CONTRACT.choices, default=CONTRACT.initial)
    version = models.PositiveIntegerField(default=1)
    supervisor = models.ForeignKey(PERSON, PROTECT, null=True, related_name="supervised_contracts")
    authorising_officer = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    authors = ArrayField(models.BigIntegerField(), default=list, blank=True)
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    signed_document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    rejected_reason = models.TextField(max_length=4000, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    # What happened to it, apart from its stage.
    happened = ArrayField(models.CharField(max_length=12), default=list, db_default=[], blank=True)
    suspended_on = models.DateField(null=True)
    resumes_on = models.DateField(null=True)
    resumption_told = models.DateField(null=True)  # the planned day of which both parties were told
    assigned_at = models.DateTimeField(null=True)  # since when its contractor is another

    value = MoneyProperty("value")
    receipt: "Entry | None" = None
    objects: ClassVar = ContractQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["buyer", "number"], name="contracts_one_number_per_buyer"),
            models.CheckConstraint(condition=Q(value_amount__gte=0), name="contracts_value_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=PUBLIC)
                | Q(
                    signed_at__isnull=False,
                    accepted_at__isnull=False,
                    document__isnull=False,
                    authorising_officer__isnull=False,
                ),
                name="contracts_signed_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "completed", "settled"])
                | Q(starts_on__isnull=False, ends_on__isnull=False, supervisor__isnull=False),
                name="contracts_running_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(suspended_on__isnull=True, resumes_on__isnull=True)
                | Q(suspended_on__isnull=False, resumes_on__gt=models.F("suspended_on"), state="running"),
                name="contracts_suspended_while_running",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["happened"], name="contracts_happened"),
            models.Index(fields=["buyer", "state", "id"], name="contracts_of_buyer_by_state"),
            models.Index(fields=["supervisor", "id"], name="contracts_of_supervisor"),
            models.Index(fields=["buyer"], condition=Q(suspended_on__isnull=False), name="contracts_suspended"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def file(self) -> str:
        """The ledger file of the process: a contract's acts are folios of it."""
        return self.tender.ocid

    @property
    def state_title(self) -> Any:
        return CONTRACT.label(self.state)

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_sale(self) -> bool:
        """Whether the entity sells: it is then paid what is contracted, and no certificate of its budget covers it."""
        return bool(self.tender.rulebook.evaluation.rule == "highest_bid")

    @property
    def lines_total(self) -> Decimal | None:
        """What the priced lines add up to, rounded once at the end; None when there are none or one has no price."""
        lines = list(self.lines.all())
        if not lines or any(line.unit_price_amount is None for line in lines):
            return None
        return rounded(sum((line.quantity * line.unit_price_amount for line in lines), Decimal(0)))

    @property
    def additions(self) -> "list[Modification]":
        """What was added to its value, in order."""
        return [row for row in self.modifications.all() if row.state == "published" and row.kind == "addition"]

    @property
    def initial_amount(self) -> Decimal:
        """The value with which it was signed."""
        signed = self.signed_version
        return Decimal(signed.snapshot["value_amount"]) if signed else self.value_amount

    @property
    def approved_covers(self) -> set[str]:
        """Of the contractor that it has now."""
        approved = [one for one in self.guarantees.all() if one.state == "approved"]
        return {guarantee.cover for guarantee in approved if self.is_of_the_party(guarantee)}

    @property
    def outliving_guarantees(self) -> "list[Guarantee]":
        """Approved ones that last beyond the settlement."""
        found = [guarantee for guarantee in self.guarantees.all() if guarantee.state == "approved"]
        return [guarantee for guarantee in found if covers.COVERS[guarantee.cover].outlives]

    def expected_end(self, starts_on: date) -> date | None:
        return rules.end_of(starts_on, self.duration, self.duration_unit) if self.duration else None


class ContractPart(models.Model):
    """What a section of a contract holds beside the columns of the contract, where each datum came from, and who saved
    it last.
    """

    contract = models.ForeignKey(Contract, PROTECT, related_name="parts")
    code = models.CharField(max_length=40)
    content = models.JSONField(default=dict)
    origins = models.JSONField(default=dict)  # field → a code of sections.keeping.ORIGINS
    saved_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "code"], name="contracts_section_kept_once")
        ]


class ContractPaper(models.Model):
    """A document of a contract that one of its parties attached: an annex of the entity, or what the contractor was
    asked to bring (`asked` is then its title in the section).
    """

    contract = models.ForeignKey(Contract, PROTECT, related_name="papers")
    number = models.PositiveIntegerField()
    asked = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200)
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    account = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    added_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_one_paper_number")
        ]

    @property
    def is_annex(self) -> bool:
        """Whether it is of the entity, and so part of the contract."""
        return self.account_id == self.contract.buyer_id


class ContractLine(models.Model):
    """Something that the contract buys: from the price list of the process, with the price of the winning offer."""

    contract = models.ForeignKey(Contract, PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    lot = models.PositiveIntegerField(null=True)  # of which lot, where the process has them
    unspsc = models.CharField(max_length=8, blank=True)
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=40)
    unit_price_amount = amount_field(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_one_line_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="contracts_quantity_is_positive"),
        ]

    @property
    def total_amount(self) -> Decimal | None:
        return None if self.unit_price_amount is None else rounded(self.quantity * self.unit_price_amount)


class Guarantee(models.Model):
    """What the contractor gave to cover one risk. A rejected one stays; another is submitted in its place."""

    contract = models.ForeignKey(Contract, PROTECT, related_name="guarantees")
    cover = models.CharField(max_length=20, choices=covers.CHOICES)
    guarantee_class = models.CharField(max_length=20, choices=covers.CLASSES, default="policy")
    policy_number = models.CharField(max_length=60)
    insurer = models.CharField(max_length=200)
    amount = amount_field()
    currency = currency_field()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12, choices=GUARANTEE.choices, default=GUARANTEE.initial)
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    submitted_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    rejected_reason = models.TextField(max_length=4000, blank=True)
    alerted = models.SmallIntegerField(null=True)  # the last alert of its end that was told (rules.ALERTS)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            *(
                models.UniqueConstraint(
                    fields=["contract", "cover"], condition=Q(state=state), name=f"contracts_one_{state}_per_cover"
                )
                for state in ("submitted", "approved")
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contracts_guarantee_has_amount"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")), name="contracts_guarantee_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_number} {self.cover}"

    @property
    def state_title(self) -> Any:
        return GUARANTEE.label(self.state)

    @property
    def may_be_asked(self) -> bool:
        """Whether its insurer may be asked of it: it stands, and no question waits."""
        return self.state in {"submitted", "approved"} and all(row.state != "asked" for row in self.inquiries.all())

    @property
    def last_answer(self) -> Any:
        """What its insurer last answered of it, if it was asked."""
        answered = [row for row in self.inquiries.all() if row.state in {"confirmed", "denied"}]
        return max(answered, key=lambda row: row.pk, default=None)


append_only(
    "contracts.Guarantee", except_columns=("state", "decided_by_id", "decided_at", "rejected_reason", "alerted")
)  # fmt: skip

from pliego.contracts.insurers import models as _of_insurers  # noqa: E402, F401 - Django finds them
from pliego.contracts.loading import models as _of_files  # noqa: E402, F401 - the tables of the room here
from pliego.contracts.starting import models as _of_starting  # noqa: E402, F401 - the same
