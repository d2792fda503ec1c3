"""From what was found in each offer to its points and its place. Pure: Python and the formulas of the price.

Guarantees: points are added as exact fractions, and only the formula of the price rounds (`conditions.formulas`); an
offer never has less than zero; who is alike in everything is tied until a decision, or the draw, puts them in order.
What the committee agreed is taken as it is; what the law counts (workers with a disability, fines) is counted here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from pliego.conditions import formulas
from pliego.conditions.formulas import Formula, Step

JUDGED = frozenset({"quality", "other"})  # each member scores it, and then all agree
WHOLE_OR_NOTHING = frozenset({"disability", "women", "mipyme"})
# Workers with a disability that the bidder must have, by the size of its staff: up to so many, at least so many.
# Decreto 1082 de 2015, art. 2.2.1.2.4.2.6 (Decreto 392 de 2018) [GK?]
LEAST_WITH_DISABILITY = ((30, 1), (100, 2), (150, 3), (200, 4))
MOST_ASKED = 5  # above the last of them
# Who was fined in the last year loses this percentage of all the points. Ley 2195 de 2022, art. 58 [GK?]
FINE_PERCENT, FINE_LAW = 2, "Ley 2195 de 2022, art. 58"
FINE = 0  # the number under which the loss is told among the factors


@dataclass(frozen=True, kw_only=True)
class Factor:
    """Something that gives points, as the pliego numbers it."""

    number: int
    kind: str
    most: Decimal
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an offer was found to deserve in a factor; of workers with a disability, how many there are."""

    points: Decimal = Decimal(0)
    staff: int | None = None
    with_disability: int | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offer that complies. `given` is by the number of the factor."""

    code: str
    price: Decimal | None = None
    given: Mapping[int, Given] = field(default_factory=dict)
    is_fined: bool = False


@dataclass(frozen=True)
class Score:
    """The points of an offer in a factor, and the sum that they come from in signs that every language reads."""

    offer: str
    factor: int
    sum: str
    points: Fraction


def scores(factors: Sequence[Factor], offers: Sequence[Offer], price_steps: Iterable[Step] = ()) -> list[Score]:
    """The points of each offer in each factor, and what a fine takes away. `price_steps`: see `price_steps_of`."""
    of_price = {step.offer: step for step in price_steps if step.offer != formulas.SHARED}
    whole = sum((Fraction(factor.most) for factor in factors), Fraction())
    found = []
    for offer in offers:
        found += [_score(offer, factor, of_price.get(offer.code)) for factor in factors]
        if offer.is_fined:
            lost = whole * FINE_PERCENT / 100
            found.append(Score(offer.code, FINE, f"− {FINE_PERCENT} % × {text(whole)}", -lost))
    return found


def price_steps_of(formula: Formula | None, offers: Sequence[Offer], official: Decimal) -> list[Step]:
    """The sums of the price; none where it gives no points, or while the price of one of the offers is sealed."""
    prices = {offer.code: offer.price for offer in offers if offer.price is not None}
    if formula is None or len(prices) < len(offers):
        return []
    return formulas.points(formula, prices, official)


def worked(
    factors: Sequence[Factor], offers: Sequence[Offer], formula: Formula | None, official: Decimal
) -> tuple[list[Step], list[Score]]:
    """The sums that all share, and those of each offer. Where the price gives points, nobody has any before the formula
    and all the prices are known."""
    steps = price_steps_of(formula, offers, official)
    if not steps and any(factor.kind == "price" for factor in factors):
        return [], []
    return [step for step in steps if step.offer == formulas.SHARED], scores(factors, offers, steps)


def _score(offer: Offer, factor: Factor, priced: Step | None) -> Score:
    given = offer.given.get(factor.number, Given())
    if factor.kind == "price":
        value = Fraction(priced.value) if priced else Fraction()
        return Score(offer.code, factor.number, priced.sum if priced else "", value)
    if factor.kind == "disability" and given.staff is not None:
        least, there = least_with_disability(given.staff), given.with_disability or 0
        sign, value = ("≥", Fraction(factor.most)) if there >= least else ("<", Fraction())
        return Score(offer.code, factor.number, f"{there} {sign} {least} ({given.staff})", value)
    value = min(max(Fraction(given.points), Fraction()), Fraction(factor.most))
    return Score(offer.code, factor.number, f"{text(value)} / {text(factor.most)}", value)


def least_with_disability(staff: int) -> int:
    """How many workers with a disability a bidder with so many workers must have."""
    return next((least for most, least in LEAST_WITH_DISABILITY if staff <= most), MOST_ASKED)


def totals(found: Iterable[Score]) -> dict[str, Fraction]:
    """The points of each offer, all its factors together."""
    added: dict[str, Fraction] = {}
    for score in found:
        added[score.offer] = added.get(score.offer, Fraction()) + score.points
    return {offer: max(total, Fraction()) for offer, total in added.items()}


def text(value: Fraction | Decimal | int) -> str:
    """An exact number: as a decimal when it ends, otherwise as a fraction."""
    value = Fraction(value)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    return formulas.text(Decimal(value.numerator) / Decimal(value.denominator))


@dataclass(frozen=True)
class Place:
    """A place in the order. `tied_with` names those of equal merit that nothing has put in order yet."""

    code: str
    rank: int
    tied_with: tuple[str, ...] = ()


def places(merits: Mapping[str, Any], orders: Sequence[Sequence[str]] = ()) -> list[Place]:
    """From the greatest merit down: points, or what a price falls short of; tuples, where there is a second measure
    between those alike. `orders` are the decisions on ties, the last one last."""
    found: list[Place] = []
    best_first = sorted(sorted(merits), key=lambda code: merits[code], reverse=True)  # among equals, by their code
    for _merit, group in groupby(best_first, key=lambda code: merits[code]):
        codes, place = list(group), len(found) + 1
        order = next((said for said in reversed(orders) if sorted(said) == codes), None)
        if len(codes) == 1 or order is not None:
            found += [Place(code, place + further) for further, code in enumerate(order or codes)]
        else:
            found += [Place(code, place, tuple(other for other in codes if other != code)) for code in codes]
    return found
