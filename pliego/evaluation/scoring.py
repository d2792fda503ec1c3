"""Prices and order: the arithmetic of an evaluation by price, and the places by price or by points. Pure.

Guarantees: sums are exact; nobody is ranked who does not comply; equal prices are a tie until somebody with reasons, or
the draw, puts them in order; the draw depends on nothing but the published seed and the codes of the tied offers.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby
from statistics import median, pstdev
from typing import Any

from pliego.evaluation.points import places
from pliego.methods.law import LowPrice

CENT = Decimal("0.01")


@dataclass(frozen=True)
class PriceCheck:
    """An offer's price, computed from its lines. `blocking` faults cannot be mended after the closing."""

    total: Decimal | None
    missing: tuple[int | str, ...] = ()  # numbers of lines; their keys where there are several lists
    announced: Decimal | None = None
    above_budget: bool = False
    below_minimum: bool = False

    @property
    def announced_is_wrong(self) -> bool:
        return self.announced is not None and self.announced != self.total

    @property
    def is_blocking(self) -> bool:
        return self.total is None or bool(self.missing) or self.above_budget or self.below_minimum


def check_price(
    asked: Iterable[Any],
    offered: Iterable[tuple[Any, Decimal, Decimal]],
    *,
    announced: Decimal | None = None,
    budget: Decimal | None = None,
    is_sale: bool = False,
) -> PriceCheck:
    """Add up quantity by unit price of each line; what the bidder announced as total is only compared. The `budget` is
    the most that is paid or, where the entity sells, the least for which it does."""
    lines = list(offered)
    missing = tuple(sorted(set(asked) - {number for number, _quantity, _unit in lines}))
    if not lines:
        return PriceCheck(None, missing, announced)
    total = sum((quantity * unit for _number, quantity, unit in lines), Decimal()).quantize(CENT)
    return PriceCheck(
        total,
        missing,
        announced,
        above_budget=budget is not None and not is_sale and total > budget,
        below_minimum=budget is not None and is_sale and total < budget,
    )


@dataclass(frozen=True)
class LowPriceFlag:
    """Why a price looks artificially low: it is below `threshold`, found by `method`."""

    threshold: Decimal
    method: str  # "statistics" or "estimate"


def low_prices(
    prices: Mapping[str, Decimal], estimate: Decimal | None, rule: LowPrice | None
) -> dict[str, LowPriceFlag]:
    """The offers whose price must be explained: with enough offers, below the median less so many standard deviations;
    with fewer, below the estimate of the entity by a percentage."""
    if rule is None or not prices:
        return {}
    if len(prices) >= rule.statistics_from_offers:
        found = list(prices.values())
        threshold = median(found) - Decimal(rule.deviations_below_median) * pstdev(found)
        how = "statistics"
    elif estimate is not None:
        threshold = estimate * (100 - Decimal(rule.percent_below_estimate)) / 100
        how = "estimate"
    else:
        return {}
    flag = LowPriceFlag(threshold.quantize(CENT, ROUND_HALF_UP), how)  # compared as it is told, to the cent
    return {code: flag for code, price in prices.items() if price < flag.threshold}


@dataclass(frozen=True)
class Offer:
    """`points` are all of it, where the method compares by them."""

    code: str
    price: Decimal | None
    complies: bool
    points: Fraction | None = None
    start: Decimal | None = None  # its price before the auction: between equal prices it decides

    def merit(self, *, is_upward: bool = False) -> tuple[Fraction, ...]:
        """Greater is better: its points, or how low its price is; in a sale, how high."""
        if self.points is not None:
            return (self.points,)
        sign, price = 1 if is_upward else -1, self.price or Decimal()
        return sign * Fraction(price), sign * Fraction(price if self.start is None else self.start)


@dataclass(frozen=True)
class Ranked:
    """A place in the order. `tied_with` names the offers of equal price or points that nothing has put in order yet."""

    code: str
    price: Decimal | None  # none while it is sealed
    rank: int
    tied_with: tuple[str, ...] = field(default=())
    points: Fraction | None = None


def rank(offers: Iterable[Offer], orders: Iterable[Sequence[str]] = (), *, is_upward: bool = False) -> list[Ranked]:
    """The complying offers from the most points down, or from the lowest price up; in a sale, from the highest down.
    `orders` are the decisions on ties, the last one last."""
    complying = {offer.code: offer for offer in offers if offer.complies}
    merits = {code: offer.merit(is_upward=is_upward) for code, offer in complying.items()}
    return [
        Ranked(place.code, complying[place.code].price, place.rank, place.tied_with, complying[place.code].points)
        for place in places(merits, list(orders))
    ]


def ties(ranking: Iterable[Ranked]) -> list[list[str]]:
    """The groups of offers that still share a place, best place first."""
    open_ones = [ranked for ranked in ranking if ranked.tied_with]
    return [sorted(r.code for r in group) for _place, group in groupby(open_ones, key=lambda ranked: ranked.rank)]


def drawn(codes: Iterable[str], seed: str) -> list[str]:
    """The order that the draw gives: by SHA-256 of seed, colon and code. Anybody can compute it again."""
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).hexdigest())
