"""Passwords that were in a breach, known without asking anybody: a file that answers "surely not" or "almost surely".

A Bloom filter over SHA-1 digests, mapped in memory: 24 bits an entry for one wrong "yes" in 100,000. The operator makes
it from a list that they downloaded (`pliego passwords load`); passwords of people never leave the installation.
"""

import hashlib
import logging
import math
import mmap
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)
WRONG_YES = 1e-5
MAGIC = b"PLGBLOOM"
HEAD = struct.Struct("<8sQIQ")  # magic, bits, hashes an entry, entries
DIGEST = re.compile(rb"([0-9A-Fa-f]{40})(?::([0-9]+))?")


@dataclass(frozen=True)
class Shape:
    """How big a filter is: its bits, how many of them an entry sets, and for how many entries it was made."""

    bits: int
    hashes: int
    entries: int

    @classmethod
    def for_entries(cls, entries: int, wrong_yes: float = WRONG_YES) -> "Shape":
        bits = math.ceil(-max(1, entries) * math.log(wrong_yes) / math.log(2) ** 2)
        return cls(bits, max(1, round(bits / max(1, entries) * math.log(2))), entries)

    def places(self, digest: bytes) -> Iterator[int]:
        """The bits of an entry: two halves of its digest stand for as many hashes as are needed."""
        first, step = struct.unpack_from("<QQ", digest)
        return ((first + i * (step | 1)) % self.bits for i in range(self.hashes))


class Breached:
    """The filter, read from its file. Nothing is loaded: the system brings the pages that are asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, *shape = HEAD.unpack_from(self._bytes)
        self.shape = Shape(*shape)
        if magic != MAGIC or len(self._bytes) != HEAD.size + self.shape.bits // 8 + 1:
            raise ValueError(f"{path} is not a file of `pliego passwords load`, or is cut short")

    def __contains__(self, password: str) -> bool:
        places = self.shape.places(digest_of(password))
        return all(self._bytes[HEAD.size + (place >> 3)] >> (place & 7) & 1 for place in places)


def digest_of(password: str) -> bytes:
    return hashlib.sha1(password.encode(), usedforsecurity=False).digest()


def digests(lines: Iterable[bytes], *, seen_at_least: int = 1) -> Iterator[bytes]:
    """The digests of a list: of SHA-1 in hexadecimal, with or without ":times", or of words, one a line."""
    for line in lines:
        text = line.rstrip(b"\r\n")
        if listed := DIGEST.fullmatch(text):
            if int(listed[2] or seen_at_least) >= seen_at_least:
                yield bytes.fromhex(listed[1].decode())
        elif text:
            yield hashlib.sha1(text, usedforsecurity=False).digest()


def build(
    source: Path, target: Path, *, seen_at_least: int = 1, progress: Callable[[int, int], None] | None = None
) -> Shape:
    """Make the filter of a list. The old file stays in use until the new one is whole."""
    with source.open("rb") as lines:
        shape = Shape.for_entries(sum(1 for _entry in digests(lines, seen_at_least=seen_at_least)))
    bits, done = bytearray(shape.bits // 8 + 1), 0
    with source.open("rb") as lines:
        for done, digest in enumerate(digests(lines, seen_at_least=seen_at_least), 1):
            for place in shape.places(digest):
                bits[place >> 3] |= 1 << (place & 7)
            if progress and done % 10_000 == 0:
                progress(done, shape.entries)
    if progress:
        progress(done, shape.entries)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".new")
    unfinished.write_bytes(HEAD.pack(MAGIC, shape.bits, shape.hashes, shape.entries) + bits)
    unfinished.replace(target)
    return shape


def in_force() -> Breached | None:
    """The filter of this installation, or None when the operator has not made one."""
    path = Path(settings.PLIEGO_BREACHED_PASSWORDS)
    try:
        stamp = path.stat()
        return _opened(path, stamp.st_mtime_ns, stamp.st_ino)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:  # people go on registering; the operator reads of it here and in the doctor
        logger.warning("breached passwords are not checked: %s", fault)
        return None


def state() -> str:
    """What `pliego doctor` says of it."""
    found = in_force()
    path = settings.PLIEGO_BREACHED_PASSWORDS
    if found is None and Path(path).exists():
        return f"{path} cannot be used, only common passwords are refused: make it again (pliego passwords load)"
    if found is None:
        return f"no list of breached ones at {path}, only common ones are refused (pliego passwords load)"
    return f"{found.shape.entries:,} breached passwords are refused"


@cache
def _opened(path: Path, changed_at: int, inode: int) -> Breached:
    return Breached(path)


class NotBreached:
    """Refuses a password that is in the installation's list."""

    def validate(self, password: str, user: object = None) -> None:
        known = in_force()
        if known is not None and (password in known or password.lower() in known):
            raise ValidationError(
                _("This password is in a public list of stolen passwords. Choose another one."), code="breached"
            )

    def get_help_text(self) -> str:
        return _("It must not be in the lists of stolen passwords.")


class NotOfThePerson:
    """Refuses a password made of little more than words that a stranger would try for this person first."""

    WORDS = ("pliego", "secop", "colombia", "contraseña", "contrasena", "clave", "password")
    LEFT_OVER = 6  # characters that must remain when those words are taken out

    def validate(self, password: str, user: object = None) -> None:
        left = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(re.sub(r"[\W_]", "", left)) < self.LEFT_OVER:
            raise ValidationError(
                _("The password is little more than your name, your e-mail, your document or the platform's name."),
                code="of_the_person",
            )

    def _words(self, user: object) -> set[str]:
        told = " ".join(str(getattr(user, part, "") or "") for part in ("full_name", "email", "document_number"))
        return {word for word in re.split(r"[\W_]+", told.casefold()) if len(word) > 2} | set(self.WORDS)

    def get_help_text(self) -> str:
        return _("It must not be your name, your e-mail, your document or the name of the platform.")
