"""The log over the API: its signed head, its acts, their receipts."""

from typing import Annotated, Any

import ninja
from ninja import Query

from pliego.kernel.objections import Unknown
from pliego.ledger import canonical, queries, receipts
from pliego.ledger.models import Checkpoint, Entry
from pliego.web.api import Router
from pliego.web.http import Request

router = Router(tags=["ledger"])


class Head(ninja.Schema):
    size: int
    root: str
    note: str
    vkey: str
    signed_at: str


class ActCard(ninja.Schema):
    code: str
    act: str
    title: str
    at: str
    file: str
    folio: int
    index: int | None
    leaf: str
    status: str
    receipt: dict[str, Any] | None


class LoggedAct(ninja.Schema):
    index: int
    leaf: str
    code: str | None
    body: str | None


class LoggedActs(ninja.Schema):
    entries: list[LoggedAct]
    next: int | None


@router.get("/ledger/checkpoint", response=Head, operation_id="get_checkpoint")
def get_checkpoint(request: Request) -> dict[str, object]:
    """The last signed head of the log, and the key that signed it."""
    head: Checkpoint | None = queries.head()
    if head is None:
        raise Unknown()
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "note": head.note,
        "vkey": head.vkey,
        "signed_at": canonical.instant(head.signed_at),
    }


@router.get("/ledger/entries", response=LoggedActs, operation_id="list_entries")
def list_entries(request: Request, after: Annotated[int, Query(ge=-1, lt=2**53)] = -1) -> dict[str, object]:
    """Acts in the order of the log, 256 at a time. Reserved acts show their hash only."""
    found = queries.entries_from(index=after + 1)
    return {"entries": found, "next": found[-1]["index"] if len(found) == queries.AT_ONCE else None}


@router.get("/ledger/entries/{code}", response=ActCard, operation_id="get_entry")
def get_entry(request: Request, code: str) -> dict[str, object]:
    """An act and, once it is sealed, its receipt: the very JSON that `pliego verify` accepts."""
    entry: Entry = queries.visible_entry(actor=request.actor, code=code)
    receipt = receipts.build(entry)
    return {
        "code": entry.code,
        "act": entry.act,
        "title": str(entry.title),
        "at": canonical.instant(entry.at),
        "file": entry.file,
        "folio": entry.folio,
        "index": entry.index,
        "leaf": entry.leaf_hex,
        "status": "sealed" if receipt else "being_sealed",
        "receipt": receipt,
    }
