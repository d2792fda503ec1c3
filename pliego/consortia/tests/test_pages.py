"""The pages and the API of plural bidders, as their people use them."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pliego.accounts.tests import given as people
from pliego.consortia.models import Group
from pliego.consortia.tests import given
from pliego.parties.models import Account
from pliego.parties.tests import given as parties

SIGNED = {"firma-demo": "on"}


@pytest.fixture
def carla(db, at, client_for, settings):
    settings.PLIEGO_PRACTICE = True
    return client_for(people.person("carla"), parties.supplier("carla", at=at))


@pytest.fixture
def dario(db, at, client_for):
    return client_for(people.person("dario"), parties.supplier("dario", at=at))


def post(client, path, told):
    return client.post(f"/api/v1{path}", json.dumps(told), content_type="application/json")


class TestPages:
    def test_the_terms_are_typed_as_people_write_them(self, carla, dario, at):
        opened = carla.post("/consorcios/nuevo/", {"kind": "consortium", "name": "Consorcio del Río"})
        path = opened["Location"]
        page = carla.get(path)
        assert page.status_code == 200
        told = {
            "supplier-0": "Suministros del Páramo SAS", "share-0": "66,666667 %", "activities-0": "Obra",
            "supplier-1": parties.nit("999910002"), "share-1": "33,333333",
            "representative": "carla@pliego.example", "paper": parties.upload().file,
        }  # fmt: skip

        wrong = carla.post(path, {**told, "share-1": "30", "paper": parties.upload().file})
        kept = carla.post(path, told)

        assert wrong.status_code == 422
        assert "96,666667" in wrong.text
        assert kept.status_code == 303
        group = Group.objects.get()
        assert {str(m.share) for m in group.members.all()} == {"66.666667", "33.333333"}
        assert carla.get(kept["Location"]).status_code == 200

    def test_a_member_sees_the_terms_before_answering(self, carla, dario, at):
        group = given.invited(at)

        page = dario.get(f"/consorcios/{group.code}/responder/")

        assert page.status_code == 200
        assert "60" in page.text
        assert group.document.name in page.text

    @pytest.mark.parametrize("page", ["invitar", "miembros", "descartar"])
    def test_each_step_has_its_page(self, carla, at, page):
        group = given.draft(at)

        assert carla.get(f"/consorcios/{group.code}/{page}/").status_code == 200

    def test_others_do_not_find_what_is_not_active(self, carla, client_for, at):
        group = given.draft(at)
        eva = client_for(people.person("eva"), parties.supplier("eva", at=at))

        for step in ("", "miembros/", "invitar/", "responder/", "descartar/", "disolver/"):
            assert eva.get(f"/consorcios/{group.code}/{step}").status_code == 404

    def test_the_list_costs_the_same_with_more(self, carla, at):
        given.draft(at)
        carla.get("/consorcios/")
        with CaptureQueriesContext(connection) as few:
            carla.get("/consorcios/")
        for _again in range(3):
            given.draft(at)
        with CaptureQueriesContext(connection) as more:
            carla.get("/consorcios/")

        assert len(more) == len(few)


class TestApi:
    def test_goes_the_whole_way(self, carla, dario, at):
        opened = post(carla, "/plural-bidders", {"kind": "consortium", "name": "Consorcio"})
        assert opened.status_code == 201, opened.text
        code = opened.json()["code"]
        accounts = [a.code for a in Account.objects.filter(state="active", is_supplier=True).order_by("pk")]
        members = [{"supplier": c, "share": s} for c, s in zip(accounts, ("50.5", "49.5"), strict=True)]
        told = {"members": members, "representative": "carla@pliego.example"}

        kept = carla.put(f"/api/v1/plural-bidders/{code}/terms", json.dumps(told), content_type="application/json")
        refused = post(carla, f"/plural-bidders/{code}/invite", {})

        assert kept.json()["members"][0]["share"] == "50.500000"
        assert refused.status_code in {403, 422}
        assert dario.get(f"/api/v1/plural-bidders/{code}").status_code == 404
        assert [g["code"] for g in carla.get("/api/v1/plural-bidders").json()] == [code]
        assert post(carla, f"/plural-bidders/{code}/drop", {}).json()["state"] == "dropped"

    def test_refuses_shares_that_cannot_be(self, carla, at):
        group = given.draft(at)
        told = {"members": [{"supplier": "x", "share": "100"}], "representative": "x@y.example"}

        answer = carla.put(
            f"/api/v1/plural-bidders/{group.code}/terms", json.dumps(told), content_type="application/json"
        )

        assert answer.status_code == 422
