"""What a native process becomes in public: a row of the search, its releases, its names."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pliego.accounts.tests import given as people
from pliego.awards.tests import given as awards
from pliego.bidding.tests import given as bids
from pliego.consortia.tests import given as consortia
from pliego.contracts.tests import given as contracts
from pliego.enquiries import services as enquiries
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import given as evaluations
from pliego.execution.tests import given as executions
from pliego.kernel import clock
from pliego.kernel.events import Event
from pliego.kernel.planned import Planned
from pliego.parties.models import Organization
from pliego.parties.tests import given as parties
from pliego.publication import caching, reactions, services
from pliego.publication.models import Process, Release
from pliego.publication.names import find
from pliego.publication.native import page, reading
from pliego.publication.native.contract import contract_of
from pliego.publication.native.reading import known
from pliego.publication.search import Question, search
from pliego.publication.tests import given as imports
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


MOST_QUERIES = 6


def _columns(row):
    """Every column of a row, and of the rows that came along with it."""
    state = {name: value for name, value in vars(row).items() if name != "_state"}
    return state | {name: _columns(other) for name, other in row._state.fields_cache.items() if other is not None}


def found(text, at):
    """The codes of the processes that the main search box finds."""
    return [row["code"] for row in search(question=Question(text=text), at=at).rows]


class TestPublishAct:
    def test_puts_a_published_process_into_the_search(self, at, run_reactions):
        tender = tenders.published_tender(at)

        run_reactions()

        process = Process.objects.get(ocid=tender.ocid)
        assert (process.code, process.source, process.state) == (tender.code, "pliego", "open")
        assert process.closes_at == tender.due_at("bids_due")
        assert [row["code"] for row in search(question=Question(text=tender.title), at=at).rows] == [tender.code]

    def test_is_before_the_offers_while_its_draft_pliego_is_observed(self, at, run_reactions):
        tender = tenders.published_tender(at, method="licitacion_publica")

        run_reactions()

        page = Client().get(f"/procesos/{tender.code}/").text
        assert Process.objects.get(ocid=tender.ocid).state == "announced"
        assert "Antes de las ofertas" in page
        for words in ("Dónde queda cada riesgo", "60 × 34.800.000 ÷ 40.000.000", "Si hay empate", "Seriedad de la"):
            assert words in page, words

    def test_answers_to_each_of_its_names(self, at, run_reactions):
        tender = tenders.published_tender(at)
        run_reactions()

        for name in (tender.code, tender.notice_code, tender.phase_code, tender.ocid, tender.reference):
            assert find(name).code == tender.code, name

    def test_is_found_by_the_nit_of_its_buyer_and_of_who_offered_once_opened(self, at, run_reactions):
        tender = tenders.published_tender(at)
        bid = bids.submitted_bid(tender)
        run_reactions()

        assert found(tender.buyer.nit, at) == [tender.code]
        assert found(bid.supplier.nit, at) == []

        bids.opened_tender(tender)
        run_reactions()
        assert found(bid.supplier.nit, at) == [tender.code]

    def test_is_not_found_by_the_document_of_a_person(self, at, run_reactions):
        tender = tenders.published_tender(at)
        bid = bids.submitted_bid(tender)
        Organization.objects.filter(pk=bid.supplier.organization_id).update(is_natural_person=True)
        bids.opened_tender(tender)
        run_reactions()

        assert found(bid.supplier.name, at) == [tender.code]
        assert found(bid.supplier.nit, at) == []

    def test_is_found_by_the_nit_of_each_member_of_a_plural_bidder(self, at, run_reactions):
        group = consortia.active(at)
        carla = parties.actor(people.person("carla", at=at), group.account)
        tender = tenders.published_tender(at)
        bids.submitted_bid(tender, carla)
        bids.opened_tender(tender)
        run_reactions()

        for member in group.members.all():
            assert found(member.supplier.nit, at) == [tender.code]

    def test_is_the_same_when_the_search_is_made_again(self, at, run_reactions):
        tender = tenders.published_tender(at)
        bids.submitted_bid(tender)
        bids.opened_tender(tender)
        run_reactions()
        of_it = Process.objects.filter(code=tender.code).values_list("doc", "version")
        before = of_it.get()
        Process.objects.update(doc="")

        assert services.rebuild_search() == 1
        assert of_it.get() == before

    def test_shows_nothing_of_a_draft(self, at, run_reactions):
        tender = tenders.submitted_tender(at)
        run_reactions()

        assert not Process.objects.exists()
        assert Client().get(f"/procesos/{tender.code}/").status_code == 404

    def test_writes_one_release_however_often_it_is_told(self, at, run_reactions):
        from pliego.ledger.models import Entry
        from pliego.publication.services import publish_act

        tender = tenders.published_tender(at)
        run_reactions()
        count = Release.objects.count()
        entry = Entry.objects.get(act="tender.published")

        publish_act(file=tender.ocid, entry_id=entry.pk, tag="tender", at=at)

        assert Release.objects.count() == count
        assert Release.objects.filter(tag="tender").count() == 1

    def test_keeps_sealed_offers_out_until_they_are_opened(self, at, run_reactions):
        tender = tenders.published_tender(at)
        bids.submitted_bid(tender)
        run_reactions()
        assert "bids" not in json.loads(Release.objects.order_by("-pk")[0].text)

        bids.closed_tender(tender)
        bids.opened_tender(tender)
        run_reactions()

        release = json.loads(Release.objects.order_by("-pk")[0].text)
        assert len(release["bids"]["details"]) == 1
        assert release["tender"]["numberOfTenderers"] == 1
        assert Process.objects.get(ocid=tender.ocid).state == "evaluation"

    def test_has_a_tag_of_the_standard_for_every_public_act(self):
        for event in reactions.rooms_events():
            assert reactions.tag_of(event.code) in TAGS

    def test_hears_every_public_act_of_a_process(self):
        from pliego.kernel.events import REACTIONS

        for event in Event.registry.values():
            room = event.__module__.split(".")[1]
            if event.public and room in reactions.TAG_OF_ROOM:
                assert "pliego.publication.reactions.publish_the_act" in REACTIONS[event.code], event.code


TAGS = {
    "planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award",
    "awardUpdate", "awardCancellation", "contract", "contractUpdate", "contractAmendment", "implementation",
    "implementationUpdate", "contractTermination",
}  # fmt: skip


class TestThePage:
    def test_tells_everything_public_of_a_process(self, at, run_reactions):
        tender = tenders.published_tender(at)
        supplier = tenders.supplier(at)
        enquiries.ask_enquiry(actor=supplier, tender_id=tender.pk, text="¿Sirve de otro color?", at=at)
        caching.forget()

        text = Client().get(f"/procesos/{tender.code}/").content.decode()

        for said in (tender.title, tender.reference, "¿Sirve de otro color?", "Computador portátil", tender.ocid):
            assert said in text
        for section in ("resumen", "cronograma", "documentos", "cuestionario", "observaciones", "actos"):
            assert f'id="{section}"' in text
        for section in ("ofertas", "evaluacion", "adjudicacion", "contratos", "adendas"):
            assert f'id="{section}"' not in text

    def test_does_not_wait_for_the_worker(self, at):
        tender = tenders.published_tender(at)

        assert Client().get(f"/procesos/{tender.code}/").status_code == 200

    def test_leads_every_name_to_one_address(self, at, run_reactions):
        tender = tenders.published_tender(at)
        run_reactions()

        for name in (tender.notice_code, tender.phase_code, tender.ocid):
            page = Client().get(f"/procesos/{name}/")
            assert (page.status_code, page.headers["Location"]) == (303, f"/procesos/{tender.code}/"), name

    def test_shows_a_reserved_act_as_its_hash_only(self, at):
        tender = tenders.published_tender(at)
        bid = bids.submitted_bid(tender)
        text = Client().get(f"/procesos/{tender.code}/").content.decode()

        assert bid.receipt.leaf_hex in text
        assert bid.receipt.code not in text
        assert bid.supplier.name not in text

    def test_shows_the_offers_once_they_are_opened(self, at):
        tender = tenders.published_tender(at)
        bid = bids.submitted_bid(tender)
        bids.opened_tender(tender)
        with clock.fixed(bids.opening_time(tender)):
            text = Client().get(f"/procesos/{tender.code}/").content.decode()

        assert 'id="ofertas"' in text
        assert bid.supplier.name in text

    def test_says_whose_turn_it_is(self, at):
        tender = tenders.published_tender(at)
        shown = page.turns(known(tender.ocid), at)

        assert [turn.is_late for turn in shown] == [False] * page.MOST_TURNS
        assert shown[0].at_iso.startswith(f"{tender.due_at('enquiries_due'):%Y-%m-%d}")

        late = page.turns(known(tender.ocid), tender.due_at("opening") + timedelta(days=30))
        assert late[0].is_late

    def test_leads_to_the_observations_of_a_report_once_there_is_one(self, at):
        tender = tenders.published_tender(at)
        soon = page.turns(known(tender.ocid), tender.due_at("opening"))

        assert [turn.what for turn in soon].count(str(page.TURNS["observations_due"][1])) == 1
        assert [turn.url for turn in soon if turn.url] == [f"/procesos/{tender.code}/apertura/"]  # only to follow it

    def test_is_made_again_after_each_act_and_not_before(self, at):
        tender = tenders.published_tender(at)
        client = Client()
        first = client.get(f"/procesos/{tender.code}/").headers["ETag"]
        again = client.get(f"/procesos/{tender.code}/", headers={"If-None-Match": first})
        enquiries.ask_enquiry(actor=tenders.supplier(at), tender_id=tender.pk, text="¿Y los cables?", at=at)

        assert again.status_code == 304
        assert client.get(f"/procesos/{tender.code}/").headers["ETag"] != first

    def test_makes_as_many_queries_for_many_questions_as_for_few(self, at, django_assert_max_num_queries):
        tender = tenders.published_tender(at)
        supplier = tenders.supplier(at)

        def queries():
            caching.forget()
            with CaptureQueriesContext(connection) as captured:
                Client().get(f"/procesos/{tender.code}/")
            return len(captured)

        enquiries.ask_enquiry(actor=supplier, tender_id=tender.pk, text="¿Uno?", at=at)
        one = queries()
        for number in range(5):
            enquiries.ask_enquiry(actor=supplier, tender_id=tender.pk, text=f"¿Y el {number}?", at=at)

        assert queries() == one

    def test_gives_its_schedule_to_calendars(self, at):
        tender = tenders.published_tender(at)
        text = Client().get(f"/procesos/{tender.code}/cronograma.ics").content.decode()

        assert text.count("BEGIN:VEVENT") == len(tender.schedule)
        assert "SEQUENCE:0" in text
        assert f"UID:bids_due.{tender.ocid}" in text
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


class TestTheExpediente:
    def test_is_a_zip_that_verifies(self, at, run_reactions):
        from pliego.ledger.tests import given as ledger

        tender = tenders.published_tender(at)
        run_reactions()
        ledger.sealed()

        answer = Client().get(f"/procesos/{tender.code}/expediente.zip")

        assert answer.status_code == 200
        names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
        assert "expediente.json" in names
        assert sum(name.startswith("documentos/") for name in names) == tender.documents.count()

    def test_of_a_draft_does_not_exist(self, at):
        tender = tenders.submitted_tender(at)

        assert Client().get(f"/procesos/{tender.code}/expediente.zip").status_code == 404


class TestAnAwardedProcess:
    def test_shows_results_and_decision(self, at):
        award = awards.awarded(at, ["1000000.00", "500000.00"], ["900000.00", "400000.00"])
        with clock.fixed(award.decided_at):
            text = Client().get(f"/procesos/{award.tender.code}/").content.decode()

        assert 'id="evaluacion"' in text
        assert 'id="adjudicacion"' in text
        assert award.supplier.name in text

    def test_hides_what_is_being_evaluated_again(self, at):
        tender = evaluations.ready_to_award(at, ["1000000.00", "500000.00"], ["900000.00", "400000.00"])
        Evaluation.objects.filter(tender=tender).update(state="assessing")

        assert known(tender.ocid).assessments == {}

    def test_is_found_in_the_search_as_awarded(self, at, run_reactions):
        award = awards.awarded_directly(at)
        run_reactions()

        process = Process.objects.get(ocid=award.tender.ocid)
        assert process.state == "awarded"
        assert find(award.code) == process


class TestWhatIsRead:
    def test_is_what_the_querysets_of_the_rooms_say(self, at):
        award = awards.awarded(at, ["1000000.00", "500000.00"], ["900000.00", "400000.00"])
        tender = award.tender
        planned = {name: found for name, found in vars(reading).items() if isinstance(found, Planned)}

        for name, read in planned.items():
            value = tender.ocid if read.mark == "?" else tender.pk
            ours, theirs = read(value), list(read.make(value))
            assert [_columns(row) for row in ours] == [_columns(row) for row in theirs], name
            assert read("?nobody" if read.mark == "?" else -2) == [], name
        assert {"TENDER", "BIDS", "BID_DOCUMENTS", "AWARDS", "LOTS", "ENTRIES"} <= planned.keys()

    def test_needs_no_more_questions_once_it_was_read(self, at):
        award = awards.awarded(at, ["1000000.00", "500000.00"], ["900000.00", "400000.00"])
        address = f"/procesos/{award.tender.code}/"
        Client().get(address)
        caching.forget()

        with CaptureQueriesContext(connection) as captured:
            Client().get(address)

        # The names of the goods, the findings of each offer with their items, and no row asked one by one.
        assert len(captured) <= MOST_QUERIES, [query["sql"] for query in captured]


class TestAContract:
    def test_has_a_page_with_its_guarantees_and_payments(self, at, run_reactions):
        of = contracts.house(at)
        contract = executions.completed(at, of, covers=("performance",))
        run_reactions()
        text = Client().get(f"/contratos/{contract.code}/").content.decode()

        invoice = contract.invoices.get()
        sections = ("1. Información general", "6. Información presupuestal")
        for said in (contract.title, contract.supplier.name, "POL", "F-1", f"/pagos/{invoice.code}/", *sections):
            assert said in text
        assert Process.objects.get(ocid=contract.tender.ocid).state == "contracted"
        assert find(contract.code).code == contract.tender.code
        assert f"/contratos/{contract.code}/" in Client().get(f"/procesos/{contract.tender.code}/").content.decode()

    @pytest.mark.parametrize(("named", "states"), [(1, ["Facturado", "Planeado"]), (None, ["", ""])])
    def test_says_how_the_plan_stands_as_far_as_its_invoices_say(self, at, run_reactions, named, states):
        of = contracts.house(at)
        contract = executions.planned(contracts.running(at, of), of, at)
        executions.paid_invoice(contract, of, at, installment_number=named)
        run_reactions()

        of_process = known(contract.tender.ocid)
        shown = contract_of(of_process, of_process.contracts[0])
        text = Client().get(f"/contratos/{contract.code}/").content.decode()

        assert [row["state"] for row in shown["payments"]["plan"]] == states
        assert [row["payment"] for row in shown["payments"]["invoices"]] == ["1. Pago 1" if named else ""]
        for said in ("Plan de pagos", "2. Pago 2", "F-1", "Por facturar", "38.850.000,50"):
            assert said in text

    def test_tells_each_modification_of_a_contract(self, at, run_reactions):
        of = contracts.house(at)
        contract = contracts.running(at, of)
        draft = contracts.published_modification(of, contract, at)
        contracts.drafted_modification(of, contract, at, "general", payment_terms="Todavía en secreto")
        run_reactions()

        text = Client().get(f"/contratos/{contract.code}/").content.decode()

        for said in ("39.850.000,50", "40.850.000,50", draft.reason, "Aceptada por el contratista"):
            assert said in text
        assert "Todavía en secreto" not in text

    def test_is_nowhere_before_it_is_signed(self, at, run_reactions):
        contract = contracts.accepted(at, contracts.house(at))
        run_reactions()

        assert Client().get(f"/contratos/{contract.code}/").status_code == 404
        assert 'id="contratos"' not in Client().get(f"/procesos/{contract.tender.code}/").content.decode()

    def test_that_was_imported_leads_to_its_process(self, at, tmp_path):
        imports.loaded(imports.file(tmp_path, [imports.CONTRACT]))

        page = Client().get("/contratos/CO1.PCCNTR.9001/")

        assert (page.status_code, page.headers["Location"]) == (303, "/procesos/CO1.BDOS.5001/")


def test_everybody_reads_that_a_process_is_suspended_resumed_and_revoked(at, run_reactions):
    tender = tenders.published_tender(at)
    beto = tenders.signed(tenders.people_of(tender).beto, at)
    bid = bids.submitted_bid(tender)
    common = {"actor": beto, "tender_id": tender.pk}
    address, day = f"/procesos/{tender.code}/", at + timedelta(days=1)

    def read():
        run_reactions()
        with clock.fixed(day):
            row = Client().get(f"/api/v1/processes/{tender.code}").json()
            return (
                row,
                Client().get(address).content.decode(),
                Client().get(f"{address}cronograma.ics").content.decode(),
            )

    halted = {
        "reason": "Lo ordenó un juez",
        "legal_basis": "Auto 12 de 2026",
        "planned_on": at.date() + timedelta(days=7),
    }
    tendering.suspend_tender(at=at + timedelta(hours=1), **common, **halted)
    row, text, dates = read()
    assert (row["state"], row["state_details"], row["stage"]) == ("suspended", "Suspendido", "Presentación de oferta")
    assert all(word in text for word in ("El proceso está suspendido desde", "Lo ordenó un juez", "Auto 12 de 2026"))
    assert "9 mar 2026" in text
    assert "Presentar" not in text.split('class="pub-now"')[1].split("pl-columns")[0]  # no clock, no door
    counts = (dates.count("STATUS:TENTATIVE"), dates.count("SEQUENCE:1\r\n"), dates.count("STATUS:CONFIRMED"))
    assert counts == (9, 10, 1)  # and the planned restart, of a whole day
    assert f"UID:restart.1.{tender.ocid}\r\n" in dates
    assert "DTSTART;VALUE=DATE:20260309\r\n" in dates

    tendering.resume_tender(at=at + timedelta(days=1, hours=1), reason="Cesó la causa", **common)
    row, text, dates = read()
    assert (row["state"], row["closes_at"][:10]) == ("open", "2026-03-05")
    assert all(word in text for word in ("Reanudación 1", "Cesó la causa", "1 día hábil"))
    assert "El proceso está suspendido desde" not in text
    assert (dates.count("STATUS:TENTATIVE"), dates.count("SEQUENCE:2\r\n")) == (0, 9)

    tendering.revoke_tender(at=day + timedelta(hours=2), ground="public_interest", reason="Otra vía", **common)
    row, text, dates = read()
    assert (row["state"], row["state_details"]) == ("revoked", "Revocado")
    assert all(word in text for word in ("No está conforme con el interés público", "art. 93, num. 2", "Otra vía"))
    assert (dates.count("STATUS:CANCELLED"), bid.code in text) == (8, False)
    assert search(question=Question(state="revoked"), at=day).count == 1
    tags = list(Release.objects.filter(ocid=tender.ocid).order_by("pk").values_list("tag", flat=True))
    assert tags == ["tender", "tenderUpdate", "tenderAmendment", "tenderCancellation"]
