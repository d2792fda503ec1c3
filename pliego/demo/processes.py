"""What the demo entity buys: its annual plan, a process that receives offers now, and one that is already decided."""

import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from pliego.awards import services as awards
from pliego.bidding import closing, opening, recording, sealing
from pliego.bidding import queries as bids
from pliego.bidding import services as bidding
from pliego.demo import contracting, keys, papers
from pliego.demo.country import Country
from pliego.enquiries import services as enquiries
from pliego.evaluation import queries as evaluations
from pliego.evaluation import services as evaluation
from pliego.evaluation.rules import FindingIn
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.calendar import calendar
from pliego.methods import schedule
from pliego.planning import services as planning
from pliego.planning.models import Plan, PlanLine
from pliego.planning.rules import Header, Line
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.services.drafting import General

MEMBERS = ("ana", "beto", "omar")
OPEN_REFERENCE, DONE_REFERENCE = "MC-002", "MC-001"

# fmt: off
LINES = {
    DONE_REFERENCE: ("Compra de muebles para la sala de atención al ciudadano", "56101700", Decimal(28_000_000)),
    OPEN_REFERENCE: ("Compra de computadores portátiles para las oficinas de la Alcaldía", "43211500",
                     Decimal(45_000_000)),
    "MC-003": ("Suministro de papelería y útiles de oficina", "44121700", Decimal(12_000_000)),
}
GOODS = {
    DONE_REFERENCE: [PriceRow("Escritorio con cajonera", Decimal(8), "unidad"),
                     PriceRow("Silla para sala de espera", Decimal(30), "unidad")],
    OPEN_REFERENCE: [PriceRow("Computador portátil de 14 pulgadas", Decimal(10), "unidad"),
                     PriceRow("Base con ventilador", Decimal(10), "unidad")],
}
OFFERS = {"carla": ("1150000.00", "410000.00"), "dario": ("1240000.00", "395000.00")}
# fmt: on


def plan_of(country: Country, at: datetime) -> Plan:
    """The entity's published plan of the year, with a line for each thing it buys."""
    account, today = country.accounts["alcaldia"], calendar.day_of(at)
    existing = Plan.objects.filter(account=account, year=today.year).first()
    if existing is not None and existing.state != "draft":
        return existing
    header = Header(
        mission="Servir a los habitantes del municipio con obras, bienes y servicios oportunos.",
        contact_name="Secretaría General",
        contact_email="contratacion@vallesereno.example",
        minor_limit_amount=Decimal(500_000_000),
        minimum_limit_amount=Decimal(50_000_000),
    )
    ana = country.actor("ana")
    plan = existing or planning.create_plan(actor=ana, year=today.year, header=header, at=at)
    for description, code, amount in LINES.values() if existing is None else ():
        line = Line(
            description=description,
            unspsc=(code,),
            start_month=today.month,
            bids_month=today.month,
            duration=2,
            method="minima_cuantia",
            funding_source="own",
            total_amount=amount,
            budget_amount=amount,
            municipality=account.municipality,
            responsible_name="Secretaría General",
        )
        planning.add_line(actor=ana, plan_id=plan.pk, line=line, at=at)
    return planning.publish_plan(actor=country.actor("beto", at=at), plan_id=plan.pk, at=at)


def published(country: Country, plan: Plan, reference: str, at: datetime) -> Tender:
    """A mínima cuantía of that line, written by ana and published by beto."""
    account = country.accounts["alcaldia"]
    if existing := Tender.objects.filter(buyer=account, reference=reference).exclude(state="draft").first():
        return existing
    description, code, amount = LINES[reference]
    line = PlanLine.objects.get(plan=plan, description=description)
    ana = country.actor("ana")
    tender = tendering.create_tender(
        actor=ana,
        title=description,
        reference=reference,
        method="minima_cuantia",
        plan_line_ids=[line.pk],
        unit_id=account.units.get(reference="SG").pk,
        at=at,
    )
    on: dict[str, Any] = {"actor": ana, "tender_id": tender.pk, "at": at}
    general = General(
        title=description,
        description=f"{description}, con entrega en la sede principal y garantía de un año.",
        unspsc_main=code,
        contract_type="goods",
        value_amount=amount,
        duration=2,
        duration_unit="months",
        delivery_municipality=account.municipality,
        delivery_address=account.address,
    )
    tendering.save_general(data=general, **on)
    tendering.save_schedule(milestones=schedule.propose(tender.rulebook, at), **on)
    tendering.save_budget(number=f"CDP-{reference}", amount=amount, funding_source="own", **on)
    _ask_for_offers(tender, reference, on)
    tendering.submit_for_approval(**on)
    return tendering.publish_tender(actor=country.actor("beto", at=at), tender_id=tender.pk, at=at)


def _ask_for_offers(tender: Tender, reference: str, on: dict[str, Any]) -> None:
    """The documents of the process and what an offer must hold."""
    rulebook = tender.rulebook
    for document in rulebook.documents:
        if document.is_required and not document.generated and document.moment == rulebook.start.code:
            title = str(document.title)
            content = papers.upload(f"{document.code}.pdf", title, LINES[reference][0])
            tendering.attach_document(kind=document.code, content=content, **on)
    envelope = rulebook.envelopes[0].code
    tendering.save_item(
        envelope=envelope, kind="file", title="Certificado de existencia y representación", is_requirement=True, **on
    )
    tendering.save_item(envelope=envelope, kind="file", title="Ficha técnica de los bienes", is_requirement=True, **on)
    prices = tendering.save_item(envelope=envelope, kind="price_list", title="Lista de precios", **on)
    tendering.save_price_list(number=prices.number, rows=GOODS[reference], **on)


def conversed(country: Country, tender: Tender, at: datetime) -> None:
    """A supplier asks and the entity answers, in public."""
    if tender.enquiries.exists():
        return
    asked = enquiries.ask_enquiry(
        actor=country.actor("dario"),
        tender_id=tender.pk,
        text="¿La entrega puede hacerse en dos partes, la mitad a los quince días?",
        at=at,
    )
    enquiries.answer_enquiry(
        actor=country.actor("ana"),
        tender_id=tender.pk,
        number=asked.number,
        answer="Sí: en dos partes iguales, siempre que la segunda llegue dentro del plazo del contrato.",
        at=at + timedelta(hours=2),
    )


def offered(country: Country, tender: Tender, at: datetime) -> None:
    """Both suppliers present sealed offers: nobody reads them before the opening."""
    for number, (name, prices) in enumerate(OFFERS.items()):
        supplier = country.actor(name, at=at)
        if not tender.bids.filter(supplier_id=supplier.account_id).exists():
            moment = at + timedelta(minutes=number)
            manifest = _sealed(tender, supplier, prices, moment)
            bidding.submit_bid(actor=supplier, tender_id=tender.pk, manifest=manifest, at=moment)


def _sealed(tender: Tender, supplier: Actor, prices: tuple[str, ...], at: datetime) -> dict[str, Any]:
    def put(sha256: str, part: bytes) -> None:
        bidding.keep_part(actor=supplier, sha256=sha256, stream=io.BytesIO(part), at=at)

    process = bids.sealing_process(tender)
    contents = {
        envelope: sealing.Contents(
            answers={},
            prices=dict(zip(bids.price_keys(tender), prices, strict=False)),
            total="",
            attachments=[
                sealing.Attachment(
                    str(item.number), f"{item.title}.pdf", papers.stream(item.title, supplier.account_name)
                )
                for item in tender.items.all()
                if item.envelope == envelope and item.kind == "file"
            ],
        )
        for envelope in process["envelopes"]
    }
    return sealing.seal(process, supplier.account_code, contents, put, bundle="demo")


def opened(country: Country, tender: Tender, at: datetime) -> None:
    """The term ends; the custodian and two members give their pieces; the offers are opened."""
    closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=at)
    envelopes = closing.envelopes_to_open(Tender.objects.get(pk=tender.pk))
    custodian = keys.custodian().identity(tender.custodian_number or 0)
    halves = [
        {"recipient": e.recipient, "half": sealing.unwrap(e.header["custodian"], custodian).hex()} for e in envelopes
    ]
    closing.release_custodian_half(actor=SYSTEM, tender_id=tender.pk, halves=halves, at=at)
    for name in ("ana", "beto"):
        member = country.actor(name, at=at)
        number, mine = str(tender.opening_members.get(user_id=member.user_id or 0).number), keys.identity_of(name)
        shares = []
        for envelope in envelopes:
            lock = next(lock for lock in envelope.header["locks"] if lock["member"] == number)
            shares.append({"recipient": envelope.recipient, "share": sealing.unwrap(lock, mine).hex()})
        closing.release_share(actor=member, tender_id=tender.pk, shares=shares, at=at)
    beto = country.actor("beto", at=at)
    opened = opening.open_bids(actor=beto, tender_id=tender.pk, at=at)
    first = opened.rulebook.openings[0].moment
    recording.record_opening(actor=beto, tender_id=tender.pk, moment=first, at=at)


def decided(country: Country, tender: Tender) -> None:
    """Evaluated, reported and awarded to the lowest that complies, on the days of its schedule."""
    report_at = tender.due_at("report_published") or tender.created_at
    found = evaluation.start_evaluation(tender_id=tender.pk, at=report_at - timedelta(hours=3))
    findings = [FindingIn(item.number, True, "") for item in evaluations.requirements_of(tender)]
    for assessment in found.assessments.select_related("bid"):
        evaluation.assess_bid(
            actor=country.actor("ana"),
            tender_id=tender.pk,
            bid=assessment.bid.code,
            findings=findings,
            at=report_at - timedelta(hours=2),
        )
    evaluation.publish_report(actor=country.actor("ana", at=report_at), tender_id=tender.pk, at=report_at)
    award_at = tender.due_at("award") or report_at
    awards.award_tender(actor=country.actor("beto", at=award_at), tender_id=tender.pk, at=award_at)


def give_keys(country: Country, at: datetime) -> None:
    """The opening keys of the members, and the first ones of the custodian."""
    keys.announce_custodian(at)
    for name in MEMBERS:
        keys.of_member(name, country.actor(name, at=at), at)


def load(country: Country, *, now: datetime, founded_at: datetime) -> None:
    """Everything that the entity buys; each part that is already there stays."""
    morning = calendar.at(calendar.add(calendar.day_of(founded_at), 5), 9)
    plan = plan_of(country, founded_at)
    past(country, plan, morning)
    current = published(country, plan, OPEN_REFERENCE, now)
    conversed(country, current, now)


@transaction.atomic
def past(country: Country, plan: Plan, morning: datetime) -> None:
    """The process of two months ago, whole or not at all: the installation's worker runs already, and would close and
    open with the hour of today what is being told with the hours of then.
    """
    with connection.cursor() as cursor:
        # Sealing and typesetting take a while on a busy machine.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    done = published(country, plan, DONE_REFERENCE, morning)
    if done.state == "published":
        conversed(country, done, morning + timedelta(hours=1))
        due = done.due_at("bids_due")
        assert due is not None
        offered(country, done, due - timedelta(hours=3))
        opened(country, done, max(done.due_at("opening") or due, due + timedelta(minutes=1)))
        decided(country, done)
        signed_at = done.due_at("contract_signed") or due
        contract = contracting.contracted(country, done, signed_at)
        contracting.performed(country, contract, signed_at + timedelta(days=1))
