"""A person's own registration over the API."""

import pytest
from django.core import mail
from django.test import Client

from pliego.accounts import terms
from pliego.accounts.models import AccessRecord
from pliego.accounts.tests import given


class Program:
    """A program that signed in as a person, with both factors, and keeps its cookies."""

    def __init__(self, user, ahead=0):
        self.client = Client()
        told = {"email": user.email, "password": given.PASSWORD, "code": given.code_of(user, ahead)}
        answer = self.client.post("/api/v1/sessions", told, content_type="application/json")
        assert answer.status_code == 201, answer.text
        self.headers = {"authorization": f"Bearer {answer.json()['token']}"}

    def ask(self, method, path, body=None):
        call = getattr(self.client, method)
        return call(f"/api/v1{path}", body, content_type="application/json", headers=self.headers)


@pytest.fixture
def ana(db, at, run_reactions):
    user = given.person("ana")
    run_reactions()
    mail.outbox.clear()
    return user


@pytest.fixture
def program(ana):
    return Program(ana)


class TestMe:
    def test_says_who_it_is_and_changes_what_may_change(self, ana, program):
        told = {"full_name": "Ana Otra De Prueba", "phone": "6015550000", "language": "en", "time_zone": "UTC"}

        changed = program.ask("patch", "/me", told)

        assert program.ask("get", "/me").json() == changed.json()
        assert changed.json()["full_name"] == "Ana Otra De Prueba"
        assert changed.json()["terms_accepted"] == changed.json()["terms_in_force"] == terms.current().version

    def test_refuses_what_the_person_may_not_change(self, program):
        answer = program.ask("patch", "/me", {"full_name": "Ana Otra De Prueba", "document_number": "1"})

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "unknown_field"

    def test_a_stranger_is_nobody(self, db):
        assert {Client().get(f"/api/v1/me{part}").status_code for part in ("", "/history", "/sessions")} == {403}


class TestEmail:
    def test_moves_with_the_code_and_counts_wrong_ones_also_when_the_request_is_repeated(self, ana, program):
        assert program.ask("post", "/me/email", {"email": "nueva@pliego.example"}).status_code == 202
        code = mail.outbox[0].subject.split(" ")[0]
        wrong = {"code": f"{(int(code) + 1) % 10**6:06d}"}
        program.headers["idempotency-key"] = "una-clave-larga"
        statuses = [program.ask("post", "/me/email/confirm", wrong).status_code for _i in range(4)]

        right = program.ask("post", "/me/email/confirm", {"code": code})

        assert (statuses, right.status_code) == ([422] * 4, 200)
        ana.refresh_from_db()
        assert ana.email == "nueva@pliego.example"
        assert program.ask("get", "/me").status_code == 401  # its token ended


class TestHistory:
    def test_shows_it_by_pages_and_takes_it_was_not_me(self, ana, program):
        Client().post("/ingresar/", {"email": ana.email, "password": "no es esta"})
        shown = program.ask("get", "/me/history").json()
        assert [line["result"] for line in shown["lines"]] == ["failure", "success"]

        answer = program.ask("post", f"/me/history/{shown['lines'][0]['code']}/not-me")

        assert answer.status_code == 201
        assert answer.json()["receipt"]["code"]
        assert program.ask("get", "/me").status_code == 401
        ana.refresh_from_db()
        assert ana.must_change_password

    def test_of_somebody_else_is_unknown(self, program):
        eva = given.person("eva")
        line = AccessRecord.objects.create(user=eva, kind="failure", at=eva.created_at)
        line.refresh_from_db()

        assert program.ask("post", f"/me/history/{line.code}/not-me").status_code == 404


class TestSessionsAndDevices:
    def test_lists_and_ends_them(self, ana, program):
        browser = Client()
        browser.post("/ingresar/", {"email": ana.email, "password": given.PASSWORD})
        browser.post("/ingresar/codigo/", {"code": given.code_of(ana, ahead=1)})
        assert len(program.ask("get", "/me/sessions").json()) == 1
        devices = program.ask("get", "/me/devices").json()
        assert len(devices) == 2  # the program keeps its cookie: it is known too

        assert program.ask("delete", f"/me/devices/{devices[0]['code']}").status_code == 200
        assert program.ask("delete", f"/me/devices/{devices[0]['code']}").status_code == 404
        assert program.ask("delete", "/me/sessions").status_code == 200

        assert browser.get("/cuenta/").status_code == 302


class TestPassword:
    def test_needs_a_step_up_and_ends_every_token(self, ana, program, at):
        from datetime import timedelta

        from pliego.kernel import clock

        with clock.fixed(at + timedelta(minutes=6)):
            assert program.ask("post", "/me/password", {"password": "una nueva clave larga"}).status_code == 403
        assert program.ask("post", "/me/password", {"password": "corta"}).status_code == 422
        assert program.ask("post", "/me/password", {"password": "una nueva clave larga"}).status_code == 200

        ana.refresh_from_db()
        assert ana.check_password("una nueva clave larga")
        assert program.ask("get", "/me").status_code == 401


class TestTerms:
    def test_accepts_the_version_that_was_read(self, ana, program):
        now = program.ask("get", "/terms").json()

        assert program.ask("post", "/me/terms", {"version": "1999-01"}).status_code == 404
        assert program.ask("post", "/me/terms", {"version": now["version"]}).json()["receipt"]["code"]


class TestRecovery:
    def test_answers_alike(self, ana, run_reactions):
        answers = [
            Client().post("/api/v1/recovery", {"email": email}, content_type="application/json")
            for email in (ana.email, "nadie@pliego.example")
        ]
        run_reactions()

        assert answers[0].json() == answers[1].json()
        assert [letter.to for letter in mail.outbox] == [[ana.email], ["nadie@pliego.example"]]
