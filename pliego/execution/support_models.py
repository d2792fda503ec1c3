"""What an entity asks with each request of payment, what came with each, and what was withheld of each payment."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from pliego.execution.supports import Concept
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field
from pliego.tendering.codes import CONTRACT_TYPES

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class ChainSupport(models.Model):
    """A document that goes with each request, of contracts of one type or of any; it is of one version of the chain."""

    chain = models.ForeignKey("execution.PaymentChain", PROTECT, related_name="supports")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    contract_type = models.CharField(max_length=40, choices=CONTRACT_TYPES, blank=True)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="execution_one_support_per_number")
        ]

    def __str__(self) -> str:
        return self.title


class InvoiceSupport(models.Model):
    """A document that came with a request. Only the two parties read it; nobody takes it out."""

    invoice = models.ForeignKey("execution.Invoice", PROTECT, related_name="supports")
    number = models.PositiveSmallIntegerField()  # of what was asked for
    title = models.CharField(max_length=200)  # as it was asked for then
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "number"], name="execution_one_support_of_invoice")
        ]

    def __str__(self) -> str:
        return self.title


class Retention(models.Model):
    """A part of a payment that went to somebody else than the contractor: its base, its rate and what they come to. It
    is of the passage that paid: a payment that is corrected keeps its own.
    """

    passage = models.ForeignKey("execution.Passage", PROTECT, related_name="retentions")
    number = models.PositiveSmallIntegerField()
    concept = models.CharField(max_length=10, choices=Concept)
    detail = models.CharField(max_length=200, blank=True)
    base = amount_field()
    rate = models.DecimalField(max_digits=7, decimal_places=4)  # per cent
    amount = amount_field()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["passage", "number"], name="execution_one_retention_number"),
            models.CheckConstraint(
                condition=Q(base__gt=0, rate__gt=0, rate__lte=Decimal(100), amount__gte=0, amount__lte=F("base")),
                name="execution_retention_is_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_concept_display()} {self.rate}"

    @property
    def shown_rate(self) -> str:
        return f"{self.rate.normalize():f}".replace(".", ",")


append_only("execution.ChainSupport")
append_only("execution.InvoiceSupport")
append_only("execution.Retention")
