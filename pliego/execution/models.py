"""How a contract is paid and ends: its payment plan, the invoices, the settlement. It never holds bank data."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.execution.states import INVOICE, SETTLEMENT, STANDING
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import Money, amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class Installment(models.Model):
    """One payment of the plan."""

    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="installments")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    amount = amount_field()
    currency = currency_field()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="execution_one_installment_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="execution_installment_has_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class CufeCheck(models.TextChoices):
    """What is known of the invoice's unique code (CUFE)."""

    NONE = "none", _("It has none")
    SHAPE = "shape", _("It has the right form")
    MATCHES = "matches", _("Computed again from the invoice: it is right")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def standing(self) -> "InvoiceQuerySet":
        return self.filter(state__in=STANDING)

    def visible_to(self, actor: Actor) -> "InvoiceQuerySet":
        """Approved and paid ones are public; the others are seen by both parties (policy: Act.VIEW_INVOICE)."""
        if actor.is_system:
            return self.all()
        seen = Q(state__in=["approved", "paid"])
        if actor.account_id is not None and actor.roles:
            seen |= Q(contract__buyer_id=actor.account_id) | Q(contract__supplier_id=actor.account_id)
        return self.filter(seen)


@dataclass(frozen=True)
class Holder:
    """Who must act on an invoice, and since when."""

    name: str
    since: datetime


class Invoice(models.Model):
    """A request of payment. A returned one stays as it was; the supplier sends another with the same number."""

    code = models.CharField(max_length=24, unique=True)
    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="invoices")
    installment = models.ForeignKey(Installment, PROTECT, null=True, related_name="invoices")
    number = models.CharField(max_length=40)
    issued_on = models.DateField()
    amount = amount_field()
    currency = currency_field()
    cufe = models.CharField(max_length=96, blank=True)
    cufe_check = models.CharField(max_length=8, choices=CufeCheck, default=CufeCheck.NONE)
    note = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=INVOICE.choices, default=INVOICE.initial)
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    sent_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    returned_reason = models.TextField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    paid_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    payment_proof = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None
    objects: ClassVar = InvoiceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "number"],
                condition=Q(state__in=STANDING),
                name="execution_one_standing_invoice_per_number",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="execution_invoice_has_amount"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "returned"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="execution_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False, paid_by__isnull=False, paid_at__isnull=False),
                name="execution_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_reason=""), name="execution_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def value(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def file(self) -> str:
        return self.contract.file

    @property
    def state_title(self) -> Any:
        return INVOICE.label(self.state)

    @property
    def holder(self) -> Holder | None:
        """Whose turn it is; nobody's once it is paid."""
        contract, since = self.contract, self.decided_at or self.sent_at
        match self.state:
            case "sent":
                person = contract.supervisor.full_name if contract.supervisor else contract.buyer.name
                return Holder(str(_("%(person)s (supervisor)") % {"person": person}), since)
            case "approved":
                return Holder(str(_("The treasury of %(entity)s") % {"entity": contract.buyer.name}), since)
            case "returned":
                return Holder(contract.supplier.name, since)
        return None


class Settlement(models.Model):
    """The act by which both parties close their accounts (liquidación de común acuerdo)."""

    contract = models.OneToOneField("contracts.Contract", PROTECT, related_name="settlement")
    state = models.CharField(max_length=12, choices=SETTLEMENT.choices, default=SETTLEMENT.initial)
    statement = models.TextField(max_length=8000)
    paid_amount = amount_field(default=0)
    released_amount = amount_field(default=0)
    currency = currency_field()
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    signed_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    objection = models.TextField(max_length=4000, blank=True)

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(signed_by__isnull=False, accepted_by__isnull=False, document__isnull=False),
                name="execution_settled_by_both",
            )
        ]

    def __str__(self) -> str:
        return f"settlement of {self.contract_id}"

    @property
    def state_title(self) -> Any:
        return SETTLEMENT.label(self.state)


# What was sent is never rewritten: only the way it went, and each stop once (the state's own table sees to that).
append_only(
    "execution.Invoice",
    except_columns=(
        "installment_id", "state", "returned_reason", "decided_by_id", "decided_at",
        "paid_on", "paid_by_id", "paid_at", "payment_proof_id",
    ),
)  # fmt: skip
