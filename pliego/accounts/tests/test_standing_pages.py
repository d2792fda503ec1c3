"""The walk of a suspension on its pages and over the API, and what a suspended person still may do."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pliego.accounts import suspending, tokens
from pliego.accounts.models import Suspension, User
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.ledger.models import Entry

WHY = "La póliza de la oferta pertenece a otra empresa."


@pytest.fixture
def carla(db, at):
    return given.person("carla")


@pytest.fixture
def desk(client_for, db, at):
    """A browser of each person of the desk, with a step-up of this minute."""

    def enter(name):
        given.of_the_desk(name)
        client = client_for(User.objects.get(email=f"{name}@pliego.example"))
        session = client.session
        kept = {"method": "totp", "signed_at": clock.now().isoformat(), "evidence": {}, "proved_by": ""}
        session["step_up"] = {**kept, "at": clock.real_now().isoformat()}
        session.save()
        return client

    return {name: enter(name) for name in ("ines", "irma", "ivan")}


def typed(carla, **changes):
    told = {
        "person": carla.code, "ground": "misuse", "misuse": "foreign_documents", "kind": "provisional",
        "until": "30/06/2026", "asked_by": "Alcaldía de Valle Sereno", "reason": WHY,
        "evidence": SimpleUploadedFile("prueba.pdf", b"%PDF-1.7\nprueba\n%%EOF\n"),
    }  # fmt: skip
    return {**told, **changes}


class TestTheWalk:
    def test_from_the_proposal_to_the_appeal_that_lifts_it(self, desk, client_for, carla):
        made = desk["ines"].post("/mesa/suspensiones/nueva/", typed(carla))
        assert made.status_code == 303, made.text
        code = Suspension.objects.get().code
        for name in ("irma", "ivan"):
            assert desk[name].post(f"/mesa/suspensiones/{code}/aprobar/", {}).status_code == 303
        person = client_for(carla)
        page = person.get(f"/cuenta/suspensiones/{code}/")
        assert WHY in page.text
        paper = Suspension.objects.get().evidence.get()
        got = person.get(f"/cuenta/suspensiones/{code}/pruebas/{paper.code}/")
        assert b"".join(got.streaming_content).startswith(b"%PDF")

        sent = person.post(f"/cuenta/suspensiones/{code}/recurso/", {"text": "La póliza es mía: este es el original."})
        assert sent.status_code == 303
        told = {"decision": "grant", "text": "La aseguradora confirmó que la póliza es de esta persona."}
        assert desk["irma"].post(f"/mesa/suspensiones/{code}/recursos/1/", told).status_code == 303

        assert Suspension.objects.get().state == "lifted"
        assert "lifted" in desk["ines"].get(f"/mesa/suspensiones/{code}/").context["suspension"].state

    def test_says_at_each_field_what_is_missing_and_keeps_what_was_typed(self, desk, carla):
        refused = desk["ines"].post("/mesa/suspensiones/nueva/", typed(carla, misuse="", reason="poco", until=""))

        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {"misuse", "reason", "until"}
        assert "Valle Sereno" in refused.text

    def test_is_not_seen_by_others(self, client_for, carla):
        code = given.suspended(carla).code
        dario = client_for(given.person("dario"))

        assert dario.get(f"/cuenta/suspensiones/{code}/").status_code == 404
        assert dario.get("/mesa/suspensiones/").status_code == 403
        assert dario.get(f"/mesa/suspensiones/{code}/").status_code == 403


class TestASuspendedPerson:
    def test_signs_in_reads_and_is_refused_every_other_act_with_the_reason_and_the_road(self, client_for, carla):
        client = client_for(carla)
        code = given.suspended(carla).code

        assert client.get("/cuenta/").status_code == 200
        receipt = Entry.objects.get(act="suspension.in_force")
        assert client.get(receipt.url).status_code == 200
        refused = client.post("/proveedores/registrar/", {})
        assert refused.status_code == 403
        assert f"/cuenta/suspensiones/{code}/" in refused.text
        assert client.get("/cuenta/cerrar/").status_code == 200

    def test_over_the_api_too_and_may_answer_there(self, carla):
        code = given.suspended(carla).code
        text, _token = tokens.open_token(user=carla)
        api = Client(headers={"Authorization": f"Bearer {text}"})

        def post(path, body):
            return api.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")

        refused = post("/suppliers", {})
        assert refused.status_code == 403
        assert code in refused.json()["errors"][0]["sentence"]
        sent = post(f"/suspensions/{code}/appeals", {"text": "No es mi documento, como prueba el anexo."})
        assert sent.status_code == 201, sent.text
        assert sent.json()["appeals"][0]["state"] == "filed"
        assert [found["code"] for found in api.get("/api/v1/suspensions").json()] == [code]

    def test_acts_again_the_moment_it_is_lifted(self, client_for, carla):
        code = given.suspended(carla).code
        irma = given.of_the_desk("irma")
        suspending.lift(actor=irma, code=code, reason="El órgano no halló falta.", at=clock.now())

        assert client_for(carla).post("/proveedores/registrar/", {}).status_code == 422


class TestTheApiOfTheDesk:
    def test_needs_the_step_up(self, carla):
        given.of_the_desk("ines")
        ines = User.objects.get(email="ines@pliego.example")
        text, _token = tokens.open_token(user=ines)
        api = Client(headers={"Authorization": f"Bearer {text}"})
        told = {"person": carla.code, "kind": "provisional", "ground": "misuse", "reason": WHY}

        answered = api.post("/api/v1/suspensions", json.dumps(told), content_type="application/json")

        assert (answered.status_code, answered.json()["errors"][0]["code"]) == (403, "signature_required")
