"""Accounts: how they are registered, asked for, checked and opened."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.accounts import factors
from pliego.accounts.models import User
from pliego.codelists import queries as codelists
from pliego.codelists.words import fold
from pliego.documents import services as documents_of
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import Nit, next_public_id
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties import queries, rules
from pliego.parties.events import AccountActivated, AccountReturned, ActivationRequested, SupplierRegistered
from pliego.parties.models import Account, ContractingUnit, Membership, Organization
from pliego.parties.policy import POLICY, Act
from pliego.parties.rules import EntityData, SupplierData
from pliego.parties.states import ACCOUNT, MEMBERSHIP
from pliego.web.fields import Upload

Papers = Mapping[str, Upload]  # by the field of the form


@transaction.atomic
def register_entity(*, actor: Actor, data: EntityData, papers: Papers, at: datetime) -> Account:
    """Register a state entity, make the person its administrator, and ask the service desk to activate it."""
    person = _person(actor)
    refuse_if_any(
        rules.entity_is_incomplete(data, papers), _place_is_unknown(data.municipality), _founder_cannot_sign(person)
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
    _keep_papers(account, founder, papers, at)
    return _ask(account, founder, at)


@transaction.atomic
def correct_entity(*, actor: Actor, account_id: int, data: EntityData, papers: Papers, at: datetime) -> Account:
    """Send a returned registration again, with what the desk asked to correct. Documents not sent again stay."""
    account = _locked(account_id)
    POLICY.require(actor, Act.REQUEST_ACTIVATION, account)
    held = papers_held(account)
    refuse_if_any(rules.entity_is_incomplete(data, {*held, *papers}), _place_is_unknown(data.municipality))
    nit = Nit.parse(data.nit)
    if nit.number != account.organization.number:
        raise Refused(Objection("nit_changed", _("The NIT cannot change. Register the other entity apart."), "nit"))
    _name(account.organization, data.legal_name, data.short_name)
    account.organization.save()
    _fill_entity(account, data)
    account.save()
    _keep_papers(account, actor, papers, at)
    return _ask(account, actor, at)


def papers_held(account: Account) -> set[str]:
    """The fields whose documents were already sent."""
    kept = {document.kind for document in queries.papers_of(account)}
    return {paper.field for paper in (*rules.ENTITY_PAPERS, rules.PRIVATE_PAPER) if paper.kind in kept}


@transaction.atomic
def take_request(*, actor: Actor, account_id: int, at: datetime) -> Account:
    """The desk officer takes the request: both sides see who has it and since when."""
    account = _locked(account_id)
    POLICY.require(actor, Act.TAKE, account)
    account.held_by_id, account.held_since = actor.user_id, at
    account.save(update_fields=["held_by", "held_since"])
    return account


@transaction.atomic
def activate_entity(*, actor: Actor, account_id: int, at: datetime) -> Account:
    """Open the account: its people may plan, publish and contract."""
    account = _locked(account_id)
    POLICY.require(actor, Act.ACTIVATE, account)
    ACCOUNT.fire(account, "activate", at=at)
    account.activated_at, account.return_reasons = at, {}
    account.held_by_id, account.held_since = actor.user_id, account.held_since or at
    account.save()
    event = AccountActivated(file=account.file, subject_id=account.pk, data=_public(account))
    account.receipt = outbox.publish(event, actor=actor, at=at)
    return account


@transaction.atomic
def return_entity(*, actor: Actor, account_id: int, reasons: Mapping[str, str], at: datetime) -> Account:
    """Send the registration back with the reason at each field, for its administrator to correct."""
    account = _locked(account_id)
    POLICY.require(actor, Act.RETURN, account)
    kept = {field: " ".join(reason.split())[:500] for field, reason in reasons.items() if reason.strip()}
    if not kept:
        raise Refused(Objection("reason_missing", _("Write at least one reason, at the field to correct.")))
    ACCOUNT.fire(account, "return", at=at)
    account.return_reasons = kept
    account.held_by_id, account.held_since = actor.user_id, account.held_since or at
    account.save()
    data = {"account": account.code, "reasons": kept}
    event = AccountReturned(file=account.file, subject_id=account.pk, data=data)
    account.receipt = outbox.publish(event, actor=actor, at=at)
    return account


@transaction.atomic
def register_supplier(*, actor: Actor, data: SupplierData, at: datetime) -> Account:
    """Register a supplier. It is active at once: nobody has to approve that somebody wants to sell to the State."""
    person = _person(actor)
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
    event = SupplierRegistered(file=account.file, subject_id=account.pk, data=_public(account))
    account.receipt = outbox.publish(event, actor=founder, at=at)
    return account


def _locked(account_id: int) -> Account:
    account = Account.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=account_id)
    if (found := account.first()) is None:
        raise Unknown()
    return found


def _person(actor: Actor) -> User:
    if actor.user_id is None:
        raise Denied(_("Sign in to do this."))
    return User.objects.get(pk=actor.user_id)


def _founder_cannot_sign(person: User) -> Objection | None:
    return rules.second_factor_is_missing(factors.has_second_factor(person))


def _place_is_unknown(code: str) -> Iterator[Objection]:
    if codelists.place_of(code) is None:
        yield Objection("municipality_unknown", _("Choose the municipality from the list."), "municipality")


def _organization(nit: Nit, legal_name: str, short_name: str) -> Organization:
    """The legal person with that NIT, made now if the platform did not know it."""
    found = Organization.objects.select_for_update().filter(scheme="CO-NIT", number=nit.number).first()
    if found is not None:
        return found
    organization = Organization(scheme="CO-NIT", number=nit.number, check_digit=nit.check_digit)
    _name(organization, legal_name, short_name)
    organization.save()
    return organization


def _supplier_organization(data: SupplierData, person: User) -> Organization:
    if not data.is_natural_person:
        return _organization(Nit.parse(data.nit), data.legal_name, data.short_name)
    organization = Organization(
        scheme=f"CO-{data.document_type or person.document_type}",
        number=data.document_number,
        is_natural_person=True,
    )
    _name(organization, data.legal_name, data.short_name)
    found = Organization.objects.select_for_update().filter(scheme=organization.scheme, number=organization.number)
    if existing := found.first():
        return existing
    organization.save()
    return organization


def _name(organization: Organization, legal_name: str, short_name: str) -> None:
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


def _keep_papers(account: Account, actor: Actor, papers: Papers, at: datetime) -> None:
    for paper in rules.papers_for(account.kind):
        if sent := papers.get(paper.field):
            documents_of.take(
                actor=actor,
                value=sent,
                kind=paper.kind,
                file=account.file,
                audience="desk",
                at=at,
                field=paper.field,
            )


def _ask(account: Account, actor: Actor, at: datetime) -> Account:
    ACCOUNT.fire(account, "request", at=at)
    account.requested_at, account.requested_by_id = at, actor.user_id
    account.held_by = account.held_since = None
    account.save()
    papers = tuple(d.sha256 for d in queries.papers_of(account))
    event = ActivationRequested(file=account.file, subject_id=account.pk, data=_public(account), documents=papers)
    account.receipt = outbox.publish(event, actor=actor, at=at)
    return account


def _public(account: Account) -> dict[str, str]:
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
