"""What a contract delivers: its plan, each delivery with its reception, and the documents that both sides load."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.execution import deliveries
from pliego.execution.deliveries import Mode, Slot
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class ExecutionPlan(models.Model):
    """How the execution of a contract is followed, and the advance that was agreed."""

    contract = models.OneToOneField("contracts.Contract", PROTECT, related_name="execution_plan")
    mode = models.CharField(max_length=10, choices=Mode)
    advance_amount = amount_field(default=0)
    currency = currency_field()
    set_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    set_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(advance_amount__gte=0), name="execution_advance_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.mode}"


class Delivery(models.Model):
    """Something that the contractor delivers: planned, or received without having been planned."""

    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="deliveries")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    is_planned = models.BooleanField(default=True)
    due_on = models.DateField(null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # done by then, from the start
    articles = models.JSONField(default=dict)  # {number of the line: quantity}
    received_on = models.DateField(null=True)
    received_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    received_articles = models.JSONField(default=dict)
    remarks = models.TextField(max_length=4000, blank=True)
    received_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="execution_one_delivery_number"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_by__isnull=True)
                | Q(received_on__isnull=False, received_by__isnull=False, received_at__isnull=False),
                name="execution_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_planned=True) | Q(received_on__isnull=False), name="execution_unplanned_is_received"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def is_received(self) -> bool:
        return self.received_on is not None

    @property
    def reached(self) -> Decimal | None:
        """The percentage done with it: the real one once it was received."""
        return self.percent if self.received_percent is None else self.received_percent

    @property
    def planned_articles(self) -> dict[int, Decimal]:
        return quantities(self.articles)

    @property
    def had_articles(self) -> dict[int, Decimal]:
        return quantities(self.received_articles)

    @property
    def shown_articles(self) -> str:
        return deliveries.shown_articles(self.had_articles or self.planned_articles)

    def is_late(self, today: date) -> bool:
        return not self.is_received and self.due_on is not None and self.due_on < today


class Paper(models.Model):
    """A document of a delivery, in its slot and for its period. What one side loaded the other sees, not deletes."""

    delivery = models.ForeignKey(Delivery, PROTECT, related_name="papers")
    slot = models.CharField(max_length=16, choices=Slot)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    account = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    loaded_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    loaded_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_to__gte=models.F("period_from")),
                name="execution_paper_has_a_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.document_id}"


def quantities(kept: dict[str, Any]) -> dict[int, Decimal]:
    return {int(line): Decimal(quantity) for line, quantity in kept.items()}


append_only("execution.Paper")
