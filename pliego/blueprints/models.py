"""The templates of an entity and each of their versions."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from pliego.blueprints.states import BLUEPRINT
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.methods import catalogue

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class BlueprintQuerySet(models.QuerySet["Blueprint"]):
    def visible_to(self, actor: Actor) -> "BlueprintQuerySet":
        """Those that Act.VIEW allows: of one's own account."""
        if actor.is_system:
            return self.all()
        return self.filter(account_id=actor.account_id) if actor.account_id and actor.roles else self.none()


class Blueprint(models.Model):
    """A template of a pliego (plantilla). What it says now is what its last version says."""

    account = models.ForeignKey("parties.Account", PROTECT, related_name="blueprints")
    code = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=20, choices=BLUEPRINT.choices, default=BLUEPRINT.initial)
    name = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    methods = ArrayField(models.CharField(max_length=60), default=list)  # those that it fits
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()

    receipt: "Entry | None" = None
    objects = BlueprintQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["account", "state"], name="blueprints_by_account")]

    def __str__(self) -> str:
        return self.name

    @property
    def state_title(self) -> Any:
        return BLUEPRINT.label(self.state)

    @property
    def method_titles(self) -> str:
        return ", ".join(map(catalogue.title, self.methods))


class BlueprintVersion(models.Model):
    """What a template said from then on: never changed. `sections` is {code: content}; the envelopes of its questions
    are those of `method`. `made_from` is the process that it was made from, or nothing when it came in a file."""

    blueprint = models.ForeignKey(Blueprint, PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    methods = ArrayField(models.CharField(max_length=60), default=list)
    method = models.CharField(max_length=60)
    method_version = models.CharField(max_length=20)
    sections = models.JSONField(default=dict)
    made_from = models.CharField(max_length=24, blank=True)
    made_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blueprint", "number"], name="blueprints_one_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


append_only("blueprints.BlueprintVersion")
