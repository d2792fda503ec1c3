"""The one table of this room: who asked in time to limit a process to small firms."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from pliego.conditions.mipyme import SCOPES

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
