"""Signed notes, checkpoints and proof files as text (C2SP signed-note, tlog-checkpoint, tlog-proof).

Guarantees: a note is accepted only whole, with a valid Ed25519 signature of the key asked for.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
NAME = re.compile(r"[^\s+]+")
PROOF_HEADER = "c2sp.org/tlog-proof@v1"


class NotSigned(Exception):
    """The text is not a note signed with that key."""


@dataclass(frozen=True)
class Key:
    """The public key of a log, under its name; its text form is the `vkey` that people pin."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Key":
        try:
            name, key_id, encoded = vkey.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise NotSigned("the key is not a vkey: name+id+base64") from error
        key = cls(name, raw[1:])
        if not NAME.fullmatch(name) or raw[:1] != ED25519 or len(key.public) != 32 or key.id.hex() != key_id:
            raise NotSigned("the key's own check does not match: it was copied badly")
        return key

    @classmethod
    def of(cls, name: str, private: Ed25519PrivateKey) -> "Key":
        return cls(name, private.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        lines = text.split("\n")
        if len(lines) < 4 or not re.fullmatch(r"0|[1-9]\d{0,18}", lines[1]):
            raise NotSigned("this is not a checkpoint: origin, size and root, a line each")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (ValueError, binascii.Error) as error:
            raise NotSigned("the root of the checkpoint is not base64") from error
        if len(root) != 32:
            raise NotSigned("the root of the checkpoint has not 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The note: the text, an empty line, and the signature line."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends with a line break")
    signature = Key.of(name, private).id + private.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"


def open_note(note: str, key: Key) -> str:
    """The text of a note that `key` signed, or NotSigned."""
    text, parted, signatures = note.rpartition("\n\n")
    if not parted or not signatures.endswith("\n"):
        raise NotSigned("this is not a signed note")
    text += "\n"
    for line in signatures.splitlines():
        match line.split(" "):
            case ["—", key.name, encoded]:
                if _signed(encoded, text, key):
                    return text
    raise NotSigned(f"there is no valid signature of {key.name} with that key")


def _signed(encoded: str, text: str, key: Key) -> bool:
    try:
        raw = base64.b64decode(encoded, validate=True)
        if raw[:4] != key.id:
            return False
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return True


def open_checkpoint(note: str, key: Key) -> Checkpoint:
    """The head that `key` signed. Its origin must be the key's name, so that no log passes for another."""
    found = Checkpoint.parse(open_note(note, key))
    if found.origin != key.name:
        raise NotSigned(f"the checkpoint is of {found.origin}, the key of {key.name}")
    return found


def proof_text(index: int, proof: Sequence[bytes], note: str, extra: bytes = b"") -> str:
    """A tlog-proof: what is needed, beside the leaf, to check that a log holds it."""
    lines = [PROOF_HEADER]
    if extra:
        lines.append("extra " + base64.b64encode(extra).decode())
    lines += [f"index {index}", *(base64.b64encode(step).decode() for step in proof)]
    return "\n".join(lines) + "\n\n" + note


def parse_proof(text: str) -> tuple[int, list[bytes], str]:
    """Index, path and checkpoint note of a tlog-proof."""
    head, parted, note = text.partition("\n\n")
    lines = head.split("\n")
    if not parted or lines[0] != PROOF_HEADER:
        raise NotSigned("this is not a tlog-proof")
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    if len(lines) < 2 or not (match := re.fullmatch(r"index (0|[1-9]\d{0,18})", lines[1])):
        raise NotSigned("the tlog-proof does not say its index")
    try:
        return int(match[1]), [base64.b64decode(line, validate=True) for line in lines[2:]], note
    except (ValueError, binascii.Error) as error:
        raise NotSigned("the path of the tlog-proof is not base64") from error
