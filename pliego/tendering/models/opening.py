"""Who opens the offers, and with which keys."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.tendering.codes import CAPACITIES

if TYPE_CHECKING:
    pass

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
KEEPING = (("passkey", _("a passkey")), ("passphrase", _("a passphrase")), ("other", _("its owner's own means")))


class OpeningKeyQuerySet(models.QuerySet["OpeningKey"]):
    def active_of(self, user_ids: Iterable[int]) -> dict[int, str]:
        """The age recipient now in force of each of those people that has one."""
        return dict(self.filter(user_id__in=list(user_ids), is_active=True).values_list("user_id", "recipient"))

    def on_passkeys(self, user_ids: Iterable[int]) -> set[int]:
        """Those of them whose key in force is kept by a passkey."""
        rows = self.filter(user_id__in=list(user_ids), is_active=True, kept_by="passkey")
        return set(rows.values_list("user_id", flat=True))


class OpeningKey(models.Model):
    """A person's public opening key (an age recipient). The secret half never reaches the platform."""

    user = models.ForeignKey(PERSON, PROTECT, related_name="opening_keys")
    recipient = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)
    # What protects its file, as its owner's browser or its owner says: the platform never sees the file.
    kept_by = models.CharField(max_length=12, choices=KEEPING, blank=True, default="", db_default="")

    objects = OpeningKeyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_active=True), name="tendering_one_active_opening_key"
            )
        ]


class CustodianKeyQuerySet(models.QuerySet["CustodianKey"]):
    def free(self) -> "CustodianKeyQuerySet":
        return self.filter(tender__isnull=True).order_by("number")


class CustodianKey(models.Model):
    """A recipient that the time custodian announced in advance; each process takes the next free one."""

    number = models.PositiveIntegerField(unique=True)
    recipient = models.CharField(max_length=200, unique=True)
    tender = models.OneToOneField("tendering.Tender", PROTECT, null=True, related_name="custodian_key")

    objects = CustodianKeyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]


class OpeningMember(models.Model):
    """Someone who holds a share of the opening. `recipient` is fixed at publication; after it, and until the end of the
    term, only an act that replaces a lost key changes it (`bidding.replacing`)."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="opening_members")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    capacity = models.CharField(max_length=40, choices=CAPACITIES)
    recipient = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "user"], name="tendering_one_seat_per_member"),
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_member_number"),
        ]

    @property
    def capacity_title(self) -> Any:
        return dict(CAPACITIES).get(self.capacity, _("Member"))
