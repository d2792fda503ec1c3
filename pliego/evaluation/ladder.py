"""The tie-break ladder, climbed rung by rung. Pure.

Guarantees: a rung only ever keeps some of those who are left, and one that favours none of them, or all, decides
nothing; what is left after the last rung is drawn, and so are those who fell together, because the law only chooses who
goes first. The order depends on the steps, the seed and the codes, and on nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pliego.evaluation.scoring import drawn


@dataclass(frozen=True)
class Step:
    """A rung that was looked at: which of the tied offers it favours, and what proves it, or that none has it."""

    rung: int
    favoured: tuple[str, ...] = ()
    evidence: str = ""


def left_after(tied: Sequence[str], steps: Sequence[Step]) -> list[list[str]]:
    """Who is left before the first step and after each of them."""
    found = [sorted(tied)]
    for step in steps:
        kept = [code for code in found[-1] if code in step.favoured]
        found.append(kept or found[-1])
    return found


def needed(tied: Sequence[str], steps: Sequence[Step]) -> list[Step]:
    """The steps until one offer is left: what comes after decides nothing."""
    left = left_after(tied, steps)
    return [step for place, step in enumerate(steps) if len(left[place]) > 1]


def order(tied: Sequence[str], steps: Sequence[Step], seed: str) -> list[str]:
    """Who goes first, and the others by how far they got; those who got as far, as the draw says."""
    left = left_after(tied, steps)
    found = drawn(left[-1], seed)
    for before, after in zip(reversed(left[:-1]), reversed(left[1:]), strict=True):
        found += drawn([code for code in before if code not in after], seed)
    return found


def is_drawn(tied: Sequence[str], steps: Sequence[Step]) -> bool:
    """Whether the draw, and no rung, says who goes first."""
    return len(left_after(tied, steps)[-1]) > 1
