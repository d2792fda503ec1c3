"""How a contract is settled when both parties do not: by a resolution of the entity, or by a judge."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field, currency_field
from pliego.settlements import law, rules
from pliego.settlements.states import RESOLUTION, WRITTEN

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
DOCUMENT, CONTRACT = "documents.Document", "contracts.Contract"


class Accounts(models.Model):
    """The accounts of the contract on the day on which it was settled."""

    value_amount = amount_field(default=0)
    paid_amount = amount_field(default=0)
    released_amount = amount_field(default=0)
    owed_to_contractor = amount_field(default=0)
    owed_to_entity = amount_field(default=0)
    currency = currency_field()

    class Meta:
        abstract = True


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def visible_to(self, actor: Actor) -> "ResolutionQuerySet":
        """The entity's; the contractor's once it was notified; everybody's once it is firm (ResolutionAct.VIEW)."""
        if actor.is_system:
            return self.all()
        seen = Q(state="firm")
        if actor.account_id is not None and actor.roles:
            seen |= Q(contract__buyer_id=actor.account_id)
            seen |= Q(contract__supplier_id=actor.account_id, issued_at__isnull=False)
        return self.filter(seen)


class Resolution(Accounts):
    """The reasoned act by which the entity settles alone, its appeal, and what was decided on it."""

    contract = models.ForeignKey(CONTRACT, PROTECT, related_name="settlement_resolutions")
    state = models.CharField(max_length=10, choices=RESOLUTION.choices, default=RESOLUTION.initial)
    number = models.CharField(max_length=60, blank=True)
    cause = models.CharField(max_length=10, choices=list(rules.CAUSES.items()), blank=True)
    called = models.TextField(max_length=4000, blank=True)  # how the contractor was called to settle together
    grounds = models.TextField(max_length=20_000, blank=True)
    document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    issued_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    appeal_until = models.DateField(null=True)
    appeal = models.TextField(max_length=20_000, blank=True)
    appeal_document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    appealed_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=list(rules.OUTCOMES.items()), blank=True)
    answer_number = models.CharField(max_length=60, blank=True)
    answer = models.TextField(max_length=20_000, blank=True)
    answer_document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    resolved_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    firm_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None
    objects: ClassVar = ResolutionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=WRITTEN), name="settlements_one_resolution"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    issued_by__isnull=False, issued_at__isnull=False, document__isnull=False, appeal_until__isnull=False
                )
                & ~Q(grounds=""),
                name="settlements_issued_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["appealed", "revoked"]) | Q(appealed_at__isnull=False) & ~Q(appeal=""),
                name="settlements_appeal_is_written",
            ),
            models.CheckConstraint(
                condition=~Q(state="firm") | Q(firm_at__isnull=False), name="settlements_firm_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.contract_id}"

    @property
    def file(self) -> str:
        return str(self.contract.file)

    @property
    def state_title(self) -> Any:
        return RESOLUTION.label(self.state)


class Ruling(Accounts):
    """The decision of a judge that settles the contract."""

    contract = models.OneToOneField(CONTRACT, PROTECT, related_name="settlement_ruling")
    court = models.CharField(max_length=200)
    file_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    note = models.TextField(max_length=4000, blank=True)
    document = models.ForeignKey(DOCUMENT, PROTECT, related_name="+")
    registered_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.file_number} {self.contract_id}"


class TermAlert(models.Model):
    """The last alert of the end of a term that the entity was told (`contracts.rules.ALERTS`)."""

    contract = models.ForeignKey(CONTRACT, PROTECT, related_name="settlement_alerts")
    term = models.CharField(max_length=10, choices=list(law.TITLES.items()))
    ends_on = models.DateField()
    alerted = models.SmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "term"], name="settlements_one_row_per_term")
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.term}"


append_only("settlements.Ruling")
