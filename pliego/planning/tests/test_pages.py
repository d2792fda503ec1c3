from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from pliego.planning import services
from pliego.planning.models import Plan
from pliego.planning.tests import given

TYPED = {
    "kind": "acquisition",
    "description": "Resmas de papel",
    "unspsc": "44121600, 43211500",
    "start_month": "3",
    "bids_month": "4",
    "duration": "2",
    "duration_unit": "months",
    "method": "minima_cuantia",
    "funding_source": "own",
    "total_amount": "$ 20.000.000",
    "budget_amount": "20.000.000",
    "future_budget": "no",
    "unit": "",
    "responsible_name": "",
    "responsible_phone": "",
    "responsible_email": "",
}


@pytest.fixture
def ana(cast, client_for):
    return client_for(cast.person("ana"), cast.entity)


@pytest.fixture
def beto(cast, client_for):
    return client_for(cast.person("beto"), cast.entity)


class TestDesk:
    def test_a_plan_is_begun_in_one_page(self, ana):
        sent = ana.post(
            "/escritorio/paa/nuevo/",
            {"year": "2026", "mission": "", "strategy": "", "contact_name": "Ana", "contact_phone": "",
             "contact_email": "a@b.example", "minor_limit_amount": "490.253.400", "minimum_limit_amount": ""},
        )  # fmt: skip

        assert (sent.status_code, sent["Location"]) == (303, "/escritorio/paa/2026/")
        assert Plan.objects.get().minor_limit_amount == Decimal("490253400")

    def test_a_line_is_added(self, cast, at, ana):
        plan = services.create_plan(actor=cast.ana, year=2026, header=given.header(), at=at)

        sent = ana.post("/escritorio/paa/2026/lineas/nueva/", TYPED)

        assert sent.status_code == 303
        assert plan.lines.get().unspsc == ["44121600", "43211500"]

    def test_a_wrong_line_keeps_what_was_typed_and_says_why(self, cast, at, ana):
        services.create_plan(actor=cast.ana, year=2026, header=given.header(), at=at)

        page = ana.post("/escritorio/paa/2026/lineas/nueva/", {**TYPED, "bids_month": "2", "unspsc": "12"})

        assert page.status_code == 422
        assert page.context["form"].errors.keys() == {"bids_month", "unspsc"}
        assert "Resmas de papel" in page.content.decode()

    def test_a_line_is_changed_and_taken_out(self, cast, at, ana):
        plan = given.plan(cast.ana, at)

        changed = ana.post("/escritorio/paa/2026/lineas/1/", TYPED)
        dropped = ana.post("/escritorio/paa/2026/lineas/1/retirar/", {})

        assert (changed.status_code, dropped.status_code) == (303, 303)
        assert not plan.lines.standing().exists()

    @pytest.mark.parametrize("page", ["", "datos/", "lineas/nueva/", "lineas/1/", "lineas/1/retirar/"])
    def test_pages_open(self, cast, at, ana, page):
        given.plan(cast.ana, at)

        assert ana.get(f"/escritorio/paa/2026/{page}").status_code == 200

    def test_the_list_opens(self, cast, at, ana):
        given.plan(cast.ana, at)

        assert "2026" in ana.get("/escritorio/paa/").content.decode()

    def test_the_plan_is_published_with_a_signature(self, cast, at, beto, settings):
        given.plan(cast.ana, at)

        page = beto.get("/escritorio/paa/2026/publicar/")

        assert page.status_code == 200
        assert page.context["signature"] is not None

    def test_the_button_says_why_it_is_off(self, cast, at, ana):
        given.plan(cast.ana, at)

        page = ana.get("/escritorio/paa/2026/")

        assert not page.context["publish"].allowed

    @pytest.mark.parametrize(("who", "status"), [("carla", 404), ("fabio", 404), ("beto", 403), ("elena", 403)])
    def test_editing_is_for_preparers(self, cast, at, client_for, who, status):
        given.plan(cast.ana, at)
        actor = getattr(cast, who)
        from pliego.parties.models import Account

        client = client_for(cast.person(who), Account.objects.filter(pk=actor.account_id).first())

        assert client.get("/escritorio/paa/2026/datos/").status_code == status

    def test_nobody_is_sent_to_sign_in(self, cast, client):
        assert client.get("/escritorio/paa/").status_code == 302

    def test_more_lines_cost_no_more_queries(self, cast, at, ana):
        plan = given.plan(cast.ana, at)
        ana.get("/escritorio/paa/2026/")
        from django.db import connection

        with CaptureQueriesContext(connection) as few:
            ana.get("/escritorio/paa/2026/")
        for _i in range(10):
            services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(), at=at)
        with CaptureQueriesContext(connection) as many:
            ana.get("/escritorio/paa/2026/")

        assert len(many) == len(few)


class TestPublic:
    def test_anybody_reads_the_published_plan(self, cast, at, client):
        given.published_plan(cast.ana, cast.beto, at)

        page = client.get(f"/paa/{cast.entity.code}/2026/")

        assert page.status_code == 200
        assert "Suministro de papelería" in page.content.decode()

    def test_a_draft_does_not_exist_for_the_public(self, cast, at, client):
        given.plan(cast.ana, at)

        assert client.get(f"/paa/{cast.entity.code}/2026/").status_code == 404

    def test_what_is_being_changed_is_not_public_yet(self, cast, at, client):
        plan = given.published_plan(cast.ana, cast.beto, at)
        services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(description="Secreto aún"), at=at)

        assert "Secreto aún" not in client.get(f"/paa/{cast.entity.code}/2026/").content.decode()

    def test_old_versions_stay(self, cast, at, client):
        plan = given.published_plan(cast.ana, cast.beto, at)
        services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=given.line(description="Tinta"), at=at)
        services.publish_plan(actor=cast.beto, plan_id=plan.pk, at=at)

        old, new = (client.get(f"/paa/{cast.entity.code}/2026/{n}/").content.decode() for n in (1, 2))

        assert "papelería" in old
        assert "Tinta" in new

    def test_a_version_that_does_not_exist_is_unknown(self, cast, at, client):
        given.published_plan(cast.ana, cast.beto, at)

        assert client.get(f"/paa/{cast.entity.code}/2026/7/").status_code == 404
