"""How a mail looks and how it leaves."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from pliego.notifications.models import Mail


def message(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it leaves: plain text, and the same as simple HTML. It never carries a password or a way in."""
    context = {
        "mail": mail,
        "address": urljoin(settings.PLIEGO_SITE_URL, mail.url) if mail.url else "",
        "operator": settings.PLIEGO_OPERATOR,
        "is_practice": settings.PLIEGO_PRACTICE,
        "site": settings.PLIEGO_SITE_URL,
    }
    with translation.override(mail.language):
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<aviso-{mail.pk}@{domain}>"}
    found = EmailMultiAlternatives(mail.title.replace("\n", " "), text, None, [mail.address], headers=headers)
    found.attach_alternative(html, "text/html")
    return found
