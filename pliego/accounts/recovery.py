"""Changing and recovering a password. Recovery never touches the second factor.

Guarantees: a page that asks answers the same, as soon, for whoever is registered or not; a link works once, for half an
hour, unless its owner said "it was not me"; after a change every other session ends, the owner is told, and for a day
acts that bind need a factor that was there before.
"""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pliego.accounts import holds, journal, links, rules, services, sessions, tasks, tries
from pliego.accounts.events import PasswordChanged
from pliego.accounts.models import AccessRecord, User
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox

Kind = AccessRecord.Kind


def ask(*, request: HttpRequest, email: str) -> None:
    """Ask for a link. Who has that address, and whether a mail leaves, is looked up by the worker."""
    door = journal.door_of(request)
    if not tries.take(tries.MAILS_OF_NETWORK, door.network):
        raise Refused(Objection("too_many_mails", _("Too many requests from your network. Wait an hour."), "email"))
    tasks.mail_recovery.defer(
        email=email.strip().lower(), network=door.network, place=door.place, device=door.device[:200]
    )


def person_of(secret: str) -> User:
    """The person to whom a mailed link belongs; Unknown when it expired, was used, or recovery is frozen."""
    user = links.read(secret, links.Purpose.RECOVERY).user
    if holds.in_force(user, holds.Kind.RECOVERY_FROZEN):
        raise Unknown()
    return user


@transaction.atomic
def choose(*, request: HttpRequest, secret: str, password: str, at: datetime) -> User:
    """Set the password that the owner of the link chose; everything that was open is closed."""
    user = person_of(secret)
    refuse_if_any(rules.password_is_weak(password, of=user))
    links.use(secret, links.Purpose.RECOVERY)
    _set(request, user, password, actor=services.as_actor(user), way="recovery", at=at)
    services.end_other_sessions(user=user, keep="")
    return user


def change_password(*, request: HttpRequest, user: User, password: str, actor: Actor, at: datetime) -> None:
    """Change one's password, having just shown who one is; every other session ends."""
    refuse_if_any(rules.password_is_weak(password, of=user))
    with transaction.atomic():
        _set(request, user, password, actor=actor, way="change", at=at)
    sessions.keep_after_password(request, user)
    services.end_other_sessions(user=user, keep=request.session.session_key or "")


def _set(request: HttpRequest, user: User, password: str, *, actor: Actor, way: str, at: datetime) -> None:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    holds.place(user, holds.Kind.AFTER_CHANGE, f"password_{way}")
    journal.record(user=user, kind=Kind.PASSWORD, door=journal.door_of(request), method=way)
    event = PasswordChanged(file=user.file, subject_id=user.pk, data={"way": way})
    user.receipt = outbox.publish(event, actor=actor, at=at)
