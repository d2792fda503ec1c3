"""What the registration of an account must hold (registration guide, section 5), and how names are written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from pliego.codelists import countries
from pliego.codelists.countries import HOME
from pliego.kernel.identifiers import Nit
from pliego.kernel.objections import Objection, Refused, Text
from pliego.parties import kinds
from pliego.parties.lists import Branch, BusinessArea, EntityType, Order, PaperAudience, Sector
from pliego.parties.roles import ROLES, roles_for

ENTITY_KINDS = kinds.codes(kinds.ENTITY)
SUPPLIER_KINDS = kinds.codes(kinds.NATURAL, kinds.LEGAL, kinds.FOREIGN)
BINDING_ROLES = frozenset({"administrator", "approver", "representative"})
PHONE = re.compile(r"\+?\d{7,15}")
PCI = re.compile(r"\d{2}(-\d{2}){1,3}")
DOCUMENT = re.compile(r"[A-Z0-9]{5,15}")
UNSPSC = re.compile(r"\d{2}|\d{4}|\d{6}|\d{8}")
LONGEST_NAME = 250


@dataclass(frozen=True)
class Paper:
    """A document that a registration needs: the kind under which it is kept, its dates, and who reads it later.

    `most_days`: how old it may be on the day on which the registration is sent.
    """

    field: str
    kind: str
    title: Text
    help: Text = ""
    audience: str = PaperAudience.BUYERS
    most_days: int = 0
    can_expire: bool = False


@dataclass(frozen=True)
class Dates:
    """When a document was issued, until when it holds, and who may read it once the account is active."""

    issued_on: date | None = None
    expires_on: date | None = None
    audience: str = ""


# fmt: off
ENTITY_PAPERS = (
    Paper("structure_act", "structure_act", _("Last act of structure and organisation"),
          _("Law, decree, ordinance or agreement that shows the nature and functions of the entity"),
          audience=PaperAudience.PUBLIC),
    Paper("appointment_act", "appointment_act", _("Act of possession of the authorising officer"),
          _("With delegation: the act of delegation and the act of possession of the delegate, in one file"),
          can_expire=True),
    Paper("administrator_authorisation", "administrator_authorisation", _("Authorisation of the administrator"),
          _("Signed by the authorising officer, with the data of the person who registers"),
          audience=PaperAudience.OWNER, can_expire=True),
    Paper("tax_register", "tax_register", _("Tax register (RUT)")),
)
PRIVATE_PAPER = Paper("legal_existence", "legal_existence", _("Certificate of existence and representation"),
                      _("Only for private entities that contract with public money; not older than 90 days"),
                      most_days=90)
# fmt: on
ALL_PAPERS = (*ENTITY_PAPERS, PRIVATE_PAPER)


def papers_for(kind: str) -> tuple[Paper, ...]:
    return ALL_PAPERS if kind == kinds.PRIVATE_WITH_PUBLIC_MONEY else ENTITY_PAPERS


@dataclass(frozen=True)
class EntityData:
    """The form of a state entity, in the guide's order."""

    nit: str
    legal_name: str
    kind: str
    order: str
    branch: str
    sector: str
    entity_type: str
    municipality: str
    phone: str
    email: str
    notification_email: str
    short_name: str = ""
    business_area: str = BusinessArea.PUBLIC
    address: str = ""
    in_siif: bool = False
    pci: str = ""
    parent: str = ""  # code of the account on which it depends
    country: str = "CO"


@dataclass(frozen=True)
class SupplierData:
    """The form of a supplier: a company by its NIT, or a natural person by their document."""

    kind: str
    legal_name: str
    municipality: str
    phone: str
    notification_email: str
    nit: str = ""
    document_type: str = ""
    document_number: str = ""
    short_name: str = ""
    address: str = ""
    email: str = ""
    representative_name: str = ""
    representative_document_type: str = ""
    representative_document_number: str = ""
    size: str = ""
    unspsc_interests: tuple[str, ...] = ()
    country: str = "CO"
    foreign_scheme: str = ""  # how the country calls its own number: RFC, CNPJ, CUIT, VAT…
    foreign_number: str = ""

    @property
    def is_natural_person(self) -> bool:
        return kinds.is_natural(self.kind)

    @property
    def is_foreign(self) -> bool:
        return kinds.group_of(self.kind) == kinds.FOREIGN

    @property
    def has_nit(self) -> bool:
        """Known by a NIT: whoever is neither a person with a document nor known by another country."""
        return not self.is_natural_person and not self.is_foreign


def normalised_name(text: str) -> str:
    """A legal name as the register writes it: capitals, no accents (Ñ stays) or marks, a space around each hyphen."""
    bare = "".join(
        c
        for c in unicodedata.normalize("NFD", text.upper())
        if not unicodedata.combining(c) or c == "\N{COMBINING TILDE}"
    )
    bare = re.sub(r"([^N])\N{COMBINING TILDE}", r"\1", bare)
    bare = unicodedata.normalize("NFC", bare).replace(".", "").replace("–", "-")
    bare = re.sub(r"[^A-ZÑ0-9&\- ]", " ", bare)
    return " ".join(re.sub(r"-", " - ", bare).split())


def entity_is_incomplete(data: EntityData, papers: Mapping[str, Dates], today: date) -> Iterator[Objection]:
    """Everything that is missing or wrong in the form of an entity, at once."""
    yield from identity_is_wrong(data)
    yield from contact_is_wrong(data, "email", "notification_email")
    yield from papers_are_wrong(data.kind, papers, today)


def identity_is_wrong(data: EntityData) -> Iterator[Objection]:
    """What the entity is (guide, section 5: "Tipo" and "Datos básicos")."""
    if data.country != HOME:
        yield Objection("not_colombian", _("State entities are Colombian. A foreign firm is a supplier."), "country")
    yield from _one_of("kind", data.kind, ENTITY_KINDS)
    yield from _number_and_name(data.nit, data.legal_name)
    yield from _one_of("order", data.order, Order.values)
    yield from _one_of("branch", data.branch, Branch.values)
    yield from _one_of("sector", data.sector, Sector.values)
    yield from _one_of("entity_type", data.entity_type, EntityType.values)
    yield from _one_of("business_area", data.business_area, (BusinessArea.PUBLIC, BusinessArea.MIXED))
    if data.in_siif and data.order != Order.NATIONAL:
        yield Objection("siif_is_national", _("Only entities of the national order are in SIIF."), "in_siif")
    elif data.in_siif and not PCI.fullmatch(data.pci):
        sentence = _("Write the PCI code with which the entity is in SIIF, for example 29-04-00.")
        yield Objection("pci_missing", sentence, "pci")
    if data.pci and not data.in_siif:
        sentence = _("Only entities of SIIF have a PCI code: say that it is in SIIF, or leave the code empty.")
        yield Objection("pci_without_siif", sentence, "pci")


def papers_are_wrong(kind: str, papers: Mapping[str, Dates], today: date) -> Iterator[Objection]:
    """Documents that are missing, too old or no longer valid (guide, section 4)."""
    for paper in papers_for(kind):
        if paper.field not in papers:
            yield Objection("document_missing", _("Attach this document."), paper.field)
        else:
            yield from dates_are_wrong(paper, papers[paper.field], today)


def dates_are_wrong(paper: Paper, dates: Dates, today: date) -> Iterator[Objection]:
    issued, expires = f"{paper.field}_issued_on", f"{paper.field}_expires_on"
    if paper.most_days and dates.issued_on is None:
        yield Objection("issue_date_missing", _("Write on which day the document was issued."), issued)
    if dates.issued_on and dates.issued_on > today:
        yield Objection("issued_in_the_future", _("The document cannot have been issued after today."), issued)
    elif dates.issued_on and paper.most_days and (today - dates.issued_on).days > paper.most_days:
        sentence = _("It was issued %(days)d days ago: it cannot be older than %(most)d days.")
        told = {"days": (today - dates.issued_on).days, "most": paper.most_days}
        yield Objection("document_too_old", sentence % told, issued, "CCE-SEC-GI-12, 4.5")
    if dates.expires_on and dates.expires_on < today:
        yield Objection("document_expired", _("This document is no longer valid."), expires)


def supplier_is_incomplete(data: SupplierData) -> Iterator[Objection]:
    """Everything that is missing or wrong in the form of a supplier, at once."""
    yield from _one_of("kind", data.kind, SUPPLIER_KINDS)
    yield from _number_and_name(data.nit if data.has_nit else None, data.legal_name)
    if data.is_foreign:
        yield from _foreign_number(data)
    elif data.is_natural_person and not DOCUMENT.fullmatch(data.document_number):
        yield Objection("document_number_wrong", _("Write the number of your document."), "document_number")
    if not data.is_natural_person:
        if len(data.representative_name) < 5:
            yield Objection("missing", _("Write the name of the legal representative."), "representative_name")
        if not DOCUMENT.fullmatch(data.representative_document_number):
            yield Objection(
                "missing", _("Write the document of the legal representative."), "representative_document_number"
            )
    for code in data.unspsc_interests:
        if not UNSPSC.fullmatch(code):
            yield Objection("not_unspsc", _("A UNSPSC code has 2, 4, 6 or 8 digits."), "unspsc_interests")
    emails = ["email", "notification_email"] if data.email else ["notification_email"]
    yield from contact_is_wrong(data, *emails, abroad=data.is_foreign)


def _foreign_number(data: SupplierData) -> Iterator[Objection]:
    if data.country == HOME or data.country not in countries.names():
        yield Objection("not_foreign", _("Choose the country of the foreign supplier."), "country")
    if not re.fullmatch(r"[A-Z0-9]{2,8}", data.foreign_scheme):
        sentence = _("Write how that country calls the number, for example RFC, CNPJ, CUIT or VAT.")
        yield Objection("foreign_scheme_wrong", sentence, "foreign_scheme")
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9\-./]{2,19}", data.foreign_number):
        sentence = _("Write the number of the supplier in its country, in 3 to 20 letters and digits.")
        yield Objection("foreign_number_wrong", sentence, "foreign_number")


def number_is_wrong(nit: str) -> Iterator[Objection]:
    """A NIT that was mistyped is told where it was typed, and not several pages later."""
    try:
        Nit.parse(nit)
    except Refused as refused:
        yield from (Objection(o.code, o.sentence, "nit") for o in refused.objections)


def is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _number_and_name(nit: str | None, name: str) -> Iterator[Objection]:
    if nit is not None:
        yield from number_is_wrong(nit)
    if not 3 <= len(normalised_name(name)) <= LONGEST_NAME:
        yield Objection("missing", _("Write the name with which it is legally constituted."), "legal_name")


def _one_of(field: str, value: str, known: Any) -> Iterator[Objection]:
    if value not in known:
        yield Objection("not_an_option", _("Choose an option of the list."), field)


def contact_is_wrong(data: Any, *emails: str, abroad: bool = False) -> Iterator[Objection]:
    if not abroad and not data.municipality:
        yield Objection("municipality_missing", _("Choose the municipality from the list."), "municipality")
    if not PHONE.fullmatch(re.sub(r"[\s.()\-]", "", data.phone)):
        yield Objection("phone_wrong", _("Write the phone with 7 to 15 digits, without extension."), "phone")
    for field in emails:
        if not is_address(getattr(data, field)):
            yield Objection(
                "email_wrong", _("Write an e-mail address, for example contratacion@entidad.gov.co."), field
            )


def roles_do_not_fit(roles: list[str], *, is_buyer: bool, is_supplier: bool) -> Iterator[Objection]:
    if not roles:
        yield Objection("role_missing", _("Choose at least one role."), "roles")
    fitting = {role.code for role in roles_for(is_buyer=is_buyer, is_supplier=is_supplier)}
    for code in roles:
        if code not in ROLES:
            yield Objection("role_unknown", _("There is no such role."), "roles")
        elif code not in fitting:
            sentence = _("The role “%(role)s” does not exist in this account.") % {"role": ROLES[code].title}
            yield Objection("role_does_not_fit", sentence, "roles")


def second_factor_is_missing(has_one: bool, field: str = "") -> Objection | None:
    """Nobody may bind an account whose acts they could not sign."""
    if has_one:
        return None
    sentence = _("First a second factor is needed: this role signs acts that bind the account.")
    return Objection("second_factor_missing", sentence, field)
