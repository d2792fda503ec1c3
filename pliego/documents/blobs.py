"""Where the bytes are: a folder in which every file is named by its SHA-256.

Guarantees: what `put` returned is on the disk (file and folders flushed) under its hash; the same bytes are kept
once; nothing that already has its name is ever changed; a reader never sees half a file.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

from django.conf import settings

CHUNK = 1 << 20
HASH = re.compile(r"[0-9a-f]{64}")


class Blob(NamedTuple):
    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    if not HASH.fullmatch(sha256):
        raise ValueError("a blob is named by 64 lowercase hexadecimal digits")
    return Path(settings.PLIEGO_BLOBS) / sha256[:2] / sha256[2:4] / sha256


def put(stream: IO[bytes]) -> Blob:
    """Store what remains to be read of the stream, in bounded memory."""
    incoming = Path(settings.PLIEGO_BLOBS) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    half = incoming / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        with half.open("xb") as file:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += file.write(chunk)
            flush(file)
        place(half, digest.hexdigest(), size)
    finally:
        half.unlink(missing_ok=True)
    return Blob(digest.hexdigest(), size)


def adopt(path: Path, sha256: str, size: int) -> Blob:
    """Store a finished file that was hashed as it arrived, without copying it where the file system can link."""
    incoming = Path(settings.PLIEGO_BLOBS) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    half = incoming / secrets.token_hex(16)
    try:
        os.link(path, half)
    except OSError:  # another file system: copy
        with path.open("rb") as file:
            found = put(file)
        if found != (sha256, size):
            raise ValueError("the file is not the one that was hashed") from None
        return found
    try:
        place(half, sha256, size)
    finally:
        half.unlink(missing_ok=True)
    return Blob(sha256, size)


def place(half: Path, sha256: str, size: int) -> None:
    """Give a flushed file its final name, and flush the folders that now name it."""
    target = path_of(sha256)
    if target.exists() and target.stat().st_size == size:
        return
    fresh = [folder for folder in (target.parent.parent, target.parent) if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    half.chmod(0o440)
    half.replace(target)
    for folder in (target.parent, *(made.parent for made in reversed(fresh))):
        flush_folder(folder)


def flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open(sha256: str) -> BinaryIO:
    """Read a stored file. FileNotFoundError when there is none: a fault of the store, never of the reader."""
    return path_of(sha256).open("rb")


def exists(sha256: str) -> bool:
    return path_of(sha256).exists()


def hash_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def verify(sha256: str) -> bool:
    """Whether the file is there and still hashes to its name."""
    try:
        with open(sha256) as file:
            return hash_of(file) == sha256
    except FileNotFoundError:
        return False


def all_hashes() -> Iterator[str]:
    """Every name in the store, one folder at a time."""
    root = Path(settings.PLIEGO_BLOBS)
    for path in sorted(root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        if HASH.fullmatch(path.name):
            yield path.name
