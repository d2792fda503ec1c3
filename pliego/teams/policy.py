"""Predicates for the tables of the rooms that have teams: whether the team of a draft lets this person edit it.

A team narrows: the role that edits is asked beside these. A draft that names no team is open to everybody's role.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from pliego.kernel.actors import Actor
from pliego.kernel.policy import YES, Predicate, Verdict
from pliego.teams.queries import Access, access_of, editors_of


@dataclass(frozen=True)
class _TeamLets(Predicate):
    """Says whom to ask, which only the draft's own team tells."""

    section: str = ""

    def __call__(self, actor: Actor, obj: Any) -> Verdict:
        access = access_of(actor, obj)
        return YES if access.allows(self.section) else Verdict(False, _reason(access, self.section))


def _reason(access: Access, section: str) -> str:
    team = access.team
    assert team is not None
    if not team.is_active:
        sentence = _("The team “%(team)s” is not active: choose another one for this draft.")
        return sentence % {"team": team.name}
    people = ", ".join(editors_of(team, section)) or _("an administrator of your account")
    if access.is_member and section:
        return _("In your team you read this section and do not edit it: ask %(people)s.") % {"people": people}
    sentence = _("Your team does not edit this: it belongs to the team “%(team)s”. Ask %(people)s.")
    return sentence % {"team": team.name, "people": people}


def _lets(section: str, name: str) -> Predicate:
    return _TeamLets(name, lambda actor, obj: access_of(actor, obj).allows(section), lazy("Ask its team."), section)


def team_edits(section: str) -> Predicate:
    """The draft's team lets them edit that section."""
    return _lets(section, f"its team lets them edit {section}")


in_its_team = _lets("", "is in its team")
