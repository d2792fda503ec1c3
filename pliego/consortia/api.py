"""Plural bidders over the API."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from django.http import HttpRequest
from pydantic import Field

from pliego.consortia import queries, services
from pliego.consortia.models import Group
from pliego.consortia.services import Part
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema
from pliego.web.fields import Upload

router = Router(tags=["consortia"])
Share = Annotated[Decimal, Field(gt=0, lt=100, max_digits=9, decimal_places=6)]


class New(Schema):
    kind: str = Field(max_length=24)
    name: str = Field(max_length=250)


class PartForm(Schema):
    supplier: str = Field(max_length=20)
    share: Share
    activities: str = Field("", max_length=1000)


class Terms(Schema):
    members: list[PartForm] = Field(min_length=1, max_length=20)
    representative: str = Field(max_length=254)
    document: str = Field("", max_length=100, description="A finished upload")


class Why(Schema):
    reason: str = Field(max_length=500)


class MemberShown(ninja.Schema):
    account: str
    name: str
    share: Decimal
    activities: str
    state: str


class GroupShown(ninja.Schema):
    code: str
    name: str
    kind: str
    state: str
    version: int
    representative: str
    expires_at: datetime | None
    members: list[MemberShown]
    receipt: Receipt | None = None


@router.get("/plural-bidders", response=list[GroupShown])
def list_groups(request: HttpRequest) -> Any:
    """Those in which the account takes part, or was asked to."""
    return [_shown(group) for group in queries.of_account(_actor(request)).prefetch_related("members")[:100]]


@router.get("/plural-bidders/{code}", response=GroupShown)
def show_group(request: HttpRequest, code: str) -> GroupShown:
    return _shown(_visible(request, code))


@router.post("/plural-bidders", response={201: GroupShown})
def put_together(request: HttpRequest, body: New) -> GroupShown:
    """Open a plural bidder."""
    return _shown(services.put_together(actor=_actor(request), at=_at(request), **body.model_dump()))


@router.put("/plural-bidders/{code}/terms", response=GroupShown)
def set_terms(request: HttpRequest, code: str, body: Terms) -> GroupShown:
    """Write its members and shares; whoever had answered is asked again."""
    group = services.set_terms(
        actor=_actor(request),
        group_id=_visible(request, code).pk,
        parts=[Part(**part.model_dump()) for part in body.members],
        representative=body.representative,
        paper=Upload(upload_id=body.document) if body.document else None,
        at=_at(request),
    )
    return _shown(group)


@router.post("/plural-bidders/{code}/invite", response=GroupShown)
def send(request: HttpRequest, code: str) -> GroupShown:
    """Ask the members; the account that asks accepts with the same signature."""
    return _shown(services.send(actor=_actor(request), group_id=_visible(request, code).pk, at=_at(request)))


@router.post("/plural-bidders/{code}/accept", response=GroupShown)
def accept(request: HttpRequest, code: str) -> GroupShown:
    return _shown(services.accept(actor=_actor(request), group_id=_visible(request, code).pk, at=_at(request)))


@router.post("/plural-bidders/{code}/refuse", response=GroupShown)
def refuse(request: HttpRequest, code: str, body: Why) -> GroupShown:
    group_id = _visible(request, code).pk
    return _shown(services.refuse(actor=_actor(request), group_id=group_id, reason=body.reason, at=_at(request)))


@router.post("/plural-bidders/{code}/drop", response=GroupShown)
def drop(request: HttpRequest, code: str) -> GroupShown:
    return _shown(services.drop(actor=_actor(request), group_id=_visible(request, code).pk, at=_at(request)))


@router.post("/plural-bidders/{code}/dissolve", response=GroupShown)
def dissolve(request: HttpRequest, code: str) -> GroupShown:
    return _shown(services.dissolve(actor=_actor(request), group_id=_visible(request, code).pk, at=_at(request)))


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> datetime:
    return request.received_at  # type: ignore[attr-defined, no-any-return]


def _visible(request: HttpRequest, code: str) -> Group:
    return get_visible(queries.groups(_actor(request)), account__code=code)


def _shown(group: Group) -> GroupShown:
    members = [
        MemberShown(
            account=member.supplier.code,
            name=member.supplier.name,
            share=member.share,
            activities=member.activities,
            state=member.state,
        )
        for member in queries.members_of(group)
    ]
    return GroupShown(
        code=group.code,
        name=group.account.name,
        kind=group.kind,
        state=group.state,
        version=group.version,
        representative=group.representative.full_name,
        expires_at=group.expires_at,
        members=members,
        receipt=Receipt.of(group.receipt) if group.receipt else None,
    )
