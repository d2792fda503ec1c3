"""The bids as a drawing: how the best price went from the initial one to the last. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 120, 20, 20, 40


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    number: int
    alias: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True)
class Chart:
    """`line` goes by steps: the best price stands until the next bid."""

    points: list[Point]
    line: str
    first: Decimal
    last: Decimal
    first_y: int
    last_y: int
    starts_at: datetime
    ends_at: datetime
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM
    right: int = WIDTH - RIGHT


def chart(*, first: Decimal, starts_at: datetime, ends_at: datetime, bids: Sequence[Any]) -> Chart:
    """`bids` in their order, each with number, alias, amount and received_at; `first` is the best initial price."""
    amounts = [first, *(bid.amount for bid in bids)]
    top, least = max(amounts), min(amounts)
    span = (ends_at - starts_at).total_seconds() or 1.0

    def x(at: datetime) -> int:
        share = min(1.0, max(0.0, (at - starts_at).total_seconds() / span))
        return LEFT + round(share * (WIDTH - LEFT - RIGHT))

    def y(amount: Decimal) -> int:
        share = (top - amount) / (top - least) if top > least else Decimal(0)
        return TOP + round(share * (HEIGHT - TOP - BOTTOM))

    points = [Point(x(b.received_at), y(b.amount), b.number, b.alias, b.amount, b.received_at) for b in bids]
    steps, before = [f"{LEFT},{y(first)}"], y(first)
    for point in points:
        steps += [f"{point.x},{before}", f"{point.x},{point.y}"]
        before = point.y
    steps.append(f"{WIDTH - RIGHT},{before}")
    return Chart(points, " ".join(steps), first, amounts[-1], y(first), before, starts_at, ends_at)
