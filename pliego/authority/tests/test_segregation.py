"""Functions that one person does not hold together."""

from dataclasses import replace
from datetime import datetime

import pytest

from pliego.authority import configuring, segregation
from pliego.authority.cases import Case
from pliego.authority.kinds import KINDS
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.parties.roles import ROLES
from pliego.parties.tests import given as parties

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at: datetime) -> parties.Cast:
    return parties.cast(at=at)


def case(cast: parties.Cast, **people: frozenset[int]) -> Case:
    return Case(cast.entity.pk, cast.entity.code, "X", "X", "X", {}, people=people)


class TestRules:
    def test_name_roles_and_acts_that_exist(self) -> None:
        for rule in segregation.RULES:
            assert set(rule.roles) <= ROLES.keys()
            assert set(rule.kinds) <= KINDS.keys()
            assert str(rule.reason)
            assert str(rule.source)

    @pytest.mark.parametrize(
        ("roles", "codes"),
        [
            (["preparer", "approver"], ["approves_own_work"]),
            (["control", "treasurer"], ["control_takes_part"]),
            (["evaluator", "approver"], ["evaluator_awards"]),
            (["supervisor", "treasurer"], ["supervisor_pays"]),
            (["preparer", "evaluator"], []),
            (["control", "administrator"], []),
        ],
    )
    def test_warn_when_roles_are_given(self, roles: list[str], codes: list[str]) -> None:
        assert [rule.code for rule in segregation.conflicts_of(roles)] == codes
        assert len(segregation.warnings_for(roles)) == len(codes)


class TestAtTheAct:
    def test_whoever_evaluated_does_not_award(self, cast: parties.Cast) -> None:
        found = segregation.objections_to(cast.beto, "award", case(cast, evaluator=frozenset({cast.beto.user_id or 0})))

        assert [(o.code, o.legal_basis) for o in found] == [
            ("evaluator_awards", "Decreto 1082 de 2015, art. 2.2.1.1.2.2.3")
        ]

    def test_unless_the_account_chose_to_be_only_warned(self, cast: parties.Cast, at: datetime) -> None:
        configuring.set_segregation(actor=cast.beto, rule="evaluator_awards", strength="warn", at=at)

        mine = case(cast, evaluator=frozenset({cast.beto.user_id or 0}))
        assert segregation.objections_to(cast.beto, "award", mine) == []

    def test_internal_control_takes_part_in_nothing(self, cast: parties.Cast) -> None:
        codes = {kind: [o.code for o in segregation.objections_to(cast.elena, kind, case(cast))] for kind in KINDS}

        assert codes == {kind: ["control_takes_part"] for kind in KINDS}

    def test_whom_they_act_for_counts_too(self, cast: parties.Cast) -> None:
        from pliego.kernel.actors import Mandate

        mandate = Mandate("D", cast.beto.user_id or 0, "B", "Beto")
        acting = replace(cast.hugo, mandate=mandate)
        mine = case(cast, author=frozenset({cast.beto.user_id or 0}))

        assert [o.code for o in segregation.objections_to(acting, "plan", mine)] == ["approves_own_work"]


class TestSet:
    def test_what_the_law_fixes_is_refused(self, cast: parties.Cast, at: datetime) -> None:
        with pytest.raises(Refused, match="rule_is_fixed"):
            configuring.set_segregation(actor=cast.beto, rule="control_takes_part", strength="warn", at=at)

    @pytest.mark.parametrize(("rule", "strength"), [("nothing", "warn"), ("evaluator_awards", "off")])
    def test_what_does_not_exist_is_unknown(self, cast: parties.Cast, at: datetime, rule: str, strength: str) -> None:
        with pytest.raises(Unknown):
            configuring.set_segregation(actor=cast.beto, rule=rule, strength=strength, at=at)

    def test_is_denied_to_whoever_does_not_administer(self, cast: parties.Cast, at: datetime) -> None:
        with pytest.raises(Denied):
            configuring.set_segregation(actor=cast.ana, rule="evaluator_awards", strength="warn", at=at)
