"""Messages about a process. None is ever changed or deleted; what moves is who has read it, once."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from pliego.correspondence.states import CASE
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
TENDER, ACCOUNT, ENTRY = "tendering.Tender", "parties.Account", "ledger.Entry"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Those of the entity that buys and of the supplier who writes (policy: CaseAct.VIEW)."""
        if actor.is_system:
            return self.all()
        if actor.account_id is None or not actor.roles:
            return self.none()
        return self.filter(Q(tender__buyer_id=actor.account_id) | Q(account_id=actor.account_id))


class Case(models.Model):
    """What one supplier and the entity write to each other about one matter of a process."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="cases")
    code = models.CharField(max_length=24, unique=True)
    number = models.PositiveIntegerField()
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=CASE.choices, default=CASE.initial)
    opened_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="correspondence_one_case_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"

    @property
    def state_title(self) -> Any:
        return CASE.label(self.state)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        """The public ones; of one's own account, those sent, received, or of its processes (MessageAct.VIEW)."""
        if actor.is_system:
            return self.all()
        seen = Q(group="public")
        if actor.account_id is not None and actor.roles:
            received = Recipient.objects.filter(message=OuterRef("pk"), account_id=actor.account_id)
            seen |= Q(tender__buyer_id=actor.account_id) | Q(author_id=actor.account_id) | Q(Exists(received))
        return self.filter(seen)


class Message(models.Model):
    """One message: to everybody, to a group, or within a case. `group` says to whom."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="messages")
    code = models.CharField(max_length=24, unique=True)
    number = models.PositiveIntegerField()
    case = models.ForeignKey(Case, PROTECT, null=True, related_name="messages")
    group = models.CharField(max_length=12)
    author = models.ForeignKey(ACCOUNT, PROTECT, related_name="+")
    written_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    text = models.TextField(max_length=8000)
    words = models.TextField()  # subject and text as they are searched: folded
    sent_at = models.DateTimeField()
    receipt = models.ForeignKey(ENTRY, PROTECT, null=True, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="correspondence_one_message_per_number"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, group__in=["supplier", "entity"])
                | Q(case__isnull=True, group__in=["public", "interested", "invited", "bidders"]),
                name="correspondence_a_case_has_two_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"

    @property
    def is_public(self) -> bool:
        return self.group == "public"

    @property
    def by_entity(self) -> bool:
        return self.group != "entity"

    @property
    def group_title(self) -> Any:
        from pliego.correspondence.groups import TITLES

        return TITLES[self.group]


class Attachment(models.Model):
    """A document that goes with a message: for everybody, or for the two sides only."""

    message = models.ForeignKey(Message, PROTECT, related_name="attachments")
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class Recipient(models.Model):
    """An account to which a message was delivered, and the first of its people who opened it."""

    message = models.ForeignKey(Message, PROTECT, related_name="recipients")
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "account"], name="correspondence_delivered_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-message"], name="correspondence_inbox"),
            models.Index(fields=["account"], name="correspondence_unread", condition=Q(read_at__isnull=True)),
        ]


append_only("correspondence.Message", except_columns=("receipt_id",))
append_only("correspondence.Attachment")
append_only("correspondence.Recipient", except_columns=("read_at", "read_by_id"))
