"""A process that comes from several lines of the plan: what they say together, and what stands against a choice."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from pliego.accounts.models import User
from pliego.kernel.objections import Refused
from pliego.planning import services as planning
from pliego.planning.models import Plan, PlanLine
from pliego.planning.tests import given as plans
from pliego.tendering import rules
from pliego.tendering.models import Tender
from pliego.tendering.plan_lines import cannot_be_chosen, follow, said_by, split, total, warnings
from pliego.tendering.services import choose_plan_lines, create_tender
from pliego.tendering.snapshots import snapshot_of
from pliego.tendering.tests import given


def line(number=1, year=2026, **says):
    told = {"description": f"Línea {number}", "unspsc": ["43211500"], "duration": 2, "duration_unit": "months",
            "funding_source": "own", "total_amount": Decimal(10), "method": "minima_cuantia"}  # fmt: skip
    return PlanLine(number=number, plan=Plan(year=year), **{**told, **says})


# fmt: off
SAID = (
    # what two lines say                                                   what they say together
    ({}, {},                                                               {"description": "Línea 1"}),
    ({"total_amount": Decimal(10)}, {"total_amount": Decimal(5)},          {"value_amount": Decimal(15)}),
    ({"total_amount": None}, {"total_amount": Decimal(5)},                 {"value_amount": Decimal(5)}),
    ({"unspsc": ["43211500", "43212100"]}, {"unspsc": ["43212100", "44121600"]},
     {"unspsc_main": "43211500", "unspsc_additional": ["43212100", "44121600"]}),
    ({"duration": 2}, {"duration": 65, "duration_unit": "days"},           {"duration": 65, "duration_unit": "days"}),
    ({"duration": 1, "duration_unit": "years"}, {"duration": 11},          {"duration": 1, "duration_unit": "years"}),
    ({"duration": None}, {"duration": None},                               {"duration": None, "duration_unit": ""}),
    ({}, {"funding_source": "nation"},                                     {"funding_source": ""}),
    ({"municipality": ""}, {"municipality": "73001"},                      {"delivery_municipality": "73001"}),
)
SPLIT = (
    ("100.00", (60, 40), ["60.00", "40.00"]),
    ("100.00", (1, 1, 1), ["33.33", "33.33", "33.34"]),
    ("90.00",  (0, 0), ["45.00", "45.00"]),
    ("90.00",  (7,), ["90.00"]),
)
# fmt: on


class TestLines:
    @pytest.mark.parametrize(("one", "other", "together"), SAID)
    def test_say_together(self, one, other, together):
        assert said_by([line(1, **one), line(2, **other)]).items() >= together.items()

    def test_are_followed_where_nobody_wrote_otherwise(self):
        before, after = [line(1)], [line(1), line(2, total_amount=Decimal(5), duration=6)]
        tender = SimpleNamespace(**said_by(before))
        tender.description, tender.duration = "Escrita a mano", 3

        follow(tender, before, after)

        assert (tender.value_amount, tender.description, tender.duration) == (Decimal(15), "Escrita a mano", 3)
        follow(tender, after, [])
        assert tender.value_amount == Decimal(15)

    def test_of_several_currencies_are_not_added(self):
        lines = [line(1), line(2, total_currency="USD")]

        [found] = cannot_be_chosen(lines, 2)

        assert (found.code, found.field, "COP, USD" in str(found)) == (
            "plan_lines_in_several_currencies", "plan_lines", True,
        )  # fmt: skip
        assert total(lines) is None

    def test_warn_of_another_value_and_another_method_until_the_publication(self, at):
        lines = [line(1), line(2, method="licitacion_publica")]
        tender = Tender(value_amount=Decimal(21), method="minima_cuantia")
        draft = SimpleNamespace(is_public=False, planned=lines, value=tender.value, method=tender.method)

        assert [("21" in str(text), "línea 2" in str(text)) for text in warnings(draft, at)] == [
            (True, False), (False, True),
        ]  # fmt: skip
        draft.is_public = True
        assert warnings(draft, at) == []

    @pytest.mark.parametrize(("value", "weights", "parts"), SPLIT)
    def test_share_what_a_process_was_worth_to_the_cent(self, value, weights, parts):
        assert split(Decimal(value), [Decimal(weight) for weight in weights]) == [Decimal(part) for part in parts]
        assert split(None, weights) == [None] * len(weights)
        assert split(Decimal(value), []) == []


@pytest.fixture
def plan(house, at):
    return plans.published_plan(
        house.ana, given.signed(house.beto, at), at,
        plans.line(description="Papel"), plans.line(description="Tinta", unspsc=("44103100",), duration=4),
        plans.line(description="Obra", method="licitacion_publica"),
    )  # fmt: skip


def ids(plan, *numbers):
    return [plan.lines.get(number=number).pk for number in numbers]


class TestSeveralLines:
    def test_make_a_process_and_may_change_in_its_draft(self, house, plan, at):
        told = {"actor": house.ana, "at": at}
        tender = create_tender(title="Papel y tinta", reference="MC-1", plan_line_ids=ids(plan, 2, 1), **told)

        assert (tender.method, tender.description, tender.value_amount) == (
            "minima_cuantia", "Tinta", Decimal(40_000_000),
        )  # fmt: skip
        assert (tender.unspsc_main, tender.unspsc_additional, tender.duration) == ("44103100", ["44121600"], 4)
        assert snapshot_of(tender)["plan"] == {
            "lines": [{"plan": plan.code, "year": 2026, "line": number} for number in (2, 1)]
        }

        one = choose_plan_lines(tender_id=tender.pk, line_ids=ids(plan, 1), **told)
        assert (one.value_amount, one.duration, [line.number for line in one.planned]) == (Decimal(20_000_000), 2, [1])
        none = choose_plan_lines(tender_id=tender.pk, line_ids=[], justification="Urgencia", **told)
        assert (none.planned, none.plan_justification, none.value_amount) == ([], "Urgencia", Decimal(20_000_000))
        with pytest.raises(Refused, match="plan_lines_missing") as refused:
            choose_plan_lines(tender_id=tender.pk, line_ids=[], justification=" ", **told)
        assert refused.value.objections[0].legal_basis == "Decreto 1082 de 2015, art. 2.2.1.1.1.4.1"

    def test_give_their_method_only_when_all_have_the_same(self, house, plan, at):
        told = {"actor": house.ana, "title": "x", "plan_line_ids": ids(plan, 1, 3), "at": at}

        with pytest.raises(Refused, match="plan_lines_of_several_methods"):
            create_tender(reference="MC-1", **told)
        assert create_tender(reference="MC-1", method="minima_cuantia", **told).method == "minima_cuantia"

    def test_are_refused_when_one_is_withdrawn_meanwhile_or_of_another_entity(self, house, plan, at):
        draft = given.draft_tender(at, house)
        told = {"actor": house.ana, "tender_id": draft.pk, "at": at}
        choose_plan_lines(line_ids=ids(plan, 1, 2), **told)
        planning.drop_line(actor=house.ana, plan_id=plan.pk, number=2, at=at + timedelta(minutes=1))

        with pytest.raises(Refused, match="plan_line_withdrawn"):
            choose_plan_lines(line_ids=ids(plan, 1, 2), **told)
        [lacks] = rules.general_is_incomplete(Tender.objects.get(pk=draft.pk), at)
        assert (lacks.code, "La línea 2" in str(lacks)) == ("plan_line_withdrawn", True)

        public = Tender.objects.get(pk=draft.pk)
        public.published_at = at
        assert list(rules.general_is_incomplete(public, at)) == []  # an amendment is not stopped by it

        other = given.buyer(at, "Otra entidad", "999900002")
        theirs = plans.published_plan(other.ana, given.signed(other.beto, at), at)
        with pytest.raises(Refused, match="unknown_plan_line"):
            choose_plan_lines(line_ids=[*ids(plan, 1), *ids(theirs, 1)], **told)
        assert [line.number for line in Tender.objects.get(pk=draft.pk).planned] == [1, 2]


class TestPage:
    def test_keeps_what_is_ticked_while_one_looks_for_more(self, house, plan, at, client_for):
        draft = given.draft_tender(at, house)
        ana = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        address = f"/escritorio/procesos/{draft.code}/paa/"
        typed = {"q": "tinta", "plan_justification": "Se escribió", "plan_lines": ["2026-1"]}

        begun = ana.get("/escritorio/paa/2026/lineas/2/").content.decode()
        assert (link := "/escritorio/procesos/nuevo/?linea=2026-2") in begun
        assert '<option value="2026-2" selected>' in ana.get(link).content.decode()
        searched = ana.post(address, {**typed, "accion": "buscar"})
        summed = ana.post(address, {**typed, "plan_lines": ["2026-1", "2026-2"], "accion": "sumar"})
        saved = ana.post(address, {**typed, "plan_lines": ["2026-1", "2026-2"]})

        page = searched.content.decode()
        assert (searched.status_code, "Se escribió" in page, "1. Papel" in page, "2. Tinta" in page) == (
            200,
            *[True] * 3,
        )
        assert page.index("1. Papel") < page.index("2. Tinta")
        assert page.count(" checked") == 1
        assert "40.000.000" in summed.content.decode()
        assert (saved.status_code, saved["Location"]) == (303, f"/escritorio/procesos/{draft.code}/datos/")
        assert [line.number for line in Tender.objects.get(pk=draft.pk).planned] == [1, 2]
        planning.drop_line(actor=house.ana, plan_id=plan.pk, number=2, at=at)
        refused = ana.post(address, {**typed, "plan_lines": ["2026-1", "2026-2", "2026-99"]})
        assert (refused.status_code, ana.post(address, {**typed, "plan_lines": ["2026-2"]}).status_code) == (422, 422)
