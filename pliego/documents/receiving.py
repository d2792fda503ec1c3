"""Bytes on their way to becoming a document: one row and one file per upload, hashed as they are written.

Guarantees: what the row says was received is on the disk; memory is bounded whatever the size; it can go
on after a cut or a restart of the server; one writer at a time; quota and size are refused before any byte flows.
"""

import fcntl
import hashlib
import os
import secrets
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from pliego.documents import blobs, inspection, kinds, room
from pliego.documents.models import Upload
from pliego.documents.refusals import refusal
from pliego.documents.states import UPLOAD
from pliego.kernel.money import grouped
from pliego.kernel.objections import Objection, Refused, Unknown

CHECKPOINT = 16 << 20
KEPT_HASHES = 256
WAITING = ("receiving", "complete")


class Busy(Exception):
    """Another connection is writing to this upload."""


class Gone(Exception):
    """The upload expired or was discarded."""


class Misplaced(Exception):
    """The bytes do not continue where the upload stands."""


class Overflow(Exception):
    """More bytes came than were announced."""


_hashes: OrderedDict[str, tuple[int, Any]] = OrderedDict()
_hashes_lock = Lock()


def path_of(upload: Upload) -> Path:
    return Path(settings.PLIEGO_UPLOADS) / upload.code


def megabytes(size: int) -> str:
    return grouped((Decimal(size) / (1 << 20)).quantize(Decimal("0.1")), decimals=False)


def life() -> timedelta:
    """How long an upload waits to be finished and used."""
    return timedelta(hours=settings.PLIEGO_UPLOAD_HOURS)


def largest(kind: str = "") -> int:
    """The most bytes that a file of that kind may have."""
    own = kinds.get(kind).largest if kind else 0
    return min(own, settings.PLIEGO_MAX_FILE_BYTES) if own else settings.PLIEGO_MAX_FILE_BYTES


def too_large(name: str, size: int, field: str = "", limit: int = 0) -> Objection:
    limit = limit or settings.PLIEGO_MAX_FILE_BYTES
    return refusal("file_too_large", name, field, size=megabytes(size), limit=megabytes(limit))


@transaction.atomic
def begin(*, user_id: int, name: str, size: int, purpose: str, at: datetime) -> Upload:
    """Announce an upload. Refused before any byte flows when it is too large, over the quota or of no known kind."""
    if not kinds.get(purpose).is_uploaded:
        raise Refused(Objection("not_uploaded", _("Documents of this kind are made by the platform."), "purpose"))
    if size > largest(purpose):
        raise Refused(too_large(name, size, "file", largest(purpose)))
    if size == 0:
        raise Refused(refusal("empty_file", name, "file"))
    _lock_quota(user_id)
    waiting = Upload.objects.filter(user_id=user_id, state__in=WAITING, expires_at__gt=at)
    if (waiting.aggregate(total=Sum("size"))["total"] or 0) + size > settings.PLIEGO_UPLOAD_QUOTA_BYTES:
        sentence = _("Your uploads that wait to be used already fill your quota. Use or remove one and retry.")
        raise Refused(Objection("over_quota", sentence, "file"))
    Path(settings.PLIEGO_UPLOADS).mkdir(parents=True, exist_ok=True)
    upload = Upload.objects.create(
        code=f"up-{secrets.token_hex(16)}",
        user_id=user_id,
        purpose=purpose,
        name=name,
        size=size,
        created_at=at,
        expires_at=at + life(),
    )
    path_of(upload).touch(mode=0o600)
    blobs.flush_folder(Path(settings.PLIEGO_UPLOADS))
    return upload


def keep(*, user_id: int, file: UploadedFile, purpose: str, at: datetime) -> str:
    """A file that came with a form that was refused, kept as a finished upload of its sender. Answers its code."""
    upload = begin(user_id=user_id, name=file.name or "", size=file.size or 0, purpose=purpose, at=at)
    with Writer(upload, 0, at=at) as writer:
        for chunk in file.chunks():
            writer.write(chunk)
        return writer.finish().code


def _lock_quota(user_id: int) -> None:
    """Two announcements of one person count one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('documents.quota'), %s)", [user_id % (1 << 31)])


def find(*, code: str, user_id: int, at: datetime) -> Upload:
    """The upload of this person. Unknown for anybody else's; Gone when its time is over."""
    upload = Upload.objects.filter(code=code, user_id=user_id).first()
    if upload is None:
        raise Unknown()
    if upload.state == "discarded" or (upload.state != "used" and upload.expires_at <= at):
        raise Gone()
    return upload


@transaction.atomic
def discard(*, upload: Upload, at: datetime) -> None:
    """Forget an upload that no act has taken."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    UPLOAD.fire(upload, "discard", at=at)
    upload.save(update_fields=["state"])
    path_of(upload).unlink(missing_ok=True)
    with _hashes_lock:
        _hashes.pop(upload.code, None)


def sweep(*, at: datetime) -> int:
    """Remove the bytes of uploads that expired, of those already taken, whose content the store has, and of those that
    no row names any more. What is looked through is the folder of uploads, which stays small."""
    removed = 0
    for upload in Upload.objects.filter(state__in=WAITING, expires_at__lte=at).iterator():
        discard(upload=upload, at=at)
        removed += 1
    folder = Path(settings.PLIEGO_UPLOADS)
    names = [path.name for path in folder.iterdir()] if folder.exists() else []
    known = {upload.code: upload for upload in Upload.objects.filter(code__in=names)}
    for name in names:
        if is_spent(known.get(name), folder / name, at):
            (folder / name).unlink(missing_ok=True)
            removed += 1
    return removed


def is_spent(upload: Upload | None, path: Path, at: datetime) -> bool:
    """Whether nobody can want these bytes from here any more."""
    if upload is None:  # begun in a transaction that failed: give the others time to end
        return path.exists() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - life()
    if upload.state == "used":
        return kinds.get(upload.purpose).is_opaque or blobs.exists(upload.sha256)
    return upload.state == "discarded"


class Writer:
    """Writes one stretch of bytes at the place where the upload stands. Use it as a context, and end with `finish`."""

    def __init__(self, upload: Upload, offset: int, *, at: datetime, checksum: tuple[str, bytes] | None = None) -> None:
        self.upload, self.at, self.checksum = upload, at, checksum
        self.start = self.offset = offset
        self.stretch = hashlib.new(checksum[0]) if checksum else None
        self.checkpointed = offset
        self.file: BinaryIO | None = None

    def __enter__(self) -> "Writer":
        file = path_of(self.upload).open("r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.upload.refresh_from_db()
            if self.upload.state != "receiving" or self.upload.offset != self.offset:
                raise Misplaced()
            self.hash = self._resumed_hash(file)
        except BlockingIOError:
            file.close()
            raise Busy() from None
        except BaseException:
            file.close()
            raise
        self.file = file
        return self

    def __exit__(self, *_exc: object) -> None:
        if self.file is not None:
            with suppress(OSError):  # what was still to be flushed was never acknowledged
                self.file.close()

    def _resumed_hash(self, file: BinaryIO) -> Any:
        """The hash of what was already received: remembered, or computed again from the file after a restart."""
        with _hashes_lock:
            kept = _hashes.pop(self.upload.code, None)
        file.truncate(self.offset)  # bytes beyond were never acknowledged
        if kept is not None and kept[0] == self.offset:
            file.seek(self.offset)
            return kept[1]
        digest = hashlib.sha256()
        while chunk := file.read(blobs.CHUNK):
            digest.update(chunk)
        if file.tell() != self.offset:
            raise Gone()  # the disk lost what the row says: start again
        return digest

    def write(self, chunk: bytes) -> None:
        assert self.file is not None
        if self.offset + len(chunk) > self.upload.size:
            raise Overflow()
        with room.needed_for(self.upload.name, "file"):
            self.file.write(chunk)
        self.hash.update(chunk)
        if self.stretch is not None:
            self.stretch.update(chunk)
        self.offset += len(chunk)
        if self.checksum is None and self.offset - self.checkpointed >= CHECKPOINT:
            self.checkpoint()

    def checkpoint(self) -> None:
        assert self.file is not None
        with room.needed_for(self.upload.name, "file"):
            self.file.flush()
            os.fdatasync(self.file.fileno())
        self.upload.offset = self.checkpointed = self.offset
        self.upload.save(update_fields=["offset"])

    def matches(self) -> bool:
        """Whether the stretch is what the sender says it sent; if not, it is as if it had never come."""
        if self.checksum is None or self.stretch is None or self.stretch.digest() == self.checksum[1]:
            return True
        assert self.file is not None
        self.file.truncate(self.start)
        return False

    def finish(self) -> Upload:
        """Acknowledge what came. When it is all, look inside: what may not enter is discarded, with its reasons."""
        self.checkpoint()
        if self.offset < self.upload.size:
            with _hashes_lock:
                _hashes[self.upload.code] = (self.offset, self.hash)
                while len(_hashes) > KEPT_HASHES:
                    _hashes.popitem(last=False)
            return self.upload
        assert self.file is not None
        kind = kinds.get(self.upload.purpose)
        try:
            if not kind.is_opaque:
                inspection.inspect(self.file, self.upload.name, kind.accepts, "file")
        except Refused:
            discard(upload=self.upload, at=self.at)
            raise
        UPLOAD.fire(self.upload, "complete", at=self.at)
        self.upload.sha256 = self.hash.hexdigest()
        self.upload.save(update_fields=["state", "sha256"])
        return self.upload
