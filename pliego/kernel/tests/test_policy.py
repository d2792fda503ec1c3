from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.kernel.actors import ANYONE, SYSTEM, Actor, Signature
from pliego.kernel.objections import Denied, SignatureRequired, Unknown
from pliego.kernel.policy import Policy, Predicate, Row, anyone, nobody, state_is, who

SIGNATURE = Signature("totp", datetime(2026, 3, 2))
ANA = Actor(user_id=1, account_id=7, roles=frozenset({"preparer"}))


@dataclass
class Paper:
    owner_id: int = 7
    state: str = "draft"


is_owner = who(lambda actor, paper: actor.account_id == paper.owner_id, "Only its owner may.", "is its owner")
prepares = who(lambda actor, paper: "preparer" in actor.roles, "Only a preparer may.", "prepares")


@pytest.fixture
def papers():
    policy = Policy(
        "papers",
        view="view",
        rows=(
            Row("view", is_owner | state_is("public")),
            Row("edit", is_owner & prepares, state_is("draft")),
            Row("sign", is_owner, binding=True),
        ),
    )
    yield policy
    Policy.registry.remove(policy)


class TestRequire:
    def test_is_silent_when_the_answer_is_yes(self, papers):
        assert papers.require(ANA, "edit", Paper()) is None

    def test_hides_what_may_not_be_seen(self, papers):
        with pytest.raises(Unknown):
            papers.require(ANYONE, "edit", Paper())

    @pytest.mark.parametrize(
        ("actor", "paper", "reason"),
        [
            (ANYONE, Paper(state="public"), "Only its owner may."),
            (replace(ANA, roles=frozenset()), Paper(), "Only a preparer may."),
            (ANA, Paper(state="public"), "present state"),
        ],
    )
    def test_gives_the_reason_of_the_first_thing_that_fails(self, papers, actor, paper, reason):
        from django.utils import translation

        with translation.override("en"), pytest.raises(Denied, match=reason):
            papers.require(actor, "edit", paper)

    def test_asks_for_a_signature_where_the_act_binds(self, papers):
        with pytest.raises(SignatureRequired):
            papers.require(ANA, "sign", Paper())

    def test_is_content_with_a_signature(self, papers):
        assert papers.require(ANA.with_signature(SIGNATURE), "sign", Paper()) is None
        assert (papers.is_binding("sign"), papers.is_binding("edit")) == (True, False)

    def test_denies_before_it_asks_for_a_signature(self, papers):
        with pytest.raises(Denied) as denied:
            papers.require(ANYONE, "sign", Paper(state="public"))

        assert not isinstance(denied.value, SignatureRequired)

    def test_asks_no_signature_of_the_platform_itself(self):
        policy = Policy("clockwork", view="tick", rows=(Row("tick", anyone, binding=True),))
        Policy.registry.remove(policy)

        assert policy.require(SYSTEM, "tick") is None


class TestTable:
    def test_has_one_row_for_an_act(self):
        with pytest.raises(ValueError, match="two rows"):
            Policy("twice", view="view", rows=(Row("view", anyone), Row("view", nobody)))

    def test_says_who_may_view(self):
        with pytest.raises(ValueError, match="who may view"):
            Policy("blind", view="view", rows=(Row("edit", anyone),))


def fixed(answer: bool, name: str) -> Predicate:
    return Predicate(name, lambda actor, obj: answer, f"{name} says no")


class TestPredicates:
    @given(st.booleans(), st.booleans())
    def test_combine_as_logic_does(self, a, b):
        one, other = fixed(a, "a"), fixed(b, "b")

        found = [bool(p(ANYONE, None)) for p in (one & other, one | other, ~one, ~(one & other), ~one | ~other)]

        assert found == [a and b, a or b, not a, not (a and b), not (a and b)]

    @given(st.lists(st.booleans(), min_size=2, max_size=5))
    def test_give_the_reason_of_the_first_that_fails(self, answers):
        chain = fixed(answers[0], "0")
        for number, answer in enumerate(answers[1:], 1):
            chain = chain & fixed(answer, str(number))

        verdict = chain(ANYONE, None)

        expected = "" if all(answers) else f"{answers.index(False)} says no"
        assert verdict.reason == expected

    def test_name_themselves_for_the_page_of_permissions(self):
        assert (is_owner & prepares).name == "(is its owner and prepares)"
        assert (is_owner | ~prepares).name == "(is its owner or not prepares)"
