"""Tables of the kernel: the practice clock's shift and the replies kept for repeated requests."""

from typing import ClassVar

from django.db import models


class PracticeClock(models.Model):
    """One row at most: how far a practice installation's clock is ahead of the database's."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    shift = models.DurationField()

    class Meta:
        db_table = "kernel_practiceclock"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="kernel_one_practice_clock")]


class KeptReply(models.Model):
    """The answer already given to a request with an idempotency key; a retry gets the same one."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, default="application/json")
    body = models.TextField(default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["actor", "key"], name="kernel_one_reply_per_key")]
