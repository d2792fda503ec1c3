"""People, made as people are made: by the services of this room."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.core import mail

from pliego.accounts import factors, rules, services
from pliego.accounts.models import User
from pliego.kernel import clock

PASSWORD = "una clave larga y rara 73"


def typed(name: str = "fabio", **changes: object) -> rules.Person:
    """What somebody called `name` types to register."""
    number = str(10_000_000 + sum(ord(c) * 131**i for i, c in enumerate(name)) % 89_999_999)
    told = {
        "full_name": f"{name.title()} De Prueba",
        "document_type": "CC",
        "document_number": number,
        "email": f"{name}@pliego.example",
        "password": PASSWORD,
        "phone": "3000000000",
        "terms_accepted": True,
    }
    return rules.Person(**{**told, **changes})  # type: ignore[arg-type]


def mailed_code() -> str:
    """The six digits of the last mail."""
    return mail.outbox[-1].subject.split(" ")[0]


def person(name: str = "fabio", *, second_factor: bool = True, at: datetime | None = None) -> User:
    """Somebody who registered, once: asking again for the same name gives the same person."""
    if found := User.objects.filter(email=f"{name}@pliego.example").first():
        return found
    reference = services.begin_registration(person=typed(name))
    user = services.confirm_registration(code=mailed_code(), reference=reference, at=at or clock.now())
    if second_factor:
        totp.TOTP.activate(user, factors.new_secret())
    return user


def code_of(user: User, ahead: int = 0) -> str:
    """The code that the person's authenticator shows now, or `ahead` periods from now (-1, 0 and 1 are good)."""
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = list(totp.yield_hotp_counters_from_time())[1] + ahead
    return totp.format_hotp_value(totp.hotp_value(decrypt(kept.data["secret"]), counter))
