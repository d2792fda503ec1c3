from decimal import Decimal

import pytest

from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.planning import rules, services
from pliego.planning.models import Plan
from pliego.planning.tests import given


def codes(refused) -> set[str]:
    return {objection.code for objection in refused.value.objections}


class TestEditPlan:
    def test_changes_the_general_part(self, cast, at):
        plan = given.plan(cast.ana, at)

        services.edit_plan(actor=cast.ana, plan_id=plan.pk, header=given.header(strategy="Comprar mejor"), at=at)

        assert Plan.objects.get().strategy == "Comprar mejor"

    def test_of_a_published_plan_leaves_the_public_version_as_it_was(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at)

        edited = services.edit_plan(actor=cast.ana, plan_id=plan.pk, header=given.header(strategy="Otra"), at=at)

        assert (edited.state, edited.version) == ("changing", 1)
        assert edited.versions.get().snapshot["strategy"] == ""

    def test_is_denied_to_the_approver(self, cast, at):
        plan = given.plan(cast.ana, at)

        with pytest.raises(Denied):
            services.edit_plan(actor=cast.beto, plan_id=plan.pk, header=given.header(), at=at)

    def test_of_a_draft_is_unknown_to_strangers(self, cast, at):
        plan = given.plan(cast.ana, at)

        with pytest.raises(Unknown):
            services.edit_plan(actor=cast.carla, plan_id=plan.pk, header=given.header(), at=at)


class TestLines:
    def test_are_numbered_in_their_order(self, cast, at):
        plan = given.plan(cast.ana, at, given.line(), given.line(), given.line())

        assert [line.number for line in plan.lines.all()] == [1, 2, 3]

    def test_keep_their_numbers_when_one_is_dropped(self, cast, at):
        plan = given.plan(cast.ana, at, given.line(), given.line())
        services.drop_line(actor=cast.ana, plan_id=plan.pk, number=2, at=at)

        added = services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(), at=at)

        assert added.number == 3
        assert [line.number for line in plan.lines.standing()] == [1, 3]

    def test_may_lack_things_while_nobody_else_reads_them(self, cast, at):
        plan = given.plan(cast.ana, at, rules.Line(description="Algo por precisar"))

        assert plan.lines.get().total_amount is None

    def test_change(self, cast, at):
        plan = given.plan(cast.ana, at)

        services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=given.line(duration=7), at=at)

        assert plan.lines.get().duration == 7

    def test_that_were_dropped_are_unknown(self, cast, at):
        plan = given.plan(cast.ana, at)
        services.drop_line(actor=cast.ana, plan_id=plan.pk, number=1, at=at)

        with pytest.raises(Unknown):
            services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=given.line(), at=at)

    def test_are_refused_with_everything_that_is_wrong(self, cast, at):
        plan = given.plan(cast.ana, at)
        wrong = rules.Line(
            description=" ",
            kind="wish",
            unspsc=("44120000", "x"),
            start_month=5,
            bids_month=4,
            duration=0,
            duration_unit="moons",
            method="rifa",
            funding_source="luck",
            total_amount=Decimal(10),
            budget_amount=Decimal(11),
            future_budget="maybe",
            unit_id=10**9,
        )

        with pytest.raises(Refused) as refused:
            services.add_line(actor=cast.ana, plan_id=plan.pk, line=wrong, at=at)

        assert codes(refused) == {
            "missing",
            "not_unspsc",
            "months_reversed",
            "not_a_duration",
            "unknown_method",
            "budget_above_total",
            "not_in_list",
            "unknown_unit",
        }

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ({"total_amount": Decimal(0), "budget_amount": None}, "not_positive"),
            ({"budget_amount": Decimal(-1)}, "negative"),
            ({"start_month": 13, "bids_month": None}, "not_a_month"),
        ],
    )
    def test_are_refused(self, cast, at, line, code):
        plan = given.plan(cast.ana, at)

        with pytest.raises(Refused) as refused:
            services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(**line), at=at)

        assert codes(refused) == {code}

    @pytest.mark.parametrize("act", ["add_line", "edit_line", "drop_line"])
    def test_are_denied_to_who_only_reads(self, cast, at, act):
        plan = given.plan(cast.ana, at)
        told = {"add_line": {"line": given.line()}, "edit_line": {"line": given.line(), "number": 1}}.get(
            act, {"number": 1}
        )

        with pytest.raises(Denied):
            getattr(services, act)(actor=cast.elena, plan_id=plan.pk, at=at, **told)


class TestReadUnspsc:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("80111600", ("80111600",)),
            ("V1.80111600, 432115; 80111600", ("80111600", "43211500")),
            ("", ()),
            ("8011", ("8011",)),
        ],
    )
    def test_reads_what_people_write(self, typed, read):
        assert rules.read_unspsc(typed) == read
