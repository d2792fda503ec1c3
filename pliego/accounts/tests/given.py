"""People, made as people are made: by the services of this room."""

import re
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from pliego.accounts import factors, rules, services, suspending
from pliego.accounts.models import Suspension, User
from pliego.kernel import clock
from pliego.kernel.actors import Actor, Signature
from pliego.web.fields import Upload
from tests.furnishing import furnished

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


def link(containing: str) -> str:
    """The path of the link of the last mail that has one of these."""
    for letter in reversed(mail.outbox):
        if found := re.search(rf"https?://[^/]+(/\S*{containing}\S*)", letter.body):
            return found[1]
    raise AssertionError(f"no mail has a link with {containing}")


@furnished
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


def of_the_desk(name: str, *, role: str = "desk") -> Actor:
    """Somebody of the service desk who has signed, as an actor."""
    user = person(name)
    User.objects.filter(pk=user.pk).update(platform_roles=[role])
    user.refresh_from_db()
    return services.as_actor(user).with_signature(Signature("totp", clock.now(), {}))


def paper(text: str = "Queja con prueba") -> Upload:
    """A document as a form gives it."""
    content = f"%PDF-1.7\n{text}\n%%EOF\n".encode()
    return Upload(SimpleUploadedFile("prueba.pdf", content, content_type="application/pdf"))


def proposal(user: User, **changes: Any) -> suspending.Proposal:
    """A provisional suspension for misuse with nothing missing."""
    told = {
        "person": user.code,
        "kind": "provisional",
        "ground": "misuse",
        "misuse": "foreign_documents",
        "asked_by": "Alcaldía de Valle Sereno, entidad que recibió la oferta",
        "reason": "La póliza de la oferta pertenece a otra empresa, según la aseguradora.",
        "until": clock.now().date() + timedelta(days=60),
        "evidence": [paper()],
    }
    return suspending.Proposal(**{**told, **changes})


def suspended(user: User, **changes: Any) -> Suspension:
    """The person, suspended as people are: one opens, two others approve."""
    opener, first, second = (of_the_desk(name) for name in ("ines", "irma", "ivan"))
    opened = suspending.open_suspension(actor=opener, told=proposal(user, **changes), at=clock.now())
    for approver in (first, second):
        suspending.approve(actor=approver, code=opened.code, at=clock.now())
    user.refresh_from_db()
    return Suspension.objects.get(pk=opened.pk)
