"""What is asked of a team before it is kept. Plain checks; nothing changes here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection
from pliego.teams.scopes import Scope


@dataclass(frozen=True)
class MemberData:
    """A person (their code) or a group (its code), never both; `edits` are codes of sections."""

    person: str = ""
    group: str = ""
    edits: tuple[str, ...] = ()

    @classmethod
    def called(cls, who: str, edits: Iterable[str] = ()) -> "MemberData":
        """From `p:` and a person's code, or `g:` and a group's."""
        kind, _colon, code = who.partition(":")
        return cls(code if kind == "p" else "", code if kind == "g" else "", tuple(edits))

    @property
    def who(self) -> str:
        return f"p:{self.person}" if self.person else f"g:{self.group}"


@dataclass(frozen=True)
class TeamData:
    name: str
    is_active: bool = True
    members: tuple[MemberData, ...] = ()


def team_is_wrong(name: str, members: Iterable[MemberData], scope: Scope) -> Iterator[Objection]:
    if not name.strip():
        yield Objection("missing", _("Write the name."), "name")
    seen = set()
    for member in members:
        if bool(member.person) == bool(member.group):
            yield Objection("nobody", _("Choose a person or a group."), "who")
        elif member.who in seen:
            yield Objection("member_twice", _("Each person and each group is in the team once."), "who")
        if set(member.edits) - scope.sections.keys():
            yield Objection("section_unknown", _("Choose sections of the list."), "edits")
        seen.add(member.who)
