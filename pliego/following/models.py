"""Who follows which process, and how they want to hear. Private: only they see it."""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.following.table import DELIVERIES
from pliego.kernel.actors import Actor


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class FollowQuerySet(models.QuerySet["Follow"]):
    def visible_to(self, actor: Actor) -> "FollowQuerySet":
        """One's own (policy: OwnAct.VIEW)."""
        return self.filter(user_id=actor.user_id) if actor.user_id is not None else self.none()

    def of_reader(self, user_id: int | None, address: str) -> "FollowQuerySet":
        """Everything that one person, or one address, follows."""
        return self.filter(user_id=user_id) if user_id is not None else self.filter(user__isnull=True, address=address)

    def in_force(self) -> "FollowQuerySet":
        """Those of people, and those of addresses that were confirmed."""
        return self.filter(confirmed_at__isnull=False)


class Follow(models.Model):
    """A person, or an address whose owner confirmed it, who hears of a process. `secret` is in the links of mails."""

    tender = models.ForeignKey("tendering.Tender", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="follows")
    address = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=5, default="es-co")
    delivery = models.CharField(max_length=8, choices=[(code, row.title) for code, row in DELIVERIES.items()])
    secret = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_up_to = models.BigIntegerField(default=0)  # the last act of the log that a daily mail had told

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "user"], name="following_once_a_person"),
            models.UniqueConstraint(
                fields=["tender", "address"], condition=~Q(address=""), name="following_once_an_address"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, address="", confirmed_at__isnull=False)
                | Q(user__isnull=True) & ~Q(address="") & ~Q(delivery="inbox"),
                name="following_a_person_or_an_address",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["delivery", "tender"], name="following_daily")]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.delivery}"

    @property
    def delivery_title(self) -> Any:
        return DELIVERIES[self.delivery].title

    @property
    def mail_address(self) -> str:
        return self.user.email if self.user else self.address

    @property
    def mail_language(self) -> str:
        return self.user.language if self.user else self.language
