"""What puts the offers in order where the method compares them after the report: a room above registers it."""

from collections.abc import Callable
from typing import Any

from pliego.evaluation.scoring import Ranked

Orders = dict[int | None, list[Ranked]]  # by lot; of a process that is one whole, under None
Compare = Callable[[Any], Orders | None]

_known: list[Compare] = []


def register(compare: Compare) -> None:
    """`compare(evaluation)` answers the order that awards, or None while it is not known or not its to say."""
    _known.append(compare)


def orders_of(evaluation: Any) -> Orders | None:
    return next((found for compare in _known if (found := compare(evaluation)) is not None), None)
