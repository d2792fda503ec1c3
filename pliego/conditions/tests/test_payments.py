"""What is paid in advance, and the plan of payments."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.conditions import paying
from pliego.conditions.payments import PAYMENTS, lacks
from pliego.conditions.tests import plain

VALUE = Decimal(1000)
ADVANCE = {"advance_kind": "advance", "advance_percent": "30", "has_trust": "yes"}


def row(percent=None, amount=None, due_days=30, title="Entrega", **more):
    return {"title": title, "percent": percent, "amount": amount, "due_days": due_days, **more}


def content(*rows, **more):
    return PAYMENTS.typed({"milestones": list(rows), **more})


class TestWrong:
    @pytest.mark.parametrize(
        ("data", "code", "field"),
        [
            ({"advance_kind": "advance", "advance_percent": "50.01"}, "advance_too_large", "advance_percent"),
            ({"advance_percent": "10"}, "advance_without_kind", "advance_kind"),
            ({**ADVANCE, "amortisation_percent": "29"}, "amortisation_too_small", "amortisation_percent"),
            ({"milestones": [row("50", "500")]}, "two_amounts", "milestones-0-amount"),
            ({"milestones": [row("50", due_on="2026-10-01")]}, "two_dates", "milestones-0-due_days"),
            ({"milestones": [row("50", title="")]}, "missing", "milestones-0-title"),
            ({"advance_kind": "gift"}, "bad_value", "advance_kind"),
        ],
    )
    def test_names_the_field(self, data, code, field):
        assert plain.told(PAYMENTS.wrong(plain.of(), PAYMENTS.typed(data))) == [(code, field)]

    def test_lets_half_of_the_value_be_paid_in_advance(self):
        assert not list(PAYMENTS.wrong(plain.of(), content(advance_kind="prepayment", advance_percent="50")))


class TestLacks:
    def told(self, data, tender=None):
        return plain.told(lacks(tender or plain.of(value="1000"), data, plain.NOW))

    @pytest.mark.parametrize(
        "data",
        [
            content(),
            content(row("60"), row("40")),
            content(row(amount="600"), row(amount="400")),
            content(row("60"), row(amount="400")),
            content(row("70"), advance_kind="prepayment", advance_percent="30"),
            content(row("100"), **ADVANCE),
        ],
    )
    def test_is_nothing_when_the_payments_are_the_value(self, data):
        assert self.told(data) == []

    @pytest.mark.parametrize(
        "data",
        [
            content(row("60"), row("39.99")),
            content(row(amount="600"), row(amount="401")),
            content(row("100"), advance_kind="prepayment", advance_percent="30"),
        ],
    )
    def test_tells_payments_that_do_not_add_up(self, data):
        assert self.told(data) == [("payments_do_not_add_up", "milestones")]

    def test_asks_how_much_and_when(self):
        assert self.told(content(row(due_days=None), advance_kind="prepayment")) == [
            ("missing", "advance_percent"), ("missing", "milestones-0-percent"), ("missing", "milestones-0-due_days"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("method", "kind", "is_asked"),
        [
            ("licitacion_publica", "services", True), ("licitacion_obra_publica", "works", True),
            ("contratacion_directa", "works", True), ("contratacion_directa", "goods", False),
            ("minima_cuantia", "works", False), ("seleccion_abreviada_menor_cuantia", "works", False),
        ],
    )  # fmt: skip
    def test_asks_a_trust_where_the_law_does(self, method, kind, is_asked):
        data = content(advance_kind="advance", advance_percent="30", has_trust="no")

        found = self.told(data, plain.of(method, kind=kind))

        assert found == ([("trust_missing", "has_trust")] if is_asked else [])


class TestPlan:
    def test_pays_the_advance_back_with_each_payment(self):
        payments = paying.plan(VALUE, content(row("50"), row("50"), **ADVANCE))

        assert [(p.amount, p.paid_back, p.left) for p in payments] == [(500, 150, 350)] * 2

    def test_pays_it_back_sooner_when_more_is_kept(self):
        payments = paying.plan(VALUE, content(row("50"), row("50"), **ADVANCE, amortisation_percent="60"))

        assert [p.paid_back for p in payments] == [300, 0]

    @settings(max_examples=30, deadline=None)
    @given(
        value=st.decimals(1, 10**12, places=2),
        cuts=st.lists(st.integers(1, 99), unique=True, max_size=5),
        kind=st.sampled_from(["none", "advance", "prepayment"]),
    )
    def test_is_the_whole_value_whatever_the_rounding(self, value, cuts, kind):
        paid = 20 if kind == "prepayment" else 0
        edges = [0, *sorted(cut for cut in cuts if cut < 100 - paid), 100 - paid]
        rows = [row(str(high - low)) for low, high in itertools.pairwise(edges)]
        data = content(*rows, advance_kind=kind, advance_percent="20" if kind != "none" else None)

        payments = paying.plan(value, data)

        assert sum(p.left for p in payments) + paying.advance_of(value, data) == value
        assert all(p.left >= 0 for p in payments)
