"""How a price becomes points. Pure: no Django, no database, no clock.

Guarantees: everything is Decimal with fifty digits, whatever the context of the caller; the reference value of a
formula (a mean, the median, the lowest price) is rounded to the cent, half up, before it is used; points are rounded to
`decimals`, half up, once, at the end; nobody has less than zero or more than `most`. So whoever has a calculator finds
the same points. The order of the prices changes nothing, and neither does multiplying all amounts by the same number,
but for the cents.

`points(formula, prices, official)` gives every step: first those that all offers share, then the points of each offer.
`scores(steps)` takes the points out of them. Which offers take part (those that comply, those whose low price was
explained) is decided by who calls.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

CENT = Decimal("0.01")
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
SHARED = ""
# The documentos tipo draw the formula from the two first decimals of the exchange rate (TRM): 00 to 24, 25 to 49, 50 to
# 74, 75 to 99.
RANGES = ((0, 24), (25, 49), (50, 74), (75, 99))
DRAWN = ("median", "geometric_mean", "low_mean", "lowest")


@dataclass(frozen=True, kw_only=True)
class Formula:
    """`most` are the points of the best price. `official_share` is the weight of the official estimate, of 100, in the
    weighted mean."""

    kind: str
    most: Decimal
    decimals: int = 2
    official_share: Decimal = Decimal(50)


@dataclass(frozen=True)
class Step:
    """One sum. `offer` is the code of the offer, or "" for what all share; `name` is "mean", "reference", "points"…;
    `sum` is the sum with its numbers, in signs that every language reads; `value` is what it comes to."""

    offer: str
    name: str
    sum: str
    value: Decimal


Reference = Callable[[Formula, Sequence[Decimal], Decimal], Iterable[Step]]


@dataclass(frozen=True)
class Rule:
    """How a formula finds its reference, and how much is lost, per part of the reference, above and below it.

    `nearest`: the price nearest to the reference has all the points, and the others lose by their distance.
    """

    reference: Reference
    above: int = 1
    nearest: bool = False
    needs_official: bool = False


def text(amount: Decimal) -> str:
    """An amount in a sum: no grouping, no needless zeros."""
    return format(amount.normalize() if amount else Decimal(0), "f")


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _joined(amounts: Iterable[Decimal], sign: str) -> str:
    return f" {sign} ".join(map(text, amounts))


def _listed(amounts: Iterable[Decimal]) -> str:
    return "; ".join(map(text, amounts))


def _mean(prices: Sequence[Decimal], name: str = "mean") -> Step:
    value = _cents(sum(prices, Decimal()) / len(prices))
    return Step(SHARED, name, f"({_joined(prices, '+')}) ÷ {len(prices)}", value)


def _root(amounts: Sequence[Decimal]) -> Step:
    """The geometric mean: the n-th root of the product of n amounts, by logarithms."""
    value = _cents((sum((amount.ln() for amount in amounts), Decimal()) / len(amounts)).exp())
    return Step(SHARED, "reference", f"({_joined(amounts, '×')}) ^ (1 ÷ {len(amounts)})", value)


def lowest(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    yield Step(SHARED, "reference", f"min({_listed(prices)})", prices[0])


def arithmetic_mean(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    yield _mean(prices, "reference")


def _mean_with(prices: Sequence[Decimal], other: Decimal) -> Iterable[Step]:
    mean = _mean(prices)
    yield mean
    value = _cents((other + mean.value) / 2)
    yield Step(SHARED, "reference", f"({text(other)} + {text(mean.value)}) ÷ 2", value)


def high_mean(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    return _mean_with(prices, prices[-1])


def low_mean(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    return _mean_with(prices, prices[0])


def geometric_mean(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    yield _root(prices)


def geometric_with_official(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    """The official estimate goes in once for one to three offers, twice for four to six, and so on."""
    times = -(-len(prices) // 3)
    yield Step(SHARED, "times", f"⌈{len(prices)} ÷ 3⌉", Decimal(times))
    yield _root([*[official] * times, *prices])


def median(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    """The price in the middle; with an even number, the one just below the middle, so that it is always somebody's."""
    yield Step(SHARED, "reference", f"Me({_listed(prices)})", prices[(len(prices) - 1) // 2])


def weighted_mean(formula: Formula, prices: Sequence[Decimal], official: Decimal) -> Iterable[Step]:
    mean = _mean(prices)
    yield mean
    share, rest = formula.official_share, 100 - formula.official_share
    words = f"{text(share)} % × {text(official)} + {text(rest)} % × {text(mean.value)}"
    yield Step(SHARED, "reference", words, _cents((share * official + rest * mean.value) / 100))


RULES = {
    "lowest": Rule(lowest),
    "arithmetic_mean": Rule(arithmetic_mean, above=2),
    "high_mean": Rule(high_mean, above=2),
    "low_mean": Rule(low_mean),
    "geometric_mean": Rule(geometric_mean, nearest=True),
    "geometric_with_official": Rule(geometric_with_official, above=2, needs_official=True),
    "median": Rule(median),
    "weighted_mean": Rule(weighted_mean, above=2, needs_official=True),
}


def points(formula: Formula, prices: Mapping[str, Decimal], official: Decimal) -> list[Step]:
    """Every step from the prices to the points of each offer, in the order of the offers.

    `official` is the official estimate: formulas that do not need it take no notice. Raises ValueError when a price is
    not above zero, when the formula is unknown, or when it needs an official estimate and there is none.
    """
    if not prices:
        return []
    rule = RULES.get(formula.kind)
    if rule is None:
        raise ValueError(f"there is no formula {formula.kind}")
    if min(prices.values()) <= 0 or (rule.needs_official and official <= 0):
        raise ValueError("a price must be above zero")
    with localcontext(EXACT):
        steps = list(rule.reference(formula, sorted(prices.values()), official))
        reference = steps[-1].value
        best = min(abs(price - reference) for price in prices.values())
        for offer, price in prices.items():
            is_best = rule.nearest and abs(price - reference) == best
            steps.append(_scored(formula, rule, offer, price, reference, is_best=is_best))
    return steps


def _scored(formula: Formula, rule: Rule, offer: str, price: Decimal, reference: Decimal, *, is_best: bool) -> Step:
    most = formula.most
    if is_best:
        return Step(offer, "points", text(most), _rounded(most, formula))
    if formula.kind == "lowest":
        words = f"{text(most)} × {text(reference)} ÷ {text(price)}"
        return Step(offer, "points", words, _rounded(most * reference / price, formula))
    is_above = price > reference
    times = rule.above if is_above else 1
    high, low = (price, reference) if is_above else (reference, price)
    double = f"{times} × " if times > 1 else ""
    words = f"{text(most)} × (1 − {double}({text(high)} − {text(low)}) ÷ {text(reference)})"
    return Step(offer, "points", words, _rounded(most * (1 - times * (high - low) / reference), formula))


def _rounded(value: Decimal, formula: Formula) -> Decimal:
    inside = min(max(value, Decimal(0)), formula.most)
    return inside.quantize(Decimal(1).scaleb(-formula.decimals), ROUND_HALF_UP)


def scores(steps: Iterable[Step]) -> dict[str, Decimal]:
    """The points of each offer."""
    return {step.offer: step.value for step in steps if step.offer != SHARED}


def drawn(rate: Decimal, kinds: Sequence[str] = DRAWN) -> str:
    """Which formula the exchange rate draws: by its two first decimals, cut and not rounded."""
    hundredths = int(Fraction(rate) * 100) % 100
    return next(kind for kind, (first, last) in zip(kinds, RANGES, strict=True) if first <= hundredths <= last)
