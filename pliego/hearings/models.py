"""What is held in public about a process: who came, what was said, and the minutes. Nothing said is changed later."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.hearings import occasions
from pliego.hearings.states import HEARING
from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
ACCOUNT, DOCUMENT = "parties.Account", "documents.Document"


class Hearing(models.Model):
    """A hearing or a visit. `occasion` is its date in the schedule, which an addendum may move while it waits."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="hearings")
    number = models.PositiveIntegerField()
    occasion = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[("hearing", "hearing"), ("visit", "visit")])
    title = models.CharField(max_length=200)
    called_for = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=300, blank=True)
    how = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=HEARING.choices, default=HEARING.initial)
    convened_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    development = models.TextField(max_length=20000, blank=True)
    decisions = models.TextField(max_length=20000, blank=True)
    closed_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    record = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="hearings_one_per_number"),
            models.UniqueConstraint(
                fields=["tender", "occasion"], condition=~Q(state="cancelled"), name="hearings_one_per_occasion"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(record__isnull=False, ended_at__isnull=False),
                name="hearings_closed_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.title}"

    @property
    def buyer_id(self) -> int:
        return self.tender.buyer_id

    @property
    def state_title(self) -> Any:
        return HEARING.label(self.state)

    @property
    def begins_at(self) -> datetime:
        """When it began; before that, when the schedule of now says."""
        if self.begun_at is not None:
            return self.begun_at
        found = occasions.one(self.tender, self.occasion)
        return found.begins_at if found else self.called_for

    @property
    def adjournment(self) -> "Adjournment | None":
        """The suspension in force, if there is one."""
        return self.adjournments.filter(resumed_at__isnull=True).last()


class Attendance(models.Model):
    """Who came, from when to when, and for whom. The number of their document is the entity's alone."""

    hearing = models.ForeignKey(Hearing, PROTECT, related_name="attendances")
    number = models.PositiveIntegerField()
    user = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    account = models.ForeignKey(ACCOUNT, PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=250)
    represents = models.CharField(max_length=250, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    registered_by = models.ForeignKey(PERSON, PROTECT, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hearing", "number"], name="hearings_one_attendance_per_number"),
            models.UniqueConstraint(
                fields=["hearing", "user"], condition=Q(left_at__isnull=True), name="hearings_there_once"
            ),
        ]


class Intervention(models.Model):
    """What somebody said, in order, and what the entity answered."""

    hearing = models.ForeignKey(Hearing, PROTECT, related_name="interventions")
    number = models.PositiveIntegerField()
    attendance = models.ForeignKey(Attendance, PROTECT, related_name="+")
    text = models.TextField(max_length=8000)
    is_question = models.BooleanField()
    said_at = models.DateTimeField()
    answer = models.TextField(max_length=8000, blank=True)
    answered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hearing", "number"], name="hearings_one_intervention_per_number")
        ]


class Adjournment(models.Model):
    """A suspension of the hearing, until its new date."""

    hearing = models.ForeignKey(Hearing, PROTECT, related_name="adjournments")
    reason = models.TextField(max_length=4000)
    adjourned_at = models.DateTimeField()
    resumes_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hearing"], condition=Q(resumed_at__isnull=True), name="hearings_one_adjournment"
            )
        ]


class Paper(models.Model):
    """A document shown in the hearing, or that comes with an addition to its minutes."""

    hearing = models.ForeignKey(Hearing, PROTECT, related_name="papers")
    document = models.ForeignKey(DOCUMENT, PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Addition(models.Model):
    """What completes or corrects the minutes: it stands beside them, and they stay as they were signed."""

    hearing = models.ForeignKey(Hearing, PROTECT, related_name="additions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=8000)
    made_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    made_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hearing", "number"], name="hearings_one_addition_per_number")
        ]


append_only(
    "hearings.Hearing",
    except_columns=(
        "state", "begun_at", "ended_at", "development", "decisions", "closed_by_id", "record_id",
    ),
)  # fmt: skip
append_only("hearings.Attendance", except_columns=("left_at",))
append_only("hearings.Intervention", except_columns=("answer", "answered_by_id", "answered_at"))
append_only("hearings.Adjournment", except_columns=("resumed_at",))
append_only("hearings.Paper")
append_only("hearings.Addition")
