"""The link by which an insurer answers: signed, of one question and one address."""

import hashlib

from django.core import signing
from django.urls import reverse

from pliego.contracts.insurers.models import InsurerInquiry
from pliego.kernel.objections import Unknown

SALT = "pliego.contracts.insurer"


def link(inquiry: InsurerInquiry) -> str:
    return reverse("contracts:insurer", args=[signing.dumps([inquiry.pk, _digest(inquiry)], salt=SALT)])


def _digest(inquiry: InsurerInquiry) -> str:
    """Of the address to which it was sent: short, since links have a length."""
    return hashlib.sha256(inquiry.email.encode()).hexdigest()[:16]


def inquiry_of(token: str) -> InsurerInquiry:
    """Whose link it is; Unknown when it was not made here."""
    try:
        pk, digest = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Unknown() from None
    parties = ("guarantee__contract__buyer__organization", "guarantee__contract__supplier__organization")
    found = InsurerInquiry.objects.select_related("guarantee__document", *parties).filter(pk=pk).first()
    if found is None or _digest(found) != digest:
        raise Unknown()
    return found
