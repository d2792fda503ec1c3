"""How a mail looks and how it leaves."""

import json
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from pliego.ledger import receipts
from pliego.notifications.models import Mail


def message(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it leaves: plain text, and the same as simple HTML, with the receipt
    of the act when it is one. It never carries a password or a way in."""
    context = {
        "mail": mail,
        "address": urljoin(settings.PLIEGO_SITE_URL, mail.url) if mail.url else "",
        "operator": settings.PLIEGO_OPERATOR,
        "is_practice": settings.PLIEGO_PRACTICE,
        "site": settings.PLIEGO_SITE_URL,
        "unsubscribe": urljoin(settings.PLIEGO_SITE_URL, mail.unsubscribe) if mail.unsubscribe else "",
    }
    with translation.override(mail.language):
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<aviso-{mail.pk}@{domain}>"}
    if mail.unsubscribe:  # RFC 8058: the reader's program ends it with one POST
        headers |= {"List-Unsubscribe": f"<{context['unsubscribe']}>"}
        headers |= {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    found = EmailMultiAlternatives(mail.title.replace("\n", " "), text, None, [mail.address], headers=headers)
    found.attach_alternative(html, "text/html")
    if mail.receipt_of is not None and (receipt := receipts.build(mail.receipt_of)):
        found.attach(
            f"recibo-{mail.receipt_of.code}.json", json.dumps(receipt, ensure_ascii=False, indent=1), "application/json"
        )
    return found
