"""What keeps a person tied to the platform: the rooms above say it, because this one cannot know their rows.

A room registers a function in its `reactions.py`: `@tie(LIVE)`, given the person's id and the moment, answers what of
theirs is open, in words. `CLOSING` ties forbid to close a user (guide of deactivation: no accepted access in any
account); `LIVE` ties stop the count of inactivity (nobody is cancelled while they hold an open process or a live
contract). And `@moves` says what goes from a duplicate registration to the one that is kept.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from pliego.kernel.objections import Text

Tie = Callable[[int, datetime], Iterable[Text]]
Move = Callable[[int, int, datetime], list[str]]
CLOSING, LIVE = "closing", "live"
_ties: dict[str, dict[str, Tie]] = {CLOSING: {}, LIVE: {}}
_moves: dict[str, Move] = {}


def tie(kind: str) -> Callable[[Tie], Tie]:
    def register(found: Tie) -> Tie:
        _ties[kind][f"{found.__module__}.{found.__name__}"] = found
        return found

    return register


def moves(found: Move) -> Move:
    """Register what moves one person's rows of a room to another person; it answers what it moved, as codes."""
    _moves[f"{found.__module__}.{found.__name__}"] = found
    return found


def of(kind: str, user_id: int, at: datetime) -> list[Text]:
    """Every open thing of that kind, from every room."""
    return [text for found in _ties[kind].values() for text in found(user_id, at)]


def move_all(from_id: int, to_id: int, at: datetime) -> list[str]:
    return [code for move in _moves.values() for code in move(from_id, to_id, at)]
