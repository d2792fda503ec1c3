"""Practice links: who runs a practice installation may enter as anybody of its cast. Production has none of this."""

from dataclasses import dataclass
from typing import Protocol

from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import signing as signed
from django.urls import reverse

from pliego.accounts.models import User
from pliego.kernel.objections import Unknown

SALT = "pliego.accounts.practice-link"


class HasKey(Protocol):
    pk: int


@dataclass(frozen=True)
class Link:
    user: User
    account_id: int | None


def sign_in_link(user: User, account: HasKey | None = None) -> str:
    """The address at which anybody enters as this person, acting for this account."""
    return settings.PLIEGO_SITE_URL + reverse("accounts:demo-sign-in", args=[link_token(user, account)])


def link_token(user: User, account: HasKey | None = None) -> str:
    if not settings.PLIEGO_PRACTICE:
        raise Unknown()
    return signed.dumps({"person": user.code, "account": account.pk if account else None}, salt=SALT)


def read_link(token: str) -> Link:
    """Whom a practice link names; Unknown for anything else, and always in production."""
    if not settings.PLIEGO_PRACTICE:
        raise Unknown()
    try:
        named = signed.loads(token, salt=SALT)
    except signed.BadSignature as fault:
        raise Unknown() from fault
    user = User.objects.filter(code=named["person"], is_active=True).first()
    if user is None:
        raise Unknown()
    return Link(user, named["account"])


def code_of(secret: str) -> str:
    """What an authenticator application with this secret shows now: for the cast, who have no telephone."""
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))
