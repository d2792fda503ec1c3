"""The two axes of an imported contract: the stage of its life, and what happened to it (`contract_states.toml`).

A stage that only the dates of the contract tell depends on the day it is asked: it is compared then, never kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.contracts.changes import HAPPENED
from pliego.contracts.states import CONTRACT
from pliego.kernel.objections import Text
from pliego.publication.folding import slug
from pliego.publication.imports.tables import contract_state

Record = dict[str, Any]
# What the source tells, and our own contracts say more exactly.
SAID: dict[str, Text] = {**HAPPENED, "modified": _("Modified; the source does not say how")}
UNKNOWN: dict[str, Text] = {
    "no_state": _("The source gives no state."),
    "unknown_literal": _("This word is not in our table of the states of the source."),
    "no_contract": _("It is a state of the process: there was no contract yet."),
    "cancelled": _("The source does not say at which stage it was cancelled."),
    "no_dates": _("The word hides the stage, and the source gives no dates that would tell it."),
}
BY_DATES = "dates"
STOPPED = {"running": "resumed"}  # what is said of one that was suspended, where the source now says that it runs


@dataclass(frozen=True)
class Axes:
    """`stage` is of `contracts.states`; where it is empty, `unknown` says why."""

    stage: str
    happened: tuple[str, ...]
    unknown: str = ""
    is_by_dates: bool = False

    @property
    def outcome(self) -> str:
        """As it is counted."""
        return self.stage or f"?{self.unknown}"

    @property
    def title(self) -> Text:
        return CONTRACT.label(self.stage) if self.stage else _("Stage not known")

    @property
    def happened_titles(self) -> list[Text]:
        return [title for code, title in SAID.items() if code in self.happened]


def happened_in(record: Record) -> list[str]:
    """What one row says that happened; the rows of a contract are added up (`merging`)."""
    found = set(contract_state(slug(record.get("state", ""))).get("happened", ()))
    if record.get("days_added"):
        found.add("extended")
    return sorted(found)


def axes_of(record: Record, today: date) -> Axes:
    """Both axes of a contract, by the last word of the source and by its dates where that word hides the stage."""
    literal = contract_state(slug(record.get("state", "")))
    told, unknown = str(literal.get("stage", "")), str(literal.get("unknown", ""))
    stage = stage_on(record, today) if told == BY_DATES else told
    if not stage:
        why = "no_dates" if told else unknown or ("unknown_literal" if record.get("state") else "no_state")
        return Axes("", tuple(_since(record, literal, "")), why)
    return Axes(stage, tuple(_since(record, literal, told)), is_by_dates=told == BY_DATES)


def _since(record: Record, literal: Record, told: str) -> Iterator[str]:
    """Whoever was suspended is so while the source says it; nobody says that it resumed but its running again."""
    for code in record.get("happened", ()):
        if code == "suspended" and code not in literal.get("happened", ()):
            yield from filter(None, [STOPPED.get(told)])
        else:
            yield code


def stage_on(record: Record, today: date) -> str:
    """Of a signed contract that is not closed: before its term, in it, or past it. Empty where dates do not tell."""
    starts, ends, day = record.get("starts_on", "")[:10], record.get("ends_on", "")[:10], today.isoformat()
    if starts and ends and starts > ends:
        return ""
    if ends and ends < day:
        return "completed"
    if starts and starts > day:
        return "signed"
    return "running" if starts and ends else ""
