"""The arithmetic, by hand and as properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.evaluation import scoring
from pliego.evaluation.scoring import Offer
from pliego.methods import catalogue

RULE = catalogue.get("minima_cuantia").evaluation.low_price
PRICES = st.decimals(min_value=1, max_value=10**12, places=2)
CODES = [f"PLG.OFE.{n}" for n in range(1, 9)]
OFFERS = st.lists(st.tuples(st.sampled_from(CODES), st.integers(1, 4), st.booleans()), unique_by=lambda o: o[0]).map(
    lambda found: [Offer(code, Decimal(price), complies) for code, price, complies in found]
)


class TestCheckPrice:
    def test_adds_up_quantities_by_unit_prices(self):
        check = scoring.check_price([1, 2], [(1, Decimal(10), Decimal("99.99")), (2, Decimal("2.5"), Decimal(4))])

        assert (check.total, check.missing, check.is_blocking) == (Decimal("1009.90"), (), False)

    def test_names_the_lines_without_a_price(self):
        check = scoring.check_price([1, 2, 3], [(2, Decimal(1), Decimal(1))])

        assert (check.missing, check.is_blocking) == ((1, 3), True)

    def test_of_an_offer_without_prices_has_no_total(self):
        assert scoring.check_price([1], []).is_blocking

    @pytest.mark.parametrize(("budget", "above"), [("1000.00", False), ("999.99", True)])
    def test_sees_a_price_above_the_budget(self, budget, above):
        check = scoring.check_price([1], [(1, Decimal(1), Decimal(1000))], budget=Decimal(budget))

        assert (check.above_budget, check.is_blocking) == (above, above)

    def test_only_notes_that_the_announced_total_is_wrong(self):
        check = scoring.check_price([1], [(1, Decimal(2), Decimal(500))], announced=Decimal(900))

        assert (check.announced_is_wrong, check.is_blocking) == (True, False)

    @given(st.lists(st.tuples(st.integers(1, 1000), PRICES), min_size=1, max_size=30))
    def test_is_exact(self, lines):
        offered = [(n, Decimal(quantity), unit) for n, (quantity, unit) in enumerate(lines)]

        assert scoring.check_price([], offered).total == sum(q * u for _n, q, u in offered)


# By hand. With fewer than five offers, below 80 % of the estimate; from five on, below median − σ, of all the prices.
# fmt: off
LOW_BY_HAND = [
    # prices                           estimate  threshold  how            lower than it
    (("79.99",),                       "100",    "80.00",   "estimate",    ["79.99"]),
    (("80.00",),                       "100",    None,      None,          []),          # just the 80 % is not below it
    (("79", "80", "100", "99"),        "100",    "80.00",   "estimate",    ["79"]),
    (("26.66", "26.65"),               "33.33",  "26.66",   "estimate",    ["26.65"]),   # 26.664, in cents
    # median 100; differences from the mean 90: 40, 10, 10, 10, 10: σ = √(2000 ÷ 5) = 20
    (("50", "100", "100", "100", "100"), "1000000", "80.00", "statistics", ["50"]),
    # median 80; differences from the mean 80: 20, 10, 0, 10, 20: σ = √(1000 ÷ 5) = 14.142
    (("100", "90", "80", "70", "60"),  "1",      "65.86",   "statistics",  ["60"]),
    # an even number: median (96 + 94) ÷ 2 = 95; mean 86.667; σ = √(2653.333 ÷ 6) = 21.029
    (("100", "98", "96", "94", "92", "40"), "1", "73.97",   "statistics",  ["40"]),
    (("10",) * 5,                      "1000",   None,      None,          []),          # all alike: none below
]
# fmt: on


class TestLowPrices:
    @pytest.mark.parametrize(("prices", "estimate", "threshold", "how", "low"), LOW_BY_HAND)
    def test_are_those_of_the_table(self, prices, estimate, threshold, how, low):
        named = {f"{place}: {price}": Decimal(price) for place, price in enumerate(prices)}

        found = scoring.low_prices(named, Decimal(estimate), RULE)

        assert [code.split(": ")[1] for code in found] == low
        assert {(str(flag.threshold), flag.method) for flag in found.values()} == ({(threshold, how)} if low else set())

    def test_have_the_same_figures_in_every_method_that_has_the_rule(self):
        rules = {method.evaluation.low_price for method in catalogue.every()} - {None}

        figures = {(r.statistics_from_offers, r.deviations_below_median, r.percent_below_estimate) for r in rules}
        assert {tuple(map(str, told)) for told in figures} == {("5", "1", "20")}

    @pytest.mark.parametrize("prices", [{}, {"a": Decimal(1)}])
    def test_says_nothing_without_an_estimate(self, prices):
        assert scoring.low_prices(prices, None, RULE) == {}

    def test_says_nothing_where_the_method_has_no_rule(self):
        assert scoring.low_prices({"a": Decimal(1)}, Decimal(100), None) == {}

    @given(st.dictionaries(st.sampled_from(CODES), PRICES, min_size=5))
    def test_never_flags_the_median_or_above(self, prices):
        middle = sorted(prices.values())[len(prices) // 2]

        assert all(prices[code] <= middle for code in scoring.low_prices(prices, None, RULE))


class TestRank:
    def test_puts_the_lowest_complying_price_first(self):
        offers = [Offer("a", Decimal(3), True), Offer("b", Decimal(1), False), Offer("c", Decimal(2), True)]

        assert [(r.code, r.rank) for r in scoring.rank(offers)] == [("c", 1), ("a", 2)]

    def test_leaves_equal_prices_tied(self):
        offers = [Offer(code, Decimal(1), True) for code in "ab"] + [Offer("c", Decimal(2), True)]

        ranking = scoring.rank(offers)

        assert [(r.code, r.rank, r.tied_with) for r in ranking] == [
            ("a", 1, ("b",)),
            ("b", 1, ("a",)),
            ("c", 3, ()),
        ]
        assert scoring.ties(ranking) == [["a", "b"]]

    def test_follows_the_last_decision_on_a_tie(self):
        offers = [Offer(code, Decimal(1), True) for code in "abc"]

        ranking = scoring.rank(offers, [["a", "b", "c"], ["b", "c", "a"]])

        assert [r.code for r in ranking] == ["b", "c", "a"]
        assert scoring.ties(ranking) == []

    def test_ignores_a_decision_on_other_offers(self):
        offers = [Offer(code, Decimal(1), True) for code in "abc"]

        assert scoring.ties(scoring.rank(offers, [["a", "b"]])) == [["a", "b", "c"]]

    @given(OFFERS)
    def test_never_ranks_a_dearer_offer_before_a_cheaper_one(self, offers):
        ranking = scoring.rank(offers)

        assert {r.code for r in ranking} == {offer.code for offer in offers if offer.complies}
        assert [r.price for r in ranking] == sorted(r.price for r in ranking)
        for r in ranking:
            assert r.rank == 1 + sum(other.price < r.price for other in ranking)

    @given(OFFERS, st.randoms())
    def test_does_not_depend_on_the_order_of_arrival(self, offers, random):
        shuffled = list(offers)
        random.shuffle(shuffled)

        assert scoring.rank(shuffled) == scoring.rank(offers)


class TestDrawn:
    @given(st.sets(st.sampled_from(CODES)), st.text("0123456789abcdef", min_size=64, max_size=64))
    def test_is_an_order_of_the_tied_offers_that_anybody_gets(self, codes, seed):
        order = scoring.drawn(codes, seed)

        assert sorted(order) == sorted(codes)
        assert order == scoring.drawn(sorted(codes, reverse=True), seed)

    def test_can_be_computed_with_any_tool(self):
        # the hashes are those that sha256sum gives of “ab:PLG.OFE.1” and “ab:PLG.OFE.2”
        assert scoring.drawn(["PLG.OFE.1", "PLG.OFE.2"], "ab") == sorted(
            ["PLG.OFE.1", "PLG.OFE.2"], key=lambda code: HASHES[code]
        )


HASHES = {
    "PLG.OFE.1": "2008cc018f5ad04096eb0e4261a6e78198715d6274778b63d2a702917b7ccf63",
    "PLG.OFE.2": "5aeffe53c01d8a97a67de73684440f01b11fd0ed41ebe6a8dcc2dbf5423a74d4",
}
