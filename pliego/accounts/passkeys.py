"""Passkeys: allauth and fido2 make and check them; this file only lends them our pages.

Guarantees: a challenge is used once and lives in the session; a passkey that answers has verified its user.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.kernel.objections import Objection, Refused


def registration_options(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey for this person."""
    return dict(auth.begin_registration(user, True))


def authentication_options(user: User | None) -> dict[str, Any]:
    """What the browser needs to answer with a passkey: of this person, or of whoever holds the device."""
    return dict(auth.begin_authentication(user))


def add(*, user: User, name: str, credential: dict[str, Any]) -> list[str]:
    """Keep a new passkey; gives the recovery codes when the person had no second factor yet."""
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError) as fault:
        raise Refused(passkey_is_wrong()) from fault
    had_codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists()
    auth.WebAuthn.add(user, name or "Passkey", credential)
    return [] if had_codes else RecoveryCodes.activate(user).get_unused_codes()


def check(*, request: HttpRequest, user: User | None, credential: dict[str, Any]) -> User:
    """The person whose passkey answered this page's challenge."""
    try:
        auth.parse_authentication_response(credential)
        holder = user or auth.extract_user_from_response(credential)
        found = auth.complete_authentication(holder, credential)
    except (ValidationError, ValueError, TypeError, KeyError) as fault:
        raise Refused(passkey_is_wrong()) from fault
    if not isinstance(holder, User) or not holder.is_active:
        raise Refused(passkey_is_wrong())
    found.record_usage()
    record_authentication(request, holder, "mfa", id=found.pk, type=str(found.type), passwordless=user is None)
    return holder


def passkey_is_wrong() -> Objection:
    return Objection("passkey_wrong", _("The passkey did not answer as expected. Try again, or use your password."))
