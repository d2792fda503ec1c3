"""What the demo country needs so that every page of `pages.py` has something to show: made before the tours."""

from datetime import datetime
from pathlib import Path
from typing import Any

MAIL = b"To: ana@pliego.example\r\nSubject: Un aviso\r\n\r\nHay algo para usted.\r\n"


def prepare() -> dict[str, Any]:
    """Add to the demo a draft, one waiting for approval and a direct one; answer every code that a path names."""
    from django.conf import settings

    from pliego.awards.models import Award
    from pliego.breaches.links import link as guarantor_link
    from pliego.contracts.models import Contract
    from pliego.demo import processes, world
    from pliego.demo.cast import ENTITIES, FIRMS
    from pliego.directory import services as interests
    from pliego.directory.rules import InterestData
    from pliego.documents.models import Document
    from pliego.execution.models import Invoice
    from pliego.kernel import clock
    from pliego.ledger.models import Entry
    from pliego.notifications import catcher
    from pliego.notifications.models import Notice
    from pliego.teams import services as teams
    from pliego.teams.models import Team
    from pliego.teams.rules import MemberData, TeamData
    from pliego.tendering.models import Tender
    from tests.browser import given

    country, at = world.found(), clock.now()
    draft = drafted(country, "PAG-1", at, "minima_cuantia")
    sent = drafted(country, "PAG-2", at, "minima_cuantia", send=True)
    direct = drafted(country, "PAG-3", at, "contratacion_directa")
    opened = Tender.objects.get(reference=processes.OPEN_REFERENCE)
    done = Tender.objects.get(reference=processes.DONE_REFERENCE)
    contract = Contract.objects.get(award=Award.objects.get(tender=done))
    plan, load = planned(country, at)
    first = Document.objects.filter(file=done.ocid, audience="public").first()
    notice = Notice.objects.filter(user_id=country.actor("ana").user_id).first()
    buyer, supplier = country.accounts["alcaldia"], country.accounts["paramo"]
    interest = supplier.interests.first() or interests.create_interest(
        actor=country.actor("carla"), data=InterestData("Equipos", ["4321"]), at=at
    )
    in_draft = draft.documents.first()
    team = Team.objects.filter(account=buyer).first() or teams.save_team(
        actor=country.actor("beto"),
        data=TeamData("Compras", members=(MemberData(person=country.actor("ana").user_code),)),
        scope="process",
        at=at,
    )
    assert first
    assert notice
    assert in_draft
    return {
        "open": given.talked_about(country, opened).code,
        "open_prices": opened.items.get(kind="price_list").number,
        "done": done.code,
        "done_bid": done.bids.filter(state="opened")[0].code,
        "done_prices": done.items.get(kind="price_list").number,
        "draft": draft.code,
        "sent": sent.code,
        "direct": direct.code,
        "special": given.with_lots(country, drafted(country, "PAG-8", at, "regimen_especial_con_ofertas"), at).code,
        "contract": contract.code,
        "invoice": Invoice.objects.filter(contract=contract).order_by("pk")[0].code,
        "buyer": buyer.code,
        "supplier": supplier.code,
        "interest": interest.code,
        "team": team.code,
        "buyer_nit": ENTITIES["alcaldia"].number,
        "supplier_nit": FIRMS["paramo"].number,
        "free_nit": world.nit("999900005"),
        "year": done.created_at.year,
        "next_year": plan.year,
        "load": load.code,
        "receipt": Entry.objects.get(file=done.ocid, act="tender.published").code,
        "document": first.code,
        "draft_document": in_draft.document.code,
        "notice": notice.code,
        "mail": catcher.keep(Path(settings.PLIEGO_CAUGHT_MAIL), MAIL).stem,
        "ana": country.actor("ana").user_code,
        "interest_open": given.open_to_interest(country, drafted, "PAG-4").code,
        "halted": given.halted(country, drafted, "PAG-9").code,
        "called": given.called(country, drafted, "PAG-10").code,
        "watched": (watching := given.watched(country, drafted, "PAG-11")).code,
        "seat_link": given.seat_link(watching),
        "information": given.answered(country, drafted, "PAG-5").code,
        "modified": (changed := given.modified(country, drafted, "PAG-6", then="draft")).code,
        "guarantor_link": guarantor_link(given.breached(country, changed).guarantors.get()).split("/")[-2],
        "offered": given.modified(country, drafted, "PAG-7", then="sent").code,
        "case_link": given.token(country, "elena", "REISSUE"),
        "case_asked": given.lost_factors(country, "gloria", "asked").code,
        "case_proved": given.lost_factors(country, "hugo", "proved").code,
        "case_confirmed": given.lost_factors(country, "dario", "confirmed").code,
        "factor_link": given.token(country, "dario", "NEW_FACTOR"),
    }


def planned(country: Any, at: datetime) -> Any:
    """A plan of the next year with two versions, and a file of lines with some right and some wrong."""
    from pliego.planning.models import Plan
    from pliego.planning.tests import given

    ana, beto = country.actor("ana", at=at), country.actor("beto", at=at)
    made = Plan.objects.filter(account=country.accounts["alcaldia"], year=at.year + 1).first()
    plan = made or given.republished_plan(ana, beto, at, year=at.year + 1)
    wrong = "Resmas;12;nunca;abril;dos;Ninguna;De nadie;mucho;1"
    changed = "Suministro de papelería;44121600;mayo;junio;3;minima_cuantia;own;21.000.000;21.000.000"
    return plan, plan.loads.first() or given.load(ana, plan, at, given.ROW, wrong, changed)


def drafted(country: Any, reference: str, at: datetime, method: str, *, send: bool = False) -> Any:
    """A process that ana has written, with everything that it needs."""
    from pliego.demo import papers
    from pliego.methods import schedule
    from pliego.tendering import services as tendering
    from pliego.tendering.models import Tender
    from pliego.tendering.tests.given import ROWS, general, save_conditions

    if made := Tender.objects.filter(reference=reference).first():
        return made
    ana = country.actor("ana")
    title = "Mantenimiento preventivo y correctivo de los equipos de cómputo de las sedes urbana y rural"
    tender = tendering.create_tender(
        actor=ana, title=title, reference=reference, method=method, at=at, plan_justification="No estaba en el plan"
    )
    on: dict[str, Any] = {"actor": ana, "tender_id": tender.pk, "at": at}
    causal = {"causal": "servicios_profesionales"} if tender.rulebook.causals else {}
    tendering.save_general(data=general(title=title, **causal), **on)
    tendering.save_schedule(milestones=schedule.propose(tender.rulebook, at), **on)
    tendering.save_budget(number="CDP-77", amount=general().value_amount, funding_source="own", **on)
    for document in tender.rulebook.documents:
        if document.is_required and not document.generated and document.moment == tender.rulebook.start.code:
            content = papers.upload(f"{document.code}.pdf", str(document.title), title)
            tendering.attach_document(kind=document.code, content=content, **on)
    if tender.has_bidding:
        envelope = tender.rulebook.envelopes[0].code
        tendering.save_item(
            envelope=envelope, kind="file", title="Certificado de existencia", is_requirement=True, **on
        )
        prices = tendering.save_item(envelope=envelope, kind="price_list", title="Precios", **on)
        tendering.save_price_list(number=prices.number, rows=ROWS, **on)
        tendering.read_price_list(number=prices.number, text="Monitor\t7\tunidad\nTeclado\t1\tunidad", **on)
    save_conditions(Tender.objects.get(pk=tender.pk), on)
    if tender.rulebook.flags.invitations:
        tendering.invite_supplier(supplier_code=country.accounts["paramo"].code, **on)
    if send:
        tendering.submit_for_approval(**on)
    return Tender.objects.get(pk=tender.pk)
