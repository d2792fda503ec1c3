"""Appointing, declaring, recusing and deciding, and what evaluation makes of it."""

import re

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.panels import queries, services
from pliego.panels.models import Appointment, Impediment, Member
from pliego.panels.policy import IMPEDIMENTS, ImpedimentAct
from pliego.tendering.models import Tender
from pliego.tendering.tests import given
from pliego.tendering.tests.test_pages import sent
from pliego.tendering.tests.test_races import together

signed = given.signed


def codes(refused):
    return [(objection.code, objection.field) for objection in refused.value.objections]


class TestAppointMembers:
    def test_names_them_by_an_act_that_is_public_without_their_documents(self, appointed, published, house):
        act = appointed(published, "ana", outside=True)

        entry = Entry.objects.get(act="panel.appointed")
        ana, nora = queries.members(published)
        assert (act.receipt, entry.is_public, [row["name"] for row in entry.content["data"]["members"]]) == (
            entry, True, [ana.name, "Nora de Afuera"],
        )  # fmt: skip
        assert (ana.user_id, nora.user_id, nora.state) == (house.ana.user_id, None, "serving")
        assert "1010101010" not in entry.body
        assert "nora@" not in entry.body
        for change in (Appointment.objects.all().delete, lambda: Member.objects.update(name="Otra")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        with pytest.raises(DatabaseError), transaction.atomic():
            Member.objects.filter(pk=ana.pk).update(state="gone")

    def test_is_for_the_authorising_officer_who_signs_and_refuses_whoever_serves(self, appointed, published, house, at):
        with pytest.raises(Denied):
            appointed(published, "ana", actor=house.ana)
        with pytest.raises(SignatureRequired):
            services.appoint_members(
                actor=house.beto, tender_id=published.pk, act_number="1", act_on=at.date(), members=[], at=at
            )
        appointed(published, "ana")
        with pytest.raises(Refused) as refused:
            appointed(published, "ana", act_number="")
        assert codes(refused) == [("missing", "act_number"), ("already_serves", "person_1")]
        with pytest.raises(Unknown):
            appointed(given.draft_tender(at, house), "ana", actor=given.supplier(at))


class TestConflicts:
    def test_whoever_has_one_is_stopped_until_it_is_decided_and_the_history_stays(
        self, appointed, published, house, carla, at
    ):
        appointed(published, "ana", "hugo")
        told = {"tender_id": published.pk, "at": at}
        with pytest.raises(SignatureRequired):
            services.declare_interests(actor=house.ana, number=1, has_conflict=False, **told)
        with pytest.raises(Denied):
            services.declare_interests(actor=signed(house.ana, at), number=2, has_conflict=False, **told)
        ana, beto = signed(house.ana, at), signed(house.beto, at)
        with pytest.raises(Refused) as refused:
            services.declare_interests(actor=ana, number=1, has_conflict=True, supplier="CTA-1", **told)
        assert codes(refused) == [("unknown_bidder", "supplier"), ("missing", "reason")]

        services.declare_interests(actor=ana, number=1, has_conflict=True, reason="Mi hermano", **told)

        entry = Entry.objects.get(act="panel.impediment_declared")
        impediment = Impediment.objects.get()
        assert (entry.is_public, impediment.due_at.day) == (False, 16)
        assert list(queries.impediments(carla, published)) == []
        assert not queries.may_evaluate(house.ana, published)
        with pytest.raises(Refused) as refused:
            services.decide_impediment(actor=beto, number=1, accepted=True, reason="", **told)
        assert codes(refused) == [("missing", "reason"), ("missing", "act_number"), ("missing", "act_on")]
        services.decide_impediment(
            actor=beto, number=1, accepted=True, reason="Se probó", act_number="Res. 13", act_on=at.date(), **told
        )
        seat = queries.members(published).get(number=1)
        assert (seat.state, seat.relieved_by.act_number) == ("relieved", "Res. 13")
        assert Entry.objects.get(act="panel.impediment_decided").is_public
        assert [member.name for member in queries.serving(published)] == [house.hugo.name]
        appointed(published, "ana", act_number="Res. 14")
        assert queries.members(published).count() == 3

    def test_a_recused_member_is_heard_first_and_goes_on_when_it_is_not_accepted(
        self, appointed, published, house, carla, at
    ):
        appointed(published, "ana", "beto")
        told = {"tender_id": published.pk, "at": at}
        ana, beto = signed(house.ana, at), signed(house.beto, at)
        services.declare_interests(actor=ana, number=1, has_conflict=False, **told)
        with pytest.raises(Refused) as refused:
            services.declare_interests(actor=ana, number=1, has_conflict=False, **told)
        assert codes(refused) == [("already_done", "")]
        with pytest.raises(Denied):
            services.recuse_member(actor=house.hugo, number=1, reason="Es socia", **told)

        recusal = services.recuse_member(actor=carla, number=1, reason="Es socia", **told)

        assert (recusal.answer_due_at.day, recusal.decision_due_at.day) == (9, 24)  # a holiday between
        with pytest.raises(Refused, match="answer_awaited"):
            services.decide_impediment(actor=beto, number=1, accepted=False, reason="No es", **told)
        with pytest.raises(Denied):
            services.answer_recusal(actor=beto, number=1, accepts=False, answer="No", **told)
        with pytest.raises(Unknown):
            services.answer_recusal(actor=given.supplier(at, "dario"), number=1, accepts=False, answer="No", **told)
        services.answer_recusal(actor=ana, number=1, accepts=False, answer="No soy socia", **told)
        done = services.decide_impediment(actor=beto, number=1, accepted=False, reason="No se probó", **told)
        assert (done.state, done.member.state, done.decision_due_at.day) == ("dismissed", "serving", 16)
        assert queries.may_evaluate(house.ana, published)
        services.recuse_member(actor=carla, number=2, reason="Es su primo", **told)
        with pytest.raises(Denied, match="propio impedimento"):
            services.decide_impediment(actor=beto, number=2, accepted=False, reason="No", **told)


class TestMayEvaluate:
    def test_a_declaration_made_before_the_opening_is_made_again(self, appointed, house, carla, at):
        tender = given.published_tender(at, house)
        appointed(tender, "ana")
        told = {"tender_id": tender.pk, "number": 1, "has_conflict": False}
        services.declare_interests(actor=signed(house.ana, at), at=at, **told)
        assert queries.may_evaluate(house.ana, tender)

        opened = Tender(pk=tender.pk, state="opened", method=tender.method, method_version=tender.method_version)

        assert not queries.may_evaluate(house.ana, opened)
        assert [task.title for task in queries.tasks_for(house.ana, at)] == []


class TestOutside:
    def test_somebody_from_outside_declares_by_the_link_of_their_mail_and_signs_with_their_document(  # noqa: PLR0917
        self, appointed, published, client, run_reactions, house, at
    ):
        appointed(published, outside=True)
        run_reactions()
        letter = next(m for m in mail.outbox if m.to == ["nora@pliego.example"])
        path = re.search(r"/evaluadores/[\w:-]+/", letter.body)[0]

        assert client.get(path).status_code == 200
        wrong = client.post(path, {"conflict": "no", "reason": "", "document_number": "1"})
        assert wrong.status_code == 422
        done = client.post(path, {"conflict": "no", "reason": "", "document_number": "1010101010"})

        entry = Entry.objects.get(act="panel.no_conflict_declared")
        assert (done.status_code, entry.who["name"]) == (303, "Nora de Afuera")
        assert entry.content["signature"]["method"] == "link"
        assert Member.objects.get().has_declared("general")
        assert client.get(path[:-3] + "aa/").status_code == 404
        services.recuse_member(actor=given.supplier(at), tender_id=published.pk, number=1, reason="Es socia", at=at)
        answer = {"accepts": "no", "answer": "No lo soy", "document_number": "1010101010"}
        assert client.post(path, answer).status_code == 303
        recusal = Impediment.objects.get()
        assert (recusal.accepts, recusal.answer) == (False, "No lo soy")
        assert "debe decidir sobre el impedimento" in client.get(path).content.decode()
        services.decide_impediment(
            actor=signed(house.beto, at), tender_id=published.pk, number=1, accepted=False, reason="No es", at=at
        )
        services.relieve_member(
            actor=signed(house.beto, at), tender_id=published.pk, number=1, act_number="2", act_on=at.date(),
            reason="Renunció", at=at,
        )  # fmt: skip
        assert client.get(path).status_code == 404


def test_an_impediment_is_read_by_the_same_in_python_and_in_sql(appointed, published, house, carla, at):
    appointed(published, "ana")
    row = services.recuse_member(actor=carla, tender_id=published.pk, number=1, reason="Es socia", at=at)
    stranger = given.supplier(at, "dario")
    for actor in (house.ana, house.beto, house.elena, carla, stranger):
        seen = queries.impediments(actor, published).contains(row)
        assert bool(IMPEDIMENTS.verdict(actor, ImpedimentAct.VIEW, row)) == seen, actor.name


def test_the_pages_and_the_api_do_the_same(browser, signing, api, client, appointed, published, house, carla, at):  # noqa: PLR0917
    desk, page = f"/escritorio/procesos/{published.code}/evaluadores/", f"/procesos/{published.code}/evaluadores/"
    beto = signing(house.beto)
    typed = {"act_number": "Res. 1", "act_on": "01/03/2026", "person_1": house.ana.user_code}

    wrong = sent(beto, f"{desk}nombrar/", **typed)
    done = sent(beto, f"{desk}nombrar/", **typed, role_1="technical")

    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "Escoja el rol" in wrong.content.decode()
    assert house.ana.name in client.get(page).content.decode()
    assert "Conflictos" not in client.get(page).content.decode()
    assert browser(house.ana).get(f"{desk}nombrar/").status_code == 403
    hub = f"/escritorio/procesos/{published.code}/"
    assert "Quién evalúa · 0 de 1 han declarado" in browser(house.ana).get(hub).content.decode()
    assert sent(signing(house.ana), f"{desk}declarar/", conflict="no").status_code == 303
    assert sent(browser(carla), f"{page}1/recusar/", reason="Es su prima").status_code == 303
    assert "Es su prima" not in client.get(page).content.decode()
    assert "Es su prima" in browser(carla).get(page).content.decode()
    told = api(carla)("GET", f"/tenders/{published.code}/panel")[1]
    assert [(row["name"], row["has_declared"]) for row in told["members"]] == [(house.ana.name, True)]
    assert told["impediments"][0]["kind"] == "recusal"
    path = f"/tenders/{published.code}/impediments/1"
    assert api(house.ana)("POST", f"{path}/answer", accepts=False, answer="No", colour="rojo")[0] == 422
    assert api(house.ana)("POST", f"{path}/answer", accepts=False, answer="No lo es")[0] == 200
    assert api(house.beto)("POST", f"{path}/decide", accepted=False, reason="No se probó")[0] in {401, 403}
    assert sent(beto, f"{desk}impedimentos/1/", outcome="dismiss", reason="No se probó").status_code == 303
    assert Impediment.objects.get().state == "dismissed"


@pytest.mark.django_db(transaction=True)
def test_two_recusals_at_once_end_in_one(held):
    house = given.buyer(held)
    tender = given.published_tender(held, house)
    told = {"tender_id": tender.pk, "at": held}
    services.appoint_members(
        actor=signed(house.beto, held), act_number="1", act_on=held.date(),
        members=[services.MemberIn("technical", house.ana.user_code)], **told,
    )  # fmt: skip
    ended = []

    def recuse(who):
        try:
            services.recuse_member(actor=who, number=1, reason="Es socia", **told)
            ended.append("kept")
        except Refused:
            ended.append("refused")

    together(*(lambda who=who: recuse(who) for who in (given.supplier(held), given.supplier(held, "dario"))))

    assert sorted(ended) == ["kept", "refused"]


def test_the_page_makes_no_more_queries_with_more_members(
    browser, appointed, published, house, django_assert_max_num_queries
):
    beto, page = browser(house.beto), f"/procesos/{published.code}/evaluadores/"
    appointed(published, "ana")
    with django_assert_max_num_queries(60) as made:
        beto.get(page)
    appointed(published, "hugo", "gloria", "elena")

    with django_assert_max_num_queries(len(made)):
        beto.get(page)
