"""The official CSV as a stream: one row at a time, with its line, and the byte where the next one starts.

Guarantees: memory does not grow with the file; a row that cannot be read is a Fault with its line, never a silence;
reading again from the noted byte gives the same rows.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pliego.publication.folding import slug
from pliego.publication.imports.tables import Layout, kind_of, layouts

LONGEST_FIELD = 1_000_000
CANDIDATES = (",", ";", "\t")


class UnknownLayout(Exception):
    """The file's headings are those of no official data set that we know."""

    def __init__(self, headings: list[str]) -> None:
        self.headings = headings
        super().__init__(", ".join(headings[:12]))


@dataclass(frozen=True)
class Raw:
    """One row as it stands in the file. `fault` says why it cannot be read, when it cannot."""

    line: int
    cells: list[str]
    end: int
    end_line: int
    fault: str = ""


@dataclass(frozen=True)
class Column:
    field: str
    index: int
    kind: str


@dataclass(frozen=True)
class Heading:
    layout: Layout
    columns: tuple[Column, ...]
    width: int
    delimiter: str
    end: int


def recognise(headings: list[str]) -> tuple[Layout, tuple[Column, ...]]:
    """The layout of a file and where each field is, by its headings."""
    folded = [slug(text) for text in headings]
    for layout in layouts():
        wanted = all(
            any(head in folded for head in layout.fields.get(_field(layout, mark), (mark,))) for mark in layout.marks
        )
        if wanted:
            return layout, tuple(_columns(layout, folded))
    raise UnknownLayout(headings)


def _field(layout: Layout, mark: str) -> str:
    return next((field for field, heads in layout.fields.items() if heads[0] == mark), "")


def _columns(layout: Layout, folded: list[str]) -> Iterator[Column]:
    for field, heads in layout.fields.items():
        for head in heads:
            if head in folded:
                yield Column(field, folded.index(head), kind_of(field))
                break


def heading(path: Path) -> Heading:
    """Read the first line. Raises UnknownLayout."""
    with path.open("rb") as file:
        first = file.readline()
    text = first.decode("utf-8-sig", "replace")
    delimiter = max(CANDIDATES, key=text.count)
    headings = next(csv.reader([text], delimiter=delimiter), [])
    layout, columns = recognise(headings)
    return Heading(layout, columns, len(headings), delimiter, len(first))


class Lines:
    """The lines of a file as text, counting what was consumed. Bytes that are not UTF-8 are kept apart."""

    def __init__(self, file: BinaryIO, offset: int, line: int) -> None:
        self.file, self.offset, self.line = file, offset, line
        self.begin()

    def begin(self) -> None:
        """A row begins here: remember its first line, to come back to if the row turns out to be broken."""
        self.bad, self.first, self.first_end, self.first_line = "", "", self.offset, self.line

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        raw = self.file.readline(LONGEST_FIELD)
        if not raw:
            raise StopIteration
        self.offset += len(raw)
        self.line += 1
        if b"\x00" in raw:
            self.bad = "zero_byte"
            raw = raw.replace(b"\x00", b"")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            self.bad = "not_utf8"
            text = raw.decode("latin-1")
        if not self.first:
            self.first, self.first_end, self.first_line = text, self.offset, self.line
        return text

    def back_to_the_second_line(self) -> None:
        self.file.seek(self.first_end)
        self.offset, self.line = self.first_end, self.first_line


def rows(path: Path, head: Heading, *, offset: int = 0, line: int = 1) -> Iterator[Raw]:
    """Every row after the heading, or after `offset` when a run goes on.

    A quote that is never closed would swallow the rows below it: a broken row gives back all but its first line.
    """
    csv.field_size_limit(LONGEST_FIELD)
    with path.open("rb") as file:
        file.seek(offset or head.end)
        lines = Lines(file, offset or head.end, line)
        reader = csv.reader(lines, delimiter=head.delimiter)
        while True:
            lines.begin()
            start, fault, cells = lines.line + 1, "", list[str]()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                fault = "not_csv"
            if not cells and not fault:
                continue
            fault = fault or ("wrong_columns" if len(cells) != head.width else "")
            if fault:
                cells = [lines.first.rstrip("\r\n")]
                lines.back_to_the_second_line()
                reader = csv.reader(lines, delimiter=head.delimiter)
            yield Raw(start, cells, lines.offset, lines.line, lines.bad or fault)
