"""Documents for the tests of other rooms, made by the services."""

import io
from datetime import datetime

from pliego.documents import services
from pliego.documents.models import Document
from pliego.documents.tests.corpus import PDF
from pliego.kernel import clock
from pliego.kernel.actors import Actor


def pdf(text: str = "") -> bytes:
    """A small PDF that differs by its text."""
    return PDF.replace(b"%PDF-1.7\n", b"%PDF-1.7\n% " + text.encode("ascii", "replace") + b"\n")


def document(
    *,
    actor: Actor,
    text: str = "",
    name: str = "documento.pdf",
    kind: str = "tender_document",
    file: str = "ocds-pl1ego-PLG.EXP.1",
    audience: str = "account",
    at: datetime | None = None,
) -> Document:
    return services.store(
        actor=actor,
        content=io.BytesIO(pdf(text)),
        name=name,
        kind=kind,
        file=file,
        audience=audience,
        at=at or clock.now(),
    )
