"""Files of people or suppliers, read and not yet applied, or applied."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pliego.bulk.states import BATCH
from pliego.kernel.actors import Actor
from pliego.parties.models import Account

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor) -> "BatchQuerySet":
        """Files of people: the account's own. Files of suppliers: the desk's (policy: Act.VIEW)."""
        seen = models.Q(kind=Batch.Kind.SUPPLIERS) if "desk" in actor.platform_roles else models.Q(pk__in=[])
        if actor.account_id is not None and "administrator" in actor.roles:
            seen |= models.Q(account_id=actor.account_id)
        return self.filter(seen)


class Batch(models.Model):
    """`rows` are the values by column; `faults`, row number → sentences. Both as the file had them."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People of the account")
        SUPPLIERS = "suppliers", _("Suppliers")

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, default=BATCH.initial, choices=BATCH.choices)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=dict)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    made = models.JSONField(default=list)  # codes of what applying made

    receipt: "Entry | None" = None

    objects: ClassVar = BatchQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code

    @property
    def has_faults(self) -> bool:
        return bool(self.faults)
