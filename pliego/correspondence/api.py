"""Messages over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any

import ninja
from ninja import Query, Status
from pydantic import Field

from pliego.correspondence import queries, services
from pliego.correspondence.files import record
from pliego.correspondence.models import Case, Message, Recipient
from pliego.correspondence.services import Words
from pliego.tendering.api.router import tender_of
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["messages"])
AT_ONCE = 100


class ReplyIn(Schema):
    model_config = example(text="El anexo corregido va con este mensaje.")

    text: Annotated[str, Field(max_length=8000)]
    uploads: Annotated[
        list[Annotated[str, Field(max_length=100)]],
        Field(max_length=5, description="Finished uploads of kind `message_document`"),
    ] = []


class CaseIn(ReplyIn):
    model_config = example(subject="Visita al sitio", text="¿A qué hora es la visita?")

    subject: Annotated[str, Field(max_length=200)]


class MessageIn(CaseIn):
    model_config = example(to="public", subject="Visita al sitio", text="La visita es a las 9:00.")

    to: Annotated[str, Field(max_length=12, description="public, interested, invited, bidders or supplier")]
    supplier: Annotated[str, Field(max_length=24, description="Code of the account, when it is to one")] = ""


class FileOut(ninja.Schema):
    code: str
    name: str
    sha256: str


class MessageOut(ninja.Schema):
    number: int
    code: str
    case: str
    to: str
    author: str
    subject: str
    text: str
    sent_at: datetime
    documents: list[FileOut]
    receipt: Receipt | None


class InboxRow(ninja.Schema):
    process: str
    number: int
    code: str
    case: str
    author: str
    subject: str
    sent_at: datetime
    read_at: datetime | None


class Inbox(ninja.Schema):
    unread: int
    messages: list[InboxRow]


class CaseOut(ninja.Schema):
    code: str
    number: int
    process: str
    supplier: str
    subject: str
    state: str
    messages: list[MessageOut]


def _shown(message: Message) -> dict[str, Any]:
    return {**record(message), "receipt": Receipt.of(message.receipt) if message.receipt else None}


def _words(payload: ReplyIn, subject: str = "") -> Words:
    return Words(payload.text, subject, [("uploads", Upload(upload_id=code)) for code in payload.uploads])


def _sent(request: Request, message: Message) -> Status[dict[str, Any]]:
    """As it is read again: with its files and its receipt."""
    return Status(201, _shown(queries.listed(request.actor, message.tender).get(pk=message.pk)))


def _public(request: Request, code: str) -> Tender:
    tender = tender_of(request, code)
    return get_visible(Tender.objects.public().select_related("buyer__organization"), pk=tender.pk)


@router.get("/messages", response=Inbox, operation_id="list_received_messages")
def list_received_messages(
    request: Request,
    unread: bool = False,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = 25,
) -> dict[str, Any]:
    """What the account received, the newest first. Looking here opens nothing."""
    rows = queries.inbox(request.actor, only_unread=unread, text=q)[:limit]
    return {"unread": queries.unread_of(request.actor).count(), "messages": [_row(row) for row in rows]}


def _row(row: Recipient) -> dict[str, Any]:
    message = row.message
    told = {name: getattr(message, name) for name in ("number", "code", "subject", "sent_at")}
    case = message.case.code if message.case else ""
    return {**told, "process": message.tender.code, "case": case, "author": message.author.name, "read_at": row.read_at}


@router.get("/tenders/{code}/messages", response=list[MessageOut], operation_id="list_messages")
def list_messages(request: Request, code: str, q: Annotated[str, Query(max_length=100)] = "") -> list[dict[str, Any]]:
    """The messages of a process that the caller may read: the public ones are for everybody."""
    return [_shown(row) for row in queries.listed(request.actor, _public(request, code), text=q).order_by("number")]


@router.post("/tenders/{code}/messages", response={201: MessageOut}, operation_id="write_message")
def write_message(request: Request, code: str, payload: MessageIn) -> Status[dict[str, Any]]:
    """Of the entity, to everybody, to a group or to one supplier."""
    sent = services.write_message(
        actor=request.actor,
        tender_id=_public(request, code).pk,
        group=payload.to,
        supplier=payload.supplier,
        words=_words(payload, payload.subject),
        at=request.received_at,
    )
    return _sent(request, sent)


@router.post("/tenders/{code}/messages/{number}/read", response=dict[str, int], operation_id="read_message")
def read_message(request: Request, code: str, number: int) -> dict[str, int]:
    """Note that the account has opened it."""
    found = get_visible(queries.listed(request.actor, _public(request, code)), number=number)
    return {"opened": services.read_messages(actor=request.actor, messages=[found], at=request.received_at)}


@router.post("/tenders/{code}/cases", response={201: MessageOut}, operation_id="open_case")
def open_case(request: Request, code: str, payload: CaseIn) -> Status[dict[str, Any]]:
    """Of a supplier to the entity."""
    words, tender = _words(payload, payload.subject), _public(request, code)
    sent = services.open_case(actor=request.actor, tender_id=tender.pk, words=words, at=request.received_at)
    return _sent(request, sent)


def _case(request: Request, code: str, number: int) -> Case:
    rows = Case.objects.visible_to(request.actor).select_related("tender", "account__organization")
    return get_visible(rows, tender__code=code, number=number)


@router.get("/tenders/{code}/cases/{number}", response=CaseOut, operation_id="read_case")
def read_case(request: Request, code: str, number: int) -> dict[str, Any]:
    """A case from its beginning. Looking here opens nothing."""
    case = _case(request, code, number)
    told = {name: getattr(case, name) for name in ("code", "number", "subject", "state")}
    rows = queries.listed(request.actor, case.tender).filter(case=case).order_by("number")
    return {**told, "process": code, "supplier": case.account.name, "messages": [_shown(row) for row in rows]}


@router.post("/tenders/{code}/cases/{number}/messages", response={201: MessageOut}, operation_id="write_in_case")
def write_in_case(request: Request, code: str, number: int, payload: ReplyIn) -> Status[dict[str, Any]]:
    """Of either side."""
    case = _case(request, code, number)
    sent = services.write_in_case(actor=request.actor, case_id=case.pk, words=_words(payload), at=request.received_at)
    return _sent(request, sent)
