"""State machines as tables.

Guarantees: a legal state changes only through a row of its table; the same table makes the database trigger
(`kernel.integrity`), the buttons, the diagrams of docs/generated and the OCDS status.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused, Text, gather

Rule = Callable[[Any, datetime], Objection | Iterable[Objection] | None]


@dataclass(frozen=True)
class State:
    code: str
    title: Text
    ocds: str = ""


@dataclass(frozen=True, init=False)
class Row:
    """`act` moves `sources` to `target` unless one of the rules in `refuse` objects."""

    act: str
    sources: tuple[str, ...]
    target: str
    refuse: tuple[Rule, ...]

    def __init__(
        self, act: str, source: str | tuple[str, ...], target: str, refuse: Iterable[Rule] | Rule = ()
    ) -> None:
        object.__setattr__(self, "act", act)
        object.__setattr__(self, "sources", (source,) if isinstance(source, str) else tuple(source))
        object.__setattr__(self, "target", target)
        object.__setattr__(self, "refuse", (refuse,) if callable(refuse) else tuple(refuse))


class Machine:
    """The states of one model field and every legal move between them. The first state is the initial one."""

    registry: list["Machine"] = []

    def __init__(
        self, *, model: str, title: Text, states: Iterable[State], rows: Iterable[Row], field: str = "state"
    ) -> None:
        self.model, self.title, self.field = model, title, field
        self.states = {state.code: state for state in states}
        self.rows = tuple(rows)
        self.initial = next(iter(self.states))
        for row in self.rows:
            if unknown := ({*row.sources, row.target} - self.states.keys()):
                raise ValueError(f"{model}: the row {row.act} names unknown states {unknown}")
        if any(machine.model == model and machine.field == field for machine in Machine.registry):
            raise ValueError(f"{model}.{field} has two tables of states")
        Machine.registry.append(self)

    @property
    def acts(self) -> list[str]:
        return list(dict.fromkeys(row.act for row in self.rows))

    @property
    def moves(self) -> set[tuple[str, str]]:
        return {(source, row.target) for row in self.rows for source in row.sources}

    @property
    def choices(self) -> list[tuple[str, Text]]:
        return [(state.code, state.title) for state in self.states.values()]

    def label(self, code: str) -> Text:
        return self.states[code].title

    def ocds(self, code: str) -> str:
        return self.states[code].ocds

    def row(self, act: str, state: str) -> Row | None:
        return next((row for row in self.rows if row.act == act and state in row.sources), None)

    def allows(self, obj: Any, act: str) -> bool:
        """Whether the act exists from the object's present state, whatever its rules say."""
        return self.row(act, getattr(obj, self.field)) is not None

    def objections(self, obj: Any, act: str, *, at: datetime) -> list[Objection]:
        """Everything that stands against `act` now; empty when it may happen."""
        if act not in self.acts:
            raise ValueError(f"{self.model} has no act {act!r}")
        state = getattr(obj, self.field)
        row = self.row(act, state)
        if row is None:
            sentence = _("This is not possible while the state is “%(state)s”.") % {"state": self.label(state)}
            return [Objection("wrong_state", sentence)]
        return gather(*(rule(obj, at) for rule in row.refuse))

    def fire(self, obj: Any, act: str, *, at: datetime) -> None:
        """Move `obj` or raise Refused with all objections. The caller holds the row lock and saves."""
        if objections := self.objections(obj, act, at=at):
            raise Refused(*objections)
        row = self.row(act, getattr(obj, self.field))
        assert row is not None
        setattr(obj, self.field, row.target)
