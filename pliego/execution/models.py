"""How a contract is paid and ends: its payment plan, the invoices, the settlement. It never holds bank data."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.execution import chain as chains
from pliego.execution.closing_models import Closing
from pliego.execution.delivery_models import Delivery, ExecutionPlan, Paper
from pliego.execution.states import INVOICE, SETTLEMENT, STANDING, WAITING
from pliego.execution.support_models import ChainSupport, InvoiceSupport, Retention
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import Money, amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

__all__ = [
    "ChainStep", "ChainSupport", "Closing", "CufeCheck", "Delivery", "ExecutionPlan", "Holder", "Installment",
    "Invoice", "InvoiceSupport", "Paper", "Passage", "PaymentChain", "Retention", "Settlement",
]  # fmt: skip
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


class Kind(models.TextChoices):
    """What is asked for. A note corrects an accepted invoice: it goes by the same chain."""

    INVOICE = "invoice", _("Invoice")
    ADVANCE = "advance", _("Advance (anticipo)")
    CREDIT = "credit", _("Credit note")
    DEBIT = "debit", _("Debit note")


def of_contractor(account_id: int | None) -> Q:
    """Invoices of that account, also of contracts that another took over since."""
    return Q(contract__supplier_id=account_id, given_by=None) | Q(given_by__isnull=False, given_by_id=account_id)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def standing(self) -> "InvoiceQuerySet":
        return self.filter(state__in=STANDING)

    def visible_to(self, actor: Actor) -> "InvoiceQuerySet":
        """Approved and paid ones are public; the others are seen by both parties (policy: Act.VIEW_INVOICE)."""
        if actor.is_system:
            return self.all()
        seen = Q(state__in=["approved", "paid"])
        if actor.account_id is not None and actor.roles:
            seen |= Q(contract__buyer_id=actor.account_id) | of_contractor(actor.account_id)
        return self.filter(seen)


class PaymentChain(models.Model):
    """By which steps the requests of payment of an entity go. It never changes: another version takes its place."""

    account = models.ForeignKey("parties.Account", PROTECT, related_name="payment_chains")
    version = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    undo_minutes = models.PositiveIntegerField(default=chains.UNDO_MINUTES)
    created_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    created_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "version"], name="execution_one_chain_per_version"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_active=True), name="execution_one_chain_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} v{self.version}"


class ChainStep(models.Model):
    """A step of a chain, of a role of the entity, of a group or of one person (`chain.AnyStep`)."""

    chain = models.ForeignKey(PaymentChain, PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, blank=True)
    place = models.ForeignKey("parties.Membership", PROTECT, null=True, related_name="+")
    group = models.ForeignKey("authority.Group", PROTECT, null=True, related_name="+")
    term_days = models.PositiveSmallIntegerField(null=True)
    checks = models.CharField(max_length=500, blank=True)
    second_above = amount_field(null=True)
    is_payment = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="execution_one_step_per_number"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, group__isnull=True) & ~Q(role="")
                | Q(place__isnull=False, group__isnull=True, role="")
                | Q(place__isnull=True, group__isnull=False, role=""),
                name="execution_step_is_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@dataclass(frozen=True)
class Holder:
    """Who must act on an invoice, since when and until when."""

    name: str
    since: datetime
    due_at: datetime | None = None


class Invoice(models.Model):
    """A request of payment. A returned one stays as it was; the supplier sends another with the same number.

    It goes by the chain with which it began (none: the default one). `at_step` is where it waits in a written chain.
    """

    code = models.CharField(max_length=24, unique=True)
    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="invoices")
    installment = models.ForeignKey(Installment, PROTECT, null=True, related_name="invoices")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.INVOICE)
    corrects = models.ForeignKey("self", PROTECT, null=True, related_name="notes")
    delivery = models.ForeignKey(Delivery, PROTECT, null=True, related_name="invoices")
    number = models.CharField(max_length=40)
    issued_on = models.DateField()
    amount = amount_field()
    amortised_amount = amount_field(default=0)  # what of it pays back the advance
    withheld_amount = amount_field(default=0)  # what of its payment did not go to the contractor
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
    chain = models.ForeignKey(PaymentChain, PROTECT, null=True, related_name="invoices")
    at_step = models.ForeignKey(ChainStep, PROTECT, null=True, related_name="+")
    waiting_since = models.DateTimeField(null=True)
    first_sent_at = models.DateTimeField(null=True)  # of the first one with its number, which may have been returned
    # Whose it is, where the contract was assigned since; none: of its contractor.
    given_by = models.ForeignKey("parties.Account", PROTECT, null=True, related_name="invoices_given")

    receipt: "Entry | None" = None
    objects: ClassVar = InvoiceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "number", "given_by"],
                condition=Q(state__in=STANDING),
                nulls_distinct=False,
                name="execution_one_standing_number_of_each",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="execution_invoice_has_amount"),
            models.CheckConstraint(
                condition=Q(amortised_amount=0)
                | Q(amortised_amount__gt=0, amortised_amount__lte=models.F("amount"), kind__in=["invoice", "debit"]),
                name="execution_amortises_a_part",
            ),
            models.CheckConstraint(
                condition=Q(withheld_amount=0)
                | Q(state="paid", withheld_amount__gt=0)
                & Q(withheld_amount__lte=models.F("amount") - models.F("amortised_amount")),
                name="execution_withholds_a_part",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["credit", "debit"], corrects__isnull=False)
                | Q(kind__in=["invoice", "advance"], corrects__isnull=True),
                name="execution_note_corrects_an_invoice",
            ),
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
    def supplier_id(self) -> int:
        return self.given_by_id or self.contract.supplier_id

    @property
    def supplier(self) -> Any:
        """Whose it is, and who is paid: its contractor of then."""
        return self.given_by or self.contract.supplier

    @property
    def payable_amount(self) -> Decimal:
        """What is paid for it: less what pays back the advance."""
        return self.amount - self.amortised_amount

    @property
    def received_amount(self) -> Decimal:
        """What the contractor gets of it, once it is paid."""
        return self.payable_amount - self.withheld_amount

    @property
    def retentions(self) -> "list[Retention]":
        """What was withheld of the payment that stands."""
        paid = [one for one in self.passages.all() if one.kind == Passage.Kind.PAID] if self.state == "paid" else []
        return list(paid[-1].retentions.all()) if paid else []

    @property
    def file(self) -> str:
        return self.contract.file

    @property
    def state_title(self) -> Any:
        return INVOICE.label(self.state)

    @property
    def steps(self) -> "list[chains.Step | ChainStep]":
        """Its chain, from the first step to the one that pays."""
        return list(chains.DEFAULT) if self.chain is None else list(self.chain.steps.all())

    @property
    def here(self) -> "chains.Step | ChainStep | None":
        """The step at which it waits; none once it was paid or sent back to the supplier."""
        if self.state not in WAITING:
            return None
        return self.at_step or chains.DEFAULT[0 if self.state == "sent" else 1]

    @property
    def since(self) -> datetime:
        """Since when it is where it is."""
        return self.waiting_since or self.decided_at or self.sent_at

    @property
    def last_passage(self) -> "Passage | None":
        return max(self.passages.all(), key=lambda passage: passage.pk, default=None)

    @property
    def undo_minutes(self) -> int:
        return self.chain.undo_minutes if self.chain else chains.UNDO_MINUTES

    @property
    def holder(self) -> Holder | None:
        """Whose turn it is; nobody's once it is paid."""
        if self.state == "returned":
            return Holder(self.supplier.name, self.decided_at or self.sent_at)
        if (step := self.here) is None:
            return None
        return Holder(chains.owner_of(step, self.contract), self.since, chains.due_at(self.since, step.term_days))


class Passage(models.Model):
    """What was done with an invoice at one step. Nothing erases it: what is taken back is another passage."""

    class Kind(models.TextChoices):
        APPROVED = "approved", _("Approved")
        ENDORSED = "endorsed", _("Approved by the first of two people")
        SENT_BACK = "sent_back", _("Sent back to an earlier step")
        RETURNED = "returned", _("Sent back to be mended")
        PAID = "paid", _("Paid")
        UNDONE = "undone", _("Taken back by whoever did it")
        CORRECTED = "corrected", _("Corrected")

    invoice = models.ForeignKey(Invoice, PROTECT, related_name="passages")
    kind = models.CharField(max_length=10, choices=Kind)
    step = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)  # of the step, as it was called then
    to_step = models.PositiveSmallIntegerField(null=True)  # where it went; 0 is the supplier, none is its end
    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=4000, blank=True)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    paid_on = models.DateField(null=True)
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=["sent_back", "returned", "corrected"]) | ~Q(reason=""),
                name="execution_passage_says_why",
            )
        ]

    @property
    def people(self) -> set[int]:
        """Whoever did it, and in whose place."""
        return {self.user_id, *([self.on_behalf_of_id] if self.on_behalf_of_id else [])}


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
    reservations = models.TextField(max_length=8000, blank=True)  # what the contractor does not settle as it accepts

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
        "installment_id", "state", "returned_reason", "decided_by_id", "decided_at", "given_by_id",
        "paid_on", "paid_by_id", "paid_at", "payment_proof_id", "at_step_id", "waiting_since", "withheld_amount",
    ),
)  # fmt: skip
append_only("execution.PaymentChain", except_columns=("is_active",))
append_only("execution.ChainStep")
append_only("execution.Passage")
