"""What the publication of a modification does to its contract. Nothing else changes one that is signed."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.contracts import changes
from pliego.contracts.states import CONTRACT

# What the rooms above do of their own when one of a kind is published: (contract as it is now, modification).
AFTER: "dict[str, list[Callable[[Any, Any], None]]]" = {code: [] for code in changes.KINDS}


def apply(contract: Any, modification: Any, at: datetime) -> None:
    """The contract, held, is another version of itself. Writes in the two objects and saves neither."""
    kind = modification.of
    for field, change in modification.changes.items():
        if field != "supplier":
            setattr(contract, field, changes.value_of(field, change["new"]))
    if modification.party is not None:
        modification.given_by, contract.supplier = contract.supplier, modification.party
        contract.assigned_at = at
    if kind.sign == 1 and modification.amount is not None:
        contract.budget_commitment = f"{contract.budget_commitment}, {modification.budget_commitment}"
        contract.budget_commitment_amount = (contract.budget_commitment_amount or Decimal(0)) + modification.amount
    contract.happened = happened_after(contract.happened, kind, modification.changes)
    if kind.ends:
        CONTRACT.fire(contract, "complete", at=at)
    contract.version += 1
    modification.version = contract.version


def happened_after(happened: list[str], kind: changes.Kind, changed: dict[str, Any]) -> list[str]:
    """What is said of a contract once it was modified so, in one order."""
    moved = {"extended"} if kind.may_move_end and "ends_on" in changed else set()
    found = (set(happened) | moved | {kind.leaves}) - set(kind.clears)
    return [code for code in changes.HAPPENED if code in found]


def carry_on(contract: Any, modification: Any) -> None:
    """What follows from it in the rooms above, in the same transaction."""
    for follow in AFTER[modification.kind]:
        follow(contract, modification)
