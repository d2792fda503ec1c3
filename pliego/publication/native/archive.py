"""The whole file of a process or of a contract as one ZIP, with its proof: as much of it as the reader may see."""

import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from typing import IO, Any

import msgspec

from pliego.contracts.models import Contract
from pliego.documents import blobs
from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.calendar import BOGOTA
from pliego.ledger import expediente
from pliego.ledger.models import Entry
from pliego.publication.models import Release
from pliego.publication.packages import compiled
from pliego.tendering.models import Tender
from pliego.web.sheets import csv_lines

IN_MEMORY = 8 * 2**20
INDEX = ("documento", "nombre", "clase", "sha256", "bytes", "fecha", "folios")


def build(tender: Tender) -> IO[bytes]:
    """Every act with its proof, every public document, and the OCDS data, ready to be read from its beginning."""
    return _built(tender.ocid, _readable(tender.ocid, ANYONE), ANYONE)


def build_of_contract(contract: Contract, actor: Actor) -> IO[bytes]:
    """The file of the process as that reader sees it, with the documents of this contract and of no other one."""
    others = only_of_others(Entry.objects.of_file(contract.file), contract.code)
    rows = [row for row in _readable(contract.file, actor) if row.sha256 not in others]
    return _built(contract.file, rows, actor)


def _readable(file: str, actor: Actor) -> list[Document]:
    return list(Document.objects.visible_to(actor).filter(file=file).exclude(scan="quarantined").order_by("id"))


def only_of_others(entries: Iterable[Any], code: str) -> set[str]:
    """The documents that only acts of other contracts of the process name."""
    others, own = set[str](), set[str]()
    for entry in entries:
        is_own = entry.content["data"].get("contract", code) == code
        (own if is_own else others).update(entry.documents)
    return others - own


def _built(file: str, rows: Sequence[Document], actor: Actor) -> IO[bytes]:
    documents = [(row.name, row.sha256, partial(blobs.open, row.sha256)) for row in rows]
    texts = Release.objects.filter(ocid=file).order_by("pk").values_list("text", flat=True)
    releases = [msgspec.Raw(text.encode()) for text in texts]
    data: dict[str, Any] = {"releases": releases}
    if releases:
        data["compiledRelease"] = compiled(bytes(releases[-1]).decode())
    extra = [("ocds.json", msgspec.json.encode(data)), ("indice.csv", _index(file, rows, actor))]
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    expediente.build(file, documents, extra, out, actor)
    out.seek(0)
    return out


def _index(file: str, rows: Iterable[Document], actor: Actor) -> bytes:
    """The documents in the order in which they came, each with the folios of the acts that name it."""
    folios: dict[str, list[str]] = {}
    for entry in Entry.objects.visible_to(actor).of_file(file):
        for digest in entry.documents:
            folios.setdefault(digest, []).append(str(entry.folio))
    lines = (
        (
            row.code,
            row.name,
            str(row.kind_title),
            row.sha256,
            row.size,
            row.created_at.astimezone(BOGOTA).isoformat(timespec="seconds"),
            " ".join(folios.get(row.sha256, ())),
        )
        for row in rows
    )
    return "".join(csv_lines(INDEX, lines)).encode()
