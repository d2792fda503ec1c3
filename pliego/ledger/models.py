"""The log of acts: what was done, the tree over it, and the heads that were signed."""

import json
import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.kernel.events import title_of
from pliego.kernel.integrity import append_only
from pliego.kernel.objections import Text

HASH = 32
ENOUGH = 2  # witnesses, for a receipt to rest on a head that they cosigned, and for a reinforced opening


class EntryQuerySet(models.QuerySet["Entry"]):
    def disclosed(self) -> "EntryQuerySet":
        """Acts whose text is public."""
        return self.filter(Q(is_public=True) | Q(disclosed_at__isnull=False))

    def visible_to(self, actor: Actor) -> "EntryQuerySet":
        """Public acts, and those that the actor did or that were done for the actor's account."""
        if actor.is_system:
            return self.all()
        seen = Q(is_public=True) | Q(disclosed_at__isnull=False)
        if actor.user_id is not None:
            seen |= Q(actor_user_id=actor.user_id) | Q(file=f"persona:{actor.user_code}")
        if actor.account_id is not None:
            seen |= Q(account_id=actor.account_id)
        return self.filter(seen)

    def of_file(self, file: str) -> "EntryQuerySet":
        return self.filter(file=file).order_by("folio")

    def sequenced(self) -> "EntryQuerySet":
        return self.filter(index__isnull=False)


class Entry(models.Model):
    """One act. `body` is its canonical JSON and `leaf` the RFC 6962 leaf hash of exactly those bytes."""

    code = models.CharField(max_length=20, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    file = models.CharField(max_length=120)
    folio = models.PositiveIntegerField()
    previous = models.BinaryField(max_length=HASH)  # leaf of the file's last act; empty for the first
    act = models.CharField(max_length=80)
    at = models.DateTimeField()
    body = models.TextField()
    leaf = models.BinaryField(max_length=HASH)
    is_public = models.BooleanField()
    disclosed_at = models.DateTimeField(null=True)
    actor_user_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField()
    documents = ArrayField(models.CharField(max_length=64), default=list)
    index = models.BigIntegerField(null=True, unique=True)  # place in the tree, given once by the sequencer

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "folio"], name="ledger_one_act_per_folio"),
            models.CheckConstraint(condition=Q(folio__gte=1), name="ledger_folio_from_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="ledger_entry_pending", condition=Q(index__isnull=True)),
            models.Index(fields=["act", "at"], name="ledger_entry_act_at"),
            models.Index(fields=["account_id", "at"], name="ledger_entry_account_at"),
            models.Index(fields=["actor_user_id", "at"], name="ledger_entry_person_at"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> Text:
        return title_of(self.act)

    @property
    def url(self) -> str:
        return f"/recibos/{self.code}/"

    @property
    def is_disclosed(self) -> bool:
        return self.is_public or self.disclosed_at is not None

    @property
    def is_sequenced(self) -> bool:
        return self.index is not None

    @property
    def leaf_hex(self) -> str:
        return bytes(self.leaf).hex()

    @cached_property
    def content(self) -> dict[str, Any]:
        """The body, read."""
        return json.loads(self.body)

    @property
    def who(self) -> dict[str, Any]:
        return self.content["who"]

    @property
    def who_name(self) -> str:
        """Who did the act, and in whose place when it was by delegation."""
        given = self.who.get("by_delegation_of")
        if not given:
            return str(self.who["name"])
        return _("%(name)s, by delegation of %(grantor)s") % {"name": self.who["name"], "grantor": given["name"]}

    def can_be_seen_by(self, actor: Actor) -> bool:
        """The same answer as `visible_to`, for one entry in hand."""
        return (
            actor.is_system
            or self.is_disclosed
            or (actor.user_id is not None and self.actor_user_id == actor.user_id)
            or (actor.user_id is not None and self.file == f"persona:{actor.user_code}")
            or (actor.account_id is not None and self.account_id == actor.account_id)
        )


class FileHead(models.Model):
    """The last act of each file; its row is the lock that gives consecutive folios."""

    file = models.CharField(max_length=120, primary_key=True)
    folio = models.PositiveIntegerField()
    last = models.BinaryField(max_length=HASH)


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree (C2SP tlog-tiles)."""

    level = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    data = models.BinaryField(max_length=256 * HASH)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "n"], name="ledger_one_tile_per_place")]


class Checkpoint(models.Model):
    """A signed head of the tree, as the signer published it."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=HASH)
    note = models.TextField()
    vkey = models.CharField(max_length=200)  # of the key that signed it
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.size}"


class WitnessQuerySet(models.QuerySet["Witness"]):
    def active(self) -> "WitnessQuerySet":
        return self.filter(retired_at__isnull=True)


class Witness(models.Model):
    """An outside party that looks at each head and signs that it follows from all that it saw before."""

    name = models.CharField(max_length=100, unique=True)  # of its key
    vkey = models.CharField(max_length=200, unique=True)
    institution = models.CharField(max_length=200)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects = WitnessQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """The signature of a witness under a head. The hour in it is the witness's word; `received_at` is ours."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures")
    size = models.BigIntegerField()  # of the head: so is one found without reading the others
    place = models.PositiveSmallIntegerField()  # of its witness among those of that head, in the order of arrival
    cosigned_at = models.DateTimeField()
    line = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["checkpoint", "witness", "cosigned_at"], name="ledger_one_cosignature_a_second"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["size", "witness"], name="ledger_cosigned_by_size"),
            models.Index(fields=["witness", "size"], name="ledger_cosigned_by_witness"),
            models.Index(fields=["size"], name="ledger_witnessed_heads", condition=Q(place__gte=ENOUGH)),
        ]

    def __str__(self) -> str:
        return f"{self.witness_id} {self.checkpoint_id}"


append_only("ledger.Entry", except_columns=("index", "disclosed_at"))
append_only("ledger.Checkpoint")
append_only("ledger.Witness", except_columns=("retired_at",))
append_only("ledger.Cosignature")
