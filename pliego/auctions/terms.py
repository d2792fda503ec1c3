"""The arithmetic of an auction: what improves, until when, and who is where. Pure.

Guarantees: a valid bid improves the best one that stands by the margin at least, however amounts are rounded; an end is
half-open; nobody stands before another of equal value but by the lower initial price, and the rest is a tie.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from string import ascii_uppercase

from pliego.evaluation.scoring import Offer, Ranked, rank

CENT, MICRO = Decimal("0.01"), Decimal("0.000001")
# A bid that improves by more than this is asked about before it counts: a digit too few cannot be taken back. [GK?]
LARGE_STEP = Decimal(20)


def whole_minute(moment: datetime) -> datetime:
    """That moment, or the next whole minute after it."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the pliego says of the auction. `margin` is a percentage of the best bid that stands, or an amount."""

    is_upward: bool = False
    by: str = "total"  # or "items": bids say unit prices
    compares: str = "price"  # or "coefficient": the price for each hundred points of quality
    margin_kind: str = "percent"
    margin: Decimal = Decimal(1)
    warning: int = 15  # minutes from the opening of the initial prices to the start
    minutes: int = 30
    window: int = 0
    extension: int = 0
    most_extensions: int | None = None

    @property
    def unit(self) -> Decimal:
        return CENT if self.compares == "price" else MICRO

    def value(self, price: Decimal, quality: Decimal | None = None) -> Decimal:
        """What is compared: the price, or the price for each hundred points of quality."""
        if self.compares == "price" or not quality:
            return price
        return (price * 100 / quality).quantize(MICRO, ROUND_HALF_UP)

    def start(self, opened_at: datetime, due_at: datetime | None) -> datetime:
        """Never before its date, nor before bidders had time to enter; at a whole minute, which nobody misreads."""
        return whole_minute(max(opened_at + timedelta(minutes=self.warning), due_at or opened_at))

    def step(self, best: Decimal) -> Decimal:
        return best * self.margin / 100 if self.margin_kind == "percent" else self.margin

    def threshold(self, best: Decimal) -> Decimal:
        """The value that the next valid bid must reach."""
        if self.is_upward:
            return (best + self.step(best)).quantize(self.unit, ROUND_CEILING)
        return (best - self.step(best)).quantize(self.unit, ROUND_FLOOR)

    def improves(self, value: Decimal, best: Decimal) -> bool:
        limit = self.threshold(best)
        return value >= limit if self.is_upward else value <= limit

    def falls_short(self, best: Decimal, values: Iterable[Decimal]) -> list[Decimal]:
        """Of those last values, the ones that no auction here could give: from the worst to the best, each improves the
        one before it by the margin, and the first of them the best initial one."""
        short = []
        for value in sorted(values, reverse=not self.is_upward):
            if not self.improves(value, best):
                short.append(value)
            best = max(best, value) if self.is_upward else min(best, value)
        return short

    def price_to_reach(self, best: Decimal, quality: Decimal | None = None) -> Decimal:
        """The price with which a bidder of that quality improves the best value that stands, to the cent."""
        limit = self.threshold(best)
        if self.compares == "price" or not quality:
            return limit
        return (limit * quality / 100).quantize(CENT, ROUND_FLOOR)

    def is_large(self, value: Decimal, best: Decimal) -> bool:
        """Whether a bid improves so much that it may be a mistake of typing."""
        return bool(best) and abs(best - value) * 100 / best > LARGE_STEP

    def extended(self, at: datetime, ends_at: datetime, extensions: int) -> datetime | None:
        """The new end, when a valid bid of that moment falls in the last minutes."""
        in_window = ends_at - timedelta(minutes=self.window) <= at < ends_at
        is_left = self.most_extensions is None or extensions < self.most_extensions
        return ends_at + timedelta(minutes=self.extension) if self.extension and in_window and is_left else None


@dataclass(frozen=True)
class Standing:
    """Where a bidder stands: with its last valid price, or with the initial one."""

    code: str
    initial: Decimal
    price: Decimal
    quality: Decimal | None = None


def order(standings: Iterable[Standing], terms: Terms, decided: Iterable[Sequence[str]] = ()) -> list[Ranked]:
    """From the best down. Equal values go by the better initial one (Decreto 1082 de 2015, art. 2.2.1.2.1.2.2); if
    that is equal too it is a tie, until `decided` says otherwise."""
    rows = {row.code: row for row in standings}
    offers = [
        Offer(row.code, terms.value(row.price, row.quality), complies=True, start=terms.value(row.initial, row.quality))
        for row in rows.values()
    ]
    ranked = rank(offers, decided, is_upward=terms.is_upward)
    return [replace(one, price=rows[one.code].price) for one in ranked]


def alias(number: int) -> str:
    """A, B… Z, AA, AB…"""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
    return letters
