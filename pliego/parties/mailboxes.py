"""Whether somebody reads the mailbox to which an account's notices go: six digits, typed where they were asked for."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pliego.kernel.objections import Objection, Refused
from pliego.parties.models import EmailCode

LIVES = timedelta(hours=1)
MOST_ATTEMPTS = 5
MOST_MAILS = 5
FIELD = "code"


def mail(template: str, *, to: str, subject: str, **context: object) -> None:
    """Send one mail now; Refused when the mail server does not take it."""
    try:
        send_mail(subject, render_to_string(f"parties/mail/{template}.txt", context), None, [to])
    except (SMTPException, OSError) as fault:
        sentence = _("We could not send the mail. Try again in a few minutes: what you typed is kept.")
        raise Refused(Objection("mail_not_sent", sentence)) from fault


@transaction.atomic
def send_code(*, purpose: str, email: str, name: str, at: datetime) -> None:
    """Mail a code to the address; the one before stops working. A mailbox gets few of them a day."""
    email, code = email.strip().lower(), f"{secrets.randbelow(1_000_000):06d}"
    kept = EmailCode.objects.select_for_update().filter(purpose=purpose).first() or EmailCode(purpose=purpose, sent=0)
    if kept.email != email or (kept.sent_at and at - kept.sent_at > timedelta(days=1)):
        kept.sent, kept.confirmed_at = (0 if kept.email == email else kept.sent), None
    if kept.sent >= MOST_MAILS and at - kept.sent_at < timedelta(days=1):
        sentence = _("We already sent %(times)d codes today. Look in the folder of unwanted mail.")
        raise Refused(Objection("too_many_mails", sentence % {"times": kept.sent}, FIELD))
    kept.email, kept.sent_at, kept.attempts, kept.sent = email, at, 0, kept.sent + 1
    kept.code_sha256 = _digest(purpose, code)
    kept.save()
    mail("mailbox", to=email, subject=_("%(code)s is the code of this mailbox") % {"code": code}, code=code, name=name)


def confirm(*, purpose: str, code: str, at: datetime) -> str:
    """The address whose code was typed. Refused when it is wrong, old or tried too often."""
    with transaction.atomic():
        kept = EmailCode.objects.select_for_update().filter(purpose=purpose).first()
        fault = _fault(kept, code, at)
        if kept is not None:
            kept.attempts += 1
            kept.confirmed_at = kept.confirmed_at if fault else at
            kept.save(update_fields=["attempts", "confirmed_at"])
    if fault:
        raise Refused(fault)
    assert kept is not None
    return kept.email


def confirmed(purpose: str) -> str:
    """The address that was confirmed for this purpose, or ""."""
    kept = EmailCode.objects.filter(purpose=purpose, confirmed_at__isnull=False).first()
    return kept.email if kept else ""


def waits_for_code(purpose: str, email: str) -> bool:
    """Whether a code is on its way to that address."""
    return EmailCode.objects.filter(purpose=purpose, email=email.lower(), confirmed_at__isnull=True).exists()


def _fault(kept: EmailCode | None, code: str, at: datetime) -> Objection | None:
    if kept is None or at - kept.sent_at > LIVES or kept.attempts >= MOST_ATTEMPTS:
        return Objection("code_over", _("This code is no longer valid. Ask for another one."), FIELD)
    if not hmac.compare_digest(kept.code_sha256, _digest(kept.purpose, "".join(code.split()))):
        return Objection("code_wrong", _("The code is not that one. Look for the newest mail."), FIELD)
    return None


def _digest(purpose: str, code: str) -> str:
    return hashlib.sha256(f"{purpose}:{code}".encode()).hexdigest()
