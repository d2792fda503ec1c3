"""A person's own page: their data, their e-mail, their history, their sessions, the terms."""

import csv
import io
import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from pliego.accounts import devices, holds, places, profile, sessions, terms
from pliego.accounts.models import AccessRecord, KnownDevice, User
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Refused, SignatureRequired
from pliego.ledger.models import Entry

NEW = "ana.nueva@pliego.example"
HTML = {"accept": "text/html"}


@pytest.fixture
def ana(db, at, run_reactions):
    user = given.person("ana")
    run_reactions()
    mail.outbox.clear()
    return user


@pytest.fixture
def hers(ana):
    """A browser in which Ana signed in with both factors, which signs for five minutes."""
    browser = Client()
    browser.post("/ingresar/", {"email": ana.email, "password": given.PASSWORD})
    browser.post("/ingresar/codigo/", {"code": given.code_of(ana)})
    return browser


class TestDetails:
    def test_keeps_them_tidy_and_the_act_says_which_changed_and_not_their_values(self, ana, hers):
        told = {"full_name": "Ana  María De Prueba", "phone": "(601) 555 0000", "time_zone": "UTC", "language": "en"}

        assert hers.post("/cuenta/datos/", told).status_code == 303

        ana.refresh_from_db()
        kept = (ana.full_name, ana.phone, ana.time_zone, ana.language)
        assert kept == ("Ana María De Prueba", "6015550000", "UTC", "en")
        body = Entry.objects.get(act="person.data_changed").body
        assert '"changed":["full_name","phone","language","time_zone"]' in body
        assert "6015550000" not in body

    def test_says_all_that_is_wrong(self, ana, hers):
        told = {"full_name": "Ana", "phone": "12", "time_zone": "UTC", "language": "en"}

        answer = hers.post("/cuenta/datos/", told)

        assert set(answer.context["form"].errors) == {"full_name", "phone"}

    def test_nothing_changed_is_no_act(self, ana, at):
        profile.change_details(user=ana, details=profile.Details(ana.full_name, ana.phone), actor=None, at=at)

        assert not Entry.objects.filter(act="person.data_changed").exists()

    def test_a_zone_that_the_form_does_not_offer_stays(self, ana, hers):
        User.objects.filter(pk=ana.pk).update(time_zone="Pacific/Auckland")

        assert "Pacific/Auckland" in hers.get("/cuenta/datos/").text


class TestEmail:
    def change(self, hers, run_reactions, email=NEW):
        assert hers.post("/cuenta/correo/", {"email": email})["Location"] == "/cuenta/correo/codigo/"
        code = next((letter.subject.split(" ")[0] for letter in mail.outbox if letter.to == [email]), "")
        run_reactions()
        return code

    def test_the_code_of_the_new_one_changes_it_and_both_are_told(self, ana, hers, run_reactions, at):
        other = Client()
        other.force_login(ana, backend="pliego.accounts.sessions.Backend")
        code = self.change(hers, run_reactions)

        assert hers.post("/cuenta/correo/codigo/", {"code": code}).status_code == 303

        run_reactions()
        ana.refresh_from_db()
        assert ana.email == EmailAddress.objects.get(user=ana).email == NEW
        to_the_old = [letter for letter in mail.outbox if letter.to == ["ana@pliego.example"]]
        assert len(to_the_old) == 2
        assert NEW not in to_the_old[1].body
        assert holds.in_force(ana, holds.Kind.AFTER_CHANGE).cause == "email"
        assert hers.get("/cuenta/").status_code == 200
        assert Client().post("/ingresar/", {"email": NEW, "password": given.PASSWORD}).status_code == 303

    def test_an_address_of_somebody_else_answers_alike_and_changes_nothing(self, ana, hers, run_reactions):
        eva = given.person("eva")
        mail.outbox.clear()

        self.change(hers, run_reactions, email=eva.email)

        assert hers.post("/cuenta/correo/codigo/", {"code": "123456"}).status_code == 422
        assert [letter.to[0] for letter in mail.outbox] == [eva.email, "ana@pliego.example"]
        assert not any(c.isdigit() for c in mail.outbox[0].subject)

    def test_five_wrong_codes_end_it(self, ana, hers, run_reactions):
        code = self.change(hers, run_reactions)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        for _i in range(5):
            assert hers.post("/cuenta/correo/codigo/", {"code": wrong}).status_code == 422

        assert hers.post("/cuenta/correo/codigo/", {"code": code}).status_code == 422

    def test_needs_a_signature_and_another_address(self, ana, hers):
        from pliego.accounts import services

        with pytest.raises(SignatureRequired):
            profile.ask_new_email(user=ana, email=NEW, actor=services.as_actor(ana))
        assert hers.post("/cuenta/correo/", {"email": ana.email}).status_code == 422


class TestHistory:
    def test_the_first_page_shows_successes_and_failures_with_network_place_and_device(self, ana, hers):
        Client().post(
            "/ingresar/", {"email": ana.email, "password": "no es esta"},
            REMOTE_ADDR="203.0.113.9", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"},
        )  # fmt: skip

        page = hers.get("/cuenta/")

        lines = [(line.kind, line.network, line.place, line.device) for line in page.context["pager"]]
        assert lines == [
            ("failure", "203.0.113.0/24", "", "Firefox · Windows"), ("sign_in", "127.0.0.0/24", "inside", ""),
        ]  # fmt: skip

    def test_is_exported_whole_as_csv_and_json_with_the_same_columns(self, ana, hers):
        Client().post("/ingresar/", {"email": ana.email, "password": "no"}, headers={"user-agent": "=HYPERLINK(1)"})

        table = list(csv.DictReader(io.StringIO(hers.get("/cuenta/historial.csv").text)))
        rows = json.loads(hers.get("/cuenta/historial.json").text)

        assert [row["result"] for row in rows] == ["failure", "success"]
        assert list(table[0]) == list(rows[0])
        assert table[0]["device"] == "'=HYPERLINK(1)"
        assert hers.get("/cuenta/historial.xls").status_code == 404

    def test_is_nobody_elses(self, ana, hers, client_for):
        assert json.loads(client_for(given.person("eva")).get("/cuenta/historial.json").text) == []

    def test_names_a_place_when_the_operator_gave_a_file_of_them(self, monkeypatch):
        found = {
            "city": {"names": {"en": "Medellin", "es": "Medellín"}},
            "subdivisions": [{"names": {"en": "Antioquia"}}],
            "country": {"names": {"es": "Colombia"}},
        }
        monkeypatch.setattr(places, "_book", lambda path: {"203.0.113.9": found})

        assert places.place_of("203.0.113.9") == "Medellín, Antioquia, Colombia"
        assert places.place_of("203.0.113.10") == ""
        assert places.place_of("10.0.0.1") == "inside"
        assert places.place_of("no") == ""


class TestDevices:
    def test_a_sign_in_makes_the_browser_known_once(self, ana, hers):
        hers.post("/salir/")
        hers.post("/ingresar/", {"email": ana.email, "password": given.PASSWORD})

        assert KnownDevice.objects.filter(user=ana).count() == 1
        cookie = hers.cookies["disp"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    def test_one_that_is_forgotten_gets_another_cookie_when_it_signs_in_again(self, ana, hers, rf):
        before = hers.cookies["disp"].value
        device = KnownDevice.objects.get()

        assert hers.post(f"/cuenta/navegadores/{device.code}/olvidar/", {}).status_code == 303
        assert hers.get(f"/cuenta/navegadores/{device.code}/olvidar/").status_code == 404
        request = rf.get("/")
        request.COOKIES["disp"] = before
        assert devices.known(request, ana.email) is None
        assert devices.remember(request, ana).pk != device.pk

    def test_of_somebody_else_does_not_exist(self, ana, hers, client_for):
        device = KnownDevice.objects.get()

        assert client_for(given.person("eva")).post(f"/cuenta/navegadores/{device.code}/olvidar/").status_code == 404


class TestSession:
    def test_ends_after_half_an_hour_without_a_request_and_says_so(self, ana, hers, at):
        assert hers.get("/cuenta/").status_code == 200
        with clock.fixed(at + timedelta(minutes=29)):
            assert hers.get("/cuenta/").status_code == 200
        with clock.fixed(at + timedelta(minutes=58)):
            assert hers.get("/cuenta/").status_code == 200
        with clock.fixed(at + timedelta(minutes=89)):
            assert hers.get("/cuenta/").status_code == 302

            assert AccessRecord.objects.filter(user=ana).first().method == "idle"

    def test_ends_after_twelve_hours_however_busy(self, ana, hers, at):
        for minutes in range(0, 720, 20):
            with clock.fixed(at + timedelta(minutes=minutes)):
                assert hers.get("/cuenta/").status_code == 200
        with clock.fixed(at + timedelta(hours=12, minutes=1)):
            assert hers.get("/cuenta/").status_code == 302

            assert AccessRecord.objects.filter(user=ana).first().method == "absolute"

    def test_the_clock_of_a_page_left_open_is_no_sign_of_life(self, ana, hers, at):
        hers.get("/cuenta/")
        for minutes in (10, 20, 29):
            with clock.fixed(at + timedelta(minutes=minutes)):
                hers.get("/hora")
        with clock.fixed(at + timedelta(minutes=31)):
            assert hers.get("/cuenta/").status_code == 302

    def test_gets_another_key_and_stays_in_the_list(self, ana, hers, rf):
        from allauth.usersessions.models import UserSession

        request = rf.get("/")
        request.session, request.user = hers.session, ana
        old = request.session.session_key

        sessions.rotate(request)

        assert request.session.session_key != old
        assert UserSession.objects.get(user=ana).session_key == request.session.session_key


class TestTerms:
    @pytest.fixture
    def changed(self, monkeypatch):
        newer = terms.Terms("2027-01", "# 1. Nuevos\n\nOtro texto.")
        versions = {**terms.versions(), "2027-01": newer}
        monkeypatch.setattr(terms, "versions", lambda: versions)
        return newer

    def test_a_new_version_is_asked_before_the_next_page_and_goes_back_to_it(self, ana, hers, changed):
        answer = hers.get("/cuenta/datos/", headers=HTML)
        assert answer["Location"] == "/cuenta/terminos/?next=%2Fcuenta%2Fdatos%2F"
        page = hers.get(answer["Location"], headers=HTML)
        assert "Otro texto." in page.text

        refused = hers.post("/cuenta/terminos/", {"next": "/cuenta/datos/"})
        accepted = hers.post("/cuenta/terminos/", {"next": "/cuenta/datos/", "accepted": "on"})

        assert (refused.status_code, accepted["Location"]) == (422, "/cuenta/datos/")
        assert ana.terms_acceptances.get(version="2027-01").sha256 == changed.sha256
        assert hers.get("/cuenta/datos/", headers=HTML).status_code == 200
        assert Entry.objects.filter(act="person.terms_accepted").count() == 1

    def test_what_is_sent_is_never_turned_away(self, ana, hers, changed):
        told = {"full_name": "Ana Otra De Prueba", "time_zone": "UTC", "language": "en"}

        assert hers.post("/cuenta/datos/", told).status_code == 303

    def test_anybody_reads_every_version_with_its_hash(self, client, db):
        assert terms.current().sha256 in client.get("/terminos/").text
        assert client.get(f"/terminos/{terms.current().version}/").status_code == 200
        assert client.get("/terminos/1999-01/").status_code == 404

    def test_the_text_that_was_accepted_never_changes(self):
        """Whoever edits a text in force must publish another version: people accepted these words."""
        known = {"2026-11": "a611474714c7c313f82e5b0866b7da787f41dfcd0171e9dc9648fb330633b8d4"}

        assert {version: text.sha256 for version, text in terms.versions().items()} == known


class TestRefusedDetails:
    def test_needs_a_zone_of_the_table(self, ana, at):
        with pytest.raises(Refused, match="time_zone_unknown"):
            profile.change_details(
                user=ana, details=profile.Details(ana.full_name, time_zone="America/Macondo"), actor=None, at=at
            )
