"""Reads: what the team of a draft leaves to a person, whose flows come before the account's, and the pages' lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pliego.authority.models import Flow
from pliego.authority.queries import people_in
from pliego.kernel.actors import Actor
from pliego.teams.models import Member, Switch, Team
from pliego.teams.scopes import SCOPES, Scope, TeamFlow


@dataclass(frozen=True)
class Access:
    """What a draft leaves to one person. `edits` None: no team binds it, and their role alone counts."""

    edits: frozenset[str] | None = None
    team: Team | None = None
    is_member: bool = False

    def allows(self, section: str = "") -> bool:
        """Whether they may edit that section or, without one, any of them."""
        return self.edits is None or (section in self.edits if section else bool(self.edits))


FREE = Access()


def person_of(actor: Actor) -> int:
    """Who counts as the member: whoever acts by delegation does it in the place of who gave it."""
    return (actor.mandate.grantor_id if actor.mandate else actor.user_id) or 0


def is_theirs(person_id: int) -> Q:
    """Members that are this person, or a group in which they are."""
    in_group = Q(group__is_active=True, group__members__place__state="accepted")
    return Q(place__user_id=person_id, place__state="accepted") | in_group & Q(group__members__place__user_id=person_id)


def access_of(actor: Actor, draft: Any) -> Access:
    """What the team that the draft names leaves to this person; read once for each draft that a page holds."""
    if draft.team_id is None:
        return FREE
    kept = draft.__dict__.setdefault("_team_access", {})
    key = (person_of(actor), draft.team_id)
    if key not in kept:
        kept[key] = _access(*key)
    found: Access = kept[key]
    return found


def _access(person_id: int, team_id: int) -> Access:
    team = _bound().filter(pk=team_id).first()
    if team is None:
        return FREE
    rows = list(Member.objects.filter(is_theirs(person_id), team=team).values_list("edits", flat=True))
    edits = frozenset(section for row in rows for section in row) if team.is_active else frozenset()
    return Access(edits, team, bool(rows))


def editors_of(team: Team, section: str) -> list[str]:
    """Whom to ask: the people and groups of the team that edit that section, or any."""
    rows = team.members.filter(edits__contains=[section]) if section else team.members.exclude(edits=[])
    rows = rows.filter(Q(place__state="accepted") | Q(group__is_active=True)).select_related("place__user", "group")
    return [member.name for member in rows[:5]]


def editable_by(actor: Actor) -> Q:
    """Drafts of which this person may edit something: of no team, of no team that binds, or of one of theirs."""
    theirs = Member.objects.filter(is_theirs(person_of(actor)), team__is_active=True).exclude(edits=[])
    off = Team.objects.exclude(pk__in=_bound())
    return Q(team=None) | Q(team__in=off) | Q(team__in=theirs.values("team"))


def _bound() -> "QuerySet[Team]":
    """Teams of accounts that work with teams of their scope: they bind, whether they are active or not."""
    switches = Switch.objects.filter(account=OuterRef("account"), scope=OuterRef("scope"), is_on=True)
    return Team.objects.filter(Exists(switches))


def flow_owners(draft: Any, *cases: str) -> tuple[str, ...]:
    """Whose flows come before the account's for an act on this draft: the team's for its case, then the team's."""
    if draft.team_id is None:
        return ()
    code = Team.objects.in_force().filter(pk=draft.team_id).values_list("code", flat=True).first()
    return tuple(TeamFlow("", "", "", case).owner(code) for case in (*cases, "")) if code else ()


def is_on(account_id: int | None, scope: str) -> bool:
    return Switch.objects.filter(account_id=account_id or 0, scope=scope, is_on=True).exists()


def choices_of(account_id: int | None, scope: str) -> list[tuple[str, str]]:
    """The teams that a draft may name."""
    rows = Team.objects.in_force().filter(account_id=account_id or 0, scope=scope).order_by("name")
    return [(team.code, team.name) for team in rows]


@dataclass(frozen=True)
class Setting:
    scope: Scope
    is_on: bool


def settings_of(account_id: int) -> list[Setting]:
    on = set(Switch.objects.filter(account_id=account_id, is_on=True).values_list("scope", flat=True))
    return [Setting(scope, code in on) for code, scope in SCOPES.items()]


def teams_of(account_id: int) -> "QuerySet[Team]":
    rows = Team.objects.filter(account_id=account_id)
    return rows.prefetch_related("members__place__user", "members__group").order_by("-is_active", "scope", "name")


@dataclass(frozen=True)
class FlowLine:
    slot: TeamFlow
    flow: Flow | None


def team_flows(team: Team) -> list[FlowLine]:
    """Each flow that the team may have, and the one it has."""
    owners = {slot.owner(team.code) for slot in team.of.flows}
    rows = Flow.objects.filter(account_id=team.account_id, owner__in=owners, is_active=True)
    known = {(flow.kind, flow.owner): flow for flow in rows.prefetch_related("steps__place__user", "steps__group")}
    return [FlowLine(slot, known.get((slot.kind, slot.owner(team.code)))) for slot in team.of.flows]


def without_the_role(team: Team, members: Iterable[Member]) -> list[str]:
    """People whom the team lets edit and whose role does not: a team narrows what roles give, and gives none."""
    editing = {member.place_id for member in members if member.place_id and member.edits}
    places = people_in(team.account_id).filter(pk__in=editing)
    return [place.user.full_name for place in places if "preparer" not in place.all_roles]
