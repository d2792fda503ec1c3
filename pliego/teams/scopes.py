"""What a team may be of, as the rooms above say it: the sections that it shares out, and the flows it may write.

Each room registers its scope in its `approvals.py`; nothing here knows what a plan or a process is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import format_lazy

from pliego.authority.kinds import KINDS
from pliego.kernel.objections import Text, Unknown


@dataclass(frozen=True)
class TeamFlow:
    """A flow that a team may have: of a kind of act and, where the act is not always the same, of one case of it."""

    code: str
    kind: str
    title: Text
    case: str = ""

    def owner(self, team_code: str) -> str:
        return f"{team_code}:{self.case}" if self.case else team_code


@dataclass(frozen=True)
class Scope:
    """`is_required`: while teams are on, each new draft names one."""

    code: str
    title: Text
    question: Text
    sections: Mapping[str, Text]
    flows: tuple[TeamFlow, ...]
    is_required: bool = False

    def flow(self, code: str) -> TeamFlow:
        found = next((flow for flow in self.flows if flow.code == code), None)
        if found is None:
            raise Unknown()
        return found


SCOPES: dict[str, Scope] = {}


def register(scope: Scope) -> None:
    SCOPES[scope.code] = scope


def flows_of(*kinds: str) -> tuple[TeamFlow, ...]:
    """One flow for each of these kinds of act."""
    return tuple(TeamFlow(kind, kind, KINDS[kind].title) for kind in kinds)


def scope_of(code: str) -> Scope:
    if code not in SCOPES:
        raise Unknown()
    return SCOPES[code]


def section_title(code: str) -> Text | None:
    """“Annual plan: Lines” of `plan.lines`."""
    name, _dot, section = code.partition(".")
    scope = SCOPES.get(name)
    if scope is None or section not in scope.sections:
        return None
    return format_lazy("{scope}: {section}", scope=scope.title, section=scope.sections[section])
