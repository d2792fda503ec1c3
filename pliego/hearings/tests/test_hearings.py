"""Convening, holding, suspending and closing a hearing or visit."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from pliego.documents.models import Document
from pliego.hearings import occasions, queries, services
from pliego.hearings.models import Attendance, Hearing, Intervention
from pliego.hearings.tests import given as hearings
from pliego.kernel import clock
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.tendering import services as tendering
from pliego.tendering.tests import given
from pliego.tendering.tests.test_pages import sent
from pliego.tendering.tests.test_races import together

signed = given.signed


def codes(refused):
    return [(objection.code, objection.field) for objection in refused.value.objections]


class TestConveneHearing:
    def test_is_for_a_date_of_the_schedule_or_the_visit_of_the_pliego(self, house, at):
        tender = hearings.visited_tender(at, house)
        told = {"tender_id": tender.pk, "occasion": "visit", "link": "", "how": "Con casco", "at": at}
        lines = queries.lines(tender)
        assert [(line.occasion.kind, line.hearing) for line in lines] == [("visit", None)]
        assert [str(task.title) for task in queries.tasks_for(house.ana, at)] == ["Convocar la audiencia o visita"]
        with pytest.raises(Denied):
            services.convene_hearing(actor=house.elena, place="Sede", **told)
        with pytest.raises(Unknown):
            services.convene_hearing(actor=house.ana, place="Sede", **{**told, "occasion": "award"})
        with pytest.raises(Refused) as refused:
            services.convene_hearing(actor=house.ana, place=" ", **{**told, "at": lines[0].occasion.begins_at})
        assert codes(refused) == [("too_late", ""), ("missing", "place")]

        with translation.override("en"):
            made = services.convene_hearing(actor=house.ana, place="Sede", **told)
        assert made.title == "Visita al lugar"

        entry = Entry.objects.get(act="hearing.convened")
        assert (made.receipt, made.begins_at, entry.content["data"]["how"]) == (
            entry, lines[0].occasion.begins_at, "Con casco",
        )  # fmt: skip
        with pytest.raises(Refused, match="already_done"):
            services.convene_hearing(actor=house.ana, place="Sede", **told)
        services.cancel_hearing(actor=house.ana, tender_id=tender.pk, number=1, reason="Llueve", at=at)
        assert services.convene_hearing(actor=house.ana, place="Sede", **told).number == 2

    def test_the_hearings_of_a_licitacion_are_those_of_its_schedule(self, house, at):
        tender = given.draft_tender(at, house, method="licitacion_publica")

        assert [(one.code, one.kind) for one in occasions.of(tender)] == [
            ("risk_hearing", "hearing"),
            ("award", "hearing"),
        ]
        assert "Ley 80 de 1993" in occasions.of(tender)[0].legal_basis


class TestSession:
    def test_begins_at_its_hour_and_everybody_registers_speaks_and_is_answered(self, house, carla, at):
        hearing = hearings.convened(at, house)
        told = {"tender_id": hearing.tender_id, "number": hearing.number}
        begins = hearing.begins_at
        with pytest.raises(Refused, match="not_due"):
            services.begin_hearing(actor=house.ana, at=begins - timedelta(seconds=1), **told)
        with pytest.raises(Denied):
            services.attend(actor=carla, at=begins, **told)
        services.begin_hearing(actor=house.ana, at=begins, **told)
        told["at"] = begins

        came = services.attend(actor=carla, **told)
        door = services.register_attendance(
            actor=house.ana, name="Pía Ramos", represents="Andina SAS", document_number="1010101010", **told
        )

        entry = Entry.objects.filter(act="hearing.attended").last()
        assert (came.represents, door.number, entry.is_public) == (carla.account_name, 2, False)
        assert "1010101010" not in entry.body
        with pytest.raises(Refused, match="already_done"):
            services.attend(actor=carla, **told)
        with pytest.raises(Denied):
            services.attend(actor=house.elena, **told)
        with pytest.raises(Denied):
            services.speak(actor=given.supplier(at, "dario"), text="Hola", is_question=False, **told)
        said = services.speak(actor=carla, text="¿Quién asume el riesgo?", is_question=True, **told)
        services.speak(actor=house.ana, text="De acuerdo", is_question=False, attendance=2, **told)
        with pytest.raises(Refused) as refused:
            services.close_hearing(actor=signed(house.ana, begins), development=" ", decisions="", **told)
        assert codes(refused) == [("missing", "development"), ("question_unanswered", "intervention_1")]
        services.answer_intervention(actor=house.ana, intervention=said.number, answer="El contratista", **told)
        with pytest.raises(Refused, match="already_done"):
            services.answer_intervention(actor=house.ana, intervention=said.number, answer="La entidad", **told)
        services.leave(actor=carla, attendance=1, **told)
        with pytest.raises(Denied):
            services.leave(actor=carla, attendance=2, **told)
        assert Attendance.objects.get(number=1).left_at == begins
        for change in (
            lambda: Intervention.objects.update(text="Otra cosa"),
            lambda: Attendance.objects.update(name="Otra"),
            Hearing.objects.all().delete,
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_is_suspended_until_a_date_and_resumed_not_before(self, session, house, told):
        begun = told["at"]
        with pytest.raises(Refused) as refused:
            services.adjourn_hearing(actor=house.ana, reason="", resumes_at=begun, **told)
        assert codes(refused) == [("missing", "reason"), ("in_the_past", "resumes_at")]
        later = begun + timedelta(hours=1)

        services.adjourn_hearing(actor=house.ana, reason="Llueve", resumes_at=later, **told)

        with pytest.raises(Refused, match="not_due"):
            services.resume_hearing(actor=house.ana, **told)
        with pytest.raises(Denied):
            services.attach_paper(actor=house.hugo, document=parties.upload("a.pdf"), **told)
        services.resume_hearing(actor=house.ana, **{**told, "at": later})
        assert Hearing.objects.get().state == "in_session"
        assert Hearing.objects.get().adjournments.get().resumed_at == later


class TestMinutes:
    def test_are_public_at_once_without_documents_of_people_and_only_additions_follow(
        self, session, house, carla, told
    ):
        services.attend(actor=carla, **told)
        services.register_attendance(
            actor=house.ana, name="Pía Ramos", document_number="1010101010", supplier=carla.account_code, **told
        )
        services.attach_paper(actor=house.ana, document=parties.upload("plano.pdf"), **told)
        with pytest.raises(SignatureRequired):
            services.close_hearing(actor=house.ana, development="Se recorrió", decisions="", **told)

        closed = services.close_hearing(
            actor=signed(house.ana, told["at"]), development="Se recorrió", decisions="Se amplía el plazo", **told
        )

        entry = Entry.objects.get(act="hearing.closed")
        document = Document.objects.visible_to(ANYONE).get(kind="hearing_record")
        shown = Document.objects.get(kind="hearing_document")
        assert (closed.record, entry.documents) == (document, [document.sha256, shown.sha256])
        assert [row["name"] for row in entry.content["data"]["attendees"]] == [carla.name, "Pía Ramos"]
        assert "1010101010" not in entry.body
        with pytest.raises(Denied):
            services.speak(actor=carla, text="Algo más", is_question=False, **told)
        added = services.complete_minutes(actor=signed(house.ana, told["at"]), text="Donde dice 10 es 11", **told)
        assert (added.number, Hearing.objects.get().development) == (1, "Se recorrió")
        with pytest.raises(DatabaseError), transaction.atomic():
            Hearing.objects.update(state="in_session")

    def test_nothing_happens_in_a_session_while_the_process_is_suspended(self, session, house, carla, told):
        tendering.suspend_tender(
            actor=signed(house.beto, told["at"]), tender_id=session.tender_id, reason="Un juez", legal_basis="Auto 1",
            planned_on=given.calendar.add(told["at"].date(), 5), at=told["at"],
        )  # fmt: skip

        with pytest.raises(Denied, match="suspendido"):
            services.attend(actor=carla, **told)


def test_the_pages_the_files_and_the_api_do_the_same(browser, client, api, session, house, carla, told):  # noqa: PLR0917
    page = f"/procesos/{session.tender.code}/audiencias/1/"
    ana, hers = browser(house.ana), browser(carla)
    with clock.fixed(told["at"]):
        assert client.get(f"{page}asistir/").status_code == 302
        assert hers.get(f"{page}registrar/").status_code == 403
        assert hers.get(f"{page}nada/").status_code == 404
        assert sent(hers, f"{page}asistir/").status_code == 303
        assert sent(hers, f"{page}intervenir/", text="¿Hay luz?", is_question="on").status_code == 303
        wrong = sent(ana, f"{page}registrar/", name="Pía Ramos", supplier="123456")
        assert "Ningún proveedor activo" in wrong.content.decode()
        assert sent(ana, f"{page}registrar/", name="Pía Ramos", document_number="1010101010").status_code == 303
        assert "1010101010" in ana.get(page).content.decode()
        assert "Pía Ramos" not in hers.get(page).content.decode()
        assert carla.name in hers.get(page).content.decode()
        assert sent(ana, f"{page}intervenciones/1/", answer="Sí").status_code == 303
        assert sent(ana, f"{page}asistentes/2/retiro/").status_code == 303
        assert hers.get(f"{page}asistentes/2/retiro/").status_code == 404
        ics = client.get(f"{page.rstrip('/')}.ics").content.decode()
        assert "SUMMARY:Visita al lugar" in ics
        assert hers.get(f"{page.rstrip('/')}.pdf").status_code == 404  # not before the minutes
        path = f"/tenders/{session.tender.code}/hearings"
        assert api(house.ana)("POST", f"{path}/1/interventions", text="Gracias", colour="rojo")[0] == 422
        assert api(house.ana)("POST", f"{path}/1/interventions", text="Gracias", attendance=1)[0] == 201
        assert api(carla)("GET", f"{path}/1")[1]["attendances"] == []
        services.close_hearing(actor=signed(house.ana, told["at"]), development="Se vio", decisions="", **told)
        hub = ana.get(f"/escritorio/procesos/{session.tender.code}/").content.decode()
        assert "Audiencias y visitas · 1 de 1 celebradas" in hub
        public = client.get(page).content.decode()
        assert "Pía Ramos" in public
        assert "1010101010" not in public
        assert "obligatori" not in public
        assert "No haber asistido no rechaza" in public
        assert hers.get(f"{page.rstrip('/')}.pdf").content.startswith(b"%PDF-")
        assert client.get(f"{page.rstrip('/')}.pdf").status_code == 404
        told_all = api(carla)("GET", f"{path}/1")[1]
        assert ([row["name"] for row in told_all["attendances"]], told_all["interventions"][0]["answer"]) == (
            [carla.name, "Pía Ramos"], "Sí",
        )  # fmt: skip
        assert api(carla)("GET", path)[1][0]["state"] == "closed"


def test_the_page_makes_no_more_queries_with_more_people_and_words(
    browser, session, house, told, django_assert_max_num_queries
):
    ana, page, counts = browser(house.ana), f"/procesos/{session.tender.code}/audiencias/1/", []
    with clock.fixed(told["at"]):
        for _round in range(2):
            for name in ("Pía", "Raúl", "Sol")[: 1 if not counts else 3]:
                came = services.register_attendance(actor=house.ana, name=name, **told)
                services.speak(actor=house.ana, text="Sí", is_question=False, attendance=came.number, **told)
            with django_assert_max_num_queries(counts[0] if counts else 60) as made:
                ana.get(page)
            counts.append(len(made))


@pytest.mark.django_db(transaction=True)
def test_two_who_register_at_once_take_two_numbers_and_one_who_registers_twice_is_there_once(held):
    house = given.buyer(held)
    session = hearings.in_session(held, house)
    told = {"tender_id": session.tender_id, "number": 1, "at": session.begun_at}
    carla, dario = given.supplier(held), given.supplier(held, "dario")

    def come(who):
        try:
            services.attend(actor=who, **told)
        except Refused:
            return

    together(*(lambda who=who: come(who) for who in (carla, carla, dario)))

    assert sorted(session.attendances.values_list("number", flat=True)) == [1, 2]
