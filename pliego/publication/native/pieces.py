"""The small pieces of which an OCDS release is made: instants, amounts, documents, and who is named in it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from pliego.kernel.calendar import BOGOTA
from pliego.publication.imports.ocds import Json, filled


def stamp(at: datetime | date | None) -> str | None:
    """An instant in Colombia's offset; a day begins at its midnight there."""
    if at is None:
        return None
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=BOGOTA)
    return at.astimezone(BOGOTA).isoformat(timespec="seconds")


def money(amount: Decimal | None, currency: str) -> Json | None:
    return None if amount is None else {"amount": amount, "currency": currency}


def party_id(account: Any) -> str:
    """The NIT of an organisation; a natural person's document is never published, so their account's code."""
    organization = account.organization
    return f"CO-NIT-{organization.number}" if organization.scheme == "CO-NIT" else f"PLG-{account.code}"


class Parties:
    """Everybody named in the release, once each, with all their roles."""

    def __init__(self) -> None:
        self.found: dict[str, Json] = {}

    def add(self, account: Any, *roles: str) -> Json:
        key = party_id(account)
        party = self.found.setdefault(key, {"id": key, "name": account.name, "roles": []})
        party["roles"] += [role for role in roles if role not in party["roles"]]
        if account.organization.scheme == "CO-NIT":
            number, name = account.organization.number, account.organization.legal_name
            party["identifier"] = {"scheme": "CO-NIT", "id": number, "legalName": name}
        return {"id": key, "name": account.name}


def document(row: Any, title: str, kind: str | None, at: datetime | None) -> Json:
    return filled(
        id=row.code,
        documentType=kind,
        title=title,
        url=settings.PLIEGO_SITE_URL + row.get_absolute_url(),
        datePublished=stamp(at),
        format=row.media_type,
    )
