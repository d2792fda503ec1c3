"""What a registration must hold, and how long its codes live. Plain Python."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import DocumentType, User
from pliego.kernel.objections import Objection

TERMS_VERSION = "2026-01"
CODE_LIVES = timedelta(minutes=30)
CODE_ATTEMPTS = 5
MAILS_PER_REGISTRATION = 3
PASSWORD_LENGTH = (12, 128)
STEP_UP_LIVES = timedelta(minutes=5)
TOKEN_LIVES = timedelta(hours=12)
STEP_UP_FAILURES = 10
STEP_UP_WINDOW = timedelta(minutes=15)

DOCUMENT_NUMBER = {
    DocumentType.CITIZEN: re.compile(r"\d{5,10}"),
    DocumentType.FOREIGNER: re.compile(r"\d{5,10}"),
    DocumentType.PERMIT: re.compile(r"\d{5,15}"),
    DocumentType.PASSPORT: re.compile(r"[A-Z0-9]{5,15}"),
}
PHONE = re.compile(r"\+?\d{7,15}")


@dataclass(frozen=True)
class Person:
    """What somebody types to register."""

    full_name: str
    document_type: str
    document_number: str
    email: str
    password: str
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
            phone=re.sub(r"[\s.()\-]", "", self.phone),
            language=self.language,
            time_zone=self.time_zone,
            terms_accepted=self.terms_accepted,
        )


def person_is_incomplete(person: Person) -> Iterator[Objection]:
    """Everything that is wrong with a tidied registration, at once."""
    if len(person.full_name) < 5 or " " not in person.full_name or len(person.full_name) > 200:
        yield Objection("name_incomplete", _("Write your names and surnames as in your document."), "full_name")
    if person.document_type not in DocumentType.values:
        yield Objection("document_type_unknown", _("Choose the type of your document."), "document_type")
    elif not DOCUMENT_NUMBER[DocumentType(person.document_type)].fullmatch(person.document_number):
        yield Objection(
            "document_number_wrong", _("Write the number of your document as it appears on it."), "document_number"
        )
    if not is_email(person.email):
        yield email_is_wrong("email")
    if person.phone and not PHONE.fullmatch(person.phone):
        yield Objection("phone_wrong", _("Write the phone with 7 to 15 digits, without extension."), "phone")
    if person.language not in {"es-co", "en"}:
        yield Objection("language_unknown", _("Choose a language of the list."), "language")
    if not person.terms_accepted:
        yield Objection("terms_not_accepted", _("To register you must accept the terms of use."), "terms_accepted")
    yield from password_is_weak(person.password, email=person.email, full_name=person.full_name)


def password_is_weak(
    password: str, *, email: str = "", full_name: str = "", field: str = "password"
) -> Iterator[Objection]:
    """Length, and not one of those that everybody tries first. No rule on which characters."""
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        sentence = _("The password must have between %(shortest)d and %(longest)d characters.")
        yield Objection("password_length", sentence % {"shortest": shortest, "longest": longest}, field)
        return
    try:
        validate_password(password, User(email=email, full_name=full_name))
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
