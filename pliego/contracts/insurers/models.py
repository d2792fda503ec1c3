"""What was asked of the insurer of a guarantee, and what it answered."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.contracts.states import INQUIRY
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
DAYS = 15  # for which the link takes an answer


class InsurerInquiryQuerySet(models.QuerySet["InsurerInquiry"]):
    def visible_to(self, actor: Actor) -> "InsurerInquiryQuerySet":
        """Of the entity that asked (policy: InquiryAct.VIEW); the insurer comes by its link."""
        if actor.account_id is None or not actor.roles:
            return self.none()
        return self.filter(guarantee__contract__buyer_id=actor.account_id)


class InsurerInquiry(models.Model):
    """A question to one address about one guarantee; it is answered once."""

    guarantee = models.ForeignKey("contracts.Guarantee", PROTECT, related_name="inquiries")
    number = models.PositiveIntegerField()
    email = models.EmailField()
    state = models.CharField(max_length=10, choices=INQUIRY.choices, default=INQUIRY.initial)
    asked_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    receipt: "Entry | None" = None
    objects: ClassVar = InsurerInquiryQuerySet.as_manager()

    class Meta:
        app_label = "contracts"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guarantee", "number"], name="contracts_one_inquiry_number"),
            models.UniqueConstraint(
                fields=["guarantee"], condition=Q(state="asked"), name="contracts_one_waiting_inquiry"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "lapsed"]) | (Q(answered_at__isnull=False) & ~Q(name="")),
                name="contracts_inquiry_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="denied") | ~Q(note=""), name="contracts_inquiry_denied_why"),
        ]

    def __str__(self) -> str:
        return f"{self.guarantee_id} {self.number}"

    @property
    def state_title(self) -> Any:
        return INQUIRY.label(self.state)

    @property
    def outside_code(self) -> str:
        """How the ledger calls whoever answers by the link."""
        return f"aseguradora-{self.pk}"

    @property
    def until(self) -> datetime:
        return self.asked_at + timedelta(days=DAYS)

    def is_open(self, at: datetime) -> bool:
        """Whether its link still takes an answer."""
        return self.state == "asked" and at < self.until


append_only("contracts.InsurerInquiry", except_columns=("state", "answered_at", "name", "position", "note"))
