"""Holds: what stays closed to a person for some hours, so that who got in by a trick cannot use it at once.

After a change of e-mail, password or factors, for 24 hours an act that binds needs a factor that was there before the
change, or a second person. After "it was not me", recovery by mail is frozen for 24 hours. Always of the real clock.
"""

from datetime import datetime, timedelta

from pliego.accounts.models import Hold, User
from pliego.kernel import clock

Kind = Hold.Kind
LASTS = {Kind.AFTER_CHANGE: timedelta(hours=24), Kind.RECOVERY_FROZEN: timedelta(hours=24)}


def place(user: User, kind: Hold.Kind, cause: str) -> Hold:
    """Close it from now on, for as long as its kind lasts."""
    now = clock.real_now()
    return Hold.objects.create(user=user, kind=kind, cause=cause, began_at=now, until=now + LASTS[kind])


def in_force(user: User, kind: Hold.Kind) -> Hold | None:
    """The hold of this kind that is in force and ends last, or None."""
    alive = Hold.objects.filter(user=user, kind=kind, until__gt=clock.real_now())
    return alive.order_by("-until").first()


def began_at(user: User) -> datetime | None:
    """Since when factors are too new to sign alone: the beginning of the oldest change still held, or None."""
    alive = Hold.objects.filter(user=user, kind=Kind.AFTER_CHANGE, until__gt=clock.real_now())
    return alive.order_by("began_at").values_list("began_at", flat=True).first()


def is_old_enough(user: User, factor_created_at: datetime) -> bool:
    """Whether a factor may sign alone: there is no hold, or the factor was there before it."""
    since = began_at(user)
    return since is None or factor_created_at < since
