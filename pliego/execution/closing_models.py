"""The record with which the file of a contract is closed."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class Closing(models.Model):
    """What was verified when the file was closed, each condition as it stood, and the record that says so."""

    contract = models.OneToOneField("contracts.Contract", PROTECT, related_name="closing")
    conditions = models.JSONField()  # [{title, detail, since}], in Spanish, as the record has them
    disposal = models.TextField(max_length=4000, blank=True)  # final disposal and environmental recovery
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    closed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    closed_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"closing of {self.contract_id}"


append_only("execution.Closing")
