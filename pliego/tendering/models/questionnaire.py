"""What offers answer to, and the documents of the pliego."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pliego.kernel.money import amount_field, grouped
from pliego.tendering.kinds import ITEM_KINDS, KINDS, Kind, as_number

if TYPE_CHECKING:
    pass

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class QuestionnaireItem(models.Model):
    """What the offer must answer: one numbered question of one envelope."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    envelope = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=ITEM_KINDS)
    title = models.CharField(max_length=300)
    help = models.TextField(max_length=2000, blank=True)
    options = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    columns = models.JSONField(default=list, blank=True)  # of a table: [{"title", "kind"}]
    row_titles = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # none: the bidder adds rows
    is_required = models.BooleanField(default=True)
    is_requirement = models.BooleanField(default=False)
    allows_confidential = models.BooleanField(default=False)
    needs_evidence = models.BooleanField(default=False)  # the answer brings a file
    weight = models.DecimalField(max_digits=7, decimal_places=3, null=True)  # points of the evaluation
    lots = ArrayField(models.PositiveIntegerField(), default=list, blank=True)  # none: all of them

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tender", "number"], name="tendering_one_item_number", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="tendering_item_weighs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def form(self) -> Kind:
        """What its kind says: how it is answered, read and shown."""
        return KINDS[self.kind]

    @property
    def weight_text(self) -> str:
        return "" if self.weight is None else as_number(format(self.weight.normalize(), "f"))


class PriceLine(models.Model):
    """A line of a price list: what is asked and how much of it; offers put the price."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="price_lines")
    item = models.ForeignKey("tendering.QuestionnaireItem", PROTECT, related_name="price_lines")
    number = models.PositiveIntegerField()
    unspsc = models.CharField(max_length=8, blank=True)
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=40)
    reference_price_amount = amount_field(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="tendering_one_price_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tendering_quantity_is_positive"),
        ]

    @property
    def quantity_text(self) -> str:
        """1200.5000 → 1.200,5"""
        whole, _dot, part = format(self.quantity.normalize(), "f").partition(".")
        return grouped(Decimal(whole), decimals=False) + (f",{part}" if part else "")


class PriceLoad(models.Model):
    """A spreadsheet that was read for a price list: its rows, or what is wrong in them. Nothing of it counts until
    somebody has seen what it would change; the next one takes its place.
    """

    item = models.OneToOneField("tendering.QuestionnaireItem", PROTECT, related_name="load")
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=200)
    text = models.TextField(blank=True)  # what was pasted, to be mended
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    ignored = ArrayField(models.CharField(max_length=200), default=list)
    read_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    read_at = models.DateTimeField()


class TenderDocument(models.Model):
    """A document of the pliego. `kind` is a required document of the method or a kind of the list of documents;
    `amendment` is the one that brought it in."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="documents")
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    amendment = models.ForeignKey("tendering.Amendment", PROTECT, null=True, related_name="documents")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "document"], name="tendering_document_once")]
