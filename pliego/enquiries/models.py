"""Observations to the pliego and their answers."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pliego.enquiries.states import ENQUIRY
from pliego.tendering.sections import title_of

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
    state = models.CharField(max_length=20, choices=ENQUIRY.choices, default=ENQUIRY.initial)
    text = models.TextField(max_length=4000)
    # What it is about: a document or a section of the pliego, and the place in it, in the words of whoever asks.
    document = models.ForeignKey("tendering.TenderDocument", PROTECT, null=True, related_name="+")
    section = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=8000, blank=True)
    answered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_with = ArrayField(models.PositiveIntegerField(), default=list, blank=True)  # the others of a joint answer

    receipt: "Entry | None" = None

    class Meta:
        db_table = "tendering_enquiry"  # where it was born
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_enquiry"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True) | Q(state="answered", answered_at__isnull=False),
                name="enquiries_answered_has_a_date",
            ),
        ]

    @property
    def by_entity(self) -> bool:
        """Whether the entity itself made it, to explain something to everybody."""
        return self.account_id == self.tender.buyer_id

    @property
    def about(self) -> str:
        """What it is about, in words; empty when it is about the process as a whole."""
        document = self.document.title if self.document else ""
        return " · ".join(part for part in (document, str(title_of(self.section)), self.place) if part)
