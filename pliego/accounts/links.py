"""Links that are mailed: each good once, until its hour, for one purpose, and kept as a hash."""

import hashlib
import secrets
from datetime import timedelta

from pliego.accounts.models import MailedLink, User
from pliego.kernel import clock
from pliego.kernel.objections import Unknown

Purpose = MailedLink.Purpose
LIVES = {
    Purpose.RECOVERY: timedelta(minutes=30),
    Purpose.DEVICE: timedelta(hours=24),
    Purpose.NOT_ME: timedelta(days=7),
    Purpose.REISSUE: timedelta(hours=24),  # to gather the document
    Purpose.NEW_FACTOR: timedelta(minutes=30),
}


def make(user: User, purpose: MailedLink.Purpose) -> str:
    """The secret part of a new link; it is in no place but the mail."""
    secret, now = secrets.token_urlsafe(32), clock.real_now()
    MailedLink.objects.create(
        user=user, purpose=purpose, token_sha256=_digest(secret), created_at=now, expires_at=now + LIVES[purpose]
    )
    return secret


def read(secret: str, purpose: MailedLink.Purpose) -> MailedLink:
    """The link, still good; Unknown when it expired, was used or never was."""
    alive = MailedLink.objects.select_related("user").filter(
        token_sha256=_digest(secret), purpose=purpose, used_at=None, expires_at__gt=clock.real_now()
    )
    link = alive.filter(user__is_active=True).first()
    if link is None:
        raise Unknown()
    return link


def use(secret: str, purpose: MailedLink.Purpose) -> User:
    """Spend the link and answer whose it is. Of two who spend it at once, one gets Unknown."""
    link = read(secret, purpose)
    if not MailedLink.objects.filter(pk=link.pk, used_at=None).update(used_at=clock.real_now()):
        raise Unknown()
    return link.user


def void(user: User, purpose: MailedLink.Purpose) -> int:
    """Spend every link of this purpose that the person still had."""
    return MailedLink.objects.filter(user=user, purpose=purpose, used_at=None).update(used_at=clock.real_now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
