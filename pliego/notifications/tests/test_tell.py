import json
import string
from importlib import import_module

import pytest
from django.core import mail
from django.urls import Resolver404, resolve

from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.awards.tests import given as awards
from pliego.bidding.tests import given as bidding
from pliego.contracts import modifying
from pliego.contracts import services as contract_services
from pliego.contracts.insurers.links import inquiry_of
from pliego.contracts.insurers.services import ask_insurer
from pliego.contracts.tests import given as contracts
from pliego.enquiries import services as enquiries
from pliego.evaluation.tests import given as evaluation
from pliego.execution import services as payments
from pliego.execution.tests import given as execution
from pliego.kernel.events import Event
from pliego.ledger import verify
from pliego.ledger.tests import given as ledger
from pliego.notifications.models import Mail, Notice
from pliego.notifications.subjects import NAMES
from pliego.notifications.table import ROWS
from pliego.parties import access
from pliego.parties.models import Account
from pliego.parties.tests import given as parties
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders


@pytest.fixture
def news(db, run_reactions):
    """What came of an act: `news()` gives {person's first name: titles} since the last time."""
    seen: set[int] = set()

    def since():
        run_reactions()
        found: dict[str, list[str]] = {}
        for notice in Notice.objects.exclude(pk__in=seen).select_related("user").order_by("pk"):
            seen.add(notice.pk)
            found.setdefault(notice.user.email.split("@")[0], []).append(notice.source.partition("/")[2])
        return found

    return since


class TestTable:
    def test_uses_only_the_names_that_acts_have(self):
        for row in ROWS:
            for text in (str(row.title), str(row.body), row.url):
                used = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
                assert used <= set(NAMES), row.name

    def test_tells_an_audience_once(self):
        names = [row.name for row in ROWS]
        assert len(names) == len(set(names))

    def test_names_acts_that_exist(self):
        rooms_at_work = {code.partition(".")[0] for code in Event.registry}
        for row in ROWS:
            assert row.event in Event.registry or row.event.partition(".")[0] not in rooms_at_work, row.event

    def test_leads_to_pages_that_exist(self):
        values = dict.fromkeys(NAMES, "PLG.X.1") | {"year": "2026", "number": "1", "receipt": "AAAA-BBBB-CCCC"}
        for row in ROWS:
            path = row.url.format(**values)
            room = next((room for start, room in ROOM_OF_PAGE if path.startswith(start)), None)
            has_pages = room is None or import_module(f"pliego.{room}.urls").urlpatterns
            assert _exists(path) or not has_pages, (row.name, path)


# Rooms whose pages may still be missing; once a room has pages, its addresses must be right.
ROOM_OF_PAGE = (
    ("/escritorio/procesos/PLG.X.1/evaluacion/", "evaluation"),
    ("/procesos/PLG.X.1/informe/", "evaluation"),
    ("/escritorio/procesos/PLG.X.1/apertura/", "bidding"),
    ("/escritorio/procesos/", "tendering"),
    ("/escritorio/contratos/", "contracts"),
    ("/contratos/", "contracts"),
)


def _exists(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


class TestAccounts:
    def test_the_desk_hears_of_a_registration_and_the_administrator_of_its_end(self, news, at):
        parties.desk(at=at)
        account = parties.requested_entity(at=at)
        assert news()["ines"] == ["desk"]

        parties.activated(account, at=at)

        assert news()["beto"] == ["administrators"]
        assert Mail.objects.filter(address=account.notification_email).exists()

    def test_administrators_hear_of_a_request_and_the_person_of_the_answer(self, news, at):
        account = parties.entity(at=at)
        fabio = parties.actor(people.person("fabio", at=at))
        news()

        place = access.request_access(actor=fabio, account_id=account.pk, at=at)
        assert news() == {"beto": ["administrators"]}

        beto = parties.actor(people.person("beto", at=at), account)
        access.accept_access(actor=beto, membership_id=place.pk, roles=["control"], at=at)
        assert news() == {"fabio": ["person of the place"]}
        assert "Fabio" in Notice.objects.get(user__email__startswith="beto", source__endswith="administrators",
                                             title__contains="Fabio").title  # fmt: skip


class TestProcess:
    def test_the_approver_hears_that_a_process_waits_and_its_preparer_that_it_is_public(self, news, at):
        of = tenders.buyer(at)
        news()

        tender = tenders.submitted_tender(at, of)
        assert news() == {"beto": ["buyer:approver"]}

        tendering.publish_tender(actor=tenders.signed(of.beto, at), tender_id=tender.pk, at=at)
        assert news() == {"ana": ["preparer"], "elena": ["buyer:control"]}
        assert Notice.objects.filter(url=f"/procesos/{tender.code}/").count() == 2

    def test_an_invited_supplier_hears_only_when_the_process_is_public(self, news, at):
        of, carla = tenders.buyer(at), tenders.supplier(at)
        tender = tenders.submitted_tender(at, of, method="contratacion_directa", invited=carla)
        assert "invited" not in news().get("carla", [])

        tendering.publish_tender(actor=tenders.signed(of.beto, at), tender_id=tender.pk, at=at)

        assert news()["carla"] == ["invited"]

    def test_questions_reach_the_entity_answers_and_amendments_those_who_take_part(self, news, at):
        of, carla = tenders.buyer(at), tenders.supplier(at)
        tenders.supplier(at, "dario")  # takes no part, and hears nothing
        tender = tenders.published_tender(at, of)
        news()

        enquiry = enquiries.ask_enquiry(actor=carla, tender_id=tender.pk, text="¿Incluye instalación?", at=at)
        told = news()
        assert set(told) == {"ana", "beto"}

        enquiries.answer_enquiry(
            actor=of.ana, tender_id=tender.pk, number=enquiry.number, answer="Sí, la incluye.", at=at
        )
        assert news() == {"carla": ["asker"]}

        tenders.amendment(tender, at)
        tendering.publish_amendment(actor=tenders.signed(of.beto, at), tender_id=tender.pk, at=at)
        assert news() == {"carla": ["interested"]}


class TestOffers:
    @pytest.fixture
    def tender(self, db, at):
        return tenders.published_tender(at)

    def test_the_supplier_gets_the_receipt_by_mail_and_nobody_else_hears(self, tender, news, at, run_reactions):
        carla = tenders.supplier(at)
        news()
        mail.outbox.clear()

        bid = bidding.submitted_bid(tender, carla, at)
        ledger.sealed()

        assert news() == {"carla": ["bidder"]}
        firm = Account.objects.get(pk=carla.account_id)
        assert {to for sent in mail.outbox for to in sent.to} == {
            firm.notification_email,
            User.objects.get(pk=carla.user_id).email,
        }
        for sent in mail.outbox:
            (attached,) = sent.attachments
            assert attached[0] == f"recibo-{bid.receipt.code}.json"
            assert verify.verify_receipt(json.loads(attached[1]), None).is_authentic
            assert bid.receipt.code in sent.body

    def test_members_bidders_and_evaluators_hear_in_their_turn(self, tender, news, at):
        bidding.submitted_bid(tender, tenders.supplier(at), at)
        news()

        bidding.opened_tender(tender)
        told = news()

        assert told["carla"] == ["bidders", "bidders"]
        assert {"members", "buyer:evaluator"} <= set(told["ana"])
        assert "dario" not in told

    def test_telling_twice_changes_nothing(self, tender, news, at):
        bidding.submitted_bid(tender, tenders.supplier(at), at)
        news()
        before = (Notice.objects.count(), Mail.objects.count())
        from pliego.ledger.models import Entry
        from pliego.ledger.outbox import announced
        from pliego.notifications.reactions import tell

        for entry in Entry.objects.order_by("pk"):
            if entry.act in {row.event for row in ROWS}:
                tell(announced(entry))

        assert (Notice.objects.count(), Mail.objects.count()) == before


class TestDecision:
    def test_report_and_award_reach_those_who_took_part(self, news, at):
        tender = evaluation.ready_to_award(at, ("1000000.00", "500000.00"), ("1100000.00", "500000.00"))
        told = news()
        assert {"bidders"} <= set(told["carla"]) & set(told["dario"])
        assert "buyer:approver" in told["beto"]

        awards.award(tender)

        told = news()
        assert "interested" in told["carla"]
        assert "interested" in told["dario"]
        body = Notice.objects.filter(user__email__startswith="dario", source__endswith="interested").latest("pk").body
        assert "$" in body


class TestContract:
    @pytest.fixture
    def house(self, db, at):
        return contracts.house(at)

    def test_each_hand_over_reaches_the_next_person(self, house, news, at):
        contract = contracts.sent(at, house)
        assert "contractor" in news()["carla"]

        contract_services.accept_contract(actor=tenders.signed(house.carla, at), contract_id=contract.pk, at=at)
        assert news() == {"beto": ["buyer:approver"]}

    def test_invoices_go_from_supplier_to_supervisor_to_treasurer_and_back(self, house, news, at):
        contract = contracts.running(at, house)
        execution.planned(contract, house, at, count=1)
        news()

        invoice = execution.sent_invoice(contract, house, at, amount=contract.value_amount)
        assert news() == {"gloria": ["named"]}
        assert invoice.number in Notice.objects.latest("pk").body
        assert Notice.objects.latest("pk").url == f"/escritorio/contratos/{contract.code}/"

        payments.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at)
        assert news() == {"carla": ["contractor"], "hugo": ["named"]}

        payments.mark_paid(actor=house.hugo, invoice_id=invoice.pk, paid_on=at.date(), at=at)
        assert news() == {"carla": ["contractor"]}

    def test_an_assignment_reaches_who_takes_it_over_and_who_gave_it(self, house, news, at):
        contract = contracts.running(at, house)
        tenders.supplier(at, "dario")
        news()

        contracts.sent_modification(house, contract, at, "assignment")
        assert news() == {"carla": ["contractor"], "dario": ["taker"]}

        made = contract.modifications.get()
        modifying.take_over(actor=tenders.signed(tenders.supplier(at, "dario"), at), modification_id=made.pk, at=at)
        modifying.accept_modification(actor=tenders.signed(house.carla, at), modification_id=made.pk, at=at)
        modifying.publish_modification(actor=tenders.signed(house.beto, at), modification_id=made.pk, at=at)
        told = news()
        assert (told["carla"], told["dario"]) == (["giver"], ["contractor"])

    def test_the_signed_contract_and_the_settlement_reach_both_parties(self, house, news, at):
        contract = execution.completed(at, house)
        told = news()
        assert told["carla"].count("contractor") >= 3
        assert "supervisor" in told["gloria"]

        execution.signed_settlement(contract, house, at)
        assert news() == {"carla": ["contractor"]}


@pytest.mark.django_db
def test_an_insurer_gets_by_mail_the_link_of_the_guarantee_that_it_is_asked_about(at, run_reactions):
    house = contracts.house(at)
    signed = contracts.signed_contract(at, house, covers=("performance",))
    guarantee = contracts.submitted_guarantee(signed, house, at)
    told = {"guarantee_id": guarantee.pk, "email": "verificacion@aseguradora.example", "at": at}

    inquiry = ask_insurer(actor=house.beto, **told)
    run_reactions()

    sent = Mail.objects.get(address=told["email"])
    assert (inquiry_of(sent.url.split("/")[2]), sent.language) == (inquiry, "es-co")
    assert guarantee.policy_number in sent.title
