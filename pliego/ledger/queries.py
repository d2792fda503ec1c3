"""Reads of the log for its pages and its API."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from pliego.kernel.actors import Actor
from pliego.kernel.events import title_of
from pliego.kernel.objections import Text, Unknown
from pliego.ledger import intentions, notes, receipts
from pliego.ledger.models import Checkpoint, Entry

AT_ONCE = 256


def head() -> Checkpoint | None:
    """The last signed head."""
    return Checkpoint.objects.order_by("-size").first()


def vkey() -> str:
    """The public key of the log; nothing before the first signature."""
    last = head()
    return last.vkey if last else ""


def visible_entry(*, actor: Actor, code: str) -> Entry:
    """The act of a receipt code, if the actor may read it. The code may be typed as people type it."""
    found = Entry.objects.visible_to(actor).filter(code=normal_code(code)).first()
    if found is None:
        raise Unknown()
    return found


def normal_code(text: str) -> str:
    """The texts "abcd efgh jklm" and "ABCD-EFGH-JKLM" are one code."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())[:40]
    return "-".join(compact[i : i + 4] for i in range(0, len(compact), 4))


def latest_public(*, count: int) -> QuerySet[Entry]:
    return Entry.objects.disclosed().order_by("-id")[:count]


def entries_from(*, index: int) -> list[dict[str, Any]]:
    """The acts from an index on, as the public may see them: the hash always, the text when it is public."""
    rows = Entry.objects.filter(index__gte=index).order_by("index")[:AT_ONCE]
    return [
        {
            "index": entry.index,
            "leaf": entry.leaf_hex,
            "code": entry.code if entry.is_disclosed else None,
            "body": entry.body if entry.is_disclosed else None,
        }
        for entry in rows
    ]


@dataclass(frozen=True)
class Shown:
    """A receipt as its page shows it."""

    entry: Entry
    title: Text
    at: datetime
    who: dict[str, Any]
    signature: dict[str, Any] | None
    documents: list[str]
    data: str
    receipt: dict[str, Any] | None

    @property
    def signed_hash(self) -> str:
        """The hash that the signer was shown; empty when the act was signed without showing one."""
        evidence = (self.signature or {}).get("evidence", {})
        return intentions.digest(evidence["intention"]) if "intention" in evidence else ""

    @property
    def witnesses(self) -> list[str]:
        """The witnesses under its head, once enough of them have cosigned one that holds the act."""
        return notes.names_under(self.receipt["checkpoint"])[1:] if self.receipt else []

    @property
    def size(self) -> int:
        return int(self.receipt["checkpoint"].split("\n")[1]) if self.receipt else 0


def shown(entry: Entry) -> Shown:
    return Shown(
        entry=entry,
        title=title_of(entry.act),
        at=entry.at,
        who=entry.who,
        signature=entry.content.get("signature"),
        documents=entry.documents,
        data=entry.body,
        receipt=receipts.build(entry),
    )
