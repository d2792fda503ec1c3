"""Sizes rounded up (Padmé: Nikitin et al., “Reducing Metadata Leakage from Encrypted Files”, 2019), inside the seal.

Guarantees: of the size of a file only its first digits are left to see, and the larger it is the fewer of them; it
grows by less than 7 %, and never beyond the next power of two. How many bytes count is said in the answers, under the
same seal; whoever opens it with stock age keeps those (`head -c`).
"""

import hashlib
import io
from typing import IO, Any

LEAST = 4096  # below it everything has one size


def padded(size: int) -> int:
    """The size that a content of that size is given."""
    size = max(size, LEAST)
    exponent = size.bit_length() - 1
    spare = exponent - exponent.bit_length()  # the bits of the size that nobody needs to know
    return -(-size >> spare) << spare


class Reader(io.RawIOBase):
    """Reads a content through, hashing and counting what is its own; padded, it goes on with zeros."""

    def __init__(self, source: IO[bytes], *, is_padded: bool = False) -> None:
        self.source, self.digest, self.size = source, hashlib.sha256(), 0
        self.is_padded, self.sent = is_padded, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self.source.read(len(buffer))
        self.digest.update(content)
        self.size += len(content)
        if not content and self.is_padded:
            content = bytes(min(len(buffer), padded(self.size) - self.sent))
        buffer[: len(content)] = content
        self.sent += len(content)
        return len(content)


def cut(content: IO[bytes], size: Any) -> bool:
    """Leave of an opened content the bytes that count, and stand at their end; False when it has not so many."""
    if type(size) is not int or not 0 <= size <= content.tell():
        return False
    content.seek(size)
    content.truncate()
    return True
