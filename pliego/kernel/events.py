"""What rooms announce, and who listens. The table of reactions is filled by `@on` in each room's reactions.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pliego.kernel.objections import Text


@dataclass(frozen=True, kw_only=True)
class Event:
    """An act that happened. `file` is the expediente it belongs to; `data` is JSON and goes into the ledger as it is.

    While `public` is false the world sees only the hash of the act, until it is disclosed.
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    public: ClassVar[bool] = True
    registry: ClassVar[dict[str, type["Event"]]] = {}

    file: str
    subject_id: int
    data: dict[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "code"):
            return
        known = Event.registry.setdefault(cls.code, cls)
        if known is not cls and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"two events are called {cls.code}")
        Event.registry[cls.code] = cls


@dataclass(frozen=True, kw_only=True)
class Announced:
    """An event as a reaction receives it: with its ledger entry, its moment and its author."""

    entry_id: int
    code: str
    file: str
    subject_id: int
    data: dict[str, Any]
    documents: tuple[str, ...]
    at: datetime
    actor_name: str
    actor_user_id: int | None
    account_id: int | None


Reaction = Callable[[Announced], None]
REACTIONS: dict[str, dict[str, Reaction]] = {}


def on(*events: type[Event]) -> Callable[[Reaction], Reaction]:
    """Subscribe a reaction. It runs in the worker, in its own transaction, at least once: it must be idempotent."""

    def subscribe(reaction: Reaction) -> Reaction:
        name = f"{reaction.__module__}.{reaction.__name__}"
        for event in events:
            REACTIONS.setdefault(event.code, {})[name] = reaction
        return reaction

    return subscribe


def title_of(code: str) -> Text:
    event = Event.registry.get(code)
    return event.title if event else code
