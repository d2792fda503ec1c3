"""What may hide in a PDF: code, programs to launch, a password, half a file. Compressed object streams are opened."""

import mmap
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from pliego.documents.refusals import refusal
from pliego.kernel.objections import Objection

END = 2048
OBJECTS_MAX = 64 << 20
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECT_STREAM = re.compile(
    rb"<<(?:(?!endobj|stream\b).){0,2000}?/ObjStm(?:(?!endobj|stream\b).){0,2000}?stream\r?\n", re.S
)
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|XFA)(?=[\s/()<\[\]>])")
ENCRYPTED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
ESCAPED_NAME = re.compile(rb"/[A-Za-z]*#[0-9A-Fa-f]{2}[A-Za-z#0-9]*")


def examine(file: IO[bytes], name: str) -> list[Objection]:
    with whole(file) as data:
        return list(faults_of(data, name))


def faults_of(data: Any, name: str) -> Iterator[Objection]:
    if b"%%EOF" not in bytes(data[-END:]):
        yield refusal("pdf_truncated", name)
    if ENCRYPTED.search(data):
        yield refusal("pdf_has_password", name)
    found = set(active_words(data))
    if found & {b"JavaScript", b"JS", b"XFA"}:
        yield refusal("pdf_code", name)
    if found & {b"Launch", b"RichMedia"}:
        yield refusal("pdf_launch", name)
    if b"?" in found:
        yield refusal("unreadable_pdf", name)


def active_words(data: Any) -> Iterator[bytes]:
    """The names of actions, also when written with #xx escapes or inside object streams; b"?" if unreadable."""
    yield from (match[1] for match in ACTIVE.finditer(data))
    for match in ESCAPED_NAME.finditer(data):
        yield from (found[1] for found in ACTIVE.finditer(unescaped(match[0]) + b" "))
    left = OBJECTS_MAX
    for match in OBJECT_STREAM.finditer(data):
        header = match[0]
        if b"FlateDecode" not in unescaped(header) and b"/Fl" not in header:
            if b"/Filter" in header:
                yield b"?"
            continue
        inflater = zlib.decompressobj()
        try:
            objects = inflater.decompress(data[match.end() : match.end() + (16 << 20)], max(1, left))
        except zlib.error:
            yield b"?"
            continue
        left -= len(objects)
        if left <= 0:
            yield b"?"
            return
        yield from (found[1] for found in ACTIVE.finditer(unescaped(objects) + b" "))


def unescaped(text: bytes) -> bytes:
    return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)


@contextmanager
def whole(file: IO[bytes]) -> Iterator[Any]:
    """All the bytes, mapped rather than read where the file is on the disk."""
    file.seek(0)
    try:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, AttributeError, ValueError):
        yield file.read()
        return
    with mapped:
        yield mapped
