"""Signing in and out, and what the journal keeps of it."""

import pytest

from pliego.accounts import demo
from pliego.accounts.models import AccessRecord
from pliego.accounts.tests import given

INTO = {"email": "ana@pliego.example", "password": given.PASSWORD}


@pytest.fixture
def ana(db):
    return given.person("ana")


class TestSignIn:
    def test_asks_for_the_code_after_the_password(self, client, ana):
        answer = client.post("/ingresar/", INTO)

        assert (answer.status_code, answer["Location"]) == (303, "/ingresar/codigo/")
        assert client.get("/cuenta/").status_code == 302

    def test_opens_with_password_and_code(self, client, ana):
        client.post("/ingresar/", INTO)

        answer = client.post("/ingresar/codigo/", {"code": given.code_of(ana)})

        assert answer.status_code == 303
        line = AccessRecord.objects.get(user=ana)
        assert (line.kind, line.method) == ("sign_in", "password + totp")
        assert "Ana De Prueba" in client.get("/cuenta/").text

    def test_opens_with_a_recovery_code_once(self, client, ana):
        from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

        code = RecoveryCodes.activate(ana).get_unused_codes()[0]
        client.post("/ingresar/", INTO)
        assert client.post("/ingresar/codigo/", {"code": code}).status_code == 303
        client.post("/salir/")
        client.post("/ingresar/", INTO)

        assert client.post("/ingresar/codigo/", {"code": code}).status_code == 422

    def test_is_refused_with_the_same_words_for_a_wrong_password_and_an_unknown_person(self, client, ana):
        wrong = client.post("/ingresar/", {**INTO, "password": "otra clave cualquiera"})
        unknown = client.post("/ingresar/", {**INTO, "email": "nadie@pliego.example"})

        assert wrong.status_code == unknown.status_code == 422
        assert wrong.context["form"].errors == unknown.context["form"].errors
        assert [r.kind for r in AccessRecord.objects.filter(user=ana)] == ["failure"]

    def test_is_refused_with_a_wrong_code_and_the_journal_keeps_it(self, client, ana):
        client.post("/ingresar/", INTO)

        answer = client.post("/ingresar/codigo/", {"code": "000000"})

        assert answer.status_code == 422
        assert AccessRecord.objects.get(user=ana).kind == "failure"

    def test_goes_back_only_to_pages_of_this_site(self, client, db):
        given.person("eva", second_factor=False)
        told = {"email": "eva@pliego.example", "password": given.PASSWORD}

        inside = client.post("/ingresar/", {**told, "next": "/cuenta/"})
        client.post("/salir/")
        outside = client.post("/ingresar/", {**told, "next": "https://malo.example/"})

        assert inside["Location"] == "/cuenta/"
        assert outside["Location"] == "/escritorio/"

    def test_gives_the_challenge_of_a_passkey_and_refuses_a_forged_answer(self, client, ana):
        challenge = client.get("/ingresar/llave/").json()

        forged = client.post("/ingresar/llave/", {"credential": '{"id": "x", "type": "public-key"}'})

        assert challenge["publicKey"]["userVerification"] == "required"
        assert forged.status_code == 422

    def test_signing_out_ends_the_session_and_is_written_down(self, client_for, ana):
        client = client_for(ana)

        client.post("/salir/")

        assert client.get("/cuenta/").status_code == 302
        assert AccessRecord.objects.get(user=ana).kind == "sign_out"


class TestPracticeLink:
    @pytest.mark.parametrize("way", ["get", "post"])
    def test_opens(self, client, ana, way):
        path = demo.sign_in_link(ana).partition("localhost:8000")[2]

        answer = getattr(client, way)(path)

        assert answer.status_code == 303
        assert "Ana De Prueba" in client.get("/cuenta/").text

    def test_is_unknown_in_production_and_when_forged(self, client, ana, settings):
        path = demo.sign_in_link(ana).partition("localhost:8000")[2]
        assert client.post(path[:-3] + "xx/").status_code == 404

        settings.PLIEGO_PRACTICE = False

        assert client.post(path).status_code == 404


class TestAccountPage:
    def test_does_not_ask_more_of_the_database_with_a_longer_history(
        self, at, client_for, ana, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from pliego.accounts import journal

        client, door = client_for(ana), journal.Door("10.0.0.0/24", "Firefox · Linux")
        journal.record(user=ana, kind=journal.Kind.SIGN_IN, door=door)
        client.get("/cuenta/")
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get("/cuenta/")
        for _i in range(20):
            journal.record(user=ana, kind=journal.Kind.FAILURE, door=door)

        with django_assert_num_queries(len(few)):
            client.get("/cuenta/")

    def test_ends_the_other_sessions(self, client_for, client, ana):
        client.post("/ingresar/", INTO)
        client.post("/ingresar/codigo/", {"code": given.code_of(ana)})
        other = client_for(ana)

        other.post("/cuenta/sesiones/terminar/", {})

        assert client.get("/cuenta/").status_code == 302
        assert other.get("/cuenta/").status_code == 200
