"""A breach of a contract: its report, its hearing, what was decided, and the sanctions that everybody reads."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pliego.breaches import law
from pliego.breaches.rules import KINDS, MEANS, SIDES, SOURCES
from pliego.breaches.states import BREACH, SESSION
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
COLOURS = {
    "reported": "pending",
    "cited": "pending",
    "hearing": "in_progress",
    "decided": "in_progress",
    "appealed": "in_progress",
    "resolved": "in_progress",
    "in_force": "wrong",
    "filed": "closed",
    "ceased": "closed",
    "annulled": "void",
}
DOCUMENT, CONTRACT = "documents.Document", "contracts.Contract"


def numbered(owner: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=[owner, "number"], name=f"breaches_one_number_per_{name}")


class ComplianceCall(models.Model):
    """A call for compliance (requerimiento), and what the contractor answered, once."""

    contract = models.ForeignKey(CONTRACT, PROTECT, related_name="compliance_calls")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=8000)
    clauses = models.TextField(max_length=4000, blank=True)
    due_at = models.DateTimeField()
    document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(max_length=8000, blank=True)
    answer_document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [numbered("contract", "call")]


class BreachQuerySet(models.QuerySet["Breach"]):
    def visible_to(self, actor: Actor) -> "BreachQuerySet":
        """The parties', the contractor from the citation on (BreachAct.VIEW). In force, sanctions are all's."""
        if actor.is_system:
            return self.all()
        if actor.account_id is None or not actor.roles:
            return self.none()
        cited = Q(contract__supplier_id=actor.account_id, cited_at__isnull=False)
        return self.filter(Q(contract__buyer_id=actor.account_id) | cited)


class Breach(models.Model):
    """One procedure of Ley 1474 de 2011, art. 86. The report stays as it came; the citation has its own words."""

    contract = models.ForeignKey(CONTRACT, PROTECT, related_name="breaches")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=BREACH.choices, default=BREACH.initial)
    source = models.CharField(max_length=12, choices=list(SOURCES.items()))
    author_name = models.CharField(max_length=250, blank=True)
    facts = models.TextField(max_length=20_000)
    clauses = models.TextField(max_length=8000)
    proofs = models.TextField(max_length=8000)
    report = models.ForeignKey(DOCUMENT, PROTECT, related_name="+")
    reported_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    cited_facts = models.TextField(max_length=20_000, blank=True)
    cited_clauses = models.TextField(max_length=8000, blank=True)
    consequences = ArrayField(models.CharField(max_length=10, choices=law.CHOICES), default=list)
    citation = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    cited_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    cited_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(max_length=8000, blank=True)
    ended_document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None
    objects: ClassVar = BreachQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            numbered("contract", "breach"),
            models.CheckConstraint(
                condition=Q(cited_at__isnull=True) | Q(citation__isnull=False, cited_by__isnull=False),
                name="breaches_cited_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.number}"

    @property
    def file(self) -> str:
        return self.contract.file

    @property
    def state_title(self) -> Any:
        return BREACH.label(self.state)

    @property
    def colour(self) -> str:
        """As which state of all rooms its mark is drawn."""
        return COLOURS[self.state]

    @property
    def sitting(self) -> "Session | None":
        """The session that is being held."""
        return next((row for row in self.sessions.all() if row.state == "open"), None)

    @property
    def next_session(self) -> "Session | None":
        return next((row for row in self.sessions.all() if row.state == "called"), None)

    @property
    def decision(self) -> "Decision | None":
        """What counts now: that of the appeal, where there was one."""
        return max(self.decisions.all(), key=lambda row: row.pk, default=None)

    @property
    def imposed(self) -> dict[str, Decimal | None]:
        return self.decision.imposed if self.decision else {}


class Guarantor(models.Model):
    """Whoever guarantees the contract, called in the same way; without account here, told by mail."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="guarantors")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=250)
    policy_number = models.CharField(max_length=60, blank=True)
    email = models.EmailField(max_length=254)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [numbered("breach", "guarantor")]


class Session(models.Model):
    """A sitting of the hearing. A suspended one is followed by another, already called; each has its minutes."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=SESSION.choices, default=SESSION.initial)
    called_for = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=300, blank=True)
    how = models.TextField(max_length=2000, blank=True)
    called_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=4000, blank=True)  # why it was suspended or moved
    development = models.TextField(max_length=20_000, blank=True)
    record = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            numbered("breach", "session"),
            models.UniqueConstraint(
                fields=["breach"], condition=Q(state__in=["called", "open"]), name="breaches_one_session_to_hold"
            ),
        ]

    @property
    def state_title(self) -> Any:
        return SESSION.label(self.state)


class Attendance(models.Model):
    """Who came to a session, and on which side. The number of their document is the entity's alone."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="attendances")
    session = models.ForeignKey(Session, PROTECT, related_name="attendances")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=list(SIDES.items()))
    name = models.CharField(max_length=250)
    capacity = models.CharField(max_length=250, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    came_at = models.DateTimeField()
    registered_by = models.ForeignKey(PERSON, PROTECT, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            numbered("breach", "attendance"),
            models.UniqueConstraint(fields=["session", "user"], name="breaches_there_once"),
        ]


class Statement(models.Model):
    """What a side said or wrote: pleas, interventions, closing arguments, appeal. It never changes."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="statements")
    session = models.ForeignKey(Session, PROTECT, null=True, related_name="statements")  # none: in writing, before
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=list(SIDES.items()))
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    name = models.CharField(max_length=250)
    text = models.TextField(max_length=20_000)
    document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    written_by = models.ForeignKey(PERSON, PROTECT, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [numbered("breach", "statement")]


class Evidence(models.Model):
    """Evidence that a side asked for or brought, whether it was admitted and why, and what it gave."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="evidence_asked")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=list(SIDES.items()))
    text = models.TextField(max_length=4000)
    purpose = models.TextField(max_length=4000)
    document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_admitted = models.BooleanField(null=True)
    reason = models.TextField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    result = models.TextField(max_length=8000, blank=True)
    result_document = models.ForeignKey(DOCUMENT, PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            numbered("breach", "evidence"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(is_admitted=True), name="breaches_only_admitted_is_taken"
            ),
        ]


class Decision(models.Model):
    """A reasoned resolution: that of the hearing, or that of the appeal."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="decisions")
    is_of_appeal = models.BooleanField()
    number = models.CharField(max_length=60)
    grounds = models.TextField(max_length=20_000)
    measures = models.JSONField(default=dict)  # {code: amount as text, or ""}
    document = models.ForeignKey(DOCUMENT, PROTECT, related_name="+")
    made_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    made_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "is_of_appeal"], name="breaches_one_decision_of_each")
        ]

    @property
    def imposed(self) -> dict[str, Decimal | None]:
        return {code: Decimal(text) if text else None for code, text in self.measures.items()}

    @property
    def told(self) -> list[tuple[law.Measure, Decimal | None]]:
        return [(law.MEASURES[code], amount) for code, amount in self.imposed.items()]


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def shown_on(self, day: date) -> "SanctionQuerySet":
        """What everybody reads on that day."""
        return self.filter(annulled_at=None, shown_until__gte=day)

    def standing(self) -> "SanctionQuerySet":
        return self.filter(annulled_at=None)


class Sanction(models.Model):
    """A line of the register: what was imposed on a contractor, since when, and until when everybody reads it."""

    breach = models.ForeignKey(Breach, PROTECT, related_name="sanctions")
    decision = models.ForeignKey(Decision, PROTECT, related_name="+")
    measure = models.CharField(max_length=10, choices=law.CHOICES)
    amount = amount_field(null=True)
    currency = currency_field()
    buyer = models.ForeignKey("parties.Account", PROTECT, related_name="sanctions_imposed")
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="sanctions")
    in_force_on = models.DateField()
    shown_until = models.DateField()
    challenge = models.CharField(max_length=300, blank=True)  # before which judge, and under which number
    challenged_on = models.DateField(null=True)
    annulled_reason = models.TextField(max_length=4000, blank=True)
    annulled_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None
    objects: ClassVar = SanctionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-in_force_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "measure"], name="breaches_each_measure_once"),
            models.CheckConstraint(condition=Q(amount__gt=0) | Q(amount__isnull=True), name="breaches_amount_positive"),
        ]

    @property
    def code(self) -> str:
        return f"{self.breach.contract.code}-{self.breach.number}-{self.measure}"

    @property
    def of(self) -> law.Measure:
        return law.MEASURES[self.measure]

    @property
    def recovered(self) -> Decimal:
        return sum((row.amount for row in self.recoveries.all()), Decimal(0))

    @property
    def owed(self) -> Decimal:
        return (self.amount or Decimal(0)) - self.recovered


class Recovery(models.Model):
    """What the entity recovered of a sanction, and by which means (Ley 1150 de 2007, art. 17, par.)."""

    sanction = models.ForeignKey(Sanction, PROTECT, related_name="recoveries")
    number = models.PositiveIntegerField()
    amount = amount_field()
    means = models.CharField(max_length=14, choices=list(MEANS.items()))
    on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    noted_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            numbered("sanction", "recovery"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="breaches_recovery_has_amount"),
        ]


# What was said, decided and recorded stays as it was; only the way goes on.
# fmt: off
append_only("breaches.ComplianceCall", except_columns=("answer", "answer_document_id", "answered_by_id", "answered_at"))
append_only("breaches.Breach", except_columns=(
    "state", "cited_facts", "cited_clauses", "consequences", "citation_id", "cited_by_id", "cited_at",
    "ended_reason", "ended_document_id", "ended_by_id", "ended_at",
))
append_only("breaches.Guarantor")
append_only("breaches.Session", except_columns=("state", "begun_at", "ended_at", "reason", "development", "record_id"))
append_only("breaches.Attendance")
append_only("breaches.Statement")
append_only("breaches.Evidence", except_columns=(
    "is_admitted", "reason", "decided_by_id", "decided_at", "result", "result_document_id", "taken_at",
))
append_only("breaches.Decision")
append_only("breaches.Sanction", except_columns=("challenge", "challenged_on", "annulled_reason", "annulled_at"))
append_only("breaches.Recovery")
# fmt: on
