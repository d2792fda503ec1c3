"""The directory: a line for every active account, made from what parties and suppliers know; and suppliers' interests.

Lines are a projection: `pliego directory rebuild` makes them all again.
"""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models

from pliego.kernel.actors import Actor
from pliego.parties.models import Account

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class Line(models.Model):
    """An account as the directory shows and finds it. `doc` holds its folded words and its filter tokens (words.py).

    `number` is a NIT; the document of a natural person is never here.
    """

    account_id = models.BigIntegerField(unique=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=60, blank=True)
    sort_name = models.CharField(max_length=250)
    number = models.CharField(max_length=20, blank=True)
    check_digit = models.PositiveSmallIntegerField(null=True)
    is_buyer = models.BooleanField()
    is_supplier = models.BooleanField()
    is_suspended = models.BooleanField(default=False)
    kind = models.CharField(max_length=24)
    size = models.CharField(max_length=8, blank=True)
    department = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(max_length=5, blank=True)
    unspsc = ArrayField(models.CharField(max_length=8), default=list)
    registered_at = models.DateTimeField()
    doc = SearchVectorField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["doc"], fastupdate=False, name="directory_line_doc"),
            models.Index(fields=["sort_name", "id"], name="directory_line_name"),
            models.Index(fields=["department", "sort_name", "id"], name="directory_line_place"),
            models.Index(fields=["number"], name="directory_line_number", condition=~models.Q(number="")),
        ]

    def __str__(self) -> str:
        return self.name


class InterestQuerySet(models.QuerySet["Interest"]):
    def visible_to(self, actor: Actor) -> "InterestQuerySet":
        """What a supplier looks for is its own business (policy: Act.VIEW)."""
        if actor.is_system:
            return self.all()
        return self.filter(account_id=actor.account_id) if actor.account_id is not None else self.none()


class Interest(models.Model):
    """What a supplier wants to hear of: goods and services by UNSPSC at any level, perhaps only in some departments."""

    code = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="interests")
    title = models.CharField(max_length=120)
    unspsc = ArrayField(models.CharField(max_length=8, validators=[RegexValidator(r"^(\d\d){1,4}$")]))
    departments = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    receipt: "Entry | None" = None
    objects: ClassVar = InterestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "title"], name="directory_one_interest_per_title"),
            models.CheckConstraint(condition=models.Q(unspsc__len__gte=1), name="directory_interest_has_codes"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["unspsc"], name="directory_interest_codes", condition=models.Q(is_active=True))
        ]

    def __str__(self) -> str:
        return self.title
