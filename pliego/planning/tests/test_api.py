import json

import pytest

from pliego.accounts import signing
from pliego.kernel import clock
from pliego.parties.models import Account
from pliego.planning.models import Plan
from pliego.planning.tests import given

LINE = {
    "description": "Suministro de papelería",
    "unspsc": ["441216"],
    "start_month": 3,
    "bids_month": 3,
    "duration": 2,
    "method": "minima_cuantia",
    "funding_source": "own",
    "total_amount": "20000000",
    "budget_amount": "20000000",
}


class Machine:
    """A program that speaks to the API as somebody, having signed if asked."""

    def __init__(self, client, *, signed=False):
        self.client = client
        if signed:
            session = client.session
            at = clock.real_now().isoformat()
            session[signing.SESSION_KEY] = {"method": "totp", "signed_at": at, "evidence": {}, "at": at}
            session.save()

    def __call__(self, method, path, body=None):
        sent = self.client.generic(method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")
        return sent.status_code, json.loads(sent.content or "null")


@pytest.fixture
def machine(cast, client_for):
    def make(name, *, signed=False):
        account = Account.objects.filter(pk=getattr(cast, name).account_id).first()
        return Machine(client_for(cast.person(name), account), signed=signed)

    return make


class TestApi:
    def test_plans_and_publishes(self, cast, at, machine):
        ana, beto = machine("ana"), machine("beto", signed=True)

        created, plan = ana("POST", "/plans", {"year": 2026, "contact_name": "Oficina"})
        added, line = ana("POST", f"/plans/{plan['code']}/lines", LINE)
        published, done = beto("POST", f"/plans/{plan['code']}/publish", {"reason": "Primera"})

        assert (created, added, published) == (201, 201, 200)
        assert (line["number"], line["unspsc"], done["version"], done["state"]) == (1, ["44121600"], 1, "published")
        assert done["receipt"]["url"] == f"/recibos/{done['receipt']['code']}/"

    def test_edits_and_drops(self, cast, at, machine):
        plan, ana = given.plan(cast.ana, at), machine("ana")

        header, _body = ana("PUT", f"/plans/{plan.code}", {"strategy": "Comprar mejor"})
        changed, line = ana("PUT", f"/plans/{plan.code}/lines/1", {**LINE, "duration": 5})
        dropped, _body = ana("DELETE", f"/plans/{plan.code}/lines/1")

        assert (header, changed, line["duration"], dropped) == (200, 200, 5, 204)

    def test_shows_the_public_what_is_public(self, cast, at, machine):
        plan = given.published_plan(cast.ana, cast.beto, at)
        machine("ana")("POST", f"/plans/{plan.code}/lines", LINE)
        fabio = machine("fabio")

        _ok, seen = fabio("GET", f"/plans/{plan.code}")
        _ok, snapshot = fabio("GET", f"/plans/{plan.code}/versions/1")

        assert [line["number"] for line in seen["lines"]] == [1]
        assert snapshot["lines"][0]["description"] == "Suministro de papelería"

    def test_answers_every_error_with_its_field(self, cast, at, machine):
        plan = given.plan(cast.ana, at)

        status, body = machine("ana")("POST", f"/plans/{plan.code}/lines", {**LINE, "method": "rifa", "duration": 0})

        assert status == 422
        assert {error["field"] for error in body["errors"]} == {"method", "duration"}

    def test_refuses_a_field_it_does_not_know(self, cast, at, machine):
        plan = given.plan(cast.ana, at)

        status, body = machine("ana")("POST", f"/plans/{plan.code}/lines", {**LINE, "colour": "red"})

        assert (status, body["errors"][0]["code"]) == (422, "unknown_field")

    def test_asks_for_the_signature_of_who_publishes(self, cast, at, machine):
        plan = given.plan(cast.ana, at)

        status, body = machine("beto")("POST", f"/plans/{plan.code}/publish")

        assert (status, body["errors"][0]["code"]) == (403, "signature_required")

    @pytest.mark.parametrize(("who", "status"), [("beto", 403), ("carla", 404)])
    def test_is_for_preparers(self, cast, at, machine, who, status):
        plan = given.plan(cast.ana, at)

        assert machine(who)("PUT", f"/plans/{plan.code}", {})[0] == status
        assert Plan.objects.get().strategy == ""
