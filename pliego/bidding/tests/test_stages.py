"""From the publication to the closing, by the stages of each method: one test for all of them, over the API."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from pliego.accounts.models import User
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.stages import api_for, entry_of, listed_over_the_api, opened, over_the_api, written
from pliego.enquiries import services as enquiries
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.tests import given as log
from pliego.methods import catalogue
from pliego.methods.law import Method
from pliego.tendering import draws, services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given

SAMC = "seleccion_abreviada_menor_cuantia"
CONDUCTED = [method for method in catalogue.every() if not method.only_for and method.in_force_until is None]


def codes(refused) -> set[str]:
    return {objection.code for objection in refused.value.objections}


def interested(tender: Tender, count: int, at=None) -> list:
    at = at or tender.schedule["interest_due"] - timedelta(minutes=1)
    found = [given.supplier(at, f"interesada{number}") for number in range(count)]
    for actor in found:
        services.express_interest(actor=actor, tender_id=tender.pk, at=at)
    return found


@pytest.fixture
def house(db, at):
    return given.buyer(at)


@pytest.fixture
def carla(db, at):
    return given.supplier(at)


@pytest.fixture
def api(client_for):
    return api_for(client_for)


@pytest.mark.parametrize("method", CONDUCTED, ids=lambda method: method.code)
def test_every_method_goes_from_its_publication_to_its_closing_over_the_api(api, house, carla, at, method: Method):
    tender = given.published_tender(at, house, method=method.code, invited=carla)
    path = f"/tenders/{tender.code}"
    while told := api(house.ana)("GET", path)["next_stages"]:
        tender = Tender.objects.get(pk=tender.pk)
        if tender.stage_now.kind == "interest":
            with clock.fixed(tender.schedule["interest_due"] - timedelta(minutes=5)):
                assert api(carla)("POST", f"{path}/interests")["number"] == 1
        if tender.stage_now.kind == "prequalification":
            listed_over_the_api(api, house, tender, carla)
        with clock.fixed(entry_of(tender, told[0])):
            over_the_api(api, house, tender, told[0])
    tender = Tender.objects.get(pk=tender.pk)

    if tender.has_bidding:
        bids.submitted_bid(tender, carla, at=tender.schedule["bids_due"] - timedelta(minutes=5))
        with clock.fixed(bids.after_close(tender)):
            api(carla)("POST", f"{path}/close")
    tender.refresh_from_db()
    ended = {"direct": "published", "publication": "finished"}
    assert tender.state == ended.get(tender.stage_now.kind, "closed")


class TestOpeningAStage:
    def test_makes_a_new_version_and_dates_its_milestone(self, house, at):
        tender = given.published_tender(at, house, method="licitacion_publica")
        when = tender.schedule["selection_opened"] + timedelta(minutes=20)

        tender = opened(tender, "offers", when)

        assert (tender.stage, tender.version, tender.state) == ("offers", 2, "published")
        assert tender.schedule["selection_opened"] == when
        assert tender.amendments.get().receipt is None
        assert "definitive_pliego" in {document.kind for document in tender.documents.all()}

    def test_is_refused_one_minute_before_its_date_and_without_its_documents(self, house, at):
        tender = given.published_tender(at, house, method="licitacion_publica")
        early = tender.schedule["selection_opened"] - timedelta(minutes=1)
        written(tender, "offers", early, papers=False)

        with pytest.raises(Refused) as refused:
            services.publish_amendment(actor=given.signed(house.beto, early), tender_id=tender.pk, at=early)

        assert {"too_early", "document_missing"} <= codes(refused)

    def test_is_refused_while_an_observation_has_no_answer(self, house, carla, at):
        tender = given.published_tender(at, house, method="licitacion_publica")
        enquiries.ask_enquiry(actor=carla, tender_id=tender.pk, text="¿Por qué tres años?", at=at + timedelta(hours=1))

        with pytest.raises(Refused) as refused:
            opened(tender, "offers")
        assert codes(refused) == {"enquiries_unanswered"}

    def test_is_refused_for_a_stage_that_does_not_follow(self, house, at):
        tender = given.published_tender(at, house, method=SAMC)

        with pytest.raises(Refused, match="wrong_stage"):
            services.draft_amendment(
                actor=house.ana, tender_id=tender.pk, reason="Sí", milestones={}, stage="offers", at=at
            )

    def test_is_denied_to_whoever_wrote_it(self, house, at):
        tender = given.published_tender(at, house, method="licitacion_publica")
        when = entry_of(tender, "offers")
        written(tender, "offers", when)

        with pytest.raises(Denied):
            services.publish_amendment(actor=given.signed(house.ana, when), tender_id=tender.pk, at=when)

    def test_comes_before_any_offer(self, house, carla, at):
        tender = given.published_tender(at, house, method="licitacion_publica")

        with pytest.raises(Refused, match="wrong_state"):
            bids.submitted_bid(tender, carla, at=at + timedelta(hours=1))


class TestExtension:
    def test_of_a_tender_is_at_most_half_of_the_term_that_the_opening_fixed(self, house, at):
        tender = opened(given.published_tender(at, house, method="licitacion_publica"), "offers")
        later = {c: due + timedelta(days=60) for c, due in tender.schedule.items() if due > tender.schedule["bids_due"]}
        moved = later | {"bids_due": tender.schedule["bids_due"] + timedelta(days=21)}

        with pytest.raises(Refused) as refused:
            services.draft_amendment(
                actor=house.ana, tender_id=tender.pk, reason="Prórroga", milestones=moved,
                at=tender.schedule["selection_opened"] + timedelta(hours=1),
            )  # fmt: skip
        assert "bids_due_extended_too_much" in codes(refused)


class TestInterest:
    @pytest.fixture
    def open_to_interest(self, house, at):
        return opened(given.published_tender(at, house, method=SAMC), "interest")

    def test_is_on_time_before_the_instant_and_late_at_it(self, open_to_interest, carla):
        due = open_to_interest.schedule["interest_due"]

        with pytest.raises(Refused, match="too_late"):
            services.express_interest(actor=carla, tender_id=open_to_interest.pk, at=due)
        made = services.express_interest(actor=carla, tender_id=open_to_interest.pk, at=due - timedelta(microseconds=1))
        assert (made.number, made.receipt.act) == (1, "tender.interest_expressed")

    def test_is_expressed_once(self, open_to_interest, carla):
        at = open_to_interest.schedule["interest_due"] - timedelta(minutes=1)
        services.express_interest(actor=carla, tender_id=open_to_interest.pk, at=at)

        with pytest.raises(Refused, match="already_done"):
            services.express_interest(actor=carla, tender_id=open_to_interest.pk, at=at)

    def test_opens_the_door_to_the_offers_and_its_lack_closes_it(self, open_to_interest, carla):
        interested(open_to_interest, 1)
        tender = opened(open_to_interest, "offers")
        at = tender.schedule["bids_due"] - timedelta(minutes=1)

        with pytest.raises(Denied, match="interés a tiempo"):
            bids.submitted_bid(tender, carla, at=at)
        assert bids.submitted_bid(tender, given.supplier(at, "interesada0"), at=at).state == "submitted"

    def test_of_nobody_stops_the_process(self, open_to_interest):
        with pytest.raises(Refused) as refused:
            opened(open_to_interest, "offers")
        assert codes(refused) == {"nobody_interested"}

    def test_of_more_than_ten_without_a_draw_in_the_schedule_leaves_all_of_them(self, open_to_interest):
        interested(open_to_interest, 11)

        with pytest.raises(Refused, match="no_draw"):
            opened(open_to_interest, "draw")
        assert opened(open_to_interest, "offers").interests.filter(stays=True).count() == 11


class TestDraw:
    @pytest.fixture
    def drawing(self, house, at):
        """Eleven are interested, and the schedule has a draw the morning after the term."""
        draft = given.draft_tender(at, house, method=SAMC)
        dates = draft.schedule
        held = given.calendar.at(given.calendar.add(given.calendar.day_of(dates["interest_due"]), 1), 10)
        later = {c: due + timedelta(days=28) for c, due in dates.items() if due > dates["interest_due"]}
        services.save_schedule(
            actor=house.ana, tender_id=draft.pk, milestones=dates | later | {"draw_held": held}, at=at
        )
        services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
        services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)
        tender = opened(Tender.objects.get(pk=draft.pk), "interest")
        interested(tender, 11)
        return tender

    def test_leaves_ten_by_a_seed_that_anybody_can_check(self, drawing, house, tmp_path):
        with pytest.raises(Refused, match="draw_missing"):
            opened(drawing, "offers")
        services.discard_amendment(actor=house.ana, tender_id=drawing.pk, at=drawing.schedule["draw_held"])
        tender = opened(drawing, "draw", drawing.schedule["interest_due"] + timedelta(minutes=1))
        held = tender.schedule["draw_held"]
        with pytest.raises(Refused, match="too_early"):
            services.hold_draw(actor=house.ana, tender_id=tender.pk, at=held - timedelta(minutes=1))
        with clock.fixed(held):
            log.sealed()

        made = services.hold_draw(actor=house.ana, tender_id=tender.pk, at=held)

        assert (len(made.record["staying"]), tender.interests.filter(stays=False).count()) == (10, 1)
        file = tmp_path / "sorteo.json"
        file.write_text(json.dumps(made.record))
        command = [sys.executable, "-I", draws.__file__, str(file)]
        alone = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (alone.returncode, alone.stdout.splitlines()[-1]) == (0, "The result is right.")
        assert [row.split()[1] for row in alone.stdout.splitlines()[:-1]] == made.record["order"]
        with pytest.raises(Refused, match="no_draw_now"):
            services.hold_draw(actor=house.ana, tender_id=tender.pk, at=held)

    def test_that_was_changed_is_found_out(self):
        made = draws.made("ab" * 32, "PLG.EXP.1", [f"PLG.PRV.{n}" for n in range(12)], 10)
        record = {"seed": "ab" * 32, "process": "PLG.EXP.1", "interested": made["order"], "stay": 10, **made}

        assert draws.is_right(record)
        assert not draws.is_right(record | {"staying": made["order"][2:]})


class TestRequestForInformation:
    def test_ends_without_an_award(self, house, carla, at):
        tender = given.published_tender(at, house, method="solicitud_informacion")
        bids.submitted_bid(tender, carla, at=tender.schedule["bids_due"] - timedelta(minutes=1))
        when = bids.opening_time(bids.opened_tender(tender)) + timedelta(hours=1)

        ended = services.conclude_information(actor=given.signed(house.beto, when), tender_id=tender.pk, at=when)

        assert (ended.state, ended.ended_at, ended.receipt.content["data"]["answers"]) == ("finished", when, 1)

    def test_is_the_only_process_that_does(self, house, carla, at):
        tender = given.published_tender(at, house)
        bids.submitted_bid(tender, carla, at=at + timedelta(hours=1))
        when = bids.opening_time(bids.opened_tender(tender)) + timedelta(hours=1)

        with pytest.raises(Refused, match="not_information"):
            services.conclude_information(actor=given.signed(house.beto, when), tender_id=tender.pk, at=when)


class TestPublicationOnly:
    def test_goes_through_the_states_of_secop_i(self, house, at):
        tender = given.published_tender(at, house, method="publicacion_app")
        literals = [tender.stage_now.literal]
        for number, stage in enumerate(("awarded", "signed", "settled"), 1):
            tender = opened(tender, stage, at + timedelta(days=30 * number))
            literals.append(tender.stage_now.literal)

        assert literals == ["Convocado", "Adjudicado", "Celebrado", "Liquidado"]
        assert (tender.state, tender.ended_at) == ("finished", at + timedelta(days=90))

    def test_may_end_abnormally(self, house, at):
        tender = opened(given.published_tender(at, house, method="publicacion_multiparte"), "ended_early",
                        at + timedelta(days=3))  # fmt: skip

        assert (tender.state, tender.stage_now.literal[:22]) == ("cancelled", "Terminado Anormalmente")


class TestPages:
    @pytest.fixture
    def browser(self, client_for):
        def of(actor):
            return client_for(User.objects.get(pk=actor.user_id), given.Account.objects.get(pk=actor.account_id))

        return of

    def sent(self, client, path, **data):
        page = client.get(path)
        assert page.status_code == 200, page.content.decode()[:2000]
        once = re.search(r'name="una_vez" value="([^"]+)"', page.content.decode())[1]
        return client.post(path, {"una_vez": once, **data})

    def test_the_next_stage_is_written_on_the_page_of_amendments(self, browser, house, at):
        tender = given.published_tender(at, house, method="licitacion_publica")
        when = entry_of(tender, "offers")
        path = f"/escritorio/procesos/{tender.code}/"
        with clock.fixed(when):
            ana = browser(house.ana)
            hub = ana.get(path).content.decode()
            dates = {
                field: value
                for field, value in re.findall(
                    r'name="([a-z_]+)"[^>]*value="([^"]*)"', ana.get(f"{path}adenda/escribir/").content.decode()
                )
                if field in tender.schedule
            }
            answer = self.sent(ana, f"{path}adenda/escribir/", reason="Se abre el proceso", stage="offers", **dates)
            waiting = ana.get(f"{path}adenda/").content.decode()

        assert "Abrir la etapa siguiente" in hub
        assert answer.status_code == 303, answer.content.decode()
        assert "Abre la etapa: Presentación de ofertas" in waiting

    def test_interest_is_expressed_and_seen(self, browser, house, carla, at):
        tender = opened(given.published_tender(at, house, method=SAMC), "interest")
        with clock.fixed(tender.schedule["interest_due"] - timedelta(hours=1)):
            answer = self.sent(browser(carla), f"/procesos/{tender.code}/interes/")
            seen = browser(house.ana).get(f"/escritorio/procesos/{tender.code}/interesados/").content.decode()
            public = browser(carla).get(f"/procesos/{tender.code}/").content.decode()

        assert answer.status_code == 303
        assert carla.account_name in seen
        assert f"/procesos/{tender.code}/interes/" in public

    def test_a_request_for_information_is_concluded_with_a_signature(self, browser, house, carla, at):
        tender = given.published_tender(at, house, method="solicitud_informacion")
        open_now = browser(carla).get(f"/procesos/{tender.code}/").content.decode()
        bids.submitted_bid(tender, carla, at=tender.schedule["bids_due"] - timedelta(minutes=1))
        tender = bids.opened_tender(tender)
        path = f"/escritorio/procesos/{tender.code}/"
        with clock.fixed(bids.opening_time(tender) + timedelta(minutes=5)):
            page = browser(house.beto).get(f"{path}concluir/")
            hub = browser(house.beto).get(path).content.decode()
            public = browser(carla).get(f"/procesos/{tender.code}/").content.decode()

        assert page.status_code == 200
        assert f"{path}concluir/" in hub
        assert f"{path}adjudicar/" not in hub
        self.nothing_is_offered_nor_evaluated_there(open_now, public, hub)

    def nothing_is_offered_nor_evaluated_there(self, open_now, public, hub):
        """What a method calls otherwise is data of it."""
        for word in ("Qué se pregunta", "Respuestas hasta", "puede responder"):
            assert word in open_now
        for word in ("Cerrada", "Quién respondió", "Respuestas"):
            assert word in public
        assert "Respuestas recibidas y apertura" in hub
        wrong = ("En evaluación", "contener la oferta", "presentar oferta", ">Ofertas</h2>", "la oferta", "Una oferta")
        assert not [word for word in wrong for text in (open_now, public, hub) if word in text]
