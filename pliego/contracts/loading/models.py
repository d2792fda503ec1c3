"""A spreadsheet of contracts: its rows, what is wrong in each, and the contract that each became."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from pliego.contracts.states import LOAD
from pliego.kernel.actors import Actor

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class ContractLoadQuerySet(models.QuerySet["ContractLoad"]):
    def visible_to(self, actor: Actor) -> "ContractLoadQuerySet":
        """The files of one's own entity (policy: LoadAct.VIEW)."""
        if actor.account_id is None or not actor.roles:
            return self.none()
        return self.filter(buyer_id=actor.account_id)


class ContractLoad(models.Model):
    """A file that was read. Its good rows become drafts one by one; a job that died goes on where it was."""

    code = models.CharField(max_length=24, unique=True)
    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="contract_loads")
    buyer = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    heading = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=LOAD.choices, default=LOAD.initial)
    sends = models.BooleanField(default=False)  # each draft goes to its supplier at once
    read_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    read_at = models.DateTimeField()
    ordered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    touched_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None
    objects: ClassVar = ContractLoadQuerySet.as_manager()

    class Meta:
        app_label = "contracts"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("contracts:load", args=[self.tender.code, self.code])

    @property
    def state_title(self) -> object:
        return LOAD.label(self.state)


class ContractLoadRow(models.Model):
    """`cells` as they came; `values` as they were read; `faults`: the column and the sentence of each."""

    load = models.ForeignKey(ContractLoad, PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    contract = models.OneToOneField("contracts.Contract", PROTECT, null=True, related_name="load_row")
    outcome = models.TextField(blank=True)  # why its contract was not drafted, or not sent

    class Meta:
        app_label = "contracts"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["load", "position"], name="contracts_one_row_per_position")
        ]
