"""The formulas of the price against tables computed by hand."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.conditions import formulas
from pliego.conditions.formulas import Formula, drawn, points, scores

FIVE = {code: Decimal(price) for code, price in zip("ABCDE", (100, 90, 110, 95, 105), strict=True)}
OFFICIAL = Decimal(100)

# fmt: off
BY_HAND = [
    #   formula                    reference   A        B        C        D        E
    ("lowest",                   "90",     ("54.00", "60.00", "49.09", "56.84", "51.43")),
    ("arithmetic_mean",          "100",    ("60.00", "54.00", "48.00", "57.00", "54.00")),
    ("high_mean",                "105",    ("57.14", "51.43", "54.29", "54.29", "60.00")),
    ("low_mean",                 "95",     ("56.84", "56.84", "50.53", "60.00", "53.68")),
    ("geometric_mean",           "99.75",  ("60.00", "54.14", "53.83", "57.14", "56.84")),
    ("geometric_with_official",  "99.82",  ("59.78", "54.10", "47.76", "57.10", "53.77")),
    ("median",                   "100",    ("60.00", "54.00", "54.00", "57.00", "57.00")),
    ("weighted_mean",            "100",    ("60.00", "54.00", "48.00", "57.00", "54.00")),
]
# fmt: on


def of(kind, most=60, **more):
    return Formula(kind=kind, most=Decimal(most), **more)


class TestPoints:
    @pytest.mark.parametrize(("kind", "reference", "expected"), BY_HAND)
    def test_are_those_of_the_table(self, kind, reference, expected):
        steps = points(of(kind), FIVE, OFFICIAL)

        assert next(step.value for step in steps if step.name == "reference") == Decimal(reference)
        assert [str(value) for value in scores(steps).values()] == list(expected)

    def test_have_a_table_for_every_formula(self):
        assert [row[0] for row in BY_HAND] == list(formulas.RULES)

    def test_show_every_sum(self):
        steps = points(of("high_mean"), {"A": Decimal(100), "B": Decimal(200)}, OFFICIAL)

        assert [(step.offer, step.name, step.sum) for step in steps] == [
            ("", "mean", "(100 + 200) ÷ 2"),
            ("", "reference", "(200 + 150) ÷ 2"),
            ("A", "points", "60 × (1 − (175 − 100) ÷ 175)"),
            ("B", "points", "60 × (1 − 2 × (200 − 175) ÷ 175)"),
        ]

    def test_weigh_the_official_estimate_as_much_as_was_said(self):
        found = scores(points(of("weighted_mean", official_share=Decimal(20)), FIVE, Decimal(120)))

        assert [str(value) for value in found.values()] == ["57.69", "51.92", "53.08", "54.81", "58.85"]

    @pytest.mark.parametrize(("offers", "times"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
    def test_take_the_official_estimate_once_for_each_three_offers(self, offers, times):
        steps = points(of("geometric_with_official"), {str(n): Decimal(90) for n in range(offers)}, OFFICIAL)

        assert (steps[0].name, steps[0].value) == ("times", times)

    def test_take_the_lower_of_the_two_middle_prices_of_an_even_number(self):
        four = {code: price for code, price in FIVE.items() if code != "E"}

        assert scores(points(of("median"), four, OFFICIAL))["D"] == 60

    def test_give_all_to_each_of_two_prices_equally_near(self):
        assert set(scores(points(of("geometric_mean"), {"A": OFFICIAL, "B": OFFICIAL}, OFFICIAL)).values()) == {60}

    def test_round_half_up_to_the_decimals_said(self):
        three = {"A": Decimal(32), "B": Decimal("100")}

        assert scores(points(of("lowest", most="0.25", decimals=2), three, OFFICIAL))["B"] == Decimal("0.08")
        assert scores(points(of("lowest", most="100", decimals=7), {"A": Decimal(1), "B": Decimal(3)}, OFFICIAL))[
            "B"
        ] == Decimal("33.3333333")

    def test_never_go_below_zero(self):
        found = scores(points(of("low_mean"), {"A": Decimal(1), "B": Decimal(1), "C": Decimal(1000)}, OFFICIAL))

        assert found["C"] == 0

    def test_are_nobodys_without_prices(self):
        assert points(of("lowest"), {}, OFFICIAL) == []

    @pytest.mark.parametrize(
        ("kind", "price", "official"),
        [("lowest", "0", "1"), ("geometric_with_official", "1", "0"), ("by_eye", "1", "1")],
    )
    def test_are_not_computed_from_nonsense(self, kind, price, official):
        with pytest.raises(ValueError, match=r"above zero|no formula"):
            points(of(kind), {"A": Decimal(price)}, Decimal(official))

    @settings(max_examples=25, deadline=None)
    @given(
        kind=st.sampled_from(sorted(formulas.RULES)),
        prices=st.lists(st.integers(1, 10**12), min_size=1, max_size=8),
        official=st.integers(1, 10**12),
    )
    def test_stay_between_zero_and_the_most_whatever_the_order(self, kind, prices, official):
        named = {str(place): Decimal(price) for place, price in enumerate(prices)}

        found = scores(points(of(kind), named, Decimal(official)))
        again = scores(points(of(kind), dict(reversed(named.items())), Decimal(official)))

        assert found == again
        assert all(0 <= value <= 60 for value in found.values())


class TestDrawn:
    @pytest.mark.parametrize(
        ("rate", "kind"),
        [
            ("4012.00", "median"), ("4012.249", "median"), ("4012.25", "geometric_mean"), ("4012.50", "low_mean"),
            ("4012.74", "low_mean"), ("4012.75", "lowest"), ("4012.99", "lowest"),
        ],
    )  # fmt: skip
    def test_follows_the_two_first_decimals_of_the_exchange_rate(self, rate, kind):
        assert drawn(Decimal(rate)) == kind
