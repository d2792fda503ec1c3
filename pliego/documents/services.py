"""Storing documents, opening them to more readers, and what the antivirus decides. The acts belong to higher rooms."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pliego.documents import antivirus, blobs, inspection, kinds, receiving, room
from pliego.documents.blobs import Blob
from pliego.documents.events import DocumentQuarantined
from pliego.documents.filetypes import FileType
from pliego.documents.models import Audience, Document, DocumentGrant
from pliego.documents.models import Upload as UploadRow
from pliego.documents.states import SCAN, UPLOAD
from pliego.kernel import identifiers
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.objections import Objection, Refused
from pliego.ledger import outbox
from pliego.web.fields import FROM_LIBRARY, Upload

logger = logging.getLogger(__name__)
WIDER = {
    Audience.OWNER: 0,
    Audience.ACCOUNT: 1,
    Audience.DESK: 1,
    Audience.BUYERS: 2,
    Audience.PARTICIPANTS: 2,
    Audience.PUBLIC: 3,
}
# Rooms above that keep documents to be used again: (actor, code, at) gives the one that this person may attach.
LENDERS: list[Callable[[Actor, str, datetime], Document | None]] = []
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@transaction.atomic
def store(
    *, actor: Actor, content: IO[bytes], name: str, kind: str, file: str, audience: str, at: datetime, field: str = ""
) -> Document:
    """Keep these bytes for ever as a document of the file, if the list of types lets them in. `content` must seek."""
    name = clean_name(name)
    refuse_what_is_too_large(content, name, field)
    found = inspection.inspect(content, name, kinds.get(kind).accepts, field)
    scan = refuse_what_is_infected(content, name, field)
    content.seek(0)
    with room.needed_for(name, field):
        blob = blobs.put(content)
    return record(actor, blob, found, name, kind, file, audience, at, scan)


@transaction.atomic
def from_upload(
    *, actor: Actor, upload_id: str, kind: str, file: str, audience: str, at: datetime, field: str = ""
) -> Document:
    """Make a document of a finished upload of this very person, once, for the purpose it was sent for."""
    upload = used(actor, upload_id, kind, field, at)
    path = receiving.path_of(upload)
    with path.open("rb") as content:
        found = inspection.inspect(content, upload.name, kinds.get(kind).accepts, field)
        scan = refuse_what_is_infected(content, upload.name, field)
    with room.needed_for(upload.name, field):
        blob = blobs.adopt(Path(path), upload.sha256, upload.size)
    return record(actor, blob, found, upload.name, kind, file, audience, at, scan)


def used(actor: Actor, upload_id: str, purpose: str, field: str, at: datetime) -> UploadRow:
    """The finished upload of this very person, held, and marked as used by the act that asks."""
    upload = UploadRow.objects.select_for_update().filter(code=upload_id, user_id=actor.user_id or 0).first()
    if upload is None:
        sentence = _("There is no upload of yours with that code. Upload the file again.")
        raise Refused(Objection("upload_unknown", sentence, field))
    if upload.purpose != purpose:
        sentence = _("That file was uploaded for something else. Upload it again here.")
        raise Refused(Objection("upload_of_another_purpose", sentence, field))
    UPLOAD.fire(upload, "use", at=at)
    upload.save(update_fields=["state"])
    return upload


@contextmanager
def opaque_upload(*, actor: Actor, upload_id: str, purpose: str, at: datetime, field: str = "") -> Iterator[IO[bytes]]:
    """The bytes of a finished upload that nobody can look into, for the act that keeps them under their hash. They are
    forgotten here once that act is done."""
    assert kinds.get(purpose).is_opaque
    with transaction.atomic():
        path = receiving.path_of(used(actor, upload_id, purpose, field, at))
        with path.open("rb") as content:
            yield content
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def take(
    *, actor: Actor, value: Upload, kind: str, file: str, audience: str, at: datetime, field: str = ""
) -> Document:
    """What a form's UploadField gives, whichever road it came by: a file, a finished upload, one of the library."""
    told: dict[str, Any] = {"actor": actor, "kind": kind, "file": file, "audience": audience, "at": at, "field": field}
    if value.file is None and value.upload_id.startswith(FROM_LIBRARY):
        return reuse(code=value.upload_id.removeprefix(FROM_LIBRARY), **told)
    if value.file is None:
        return from_upload(upload_id=value.upload_id, **told)
    return store(content=value.file, name=value.name, **told)  # type: ignore[arg-type]


@transaction.atomic
def refile(*, actor: Actor, document: Document, file: str, audience: str, at: datetime) -> Document:
    """The same bytes as a document of another file: what somebody attached before the account existed."""
    return Document.objects.create(
        code=f"DOC-{identifiers.random_code()}",
        sha256=document.sha256,
        size=document.size,
        media_type=document.media_type,
        name=document.name,
        kind=document.kind,
        audience=Audience(audience),
        file=file,
        account_id=actor.account_id,
        uploaded_by_id=document.uploaded_by_id,
        created_at=at,
    )


@transaction.atomic
def reuse(*, actor: Actor, code: str, kind: str, file: str, audience: str, at: datetime, field: str = "") -> Document:
    """Attach a document of the library of the account: the same bytes, as a document of another file."""
    found = next((lent for lend in LENDERS if (lent := lend(actor, code, at))), None)
    if found is None or found.is_quarantined:
        raise Refused(Objection("not_in_library", _("This document of the library is no longer valid."), field))
    with blobs.open(found.sha256) as content:
        kept = inspection.inspect(content, found.name, kinds.get(kind).accepts, field)
    blob = Blob(found.sha256, found.size)
    return record(actor, blob, kept, found.name, kind, file, audience, at, found.scan)


def record(  # noqa: PLR0917
    actor: Actor, blob: Blob, found: FileType, name: str, kind: str, file: str, audience: str, at: datetime, scan: str
) -> Document:
    document = Document.objects.create(
        code=f"DOC-{identifiers.random_code()}",
        sha256=blob.sha256,
        size=blob.size,
        media_type=found.media_type,
        name=name,
        kind=kind,
        audience=Audience(audience),
        file=file,
        account_id=actor.account_id,
        uploaded_by_id=actor.user_id,
        created_at=at,
    )
    if scan != SCAN.initial:
        SCAN.fire(document, "clear", at=at)
        document.save(update_fields=["scan"])
    return document


@transaction.atomic
def disclose(*, documents: Iterable[Document], audience: str, at: datetime) -> list[Document]:
    """Open documents to more readers. The act that calls this asked its own policy; nothing is closed again."""
    ids = sorted(document.pk for document in documents)
    found = list(Document.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for document in found:
        if WIDER[Audience(audience)] < WIDER[Audience(document.audience)]:
            raise Refused(Objection("cannot_close", _("A document that was opened cannot be closed again.")))
        document.audience, document.disclosed_at = Audience(audience), at
        document.save(update_fields=["audience", "disclosed_at"])
    return found


@transaction.atomic
def grant(*, document: Document, account_ids: Iterable[int], at: datetime) -> None:
    """Name accounts that take part, and so may read a document of audience “participants”."""
    rows = [DocumentGrant(document=document, account_id=i, granted_at=at) for i in sorted(set(account_ids))]
    DocumentGrant.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def scan(*, document_id: int, at: datetime) -> Document:
    """Ask the antivirus about a stored document; what it condemns goes into quarantine, with an act."""
    document = Document.objects.select_for_update().get(pk=document_id)
    with blobs.open(document.sha256) as content:
        finding = antivirus.find(content)
    if not finding:
        if SCAN.allows(document, "clear"):
            SCAN.fire(document, "clear", at=at)
            document.save(update_fields=["scan"])
        return document
    if document.is_quarantined:
        return document
    SCAN.fire(document, "quarantine", at=at)
    document.scan_finding = finding
    document.save(update_fields=["scan", "scan_finding"])
    announced = DocumentQuarantined(
        file=document.file,
        subject_id=document.pk,
        data={"document": document.code, "sha256": document.sha256, "finding": finding},
        documents=(document.sha256,),
    )
    outbox.publish(announced, actor=SYSTEM, at=at)
    return document


def clean_name(name: str) -> str:
    """The last part of a path, in one Unicode form, without what cannot be seen, in 200 characters with its ending."""
    name = UNPRINTABLE.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 12 else name[:200]
    return name or "documento"


def refuse_what_is_too_large(content: IO[bytes], name: str, field: str) -> None:
    size = content.seek(0, 2)
    if size > settings.PLIEGO_MAX_FILE_BYTES:
        raise Refused(receiving.too_large(name, size, field))


def refuse_what_is_infected(content: IO[bytes], name: str, field: str) -> str:
    """The state of the scan; an antivirus that does not answer delays nobody, a job asks it again later."""
    if not antivirus.is_configured():
        return SCAN.initial
    try:
        finding = antivirus.find(content)
    except antivirus.Unavailable as error:
        logger.warning("the antivirus did not answer: %s", error)
        return SCAN.initial
    if finding:
        sentence = _("The antivirus found a threat in “%(name)s” (%(finding)s). Clean your computer and retry.")
        raise Refused(Objection("virus_found", sentence % {"name": name, "finding": finding}, field))
    return "clean"
