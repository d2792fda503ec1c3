"""What people are told: the notices of their inbox, and the mails that leave."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        return self.filter(user_id=actor.user_id) if actor.user_id is not None else self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing that one person is told, and why. `source` says what caused it, so that nobody is told twice."""

    code = models.CharField(max_length=20, unique=True, default=random_code)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    title = models.CharField(max_length=200)
    body = models.TextField(max_length=4000, blank=True)
    url = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "source"], name="notifications_told_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notifications_inbox"),
            models.Index(fields=["user"], name="notifications_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Mail(models.Model):
    """A mail on its way. It leaves by a job of its own; a mail server that is away delays it and loses nothing."""

    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=200)
    body = models.TextField(max_length=4000, blank=True)
    url = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    receipt_of = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+")
    unsubscribe = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address", "source"], name="notifications_mailed_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.address}"
