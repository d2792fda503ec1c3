"""Reads of documents for pages, the API and the command line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from pliego.documents import blobs, filetypes, kinds, receiving
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown


def visible_document(*, actor: Actor, code: str) -> Document:
    """The document with that code. Unknown when there is none for this actor."""
    if (document := Document.objects.visible_to(actor).filter(code=code).first()) is None:
        raise Unknown()
    return document


def described(*, document: Document) -> dict[str, Any]:
    """What the world may know of a document it may read: never who uploaded it."""
    return {
        "code": document.code,
        "name": document.name,
        "kind": document.kind,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "audience": document.audience,
        "file": document.file,
        "created_at": document.created_at.isoformat(),
        "scan": document.scan,
        "url": document.get_absolute_url(),
    }


def accepted_files(kind: str) -> dict[str, str]:
    """What a page says beside a field of files: the endings, and the most megabytes of each file."""
    return {
        "accepted": filetypes.in_words(kinds.get(kind).accepts),
        "most": receiving.megabytes(receiving.largest(kind)),
    }


@dataclass(frozen=True)
class Fault:
    sha256: str
    reason: str  # "missing", "altered" or "unclaimed"


def checked_store() -> Iterator[Fault | None]:
    """Hash every stored file again: None for a good one, a Fault for each that is missing, altered or unclaimed."""
    claimed = set(Document.objects.values_list("sha256", flat=True).distinct())
    for sha256 in blobs.all_hashes():
        good = blobs.verify(sha256)
        yield None if good and sha256 in claimed else Fault(sha256, "unclaimed" if good else "altered")
        claimed.discard(sha256)
    yield from (Fault(sha256, "missing") for sha256 in sorted(claimed))


def totals() -> dict[str, int]:
    weight = Document.objects.aggregate(total=Sum("size"))["total"] or 0
    return {"documents": Document.objects.count(), "bytes": weight}
