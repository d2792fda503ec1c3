"""What the public reads of the plans: their list, what versions changed, what became of the lines."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from pliego.contracts.tests import given as contracts
from pliego.kernel.objections import Denied, Refused
from pliego.planning import services as planning
from pliego.planning.tests import given
from pliego.publication.plans.outcomes import deviations_of, progress_of
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders


@pytest.fixture
def buyer(db, at):
    return tenders.buyer(at)


def published(buyer, at, *lines):
    return given.published_plan(buyer.ana, tenders.signed(buyer.beto, at), at, *lines)


@pytest.fixture
def plan(buyer, at):
    """Three lines: of this month, of January, and of December."""
    return published(
        buyer, at, given.line(), given.line(start_month=1, bids_month=1), given.line(start_month=12, bids_month=12)
    )


def from_line(buyer, plan, number, at):
    """A published process that comes from that line."""
    draft = tenders.draft_tender(at, buyer)
    line = plan.lines.get(number=number)
    tendering.choose_plan_lines(actor=buyer.ana, tender_id=draft.pk, line_ids=[line.pk], at=at)
    tendering.submit_for_approval(actor=buyer.ana, tender_id=draft.pk, at=at)
    return tendering.publish_tender(actor=tenders.signed(buyer.beto, at), tender_id=draft.pk, at=at)


class TestLink:
    def test_is_chosen_in_a_draft_and_takes_the_place_of_the_reason(self, buyer, plan, at):
        draft = tenders.draft_tender(at, buyer)

        linked = tendering.choose_plan_lines(
            actor=buyer.ana, tender_id=draft.pk, line_ids=[plan.lines.get(number=1).pk], at=at
        )

        assert ([line.number for line in linked.planned], linked.plan_justification) == ([1], "")

    def test_is_refused_without_line_and_reason(self, buyer, plan, at):
        draft = tenders.draft_tender(at, buyer)

        with pytest.raises(Refused, match="plan_lines_missing"):
            tendering.choose_plan_lines(actor=buyer.ana, tender_id=draft.pk, line_ids=[], at=at)

    def test_is_not_changed_once_it_is_public(self, buyer, plan, at):
        tender = tenders.published_tender(at, buyer)

        with pytest.raises(Denied):
            tendering.choose_plan_lines(actor=buyer.ana, tender_id=tender.pk, line_ids=[], justification="x", at=at)

    def test_offers_the_lines_of_the_same_method_and_class(self, buyer, at, client_for):
        published(
            buyer, at, given.line(description="Otra cosa"), given.line(description="Cómputo", unspsc=("43211507",))
        )
        draft = tenders.draft_tender(at, buyer)
        from pliego.accounts.models import User

        ana = client_for(User.objects.get(pk=buyer.ana.user_id), buyer.account)
        address = f"/escritorio/procesos/{draft.code}/paa/"

        page = ana.get(address).content.decode()
        searched = ana.get(f"{address}?q=otra").content.decode()

        assert ("Cómputo" in page, "Otra cosa" in page) == (True, False)
        assert ("Cómputo" in searched, "Otra cosa" in searched) == (False, True)


class TestProgress:
    def test_counts_what_was_planned_begun_awarded_and_contracted(self, buyer, plan, at):
        from_line(buyer, plan, 1, at)
        contract = contracts.signed_contract(at, contracts.house(at))
        contract.tender.plan_lines.set([plan.lines.get(number=2)])

        told = progress_of(plan.versions.get())

        assert [stage.count for stage in told.whole.stages] == [3, 2, 1, 1]
        assert told.whole.contracted.value == contract.value_amount
        assert [stage.count for stage in told.months[0].stages] == [1, 1, 1, 1]
        assert sum(month.planned.value for month in told.months) == Decimal(60_000_000)

    def test_divides_a_process_of_several_lines_among_them_and_counts_nothing_twice(self, buyer, plan, at):
        contract = contracts.signed_contract(at, contracts.house(at))
        contract.tender.plan_lines.set(plan.lines.filter(number__in=(1, 2)))
        version = plan.versions.get()

        told = progress_of(version)

        assert [stage.count for stage in told.whole.stages] == [3, 2, 2, 2]
        assert told.whole.contracted.value == contract.value_amount
        assert [months.contracted.value for months in told.months[:3:2]] == [contract.value_amount / 2] * 2
        parts = [one.happened for one in deviations_of(version, at) if one.kind == "value"]
        assert [text.endswith("la parte de esta línea en un proceso de varias") for text in parts] == [True, True]

    def test_knows_nothing_of_drafts(self, buyer, plan, at):
        draft = tenders.draft_tender(at, buyer)
        tendering.choose_plan_lines(actor=buyer.ana, tender_id=draft.pk, line_ids=[plan.lines.get(number=1).pk], at=at)

        assert progress_of(plan.versions.get()).whole.begun.count == 0

    def test_costs_the_same_queries_whatever_the_plan_holds(self, buyer, plan, at, client):
        address = f"/paa/{buyer.account.code}/2026/ejecucion/"
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        from_line(buyer, plan, 1, at)
        tenders.published_tender(at, buyer)
        with CaptureQueriesContext(connection) as many:
            client.get(address)

        assert len(many) == len(few)


class TestDeviations:
    def test_tell_another_month_value_method_and_what_was_not_begun(self, buyer, plan, at):
        contract = contracts.signed_contract(at, contracts.house(at))
        contract.tender.plan_lines.set([plan.lines.get(number=3)])

        told = deviations_of(plan.versions.get(), at)

        assert [(one.kind, one.number) for one in told] == [
            ("not_begun", 2), ("month", 3), ("value", 3), ("method", 3),
        ]  # fmt: skip
        assert (told[1].planned, told[1].happened) == ("diciembre 2026", "marzo 2026")

    def test_count_a_month_as_missed_only_when_it_is_over(self, buyer, plan, at):
        def not_begun(moment):
            return [one.number for one in deviations_of(plan.versions.get(), moment) if one.kind == "not_begun"]

        assert not_begun(at) == [2]
        assert not_begun(at + timedelta(days=30)) == [1, 2]

    def test_tell_what_was_bought_outside_the_plan_with_its_reason(self, buyer, plan, at):
        tender = contracts.signed_contract(at, contracts.house(at)).tender

        outside = [one for one in deviations_of(plan.versions.get(), at) if one.kind == "outside"]

        assert [(one.process, "No estaba en el plan" in one.happened) for one in outside] == [(tender.code, True)]

    @pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
    def test_are_a_file_too(self, buyer, plan, at, client, form):
        answer = client.get(f"/paa/{buyer.account.code}/2026/desviaciones/?formato={form}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content

        text = str(load_workbook(io.BytesIO(body)).active["D2"].value) if form == "xlsx" else body.decode()
        assert "enero 2026" in text


class TestVersions:
    def test_are_compared_field_by_field_on_a_page_and_over_the_api(self, buyer, at, client):
        plan = given.republished_plan(buyer.ana, tenders.signed(buyer.beto, at), at, year=2026)

        page = client.get(f"/paa/{buyer.account.code}/2026/2/cambios/1/").content.decode()
        told = client.get(f"/api/v1/plans/{plan.code}/versions/2/changes/1").json()

        assert "<del>$\xa020.000.000</del>" in page
        assert told["counts"] == {"added": 1, "dropped": 1, "changed": 1}
        assert told["results"][0]["fields"] == ["start_month", "bids_month", "total_amount"]

    @pytest.mark.parametrize("pair", ["1/cambios/2", "1/cambios/1", "2/cambios/9", "3/cambios/1"])
    def test_that_cannot_be_compared_are_unknown(self, buyer, at, client, pair):
        given.republished_plan(buyer.ana, tenders.signed(buyer.beto, at), at, year=2026)

        assert client.get(f"/paa/{buyer.account.code}/2026/{pair}/").status_code == 404


class TestList:
    def test_shows_published_plans_only(self, buyer, plan, at, client):
        planning.create_plan(actor=buyer.ana, year=2027, header=given.header(), at=at)

        page = client.get("/paa/").content.decode()

        assert f"/paa/{buyer.account.code}/2026/" in page
        assert f"/paa/{buyer.account.code}/2027/" not in page
        assert buyer.account.code not in client.get("/paa/?anio=1999").content.decode()
