"""One byte range of a stored file (RFC 9110 section 14), so that a large download can go on after a cut."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from pliego.documents.blobs import CHUNK

SINGLE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def parse(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None when there is no range that we serve (then the whole file is the answer)."""
    match = SINGLE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
        if match[2] and int(match[2]) < int(match[1]):
            return None
    if first >= size or first > last:
        raise Unsatisfiable()
    return first, last


def read(file: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
