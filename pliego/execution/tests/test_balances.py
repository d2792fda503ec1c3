"""Whatever happens to the requests of a contract, its money adds up: sequences drawn by hypothesis, no database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.execution.balances import ZERO, Balance, Entry, against, tally, unsound

VALUE, AGREED = Decimal("1000.00"), Decimal("300.00")
amounts = st.decimals("0.01", "700", places=2)
KINDS = ("invoice", "advance", "credit", "debit")
MOVES = {  # act: from → to
    "return": {"sent": "returned", "approved": "returned"},
    "approve": {"sent": "approved"},
    "pay": {"approved": "paid"},
    "undo": {"approved": "sent", "paid": "approved"},
}
steps = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(KINDS), amounts, st.sampled_from([0, 1, 30, 50, 100]), st.integers(0, 9)),
    st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 9)),
)


class Book:
    """The requests of one contract, moved only by what the rules let through."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.corrects: dict[int, int] = {}

    def balance(self, entries: list[Entry] | None = None) -> Balance:
        return tally(VALUE, self.entries if entries is None else entries, agreed=AGREED)

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
        moved[place] = replace(moved[place], state=MOVES[act][moved[place].state])
        if act not in {"return", "undo"} or not list(unsound(self.balance(moved))):
            self.entries = moved


class TestAnySequence:
    @given(done=st.lists(steps, max_size=25))
    @settings(max_examples=300, deadline=None)
    def test_adds_up_to_the_cent_and_never_pays_more_than_the_contract(self, done):
        book = Book()
        for act, *told in done:
            if act == "ask":
                book.ask(*told)
            else:
                book.move(act, *told)
            found = book.balance()

            assert found.invoiced + found.to_invoice == VALUE == found.disbursed + found.to_pay
            assert found.invoiced == found.waiting + found.accepted
            assert found.accepted >= 0
            assert found.invoiced <= VALUE
            assert 0 <= found.amortised_asked <= found.advance_asked <= AGREED
            assert found.committed <= VALUE
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
        ([Entry("advance", "paid", Decimal(300))], Entry("invoice", "sent", Decimal(1000), Decimal(300)), None, []),
    ],
)  # fmt: skip
def test_what_stands_against_asking_is_said(entries, asked, room, codes):
    assert [o.code for o in against(tally(VALUE, entries, agreed=AGREED), asked, room=room)] == codes
