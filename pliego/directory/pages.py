"""What the pages of the directory show, as finished strings and small values: templates only place them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pliego.codelists.queries import places_of, unspsc_names
from pliego.directory.asking import SIZES, Asked
from pliego.directory.queries import Profiled
from pliego.directory.search import MOST_COUNTED, Found
from pliego.parties import kinds
from pliego.publication.labels import DEPARTMENTS
from pliego.publication.pages import named
from pliego.web.templatetags.pliego import number

MOST_AREAS = 3


@dataclass(frozen=True)
class Shown:
    """An account in the list."""

    url: str
    name: SafeString
    short_name: str
    document: str
    roles: list[str]
    kind: str
    size: str
    place: str
    areas: list[str]
    more_areas: int
    is_suspended: bool


def lines(found: Found) -> list[Shown]:
    """The rows with the names of their places and areas, asked once for all of them."""
    places = places_of({row["municipality"] for row in found.rows if row["municipality"]})
    areas = unspsc_names(sorted({code for row in found.rows for code in row["unspsc"][:MOST_AREAS]}))
    return [_line(row, places, areas) for row in found.rows]


def _line(row: dict[str, Any], places: dict[str, Any], areas: dict[str, str]) -> Shown:
    place = places.get(row["municipality"])
    digit = "" if row["check_digit"] is None else f"-{row['check_digit']}"
    shown = [areas[code] or code for code in row["unspsc"][:MOST_AREAS]]
    roles = [(row["is_buyer"], _("State entity")), (row["is_supplier"], _("Supplier"))]
    return Shown(
        url=reverse("directory:profile", args=[row["code"]]),
        name=named(row["name"]),
        short_name=row["short_name"],
        document=f"NIT {row['number']}{digit}" if row["number"] else "",
        roles=[title for holds, title in roles if holds],
        kind=str(kinds.KINDS[row["kind"]].title) if row["kind"] in kinds.KINDS else "",
        size=str(SIZES.get(row["size"], "")),
        place=str(place) if place else DEPARTMENTS.get(row["department"], ""),
        areas=shown,
        more_areas=max(0, len(row["unspsc"]) - MOST_AREAS),
        is_suspended=row["is_suspended"],
    )


def groups_of_kinds() -> list[tuple[str, Any]]:
    return [
        (kinds.LEGAL, _("Legal persons")),
        (kinds.NATURAL, _("Natural persons")),
        (kinds.PLURAL, _("Plural bidders")),
        (kinds.FOREIGN, _("Foreign ones")),
        (kinds.ENTITY, _("Entities")),
    ]


def choices(asked: Asked) -> dict[str, SafeString]:
    """The options of the select boxes."""
    tables: dict[str, Iterable[tuple[str, Any]]] = {
        "role": [("proveedores", _("Suppliers")), ("entidades", _("State entities"))],
        "department": DEPARTMENTS.items(),
        "kind": groups_of_kinds(),
        "size": SIZES.items(),
    }
    return {name: _options(table, asked.typed[name]) for name, table in tables.items()}


def _options(table: Iterable[tuple[str, Any]], chosen: str) -> SafeString:
    options = [("", _("Any")), *table]
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, mark_safe(" selected") if code == chosen else "", label) for code, label in options),
    )


def counted(found: Found) -> str:
    return f"{number(MOST_COUNTED)}+" if found.is_capped else number(found.count)


def context_of(profiled: Profiled) -> dict[str, Any]:
    """The page of one account: who it is, what it sells, and where its processes and contracts are."""
    account = profiled.account
    codes = sorted(account.unspsc_interests)
    processes = reverse("publication:processes")
    as_buyer = urlencode({"entidad": account.organization.number})
    as_supplier = urlencode({"q": f'"{account.name}"'})
    return {
        "profiled": profiled,
        "account": account,
        "name": named(account.name),
        "document_label": _("Document") if account.organization.is_natural_person else "NIT",
        "areas": [(code, name) for code, name in unspsc_names(codes).items()],
        "buys_url": f"{processes}?{as_buyer}" if account.is_buyer else "",
        "sells_url": f"{processes}?{as_supplier}" if account.is_supplier else "",
    }
