"""The little of the age format (C2SP) that the stock library lacks: keys as bytes, and the proof of one file.

Guarantees: `file_key` opens one age file and nothing else of its owner: publishing it proves what the file held.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
INTRO = b"age-encryption.org/v1\n"
ARMOR_BEGINS, ARMOR_ENDS = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"


class BadAge(ValueError):
    """This is not an age key, or not an age file to that key."""


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check


def _expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _regrouped(values: bytes | list[int], width: int, to: int) -> list[int]:
    pending = bits = 0
    out = []
    for value in values:
        pending, bits = pending << width | value, bits + width
        while bits >= to:
            bits -= to
            out.append(pending >> bits & ((1 << to) - 1))
    if bits and to == 5:
        out.append(pending << (to - bits) & 31)
    return out


def encode_key(prefix: str, raw: bytes) -> str:
    """32 bytes as age writes a key (bech32)."""
    words = _regrouped(raw, 8, 5)
    check = _polymod(_expanded(prefix) + words + [0] * 6) ^ 1
    return prefix + "1" + "".join(CHARACTERS[w] for w in words + [check >> 5 * (5 - i) & 31 for i in range(6)])


def decode_key(prefix: str, text: str) -> bytes:
    text = text.lower()
    if not text.startswith(prefix + "1") or any(c not in CHARACTERS for c in text[len(prefix) + 1 :]):
        raise BadAge("not an age key")
    words = [CHARACTERS.index(c) for c in text[len(prefix) + 1 :]]
    raw = bytes(_regrouped(words[:-6], 5, 8))
    if _polymod(_expanded(prefix) + words) != 1 or len(raw) != 32:
        raise BadAge("not an age key")
    return raw


def identity_of(raw: bytes) -> pyrage.x25519.Identity:
    """The age identity with these 32 secret bytes."""
    return pyrage.x25519.Identity.from_str(encode_key("age-secret-key-", raw).upper())


def secret_of(identity: pyrage.x25519.Identity) -> bytes:
    return decode_key("age-secret-key-", str(identity))


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    """Read a recipient "age1…", or raise BadAge."""
    decode_key("age", text)
    return pyrage.x25519.Recipient.from_str(text)


def is_recipient(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(decode_key("age", text)) and text == text.lower()
    except BadAge:
        return False


def dearmored(text: str) -> bytes:
    lines = text.strip().splitlines()
    if len(lines) < 3 or lines[0] != ARMOR_BEGINS or lines[-1] != ARMOR_ENDS:
        raise BadAge("not an armored age file")
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except ValueError:
        raise BadAge("not an armored age file") from None


@dataclass(frozen=True)
class Parsed:
    """An age file with X25519 stanzas: (ephemeral share, wrapped file key), the text under the MAC, the rest."""

    stanzas: list[tuple[bytes, bytes]]
    head: bytes
    mac: bytes
    payload: bytes


def _unpadded(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)


def parse(content: bytes) -> Parsed:
    """Read the head of an age file, or raise BadAge. Stanzas that are not X25519 (grease) are passed over."""
    head, mark, rest = content.partition(b"\n--- ")
    mac, _newline, payload = rest.partition(b"\n")
    if not mark or not content.startswith(INTRO):
        raise BadAge("not an age file")
    stanzas = []
    try:
        for stanza in head.removeprefix(INTRO.rstrip()).split(b"\n-> ")[1:]:
            arguments, *body = stanza.split(b"\n")
            if arguments.startswith(b"X25519 "):
                stanzas.append((_unpadded(arguments.removeprefix(b"X25519 ")), _unpadded(b"".join(body))))
        return Parsed(stanzas, head + b"\n---", _unpadded(mac), payload)
    except ValueError:
        raise BadAge("not an age file for X25519 keys") from None


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(secret)


def file_key(content: bytes, identity: pyrage.x25519.Identity) -> bytes:
    """The 16 bytes that open this one file, for its owner to publish as a proof of what it held."""
    private = X25519PrivateKey.from_private_bytes(secret_of(identity))
    own = private.public_key().public_bytes_raw()
    for share, wrapped in parse(content).stanzas:
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(share))
            key = _hkdf(shared, share + own, b"age-encryption.org/v1/X25519")
            return ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
        except (InvalidTag, ValueError):
            continue
    raise BadAge("this file is not for that key")


def content_with(content: bytes, key: bytes) -> bytes:
    """What a small age file held, given its file key; BadAge when the key is not that file's (its MAC says so)."""
    parsed = parse(content)
    mac = hmac.new(_hkdf(key, b"", b"header"), parsed.head, hashlib.sha256).digest()
    if not hmac.compare_digest(mac, parsed.mac):
        raise BadAge("this is not the key of that file")
    nonce, sealed = parsed.payload[:16], parsed.payload[16:]
    try:
        last_chunk = bytes(11) + b"\x01"
        return ChaCha20Poly1305(_hkdf(key, nonce, b"payload")).decrypt(last_chunk, sealed, None)
    except InvalidTag:
        raise BadAge("the file was damaged") from None
