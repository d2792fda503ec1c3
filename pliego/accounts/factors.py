"""Second factors: allauth keeps and checks them; here each code is accepted once, by whichever process.

Passkeys go through allauth's own pages; what is here is one-time codes and recovery codes.
"""

import base64
import hashlib
from datetime import datetime, timedelta
from io import BytesIO

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import connection, transaction
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.kernel.objections import Objection, Refused

CODE_REMEMBERED = timedelta(minutes=3)  # longer than any code lives
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User | None, user_id: int | None = None) -> bool:
    owner = user.pk if user else user_id
    return Authenticator.objects.filter(user_id=owner, type__in=SECOND_FACTORS).exists()


def has_totp(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def new_secret() -> str:
    return totp.generate_totp_secret()


def enrolment_uri(user: User, secret: str) -> str:
    """What an authenticator application reads from the QR code."""
    issuer = settings.MFA_TOTP_ISSUER
    return f"otpauth://totp/{issuer}:{user.email}?{urlencode({'secret': secret, 'issuer': issuer})}"


def qr_image(text: str) -> str:
    """The text as a QR code, as the source of an image (a data: address, so that no third party sees it)."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    buffer = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage).save(buffer)
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


@transaction.atomic
def activate_totp(*, user: User, secret: str, code: str) -> list[str]:
    """Add the authenticator application that shows this code; gives the recovery codes, shown once."""
    if has_totp(user):
        raise Refused(Objection("already_done", _("You already have an authenticator. Remove it first."), "code"))
    if not totp.validate_totp_code(secret, code) or not _first_use(user, code):
        raise Refused(code_is_wrong())
    totp.TOTP.activate(user, secret)
    return RecoveryCodes.activate(user).get_unused_codes()


def check(*, user: User, code: str) -> str:
    """The method that this code proves ("totp", "recovery_codes"), or "" when it proves nothing."""
    code = normalize_user_code(code)
    for factor in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if factor.type == Authenticator.Type.TOTP:
            secret = decrypt(factor.data["secret"])
            proved = totp.validate_totp_code(secret, code) and _first_use(user, code)
        else:
            proved = factor.wrap().validate_code(code)
        if proved:
            factor.record_usage()
            return str(factor.type)
    return ""


def made_at(user: User, method: str) -> datetime | None:
    """Since when the person has the factor of that kind."""
    return Authenticator.objects.filter(user=user, type=method).values_list("created_at", flat=True).first()


def code_is_wrong(field: str = "code") -> Objection:
    sentence = _("The code is not right or was already used. Wait for the next one and write its six digits.")
    return Objection("code_wrong", sentence, field)


def _first_use(user: User, code: str) -> bool:
    """Remember the code; false when it was accepted moments ago. One statement, so two processes cannot both win."""
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_usedcode (user_id, code_sha256, used_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (user_id, code_sha256) DO UPDATE SET used_at = excluded.used_at"
            " WHERE accounts_usedcode.used_at < %s RETURNING id",
            [user.pk, hashlib.sha256(f"{user.pk}:{code}".encode()).hexdigest(), now, now - CODE_REMEMBERED],
        )
        return cursor.fetchone() is not None
