"""An act of the house signed by passkey, on its page and over the API, without its room knowing; and its receipt."""

import json
import re

import pytest
from django.core.management import call_command
from django.test import Client

from pliego.accounts import tokens
from pliego.accounts.models import Intention, User
from pliego.accounts.tests import given as people
from pliego.accounts.tests.passkey import Passkey
from pliego.kernel import clock
from pliego.ledger import intentions, log, receipts, signer, webauthn
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.planning.models import Plan
from pliego.planning.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at):
    return parties.cast(at=at)


@pytest.fixture
def plan(cast, at):
    return given.plan(cast.ana, at)


@pytest.fixture
def passkey(cast):
    return Passkey().of(_user(cast.beto))


def _user(actor):
    return User.objects.get(pk=actor.user_id)


@pytest.fixture
def api(cast):
    text, _token = tokens.open_token(user=_user(cast.beto), account_id=cast.beto.account_id)
    return Client(headers={"Authorization": f"Bearer {text}"})


def published():
    return Entry.objects.filter(act="plan.published")


def post(api, plan, body=None, **headers):
    told = json.dumps({"reason": "", **(body or {})})
    return api.post(f"/api/v1/plans/{plan.code}/publish", told, content_type="application/json", headers=headers)


def header(answer):
    return webauthn.encode(json.dumps(answer).encode())


class TestOnThePage:
    def test_the_act_its_receipt_and_its_verification(self, client_for, cast, plan, passkey, tmp_path):
        client = client_for(_user(cast.beto), plan.account)
        page = f"/escritorio/paa/{plan.year}/publicar/"

        shown = client.post(page, {"reason": ""})
        text = shown.context["shown"].text
        assert not published().exists()
        fields = dict(
            re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text.partition('id="firma"')[2])
        )
        answer = json.dumps(passkey.answer(intentions.challenge(text)))
        told = {n: v for n, v in fields.items() if n != "csrfmiddlewaretoken"}
        done = client.post(page, {**told, "firma-assertion": answer})

        assert done.status_code == 303, done.text
        entry = published().get()
        assert entry.content["signature"]["method"] == "passkey"
        log.sequence_once()
        signer.sign_once()
        entry.refresh_from_db()
        assert "passkey" in client.get(entry.url).text
        path = tmp_path / "recibo.json"
        path.write_text(json.dumps(receipts.build(entry)))
        call_command("verify", str(path))

    def test_what_changed_after_it_was_shown_is_not_signed(self, client_for, cast, plan, passkey):
        client = client_for(_user(cast.beto), plan.account)
        page = f"/escritorio/paa/{plan.year}/publicar/"
        shown = client.post(page, {"reason": ""}).context["shown"]
        given.services.add_line(
            actor=cast.ana, plan_id=plan.pk, line=given.line(description="Otra compra"), at=clock.now()
        )

        answer = json.dumps(passkey.answer(intentions.challenge(shown.text)))
        sent = {"reason": "", "firma-intention": shown.intention.code, "firma-assertion": answer}
        refused = client.post(page, sent)

        assert refused.status_code == 422
        assert refused.context["form"].has_error("__all__", "stale")
        assert not published().exists()
        assert Intention.objects.get(code=shown.intention.code).used_at


class TestOverTheApi:
    def test_in_two_calls(self, api, plan, passkey):
        shown = post(api, plan, **{"Pliego-Sign": "show"})
        assert shown.status_code == 202, shown.text
        assert not published().exists()
        said = shown.json()
        assert said["acts"][0]["act"] == "plan.published"

        answer = passkey.answer(intentions.challenge(said["intention"]))
        done = post(api, plan, **{"Pliego-Intention": said["code"], "Pliego-Assertion": header(answer)})

        assert done.status_code == 200, done.text
        assert published().get().content["signature"]["method"] == "passkey"

    def test_an_answer_for_one_act_signs_no_other(self, api, cast, plan, passkey):
        said = post(api, plan, **{"Pliego-Sign": "show"}).json()
        signed = {
            "Pliego-Intention": said["code"],
            "Pliego-Assertion": header(passkey.answer(intentions.challenge(said["intention"]))),
        }
        given.services.add_line(
            actor=cast.ana, plan_id=plan.pk, line=given.line(description="Otra compra"), at=clock.now()
        )

        assert post(api, plan, **signed).status_code == 409
        assert post(api, plan, **signed).status_code == 409
        assert not published().exists()

    def test_the_show_of_a_refused_act_is_its_refusal(self, cast, plan):
        text, _token = tokens.open_token(user=_user(cast.ana), account_id=cast.ana.account_id)
        ana = Client(headers={"Authorization": f"Bearer {text}"})

        assert post(ana, plan, **{"Pliego-Sign": "show"}).status_code == 403
        assert not Intention.objects.exists()

    @pytest.mark.parametrize("sent", ["", "no-es-json", webauthn.encode(b"[]"), webauthn.encode(b'{"id": 1}')])
    def test_nonsense_is_refused(self, api, plan, passkey, sent):
        said = post(api, plan, **{"Pliego-Sign": "show"}).json()

        assert post(api, plan, **{"Pliego-Intention": said["code"], "Pliego-Assertion": sent}).status_code == 422
        assert not published().exists()

    def test_password_and_code_still_do(self, api, cast, plan):
        proof = {"password": people.PASSWORD, "code": people.code_of(_user(cast.beto))}
        api.post("/api/v1/step-up", json.dumps(proof), content_type="application/json")

        assert post(api, plan).status_code == 200
        assert published().get().content["signature"]["method"] == "totp"
        assert Plan.objects.get(pk=plan.pk).state == "published"
