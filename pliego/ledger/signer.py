"""The signer: signs the head of the log, and only if it continues the last head it signed.

Guarantees: it keeps its key and its last (size, root) in a folder of its own, written to disk before the signature is
shown to anybody; it never signs a smaller tree, nor one that does not contain the last one. Whoever rewrites rows of
the database gets no signature. The process needs to read the database and to insert heads, nothing more. Of its
folder the web processes read only `seal` and the public key.
"""

import base64
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from pliego.kernel import clock
from pliego.ledger import log, merkle, notes, seal
from pliego.ledger.models import Checkpoint

KEY_FILE, HEAD_FILE, VKEY_FILE, LOCK_FILE = "log.key", "head.json", "log.vkey", "lock"


class TreeRefused(Exception):
    """The tree in the database does not continue the one that was signed: it was cut, or rewritten."""


@dataclass(frozen=True)
class Head:
    size: int
    root: bytes


def sign_once() -> Checkpoint | None:
    """Sign the present head if it is new and continues the last one; nothing if there is nothing new."""
    folder = Path(settings.PLIEGO_SIGNER_DIR)
    with _alone(folder):
        private = key(folder)
        last, size = _last_head(folder), log.tree_size()
        if size == 0 and last is None:
            return None
        head = _continuing(last, size)
        if last == head and Checkpoint.objects.filter(size=size).exists():
            return None
        # Remembered before it is shown: after a crash here the same head is signed again, never another.
        write_atomically(
            folder / HEAD_FILE,
            json.dumps({"size": head.size, "root": base64.b64encode(head.root).decode()}).encode(),
        )
        return _publish(head, private)


class Watch:
    """The step of the signer's loop: it looks at the size each time, and at the whole head when that changed.

    Once in a while it looks at the whole head anyway, so that a tree rewritten in place is noticed and said.
    """

    LOOK_ANYWAY = 30.0

    def __init__(self) -> None:
        self.size, self.looked = -1, 0.0

    def __call__(self) -> None:
        size, now = log.tree_size(), time.monotonic()
        if size != self.size or now - self.looked > self.LOOK_ANYWAY:
            sign_once()
            self.size, self.looked = size, now


def _continuing(last: Head | None, size: int) -> Head:
    if last is not None and size < last.size:
        raise TreeRefused(f"the log has {size} acts and {last.size} were signed")
    tree = log.remembering_tree()
    try:
        head = Head(size, tree.root(size))
        proof = tree.consistency(last.size, size) if last else []
    except LookupError as error:
        raise TreeRefused(f"the tiles of the log are incomplete: {error}") from error
    if last and not merkle.verify_consistency(last.size, size, last.root, head.root, proof):
        raise TreeRefused(f"the log of {size} acts does not contain the one of {last.size} that was signed")
    return head


def _publish(head: Head, private: Ed25519PrivateKey) -> Checkpoint:
    origin = settings.PLIEGO_LEDGER_ORIGIN
    note = notes.sign(str(notes.Checkpoint(origin, head.size, head.root)), origin, private)
    signed, _new = Checkpoint.objects.get_or_create(
        size=head.size,
        defaults={
            "root": head.root,
            "note": note,
            "vkey": str(notes.Key.of(origin, private)),
            "signed_at": clock.now(),
        },
    )
    return signed


# ---- the signer's folder -------------------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def key(folder: Path) -> Ed25519PrivateKey:
    """The log's key, made at first use. Its public half lies beside it for whoever verifies on this machine."""
    path = folder / KEY_FILE
    if not path.exists():
        if (folder / HEAD_FILE).exists():
            raise TreeRefused("the signer has signed before but its key is gone: restore it, a new key is a new log")
        private = Ed25519PrivateKey.generate()
        write_atomically(
            path,
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        write_atomically(folder / VKEY_FILE, f"{notes.Key.of(settings.PLIEGO_LEDGER_ORIGIN, private)}\n".encode())
    loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(loaded, Ed25519PrivateKey)
    _seal(loaded)
    return loaded


def _seal(private: Ed25519PrivateKey) -> None:
    """Make the seal of PDFs at first use; the certificate is written last, so that it never stands without its key."""
    key_file, certificate_file, _root = seal.files()
    if certificate_file.exists():
        return
    key_file.parent.mkdir(mode=0o700, exist_ok=True)
    made = seal.make(private)
    for path in sorted(made, key=lambda path: path == certificate_file):
        write_atomically(path, made[path])


def _last_head(folder: Path) -> Head | None:
    path = folder / HEAD_FILE
    if not path.exists():
        return None
    data = json.loads(path.read_text())
    return Head(data["size"], base64.b64decode(data["root"]))


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file: after a power cut it holds the old content or the new one, whole."""
    beside = path.with_name(path.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
