"""The store of ciphertext: pieces of at most 8 MiB, each a file named by the SHA-256 of its bytes.

Guarantees: a file appears under its name only when its bytes have that hash and are on the disk; the same piece sent
twice, also at the same time, is kept once.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pliego.bidding.sealing import PART_SIZE
from pliego.documents import blobs, room
from pliego.kernel.objections import Objection, Refused

CHUNK = 2**16
FOLDER, PASSING = "selladas", ".llega-"


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def path_of(sha256: str) -> Path:
    return Path(settings.PLIEGO_BLOBS) / FOLDER / sha256[:2] / sha256


@dataclass
class Arrived:
    """A part on the disk under a passing name, whose hash is the right one."""

    sha256: str
    size: int
    path: Path

    def place(self) -> None:
        """Give it its name for good, and flush the folders that name it: a power cut must not forget it."""
        target = path_of(self.sha256)
        self.path.replace(target)
        for folder in (target.parent, target.parent.parent):
            blobs.flush_folder(folder)


@contextmanager
def arriving(stream: Readable, sha256: str) -> Iterator[Arrived]:
    """Write a part while checking its hash: refused when it is another one or too large, forgotten unless placed."""
    folder = path_of(sha256).parent
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix=PASSING)
    try:
        with room.needed_for(str(_("the part")), "part"), os.fdopen(handle, "wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > PART_SIZE:
                    raise Refused(Objection("part_too_large", _("A part has at most 8 MiB."), "part"))
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != sha256:
            raise Refused(Objection("wrong_hash", _("The part was damaged on its way. Send it again."), "part"))
        yield Arrived(sha256, size, Path(name))
    finally:
        Path(name).unlink(missing_ok=True)


def forget(sha256: str) -> None:
    path_of(sha256).unlink(missing_ok=True)


def forget_halves(before: datetime) -> int:
    """Remove what a request that died left half written."""
    forgotten = 0
    for path in (Path(settings.PLIEGO_BLOBS) / FOLDER).glob(f"*/{PASSING}*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            path.unlink(missing_ok=True)
            forgotten += 1
    return forgotten


def exists(sha256: str) -> bool:
    return path_of(sha256).exists()


def get(sha256: str) -> bytes:
    return path_of(sha256).read_bytes()


def starts_with(sha256: str, beginning: bytes) -> bool:
    with path_of(sha256).open("rb") as file:
        return file.read(len(beginning)) == beginning
