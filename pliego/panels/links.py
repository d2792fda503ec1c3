"""The link by which somebody from outside declares and answers: signed, of one seat, good while they serve."""

import hashlib

from django.core import signing
from django.urls import reverse

from pliego.kernel.objections import Unknown
from pliego.panels.models import Member

SALT = "pliego.panels.seat"


def link(member: Member) -> str:
    return reverse("panels:outside", args=[signing.dumps([member.pk, _digest(member)], salt=SALT)])


def _digest(member: Member) -> str:
    """Of the address to which it was sent: short, since links have a length."""
    return hashlib.sha256(member.email.encode()).hexdigest()[:16]


def member_of(token: str) -> Member:
    """Whose link it is; Unknown when it was not made here, or its owner no longer serves."""
    try:
        pk, digest = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Unknown() from None
    rows = Member.objects.select_related("tender__buyer__organization").prefetch_related("declarations", "impediments")
    found = rows.filter(pk=pk, user__isnull=True, state="serving").first()
    if found is None or _digest(found) != digest:
        raise Unknown()
    return found
