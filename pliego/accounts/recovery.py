"""Changing and recovering a password. Recovery never touches the second factor."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.accounts import journal, mail, rules, services
from pliego.accounts.events import PasswordChanged
from pliego.accounts.models import AccessRecord, User
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown, refuse_if_any
from pliego.ledger import outbox

Kind = AccessRecord.Kind
ONE_MAIL_EVERY = timedelta(hours=1)
links = PasswordResetTokenGenerator()


def ask(*, request: HttpRequest, email: str) -> None:
    """Mail a link to the person, at most one an hour, so that a stranger can neither flood nor void it."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        mail.send("unknown_address", to=email, subject=_("Your password in Pliego"), site_url=settings.PLIEGO_SITE_URL)
        return
    recent = AccessRecord.objects.filter(user=user, kind=Kind.RECOVERY, at__gt=clock.real_now() - ONE_MAIL_EVERY)
    is_first = not recent.exists()
    journal.record(user=user, kind=Kind.RECOVERY, door=journal.door_of(request))
    if is_first:
        token = f"{user.code}.{links.make_token(user)}"
        url = settings.PLIEGO_SITE_URL + reverse("accounts:choose-password", args=[token])
        mail.send("recovery", to=user.email, subject=_("Your password in Pliego"), url=url)


def person_of(token: str) -> User:
    """The person to whom a mailed link belongs; Unknown when it expired or was used."""
    code, _dot, secret = token.partition(".")
    user = User.objects.filter(code=code, is_active=True).first()
    if user is None or not links.check_token(user, secret):
        raise Unknown()
    return user


def choose(*, request: HttpRequest, user: User, password: str, at: datetime) -> None:
    """Set the password that the owner of the link chose; everything that was open is closed."""
    _set(request, user, password, actor=services.as_actor(user), way="recovery", at=at)
    services.end_other_sessions(user=user, keep="")


def change_password(*, request: HttpRequest, user: User, password: str, actor: Actor, at: datetime) -> None:
    """Change one's password, having just shown who one is; every other session ends."""
    _set(request, user, password, actor=actor, way="change", at=at)
    update_session_auth_hash(request, user)
    services.end_other_sessions(user=user, keep=request.session.session_key or "")


@transaction.atomic
def _set(request: HttpRequest, user: User, password: str, *, actor: Actor, way: str, at: datetime) -> None:
    refuse_if_any(rules.password_is_weak(password, email=user.email, full_name=user.full_name))
    user.set_password(password)
    user.save(update_fields=["password"])
    journal.record(user=user, kind=Kind.PASSWORD, door=journal.door_of(request), method=way)
    event = PasswordChanged(file=user.file, subject_id=user.pk, data={"way": way})
    user.receipt = outbox.publish(event, actor=actor, at=at)
