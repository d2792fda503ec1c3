"""Teams as the administrators of an account set them, and the choice of one for a draft."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pliego.authority import configuring
from pliego.authority.models import Flow, Group
from pliego.authority.rules import StepData
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.teams import queries, rules
from pliego.teams.events import TeamChosen, TeamSaved, TeamsSwitched
from pliego.teams.models import Member, Switch, Team
from pliego.teams.rules import MemberData, TeamData
from pliego.teams.scopes import scope_of


@transaction.atomic
def set_switch(*, actor: Actor, scope: str, is_on: bool, at: datetime) -> Switch:
    """Work with teams or without them. Without them, a draft that names one is open again to every role."""
    account = _configured(actor)
    known = scope_of(scope)
    switch, _is_new = Switch.objects.update_or_create(account=account, scope=known.code, defaults={"is_on": is_on})
    data = {"scope": scope, "is_on": is_on}
    outbox.publish(TeamsSwitched(file=account.file, subject_id=switch.pk, data=data), actor=actor, at=at)
    return switch


@transaction.atomic
def save_team(*, actor: Actor, data: TeamData, at: datetime, scope: str = "", code: str = "") -> Team:
    """Keep a team with all its members. A team that is not active lets nobody edit the drafts that name it."""
    account = _configured(actor)
    team = _found(account, code) if code else Team(account=account, scope=scope_of(scope).code)
    return _write(team, data, actor, at)


@transaction.atomic
def set_member(*, actor: Actor, code: str, member: MemberData, at: datetime) -> Team:
    """Put a person or a group into the team, or change what they edit."""
    team = _found(_configured(actor), code)
    others = [kept for kept in _members(team) if kept.who != member.who]
    return _write(team, TeamData(team.name, team.is_active, (*others, member)), actor, at)


@transaction.atomic
def rename_team(*, actor: Actor, code: str, name: str, is_active: bool, at: datetime) -> Team:
    """Change what the team is called, deactivate it, or take it up again."""
    team = _found(_configured(actor), code)
    return _write(team, TeamData(name, is_active, tuple(_members(team))), actor, at)


@transaction.atomic
def remove_member(*, actor: Actor, code: str, who: str, at: datetime) -> Team:
    """Take a person or a group out of the team, from their next page on."""
    team = _found(_configured(actor), code)
    kept = _members(team)
    others = tuple(member for member in kept if member.who != who)
    if len(others) == len(kept):
        raise Unknown()
    return _write(team, TeamData(team.name, team.is_active, others), actor, at)


@transaction.atomic
def set_team_flow(*, actor: Actor, code: str, flow: str, steps: Sequence[StepData], at: datetime) -> Flow:
    """Give the team a flow of its own: for the drafts that name it, it takes the place of the account's."""
    team = _found(_configured(actor), code)
    slot = team.of.flow(flow)
    return configuring.set_flow(actor=actor, kind=slot.kind, steps=steps, at=at, owner=slot.owner(team.code))


@transaction.atomic
def end_team_flow(*, actor: Actor, code: str, flow: str, at: datetime) -> Flow:
    """From now on the account's flow counts for the team's drafts too."""
    team = _found(_configured(actor), code)
    slot = team.of.flow(flow)
    return configuring.end_flow(actor=actor, kind=slot.kind, at=at, owner=slot.owner(team.code))


def team_for(*, account_id: int | None, scope: str, code: str) -> Team | None:
    """The team that a new draft names, or none; refused where one must be chosen or that one cannot be."""
    known, wanted = scope_of(scope), code.strip()
    if not wanted:
        refuse_if_any(_must_choose(account_id, scope) if known.is_required else None)
        return None
    team = Team.objects.in_force().filter(account_id=account_id or 0, scope=scope, code=wanted).first()
    if team is None:
        raise Refused(Objection("team_unknown", _("Choose a team of the list."), "team"))
    return team


def _must_choose(account_id: int | None, scope: str) -> Objection | None:
    if not queries.is_on(account_id, scope):
        return None
    if queries.choices_of(account_id, scope):
        return Objection("team_missing", _("Choose the team that will edit it."), "team")
    sentence = _("Your account works with teams and has none that is active: ask an administrator to create it.")
    return Objection("team_missing", sentence, "team")


def announce_choice(*, draft: Any, scope: str, about: str, account: Account, actor: Actor, at: datetime) -> None:
    """Write down in the account's file which team a draft names from now on: it says who could edit it then."""
    team = draft.team
    data = {"scope": scope, "subject": draft.code, "about": about}
    data |= {"team": team.code if team else "", "name": team.name if team else ""}
    outbox.publish(TeamChosen(file=account.file, subject_id=draft.pk, data=data), actor=actor, at=at)


def _configured(actor: Actor) -> Account:
    """The account, locked, for whoever configures it; only entities have plans and processes to share out."""
    account = configuring.configured(actor)
    if not account.is_buyer:
        raise Unknown()
    return account


def _found(account: Account, code: str) -> Team:
    if (team := Team.objects.filter(account=account, code=code).select_related("account").first()) is None:
        raise Unknown()
    return team


def _members(team: Team) -> list[MemberData]:
    """Those who are in the team now and still have access."""
    rows = team.members.select_related("place__user", "group")
    kept = [row for row in rows if row.place is None or row.place.state == "accepted"]
    return [MemberData.called(row.who, row.edits) for row in kept]


def _write(team: Team, data: TeamData, actor: Actor, at: datetime) -> Team:
    account = team.account
    refuse_if_any(rules.team_is_wrong(data.name, data.members, team.of))
    found = configuring.places_called(account, [m.person for m in data.members if m.person], "who")
    places, groups = {place.user.code: place for place in found}, _groups(account, data.members)
    team.name, team.is_active = " ".join(data.name.split())[:100], data.is_active
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        taken = _("There is already a team with that name.")
        raise Refused(Objection("name_taken", taken, "name")) from error
    team.members.all().delete()
    Member.objects.bulk_create(
        Member(team=team, place=places.get(m.person), group=groups.get(m.group), edits=list(m.edits))
        for m in data.members
    )
    members = [{"person": m.person, "group": m.group, "edits": list(m.edits)} for m in data.members]
    told = {"code": team.code, "scope": team.scope, "name": team.name, "is_active": team.is_active}
    event = TeamSaved(file=account.file, subject_id=team.pk, data={**told, "members": members})
    team.receipt = outbox.publish(event, actor=actor, at=at)
    return team


def _groups(account: Account, members: Sequence[MemberData]) -> dict[str, Group]:
    wanted = {member.group for member in members if member.group}
    found = {group.code: group for group in Group.objects.filter(account=account, code__in=wanted)}
    if wanted - found.keys():
        raise Refused(Objection("group_unknown", _("Choose a group of the list."), "who"))
    return found
