"""Worlds of this room: an entity that works with teams, and one of its teams."""

from datetime import datetime

from pliego.authority.tests.given import code
from pliego.kernel.actors import Actor
from pliego.teams import services
from pliego.teams.models import Team
from pliego.teams.rules import MemberData, TeamData


def on(actor: Actor, at: datetime, scope: str = "process", *, is_on: bool = True) -> None:
    services.set_switch(actor=actor, scope=scope, is_on=is_on, at=at)


def person(name: str, *edits: str) -> MemberData:
    return MemberData(person=code(name), edits=edits)


def team(actor: Actor, at: datetime, *members: MemberData, scope: str = "process", name: str = "Compras") -> Team:
    """A team in force: the account works with teams of that scope from now on."""
    on(actor, at, scope)
    return services.save_team(actor=actor, data=TeamData(name, members=members), scope=scope, at=at)
