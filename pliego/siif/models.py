"""What SIIF said of each budget document, each time that it was read; and the lists that were loaded."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.objections import Text
from pliego.siif.rules import KINDS, ROADS

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
KIND_CHOICES, ROAD_CHOICES = list(KINDS.items()), list(ROADS.items())


class OfEntity(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> "OfEntity":
        """Those of one's own entity (policy: Act.VIEW)."""
        if actor.account_id is None or not actor.roles or not actor.is_buyer:
            return self.none()
        return self.filter(account_id=actor.account_id)


class Load(models.Model):
    """A list that an official downloaded. `faults`: line, number, [[column, sentence]] of what was not taken."""

    code = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KIND_CHOICES)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    taken = models.PositiveIntegerField()
    faults = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    read_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    read_at = models.DateTimeField()

    receipt: "Entry | None" = None
    objects: ClassVar = OfEntity.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("siif:load", args=[self.code])


class Reading(models.Model):
    """One reading of one document. The newest is what is shown; the others stay."""

    account = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KIND_CHOICES)
    number = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    pci = models.CharField(max_length=20)
    is_known = models.BooleanField(default=True)
    issued_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    balance = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    used = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    expense_type = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=60, blank=True)
    certificate = models.CharField(max_length=60, blank=True)  # of a commitment: from which certificate it comes
    road = models.CharField(max_length=4, choices=ROAD_CHOICES)
    load = models.ForeignKey(Load, PROTECT, null=True, related_name="readings")
    read_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    read_at = models.DateTimeField()

    objects: ClassVar = OfEntity.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["account", "kind", "number", "year", "-id"], name="siif_newest_of_document")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_known=False) | Q(amount__gte=0), name="siif_known_has_an_amount"),
            models.CheckConstraint(
                condition=Q(road="file", load__isnull=False) | Q(road="rest", load__isnull=True),
                name="siif_a_file_has_its_load",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} ({self.year})"

    @property
    def kind_title(self) -> Text:
        return KINDS[self.kind]

    @property
    def road_title(self) -> Text:
        return ROADS[self.road]


append_only("siif.Load")
append_only("siif.Reading")
