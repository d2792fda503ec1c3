"""How a person comes to be here: data, a code by mail, and then the second factor."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pliego.accounts import factors, mail, passkeys, rules, standing, tokens
from pliego.accounts.events import PersonRegistered, SecondFactorAdded, SecondFactorRemoved
from pliego.accounts.models import Registration, User
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, SignatureRequired, Unknown, refuse_if_any
from pliego.ledger import outbox

Deliver = Callable[..., None]


def as_actor(user: User) -> Actor:
    """The person by themselves, acting for no account."""
    return Actor(
        user_id=user.pk,
        user_code=user.code,
        name=user.full_name,
        platform_roles=frozenset(user.platform_roles),
        suspension=standing.suspension_of(user),
    )


def begin_registration(*, person: rules.Person, deliver: Deliver = mail.send) -> str:
    """Mail a six-digit code to the address. The answer is the same whether or not somebody is registered with it."""
    person = person.tidied()
    refuse_if_any(rules.person_is_incomplete(person))
    same = Q(email=person.email) | Q(document_type=person.document_type, document_number=person.document_number)
    registration = Registration(
        reference=secrets.token_urlsafe(32),
        email=person.email,
        data={k: v for k, v in asdict(person).items() if k != "password"},
        password=make_password(person.password),
        is_open=not User.objects.filter(same).exists(),
        created_at=clock.real_now(),
        expires_at=clock.real_now() + rules.CODE_LIVES,
    )
    _mail_code(registration, deliver)
    return registration.reference


def resend_code(*, reference: str) -> None:
    """Mail a new code; the one before stops working."""
    registration = Registration.objects.filter(reference=reference, expires_at__gt=clock.real_now()).first()
    if registration is None:
        raise Refused(registration_is_over())
    if registration.sent >= rules.MAILS_PER_REGISTRATION:
        sentence = _("We already sent %(times)d codes to this address. Look in the folder of unwanted mail.")
        raise Refused(Objection("too_many_mails", sentence % {"times": registration.sent}, "code"))
    registration.sent += 1
    _mail_code(registration, mail.send)


def confirm_registration(*, code: str, at: datetime, reference: str = "", email: str = "") -> User:
    """Make the person, now that the address has proved to be theirs."""
    with transaction.atomic():
        registration = _locked(reference, email)
        if fault := _try_code(registration, code):
            user = None
        else:
            assert registration is not None
            user = _make_user(registration, at)
    if user is None:
        raise Refused(fault or registration_is_over())
    return user


def _locked(reference: str, email: str) -> Registration | None:
    alive = Registration.objects.select_for_update().filter(expires_at__gt=clock.real_now())
    if reference:
        return alive.filter(reference=reference).first()
    return alive.filter(email=email.strip().lower()).order_by("-id").first()


def _try_code(registration: Registration | None, code: str) -> Objection | None:
    """Count the attempt, and say what is wrong with it. The count is kept even when the attempt fails."""
    if registration is None or registration.attempts >= rules.CODE_ATTEMPTS:
        return registration_is_over()
    registration.attempts += 1
    registration.save(update_fields=["attempts"])
    right = secrets.compare_digest(registration.code_sha256, _digest(registration, code))
    return None if right and registration.is_open else code_is_not_the_one()


def _make_user(registration: Registration, at: datetime) -> User | None:
    data = registration.data
    try:
        with transaction.atomic():
            user = User.objects.create(
                code=random_code(),
                email=registration.email,
                password=registration.password,
                full_name=data["full_name"],
                document_type=data["document_type"],
                document_number=data["document_number"],
                phone=data["phone"],
                language=data["language"],
                time_zone=data["time_zone"],
                terms_version=rules.TERMS_VERSION,
                terms_accepted_at=at,
                created_at=at,
            )
    except IntegrityError:  # somebody else registered with the same document or address a moment ago
        return None
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    registration.delete()
    event = PersonRegistered(file=user.file, subject_id=user.pk, data={"terms": rules.TERMS_VERSION})
    user.receipt = outbox.publish(event, actor=as_actor(user), at=at)
    return user


@transaction.atomic
def add_totp(*, user: User, secret: str, code: str, at: datetime) -> list[str]:
    """Give the person an authenticator application as second factor; answers the recovery codes."""
    recovery_codes = factors.activate_totp(user=user, secret=secret, code=code)
    event = SecondFactorAdded(file=user.file, subject_id=user.pk, data={"kind": "totp"})
    user.receipt = outbox.publish(event, actor=as_actor(user), at=at)
    return recovery_codes


def _mail_code(registration: Registration, deliver: Deliver) -> None:
    code = f"{secrets.randbelow(10**6):06d}"
    registration.code_sha256 = _digest(registration, code)
    registration.save()
    if registration.is_open:
        subject = _("%(code)s is your code to register in Pliego") % {"code": code}
        deliver("code", to=registration.email, subject=subject, code=code)
    else:
        deliver(
            "already_registered",
            to=registration.email,
            subject=_("Your registration in Pliego"),
            site_url=settings.PLIEGO_SITE_URL,
        )


def _digest(registration: Registration, code: str) -> str:
    digits = "".join(c for c in code if c.isdigit())
    return hashlib.sha256(f"{registration.reference}:{digits}".encode()).hexdigest()


def registration_is_over() -> Objection:
    return Objection("registration_over", _("This code has expired. Start the registration again."), "code")


def code_is_not_the_one() -> Objection:
    return Objection("code_wrong", _("That is not the code that we mailed. Check it and write it again."), "code")


@transaction.atomic
def add_passkey(*, user: User, name: str, credential: dict[str, Any], at: datetime) -> list[str]:
    """Give the person a passkey; answers the recovery codes when it is their first second factor."""
    recovery_codes = passkeys.add(user=user, name=name, credential=credential)
    event = SecondFactorAdded(file=user.file, subject_id=user.pk, data={"kind": "passkey"})
    user.receipt = outbox.publish(event, actor=as_actor(user), at=at)
    return recovery_codes


@transaction.atomic
def remove_factor(*, user: User, factor_id: int, actor: Actor, at: datetime) -> None:
    """Take a second factor away; the recovery codes go with the last one."""
    mine = Authenticator.objects.select_for_update().filter(user=user)
    factor = mine.filter(pk=factor_id, type__in=factors.SECOND_FACTORS).first()
    if factor is None:
        raise Unknown()
    if actor.signature is None:
        raise SignatureRequired(_("Sign this act with your second factor."))
    kind = str(factor.type)
    factor.delete()
    if not mine.filter(type__in=factors.SECOND_FACTORS).exists():
        mine.delete()
    event = SecondFactorRemoved(file=user.file, subject_id=user.pk, data={"kind": kind})
    user.receipt = outbox.publish(event, actor=actor, at=at)


def end_other_sessions(*, user: User, keep: str) -> int:
    """End every session of the person but one, and every token of their programs."""
    ended = 0
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep):
        session.end()
        ended += 1
    tokens.close_all(user)
    return ended
