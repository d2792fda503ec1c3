"""ZIP files in one exact layout: stored members, no dates, sizes in front, nothing between them.

Guarantees: every byte is either a member's content or follows from the list of members, so that a byte changed
anywhere is found. Members are under 4 GiB; the whole may be larger (ZIP64). Plain Python, used by the verifier too.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import IO

VERSION, UTF8, STORED, NO_TIME, NO_DATE, MODE = 45, 0x800, 0, 0, 0x21, 0o100644 << 16
LARGE = 0xFFFFFFFF


def local(name: str, crc: int, size: int) -> bytes:
    encoded = name.encode()
    fixed = (VERSION, UTF8, STORED, NO_TIME, NO_DATE, crc, size, size, len(encoded), 0)
    return struct.pack("<4s5H3I2H", b"PK\3\4", *fixed) + encoded


def central(name: str, crc: int, size: int, offset: int) -> bytes:
    encoded = name.encode()
    extra = struct.pack("<2HQ", 1, 8, offset) if offset >= LARGE else b""
    times = (VERSION | 3 << 8, VERSION, UTF8, STORED, NO_TIME, NO_DATE)
    lengths = (len(encoded), len(extra), 0, 0, 0)
    place = (MODE, min(offset, LARGE))
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", *times, crc, size, size, *lengths, *place) + encoded + extra


def ending(count: int, size: int, offset: int) -> bytes:
    large = b""
    if offset + size >= LARGE or count >= 0xFFFF:
        record = (44, VERSION | 3 << 8, VERSION, 0, 0, count, count, size, offset)
        large = struct.pack("<4sQ2H2I4Q", b"PK\6\6", *record)
        large += struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    few = min(count, 0xFFFF)
    return large + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, few, few, min(size, LARGE), min(offset, LARGE), 0)


class Writer:
    """Writes such a ZIP forwards only; `out` need not be seekable."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.at = out, 0
        self.members: list[tuple[str, int, int, int]] = []

    def add(self, name: str, crc: int, size: int, content: Iterable[bytes]) -> None:
        if size >= LARGE:
            raise ValueError(f"{name} is larger than a member of a ZIP may be")
        self.members.append((name, crc, size, self.at))
        self._write(local(name, crc, size))
        before = self.at
        for chunk in content:
            self._write(chunk)
        if self.at - before != size:
            raise ValueError(f"{name} changed while it was written")

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, zlib.crc32(content), len(content), [content])

    def close(self) -> None:
        start = self.at
        for member in self.members:
            self._write(central(*member))
        self._write(ending(len(self.members), self.at - start, start))

    def _write(self, data: bytes) -> None:
        self.out.write(data)
        self.at += len(data)


def layout_fault(file: IO[bytes], archive: zipfile.ZipFile) -> str:
    """The name of the first part of the ZIP that is not as `Writer` wrote it, or nothing."""
    members = [(info.filename, info.CRC, info.file_size, info.header_offset) for info in archive.infolist()]
    file.seek(0)
    for name, crc, size, offset in members:
        if file.tell() != offset or not _follows(file, local(name, crc, size)):
            return name
        file.seek(size, 1)
    start = file.tell()
    directory = b"".join(central(*member) for member in members)
    tail = directory + ending(len(members), len(directory), start)
    return "" if _follows(file, tail) and not file.read(1) else "ZIP"


def _follows(file: IO[bytes], expected: bytes) -> bool:
    return file.read(len(expected)) == expected
