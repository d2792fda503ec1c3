"""Whatever happens to the requests of a contract, its money adds up: sequences drawn by hypothesis, no database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.execution.balances import ZERO, Balance, Entry, against, below_what_was_invoiced, tally, unsound
from pliego.execution.rules import Part, equal_parts, plan_objections
from pliego.execution.supports import RetentionData, retention_objections, withheld_of

VALUE, AGREED = Decimal("1000.00"), Decimal("300.00")
amounts = st.decimals("0.01", "700", places=2)
KINDS = ("invoice", "advance", "credit", "debit")
PAYABLE = ("invoice", "debit", "advance")
MOVES = {  # act: from → to
    "return": {"sent": "returned", "approved": "returned"},
    "approve": {"sent": "approved"},
    "pay": {"approved": "paid"},
    "undo": {"approved": "sent", "paid": "approved"},
}
steps = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(KINDS), amounts, st.sampled_from([0, 1, 30, 50, 100]), st.integers(0, 9)),
    st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 9)),
    st.tuples(st.just("withhold"), st.integers(0, 9), amounts, st.decimals("0", 100, places=4)),
    st.tuples(st.just("modify"), st.decimals("-900", "900", places=2)),
    st.tuples(st.just("plan"), st.integers(1, 12)),
)


class Book:
    """The requests of one contract, moved only by what the rules let through."""

    def __init__(self) -> None:
        self.value = VALUE
        self.entries: list[Entry] = []
        self.corrects: dict[int, int] = {}

    def balance(self, entries: list[Entry] | None = None) -> Balance:
        return tally(self.value, self.entries if entries is None else entries, agreed=AGREED)

    def ask(self, kind: str, amount: Decimal, percent: int, place: int) -> None:
        amortised = (amount * percent / 100).quantize(Decimal("0.01")) if kind in {"invoice", "debit"} else ZERO
        asked, room = Entry(kind, "sent", amount, amortised), None
        if kind in {"credit", "debit"}:
            if place >= len(self.entries) or self.entries[place].kind != "invoice":
                return
            if self.entries[place].state not in {"approved", "paid"}:
                return
            notes = [n for n, of in self.corrects.items() if of == place and self.entries[n].kind == "credit"]
            standing = sum((self.entries[n].amount for n in notes if self.entries[n].state != "returned"), ZERO)
            room = self.entries[place].amount - self.entries[place].amortised - standing
        if not list(against(self.balance(), asked, room=room)):
            if kind in {"credit", "debit"}:
                self.corrects[len(self.entries)] = place
            self.entries.append(asked)

    def move(self, act: str, place: int) -> None:
        if place >= len(self.entries) or self.entries[place].state not in MOVES[act]:
            return
        moved = [*self.entries]
        moved[place] = replace(moved[place], state=MOVES[act][moved[place].state], withheld=ZERO)
        if act not in {"return", "undo"} or not list(unsound(self.balance(moved))):
            self.entries = moved

    def withhold(self, place: int, base: Decimal, rate: Decimal) -> None:
        """The payment of an accepted request, with a part of it kept back."""
        if place >= len(self.entries) or self.entries[place].state != "approved":
            return
        one, rows = self.entries[place], [RetentionData("income", base, rate)]
        if not list(retention_objections(rows, one.amount - one.amortised, "COP")) and one.kind in PAYABLE:
            self.entries[place] = replace(one, state="paid", withheld=withheld_of(rows))

    def modify(self, more: Decimal) -> None:
        """An addition or a reduction of the value."""
        if self.value + more > 0 and not list(below_what_was_invoiced(self.balance(), self.value + more)):
            self.value += more

    def plan(self, count: int) -> None:
        """Equal payments, and an invoice of the first one that is whole."""
        parts = equal_parts(self.value, count)
        if min(parts) > 0:
            assert not list(plan_objections([Part("Pago", None, amount) for amount in parts], self.value))
            self.ask("invoice", parts[0], 0, 0)


class TestAnySequence:
    @given(done=st.lists(steps, max_size=25))
    @settings(max_examples=1_000, deadline=None)
    def test_adds_up_to_the_cent_and_never_pays_more_than_the_contract(self, done):
        book = Book()
        for act, *told in done:
            if act in MOVES:
                book.move(act, *told)
            else:
                getattr(book, act)(*told)
            found = book.balance()

            assert found.invoiced + found.to_invoice == book.value == found.disbursed + found.to_pay
            assert found.invoiced == found.waiting + found.accepted
            assert found.accepted >= 0
            assert found.invoiced <= book.value
            assert 0 <= found.amortised_asked <= found.advance_asked <= AGREED
            assert found.committed <= book.value
            assert 0 <= found.withheld <= found.paid + found.advance_paid
            assert found.received + found.withheld == found.disbursed
            assert found.disbursed + found.pending == found.accepted + found.advance - found.amortised

    def test_pays_the_whole_value_once_the_advance_is_paid_back(self):
        entries = [
            Entry("advance", "paid", Decimal(300)),
            Entry("invoice", "paid", Decimal(500), Decimal(150)),
            Entry("invoice", "paid", Decimal(500), Decimal(150)),
        ]
        found = tally(VALUE, entries, agreed=AGREED)

        assert (found.disbursed, found.accepted, found.to_amortise, found.to_pay) == (VALUE, VALUE, 0, 0)


@pytest.mark.parametrize(
    ("entries", "asked", "room", "codes"),
    [
        ([], Entry("invoice", "sent", Decimal("1000.01")), None, ["exceeds_balance"]),
        ([], Entry("advance", "sent", Decimal("300.01")), None, ["exceeds_advance"]),
        ([], Entry("invoice", "sent", Decimal(100), Decimal(1)), None, ["amortises_too_much"]),
        ([], Entry("invoice", "sent", Decimal(100), Decimal(-1)), None, ["amortised_wrong"]),
        (
            [Entry("advance", "paid", Decimal(300))],
            Entry("invoice", "sent", Decimal(1000), Decimal(100)), None, ["amortise_more"],
        ),
        ([], Entry("credit", "sent", Decimal(11)), Decimal(10), ["credit_too_large"]),
        (
            [Entry("invoice", "sent", Decimal(900))],
            Entry("advance", "sent", Decimal("100.01")), None, ["advance_too_late"],
        ),
        ([Entry("advance", "paid", Decimal(300))], Entry("invoice", "sent", Decimal(1000), Decimal(300)), None, []),
    ],
)  # fmt: skip
def test_what_stands_against_asking_is_said(entries, asked, room, codes):
    assert [o.code for o in against(tally(VALUE, entries, agreed=AGREED), asked, room=room)] == codes
