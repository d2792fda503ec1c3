"""Following over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any

import ninja
from ninja import Query
from pydantic import Field

from pliego.following import services
from pliego.following.models import Follow
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["following"])
AT_ONCE = 100


class FollowIn(Schema):
    model_config = example(delivery="daily")

    delivery: Annotated[str, Field(max_length=8, description="at_once, daily or inbox")]


class FollowOut(ninja.Schema):
    process: str
    title: str
    delivery: str
    since: datetime


def _shown(follow: Follow) -> dict[str, Any]:
    tender = follow.tender
    return {"process": tender.code, "title": tender.title, "delivery": follow.delivery, "since": follow.asked_at}


def _public(code: str) -> Tender:
    return get_visible(Tender.objects.public(), code=code)


@router.get("/follows", response=list[FollowOut], operation_id="list_follows")
def list_follows(
    request: Request, limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = 25, offset: Annotated[int, Query(ge=0)] = 0
) -> list[dict[str, Any]]:
    """What the caller follows, the newest first. Nobody else sees it."""
    rows = Follow.objects.visible_to(request.actor).select_related("tender").order_by("-pk")
    return [_shown(row) for row in rows[offset : offset + limit]]


@router.put("/tenders/{code}/follow", response=FollowOut, operation_id="follow")
def follow(request: Request, code: str, payload: FollowIn) -> dict[str, Any]:
    """Begin to follow a public process, or choose another way to hear of it."""
    made = services.follow(
        actor=request.actor, tender_id=_public(code).pk, delivery=payload.delivery, at=request.received_at
    )
    return _shown(made)


@router.delete("/tenders/{code}/follow", response={204: None}, operation_id="unfollow")
def unfollow(request: Request, code: str) -> ninja.Status[None]:
    services.unfollow(actor=request.actor, tender_id=_public(code).pk)
    return ninja.Status(204, None)
