"""One change of a signed contract, and the contract as each of them left it."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pliego.contracts.changes import KINDS, Kind
from pliego.contracts.states import MODIFICATION, OPEN
from pliego.contracts.turning import CAUSES
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class ModificationQuerySet(models.QuerySet["Modification"]):
    def published(self) -> "ModificationQuerySet":
        return self.filter(state="published")

    def visible_to(self, actor: Actor) -> "ModificationQuerySet":
        """Published ones are everybody's; before, the buyer's people's, and the contractor's while it has
        it, as that of who would take its place."""
        if actor.is_system:
            return self.all()
        seen = Q(state="published")
        if actor.account_id is not None and actor.roles:
            seen |= Q(contract__buyer_id=actor.account_id)
            received = Q(sent_at__isnull=False) & ~Q(state__in=["draft", "discarded"])
            seen |= (Q(contract__supplier_id=actor.account_id) | Q(party_id=actor.account_id)) & received
        return self.filter(seen)


class Modification(models.Model):
    """One change of a signed contract, of a kind, with the old and the new value of each field that it changes."""

    code = models.CharField(max_length=24, unique=True)
    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="modifications")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.code, kind.title) for kind in KINDS.values()])
    state = models.CharField(max_length=12, choices=MODIFICATION.choices, default=MODIFICATION.initial)
    needs_supplier = models.BooleanField(default=True)
    reason = models.TextField(max_length=4000, blank=True)
    changes = models.JSONField(default=dict)  # {field: {"old": …, "new": …}}
    amount = amount_field(null=True)  # what it adds or takes away, always above zero
    days = models.IntegerField(null=True)  # by how many it moves the end
    budget_commitment = models.CharField(max_length=60, blank=True)
    effective_on = models.DateField(null=True)
    resumes_on = models.DateField(null=True)
    cause = models.CharField(max_length=16, blank=True, db_default="")  # of turning.CAUSES
    party = models.ForeignKey("parties.Account", PROTECT, null=True, related_name="modifications_to_take_over")
    party_decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    party_decided_at = models.DateTimeField(null=True)
    # Whom it was taken over from, once it was.
    given_by = models.ForeignKey("parties.Account", PROTECT, null=True, related_name="modifications_given")
    guarantees = models.JSONField(default=list, db_default=[])  # what it asks of each guarantee (covering.Demand)
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    authors = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    rejected_reason = models.TextField(max_length=4000, blank=True)
    published_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(null=True)  # of the contract, that it made

    receipt: "Entry | None" = None
    objects: ClassVar = ModificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_one_modification_number"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=OPEN), name="contracts_one_open_modification"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(amount__isnull=True), name="contracts_modification_amount_is_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, document__isnull=False, version__isnull=False) & ~Q(reason=""),
                name="contracts_published_modification_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "published"], needs_supplier=True)
                | Q(decided_at__isnull=False, sent_at__isnull=False),
                name="contracts_modification_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(kind="assignment", state__in=["accepted", "published"])
                | Q(needs_supplier=True, party__isnull=False, party_decided_at__isnull=False),
                name="contracts_assignment_agreed_by_all",
            ),
            models.CheckConstraint(
                condition=~Q(kind="assignment", state="published") | Q(given_by__isnull=False),
                name="contracts_assignment_from_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def file(self) -> str:
        return self.contract.file

    @property
    def state_title(self) -> Any:
        return MODIFICATION.label(self.state)

    @property
    def of(self) -> Kind:
        return KINDS[self.kind]

    @property
    def cause_title(self) -> Any:
        return CAUSES[self.cause].title if self.cause in CAUSES else ""

    @property
    def has_every_agreement(self) -> bool:
        """Whether everybody who must accept it did: the contractor, and who takes its place where somebody does."""
        return self.decided_at is not None and (self.party_id is None or self.party_decided_at is not None)


class ContractVersion(models.Model):
    """The contract as it was from one modification to the next; the first one kept is what was signed."""

    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    modification = models.OneToOneField(Modification, PROTECT, null=True, related_name="made")
    at = models.DateTimeField()
    snapshot = models.JSONField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_one_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} v{self.number}"


append_only("contracts.ContractVersion")
