"""The log over the API: its signed head, its acts, their receipts."""

import base64
from typing import Annotated, Any

import ninja
from ninja import Field, Query

from pliego.kernel.objections import Unknown
from pliego.ledger import canonical, log, notes, queries, receipts, witnessing
from pliego.ledger.models import Checkpoint, Cosignature, Entry
from pliego.web.api import Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["ledger"])


class Cosigned(ninja.Schema):
    witness: str
    institution: str
    vkey: str
    size: int = Field(description="Of the head under which it stands")
    cosigned_at: str = Field(description="As the witness says it")
    received_at: str


class Head(ninja.Schema):
    size: int
    root: str
    note: str = Field(description="The signature of the log, and one line for each witness that cosigned it")
    vkey: str
    signed_at: str
    cosignatures: list[Cosigned] = []


class HeldHead(ninja.Schema):
    size: int
    note: str


class Holding(ninja.Schema):
    heads: list[HeldHead]
    cosignatures: list[Cosigned]


class Proof(ninja.Schema):
    old: int
    new: int
    proof: list[str] = Field(description="Hashes in base64 (RFC 9162, section 2.1.4)")


class CosignatureIn(Schema):
    model_config = example(size=1, line="— entidad.gov.co/testigo YWJj")

    size: Annotated[int, Field(gt=0, lt=2**53)]
    line: Annotated[str, Field(max_length=400, description="The signature line (C2SP tlog-cosignature, Ed25519)")]


class WitnessOut(ninja.Schema):
    name: str
    institution: str
    vkey: str
    size: int | None = Field(description="Of the largest head that it cosigned")
    received_at: str | None


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
    return _head(queries.head())


@router.get("/ledger/cosigning", response=Head, operation_id="get_head_to_cosign")
def get_head_to_cosign(request: Request) -> dict[str, object]:
    """The head that witnesses are asked to cosign now: for some minutes the same for all of them."""
    return _head(witnessing.head_to_cosign(at=request.received_at))


def _head(head: Checkpoint | None) -> dict[str, object]:
    if head is None:
        raise Unknown()
    signed = witnessing.signed_under(head)
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "note": notes.with_lines(head.note, (cosignature.line for cosignature in signed)),
        "vkey": head.vkey,
        "signed_at": canonical.instant(head.signed_at),
        "cosignatures": [_cosigned(cosignature) for cosignature in signed],
    }


def _cosigned(signed: Cosignature) -> dict[str, object]:
    return {
        "witness": signed.witness.name,
        "institution": signed.witness.institution,
        "vkey": signed.witness.vkey,
        "size": signed.size,
        "cosigned_at": canonical.instant(signed.cosigned_at),
        "received_at": canonical.instant(signed.received_at),
    }


@router.get("/ledger/consistency", response=Proof, operation_id="get_consistency_proof")
def get_consistency_proof(
    request: Request, old: Annotated[int, Query(gt=0, lt=2**53)], new: Annotated[int, Query(gt=0, lt=2**53)]
) -> dict[str, object]:
    """The proof that the log of the larger size only adds to that of the smaller one."""
    if not old <= new <= log.tree_size():
        raise Unknown()
    path = log.tree().consistency(old, new)
    return {"old": old, "new": new, "proof": [base64.b64encode(step).decode() for step in path]}


@router.get("/ledger/witnesses", response=list[WitnessOut], operation_id="list_witnesses")
def list_witnesses(request: Request) -> list[dict[str, object]]:
    """Who looks at the log from outside, with the keys that check what they cosign."""
    return [
        {
            **witnessing.described(seen.witness),
            "size": seen.signed.size if seen.signed else None,
            "received_at": canonical.instant(seen.signed.received_at) if seen.signed else None,
        }
        for seen in witnessing.witnesses()
    ]


@router.get("/ledger/cosignatures", response=Holding, operation_id="list_cosignatures")
def list_cosignatures(request: Request, index: Annotated[int, Query(ge=0, lt=2**53)]) -> dict[str, object]:
    """Of each witness, its first cosignature under a head that holds the act at that index; and those heads."""
    found = witnessing.holding(index)
    heads = {signed.size: signed.checkpoint for signed in found}
    given = [{"size": size, "note": witnessing.note_of(head)} for size, head in sorted(heads.items())]
    return {"heads": given, "cosignatures": [_cosigned(signed) for signed in found]}


@router.post("/ledger/cosignatures", response=Cosigned, operation_id="cosign_head")
def cosign_head(request: Request, payload: CosignatureIn) -> dict[str, object]:
    """Bring the cosignature of a registered witness under a head that the log published. The signature is what counts:
    no session is needed."""
    kept = witnessing.accept_cosignature(
        actor=request.actor, size=payload.size, line=payload.line, at=request.received_at
    )
    return _cosigned(kept)


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
