"""What a page shows of an account, field by field, in the order of the form."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.codelists import countries
from pliego.codelists import queries as codelists
from pliego.codelists.countries import HOME
from pliego.kernel.objections import Text
from pliego.parties import kinds, queries, rules
from pliego.parties.models import Account, AccountPaper


@dataclass(frozen=True)
class Fact:
    field: str
    label: Text
    value: Any
    is_public: bool = True


def labels() -> dict[str, Text]:
    """How the pages call each field and document of the registration of an entity."""
    found: dict[str, Text] = {
        "country": _("Country"),
        "kind": _("Kind of organisation"),
        "business_area": _("Business area"),
        "in_siif": _("It is in SIIF (only entities of the national order)"),
        "pci": _("PCI code in SIIF"),
        "legal_name": _("Legal name"),
        "short_name": _("Short name or acronym"),
        "nit": _("NIT with its check digit"),
        "order": _("Order"),
        "branch": _("Branch"),
        "sector": _("Sector"),
        "entity_type": _("Type of entity"),
        "parent": _("Depends on"),
        "municipality": _("Municipality"),
        "address": _("Address"),
        "phone": _("Phone"),
        "email": _("E-mail of the area that runs the procurement"),
        "notification_email": _("E-mail for notifications"),
    }
    for paper in rules.ALL_PAPERS:
        found[paper.field] = paper.title
        found[f"{paper.field}_issued_on"] = found[f"{paper.field}_expires_on"] = paper.title
    return found


@dataclass(frozen=True)
class Item:
    """Something that the desk checks: a field of the form, or a document."""

    code: str
    label: Text
    value: Any
    paper: AccountPaper | None = None


def items_of(account: Account) -> list[Item]:
    """Everything that the desk checks of a registration, in the order of the form."""
    fields = [Item(fact.field, fact.label, fact.value) for fact in facts_of(account)]
    kept = {paper.kind: paper for paper in queries.papers_of(account)}
    titles = {paper.kind: paper for paper in rules.ALL_PAPERS}
    papers = [
        Item(titles[kind].field, titles[kind].title, paper.document.name, paper)
        for kind, paper in kept.items()
        if kind in titles
    ]
    return fields + papers


def facts_of(account: Account) -> list[Fact]:
    """Everything that was registered. What is not public is shown to the account's own people and to the desk."""
    place = codelists.place_of(account.municipality)
    natural = account.organization.is_natural_person
    entity = [
        Fact("business_area", _("Business area"), account.get_business_area_display()),
        Fact("order", _("Order"), account.get_order_display()),
        Fact("branch", _("Branch"), account.get_branch_display()),
        Fact("sector", _("Sector"), account.get_sector_display()),
        Fact("entity_type", _("Type of entity"), account.get_entity_type_display()),
        Fact("parent", _("Depends on"), account.parent.name if account.parent else ""),
        Fact("in_siif", _("It is in SIIF (only entities of the national order)"), _("Yes") if account.in_siif else ""),
        Fact("pci", _("PCI code in SIIF"), account.pci, is_public=False),
    ]
    supplier = [
        Fact("representative_name", _("Legal representative"), account.representative_name, is_public=not natural),
        Fact(
            "representative_document_number",
            _("Document of the representative"),
            account.representative_document_number,
            is_public=False,
        ),
        Fact("size", _("Size of the company"), account.get_size_display()),
        Fact("unspsc_interests", _("What it sells"), ", ".join(account.unspsc_interests)),
    ]
    found = [
        Fact("legal_name", _("Legal name"), account.name),
        Fact("short_name", _("Short name or acronym"), account.organization.short_name),
        Fact("nit", *_number(account), is_public=not natural),
        Fact("kind", _("Kind of organisation"), account.get_kind_display()),
        *(entity if account.is_buyer else ()),
        *(supplier if account.is_supplier else ()),
        Fact("municipality", _("Municipality"), place or account.municipality),
        Fact("address", _("Address"), account.address, is_public=not natural),
        Fact("phone", _("Phone"), account.phone, is_public=not natural),
        Fact("email", _("E-mail of the area that runs the procurement"), account.email, is_public=account.is_buyer),
        Fact("notification_email", _("E-mail for notifications"), account.notification_email, is_public=False),
    ]
    return [fact for fact in found if fact.value]


def _number(account: Account) -> tuple[Text, str]:
    """How the law or another country numbers it; a plural bidder has no number of its own."""
    organization = account.organization
    if kinds.group_of(account.kind) == kinds.PLURAL:
        return _("Code"), account.code
    if organization.country != HOME:
        country, _dash, scheme = organization.scheme.partition("-")
        return _("Number in its country"), f"{countries.name_of(country)} · {scheme} {organization.number}"
    return (_("Number of document") if organization.is_natural_person else "NIT"), organization.nit
