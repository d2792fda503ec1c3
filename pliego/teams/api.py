"""Teams over the API: the same services as the pages."""

from typing import Any

import ninja
from django.db.models import prefetch_related_objects
from pydantic import Field

from pliego.authority.api import FlowIn
from pliego.authority.models import Flow
from pliego.authority.policy import POLICY, Act
from pliego.authority.rules import StepData
from pliego.kernel.objections import Unknown
from pliego.parties.models import Account
from pliego.teams import queries, services
from pliego.teams.models import Team
from pliego.teams.rules import MemberData, TeamData
from pliego.web.api import Receipt, Router, Schema
from pliego.web.http import Request

router = Router(tags=["teams"])


class SwitchIn(Schema):
    is_on: bool


class SwitchOut(ninja.Schema):
    scope: str
    is_on: bool


class TeamMemberIn(Schema):
    person: str = Field("", max_length=40)
    group: str = Field("", max_length=40)
    edits: list[str] = Field(default_factory=list, max_length=20, description="Sections; the others are read")

    def data(self) -> MemberData:
        return MemberData(self.person, self.group, tuple(self.edits))


class TeamIn(Schema):
    name: str = Field(max_length=100)
    is_active: bool = True
    members: list[TeamMemberIn] = Field(default_factory=list, max_length=500)

    def data(self) -> TeamData:
        return TeamData(self.name, self.is_active, tuple(member.data() for member in self.members))


class NewTeam(TeamIn):
    scope: str = Field(max_length=10, description="`plan` or `process`")


class TeamChoice(Schema):
    team: str = Field("", max_length=20, description="Code of the team; empty for none")


class TeamMemberOut(ninja.Schema):
    person: str
    group: str
    edits: list[str]


class TeamOut(ninja.Schema):
    code: str
    scope: str
    name: str
    is_active: bool
    members: list[TeamMemberOut]
    receipt: Receipt | None = None


class TeamFlowOut(ninja.Schema):
    kind: str
    version: int
    is_active: bool
    receipt: Receipt | None = None


def _receipt(row: Team | Flow) -> dict[str, str] | None:
    return {"code": row.receipt.code, "url": row.receipt.url} if row.receipt else None


def _out(team: Team) -> dict[str, Any]:
    prefetch_related_objects([team], "members__place__user", "members__group")
    members = [
        {"person": m.place.user.code if m.place else "", "group": m.group.code if m.group else "", "edits": m.edits}
        for m in team.members.all()
    ]
    shown = {name: getattr(team, name) for name in ("code", "scope", "name", "is_active")}
    return {**shown, "members": members, "receipt": _receipt(team)}


def _flow(flow: Flow) -> dict[str, Any]:
    return {"kind": flow.kind, "version": flow.version, "is_active": flow.is_active, "receipt": _receipt(flow)}


def _account(request: Request) -> Account:
    account = Account.objects.filter(pk=request.actor.account_id or 0, is_buyer=True).first()
    if account is None:
        raise Unknown()
    POLICY.require(request.actor, Act.CONFIGURE, account)
    return account


@router.get("/teams", response=list[TeamOut], operation_id="list_teams")
def list_teams(request: Request) -> list[dict[str, Any]]:
    """The teams of the account, with who is in them and what each edits."""
    return [_out(team) for team in queries.teams_of(_account(request).pk)[:200]]


@router.post("/teams", response=TeamOut, operation_id="create_team")
def create_team(request: Request, body: NewTeam) -> dict[str, Any]:
    """Create a team of plans or of processes."""
    told: dict[str, Any] = {"actor": request.actor, "data": body.data(), "at": request.received_at}
    return _out(services.save_team(**told, scope=body.scope))


@router.put("/teams/{code}", response=TeamOut, operation_id="edit_team")
def edit_team(request: Request, code: str, body: TeamIn) -> dict[str, Any]:
    """Keep the team with exactly these members, or deactivate it."""
    told: dict[str, Any] = {"actor": request.actor, "data": body.data(), "at": request.received_at}
    return _out(services.save_team(**told, code=code))


@router.put("/team-switches/{scope}", response=SwitchOut, operation_id="set_team_switch")
def set_team_switch(request: Request, scope: str, body: SwitchIn) -> Any:
    """Work with teams of `plan` or of `process`, or without them."""
    told: dict[str, Any] = {"actor": request.actor, "scope": scope, "at": request.received_at}
    return services.set_switch(**told, is_on=body.is_on)


@router.put("/teams/{code}/approval-flows/{flow}", response=TeamFlowOut, operation_id="set_team_flow")
def set_team_flow(request: Request, code: str, flow: str, body: FlowIn) -> dict[str, Any]:
    """Give the team a flow that takes the place of the account's for the drafts that name it."""
    steps = [StepData(**step.model_dump()) for step in body.steps]
    told: dict[str, Any] = {"actor": request.actor, "code": code, "flow": flow, "at": request.received_at}
    return _flow(services.set_team_flow(**told, steps=steps))


@router.delete("/teams/{code}/approval-flows/{flow}", response=TeamFlowOut, operation_id="end_team_flow")
def end_team_flow(request: Request, code: str, flow: str) -> dict[str, Any]:
    """From now on the account's flow counts for the team's drafts too."""
    told: dict[str, Any] = {"actor": request.actor, "code": code, "flow": flow, "at": request.received_at}
    return _flow(services.end_team_flow(**told))
