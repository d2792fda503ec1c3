from decimal import Decimal

import pytest

from pliego.kernel.objections import Denied, Refused
from pliego.planning import services
from pliego.planning.tests import given


class TestCreatePlan:
    def test_begins_a_draft_of_the_entity(self, cast, at):
        plan = services.create_plan(actor=cast.ana, year=2026, header=given.header(), at=at)

        assert (plan.account_id, plan.state, plan.version) == (cast.entity.pk, "draft", 0)
        assert plan.code.startswith("PLG.PAA.")

    def test_is_refused_twice_for_one_year(self, cast, at):
        given.plan(cast.ana, at)

        with pytest.raises(Refused, match="plan_exists"):
            services.create_plan(actor=cast.ana, year=2026, header=given.header(), at=at)

    @pytest.mark.parametrize("year", [2024, 2028])
    def test_is_refused_for_a_distant_year(self, cast, at, year):
        with pytest.raises(Refused, match="wrong_year"):
            services.create_plan(actor=cast.ana, year=year, header=given.header(), at=at)

    def test_is_refused_when_the_limits_contradict_the_law(self, cast, at):
        header = given.header(minimum_limit_amount=Decimal("49025341"))

        with pytest.raises(Refused, match="limit_too_high"):
            services.create_plan(actor=cast.ana, year=2026, header=header, at=at)

    @pytest.mark.parametrize("who", ["beto", "elena", "carla", "fabio"])
    def test_is_denied_to_those_who_do_not_prepare(self, cast, at, who):
        with pytest.raises(Denied):
            services.create_plan(actor=getattr(cast, who), year=2026, header=given.header(), at=at)
