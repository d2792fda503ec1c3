"""A person's own data, and their e-mail: the new address proves itself with a code, and the old one is told twice."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pliego.accounts import holds, journal, mail, rules, services, tasks
from pliego.accounts.events import EmailChanged, PersonDataChanged
from pliego.accounts.models import AccessRecord, EmailChange, FormerEmail, User
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox

CODE_LIVES = timedelta(minutes=30)


@dataclass(frozen=True)
class Details:
    """What a person may change by themselves. The document is changed by the service desk, with its proof."""

    full_name: str
    phone: str = ""
    language: str = "es-co"
    time_zone: str = "America/Bogota"


@transaction.atomic
def change_details(*, user: User, details: Details, actor: Actor, at: datetime) -> User:
    """Keep the new data. The act says which of them changed and never their values."""
    tidy = {
        "full_name": " ".join(details.full_name.split()),
        "phone": rules.tidy_phone(details.phone),
        "language": details.language,
        "time_zone": details.time_zone,
    }
    refuse_if_any(rules.details_are_wrong(**tidy))
    changed = [name for name, value in tidy.items() if getattr(user, name) != value]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, tidy[name])
    user.save(update_fields=changed)
    event = PersonDataChanged(file=user.file, subject_id=user.pk, data={"changed": changed})
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return user


@transaction.atomic
def ask_new_email(*, user: User, email: str, actor: Actor) -> EmailChange:
    """Mail a code to the new address, and tell the old one. Whoever has the new one already gets a mail, not a code."""
    email = email.strip().lower()
    services.require_signature(actor)
    refuse_if_any(_new_email_is_wrong(user, email), services.too_many_mails(email, ""))
    EmailChange.objects.filter(user=user).delete()
    code, now = f"{secrets.randbelow(10**6):06d}", clock.real_now()
    change = EmailChange(user=user, reference=secrets.token_urlsafe(32), new_email=email)
    change.code_sha256 = _digest(change, code)
    change.is_open = not User.objects.filter(email=email).exists()
    change.created_at, change.expires_at = now, now + CODE_LIVES
    change.save()
    if change.is_open:
        mail.send("email_code", to=email, subject=_("%(code)s is your code in Pliego") % {"code": code}, code=code)
    else:
        subject = _("Your registration in Pliego")
        mail.send("already_registered", to=email, subject=subject, site_url=settings.PLIEGO_SITE_URL)
    tasks.mail.defer(template="email_asked", user_id=user.pk, to=user.email, words={})
    return change


def confirm_new_email(*, request: HttpRequest, user: User, code: str, actor: Actor, at: datetime) -> User:
    """From now on that is the person's address. The try is counted, whatever comes of it."""
    count_try(user)
    return settle_new_email(request=request, user=user, code=code, actor=actor, at=at)


def count_try(user: User) -> None:
    """Count a try at the code. Call it outside the transaction of the act, which a wrong code rolls back."""
    EmailChange.objects.filter(user=user).update(attempts=F("attempts") + 1)


@transaction.atomic
def settle_new_email(*, request: HttpRequest, user: User, code: str, actor: Actor, at: datetime) -> User:
    """Move the person to the address: the old one is told, other sessions end, a day of hold begins."""
    change = EmailChange.objects.select_for_update().filter(user=user, expires_at__gt=clock.real_now()).first()
    if change is None:
        raise Refused(services.registration_is_over())
    refuse_if_any(_what_is_wrong(change, code))
    old = user.email
    refuse_if_any(_move(request, user, change, actor, at))
    tasks.mail.defer(template="email_changed", user_id=user.pk, to=old, words={"new": hidden(user.email)})
    services.end_other_sessions(user=user, keep=request.session.session_key or "")
    return user


def pending(user: User) -> EmailChange | None:
    return EmailChange.objects.filter(user=user, expires_at__gt=clock.real_now()).first()


def hidden(email: str) -> str:
    """Enough of an address to recognise one's own: "f…@pliego.example"."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _move(request: HttpRequest, user: User, change: EmailChange, actor: Actor, at: datetime) -> Objection | None:
    old = user.email
    try:
        with transaction.atomic():
            user.email = change.new_email
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError:  # somebody registered with it a moment ago
        user.refresh_from_db()
        return services.code_is_not_the_one()
    change.delete()
    FormerEmail.objects.create(user=user, email=old, left_at=clock.real_now())
    holds.place(user, holds.Kind.AFTER_CHANGE, "email")
    journal.record(user=user, kind=AccessRecord.Kind.EMAIL, door=journal.door_of(request), method="change")
    event = EmailChanged(file=user.file, subject_id=user.pk, data={})
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return None


def _what_is_wrong(change: EmailChange, code: str) -> Objection | None:
    if change.attempts > rules.CODE_ATTEMPTS:
        return services.registration_is_over()
    right = secrets.compare_digest(change.code_sha256, _digest(change, code))
    return None if right and change.is_open else services.code_is_not_the_one()


def _new_email_is_wrong(user: User, email: str) -> Objection | None:
    if not rules.is_email(email):
        return rules.email_is_wrong("email")
    return Objection("same_email", _("That is the address that you have."), "email") if email == user.email else None


def _digest(change: EmailChange, code: str) -> str:
    digits = "".join(c for c in code if c.isdigit())
    return hashlib.sha256(f"{change.reference}:{digits}".encode()).hexdigest()
