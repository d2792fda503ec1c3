"""What each payment of the pliego's plan comes to: its amount, what of it pays back the advance, and what is left.

Guarantees: amounts are exact to the cent; the payments add up to what the plan covers, the last one taking what
rounding left; what is paid back never exceeds the advance; the advance and what is left are together the whole value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pliego.kernel.money import rounded

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Payment:
    title: str
    percent: Decimal
    amount: Decimal
    paid_back: Decimal
    row: Any = None

    @property
    def left(self) -> Decimal:
        return self.amount - self.paid_back


def advance_of(value: Decimal, content: Any) -> Decimal:
    """What is paid before anything is received, of either kind."""
    has_one = content.advance_kind in {"advance", "prepayment"}
    return rounded(value * (content.advance_percent or 0) / HUNDRED) if has_one else Decimal(0)


def covered(value: Decimal, content: Any) -> Decimal:
    """What the payments of the plan add up to: a prepayment is itself a payment, an advance is paid back."""
    return value - advance_of(value, content) if content.advance_kind == "prepayment" else value


def plan(value: Decimal, content: Any) -> list[Payment]:
    """The payments; none while one of them has neither a percentage nor an amount."""
    rows: Sequence[Any] = content.milestones
    if not rows or any(row.percent is None and row.amount is None for row in rows):
        return []
    amounts = [rounded(value * row.percent / HUNDRED) if row.amount is None else row.amount for row in rows]
    if rows[-1].amount is None and is_whole(value, content):
        amounts[-1] += covered(value, content) - sum(amounts)
    owed = advance_of(value, content) if content.advance_kind == "advance" else Decimal(0)
    share = content.amortisation_percent if content.amortisation_percent is not None else content.advance_percent
    found: list[Payment] = []
    for place, (row, amount) in enumerate(zip(rows, amounts, strict=True), 1):
        back = owed if place == len(rows) else rounded(amount * (share or 0) / HUNDRED)
        back = min(back, owed, amount)
        owed -= back
        found.append(Payment(row.title, amount * HUNDRED / value, amount, back, row))
    return found


def is_whole(value: Decimal, content: Any) -> bool:
    """Whether the payments add up to what they must: by their percentages, by their amounts, or by both."""
    percents = [row.percent for row in content.milestones if row.amount is None]
    amounts = sum((row.amount for row in content.milestones if row.amount is not None), Decimal())
    if None in percents:
        return False
    if not amounts:
        prepaid = content.advance_percent or 0 if content.advance_kind == "prepayment" else 0
        return bool(sum(percents, Decimal()) == HUNDRED - prepaid)
    rest = sum((rounded(value * percent / HUNDRED) for percent in percents if percent is not None), Decimal())
    return bool(amounts + rest == covered(value, content))
