"""The record with which a contract starts, signed by its supervisor and by the contractor."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.contracts.states import STANDING_RECORDS, START_RECORD
from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class StartRecord(models.Model):
    """One record. What it says is fixed when it is drawn; another takes its place when something must change."""

    contract = models.ForeignKey("contracts.Contract", PROTECT, related_name="start_records")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=START_RECORD.choices, default=START_RECORD.initial)
    supervisor = models.ForeignKey(PERSON, PROTECT, related_name="+")
    starts_on = models.DateField()
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    drawn_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    objection = models.TextField(max_length=4000, blank=True)

    receipt: "Entry | None" = None

    class Meta:
        app_label = "contracts"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_one_start_record_number"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=STANDING_RECORDS), name="contracts_one_standing_record"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(signed_at__isnull=False, accepted_at__isnull=False, accepted_by__isnull=False),
                name="contracts_start_signed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state="objected") | ~Q(objection=""), name="contracts_start_objected_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} start {self.number}"

    @property
    def state_title(self) -> Any:
        return START_RECORD.label(self.state)


append_only(
    "contracts.StartRecord", except_columns=("state", "signed_at", "accepted_by_id", "accepted_at", "objection")
)
