"""What changes a public process: addenda, suspensions, and each version of the pliego."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.kernel.integrity import append_only
from pliego.tendering import sections
from pliego.tendering.codes import AMENDMENT_KINDS
from pliego.tendering.states import AMENDMENT, RUNNING, TENDER

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class Amendment(models.Model):
    """An addendum: changes to any section of the pliego, its dates or its documents, written by one person and
    published by another. A correction mends a `defect` of the procedure; a resumption moves the dates after a
    suspension, by one signature.

    `changes` is `{"milestones": {code: {"before": iso, "after": iso}}, "sections": {code: {"before": content, "after":
    content}}, "documents": [{"title", "kind", "sha256"}], "binds": bool}`.
    """

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="amendments")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=AMENDMENT_KINDS, default="addendum", db_default="addendum")
    reason = models.TextField(max_length=4000)
    defect = models.TextField(max_length=4000, blank=True, default="", db_default="")  # what a correction mends
    changes = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=AMENDMENT.choices, default=AMENDMENT.initial)
    stage = models.CharField(max_length=40, blank=True)  # the stage that this act opens; none in an addendum
    prepared_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_amendment_number"),
            models.UniqueConstraint(
                fields=["tender"],
                condition=Q(state="draft") & ~Q(kind="resumption"),
                name="tendering_one_amendment_in_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(kind="resumption") | ~Q(approved_by=models.F("prepared_by")),
                name="tendering_amendment_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction") ^ Q(defect=""), name="tendering_corrections_say_the_defect"
            ),
        ]

    @property
    def state_title(self) -> Any:
        return AMENDMENT.label(self.state)

    @property
    def binds(self) -> bool:
        """Whether it affects the offers, by what its writer said or by the sections that it changes."""
        changed = self.changes.get("sections", {})
        return bool(self.changes.get("binds")) or any(sections.get(code).binds for code in changed)

    @property
    def stage_title(self) -> str:
        """The stage that this act opens, by name; nothing for an addendum."""
        return str(self.tender.rulebook.stage(self.stage).title) if self.stage else ""


class Suspension(models.Model):
    """A time in which no term of the process runs. Half-open: the instant of the suspension is in it, that of the
    resumption is not. `days`: the business days that it took, by which the dates still to come were moved."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="suspensions")
    number = models.PositiveIntegerField()
    came_from = models.CharField(max_length=20, choices=[(code, TENDER.label(code)) for code in RUNNING])
    reason = models.TextField(max_length=4000)
    legal_basis = models.CharField(max_length=300)
    planned_on = models.DateField()
    suspended_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    resumed_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    resumed_at = models.DateTimeField(null=True)
    days = models.PositiveIntegerField(null=True)
    amendment = models.OneToOneField("tendering.Amendment", PROTECT, null=True, related_name="resumption")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_suspension_number"),
            models.UniqueConstraint(
                fields=["tender"], condition=Q(resumed_at__isnull=True), name="tendering_one_suspension_in_force"
            ),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True, days__isnull=True)
                | Q(resumed_at__gte=models.F("suspended_at"), days__isnull=False, resumed_by__isnull=False),
                name="tendering_resumed_after_it_was_suspended",
            ),
        ]


class TenderVersion(models.Model):
    """The whole pliego as it was published: version 1 with the publication, one more with each amendment."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    amendment = models.OneToOneField("tendering.Amendment", PROTECT, null=True, related_name="version")
    snapshot = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_version")]


append_only("tendering.TenderVersion")
