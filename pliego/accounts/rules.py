"""What a registration must hold, and how long its codes live. Plain Python."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Protocol
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from pliego.accounts import document_types
from pliego.accounts.models import User
from pliego.kernel.objections import Objection

CODE_LIVES = timedelta(minutes=30)
CODE_ATTEMPTS = 5
MAILS_PER_REGISTRATION = 3
PASSWORD_LENGTH = (12, 128)
STEP_UP_LIVES = timedelta(minutes=5)
TOKEN_LIVES = timedelta(hours=12)
STEP_UP_FAILURES = 10
STEP_UP_WINDOW = timedelta(minutes=15)

PHONE = re.compile(r"\+?\d{7,15}")


@dataclass(frozen=True)
class Person:
    """What somebody types to register."""

    full_name: str
    document_type: str
    document_number: str
    email: str
    password: str = ""  # "": they will sign in with a passkey, or choose one when their e-mail is confirmed
    phone: str = ""
    language: str = "es-co"
    time_zone: str = "America/Bogota"
    terms_accepted: bool = False

    def tidied(self) -> "Person":
        """The same, as it is stored: one space between names, digits without dots, e-mail in lower case."""
        return Person(
            full_name=" ".join(self.full_name.split()),
            document_type=self.document_type.strip().upper(),
            document_number=re.sub(r"[\s.\-]", "", self.document_number).upper(),
            email=self.email.strip().lower(),
            password=self.password,
            phone=tidy_phone(self.phone),
            language=self.language,
            time_zone=self.time_zone,
            terms_accepted=self.terms_accepted,
        )


def person_is_incomplete(person: Person) -> Iterator[Objection]:
    """Everything that is wrong with a tidied registration, at once."""
    if fault := document_types.number_is_wrong(person.document_type, person.document_number):
        yield fault
    if not is_email(person.email):
        yield email_is_wrong("email")
    yield from details_are_wrong(person.full_name, person.phone, person.language, person.time_zone)
    if not person.terms_accepted:
        yield Objection("terms_not_accepted", _("To register you must accept the terms of use."), "terms_accepted")
    if person.password:
        yield from password_is_weak(person.password, of=person)


def tidy_phone(text: str) -> str:
    return re.sub(r"[\s.()\-]", "", text)


def details_are_wrong(full_name: str, phone: str, language: str, time_zone: str) -> Iterator[Objection]:
    """What a person may change of themselves afterwards."""
    if len(full_name) < 5 or " " not in full_name or len(full_name) > 200:
        yield Objection("name_incomplete", _("Write your names and surnames as in your document."), "full_name")
    if phone and not PHONE.fullmatch(phone):
        yield Objection("phone_wrong", _("Write the phone with 7 to 15 digits, without extension."), "phone")
    if language not in {"es-co", "en"}:
        yield Objection("language_unknown", _("Choose a language of the list."), "language")
    if time_zone not in zones():
        yield Objection("time_zone_unknown", _("Choose a time zone of the list."), "time_zone")


# What the forms offer; any zone of the IANA table is taken. Colombia's comes first and is preset.
ZONES = (
    "America/Bogota", "America/Lima", "America/Guayaquil", "America/Panama", "America/Caracas", "America/Mexico_City",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Santiago", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "Europe/Madrid", "Europe/London", "Europe/Berlin", "Asia/Shanghai", "UTC",
)  # fmt: skip


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Named(Protocol):
    """A person or who is registering, as far as their password must not resemble them."""

    @property
    def full_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def document_number(self) -> str: ...


def password_is_weak(password: str, *, of: Named, field: str = "password") -> Iterator[Objection]:
    """Length, and not what everybody, or who knows the person, tries first. No rule on which characters."""
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        sentence = _("The password must have between %(shortest)d and %(longest)d characters.")
        yield Objection("password_length", sentence % {"shortest": shortest, "longest": longest}, field)
        return
    try:
        validate_password(password, User(email=of.email, full_name=of.full_name, document_number=of.document_number))
    except ValidationError as fault:
        for message in fault.messages:
            yield Objection("password_weak", message, field)


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def email_is_wrong(field: str) -> Objection:
    return Objection("email_wrong", _("Write an e-mail address, for example nombre@entidad.gov.co."), field)
