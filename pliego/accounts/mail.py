"""The mails that cannot wait for the queue, because somebody is looking at the page that asks for their code.

They hold codes, which are kept nowhere in the clear, so they do not pass through the queue of notices.
"""

from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pliego.kernel.objections import Objection, Refused


def send(template: str, *, to: str, subject: str, **context: object) -> None:
    """Send one mail now; Refused when the mail server does not take it."""
    try:
        send_mail(subject, render_to_string(f"accounts/mail/{template}.txt", context), None, [to])
    except (SMTPException, OSError) as fault:
        sentence = _("We could not send the mail. Try again in a few minutes: what you typed is kept.")
        raise Refused(Objection("mail_not_sent", sentence)) from fault
