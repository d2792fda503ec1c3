"""Keys of programs: a person signs in over the API and gets a token that acts as them, for one account, 12 hours."""

import hashlib
import secrets

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pliego.accounts import devices, door, factors, journal, reissuing, rules, signing
from pliego.accounts.models import AccessRecord, ApiToken, User
from pliego.kernel import clock
from pliego.kernel.objections import Objection, Refused

PREFIX = "plg_"
Kind = AccessRecord.Kind


def sign_in(request: HttpRequest, *, email: str, password: str, code: str) -> User:
    """The person who proves password and second factor; Refused with one sentence for every way of failing.

    A program that keeps the cookie of its answer is a known browser: strangers who guess do not close its road.
    """
    user = door.prove_password(request, email=email, password=password)
    if user is None:
        raise Refused(sign_in_is_wrong())
    if factors.has_second_factor(user):
        if not door.prove_code(request, user=user, code=code, detail="api"):
            raise Refused(sign_in_is_wrong())
        reissuing.factor_was_used(user)
    journal.record(user=user, kind=Kind.SIGN_IN, door=journal.door_of(request), method="password", detail="api")
    devices.remember(request, user)
    return user


def open_token(*, user: User, account_id: int | None = None, is_practice: bool = False) -> tuple[str, ApiToken]:
    """A new token; its text is shown once and only its hash is kept."""
    text = PREFIX + secrets.token_urlsafe(32)
    now = clock.real_now()
    token = ApiToken.objects.create(
        user=user,
        account_id=account_id,
        token_sha256=_digest(text),
        created_at=now,
        expires_at=now + rules.TOKEN_LIVES,
        is_practice=is_practice,
    )
    return text, token


def token_called(text: str) -> ApiToken | None:
    """The living token with that text, with its person. One query."""
    alive = ApiToken.objects.select_related("user").filter(revoked_at=None, expires_at__gt=clock.real_now())
    return alive.filter(token_sha256=_digest(text), user__is_active=True).first()


def close(token: ApiToken) -> None:
    token.revoked_at = clock.real_now()
    token.save(update_fields=["revoked_at"])


def close_all(user: User) -> None:
    """End every token of a person: after a change of password or of factors."""
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.real_now())


def prove(request: HttpRequest, token: ApiToken, methods: list[str]) -> None:
    """A sign-in with both factors, or the enrolment of one, is itself a step-up of this moment."""
    request.api_token = token  # type: ignore[attr-defined]
    signing.remember(request, "totp", {"factors": methods})


def sign_in_is_wrong() -> Objection:
    sentence = _("The e-mail, the password or the code is not right. If you have a second factor, the code is needed.")
    return Objection("sign_in_wrong", sentence)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
