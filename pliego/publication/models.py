"""What the public reads: the search row of every process, its identifiers, its OCDS releases, and the imports.

Everything here is a projection: native rows can be made again from the ledger's acts, imported ones from their files.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from pliego.kernel.integrity import append_only
from pliego.kernel.money import MoneyProperty, amount_field, currency_field


class Process(models.Model):
    """One process as the public searches it. `doc` holds its words and its filter tokens (folding.py)."""

    ocid = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=80, unique=True)
    source = models.CharField(max_length=12)
    reference = models.CharField(max_length=300, blank=True)
    title = models.TextField()
    description = models.TextField(blank=True)
    buyer_name = models.CharField(max_length=300, blank=True)
    buyer_nit = models.CharField(max_length=20, blank=True)
    department = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=60, blank=True)
    method_details = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20)
    state_details = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=200, blank=True, db_default="")  # what is being done, in the source's words
    contract_type = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField()
    value_amount = amount_field(null=True)
    value_currency = currency_field()
    unspsc = models.CharField(max_length=8, blank=True)
    facts = models.TextField(default="{}")
    version = models.BigIntegerField(default=0)
    doc = SearchVectorField()

    value = MoneyProperty("value")

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["doc"], fastupdate=False, name="publication_process_doc"),
            models.Index(F("listed_at").desc(), F("id").desc(), name="publication_process_listed"),
            models.Index(F("department"), F("listed_at").desc(), F("id").desc(), name="publication_process_place"),
            models.Index(F("buyer_nit"), F("listed_at").desc(), F("id").desc(), name="publication_process_buyer"),
            models.Index(fields=["closes_at", "id"], condition=Q(state="open"), name="publication_process_open"),
            models.Index(fields=["version"], name="publication_process_version"),
        ]

    def __str__(self) -> str:
        return self.code


class Identifier(models.Model):
    """Any name by which people know a process. References of entities may repeat; the other kinds name one process."""

    value = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="identifiers")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["value", "process"], name="publication_identifier_once"),
            models.UniqueConstraint(
                fields=["value"], condition=~Q(kind="reference"), name="publication_identifier_names_one"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Release(models.Model):
    """An OCDS release as it was published: the text is written once and never changes."""

    release_id = models.CharField(max_length=120, unique=True)
    ocid = models.CharField(max_length=80, db_index=True)
    tag = models.CharField(max_length=120)
    released_at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return self.release_id


append_only("publication.Release")


class ImportRun(models.Model):
    """One file being loaded, and how far it got: a run that was cut goes on from `offset_bytes`."""

    file_name = models.CharField(max_length=300)
    file_sha256 = models.CharField(max_length=64, db_index=True)
    file_bytes = models.BigIntegerField()
    companions = models.CharField(max_length=300, blank=True)
    layout = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    offset_bytes = models.BigIntegerField(default=0)
    lines = models.BigIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_merged = models.BigIntegerField(default=0)
    rows_unchanged = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    values_left_out = models.BigIntegerField(default=0)
    # Of contracts: literal of the source → stage (or why none is known, with a "?" before it) → rows.
    stages = models.JSONField(default=dict, db_default={})
    happened = models.JSONField(default=dict, db_default={})  # what happened → rows

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    rows_read=F("rows_new") + F("rows_merged") + F("rows_unchanged") + F("rows_refused"),
                ),
                name="publication_importrun_adds_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.started_at:%Y-%m-%d}"


class ImportRejection(models.Model):
    """A row that was not loaded (`field` empty), or one value of a loaded row that was left out, and why."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejections")
    line = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=40)
    value = models.CharField(max_length=300, blank=True)
    raw = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
