"""Observations to the pliego and their answers."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class Enquiry(models.Model):
    """A question about the pliego and its answer; both public, the question from the moment it is asked."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="enquiries")
    code = models.CharField(max_length=24, unique=True)
    number = models.PositiveIntegerField()
    account = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    asked_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=8000, blank=True)
    answered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        db_table = "tendering_enquiry"  # where it was born
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_enquiry")]
