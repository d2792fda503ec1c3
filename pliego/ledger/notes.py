"""Signed notes, checkpoints, cosignatures and proof files as text (C2SP signed-note, tlog-checkpoint,
tlog-cosignature, tlog-proof).

Guarantees: a note is accepted only whole, with a valid Ed25519 signature of the key asked for. What a witness signs is
never taken for a signature of the log, nor the other way round: the kind of the key is in what it signs and in its id.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
COSIGNATURE = b"\x04"  # of a witness: it signs the hour too
NAME = re.compile(r"[^\s+]+")
PROOF_HEADER = "c2sp.org/tlog-proof@v1"


class NotSigned(Exception):
    """The text is not a note signed with that key."""


@dataclass(frozen=True)
class Key:
    """The public key of a log or of a witness, under its name; its text form is the `vkey` that people pin."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str, kind: bytes = ED25519) -> "Key":
        try:
            name, key_id, encoded = vkey.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise NotSigned("the key is not a vkey: name+id+base64") from error
        key = cls(name, raw[1:], kind)
        if not NAME.fullmatch(name) or raw[:1] != kind or len(key.public) != 32 or key.id.hex() != key_id:
            raise NotSigned("the key's own check does not match: it was copied badly")
        return key

    @classmethod
    def of(cls, name: str, private: Ed25519PrivateKey, kind: bytes = ED25519) -> "Key":
        return cls(name, private.public_key().public_bytes_raw(), kind)


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


def parted(note: str) -> tuple[str, list[str]]:
    """The text of a note, and its signature lines; nothing of it is verified yet."""
    text, mark, signatures = note.rpartition("\n\n")
    if not mark or not signatures.endswith("\n"):
        raise NotSigned("this is not a signed note")
    return text + "\n", signatures.splitlines()


def open_note(note: str, key: Key) -> str:
    """The text of a note that `key` signed, or NotSigned."""
    text, lines = parted(note)
    for line in lines:
        raw = _of(line, key)
        if raw is not None and key.kind == ED25519 and _verifies(raw, text.encode(), key):
            return text
    raise NotSigned(f"there is no valid signature of {key.name} with that key")


def _of(line: str, key: Key) -> bytes | None:
    """What a signature line carries after the id of its key, if it is one of that key."""
    match line.split(" "):
        case ["—", key.name, encoded]:
            try:
                raw = base64.b64decode(encoded, validate=True)
            except (ValueError, binascii.Error):
                return None
            return raw[4:] if raw[:4] == key.id else None
    return None


def _verifies(signature: bytes, message: bytes, key: Key) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (ValueError, InvalidSignature):
        return False
    return True


# ---- what witnesses add ----------------------------------------------------------------------------------------------


def cosign(text: str, name: str, private: Ed25519PrivateKey, at: int) -> str:
    """The line that a witness adds under a checkpoint: it saw this text at that second (Unix time), and it follows
    from all that it saw before."""
    signature = private.sign(_cosigned(text, at))
    blob = Key.of(name, private, COSIGNATURE).id + at.to_bytes(8, "big") + signature
    return f"— {name} {base64.b64encode(blob).decode()}"


def cosigned_at(line: str, text: str, key: Key) -> int | None:
    """The second at which that witness saw the text, if the line is its cosignature of it."""
    raw = _of(line, key) if key.kind == COSIGNATURE else None
    if raw is None or len(raw) != 72:
        return None
    at = int.from_bytes(raw[:8], "big")
    return at if _verifies(raw[8:], _cosigned(text, at), key) else None


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosigners(note: str, keys: Iterable[Key]) -> dict[str, int]:
    """Which of those witnesses cosigned the note, by name, and when they say they did."""
    text, lines = parted(note)
    found: dict[str, int] = {}
    for key in keys:
        seconds = [at for line in lines if (at := cosigned_at(line, text, key)) is not None]
        found |= {key.name: max(seconds)} if seconds else {}
    return found


def names_under(note: str) -> list[str]:
    """Whose signature lines stand under the note, whether they hold or not."""
    return [line.split(" ")[1] for line in parted(note)[1] if line.count(" ") == 2]


def with_lines(note: str, lines: Iterable[str]) -> str:
    """The note with more signature lines under it."""
    return note + "".join(f"{line}\n" for line in lines)


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
