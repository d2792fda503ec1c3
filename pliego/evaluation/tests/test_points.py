"""Tables by hand, on paper, of an evaluation by points."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.conditions.formulas import DRAWN, RULES, Formula, drawn
from pliego.evaluation.points import (
    Factor,
    Given,
    Offer,
    least_with_disability,
    places,
    price_steps_of,
    scores,
    text,
    totals,
)

OFFICIAL = Decimal(1000)
FACTORS = [
    Factor(number=1, kind="price", most=Decimal(60)),
    Factor(number=2, kind="quality", most=Decimal("28.5")),
    Factor(number=3, kind="national", most=Decimal(10)),
    Factor(number=4, kind="disability", most=Decimal(1)),
    Factor(number=5, kind="mipyme", most=Decimal("0.25")),
    Factor(number=6, kind="women", most=Decimal("0.25")),
]


def offer(code, price, *, staff=None, is_fined=False, **said):
    numbers = {"quality": 2, "national": 3, "mipyme": 5, "women": 6}
    given = {numbers[kind]: Given(points=Decimal(points)) for kind, points in said.items()}
    if staff:
        given[4] = Given(staff=staff[0], with_disability=staff[1])
    return Offer(code=code, price=Decimal(price), given=given, is_fined=is_fined)


# Three offers of 800, 900 and 1,000, of an official estimate of 1,000:
# A: quality 20, national 10, 2 of 31 workers with a disability (2 are asked), mipyme                 = 31.25 + price
# B: quality 28.5, national 5, 1 of 31 (2 are asked), women                                           = 33.75 + price
# C: quality 28.5, national 10, 1 of 30 (1 is asked), mipyme and women, fined (− 2 of 100)            = 38 + price
A = offer("A", "800", quality="20", national="10", staff=(31, 2), mipyme="0.25")
B = offer("B", "900", quality="28.5", national="5", staff=(31, 1), women="0.25")
C = offer("C", "1000", quality="28.5", national="10", staff=(30, 1), mipyme="0.25", women="0.25", is_fined=True)
# fmt: off
BY_HAND = {
    # kind:                     reference;  points of the price;           totals;                        order
    "lowest":                  ("60.00",  "53.33", "48.00", "91.25",  "87.08", "86.00",  "ABC"),  # 800
    "arithmetic_mean":         ("53.33",  "60.00", "46.67", "84.58",  "93.75", "84.67",  "BCA"),  # 900
    "high_mean":               ("50.53",  "56.84", "53.68", "81.78",  "90.59", "91.68",  "CBA"),  # (900 + 1000) / 2
    "low_mean":                ("56.47",  "56.47", "49.41", "87.72",  "90.22", "87.41",  "BAC"),  # (900 + 800) / 2
    "median":                  ("53.33",  "60.00", "53.33", "84.58",  "93.75", "91.33",  "BCA"),  # 900
    "weighted_mean":           ("50.53",  "56.84", "53.68", "81.78",  "90.59", "91.68",  "CBA"),  # 50 % 1000 + 50 % 900
    # cube root of 800 × 900 × 1000 = 896.28: B is the nearest and has all; 96.28 and 103.72 away
    "geometric_mean":          ("53.55",  "60.00", "53.06", "84.80",  "93.75", "91.06",  "BCA"),
    # fourth root of 1000 × 800 × 900 × 1000 = 921.16; A and B below it, C 78.84 above, twice
    "geometric_with_official": ("52.11",  "58.62", "49.73", "83.36",  "92.37", "87.73",  "BCA"),
}
# fmt: on


def scored(kind, offers=(A, B, C)):
    formula = Formula(kind=kind, most=Decimal(60))
    return scores(FACTORS, offers, price_steps_of(formula, offers, OFFICIAL))


class TestScores:
    def test_have_a_table_for_every_formula(self):
        assert set(BY_HAND) == set(RULES)

    @pytest.mark.parametrize("kind", BY_HAND)
    def test_and_order_are_those_of_the_table(self, kind):
        *numbers, order = BY_HAND[kind]

        found = scored(kind)

        assert [score.points for score in found if score.factor == 1] == [Fraction(n) for n in numbers[:3]]
        assert [text(total) for total in totals(found).values()] == [text(Decimal(n)) for n in numbers[3:]]
        assert "".join(place.code for place in places(totals(found))) == order

    @pytest.mark.parametrize(("rate", "order"), [("4.10", "BCA"), ("4.30", "BCA"), ("4.60", "BAC"), ("4.99", "ABC")])
    def test_follow_the_formula_that_the_exchange_rate_draws(self, rate, order):
        kind = drawn(Decimal(rate))

        assert kind in DRAWN
        assert "".join(place.code for place in places(totals(scored(kind)))) == order

    def test_show_every_sum(self):
        assert [(score.factor, score.sum) for score in scored("lowest", [C, A])][:7] == [
            (1, "60 × 800 ÷ 1000"),
            (2, "28.5 / 28.5"),
            (3, "10 / 10"),
            (4, "1 ≥ 1 (30)"),
            (5, "0.25 / 0.25"),
            (6, "0.25 / 0.25"),
            (0, "− 2 % × 100"),
        ]

    def test_are_by_quality_alone_while_a_price_is_sealed(self):
        sealed = Offer(code="D", given={2: Given(points=Decimal(20))})

        assert price_steps_of(Formula(kind="lowest", most=Decimal(60)), [A, sealed], OFFICIAL) == []
        assert totals(scores(FACTORS, [sealed])) == {"D": 20}

    def test_never_go_below_zero_nor_above_the_most_of_a_factor(self):
        nothing, too_much = offer("N", "1", is_fined=True), offer("M", "1", quality="99")

        assert totals(scores(FACTORS, [nothing, too_much])) == {"N": 0, "M": Fraction("28.5")}

    @settings(max_examples=25, deadline=None)
    @given(thirds=st.lists(st.integers(0, 84), min_size=1, max_size=6))
    def test_are_added_without_losing_a_part(self, thirds):
        factors = [Factor(number=n, kind="quality", most=Decimal(100)) for n in range(1, len(thirds) + 1)]
        given = {n: Given(points=Decimal(part) / 4) for n, part in enumerate(thirds, 1)}

        assert totals(scores(factors, [Offer(code="A", given=given)])) == {"A": Fraction(sum(thirds), 4)}


class TestWorkersWithADisability:
    @pytest.mark.parametrize(
        ("staff", "least"),
        [(1, 1), (30, 1), (31, 2), (100, 2), (101, 3), (150, 3), (151, 4), (200, 4), (201, 5), (9000, 5)],
    )
    def test_are_asked_by_the_size_of_the_staff(self, staff, least):
        assert least_with_disability(staff) == least


class TestPlaces:
    def test_keep_equal_merits_tied_until_they_are_decided(self):
        merits = {"A": Fraction(1, 3), "B": Fraction(1, 3), "C": Fraction(1, 2)}

        found = [(place.code, place.rank, place.tied_with) for place in places(merits)]
        assert found == [("C", 1, ()), ("A", 2, ("B",)), ("B", 2, ("A",))]
        assert [(p.code, p.rank) for p in places(merits, [["A", "B"], ["B", "A"]])] == [("C", 1), ("B", 2), ("A", 3)]

    def test_tell_a_hair_from_a_tie(self):
        hair = Fraction("91.25") + Fraction(1, 10**40)

        assert [place.tied_with for place in places({"A": Fraction("91.25"), "B": hair})] == [(), ()]


@pytest.mark.parametrize(("value", "told"), [("91.250", "91.25"), ("1/3", "1/3"), ("2", "2"), ("0", "0"), ("-2", "-2")])
def test_a_number_is_told_exactly(value, told):
    assert text(Fraction(value)) == told
