"""Reads of the inbox."""

from pliego.kernel.actors import Actor
from pliego.kernel.planned import Planned
from pliego.notifications.models import Notice, NoticeQuerySet

# Asked at every page.
UNREAD = Planned(-1, lambda user_id: Notice.objects.visible_to(Actor(user_id=user_id)).unread())


def unread_for(actor: Actor) -> int:
    """How many notices the person has not read."""
    return UNREAD.count(actor.user_id) if actor.user_id is not None else 0


def inbox(actor: Actor, *, only_unread: bool = False) -> NoticeQuerySet:
    """The person's notices, the newest first."""
    found = Notice.objects.visible_to(actor).order_by("-id")
    return found.unread() if only_unread else found
