"""What a supplier says of itself: who it is for buyers, what it has done, and what it can do. And its bank account,
which is nobody else's business."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pliego.parties.models import Account

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class Activity(models.TextChoices):
    """The three macro-sectors by which the law measures size (Decreto 1074 de 2015, art. 2.2.1.13.2.2)."""

    MANUFACTURE = "manufacture", _("Manufacture")
    SERVICES = "services", _("Services")
    COMMERCE = "commerce", _("Commerce")


class Profile(models.Model):
    """The commercial profile of a supplier: one per account."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="profile")
    main_category = models.CharField(max_length=8, blank=True)  # UNSPSC
    website = models.URLField(max_length=200, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    activity = models.CharField(max_length=12, choices=Activity.choices, blank=True)
    income_year = models.PositiveSmallIntegerField(null=True)
    income_amount = models.DecimalField(max_digits=20, decimal_places=2, null=True, validators=[MinValueValidator(0)])
    income_currency = models.CharField(max_length=3, default="COP")
    size_basis = models.CharField(max_length=100, blank=True)  # the rule by which account.size was told
    updated_at = models.DateTimeField()

    receipt: "Entry | None" = None

    def __str__(self) -> str:
        return str(self.account)


class Experience(models.Model):
    """A contract that the supplier performed, as its certificate says."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="experiences")
    number = models.PositiveIntegerField()
    client = models.CharField(max_length=200)
    reference = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=500)
    unspsc = ArrayField(models.CharField(max_length=8), default=list)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="COP")
    starts_on = models.DateField()
    ends_on = models.DateField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="suppliers_one_experience_per_number"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="suppliers_experience_dates"
            ),
        ]


class FinancialYear(models.Model):
    """Financial and organisational capacity at a cut-off date (Decreto 1082 de 2015, art. 2.2.1.1.1.5.3)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="financial_years")
    as_of = models.DateField()
    current_assets = models.DecimalField(max_digits=20, decimal_places=2)
    current_liabilities = models.DecimalField(max_digits=20, decimal_places=2)
    total_assets = models.DecimalField(max_digits=20, decimal_places=2)
    total_liabilities = models.DecimalField(max_digits=20, decimal_places=2)
    equity = models.DecimalField(max_digits=20, decimal_places=2)
    operating_profit = models.DecimalField(max_digits=20, decimal_places=2)
    interest = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="COP")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "as_of"], name="suppliers_one_cut_off_per_date")
        ]


class BiddersRegister(models.Model):
    """The supplier's inscription in the Registro Único de Proponentes, with its dates."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="bidders_register")
    number = models.CharField(max_length=20)
    chamber = models.CharField(max_length=100)
    registered_on = models.DateField()
    renewed_on = models.DateField()
    firm_on = models.DateField(null=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")


class BankAccount(models.Model):
    """Where the supplier is paid. Read only by its own people; it is in no event, export, page or answer for others."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="bank_account")
    bank = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[("savings", _("Savings")), ("current", _("Current"))])
    number = models.CharField(max_length=30)
    holder = models.CharField(max_length=200)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()
