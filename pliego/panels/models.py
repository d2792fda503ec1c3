"""Who evaluates a process and by which act, what they declare, and what is said against them. Nothing is deleted."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.panels.rules import ROLES
from pliego.panels.states import IMPEDIMENT, MEMBER

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
TENDER = "tendering.Tender"


class Appointment(models.Model):
    """An act that appoints or relieves evaluators, with the number and date that the entity gave it."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="panel_acts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[("appoint", "appoint"), ("relieve", "relieve")])
    act_number = models.CharField(max_length=60)
    act_on = models.DateField()
    reason = models.TextField(max_length=4000, blank=True)
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="panels_one_act_per_number"),
            models.CheckConstraint(condition=~Q(kind="relieve", reason=""), name="panels_reliefs_have_reasons"),
        ]


class Member(models.Model):
    """An official by their user, or a person from outside, who answers through a signed link."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="panel_members")
    number = models.PositiveIntegerField()
    user = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=250)
    email = models.EmailField(blank=True)  # of outsiders; neither it nor the document is ever public
    document_type = models.CharField(max_length=4, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=12, choices=list(ROLES.items()))
    since_on = models.DateField()
    appointed_by = models.ForeignKey(Appointment, PROTECT, related_name="appointed")
    state = models.CharField(max_length=10, choices=MEMBER.choices, default=MEMBER.initial)
    relieved_by = models.ForeignKey(Appointment, PROTECT, null=True, related_name="relieved")
    relieved_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="panels_one_member_per_number"),
            models.UniqueConstraint(
                fields=["tender", "user"], condition=Q(state="serving"), name="panels_one_seat_per_person"
            ),
            models.UniqueConstraint(
                fields=["tender"], condition=Q(state="serving", role="president"), name="panels_one_president"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email="") & ~Q(document_number=""),
                name="panels_outsiders_are_fully_named",
            ),
            models.CheckConstraint(
                condition=Q(state="serving", relieved_by__isnull=True) | Q(state="relieved", relieved_by__isnull=False),
                name="panels_relieved_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_title(self) -> Any:
        return ROLES[self.role]

    @property
    def state_title(self) -> Any:
        return MEMBER.label(self.state)

    @property
    def buyer_id(self) -> int:
        return self.tender.buyer_id

    @property
    def outside_code(self) -> str:
        """Who the ledger says that acted, of somebody without a user."""
        return f"{self.tender.code}/evaluador/{self.number}"

    def is_waiting(self) -> bool:
        """Whether an impediment or recusal of theirs waits for its decision: until then they do not evaluate."""
        return any(row.state == "waiting" for row in self.impediments.all())

    def has_declared(self, about: str) -> bool:
        """Whether they have declared on that: what is declared on the bidders covers what is general."""
        return any(row.about in {about, "bidders"} for row in self.declarations.all())


class Impediment(models.Model):
    """Why a member should not evaluate: declared by them, or put by a supplier (recusal); with its decision."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="impediments")
    number = models.PositiveIntegerField()
    member = models.ForeignKey(Member, PROTECT, related_name="impediments")
    kind = models.CharField(max_length=10, choices=[("declared", "declared"), ("recusal", "recusal")])
    supplier = models.ForeignKey("parties.Account", PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=4000)
    raised_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True)  # only of a recusal
    accepts = models.BooleanField(null=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True)
    decision_due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=IMPEDIMENT.choices, default=IMPEDIMENT.initial)
    decision = models.TextField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="panels_one_impediment_per_number"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="waiting"), name="panels_one_impediment_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~Q(decision="") & Q(decided_at__isnull=False),
                name="panels_decisions_have_reasons",
            ),
        ]

    @property
    def buyer_id(self) -> int:
        return self.tender.buyer_id

    @property
    def state_title(self) -> Any:
        return IMPEDIMENT.label(self.state)

    @property
    def is_recusal(self) -> bool:
        return self.kind == "recusal"

    @property
    def legal_basis(self) -> str:
        panel = self.tender.rulebook.panel
        return panel.recusal_legal_basis if panel else ""

    @property
    def due_at(self) -> datetime:
        """Until when somebody must do what comes next."""
        awaits = self.answer_due_at is not None and self.answered_at is None
        return self.answer_due_at if awaits and self.answer_due_at else self.decision_due_at


class Declaration(models.Model):
    """What a member declared of their interests: in general, or against the list of bidders. Never changed."""

    member = models.ForeignKey(Member, PROTECT, related_name="declarations")
    about = models.CharField(max_length=10, choices=[("general", "general"), ("bidders", "bidders")])
    impediment = models.OneToOneField(Impediment, PROTECT, null=True, related_name="declaration")
    declared_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]

    @property
    def has_conflict(self) -> bool:
        return self.impediment_id is not None


def outsider(member: Member) -> Actor:
    """Who acts when somebody from outside answers through their link."""
    return Actor(user_code=member.outside_code, name=member.name)


append_only("panels.Appointment")
append_only("panels.Declaration")
append_only("panels.Member", except_columns=("state", "relieved_by_id", "relieved_at"))
append_only(
    "panels.Impediment",
    except_columns=(
        "accepts", "answer", "answered_at", "decision_due_at", "state", "decision", "decided_by_id", "decided_at",
    ),
)  # fmt: skip
