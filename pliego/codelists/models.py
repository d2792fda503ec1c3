"""Official code lists: goods and services (UNSPSC) and places (DIVIPOLA)."""

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _


class UnspscCode(models.Model):
    """A code of the classification of goods and services. The code says its own level: 2, 4, 6 or 8 digits."""

    class Level(models.IntegerChoices):
        SEGMENT = 2, _("Segment")
        FAMILY = 4, _("Family")
        CLASS = 6, _("Class")
        PRODUCT = 8, _("Product")

    code = models.CharField(max_length=8, primary_key=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    name = models.CharField(max_length=400)
    folded_name = models.CharField(max_length=400)

    class Meta:
        indexes: ClassVar = [models.Index(OpClass("code", "varchar_pattern_ops"), name="codelists_unspsc_prefix")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def padded(self) -> str:
        """The eight digits by which the open data name it."""
        return self.code.ljust(8, "0")


class Department(models.Model):
    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80)
    folded_name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    folded_name = models.CharField(max_length=80)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="municipalities")

    def __str__(self) -> str:
        return self.name


class KnownEntity(models.Model):
    """A row of the official list of state entities: a help to fill in a registration, never a registration itself."""

    code = models.CharField(max_length=40, primary_key=True)  # of the account in the official platform, or the NIT
    number = models.CharField(max_length=10, db_index=True)
    check_digit = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=250)
    folded_name = models.CharField(max_length=250)
    order = models.CharField(max_length=12, blank=True)
    branch = models.CharField(max_length=12, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    sigep_code = models.CharField(max_length=20, blank=True)
    old_code = models.CharField(max_length=40, blank=True)  # of the older platform

    def __str__(self) -> str:
        return self.name

    @property
    def nit(self) -> str:
        return f"{self.number}-{self.check_digit}"
