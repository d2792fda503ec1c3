"""The line of an account, written again whenever something of it changed."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from pliego.codelists.queries import department_name, place_of
from pliego.directory import words
from pliego.directory.models import Interest, Line
from pliego.parties.models import Account
from pliego.publication.folding import fold
from pliego.suppliers.models import Profile

LISTED = ("active", "suspended")
COLUMNS = (
    "account_id", "code", "name", "short_name", "sort_name", "number", "check_digit", "is_buyer", "is_supplier",
    "is_suspended", "kind", "size", "department", "municipality", "unspsc", "registered_at",
)  # fmt: skip
BATCH = 500
# Every name is a constant of this module; every value is a parameter.
UPSERT = f"""
INSERT INTO directory_line ({", ".join(COLUMNS)}, doc)
VALUES ({", ".join(["%s"] * len(COLUMNS))}, array_to_tsvector(%s::text[]))
ON CONFLICT (account_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "doc"))}
"""  # noqa: S608


def refresh(account: Account) -> None:
    """Write the account's line, or take it away when the account is not to be found any more."""
    if account.state not in LISTED:
        Line.objects.filter(account_id=account.pk).delete()
        return
    codes = sold_by(account)
    values = columns_of(account, codes)
    said = words.vector_text(*said_of(account))
    lexemes = words.tokens(
        unspsc=codes, **{n: values[n] for n in ("is_buyer", "is_supplier", "kind", "size", "department")}
    )
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [*(values[name] for name in COLUMNS), sorted({*said, *lexemes})])


def sold_by(account: Account) -> list[str]:
    """What a supplier offers: its interests, what it registered, and its main category."""
    codes = set(account.unspsc_interests)
    for own in Interest.objects.filter(account=account, is_active=True).values_list("unspsc", flat=True):
        codes.update(own)
    if profile := Profile.objects.filter(account=account).first():
        codes.add(profile.main_category)
    return sorted(code for code in codes if code)


def columns_of(account: Account, codes: list[str]) -> dict[str, Any]:
    organization = account.organization
    is_public = not organization.is_natural_person and organization.scheme == "CO-NIT"
    return {
        "account_id": account.pk,
        "code": account.code,
        "name": organization.legal_name,
        "short_name": organization.short_name,
        "sort_name": fold(organization.legal_name)[:250],
        "number": organization.number if is_public else "",
        "check_digit": organization.check_digit if is_public else None,
        "is_buyer": account.is_buyer,
        "is_supplier": account.is_supplier,
        "is_suspended": account.state == "suspended",
        "kind": account.kind,
        "size": account.size,
        "department": account.department or account.municipality[:2],
        "municipality": account.municipality,
        "unspsc": codes,
        "registered_at": account.activated_at or account.created_at,
    }


def said_of(account: Account) -> list[str]:
    """The words by which people look for it: its names, its place, and how it describes itself."""
    place = place_of(account.municipality)
    profile = Profile.objects.filter(account=account).first()
    where = str(place) if place else department_name(account.department)
    about = profile.description if profile else ""
    return [account.organization.legal_name, account.organization.short_name, where, about, account.code]


def refresh_codes(codes: Iterable[str]) -> None:
    for account in Account.objects.filter(code__in=list(codes)).select_related("organization"):
        refresh(account)


def rebuild() -> int:
    """Make every line again, in batches; what is no account any more goes away."""
    made, last = 0, 0
    while True:
        rows = list(Account.objects.filter(pk__gt=last).select_related("organization").order_by("pk")[:BATCH])
        if not rows:
            break
        with transaction.atomic():
            for account in rows:
                refresh(account)
        made, last = made + len(rows), rows[-1].pk
    Line.objects.exclude(account_id__in=Account.objects.values("pk")).delete()
    return made
