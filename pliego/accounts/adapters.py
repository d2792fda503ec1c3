"""Where allauth asks the house."""

import base64
import hashlib
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from pliego.accounts import devices, journal, reissuing, signing
from pliego.accounts.models import AccessRecord, User

Kind = AccessRecord.Kind


class AccountAdapter(DefaultAccountAdapter):
    """Registration is our own; sign-ins, failures and sign-outs go into the door's journal."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened themselves."""

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        assert isinstance(user, User)
        proved = [str(r.get("type") or r["method"]) for r in get_authentication_records(request, user)]
        line = journal.record(
            user=user, kind=Kind.SIGN_IN, door=journal.door_of(request), method=" + ".join(proved)[:40]
        )
        if "webauthn" in proved or {"password", "totp"} <= set(proved) or {"password", "recovery_codes"} <= set(proved):
            method = "passkey" if "webauthn" in proved else "totp"
            signing.remember(request, method, {"factors": proved, "journal": line.pk})
        if not reissuing.FACTORS.isdisjoint(proved):
            reissuing.factor_was_used(user)
        devices.remember(request, user)
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            journal.record(user=request.user, kind=Kind.SIGN_OUT, door=journal.door_of(request))
        super().logout(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return journal.address_of(request)


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticators are encrypted with the installation's key: a stolen database opens nothing."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


@cache
def _box() -> Fernet:
    key = hashlib.sha256(f"pliego.accounts.second-factor:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
