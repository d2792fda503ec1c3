"""Worlds for the tests of this room and of those above: built by calling services."""

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pyrage

from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.kernel.actors import Actor, Signature
from pliego.kernel.calendar import calendar
from pliego.ledger.tests.given import CONTRALORIA, VEEDURIA, cosigned
from pliego.methods import schedule
from pliego.parties.models import Account, ContractingUnit
from pliego.parties.tests import given as parties
from pliego.tendering import sections, services
from pliego.tendering.models import Amendment, CustodianKey, OpeningKey, Tender
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.services.drafting import General
from pliego.web.fields import Upload
from tests.furnishing import SECRETS, furnished

numbers = count(1)
IDENTITIES: dict[int, "pyrage.x25519.Identity"] = {}  # the secret halves that people keep at home, by user id
CUSTODIAN: dict[int, "pyrage.x25519.Identity"] = {}  # the custodian's, by number of the key
SECRETS += [IDENTITIES, CUSTODIAN]


@dataclass(frozen=True)
class Buyer:
    """An entity and its people, each as the actor who acts for it, not yet having signed anything."""

    account: Account
    unit: ContractingUnit
    ana: Actor  # prepares and evaluates
    beto: Actor  # approves and administers
    elena: Actor  # audits
    gloria: Actor  # supervises
    hugo: Actor  # pays


def joined(account: Account, name: str, roles: list[str], at: datetime) -> Actor:
    """One more person of the entity."""
    parties.join(account, name, roles, by="beto", at=at)
    return parties.actor(people.person(name, at=at), account, signed=False)


def signed(actor: Actor, at: datetime) -> Actor:
    """The same person, having just given their second factor."""
    return actor.with_signature(Signature("demo", at))


def opening_key(user_id: int, at: datetime) -> "pyrage.x25519.Identity":
    """Make that person an opening key, unless they have one; the identity stays in IDENTITIES."""
    if not OpeningKey.objects.filter(user_id=user_id, is_active=True).exists():
        IDENTITIES[user_id] = pyrage.x25519.Identity.generate()
        OpeningKey.objects.create(user_id=user_id, recipient=str(IDENTITIES[user_id].to_public()), created_at=at)
    return IDENTITIES[user_id]


def custodian_keys(how_many: int = 3) -> None:
    first = (CustodianKey.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    for number in range(first, first + how_many):
        CUSTODIAN[number] = pyrage.x25519.Identity.generate()
        CustodianKey.objects.create(number=number, recipient=str(CUSTODIAN[number].to_public()))


def operator(at: datetime) -> User:
    """The operator of the platform, who holds the escrow."""
    user = people.person("omar", at=at)
    if "operator" not in user.platform_roles:
        user.platform_roles = ["operator"]
        user.save(update_fields=["platform_roles"])
    return user


@furnished
def buyer(at: datetime, name: str = "Alcaldía de Valle Sereno", number: str = "999900001") -> Buyer:
    """An active entity whose preparer and approver, and the platform's operator, have opening keys."""
    account = parties.entity(name, number, at=at)
    unit, _made = ContractingUnit.objects.get_or_create(
        account=account, reference="SG", defaults={"name": "Secretaría General", "municipality": "73001"}
    )
    team = {member: parties.actor(people.person(member, at=at), account, signed=False) for member in parties.TEAM}
    for user_id in (team["ana"].user_id, team["beto"].user_id, operator(at).pk):
        opening_key(user_id or 0, at)
    return Buyer(account=account, unit=unit, **team)


@furnished
def supplier(at: datetime, name: str = "carla") -> Actor:
    """The representative, bidder and administrator of an active supplier, as its actor."""
    return parties.actor(people.person(name, at=at), parties.supplier(name, at=at), signed=False)


def pdf(name: str = "documento.pdf") -> Upload:
    return parties.upload(name)


def general(**changes: Any) -> General:
    return General(**{
        "title": "Compra de computadores", "description": "Compra de computadores para la entidad",
        "unspsc_main": "43211500", "contract_type": "goods", "value_amount": Decimal("40000000"), "duration": 2,
        "duration_unit": "months", "delivery_municipality": "73001", "plan_justification": "No estaba en el plan",
        **changes,
    })  # fmt: skip


ROWS = [PriceRow("Computador portátil", Decimal(10), "unidad"), PriceRow("Monitor", Decimal("5"), "unidad")]


@furnished
def empty_tender(at: datetime, of: Buyer | None = None, method: str = "minima_cuantia") -> Tender:
    of = of or buyer(at)
    return services.create_tender(
        actor=of.ana, title="Compra de computadores", reference=f"MC-{next(numbers):03}-2026", method=method, at=at,
        plan_justification="No estaba en el plan",
    )  # fmt: skip


COVER = {"percent": "10", "months": 6}
RISK = {
    "risk_class": "general", "source": "external", "stage": "performance", "risk_type": "economic",
    "description": "Sube el precio de los equipos", "consequence": "Mayores costos", "probability": 3, "impact": 3,
    "assigned_to": "contractor", "treatment": "Compra anticipada", "monitoring": "Cada mes",
}  # fmt: skip
# What the publication asks of the sections of the rooms above, where the method asks for it.
CONDITIONS: dict[str, Any] = {
    "guarantees": {"asked": "yes", "covers": [{"cover": "performance", **COVER}, {"cover": "offer", **COVER}]},
    "risks": {"risks": [RISK]},
    "criteria": {"factors": [{"kind": "quality", "points": "100"}]},
    "shortlist": {"has_maximum": "no"},
    "auction": {
        "by": "total", "compares": "price", "margin_kind": "percent", "margin_percent": "1", "warning": 15,
        "minutes": 30, "window": 3, "extension": 3,
    },
}  # fmt: skip
BY_POINTS = {
    "factors": [{"kind": "price", "points": "60"}, {"kind": "quality", "points": "40"}], "formula": "lowest",
}  # fmt: skip


def save_conditions(tender: Tender, common: dict[str, Any]) -> None:
    """Write the sections of the rooms above that this method asks for."""
    asked = {**CONDITIONS, **({"criteria": BY_POINTS} if tender.rulebook.evaluation.rule == "points" else {})}
    for section in sections.of(tender):
        if section.code in asked and list(section.rule(tender, common["at"])):
            services.save_section(part=section.code, content=asked[section.code], **common)


@furnished
def draft_tender(
    at: datetime, of: Buyer | None = None, method: str = "minima_cuantia", invited: Actor | None = None
) -> Tender:
    """A draft with nothing missing."""
    of = of or buyer(at)
    tender = empty_tender(at, of, method)
    common: dict[str, Any] = {"actor": of.ana, "tender_id": tender.pk, "at": at}
    causal = {"causal": "servicios_profesionales"} if tender.rulebook.causals else {}
    services.save_general(data=general(**causal), **common)
    services.save_schedule(milestones=schedule.propose(tender.rulebook, at), **common)
    services.save_budget(number="CDP-77", amount=Decimal("40000000"), funding_source="own", **common)
    for document in tender.rulebook.documents:
        if document.is_required and not document.generated and document.moment == tender.rulebook.start.code:
            services.attach_document(kind=document.code, content=pdf(f"{document.code}.pdf"), **common)
    if tender.has_bidding:
        custodian_keys(1)
        envelope = tender.rulebook.envelopes[0].code
        services.save_item(
            envelope=envelope, kind="file", title="Certificado de existencia", is_requirement=True, **common
        )
        priced = next(e.code for e in tender.rulebook.envelopes if e.holds in {"all", "price"})
        prices = services.save_item(envelope=priced, kind="price_list", title="Precios", **common)
        services.save_price_list(number=prices.number, rows=ROWS, **common)
    save_conditions(Tender.objects.get(pk=tender.pk), common)
    if tender.rulebook.flags.invitations:
        invited = invited or supplier(at)
        services.invite_supplier(supplier_code=invited.account_code, **common)
    return Tender.objects.get(pk=tender.pk)


def reinforced_draft(at: datetime, of: Buyer | None = None) -> Tender:
    """A draft whose opening is reinforced; what that needs of others (witnesses, keeper, passkeys) is not there yet."""
    of = of or buyer(at)
    tender = draft_tender(at, of)
    return services.choose_opening_members(
        actor=of.ana, tender_id=tender.pk, threshold=tender.opening_threshold, at=at, reinforced=True,
        members=list(tender.opening_members.values_list("user_id", "capacity")),
        reinforced_reason="Es una obra de gran valor",
    )  # fmt: skip


def reinforced_tender(at: datetime, of: Buyer | None = None) -> Tender:
    """A public process whose opening is reinforced. Who keeps the custodian is a setting: the test gives it."""
    of = of or buyer(at)
    tender = reinforced_draft(at, of)
    cosigned(CONTRALORIA, VEEDURIA, at=at)
    OpeningKey.objects.update(kept_by="passkey")
    services.submit_for_approval(actor=of.ana, tender_id=tender.pk, at=at)
    return services.publish_tender(actor=signed(of.beto, at), tender_id=tender.pk, at=at)


@furnished
def submitted_tender(at: datetime, of: Buyer | None = None, **options: Any) -> Tender:
    of = of or buyer(at)
    tender = draft_tender(at, of, **options)
    return services.submit_for_approval(actor=of.ana, tender_id=tender.pk, at=at)


@furnished
def published_tender(at: datetime, of: Buyer | None = None, **options: Any) -> Tender:
    """A public process, born by the road of everybody: drafted by ana, sent for approval, published by beto."""
    of = of or buyer(at)
    tender = submitted_tender(at, of, **options)
    return services.publish_tender(actor=signed(of.beto, at), tender_id=tender.pk, at=at)


def suspended_tender(at: datetime, of: Buyer | None = None, **options: Any) -> Tender:
    """A public process that beto suspended as soon as it was published."""
    of = of or buyer(at)
    tender = published_tender(at, of, **options)
    suspension = services.suspend_tender(
        actor=signed(of.beto, at),
        tender_id=tender.pk,
        reason="Lo ordenó un juez",
        legal_basis="Auto 12 de 2026",
        planned_on=calendar.add(calendar.day_of(at), 5),
        at=at,
    )
    return suspension.tender


def people_of(tender: Tender) -> Buyer:
    """The entity of a tender that was made without saying which."""
    return buyer(tender.created_at, number=tender.buyer.organization.number)


def amendment(tender: Tender, at: datetime, **moved: datetime) -> Amendment:
    """An amendment that moves those milestones, written by ana."""
    milestones = moved or {
        "award": calendar.at(calendar.add(calendar.day_of(tender.schedule["award"]), 1), 9),
        "contract_signed": calendar.at(calendar.add(calendar.day_of(tender.schedule["contract_signed"]), 1), 15),
    }
    ana = people_of(tender).ana
    return services.draft_amendment(actor=ana, tender_id=tender.pk, reason="Ajuste", milestones=milestones, at=at)


def csv(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())
