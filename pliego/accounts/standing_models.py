"""What binds or limits a person: what they are about to sign, suspensions, mergers, inactivity."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.accounts import misuse
from pliego.accounts.states import APPEAL, MERGER, SUSPENSION
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.objections import Text

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL


class Intention(models.Model):
    """What a person was shown and is about to sign, once: the text whose SHA-256 a passkey signs.

    `place` is the page or the address of the API at which the act is done; `acts` is what was rehearsed there.
    """

    code = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField(null=True)  # of parties.Account, a room above
    place = models.CharField(max_length=400)
    text = models.TextField()  # canonical JSON
    acts: Any = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    is_for_two = models.BooleanField(default=False)  # asked to be signed by a second person as well
    second = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    second_evidence: Any = models.JSONField(default=dict)
    second_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    def __str__(self) -> str:
        return self.code

    @property
    def said(self) -> dict[str, Any]:
        """The intention, read."""
        return json.loads(self.text)  # type: ignore[no-any-return]


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def visible_to(self, actor: Actor) -> "SuspensionQuerySet":
        """The desk and the operator see all; the person, those of which they were told."""
        if actor.is_system or {"desk", "operator"} & actor.platform_roles:
            return self.all()
        if actor.user_id is None:
            return self.none()
        return self.filter(user_id=actor.user_id, in_force_from__isnull=False)

    def in_force(self, at: datetime) -> "SuspensionQuerySet":
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), state="in_force")


class Suspension(models.Model):
    """A person who may not act for a time, or for good: one ground of the closed list, evidence, two approvers."""

    code = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="suspensions")
    kind = models.CharField(max_length=12, choices=list(misuse.KINDS.items()))
    ground = models.CharField(max_length=20, choices=[(g.code, g.title) for g in misuse.GROUNDS.values()])
    misuse = models.CharField(max_length=30, blank=True, choices=[(m.code, m.title) for m in misuse.MISUSES.values()])
    asked_by = models.CharField(max_length=200, blank=True)  # the third party with a legitimate interest
    decision = models.CharField(max_length=200, blank=True)  # of the competent body: number, date, who
    reason = models.TextField(max_length=4000)
    until = models.DateTimeField(null=True)  # the term of a provisional one
    state = models.CharField(max_length=10, default=SUSPENSION.initial, choices=SUSPENSION.choices)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    in_force_from = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    closing_reason = models.TextField(max_length=4000, blank=True)
    evidence = models.ManyToManyField("documents.Document", related_name="+")

    receipt: "Entry | None" = None
    objects: ClassVar = SuspensionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["proposed", "approved", "in_force"]),
                name="accounts_one_open_suspension",
            ),
            models.CheckConstraint(
                condition=Q(kind="definitive", until__isnull=True) | Q(kind="provisional", until__isnull=False),
                name="accounts_provisional_has_a_term",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def described(self) -> Text:
        return misuse.described(self.ground, self.misuse)

    def is_in_force(self, at: datetime) -> bool:
        return self.state == "in_force" and (self.until is None or self.until > at)


class SuspensionApproval(models.Model):
    """One of the two people who put a suspension in force."""

    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["suspension", "by"], name="accounts_one_approval_a_person")
        ]


class Appeal(models.Model):
    """What the suspended person answers, and what they are answered."""

    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="appeals")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=8000)
    filed_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=APPEAL.initial, choices=APPEAL.choices)
    answer = models.TextField(max_length=8000, blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    documents = models.ManyToManyField("documents.Document", related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["suspension", "number"], name="accounts_appeals_in_order"),
            models.UniqueConstraint(
                fields=["suspension"], condition=Q(state="filed"), name="accounts_one_appeal_at_a_time"
            ),
        ]


class MergerQuerySet(models.QuerySet["Merger"]):
    def visible_to(self, actor: Actor) -> "MergerQuerySet":
        return self.all() if {"desk", "operator"} & actor.platform_roles or actor.is_system else self.none()


class Merger(models.Model):
    """Two registrations that are one person: `duplicate` ends, `kept` goes on. What was done keeps its author."""

    code = models.CharField(max_length=20, unique=True)
    kept = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    duplicate = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=4000)
    state = models.CharField(max_length=10, default=MERGER.initial, choices=MERGER.choices)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.TextField(max_length=4000, blank=True)
    moved: Any = models.JSONField(default=list)  # what went from one to the other, in sentences' data
    evidence = models.ManyToManyField("documents.Document", related_name="+")

    receipt: "Entry | None" = None
    objects: ClassVar = MergerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kept=models.F("duplicate")), name="accounts_merger_of_two"),
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(state__in=["proposed", "approved"]),
                name="accounts_one_open_merger",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MergerApproval(models.Model):
    """One of the two people who let two registrations become one."""

    merger = models.ForeignKey(Merger, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merger", "by"], name="accounts_one_merger_approval_a_person")
        ]


class InactivityWarning(models.Model):
    """A person who was told that a year without operations is near: once for each stretch and month."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    months = models.PositiveSmallIntegerField()
    since = models.DateTimeField()  # their last operation
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "months", "since"], name="accounts_one_warning_a_stretch")
        ]


append_only("accounts.SuspensionApproval")
append_only("accounts.MergerApproval")
