"""The link by which a guarantor follows the hearing to which it was called: signed, of one guarantor, only to read."""

import hashlib

from django.core import signing
from django.urls import reverse

from pliego.breaches.models import Guarantor
from pliego.kernel.objections import Unknown

SALT = "pliego.breaches.guarantor"


def link(guarantor: Guarantor) -> str:
    return reverse("breaches:guarantor", args=[signing.dumps([guarantor.pk, _digest(guarantor)], salt=SALT)])


def _digest(guarantor: Guarantor) -> str:
    """Of the address to which it was sent: short, since links have a length."""
    return hashlib.sha256(guarantor.email.encode()).hexdigest()[:16]


def guarantor_of(token: str) -> Guarantor:
    """Whose link it is; Unknown when it was not made here."""
    try:
        pk, digest = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Unknown() from None
    rows = Guarantor.objects.select_related("breach__contract__buyer__organization")
    found = (
        rows.select_related("breach__contract__supplier__organization", "breach__contract__tender")
        .filter(pk=pk)
        .first()
    )
    if found is None or _digest(found) != digest:
        raise Unknown()
    return found
