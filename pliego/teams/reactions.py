"""What this room does when others announce something, and what it adds to the rooms below: a line of the menu of the
account, and its chapter of the report of who could do what."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.authority import history, menu
from pliego.authority.events import GroupSaved
from pliego.authority.history import Chapter, Holding
from pliego.kernel.events import Announced, on
from pliego.parties.events import AccessEnded
from pliego.teams.events import TeamSaved, TeamsSwitched
from pliego.teams.models import Member
from pliego.teams.scopes import section_title


@on(AccessEnded)
def leave_the_teams(announced: Announced) -> None:
    """Whoever left the account is in none of its teams, should they come back."""
    Member.objects.filter(place_id=announced.subject_id).exclude(place__state="accepted").delete()


Kept = dict[str, Any]


def _switched(kept: Kept, data: Kept) -> None:
    kept.setdefault("on", {})[data["scope"]] = data["is_on"]


def _saved(kept: Kept, data: Kept) -> None:
    kept.setdefault("teams", {})[data["code"]] = data


def _grouped(kept: Kept, data: Kept) -> None:
    kept.setdefault("groups", {})[data["code"]] = data["people"] if data["is_active"] else []


def _left(kept: Kept, data: Kept) -> None:
    person, groups = data["person"], kept.get("groups", {})
    kept["groups"] = {code: [one for one in people if one != person] for code, people in groups.items()}
    for code, team in kept.get("teams", {}).items():
        members = [member for member in team["members"] if member["person"] != person]
        kept["teams"][code] = {**team, "members": members}


def _holdings(kept: Kept) -> Iterator[Holding]:
    """Which sections each person edited by each team that counted."""
    for team in kept.get("teams", {}).values():
        if team["is_active"] and kept.get("on", {}).get(team["scope"]):
            for person, edits in _edits_of(team, kept.get("groups", {})).items():
                sections = tuple(sorted(f"{team['scope']}.{section}" for section in edits))
                yield (person, "team", team["name"]), sections


def _edits_of(team: Kept, groups: dict[str, list[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for member in team["members"]:
        for person in groups.get(member["group"], []) if member["group"] else [member["person"]]:
            if member["edits"]:
                found.setdefault(person, set()).update(member["edits"])
    return found


history.add_chapter(
    Chapter(
        "team",
        _("Team"),
        {
            TeamsSwitched.code: _switched,
            TeamSaved.code: _saved,
            GroupSaved.code: _grouped,
            AccessEnded.code: _left,
        },
        _holdings,
        section_title,
    )
)
menu.add(
    menu.Item(
        "teams:teams", _("Teams of plans and processes"), _("Who edits each section of a draft"), for_buyers_only=True
    ),
    before="flows",
)
