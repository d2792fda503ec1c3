"""Profiles, groups, flows, approvals, delegations and the report, over the API. The same services as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ninja
from pydantic import Field

from pliego.authority import approving, configuring, delegating, history, queries
from pliego.authority.cases import source_of
from pliego.authority.kinds import FLOWS
from pliego.authority.models import Approval, Delegation, Profile
from pliego.authority.policy import POLICY, Act
from pliego.authority.rules import DelegationData, GroupData, ProfileData, StepData, UnitData
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Unknown
from pliego.parties.models import Account
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["authority"])
Codes = list[str]


class ProfileIn(Schema):
    name: str = Field(max_length=100)
    description: str = Field("", max_length=500)
    roles: Codes = Field(max_length=20)
    people: Codes = Field(default_factory=list, max_length=1000)
    units: Codes = Field(default_factory=list, max_length=1000)

    def data(self) -> ProfileData:
        told = {name: tuple(getattr(self, name)) for name in ("roles", "people", "units")}
        return ProfileData(self.name, description=self.description, **told)


class MemberIn(Schema):
    person: str = Field(max_length=40)
    function: str = Field("", max_length=60)


class GroupIn(Schema):
    name: str = Field(max_length=100)
    description: str = Field("", max_length=500)
    members: list[MemberIn] = Field(default_factory=list, max_length=1000)
    is_active: bool = True


class UnitIn(Schema):
    reference: str = Field(max_length=40, pattern=r"^[A-Za-z0-9._-]+$")
    name: str = Field(max_length=200)
    description: str = Field("", max_length=500)
    municipality: str = Field("", max_length=5)
    address: str = Field("", max_length=200)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=20)
    buys: bool = True
    sells: bool = False
    is_active: bool = True
    people: Codes = Field(default_factory=list, max_length=1000)


class StepIn(Schema):
    name: str = Field(max_length=100)
    description: str = Field("", max_length=500)
    person: str = Field("", max_length=40)
    group: str = Field("", max_length=40)


class FlowIn(Schema):
    steps: list[StepIn] = Field(max_length=20)


class StartIn(Schema):
    option: str = Field("", max_length=60)
    note: str = Field("", max_length=1000)


class DecisionIn(Schema):
    step: int = Field(ge=1, le=100)
    note: str = Field("", max_length=1000)


class ReturnIn(Schema):
    step: int = Field(ge=1, le=100)
    reason: str = Field(max_length=1000)


class ReasonIn(Schema):
    reason: str = Field("", max_length=1000)


class DelegationIn(Schema):
    delegate: str = Field(max_length=40)
    roles: Codes = Field(max_length=20)
    kinds: Codes = Field(default_factory=list, max_length=20)
    limit: Decimal | None = Field(None, max_digits=20, decimal_places=2)
    starts_at: datetime
    ends_at: datetime
    document: str = Field(max_length=100)
    note: str = Field("", max_length=500)


class SegregationIn(Schema):
    strength: str = Field(max_length=8)


class Done(ninja.Schema):
    code: str
    receipt: Receipt | None = None


class ApprovalOut(ninja.Schema):
    code: str
    kind: str
    subject: str
    state: str
    step: int | None
    flow: int
    content_sha256: str
    receipt: Receipt | None = None


class DelegationOut(ninja.Schema):
    code: str
    grantor: str
    delegate: str
    roles: Codes
    kinds: Codes
    limit: str
    starts_at: datetime
    ends_at: datetime
    state: str
    receipt: Receipt | None = None


class SpanOut(ninja.Schema):
    person: str
    name: str
    roles: Codes
    source: str
    which: str
    since: datetime
    until: datetime | None


def _receipt(row: Any) -> dict[str, str] | None:
    entry = getattr(row, "receipt", None)
    return {"code": entry.code, "url": entry.url} if entry else None


def _account(actor: Actor, act: Act) -> Account:
    account = Account.objects.filter(pk=actor.account_id or 0).first()
    if account is None:
        raise Unknown()
    POLICY.require(actor, act, account)
    return account


def _done(row: Any) -> dict[str, Any]:
    return {"code": str(getattr(row, "code", "") or getattr(row, "reference", row)), "receipt": _receipt(row)}


def _approval(row: Approval) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("code", "kind", "subject", "state", "content_sha256")}
    step = row.step.number if row.step else None
    return {**shown, "step": step, "flow": row.flow.version, "receipt": _receipt(row)}


def _delegation(row: Delegation) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("code", "roles", "kinds", "starts_at", "ends_at", "state")}
    limit = "" if row.limit_amount is None else str(row.limit_amount)
    people = {"grantor": row.grantor.user.code, "delegate": row.delegate.user.code}
    return {**shown, **people, "limit": limit, "receipt": _receipt(row)}


@router.post("/profiles", response=Done, operation_id="create_profile")
def create_profile(request: Request, body: ProfileIn) -> dict[str, Any]:
    """Give a set of roles to people and to whole contracting units."""
    return _done(configuring.save_profile(actor=request.actor, data=body.data(), at=request.received_at))


@router.put("/profiles/{code}", response=Done, operation_id="edit_profile")
def edit_profile(request: Request, code: str, body: ProfileIn) -> dict[str, Any]:
    """Change what a profile gives, and to whom."""
    return _done(configuring.save_profile(actor=request.actor, data=body.data(), at=request.received_at, code=code))


@router.delete("/profiles/{code}", response=Done, operation_id="delete_profile")
def delete_profile(request: Request, code: str) -> dict[str, Any]:
    """Take back what the profile gave."""
    return _done(configuring.delete_profile(actor=request.actor, code=code, at=request.received_at))


@router.get("/profiles", response=list[ProfileIn], operation_id="list_profiles")
def list_profiles(request: Request) -> list[dict[str, Any]]:
    """The profiles of the account."""
    return [_profile(row) for row in queries.profiles_of(_account(request.actor, Act.CONFIGURE).pk)]


def _profile(row: Profile) -> dict[str, Any]:
    people = [place.user.code for place in row.people.all()]
    units = [unit.reference for unit in row.units.all()]
    shown = {"name": row.name, "description": row.description, "roles": row.roles}
    return {**shown, "people": people, "units": units}


@router.post("/groups", response=Done, operation_id="create_group")
def create_group(request: Request, body: GroupIn) -> dict[str, Any]:
    """Keep a group: a task given to it can be done by any of its members."""
    return _done(configuring.save_group(actor=request.actor, data=_group(body), at=request.received_at))


@router.put("/groups/{code}", response=Done, operation_id="edit_group")
def edit_group(request: Request, code: str, body: GroupIn) -> dict[str, Any]:
    """Change a group, or deactivate it."""
    return _done(configuring.save_group(actor=request.actor, data=_group(body), at=request.received_at, code=code))


def _group(body: GroupIn) -> GroupData:
    members = tuple((member.person, member.function) for member in body.members)
    return GroupData(body.name, body.description, members, body.is_active)


@router.post("/units", response=Done, operation_id="create_unit")
def create_unit(request: Request, body: UnitIn) -> dict[str, Any]:
    """Keep a contracting unit and who works in it."""
    return _done(configuring.save_unit(actor=request.actor, data=_unit(body), at=request.received_at))


@router.put("/units/{reference}", response=Done, operation_id="edit_unit")
def edit_unit(request: Request, reference: str, body: UnitIn) -> dict[str, Any]:
    """Change a contracting unit, or deactivate it."""
    told: dict[str, Any] = {"actor": request.actor, "data": _unit(body), "at": request.received_at}
    return _done(configuring.save_unit(**told, reference=reference))


def _unit(body: UnitIn) -> UnitData:
    return UnitData(**{**body.model_dump(), "people": tuple(body.people)})


@router.put("/approval-flows/{kind}", response=Done, operation_id="set_approval_flow")
def set_flow(request: Request, kind: str, body: FlowIn) -> dict[str, Any]:
    """Put a kind of act under these tasks."""
    steps = [StepData(**step.model_dump()) for step in body.steps]
    return _done(configuring.set_flow(actor=request.actor, kind=kind, steps=steps, at=request.received_at))


@router.delete("/approval-flows/{kind}", response=Done, operation_id="end_approval_flow")
def end_flow(request: Request, kind: str) -> dict[str, Any]:
    """From now on the act needs no approval."""
    return _done(configuring.end_flow(actor=request.actor, kind=kind, at=request.received_at))


@router.put("/segregation/{rule}", response=Done, operation_id="set_segregation")
def set_segregation(request: Request, rule: str, body: SegregationIn) -> dict[str, Any]:
    """Decide whether a rule only warns (warn) or stops the act (block)."""
    told: dict[str, Any] = {"actor": request.actor, "rule": rule, "strength": body.strength, "at": request.received_at}
    return {"code": configuring.set_segregation(**told).rule}


@router.post("/approvals/{kind}/{subject}", response=ApprovalOut, operation_id="start_approval")
def start_approval(request: Request, kind: str, subject: str, body: StartIn) -> dict[str, Any]:
    """Ask for the approval of an act as it is now."""
    told: dict[str, Any] = {"actor": request.actor, "kind": kind, "subject": subject, "at": request.received_at}
    return _approval(approving.start_approval(**told, **body.model_dump()))


@router.get("/approvals/{kind}/{subject}", response=ApprovalOut, operation_id="read_approval")
def read_approval(request: Request, kind: str, subject: str) -> dict[str, Any]:
    """How far the last approval of this act is."""
    return _approval(_found(request, kind, subject))


def _found(request: Request, kind: str, subject: str) -> Approval:
    if kind not in FLOWS:
        raise Unknown()
    source_of(kind).find(request.actor, subject)
    rows = Approval.objects.visible_to(request.actor).filter(kind=kind).select_related("flow", "step")
    return get_visible(rows.order_by("-pk"), subject=subject)


@router.post("/approvals/{kind}/{subject}/approve", response=ApprovalOut, operation_id="approve_step")
def approve_step(request: Request, kind: str, subject: str, body: DecisionIn) -> dict[str, Any]:
    """Do the task with that number."""
    told: dict[str, Any] = {
        "actor": request.actor,
        "approval_id": _found(request, kind, subject).pk,
        "at": request.received_at,
    }
    return _approval(approving.approve_step(**told, **body.model_dump()))


@router.post("/approvals/{kind}/{subject}/return", response=ApprovalOut, operation_id="return_approval")
def return_approval(request: Request, kind: str, subject: str, body: ReturnIn) -> dict[str, Any]:
    """Do not approve, with the reason."""
    told: dict[str, Any] = {
        "actor": request.actor,
        "approval_id": _found(request, kind, subject).pk,
        "at": request.received_at,
    }
    return _approval(approving.return_approval(**told, **body.model_dump()))


@router.post("/approvals/{kind}/{subject}/cancel", response=ApprovalOut, operation_id="cancel_approval")
def cancel_approval(request: Request, kind: str, subject: str, body: ReasonIn) -> dict[str, Any]:
    """Give up the request."""
    told: dict[str, Any] = {
        "actor": request.actor,
        "approval_id": _found(request, kind, subject).pk,
        "at": request.received_at,
    }
    return _approval(approving.cancel_approval(**told, **body.model_dump()))


@router.get("/delegations", response=list[DelegationOut], operation_id="list_delegations")
def list_delegations(request: Request) -> list[dict[str, Any]]:
    """The delegations that one may see. To act by one, name it in the header Pliego-Delegation."""
    if not request.actor.roles:
        raise Denied("")
    return [_delegation(row) for row in queries.delegations_of(request.actor)[:200]]


@router.post("/delegations", response=DelegationOut, operation_id="grant_delegation")
def grant(request: Request, body: DelegationIn) -> dict[str, Any]:
    """Entrust one's own roles; `document` is the finished upload of the act."""
    told = body.model_dump(exclude={"document"})
    data = DelegationData(**{**told, "roles": tuple(body.roles), "kinds": tuple(body.kinds)})
    upload = Upload(upload_id=body.document)
    made = delegating.grant_delegation(actor=request.actor, data=data, document=upload, at=request.received_at)
    return _delegation(made)


@router.post("/delegations/{code}/revoke", response=DelegationOut, operation_id="revoke_delegation")
def revoke(request: Request, code: str, body: ReasonIn) -> dict[str, Any]:
    """End it now."""
    kept = get_visible(queries.delegations_of(request.actor), code=code)
    told: dict[str, Any] = {
        "actor": request.actor,
        "delegation_id": kept.pk,
        "at": request.received_at,
        "reason": body.reason,
    }
    return _delegation(delegating.revoke_delegation(**told))


@router.get("/account/people-on", response=list[SpanOut], operation_id="who_could_do_what")
def who_could(request: Request, day: date | None = None) -> list[dict[str, Any]]:
    """Who could do what in the account on that day, by what, from when and until when."""
    account = _account(request.actor, Act.SEE_HISTORY)
    chosen = day or calendar.day_of(request.received_at)
    return [{**vars(span), "roles": list(span.roles)} for span in history.on_day(history.spans_of(account), chosen)]
