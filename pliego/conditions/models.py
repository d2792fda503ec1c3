"""The tables of this room: who asked in time to limit a process to small firms, and how each lot stands."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models

from pliego.conditions.mipyme import SCOPES
from pliego.conditions.states import LOT
from pliego.kernel.money import MoneyProperty, amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PROTECT = models.PROTECT


class LimitationRequest(models.Model):
    """A supplier that asked, before its date, to limit the process to Mipymes."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="limitation_requests")
    number = models.PositiveIntegerField()
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    scope = models.CharField(max_length=12, choices=SCOPES)
    size = models.CharField(max_length=20, blank=True)  # as its profile had it then; empty: it declared itself a Mipyme
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="conditions_one_request_per_supplier"),
            models.UniqueConstraint(fields=["tender", "number"], name="conditions_one_request_number"),
        ]


class Lot(models.Model):
    """A lot of a process and how it stands. What it says is the section's, which writes it here whenever it is put;
    a lot that an amendment took out stays as it was, cancelled."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="lots")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    value_amount = amount_field(null=True)
    value_currency = currency_field()
    state = models.CharField(max_length=12, choices=LOT.choices, default=LOT.initial)

    value = MoneyProperty("value")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="conditions_one_lot_number"),
            models.CheckConstraint(condition=models.Q(value_amount__gte=0), name="conditions_lot_value_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def state_title(self) -> Any:
        return LOT.label(self.state)
