"""Prices and order: the arithmetic of an evaluation by lowest price. Pure.

Guarantees: sums are exact; nobody is ranked who does not comply; equal prices are a tie until somebody with reasons, or
the draw, puts them in order; the draw depends on nothing but the published seed and the codes of the tied offers.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from statistics import median, pstdev
from typing import Any

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
    flag = LowPriceFlag(threshold.quantize(CENT), how)
    return {code: flag for code, price in prices.items() if price < threshold}


@dataclass(frozen=True)
class Offer:
    code: str
    price: Decimal
    complies: bool
    start: Decimal | None = None  # its price before the auction: between equal prices it decides


@dataclass(frozen=True)
class Ranked:
    """A place in the order. `tied_with` names the offers of equal price that nothing has put in order yet."""

    code: str
    price: Decimal | None  # none while it is sealed
    rank: int
    tied_with: tuple[str, ...] = field(default=())


def rank(offers: Iterable[Offer], orders: Iterable[Sequence[str]] = (), *, is_upward: bool = False) -> list[Ranked]:
    """The complying offers from the lowest price up, or in a sale from the highest down. `orders` are the decisions on
    ties, the last one last."""
    sign = -1 if is_upward else 1

    def merit(offer: Offer) -> tuple[Decimal, Decimal]:
        start = offer.price if offer.start is None else offer.start
        return sign * offer.price, sign * start

    complying = sorted((offer for offer in offers if offer.complies), key=lambda offer: (*merit(offer), offer.code))
    decided = list(orders)
    found: list[Ranked] = []
    for (signed, _start), group in groupby(complying, key=merit):
        price, codes = sign * signed, [offer.code for offer in group]
        place = len(found) + 1
        if len(codes) == 1:
            found.append(Ranked(codes[0], price, place))
        elif (order := _order_of(codes, decided)) is not None:
            found += [Ranked(code, price, place + i) for i, code in enumerate(order)]
        else:
            found += [Ranked(code, price, place, tuple(c for c in codes if c != code)) for code in codes]
    return found


def _order_of(codes: Sequence[str], decided: Sequence[Sequence[str]]) -> Sequence[str] | None:
    return next((order for order in reversed(decided) if sorted(order) == sorted(codes)), None)


def ties(ranking: Iterable[Ranked]) -> list[list[str]]:
    """The groups of offers that still share a place, best place first."""
    open_ones = [ranked for ranked in ranking if ranked.tied_with]
    return [sorted(r.code for r in group) for _place, group in groupby(open_ones, key=lambda ranked: ranked.rank)]


def drawn(codes: Iterable[str], seed: str) -> list[str]:
    """The order that the draw gives: by SHA-256 of seed, colon and code. Anybody can compute it again."""
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).hexdigest())
