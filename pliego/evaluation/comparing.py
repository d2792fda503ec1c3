"""What puts the offers in order where the method compares them after the report: a room above registers it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pliego.evaluation.scoring import Ranked

Orders = dict[int | None, list[Ranked]]  # by lot; of a process that is one whole, under None
Compare = Callable[[Any], Orders | None]

_known: list[Compare] = []


def register(compare: Compare) -> None:
    """`compare(evaluation)` answers the order that awards, or None while it is not known or not its to say."""
    _known.append(compare)


def orders_of(evaluation: Any) -> Orders | None:
    """The order that awards, without those whose low price was not taken after it."""
    found = next((found for compare in _known if (found := compare(evaluation)) is not None), None)
    if found is None:
        return None
    rows = evaluation.assessments.filter(complies=True).values_list("bid__code")
    fit = {(None, *row) for row in rows}
    if evaluation.tender.lot_numbers:
        fit = set(rows.filter(lots__complies=True).values_list("lots__number", "bid__code"))
    return {
        lot: [
            replace(ranked, tied_with=tuple(code for code in ranked.tied_with if (lot, code) in fit))
            for ranked in order
            if (lot, ranked.code) in fit
        ]
        for lot, order in found.items()
    }
