"""Accounts: how they are registered and corrected. What the desk decides is in desk.py."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.accounts import factors
from pliego.accounts.models import User
from pliego.codelists import queries as codelists
from pliego.codelists.words import fold
from pliego.documents import services as documents_of
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.identifiers import Nit, next_public_id
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties import mailboxes, queries, rules
from pliego.parties.events import ActivationRequested, SupplierRegistered
from pliego.parties.models import Account, AccountPaper, ContractingUnit, Membership, Organization
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.rules import Dates, EntityData, SupplierData
from pliego.parties.states import ACCOUNT, MEMBERSHIP
from pliego.web.fields import Upload


@dataclass(frozen=True)
class Attached:
    """A document of the form with its dates: a file that arrives now, or one that was attached before."""

    value: Upload | Document
    dates: Dates = field(default_factory=Dates)


Papers = Mapping[str, Upload | Attached]  # by the field of the form


@transaction.atomic
def register_entity(*, actor: Actor, data: EntityData, papers: Papers, at: datetime) -> Account:
    """Register a state entity, make the person its administrator, and ask the service desk to activate it."""
    person = person_of(actor)
    refuse_if_any(
        rules.entity_is_incomplete(data, dates_of(papers), calendar.day_of(at)),
        _place_is_unknown(data.municipality),
        _founder_cannot_sign(person),
    )
    organization = _organization(Nit.parse(data.nit), data.legal_name, data.short_name)
    refuse_if_any(_buyer_exists(organization))
    account = Account(code=next_public_id("account"), organization=organization, is_buyer=True, requested_by=person)
    _fill_entity(account, data)
    account.created_at = at
    account.save()
    founder = _found(account, actor, person, ["administrator"], at)
    ContractingUnit.objects.create(
        account=account, name=account.name, reference="PRINCIPAL", municipality=account.municipality
    )
    keep_papers(account, founder, papers, at)
    return _ask(account, founder, at)


@transaction.atomic
def correct_entity(*, actor: Actor, account_id: int, data: EntityData, papers: Papers, at: datetime) -> Account:
    """Send a returned registration again, with what the desk asked to correct. Documents not sent again stay."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.REQUEST_ACTIVATION, account)
    dates = {**papers_held(account), **dates_of(papers)}
    refuse_if_any(rules.entity_is_incomplete(data, dates, calendar.day_of(at)), _place_is_unknown(data.municipality))
    nit = Nit.parse(data.nit)
    if nit.number != account.organization.number:
        raise Refused(Objection("nit_changed", _("The NIT cannot change. Register the other entity apart."), "nit"))
    name_organization(account.organization, data.legal_name, data.short_name)
    account.organization.save()
    _fill_entity(account, data)
    account.save()
    keep_papers(account, actor, papers, at)
    return _ask(account, actor, at)


def dates_of(papers: Papers) -> dict[str, Dates]:
    return {field: sent.dates if isinstance(sent, Attached) else Dates() for field, sent in papers.items()}


def papers_held(account: Account) -> dict[str, Dates]:
    """The dates of the documents that were already sent, by the field of the form."""
    kept = {paper.kind: paper for paper in queries.papers_of(account)}
    return {
        paper.field: Dates(kept[paper.kind].issued_on, kept[paper.kind].expires_on, kept[paper.kind].audience)
        for paper in rules.ALL_PAPERS
        if paper.kind in kept
    }


@transaction.atomic
def register_supplier(*, actor: Actor, data: SupplierData, at: datetime) -> Account:
    """Register a supplier. It is active at once: nobody has to approve that somebody wants to sell to the State."""
    person = person_of(actor)
    refuse_if_any(
        rules.supplier_is_incomplete(data), _place_is_unknown(data.municipality), _founder_cannot_sign(person)
    )
    organization = _supplier_organization(data, person)
    if existing := organization.accounts.filter(is_supplier=True).first():
        raise Refused(_already_registered(existing))
    account = Account(code=next_public_id("account"), organization=organization, is_supplier=True, requested_by=person)
    _fill_supplier(account, data, person)
    account.created_at, account.requested_at = at, at
    account.save()
    founder = _found(account, actor, person, ["administrator", "bidder", "representative"], at)
    ACCOUNT.fire(account, "enrol", at=at)
    account.activated_at = at
    account.save(update_fields=["state", "activated_at"])
    event = SupplierRegistered(file=account.file, subject_id=account.pk, data=public(account))
    account.receipt = outbox.publish(event, actor=founder, at=at)
    return account


@transaction.atomic
def register_for_others(*, actor: Actor, data: SupplierData, at: datetime) -> Account:
    """A supplier of whom nobody has come yet: it is active when the first person whom it invites takes the place."""
    refuse_if_any(rules.supplier_is_incomplete(data), _place_is_unknown(data.municipality))
    person = person_of(actor)
    organization = _supplier_organization(data, person)
    if existing := organization.accounts.filter(is_supplier=True).first():
        raise Refused(_already_registered(existing))
    account = Account(code=next_public_id("account"), organization=organization, is_supplier=True, requested_by=person)
    _fill_supplier(account, data, person)
    account.created_at = account.requested_at = at
    account.save()
    return account


def locked(account_id: int) -> Account:
    account = Account.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=account_id)
    if (found := account.first()) is None:
        raise Unknown()
    return found


def person_of(actor: Actor) -> User:
    if actor.user_id is None:
        raise Denied(_("Sign in to do this."))
    return User.objects.get(pk=actor.user_id)


def _founder_cannot_sign(person: User) -> Objection | None:
    return rules.second_factor_is_missing(factors.has_second_factor(person))


def _place_is_unknown(code: str) -> Iterator[Objection]:
    if code and codelists.place_of(code) is None:
        yield Objection("municipality_unknown", _("Choose the municipality from the list."), "municipality")


def _organization(nit: Nit, legal_name: str, short_name: str) -> Organization:
    """The legal person with that NIT, made now if the platform did not know it."""
    found = Organization.objects.select_for_update().filter(scheme="CO-NIT", number=nit.number).first()
    if found is not None:
        return found
    organization = Organization(scheme="CO-NIT", number=nit.number, check_digit=nit.check_digit)
    name_organization(organization, legal_name, short_name)
    organization.save()
    return organization


def _supplier_organization(data: SupplierData, person: User) -> Organization:
    if data.has_nit:
        return _organization(Nit.parse(data.nit), data.legal_name, data.short_name)
    organization = Organization(
        scheme=f"CO-{data.document_type or person.document_type}",
        number=data.document_number,
        is_natural_person=data.is_natural_person,
    )
    if data.is_foreign:
        organization.scheme, organization.number = f"{data.country}-{data.foreign_scheme}", data.foreign_number
        organization.country = data.country
    name_organization(organization, data.legal_name, data.short_name)
    found = Organization.objects.select_for_update().filter(scheme=organization.scheme, number=organization.number)
    if existing := found.first():
        return existing
    organization.save()
    return organization


def name_organization(organization: Organization, legal_name: str, short_name: str) -> None:
    organization.legal_name = rules.normalised_name(legal_name)
    organization.short_name = rules.normalised_name(short_name)[:60]
    organization.folded_name = fold(f"{organization.legal_name} {organization.short_name}")


def _buyer_exists(organization: Organization) -> Iterator[Objection]:
    if existing := organization.accounts.filter(is_buyer=True).first():
        yield _already_registered(existing)


def _already_registered(existing: Account) -> Objection:
    sentence = _("%(name)s is already registered (%(code)s). Ask its administrator for access instead.")
    return Objection("already_registered", sentence % {"name": existing.name, "code": existing.code}, "nit")


def _fill_entity(account: Account, data: EntityData) -> None:
    account.kind, account.business_area = data.kind, data.business_area
    account.order, account.branch = data.order, data.branch
    account.sector, account.entity_type = data.sector, data.entity_type
    account.in_siif, account.pci = data.in_siif, data.pci if data.in_siif else ""
    account.email = data.email.strip().lower()
    if data.parent:
        account.parent = Account.objects.filter(code=data.parent, is_buyer=True, state="active").first()
        if account.parent is None:
            raise Refused(
                Objection("parent_unknown", _("The entity on which it depends must be registered."), "parent")
            )
    _fill_contact(account, data)


def _fill_supplier(account: Account, data: SupplierData, person: User) -> None:
    account.kind, account.business_area, account.size = data.kind, "private", data.size
    natural = data.is_natural_person
    account.representative_name = person.full_name if natural else " ".join(data.representative_name.split())
    account.representative_document_type = person.document_type if natural else data.representative_document_type
    account.representative_document_number = person.document_number if natural else data.representative_document_number
    account.unspsc_interests = list(dict.fromkeys(data.unspsc_interests))
    account.email = (data.email or data.notification_email).strip().lower()
    _fill_contact(account, data)


def _fill_contact(account: Account, data: EntityData | SupplierData) -> None:
    account.country = data.country
    account.municipality, account.department = data.municipality, data.municipality[:2]
    account.address = " ".join(data.address.split())[:200]
    account.phone = re.sub(r"[\s.()\-]", "", data.phone)
    account.notification_email = data.notification_email.strip().lower()


def _found(account: Account, actor: Actor, person: User, roles: list[str], at: datetime) -> Actor:
    """Give the founder their place, and answer them acting for the new account."""
    place = Membership.objects.create(user=person, account=account, requested_at=at)
    MEMBERSHIP.fire(place, "accept", at=at)
    place.roles, place.decided_at, place.decided_by = roles, at, person
    place.save()
    return queries.actor_for(user=person, account_id=account.pk, signature=actor.signature)


def keep_papers(account: Account, actor: Actor, papers: Papers, at: datetime) -> None:
    """Each document in its kind, with its dates; it takes the place of the one before."""
    for paper in rules.papers_for(account.kind):
        if (sent := papers.get(paper.field)) is not None:
            attached = sent if isinstance(sent, Attached) else Attached(sent)
            keep_paper(account, actor, paper, attached, at)


def keep_paper(account: Account, actor: Actor, paper: rules.Paper, sent: Attached, at: datetime) -> AccountPaper:
    if isinstance(sent.value, Document):
        document = documents_of.refile(actor=actor, document=sent.value, file=account.file, audience="desk", at=at)
    else:
        told = {"kind": paper.kind, "file": account.file, "audience": "desk", "at": at, "field": paper.field}
        document = documents_of.take(actor=actor, value=sent.value, **told)  # type: ignore[arg-type]
    AccountPaper.objects.filter(account=account, kind=paper.kind, is_current=True).update(is_current=False)
    return AccountPaper.objects.create(
        account=account,
        kind=paper.kind,
        document=document,
        issued_on=sent.dates.issued_on,
        expires_on=sent.dates.expires_on,
        audience=sent.dates.audience or paper.audience,
        added_at=at,
    )


def confirm_mailbox(*, account_id: int, code: str, at: datetime) -> None:
    """The code that was sent to the account's address for notifications was typed."""
    account = Account.objects.get(pk=account_id)
    email = mailboxes.confirm(purpose=account.file, code=code, at=at)
    Account.objects.filter(pk=account_id, notification_email=email).update(confirmed_email=email)


def open_papers(account: Account, at: datetime) -> None:
    """Let those read the documents whom the account chose. Called when the account becomes active, and after."""
    for paper in AccountPaper.objects.filter(account=account, is_current=True).select_related("document"):
        if documents_of.WIDER[paper.audience] > documents_of.WIDER[paper.document.audience]:  # type: ignore[index]
            documents_of.disclose(documents=[paper.document], audience=paper.audience, at=at)


def _ask(account: Account, actor: Actor, at: datetime) -> Account:
    ACCOUNT.fire(account, "request", at=at)
    account.requested_at, account.requested_by_id = at, actor.user_id
    account.held_by = account.held_since = None
    account.checks = {item: told for item, told in account.checks.items() if not told["wrong"]}
    account.save()
    papers = tuple(paper.document.sha256 for paper in queries.papers_of(account))
    event = ActivationRequested(file=account.file, subject_id=account.pk, data=public(account), documents=papers)
    account.receipt = outbox.publish(event, actor=actor, at=at)
    return account


def public(account: Account) -> dict[str, str]:
    """What anybody may know of an account; a natural person's document number is not in it."""
    number = "" if account.organization.is_natural_person else account.nit
    return {"account": account.code, "name": account.name, "nit": number, "kind": account.kind}


def supplier_of(typed: Mapping[str, object], *, user_id: int) -> SupplierData:
    """The form of a supplier as data; a natural person who registers themselves is known by their own document."""
    data = SupplierData(**typed)  # type: ignore[arg-type]
    if not data.is_natural_person:
        return data
    person = User.objects.get(pk=user_id)
    return replace(data, nit="", document_type=person.document_type, document_number=person.document_number)
