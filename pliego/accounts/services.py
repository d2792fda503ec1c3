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
from django.utils.translation import gettext as _

from pliego.accounts import factors, holds, mail, passkeys, rules, standing, tasks, terms, tokens, tries
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
        is_told_by_mail=user.is_claim,
    )


def begin_registration(*, person: rules.Person, deliver: Deliver = mail.send, network: str = "") -> str:
    """Mail a six-digit code to the address. The answer is the same whether or not somebody is registered with it.

    Whoever is registered is told by a job, which is queued either way, so that the page takes as long.
    """
    person = person.tidied()
    refuse_if_any(rules.person_is_incomplete(person), too_many_mails(person.email, network))
    registration = Registration(
        reference=secrets.token_urlsafe(32),
        email=person.email,
        data={k: v for k, v in asdict(person).items() if k != "password"} | {"terms": terms.current().version},
        password=make_password(person.password or None),  # None: no password opens
        is_open=not User.objects.filter(email=person.email).exists(),
        created_at=clock.real_now(),
        expires_at=clock.real_now() + rules.CODE_LIVES,
    )
    _mail_code(registration, deliver)
    tasks.after_registration.defer(reference=registration.reference)
    return registration.reference


def too_many_mails(email: str, network: str) -> Objection | None:
    """Nobody fills a stranger's mailbox, or many, from here. Counted alike for every address."""
    mine = tries.take(tries.MAILS_TO_ADDRESS, email)
    if mine and (not network or tries.take(tries.MAILS_OF_NETWORK, network)):
        return None
    return Objection("too_many_mails", _("Too many mails to this address or from your network. Wait an hour."), "email")


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
    """Make the person, now that the address has proved to be theirs. The try is counted, whatever comes of it."""
    count_try(reference=reference, email=email)
    return settle_registration(code=code, at=at, reference=reference, email=email)


def count_try(*, reference: str = "", email: str = "") -> None:
    """Count a try at the code. Call it outside the transaction of the act, which a wrong code rolls back."""
    with transaction.atomic():
        if registration := _locked(reference, email):
            registration.attempts += 1
            registration.save(update_fields=["attempts"])


@transaction.atomic
def settle_registration(*, code: str, at: datetime, reference: str = "", email: str = "") -> User:
    """Make the person of a registration whose try was counted."""
    registration = _locked(reference, email)
    if registration is None:
        raise Refused(registration_is_over())
    refuse_if_any(_what_is_wrong(registration, code))
    user = _make_user(registration, at)
    if user is None:
        raise Refused(registration_is_over())
    return user


def _locked(reference: str, email: str) -> Registration | None:
    alive = Registration.objects.select_for_update().filter(expires_at__gt=clock.real_now())
    if reference:
        return alive.filter(reference=reference).first()
    return alive.filter(email=email.strip().lower()).order_by("-id").first()


def _what_is_wrong(registration: Registration, code: str) -> Objection | None:
    if registration.attempts > rules.CODE_ATTEMPTS:
        return registration_is_over()
    right = secrets.compare_digest(registration.code_sha256, _digest(registration, code))
    return None if right and registration.is_open else code_is_not_the_one()


def _make_user(registration: Registration, at: datetime) -> User | None:
    data = registration.data
    document = {"document_type": data["document_type"], "document_number": data["document_number"]}
    is_claim = User.objects.filter(**document, is_claim=False).exists()
    try:
        with transaction.atomic():
            user = User.objects.create(
                code=random_code(),
                email=registration.email,
                password=registration.password,
                full_name=data["full_name"],
                **document,
                is_claim=is_claim,
                phone=data["phone"],
                language=data["language"],
                time_zone=data["time_zone"],
                created_at=at,
            )
    except IntegrityError:  # somebody else registered with the same document or address a moment ago
        return None
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    registration.delete()
    accepted = terms.keep(user=user, version=data["terms"], network="", at=at)
    event = PersonRegistered(
        file=user.file, subject_id=user.pk, data={"terms": accepted.version, "terms_sha256": accepted.sha256}
    )
    user.receipt = outbox.publish(event, actor=as_actor(user), at=at)
    tasks.after_settling.defer(user_id=user.pk)
    return user


@transaction.atomic
def choose_password(*, user: User, password: str, secret: str, code: str, at: datetime) -> list[str]:
    """The first password of who registered without one, with the authenticator that goes beside it."""
    if user.has_usable_password():
        raise Refused(
            Objection("already_done", _("You have a password already. Change it in your account."), "password")
        )
    refuse_if_any(rules.password_is_weak(password, of=user))
    user.set_password(password)
    user.save(update_fields=["password"])
    return add_totp(user=user, secret=secret, code=code, at=at)


@transaction.atomic
def add_totp(*, user: User, secret: str, code: str, at: datetime) -> list[str]:
    """Give the person an authenticator application as second factor; answers the recovery codes."""
    _hold_after_change(user)
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
    _hold_after_change(user)
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
    require_signature(actor)
    kind = str(factor.type)
    holds.place(user, holds.Kind.AFTER_CHANGE, "factor_removed")
    factor.delete()
    if not mine.filter(type__in=factors.SECOND_FACTORS).exists():
        mine.delete()
    event = SecondFactorRemoved(file=user.file, subject_id=user.pk, data={"kind": kind})
    user.receipt = outbox.publish(event, actor=actor, at=at)


def require_signature(actor: Actor) -> None:
    if actor.signature is None:
        raise SignatureRequired(_("Sign this act with your second factor."))


def _hold_after_change(user: User) -> None:
    """A factor added to others may not sign alone for a day; the first one of a new person may."""
    if factors.has_second_factor(user):
        holds.place(user, holds.Kind.AFTER_CHANGE, "factor_added")


def end_other_sessions(*, user: User, keep: str) -> int:
    """End every session of the person but one, and every token of their programs."""
    ended = 0
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep):
        session.end()
        ended += 1
    tokens.close_all(user)
    return ended
