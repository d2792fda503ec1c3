"""The arithmetic of an auction against figures worked out by hand. No database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pliego.auctions.terms import Standing, Terms, alias, order

T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
D = Decimal


# fmt: off
MARGINS = [
    # downwards, by percentage of the best: 11 000 000 less 1 %
    (Terms(margin=D("1")), "11000000.00", "10890000.00", "10890000.00", "10890000.01"),
    # 33.33 less 0.5 % is 33.163350: only a price of 33.16 or less improves it enough
    (Terms(margin=D("0.5")), "33.33",       "33.16",       "33.16",       "33.17"),
    # downwards, by amount
    (Terms(margin_kind="amount", margin=D("250000")), "11000000.00", "10750000.00", "10750000.00", "10750000.01"),
    # upwards, in a sale: 40 000 000 and 2 %; 33.33 and 0.5 % is 33.49665, so 33.50 at least
    (Terms(is_upward=True, margin=D("2")), "40000000.00", "40800000.00", "40800000.00", "40799999.99"),
    (Terms(is_upward=True, margin=D("0.5")), "33.33",       "33.50",       "33.50",       "33.49"),
    (Terms(is_upward=True, margin_kind="amount", margin=D("100")), "1000.00", "1100.00", "1100.00", "1099.99"),
]
# fmt: on


@pytest.mark.parametrize(("terms", "best", "limit", "enough", "too_little"), MARGINS)
def test_a_bid_improves_the_best_one_by_the_margin_at_least(terms, best, limit, enough, too_little):
    assert terms.price_to_reach(D(best)) == D(limit)
    assert terms.improves(D(enough), D(best))
    assert not terms.improves(D(too_little), D(best))


def test_by_coefficient_the_price_is_compared_for_each_hundred_points_of_quality():
    terms = Terms(compares="coefficient", margin=D(1))
    dear_and_good, cheap_and_poor = terms.value(D(1200), D(100)), terms.value(D(1000), D(80))

    assert (dear_and_good, cheap_and_poor) == (D("1200.000000"), D("1250.000000"))
    # To beat 1200 by 1 % is to reach 1188: for whoever has 80 points, a price of 950.40
    reached = terms.price_to_reach(dear_and_good, D(80))
    assert reached == D("950.40")
    assert terms.improves(terms.value(reached, D(80)), dear_and_good)
    assert not terms.improves(terms.value(reached + D("0.01"), D(80)), dear_and_good)


# fmt: off
EXTENSIONS = [
    (timedelta(minutes=3) + MICRO, 0, None, False),  # a moment before the window
    (timedelta(minutes=3),         0, None, True),   # its first instant
    (MICRO,                        0, None, True),   # the last instant of the auction
    (timedelta(0),                 0, None, False),  # the end itself is late
    (MICRO,                        2, 3,    True),
    (MICRO,                        3, 3,    False),  # no more than three
]
# fmt: on


@pytest.mark.parametrize(("before_the_end", "extensions", "most", "is_prolonged"), EXTENSIONS)
def test_a_valid_bid_in_the_last_minutes_prolongs_the_auction(before_the_end, extensions, most, is_prolonged):
    terms = Terms(window=3, extension=5, most_extensions=most)

    later = terms.extended(T0 - before_the_end, T0, extensions)

    assert later == (T0 + timedelta(minutes=5) if is_prolonged else None)
    assert Terms().extended(T0 - before_the_end, T0, extensions) is None


# fmt: off
ORDERS = [
    # nobody bids: the initial prices stand
    (Terms(), [("A", 90, 90), ("B", 80, 80)], [], [("B", 1, 80), ("A", 2, 90)]),
    # the last price counts
    (Terms(), [("A", 90, 70), ("B", 80, 75)], [], [("A", 1, 70), ("B", 2, 75)]),
    # equal last prices: the lower initial one goes first
    (Terms(), [("A", 90, 70), ("B", 80, 70)], [], [("B", 1, 70), ("A", 2, 70)]),
    # equal in both: a tie, until the ladder decides
    (Terms(), [("A", 80, 80), ("B", 80, 80)], [], [("A", 1, 80), ("B", 1, 80)]),
    (Terms(), [("A", 80, 80), ("B", 80, 80)], [["B", "A"]], [("B", 1, 80), ("A", 2, 80)]),
    # upwards the higher one wins, and the higher initial one between equals
    (Terms(is_upward=True), [("A", 80, 95), ("B", 90, 95), ("C", 70, 99)], [],
     [("C", 1, 99), ("B", 2, 95), ("A", 3, 95)]),
]
# fmt: on


@pytest.mark.parametrize(("terms", "rows", "decided", "expected"), ORDERS)
def test_the_order_goes_by_the_last_price_then_by_the_initial_one(terms, rows, decided, expected):
    found = order([Standing(code, D(initial), D(price)) for code, initial, price in rows], terms, decided)

    assert [(one.code, one.rank, one.price) for one in found] == expected


# fmt: off
SHORT = [
    # worst to best: each 1 % under the one before, the first under the best initial one of 100
    (Terms(), [99, 98],      []),
    (Terms(), [98, 99],      []),          # in whatever order they are written
    (Terms(), [99, "98.5"],  ["98.5"]),    # 98.01 was to be reached
    (Terms(), ["99.5", 98],  ["99.5"]),    # the first did not reach 99; the second is measured from it
    (Terms(), [105, 90],     [105]),       # better than its own initial price, but not than the best one
    (Terms(), [],            []),
    (Terms(is_upward=True), [101, "102.01"], []),
    (Terms(is_upward=True), [101, 102],      [102]),
]
# fmt: on


@pytest.mark.parametrize(("terms", "values", "expected"), SHORT)
def test_last_prices_of_an_auction_held_elsewhere_are_measured_by_the_margin(terms, values, expected):
    assert terms.falls_short(D(100), [D(value) for value in values]) == [D(value) for value in expected]


def test_letters_do_not_end_with_the_alphabet():
    assert [alias(n) for n in (1, 2, 26, 27, 52, 53, 703)] == ["A", "B", "Z", "AA", "AZ", "BA", "AAA"]


def test_a_bid_with_a_digit_too_few_is_noticed():
    assert Terms().is_large(D(1_000_000), D(10_000_000))
    assert not Terms().is_large(D(8_000_000), D(10_000_000))


def test_starts_at_a_whole_minute_never_before_its_date_nor_before_bidders_could_enter():
    terms, opened = Terms(warning=15), T0 + timedelta(minutes=1, seconds=7)

    assert terms.start(opened, T0) == T0 + timedelta(minutes=17)
    assert terms.start(T0, T0) == T0 + timedelta(minutes=15)
    assert terms.start(T0, T0 + timedelta(hours=1)) == T0 + timedelta(hours=1)
