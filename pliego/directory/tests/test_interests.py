"""A supplier's areas of interest, and what it hears because of them."""

import threading

import pytest
from django.db import connection
from django.test import Client

from pliego.directory import services
from pliego.directory.models import Interest
from pliego.directory.rules import MOST_INTERESTS, InterestData, codes_in
from pliego.directory.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.notifications.models import Mail, Notice
from pliego.parties.tests import given as parties
from pliego.tendering.tests import given as tenders


@pytest.fixture
def firm(db, at):
    return given.firm("Cómputo del Sur SAS", "999930009", at=at)


class TestCreateInterest:
    def test_keeps_each_code_at_its_level_and_announces(self, firm, at):
        made = given.interest(firm, *codes_in("V1.43211500, 4412\n44120000"), at=at)

        assert made.unspsc == ["432115", "4412"]
        entry = Entry.objects.get(act="interest.created")
        assert (entry.file, entry.is_public, made.receipt) == (firm.file, False, entry)

    @pytest.mark.parametrize(
        ("data", "fields"),
        [
            (InterestData("", []), {"title", "unspsc"}),
            (InterestData("A", ["432"], ["zz"]), {"unspsc", "departments"}),
            (InterestData("A", [str(10 + n) for n in range(60)]), {"unspsc"}),
        ],
    )
    def test_says_all_that_is_wrong_at_once(self, firm, at, data, fields):
        with pytest.raises(Refused) as refused:
            services.create_interest(actor=given.of(firm), data=data, at=at)

        assert {objection.field for objection in refused.value.objections} == fields

    def test_is_refused_beyond_what_an_account_may_have(self, firm, at):
        for number in range(MOST_INTERESTS):
            given.interest(firm, "43", at=at, title=f"Área {number}")

        with pytest.raises(Refused, match="too_many_interests"):
            given.interest(firm, "43", at=at, title="Otra")

    def test_is_refused_under_a_name_in_use(self, firm, at):
        given.interest(firm, "43", at=at)

        with pytest.raises(Refused, match="title_taken"):
            given.interest(firm, "44", at=at)

    def test_is_not_for_an_entity(self, db, at):
        cast = parties.cast(at=at)

        with pytest.raises(Denied):
            services.create_interest(actor=cast.beto, data=InterestData("A", ["43"]), at=at)

    def test_is_for_nobody_else(self, firm, at):
        made = given.interest(firm, "43", at=at)
        other = given.of(parties.supplier("dario", at=at))

        for act in (
            lambda: services.change_interest(actor=other, code=made.code, data=InterestData("B", ["44"]), at=at),
            lambda: services.set_interest_active(actor=other, code=made.code, is_active=False, at=at),
            lambda: services.delete_interest(actor=other, code=made.code, at=at),
        ):
            with pytest.raises(Unknown):
                act()
        assert not Interest.objects.visible_to(other).exists()


class TestChangeAndDelete:
    def test_pausing_twice_is_one_act(self, firm, at):
        made = given.interest(firm, "43", at=at)
        for _i in range(2):
            services.set_interest_active(actor=given.of(firm), code=made.code, is_active=False, at=at)

        assert not Interest.objects.get().is_active
        assert Entry.objects.filter(act="interest.changed").count() == 1

    def test_deleting_leaves_the_act(self, firm, at):
        made = given.interest(firm, "43", at=at)
        services.delete_interest(actor=given.of(firm), code=made.code, at=at)

        assert not Interest.objects.exists()
        assert Entry.objects.get(act="interest.deleted").content["data"]["interest"] == made.code

    def test_registering_begins_with_what_is_sold(self, db, at, run_reactions):
        account = given.firm("Papelera SAS", "999930010", at=at, unspsc_interests=["44121600", "43210000"])
        run_reactions()

        assert Interest.objects.get(account=account).unspsc == ["4321", "441216"]


class TestANewProcess:
    @pytest.fixture
    def process(self, firm, at):
        """A purchase with a code of computers (432115…)."""
        house = tenders.buyer(at)
        return lambda: tenders.published_tender(at, house)

    def told(self, account):
        return Notice.objects.filter(user=account.requested_by, source__contains="/interest/")

    def test_is_told_in_the_inbox_and_by_mail_once(self, firm, at, process, run_reactions):
        tender = process()
        code = tender.unspsc_main
        given.interest(firm, code[:2], at=at, title="Segmento")
        given.interest(firm, code[:4], at=at, title="Familia")
        run_reactions()
        run_reactions()
        Entry.objects.filter(act="tender.published").first()

        notice = self.told(firm).get()
        assert tender.title in notice.title
        assert notice.url == f"/procesos/{tender.code}/"
        assert Mail.objects.filter(source=notice.source, address=firm.notification_email).count() == 1

    def test_is_not_told_twice_by_a_repeated_job(self, firm, at, process, run_reactions):
        from pliego.directory import tasks

        tender = process()
        given.interest(firm, tender.unspsc_main, at=at)
        run_reactions()
        entry = Entry.objects.get(act="tender.published", file=tender.ocid)
        tasks.tell.func(tender_id=tender.pk, entry_id=entry.pk)

        assert self.told(firm).count() == 1

    def test_is_told_only_to_who_follows_it(self, firm, at, process, run_reactions):
        tender = process()
        code, place = tender.unspsc_main, (tender.delivery_municipality or tender.buyer.municipality)[:2]
        others = {
            "other code": given.firm("Uno SAS", "999930021", at=at),
            "paused": given.firm("Dos SAS", "999930022", at=at),
            "other place": given.firm("Tres SAS", "999930023", at=at),
        }
        given.interest(others["other code"], "99" if code[:2] != "99" else "98", at=at)
        given.interest(others["other place"], code[:2], at=at, departments=["91"])
        paused = given.interest(others["paused"], code[:2], at=at)
        services.set_interest_active(actor=given.of(others["paused"]), code=paused.code, is_active=False, at=at)
        given.interest(firm, code[:2], at=at, departments=[place])
        run_reactions()

        assert place != "91"
        assert self.told(firm).count() == 1
        assert {name for name, account in others.items() if self.told(account).exists()} == set()

    def test_reaches_more_accounts_than_one_job_tells(self, firm, at, process, run_reactions, monkeypatch):
        monkeypatch.setattr(services, "AT_ONCE", 2)
        tender = process()
        firms = [firm, *(given.firm(f"Firma {n} SAS", f"99993003{n}", at=at) for n in range(4))]
        for account in firms:
            given.interest(account, tender.unspsc_main[:4], at=at)
        run_reactions()

        assert [self.told(account).count() for account in firms] == [1] * 5


class TestTheFeed:
    def test_has_the_processes_of_the_area_and_nothing_of_its_owner(self, firm, at, run_reactions):
        tender = tenders.published_tender(at)
        interest = given.interest(firm, tender.unspsc_main[:4], "99", at=at)
        other = given.interest(firm, "99", at=at, title="Otra")
        run_reactions()
        feed = Client().get(f"/intereses/{interest.code}/procesos.atom")

        assert feed["Content-Type"].startswith("application/atom+xml")
        assert f"/procesos/{tender.code}/" in feed.content.decode()
        assert firm.name not in feed.content.decode()
        assert b"<entry>" not in Client().get(f"/intereses/{other.code}/procesos.atom").content

    def test_ends_with_the_area(self, firm, at):
        interest = given.interest(firm, "43", at=at)
        services.set_interest_active(actor=given.of(firm), code=interest.code, is_active=False, at=at)

        assert Client().get(f"/intereses/{interest.code}/procesos.atom").status_code == 404


class TestThePagesAndTheApi:
    def test_walk_from_a_new_area_to_none(self, firm, at, client_for):
        client = client_for(firm.requested_by, firm)
        home = "/escritorio/intereses/"
        refused = client.post(f"{home}nuevo/", {"title": "", "unspsc": "43x"})
        made = client.post(f"{home}nuevo/", {"title": "Equipos", "unspsc": "4321, 4412", "departments": ["05", "08"]})
        code = Interest.objects.get().code
        client.post(f"{home}{code}/", {"title": "Equipos nuevos", "unspsc": "4321"})
        client.post(f"{home}{code}/pausar/")
        shown = client.get(home).content.decode()
        client.post(f"{home}{code}/reanudar/")
        assert Interest.objects.get().is_active
        client.post(f"{home}{code}/borrar/")

        assert refused.status_code == 422
        assert "43x" in refused.content.decode()
        assert (made.status_code, made["Location"]) == (303, home)
        assert "Equipos nuevos" in shown
        assert not Interest.objects.exists()

    def test_are_the_same_over_the_api(self, firm, at, client_for):
        client = client_for(firm.requested_by, firm)

        def send(method, path, body=None):
            token = {"X-CSRFToken": "x" * 32}
            client.cookies["csrf"] = "x" * 32
            return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=token)

        made = send("post", "/interests", {"title": "Equipos", "unspsc": ["43211500"]})
        code = made.json()["code"]
        wrong = send("post", "/interests", {"title": "Equipos", "unspsc": ["43"], "color": "x"})

        assert made.json()["unspsc"] == ["432115"]
        assert made.json()["receipt"]["url"].startswith("/recibos/")
        assert wrong.status_code == 422
        assert send("post", f"/interests/{code}/deactivate").json()["is_active"] is False
        assert send("put", f"/interests/{code}", {"title": "B", "unspsc": ["44"]}).json()["title"] == "B"
        assert len(client.get("/api/v1/interests").json()) == 1
        assert send("delete", f"/interests/{code}").status_code == 200
        assert client.get("/api/v1/interests").json() == []

    def test_ask_who_works_for_no_supplier(self, db, at, client_for):
        cast = parties.cast(at=at)

        assert client_for(cast.person("ana"), cast.entity).get("/escritorio/intereses/").status_code == 403
        assert Client().get("/escritorio/intereses/").status_code == 302

    def test_makes_as_many_queries_for_many_areas_as_for_few(self, firm, at, client_for):
        from django.test.utils import CaptureQueriesContext

        client = client_for(firm.requested_by, firm)

        def queries():
            with CaptureQueriesContext(connection) as captured:
                client.get("/escritorio/intereses/")
            return len(captured)

        given.interest(firm, "43", at=at, title="Uno")
        queries()  # the first visit of a session chooses the account
        one = queries()
        for number in range(4):
            given.interest(firm, "44", "45", at=at, title=f"Más {number}")

        assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_take_the_last_place_once(at):
    clock.hold(at)
    try:
        firm = given.firm("Justo SAS", "999930099", at=at)
        for number in range(MOST_INTERESTS - 1):
            given.interest(firm, "43", at=at, title=f"Área {number}")
        actor, gate, results = given.of(firm), threading.Barrier(2), []

        def run(title):
            try:
                gate.wait(timeout=20)
                results.append(services.create_interest(actor=actor, data=InterestData(title, ["43"]), at=at))
            except Refused as refused:
                results.append(refused)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[title]) for title in ("A", "B")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert sorted(type(result).__name__ for result in results) == ["Interest", "Refused"]
        assert Interest.objects.count() == MOST_INTERESTS
    finally:
        clock.hold(None)
