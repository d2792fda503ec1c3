"""The store of ciphertext: pieces of at most 8 MiB, each a file named by the SHA-256 of its bytes.

Guarantees: a file appears under its name only when its bytes have that hash and are on the disk; the same piece sent
twice, also at the same time, is kept once.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pliego.bidding.sealing import PART_SIZE
from pliego.kernel.objections import Objection, Refused

CHUNK = 2**16


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def path_of(sha256: str) -> Path:
    return Path(settings.PLIEGO_BLOBS) / "selladas" / sha256[:2] / sha256


def keep(stream: Readable, sha256: str) -> int:
    """Write a part while checking its hash; answers its size. Refused when it is another part or too large."""
    folder = path_of(sha256).parent
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix=".llega-")
    try:
        with os.fdopen(handle, "wb") as file:
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
        Path(name).replace(path_of(sha256))
        return size
    finally:
        Path(name).unlink(missing_ok=True)


def exists(sha256: str) -> bool:
    return path_of(sha256).exists()


def get(sha256: str) -> bytes:
    return path_of(sha256).read_bytes()


def starts_with(sha256: str, beginning: bytes) -> bool:
    with path_of(sha256).open("rb") as file:
        return file.read(len(beginning)) == beginning
