"""Whatever sequence of modifications a contract goes through, it adds up; and each kind is refused out of its place.
Sequences are drawn by hypothesis, without a database.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.contracts import changes, effects, turning
from pliego.contracts.changes import KINDS
from pliego.contracts.models import Contract, Modification
from pliego.contracts.modifying import ModificationData
from pliego.kernel.calendar import BOGOTA
from pliego.parties.models import Account, Organization

FIRST, LAST, VALUE = date(2026, 1, 5), date(2026, 7, 4), Decimal("1000.00")
NOON = datetime(2026, 3, 2, 12, tzinfo=BOGOTA)
steps = st.tuples(
    st.sampled_from(sorted(KINDS)), st.decimals("0.01", "400", places=2), st.integers(0, 40), st.integers(1, 60)
)


def account(number: int) -> Account:
    return Account(pk=number, organization=Organization(pk=number, legal_name=f"Firma {number}"))


def contract(**told: Any) -> Contract:
    usual: dict[str, Any] = {"state": "running", "starts_on": FIRST, "ends_on": LAST, "value_amount": VALUE}
    usual |= {"budget_commitment": "RP", "budget_commitment_amount": VALUE, "supplier": account(1)}
    return Contract(**{**usual, **told})


def drawn(one: Contract, kind: str, **typed: Any) -> Modification:
    """What would be published of what was typed: nothing is saved."""
    data = ModificationData(**typed)
    kept = {name: getattr(data, name) for name in ("effective_on", "resumes_on", "party", "cause", "amount")}
    found = changes.changes_of(one, KINDS[kind], data)
    return Modification(contract=one, kind=kind, changes=found, days=changes.days_of(found), **kept)


class Book:
    """The contract, and what every modification of it said that it would do."""

    def __init__(self) -> None:
        self.contract, self.today, self.done = contract(), FIRST, 0
        self.money, self.days = Decimal(0), 0

    def take(self, kind: str, amount: Decimal, wait: int, length: int) -> None:
        self.today += timedelta(days=wait)
        typed: dict[str, Any] = {"amount": amount, "effective_on": self.today, "cause": "agreement"}
        typed |= {"ends_on": (self.contract.ends_on or LAST) + timedelta(days=length), "clauses": f"Cláusula {wait}"}
        typed |= {"resumes_on": self.today + timedelta(days=length), "party": account(100 + self.done)}
        made = drawn(self.contract, kind, **typed)
        is_too_much = kind == "reduction" and amount >= self.contract.value_amount
        if is_too_much or [*turning.is_out_of_place(self.contract, made.of), *self.wrong(made)]:
            return
        before = {name: changes.written(getattr(self.contract, name)) for name in made.changes}
        assert before == {name: change["old"] for name, change in made.changes.items()}
        effects.apply(self.contract, made, NOON)
        self.done += 1
        self.money += made.of.sign * (made.amount or 0)
        self.days += made.days or 0
        assert {name: changes.written(getattr(self.contract, name)) for name in made.changes} == {
            name: change["new"] for name, change in made.changes.items()
        }
        assert made.version == self.contract.version == self.done + 1

    def wrong(self, made: Modification) -> list[Any]:
        rule = turning.OF_DAYS.get(made.kind)
        at = datetime.combine(self.today, NOON.timetz())
        return list(rule(made, at)) if rule else []


class TestAnySequence:
    @given(done=st.lists(steps, max_size=20))
    @settings(max_examples=150, deadline=None)
    def test_keeps_value_days_versions_and_flags(self, done: list[Any]) -> None:
        book = Book()
        for step in done:
            book.take(*step)
            one = book.contract

            assert one.value_amount == VALUE + book.money > 0
            assert one.ends_on == LAST + timedelta(days=book.days)
            assert one.version == book.done + 1
            assert ("suspended" in one.happened) == one.is_suspended == (one.resumes_on is not None)
            assert not one.is_suspended or one.state == "running"
            assert (one.state == "completed") == (one.completed_on is not None)
            assert len(one.happened) == len(set(one.happened)) == len(one.happened_titles)


JANUARY = FIRST + timedelta(days=10)
SUSPENDED = {"suspended_on": JANUARY, "resumes_on": JANUARY + timedelta(days=20)}
# fmt: off
PLACES = (
    # kind           the contract                    refused with
    ("suspension",   {"state": "signed"},            {"not_running"}),
    ("suspension",   SUSPENDED,                      set()),
    ("resumption",   {},                             {"not_suspended"}),
    ("resumption",   SUSPENDED,                      set()),
    ("addition",     SUSPENDED,                      {"suspended"}),
    ("extension",    SUSPENDED,                      {"suspended"}),
    ("general",      {"state": "signed"},            set()),
    ("assignment",   {**SUSPENDED},                  set()),
    ("assignment",   {"state": "signed"},            set()),
    ("termination",  SUSPENDED,                      set()),
    ("conclusion",   SUSPENDED,                      {"suspended"}),
    ("conclusion",   {"state": "signed"},            {"not_running"}),
)
DAYS = (
    # kind           typed                                                                    of           refused with
    ("suspension", {"effective_on": FIRST - timedelta(1), "resumes_on": LAST}, {}, {"too_soon"}),
    ("suspension", {"effective_on": LAST + timedelta(1), "resumes_on": LAST + timedelta(9)}, {}, {"too_late"}),
    ("suspension", {"effective_on": JANUARY, "resumes_on": JANUARY}, {}, {"planned_too_soon"}),
    ("suspension", {"effective_on": JANUARY, "resumes_on": SUSPENDED["resumes_on"]}, SUSPENDED, {"planned_too_soon"}),
    ("resumption", {"effective_on": JANUARY}, SUSPENDED, {"too_soon"}),
    ("resumption", {"effective_on": JANUARY + timedelta(1)}, SUSPENDED, set()),
    ("assignment", {"effective_on": NOON.date() - timedelta(1)}, {}, {"too_soon"}),
    ("termination", {"effective_on": LAST}, {}, {"not_early"}),
    ("termination", {"effective_on": JANUARY - timedelta(1)}, SUSPENDED, {"too_soon"}),
    ("termination", {"effective_on": JANUARY},                                                {},        set()),
    ("conclusion", {"effective_on": FIRST - timedelta(1)}, {}, {"too_soon"}),
)
CAUSES = (
    ("agreement",      True,  set()),
    ("agreement",      False, {"needs_agreement"}),
    ("public_service", False, set()),
    ("public_service", True,  {"is_alone"}),
    ("whim",           False, {"unknown_cause"}),
)
# fmt: on


def codes(found: Any) -> set[str]:
    return {objection.code for objection in found}


class TestOutOfPlace:
    @pytest.mark.parametrize(("kind", "told", "refused"), PLACES)
    def test_is_by_the_stage_and_by_the_suspension(self, kind: str, told: Any, refused: set[str]) -> None:
        assert codes(turning.is_out_of_place(contract(**told), KINDS[kind])) == refused

    @pytest.mark.parametrize(("kind", "typed", "told", "refused"), DAYS)
    def test_is_by_the_day(self, kind: str, typed: Any, told: Any, refused: set[str]) -> None:
        assert codes(turning.OF_DAYS[kind](drawn(contract(**told), kind, **typed), NOON)) == refused

    @pytest.mark.parametrize(("cause", "needs_supplier", "refused"), CAUSES)
    def test_is_by_the_cause(self, cause: str, needs_supplier: bool, refused: set[str]) -> None:
        asked = SimpleNamespace(kind="termination", effective_on=None, party=None, cause=cause)
        asked.needs_supplier = needs_supplier

        assert codes(turning.is_wrong(asked, NOON)) == refused

    def test_is_of_nobody_before_its_day(self) -> None:
        tomorrow = SimpleNamespace(effective_on=NOON.date() + timedelta(days=1))
        refused = changes.has_not_come(tomorrow, NOON)

        assert refused is not None
        assert refused.code == "too_early"
        assert changes.has_not_come(tomorrow, NOON + timedelta(days=1)) is None


class TestKinds:
    def test_leave_something_said_that_has_words(self) -> None:
        assert {kind.leaves for kind in KINDS.values()} <= changes.HAPPENED.keys()
        assert set(turning.TITLES) == set(turning.CAUSES)
        assert all(one.legal_basis and one.by_agreement != one.alone for one in turning.CAUSES.values())

    def test_do_not_let_the_term_run_while_it_is_suspended(self) -> None:
        one = contract(**SUSPENDED)

        assert one.terms_on(LAST) == JANUARY - timedelta(days=1)
        assert one.runs_until == LAST + timedelta(days=20)
        assert contract().terms_on(LAST) == contract().runs_until == LAST
