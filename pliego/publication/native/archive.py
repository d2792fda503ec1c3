"""The whole public file of a process as one ZIP, with its proof."""

import tempfile
from functools import partial
from typing import IO, Any

import msgspec

from pliego.documents import blobs
from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE
from pliego.ledger import expediente
from pliego.publication.models import Release
from pliego.publication.packages import compiled
from pliego.tendering.models import Tender

IN_MEMORY = 8 * 2**20


def build(tender: Tender) -> IO[bytes]:
    """Every act with its proof, every public document, and the OCDS data, ready to be read from its beginning."""
    found = Document.objects.visible_to(ANYONE).filter(file=tender.ocid).exclude(scan="quarantined").order_by("id")
    documents = [(row.name, row.sha256, partial(blobs.open, row.sha256)) for row in found]
    texts = Release.objects.filter(ocid=tender.ocid).order_by("pk").values_list("text", flat=True)
    releases = [msgspec.Raw(text.encode()) for text in texts]
    data: dict[str, Any] = {"releases": releases}
    if releases:
        data["compiledRelease"] = compiled(bytes(releases[-1]).decode())
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    expediente.build(tender.ocid, documents, [("ocds.json", msgspec.json.encode(data))], out)
    out.seek(0)
    return out
