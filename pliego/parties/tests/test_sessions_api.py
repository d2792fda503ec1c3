"""Who is asking over the API, and for whom."""

from datetime import timedelta

import pytest
from django.test import Client

from pliego.accounts import demo, tokens
from pliego.accounts.models import ApiToken
from pliego.accounts.tests import given as people
from pliego.accounts.tests.test_register import code_for
from pliego.kernel import clock
from pliego.parties.tests import given

JSON = "application/json"


def bearer(text):
    return {"HTTP_AUTHORIZATION": f"Bearer {text}"}


@pytest.fixture
def beto(db):
    given.entity()
    return people.person("beto")


@pytest.fixture
def signed_in(client, beto):
    account = beto.memberships.get().account
    told = {"email": beto.email, "password": people.PASSWORD, "code": people.code_of(beto), "account": account.code}
    return client.post("/api/v1/sessions", told, content_type=JSON).json()


class TestSession:
    def test_acts_for_the_account_that_it_names(self, client, signed_in):
        people_of = client.get(f"/api/v1/accounts/{signed_in['account']}/people", **bearer(signed_in["token"]))

        assert signed_in["roles"] == ["administrator", "approver"]
        assert len(people_of.json()) == len(given.TEAM)

    def test_keeps_only_the_hash_of_the_token(self, signed_in):
        assert signed_in["token"] not in str(ApiToken.objects.values().get())

    def test_ends_when_it_is_closed(self, client, signed_in):
        assert client.delete("/api/v1/sessions", **bearer(signed_in["token"])).status_code == 204

        answer = client.delete("/api/v1/sessions", **bearer(signed_in["token"]))

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "token_unknown")

    def test_ends_after_twelve_hours(self, client, signed_in):
        with clock.fixed(clock.real_now() + timedelta(hours=12, seconds=1)):
            answer = client.get("/api/v1/accounts", **bearer(signed_in["token"]))

        assert answer.status_code == 401

    @pytest.mark.parametrize("wrong", [{"password": "no es esta clave"}, {"code": "000000"}, {"code": ""}])
    def test_is_refused_with_one_sentence_for_everything_that_is_wrong(self, client, beto, wrong):
        told = {"email": beto.email, "password": people.PASSWORD, "code": people.code_of(beto), **wrong}

        answer = client.post("/api/v1/sessions", told, content_type=JSON)

        assert answer.status_code == 422
        assert [e["code"] for e in answer.json()["errors"]] == ["sign_in_wrong"]

    def test_is_refused_for_an_account_of_others(self, client, beto):
        other = given.supplier("carla")
        told = {"email": beto.email, "password": people.PASSWORD, "code": people.code_of(beto)}

        answer = client.post("/api/v1/sessions", {**told, "account": other.code}, content_type=JSON)

        assert answer.json()["errors"][0]["code"] == "no_place"

    def test_a_withdrawn_place_counts_at_the_next_request(self, client, signed_in, beto):
        account = beto.memberships.get().account
        given.join(account, "ana", ["administrator"], by="beto")
        place = beto.memberships.get()
        from pliego.parties import access

        ana = given.actor(people.person("ana"), account)
        access.set_roles(actor=ana, membership_id=place.pk, roles=["approver"], at=clock.now())

        answer = client.get(f"/api/v1/accounts/{account.code}/people", **bearer(signed_in["token"]))

        assert answer.status_code == 403

    def test_costs_two_queries_to_know_who_is_asking_and_one_for_a_fresh_signature(
        self, at, client, signed_in, django_assert_num_queries
    ):
        # The session's and whether a hold keeps the signature from binding; the places, planned once, are not counted.
        with django_assert_num_queries(2):
            answer = client.get("/api/v1/accounts", **bearer(signed_in["token"]))

        assert answer.json() == []

    def test_a_cookie_needs_the_anti_forgery_token_and_a_bearer_does_not(self, beto, signed_in, client_for):
        account = beto.memberships.get().account
        careful = Client(enforce_csrf_checks=True)
        careful.force_login(beto, backend="pliego.accounts.sessions.Backend")
        path, told = f"/api/v1/accounts/{account.code}/people", {"note": ""}

        forged = careful.post(path, told, content_type=JSON)
        borne = Client(enforce_csrf_checks=True).post(path, told, content_type=JSON, **bearer(signed_in["token"]))

        assert (forged.status_code, forged.json()["errors"][0]["code"]) == (403, "csrf")
        assert borne.json()["errors"][0]["code"] == "already_done"


class TestStepUp:
    def test_signs_for_five_minutes(self, client, signed_in, beto):
        told = {"password": people.PASSWORD, "code": people.code_of(beto, ahead=1)}

        answer = client.post("/api/v1/step-up", told, content_type=JSON, **bearer(signed_in["token"]))

        assert (answer.status_code, answer.json()["good_for_seconds"]) == (200, 300)

    def test_is_denied_to_nobody_in_particular(self, client, db):
        assert client.post("/api/v1/step-up", {}, content_type=JSON).status_code == 403

    def test_practice_signature_only_with_a_practice_link(self, client, signed_in, beto):
        refused = client.post("/api/v1/step-up", {"demo": True}, content_type=JSON, **bearer(signed_in["token"]))
        link = {"link": demo.sign_in_link(beto, beto.memberships.get().account)}
        practice = client.post("/api/v1/sessions/practice", link, content_type=JSON).json()["token"]

        answer = client.post("/api/v1/step-up", {"demo": True}, content_type=JSON, **bearer(practice))

        assert refused.json()["errors"][0]["code"] == "not_a_practice_session"
        assert answer.json()["method"] == "demo"


@pytest.mark.django_db
class TestRegistrationOverTheApi:
    def test_ends_with_a_token_that_can_sign(self, client):
        told = {
            "full_name": "Fabio De Prueba",
            "document_type": "CC",
            "document_number": "10203040",
            "email": "fabio@pliego.example",
            "password": people.PASSWORD,
            "terms_accepted": True,
        }
        assert client.post("/api/v1/registrations", told, content_type=JSON).status_code == 202
        confirmed = client.post(
            "/api/v1/registrations/confirm",
            {"email": "fabio@pliego.example", "code": people.mailed_code()},
            content_type=JSON,
        ).json()
        key = bearer(confirmed["token"])
        secret = client.post("/api/v1/second-factors/totp", **key).json()["secret"]

        answer = client.post(
            "/api/v1/second-factors/totp/confirm", {"code": code_for(secret)}, content_type=JSON, **key
        )

        assert answer.status_code == 201
        assert len(answer.json()["recovery_codes"]) == 10
        token = tokens.token_called(confirmed["token"])
        assert token.stepped_up_at is not None
        assert token.pending_secret == ""

    def test_refuses_fields_that_it_does_not_have(self, client):
        answer = client.post("/api/v1/registrations", {"platform_roles": ["desk"]}, content_type=JSON)

        assert answer.status_code == 422
        assert "unknown_field" in {e["code"] for e in answer.json()["errors"]}
