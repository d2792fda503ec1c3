"""The demo country: an entity, two suppliers, their people. Built by the same services as everything else.

Guarantees: repeating it adds nothing; it never sets a state by hand; it exists only in practice installations.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from pliego.accounts import demo, factors
from pliego.accounts import services as people
from pliego.accounts.models import User
from pliego.accounts.rules import Person
from pliego.codelists.services import load_starter
from pliego.demo import papers, processes
from pliego.demo.cast import BY_NAME, CAST, ENTITIES, FIRMS, Entity, Firm, Member
from pliego.demo.country import Country
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import check_digit
from pliego.kernel.objections import Objection, Refused
from pliego.parties import access, queries, rules, services
from pliego.parties import desk as service_desk
from pliego.parties.models import Account, ContractingUnit, Membership
from pliego.workspace import filling

HISTORY = timedelta(days=60)  # how long ago the country was founded, so that it has a past


def refuse_production() -> None:
    if not settings.PLIEGO_PRACTICE:
        raise Refused(Objection("not_a_practice", _("Only a practice installation has a demo country.")))


def found() -> Country:
    """The people and accounts of the country, made now if they were not there."""
    refuse_production()
    load_starter()
    at = clock.now() - HISTORY
    for member in CAST:
        person(member, at)
    accounts = {key: _entity(entity, at) for key, entity in ENTITIES.items()}
    accounts |= {key: _firm(firm, at) for key, firm in FIRMS.items()}
    country = Country(accounts)
    for member in CAST:
        if member.account in ENTITIES:
            _seat(country, member, at)
    processes.give_keys(country, at)
    return country


def person(member: Member, at: datetime) -> User:
    """Somebody of the cast, registered as anybody registers."""
    if existing := User.objects.filter(email=member.email).first():
        return existing
    mailed: dict[str, object] = {}
    told = Person(
        full_name=member.full_name,
        document_type="CC",
        document_number=member.document,
        email=member.email,
        password=secrets.token_urlsafe(24),
        phone="3000000000",
        terms_accepted=True,
    )
    reference = people.begin_registration(person=told, deliver=lambda template, **words: mailed.update(words))
    user = people.confirm_registration(reference=reference, code=str(mailed["code"]), at=at)
    secret = factors.new_secret()
    people.add_totp(user=user, secret=secret, code=demo.code_of(secret), at=at)
    if member.platform_roles:
        user.platform_roles = list(member.platform_roles)
        user.save(update_fields=["platform_roles"])
    return user


def _entity(entity: Entity, at: datetime) -> Account:
    known = Account.objects.filter(organization__number=entity.number, is_buyer=True).select_related("organization")
    if existing := known.first():
        return existing
    data = rules.EntityData(
        nit=nit(entity.number),
        legal_name=entity.legal_name,
        short_name=entity.short_name,
        kind="state_entity",
        municipality=entity.municipality,
        address="Calle 1 # 2-34",
        phone="6080000000",
        email=f"contratacion@{entity.site}.example",
        notification_email=f"avisos@{entity.site}.example",
        **entity.more,
    )
    sent = {
        paper.field: papers.upload(f"{paper.field}.pdf", str(paper.title), entity.legal_name)
        for paper in rules.papers_for("state_entity")
    }
    founder = _alone(entity.founder)
    account = services.register_entity(actor=founder, data=data, papers=sent, at=at)
    desk = _alone("ines")
    found: Any = {"actor": desk, "account_id": account.pk}
    service_desk.take(**found, at=at + timedelta(hours=1))
    service_desk.review(**found, verdicts={}, rest_is_right=True, at=at + timedelta(hours=2))
    account = service_desk.activate(**found, at=at + timedelta(hours=2))
    reference, name = entity.unit
    ContractingUnit.objects.create(account=account, reference=reference, name=name, municipality=entity.municipality)
    return account


def _firm(firm: Firm, at: datetime) -> Account:
    known = Account.objects.filter(organization__number=firm.number, is_supplier=True).select_related("organization")
    if existing := known.first():
        return existing
    founder = User.objects.get(email=BY_NAME[firm.founder].email)
    data = rules.SupplierData(
        kind="sas",
        nit=nit(firm.number),
        legal_name=firm.legal_name,
        municipality=firm.municipality,
        address="Carrera 5 # 6-78",
        phone="6010000000",
        notification_email=founder.email,
        representative_name=founder.full_name,
        representative_document_type=founder.document_type,
        representative_document_number=founder.document_number,
        size="small",
        unspsc_interests=firm.interests,
    )
    return services.register_supplier(actor=_alone(firm.founder), data=data, at=at)


def _seat(country: Country, member: Member, at: datetime) -> None:
    """Give the member their place: asked by them, accepted by the founder, with their roles. What somebody gave them
    besides, while practising, stays."""
    account = country.accounts[member.account]
    user = User.objects.get(email=member.email)
    place = Membership.objects.filter(user=user, account=account).first()
    if place is None:
        with translation.override(settings.LANGUAGE_CODE):
            note = str(member.what)
        place = access.request_access(actor=_alone(member.name), account_id=account.pk, note=note, at=at)
    missing = [role for role in member.roles if role not in place.roles]
    if place.state == "accepted" and not missing:
        return
    boss = country.actor(ENTITIES[member.account].founder)
    decide = access.accept_access if place.state == "pending" else access.set_roles
    decide(actor=boss, membership_id=place.pk, roles=[*place.roles, *missing], at=at)


def _alone(name: str) -> Actor:
    """The person by themselves, acting for no account."""
    return queries.actor_for(user=User.objects.get(email=BY_NAME[name].email))


def nit(number: str) -> str:
    return f"{number}-{check_digit(number)}"


def links() -> list[tuple[Member, str]]:
    """The practice link of each of the cast, in the order in which the story needs them."""
    refuse_production()
    found_links = []
    for member in CAST:
        user = User.objects.filter(email=member.email).first()
        if user is None:
            continue
        where = ENTITIES.get(member.account) or FIRMS.get(member.account)
        number = where.number if where else ""
        account = Account.objects.filter(organization__number=number, membership__user=user).first() if number else None
        found_links.append((member, demo.sign_in_link(user, account)))
    return found_links


def load() -> Country:
    """The whole country. Each part is there already or is built now."""
    country = found()
    with filling.only_one():
        now = clock.now()
        processes.load(country, now=now, founded_at=now - HISTORY)
    return country
