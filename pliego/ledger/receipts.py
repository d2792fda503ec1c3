"""Receipts: the proof, for whoever holds it, that an act is in the log."""

import base64
from typing import Any

from pliego.ledger import log, notes, verify, witnessing
from pliego.ledger.models import Checkpoint, Entry


def build(entry: Entry) -> dict[str, Any] | None:
    """The receipt of an act as JSON; nothing while it is still being sealed (a second at most).

    It rests on the first head that held the act; once enough witnesses have cosigned one that holds it, on the first of
    those, with their signatures. What was given before stays as good as it was.
    """
    if entry.index is None:
        return None
    head = Checkpoint.objects.filter(size__gt=entry.index).order_by("size").first()
    if head is None:
        return None
    witnessed = witnessing.witnessed_head(entry.index)
    note = witnessing.note_of(witnessed) if witnessed else head.note
    head = witnessed or head
    path = log.tree().inclusion(entry.index, head.size)
    return {
        "format": verify.RECEIPT,
        "code": entry.code,
        "body": entry.body,
        "leaf": entry.leaf_hex,
        "index": entry.index,
        "inclusion": [base64.b64encode(step).decode() for step in path],
        "checkpoint": note,
        "vkey": head.vkey,
        "tlog_proof": notes.proof_text(entry.index, path, note),
    }
