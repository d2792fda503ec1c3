"""Drafts: what somebody has typed and not sent yet, every version of it."""

from typing import ClassVar

from django.db import models


class Draft(models.Model):
    """One unfinished form. It belongs to an account ("cuenta:…") or, without one, to a person ("persona:…")."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "key"], name="web_one_draft_per_key")]


class DraftVersion(models.Model):
    """What the form held at one moment, by whom, from which open page."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    page = models.CharField(max_length=40)
    saved_by = models.CharField(max_length=20)
    saved_by_name = models.CharField(max_length=200)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="web_one_draft_version_per_number")
        ]
