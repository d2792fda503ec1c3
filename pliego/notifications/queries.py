"""Reads of the inbox."""

from pliego.kernel.actors import Actor
from pliego.notifications.models import Notice, NoticeQuerySet


def unread_for(actor: Actor) -> int:
    """How many notices the person has not read."""
    return Notice.objects.visible_to(actor).unread().count()


def inbox(actor: Actor, *, only_unread: bool = False) -> NoticeQuerySet:
    """The person's notices, the newest first."""
    found = Notice.objects.visible_to(actor).order_by("-id")
    return found.unread() if only_unread else found
