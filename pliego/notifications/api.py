"""The inbox over the API, and on practice installations the mail that was caught."""

from itertools import islice
from typing import Annotated

import ninja
from django.urls import reverse
from ninja import Query

from pliego.ledger.canonical import instant
from pliego.notifications import catcher, queries, services
from pliego.notifications.models import Notice
from pliego.notifications.views import only_practice
from pliego.web.acts import get_visible
from pliego.web.api import Router
from pliego.web.http import Request

router = Router(tags=["notifications"])
AT_ONCE = 100


class NoticeCard(ninja.Schema):
    code: str
    title: str
    body: str
    url: str
    reason: str
    created_at: str
    read_at: str | None


class Notices(ninja.Schema):
    unread: int
    notices: list[NoticeCard]


class CaughtMail(ninja.Schema):
    name: str
    at: str
    to: str
    subject: str
    text: str
    url: str


class CaughtMails(ninja.Schema):
    mail: list[CaughtMail]


def _card(notice: Notice) -> dict[str, object]:
    return {
        "code": notice.code,
        "title": notice.title,
        "body": notice.body,
        "url": notice.url,
        "reason": notice.reason,
        "created_at": instant(notice.created_at),
        "read_at": instant(notice.read_at) if notice.read_at else None,
    }


@router.get("/notices", response=Notices, operation_id="list_notices")
def list_notices(request: Request, unread: bool = False) -> dict[str, object]:
    """The newest notices of the person who asks."""
    found = queries.inbox(request.actor, only_unread=unread)[:AT_ONCE]
    return {"unread": queries.unread_for(request.actor), "notices": [_card(notice) for notice in found]}


@router.post("/notices/{code}/read", response=NoticeCard, operation_id="read_notice")
def read_notice(request: Request, code: str) -> dict[str, object]:
    found = get_visible(Notice.objects.visible_to(request.actor), code=code)
    return _card(services.read_notice(actor=request.actor, notice_id=found.pk, at=request.received_at))


@router.get("/practice/mail", response=CaughtMails, operation_id="list_practice_mail")
def list_practice_mail(
    request: Request,
    to: Annotated[str, Query(max_length=254)] = "",
    limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = 25,
) -> dict[str, object]:
    """What a practice installation would have sent, the newest first. Production has none of this."""
    only_practice()
    rows = [
        {
            "name": mail.name,
            "at": instant(mail.at),
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
            "url": reverse("notifications:caught_mail", args=[mail.name]),
        }
        for mail in islice(catcher.caught(to), limit)
    ]
    return {"mail": rows}
