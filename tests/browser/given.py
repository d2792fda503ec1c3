"""Stories that the demo does not tell, made by the services: stages, modifications, a replacement of factors."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.test import RequestFactory, override_settings

from pliego.accounts import links, reissuing
from pliego.accounts.models import Reissue, User
from pliego.awards import services as awards
from pliego.bidding import closing, opening
from pliego.breaches import calling
from pliego.breaches import hearing as breach_hearing
from pliego.breaches import services as breaches
from pliego.breaches.models import Breach
from pliego.breaches.rules import GuarantorIn
from pliego.contracts import modifying
from pliego.contracts import services as contracts
from pliego.contracts.models import Contract
from pliego.contracts.modifying import ModificationData
from pliego.correspondence import services as messages
from pliego.demo import contracting, papers
from pliego.demo.cast import BY_NAME, FIRMS
from pliego.demo.country import Country
from pliego.following import services as following
from pliego.hearings import services as hearings
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import calendar
from pliego.methods import catalogue, schedule
from pliego.panels import links as seats
from pliego.panels import services as panels
from pliego.panels.rules import MemberIn
from pliego.parties import queries as accounts
from pliego.parties import services as parties
from pliego.parties.models import Account
from pliego.parties.rules import SupplierData
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests.given import general

SAMC, INFORMATION, DIRECT = "seleccion_abreviada_menor_cuantia", "solicitud_informacion", "contratacion_directa"
WHY = "Me robaron el teléfono y con él la aplicación y los códigos de recuperación."
FOUND = "Llamada al teléfono registrado y video con la cédula en la mano."
MAILBOX = "garante@pliego.example"
Drafted = Callable[..., Tender]


def begun(method: str, now: datetime, first: str, last: str) -> tuple[datetime, dict[str, datetime]]:
    """When a process of that method began that stands today between the two milestones; and its schedule."""
    for days in range(1, 90):
        at = now - timedelta(days=days)
        dates = schedule.propose(catalogue.get(method), at)
        if dates[first] < now < dates[last]:
            return at, dates
    raise AssertionError(f"{method} has no day between {first} and {last}")


def published(country: Country, draft: Drafted, reference: str, method: str, at: datetime) -> Tender:
    tender = draft(country, reference, at, method, send=True)
    return tendering.publish_tender(actor=country.actor("beto", at=at), tender_id=tender.pk, at=at)


def talked_about(country: Country, tender: Tender) -> Tender:
    """The process with a public message, a case that the entity answered, and people who follow it."""
    if tender.messages.exists():
        return tender
    ana, carla, at = country.actor("ana"), country.actor("carla"), clock.now()
    plan = papers.upload("plano.pdf", "Plano", "Plano de la sede con las rutas de entrega")
    words = messages.Words("La visita es el jueves a las 9:00.", "Visita al sitio de entrega", [("document", plan)])
    messages.write_message(actor=ana, tender_id=tender.pk, group="public", words=words, at=at)
    asked = messages.Words("¿Hay parqueadero para el camión?", "Parqueadero en la sede de entrega")
    case = messages.open_case(actor=carla, tender_id=tender.pk, words=asked, at=at).case
    assert case
    messages.write_in_case(actor=ana, case_id=case.pk, words=messages.Words("Sí, por la calle 5."), at=at)
    for actor, delivery in ((ana, "inbox"), (carla, "daily")):
        following.follow(actor=actor, tender_id=tender.pk, delivery=delivery, at=at)
    return tender


def with_lots(country: Country, draft: Tender, at: datetime) -> Tender:
    """That draft, in two lots."""
    lots = [{"number": n, "title": f"Lote de la zona {n}", "value": "500000", "place": "73001"} for n in (1, 2)]
    told: dict[str, Any] = {"actor": country.actor("ana", at=at), "tender_id": draft.pk, "at": at}
    return tendering.save_section(part="lots", content={"lots": lots}, **told)


@transaction.atomic  # the worker would close it with the hour of today
def open_to_interest(country: Country, draft: Drafted, reference: str) -> Tender:
    """A process of menor cuantía that takes expressions of interest now."""
    if made := Tender.objects.filter(reference=reference).first():
        return made
    at, dates = begun(SAMC, clock.now(), "selection_opened", "interest_due")
    tender = published(country, draft, reference, SAMC, at)
    on: dict[str, Any] = {"tender_id": tender.pk, "at": dates["selection_opened"]}
    ana = country.actor("ana")
    tendering.draft_amendment(actor=ana, reason="Se abre el proceso", milestones={}, stage="interest", **on)
    entry = tender.rulebook.reached_by("advance", tender.rulebook.stage("interest"))
    for document in tender.rulebook.documents:
        if entry and document.moment == entry.code and document.is_required and not document.generated:
            content = papers.upload(f"{document.code}.pdf", str(document.title), tender.title)
            tendering.attach_to_amendment(actor=ana, kind=document.code, content=content, **on)
    tendering.publish_amendment(actor=country.actor("beto", at=on["at"]), **on)
    return Tender.objects.get(pk=tender.pk)


def with_visit(country: Country, draft: Tender, at: datetime) -> Tender:
    """That draft, public, with a visit to the place two hours before the last observations."""
    due = draft.due_at("enquiries_due")
    assert due
    visit = {"allowed": "yes", "held_at": (due - timedelta(hours=2)).isoformat(), "municipality": "73001"}
    visit |= {"meeting_point": "Portería de la sede", "mandatory": "yes", "contact": "Oficina de compras"}
    ana = country.actor("ana", at=at)
    tendering.save_section(actor=ana, tender_id=draft.pk, part="visit", content=visit, at=at)
    tendering.submit_for_approval(actor=ana, tender_id=draft.pk, at=at)
    return tendering.publish_tender(actor=country.actor("beto", at=at), tender_id=draft.pk, at=at)


@transaction.atomic
def called(country: Country, draft: Drafted, reference: str) -> Tender:
    """A process with a visit that nobody has convened yet."""
    if made := Tender.objects.filter(reference=reference).first():
        return made
    at = clock.now()
    return with_visit(country, draft(country, reference, at, "minima_cuantia"), at)


@transaction.atomic  # the worker would close it with the hour of today
def watched(country: Country, draft: Drafted, reference: str) -> Tender:
    """A process with a committee, one of whose members was recused, and its visit in session."""
    if made := Tender.objects.filter(reference=reference).first():
        return made
    at, dates = begun("minima_cuantia", clock.now(), "enquiries_due", "bids_due")
    tender = with_visit(country, draft(country, reference, at, "minima_cuantia"), at)
    ana, carla, beto = (country.actor(name, at=at) for name in ("ana", "carla", "beto"))
    told: dict[str, Any] = {"tender_id": tender.pk, "at": at}
    outsider = MemberIn(
        "financial",
        name="Nora Peña Afuera",
        document_type="CC",
        document_number="1010101010",
        email="nora@pliego.example",
    )
    members = [MemberIn("president", ana.user_code), outsider]
    panels.appoint_members(actor=beto, act_number="Resolución 118", act_on=calendar.day_of(at), members=members, **told)
    panels.declare_interests(actor=ana, number=1, has_conflict=False, **told)
    panels.recuse_member(actor=carla, number=1, reason="Trabajó para otro proveedor hasta el año pasado.", **told)
    place = {"place": "Portería de la sede", "link": "", "how": "Lleve casco y su documento."}
    hearing = hearings.convene_hearing(actor=ana, occasion="visit", **place, **told)
    on: dict[str, Any] = {"tender_id": tender.pk, "number": 1, "at": hearing.begins_at}
    hearings.begin_hearing(actor=ana, **on)
    hearings.attend(actor=carla, **on)
    hearings.register_attendance(actor=ana, name="Pía Ramos", represents="Vecinos", document_number="1010101011", **on)
    hearings.speak(actor=carla, text="¿El ascensor de carga funciona?", is_question=True, **on)
    assert dates["enquiries_due"] > hearing.begins_at
    return Tender.objects.get(pk=tender.pk)


def seat_link(tender: Tender) -> str:
    """The last part of the link of the evaluator from outside."""
    return seats.link(tender.panel_members.get(user=None)).rstrip("/").rpartition("/")[2]


@transaction.atomic
def halted(country: Country, draft: Drafted, reference: str) -> Tender:
    """A process that was suspended on the day on which it was published."""
    if made := Tender.objects.filter(reference=reference).first():
        return made
    at = clock.now()
    tender = published(country, draft, reference, "minima_cuantia", at)
    tendering.suspend_tender(
        actor=country.actor("beto", at=at),
        tender_id=tender.pk,
        reason="El Juzgado 3 Administrativo ordenó suspender el proceso mientras decide una acción de tutela.",
        legal_basis="Auto 118 de 2026; Decreto 2591 de 1991, art. 7",
        planned_on=calendar.add(calendar.day_of(at), 5),
        at=at,
    )
    return Tender.objects.get(pk=tender.pk)


@transaction.atomic
def answered(country: Country, draft: Drafted, reference: str) -> Tender:
    """A request for information whose term is over."""
    if made := Tender.objects.filter(reference=reference).first():
        return made
    at = clock.now() - timedelta(days=30)
    tender = published(country, draft, reference, INFORMATION, at)
    due = tender.due_at("opening") or tender.due_at("bids_due")
    assert due is not None
    closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=due + timedelta(minutes=1))
    when = due + timedelta(hours=1)
    opening.open_bids(actor=country.actor("beto", at=when), tender_id=tender.pk, at=when)
    return Tender.objects.get(pk=tender.pk)


def awarded(country: Country, draft: Drafted, reference: str, supplier: Account, **bought: Any) -> Contract:
    """The draft of the contract of a direct process that was awarded now to that supplier, at its whole value."""
    at = clock.now()
    beto, tender = country.actor("beto", at=at), direct(country, draft, reference, supplier, **bought)
    told: dict[str, Any] = {"tender_id": tender.pk, "at": at}
    with transaction.atomic():  # the worker would draft its contract first
        award = awards.award_directly(actor=beto, supplier=supplier.code, value=bought["value_amount"], **told)
        return contracts.draft_contract(actor=SYSTEM, award_id=award.pk, at=at)


def direct(country: Country, draft: Drafted, reference: str, supplier: Account, **bought: Any) -> Tender:
    """A public direct process of that, with that supplier invited."""
    at = clock.now()
    tender = draft(country, reference, at, DIRECT)
    on: dict[str, Any] = {"actor": country.actor("ana"), "tender_id": tender.pk, "at": at}
    tendering.save_general(data=general(**bought), **on)
    tendering.save_budget(number="CDP-2077", amount=bought["value_amount"], funding_source="own", **on)
    if (causal := tender.rulebook.causal(bought["causal"])) and causal.justification != "none":
        act = papers.upload("justificacion.pdf", "Acto administrativo de justificación", bought["title"])
        tendering.attach_document(kind="justification", content=act, **on)
    if not tender.invitations.filter(supplier=supplier).exists():
        tendering.invite_supplier(supplier_code=supplier.code, **on)
    tendering.submit_for_approval(**on)
    return tendering.publish_tender(actor=country.actor("beto", at=at), tender_id=tender.pk, at=at)


def natural_person(name: str) -> Account:
    """The account with which somebody of the cast without one offers their own services."""
    user = User.objects.get(email=BY_NAME[name].email)
    if made := Account.objects.filter(membership__user=user).first():
        return made
    data = SupplierData(
        kind="natural_person",
        legal_name=user.full_name,
        document_type=user.document_type,
        document_number=user.document_number,
        municipality="73001",
        address="Calle 7 # 8-90",
        phone="3000000000",
        notification_email=user.email,
        unspsc_interests=("801116",),
    )
    return parties.register_supplier(actor=accounts.actor_for(user=user), data=data, at=clock.now())


@transaction.atomic
def modified(country: Country, draft: Drafted, reference: str, *, then: str) -> Contract:
    """A running contract with a published modification and one more, a `draft` or `sent` one."""
    if made := Contract.objects.filter(award__tender__reference=reference).first():
        return made
    at = clock.now() - timedelta(days=20)
    beto, tender = country.actor("beto", at=at), published(country, draft, reference, DIRECT, at)
    awards.award_directly(
        actor=beto, tender_id=tender.pk, supplier=country.accounts["paramo"].code, value=Decimal(30_000_000), at=at
    )
    contract = contracting.contracted(country, tender, at)
    at += timedelta(days=2)
    first = written(country, contract, "addition", at, amount=Decimal(1_000_000), budget_commitment="RP-99")
    modifying.send_modification(actor=country.actor("ana"), modification_id=first.pk, at=at)
    carla = country.actor(FIRMS["paramo"].founder, at=at)
    modifying.accept_modification(actor=carla, modification_id=first.pk, at=at)
    modifying.publish_modification(actor=country.actor("beto", at=at), modification_id=first.pk, at=at)
    second = written(country, contract, "general", at, payment_terms="Dos pagos iguales")
    if then == "sent":
        modifying.send_modification(actor=country.actor("ana"), modification_id=second.pk, at=at)
    return contract


@transaction.atomic
def breached(country: Country, contract: Contract) -> Breach:
    """A hearing of breach of that contract in session, with what the contractor said and asked for; and a call."""
    if made := contract.breaches.first():
        return made
    at = clock.now()
    gloria, carla, beto = (country.actor(name, at=at) for name in ("gloria", FIRMS["paramo"].founder, "beto"))
    told: dict[str, Any] = {"contract_id": contract.pk, "at": at}
    due = at + timedelta(days=5)
    breaches.demand_compliance(actor=gloria, text="Entregue los equipos que faltan.", due_at=due, **told)
    facts = {"facts": "Faltan 4 de los 20 equipos desde hace 12 días.", "clauses": "Cláusula 4 del contrato."}
    informe = papers.upload("informe.pdf", "Informe de supervisión", "Faltan equipos")
    breaches.report_breach(
        actor=gloria, source="supervisor", proofs="Acta de visita.", document=informe, **facts, **told
    )
    begins = at + timedelta(seconds=1)
    called = {"consequences": ["fine", "penalty"], "begins_at": begins, "place": "Sala 2, piso 4"}
    calling.cite(
        actor=beto,
        number=1,
        guarantors=[GuarantorIn("Aseguradora de Ejemplo", "POL-1", MAILBOX)],
        **called,
        **facts,
        **told,
    )
    on: dict[str, Any] = {"contract_id": contract.pk, "number": 1, "at": begins}
    calling.begin_session(actor=beto, **on)
    breach_hearing.attend(actor=carla, **on)
    breach_hearing.plead(actor=carla, text="El puerto estuvo cerrado por la lluvia.", **on)
    breach_hearing.ask_evidence(actor=carla, text="Certificado del puerto", purpose="Que estuvo cerrado", **on)
    return contract.breaches.get()


def written(country: Country, contract: Contract, kind: str, at: datetime, **typed: Any) -> Any:
    ana = country.actor("ana")
    made = modifying.draft_modification(actor=ana, contract_id=contract.pk, kind=kind, at=at)
    act = papers.upload("otrosi.pdf", "Modificación del contrato", contract.title)
    data = ModificationData(reason="Se requieren más equipos para la sede rural", **typed)
    return modifying.edit_modification(actor=ana, modification_id=made.pk, data=data, document=act, at=at)


@transaction.atomic
def lost_factors(country: Country, name: str, upto: str) -> Reissue:
    """That person lost every factor, and their case is `asked`, `proved` or `confirmed`, its wait over."""
    user_id, at = country.actor(name).user_id, clock.now()
    if made := Reissue.objects.under_way().filter(user_id=user_id).first():
        return made
    card = [papers.upload("cedula.pdf", "Cédula de ciudadanía", "de práctica")]
    case = reissuing.open_case(
        request=RequestFactory().post("/"), secret=token(country, name, "REISSUE"), reason=WHY, files=card, at=at
    )
    if upto != "asked":
        call = [papers.upload("llamada.pdf", "Registro de la llamada", FOUND)]
        told: dict[str, Any] = {"checks": list(reissuing.CHECKS), "findings": FOUND, "files": call}
        reissuing.prove(actor=country.actor("irene", at=at), code=case.code, at=at, **told)
    if upto == "confirmed":
        with override_settings(PLIEGO_REISSUE_HOURS=0):
            reissuing.confirm(actor=country.actor("ivan", at=at), code=case.code, at=at)
    return Reissue.objects.get(pk=case.pk)


def token(country: Country, name: str, purpose: str) -> str:
    """The secret part of a link, as it would be in that person's mail."""
    return links.make(User.objects.get(pk=country.actor(name).user_id), links.Purpose[purpose])
