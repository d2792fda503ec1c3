"""The road of files: a list of certificates or commitments that an official downloaded from SIIF.

Guarantees: the good documents are taken and every bad row is told by its line and a sentence; a document that stands in
several rows (one an item of the budget) is their sum, and is taken whole or not at all.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from pliego.bulk import cells, tables
from pliego.bulk.cells import Column, Lists, Unreadable
from pliego.siif.rules import FIRST_YEAR, LAST_YEAR, Found, amounts_disagree, pci_of, tidy
from pliego.web.fields import read_day

TABLE = Path(__file__).with_name("columns.toml")
ADDED = ("amount", "balance", "used")
ALIKE = ("pci", "issued_on", "state", "certificate")  # rows of one document do not contradict each other in these
LONGEST = {"number": 60, "certificate": 60, "expense_type": 60, "source": 120, "state": 60}


def day(text: str, column: Column, lists: Lists) -> date | None:
    """The day, without the hour that some lists put after it."""
    if not text:
        return None
    if (found := read_day(text) or read_day(text.split(maxsplit=1)[0].partition("T")[0])) is None:
        raise Unreadable(_("Write the date by day, month and year, for example 20/01/2026."))
    return found


def year(text: str, column: Column, lists: Lists) -> int | None:
    if not text:
        return None
    if re.fullmatch(r"\d{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise Unreadable(_("Write the year with four digits, for example 2026."))


READERS: dict[str, Callable[[str, Column, Lists], Any]] = {
    "words": cells.words, "skip": cells.words, "money": cells.money, "day": day, "year": year,
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """The columns of one kind of list, and a row that shows how each is written."""

    shape: tables.Shape
    example: dict[str, Any]

    def shown(self) -> list[tuple[str, Any]]:
        """The columns that are read, each with how it is written."""
        return [(one.title, self.example[one.field]) for one in self.shape.columns if one.field in self.example]

    def title(self, name: str) -> str:
        return next(column.title for column in self.shape.columns if column.field == name)


@cache
def kinds() -> dict[str, Kind]:
    """The table, read once."""
    found = {}
    for kind, rows in tomllib.loads(TABLE.read_text(encoding="utf-8")).items():
        columns = [
            Column(row["field"], row["title"], tuple(row["names"]), READERS[row.get("read", "words")], None)
            for row in rows
        ]
        shape = tables.Shape(columns, required="number", pasted=columns)
        found[kind] = Kind(shape, {row["field"]: row["example"] for row in rows if "example" in row})
    return found


@dataclass
class File:
    """A list of one kind, of the unit with that PCI. After `read` it knows what was wrong and what was not read."""

    content: bytes
    name: str
    kind: str
    pci: str
    road: str = "file"
    faults: list[tuple[int, str, list[tuple[str, str]]]] = field(default_factory=list)  # line, number, (column, why)
    ignored: list[str] = field(default_factory=list)

    def read(self) -> list[Found]:
        """The documents whose rows are all good."""
        kind = kinds()[self.kind]
        sheet = tables.read(self.content, self.name, kind.shape, Lists())
        self.ignored = sheet.ignored
        groups: dict[tuple[str, int], list[tables.Row]] = {}
        for row in sheet.rows:
            row.faults += [(kind.title(name), why) for name, why in self._wrong(row) if not _told(row, kind, name)]
            groups.setdefault((tidy(row.values.get("number") or ""), _year_of(row)), []).append(row)
        taken = []
        for (number, when), rows in groups.items():
            _contradict(rows, kind)
            if number and not any(row.faults for row in rows):
                taken.append(self._found(number, when, rows))
        self.faults = [(row.position, row.values.get("number") or "", row.faults) for row in sheet.rows if row.faults]
        return taken

    def _wrong(self, row: tables.Row) -> Iterator[tuple[str, str]]:
        said = row.values.get
        if not tidy(said("number") or ""):
            yield "number", _("Write the number of the document.")
        if said("amount") is None:
            yield "amount", _("Write the value of the document.")
        elif any((said(name) or 0) < 0 for name in ADDED):
            yield "amount", _("No amount is below zero.")
        if not _year_of(row):
            yield "issued_on", _("Write the date of the document, or its year.")
        if (unit := said("pci") or "") and pci_of(unit) != pci_of(self.pci):
            told = {"theirs": unit, "ours": self.pci}
            yield "pci", _("This document is of unit %(theirs)s and your entity is %(ours)s.") % told
        for name, most in LONGEST.items():
            if len(said(name) or "") > most:
                yield name, _("Write at most %(most)s characters.") % {"most": most}
        read = Found(self.kind, "", 0, "", amount=said("amount"), balance=said("balance"), used=said("used"))
        yield from ((name, str(why)) for name, why in amounts_disagree(read))

    def _found(self, number: str, when: int, rows: list[tables.Row]) -> Found:
        sums: dict[str, Any] = {name: _sum(rows, name) for name in ADDED}
        words: dict[str, Any] = {name: _joined(rows, name)[:most] for name, most in LONGEST.items() if name != "number"}
        words["certificate"] = tidy(words["certificate"])
        return Found(self.kind, number, when, self.pci, issued_on=rows[0].values.get("issued_on"), **sums, **words)


def _told(row: tables.Row, kind: Kind, name: str) -> bool:
    """Whether that cell could not be read at all, which was said already."""
    return kind.title(name) in {title for title, _why in row.faults}


def _year_of(row: tables.Row) -> int:
    issued = row.values.get("issued_on")
    return row.values.get("year") or (issued.year if issued else 0)


def _contradict(rows: list[tables.Row], kind: Kind) -> None:
    """Rows of one document that cannot be added: the same row twice, other data, or one that is wrong by itself."""
    first, seen = rows[0], dict[tuple[str, ...], int]()
    bad = next((row.position for row in rows if row.faults), 0)
    for row in rows:
        if (before := seen.setdefault(tuple(row.cells), row.position)) != row.position:
            row.faults.append((kind.title("number"), _("It repeats row %(row)s.") % {"row": before}))
        for name in ALIKE:
            if row.values.get(name) != first.values.get(name) and not row.faults:
                told = {"row": first.position}
                row.faults.append((kind.title(name), _("Row %(row)s is of the same document and differs.") % told))
    bad = bad or next((row.position for row in rows if row.faults), 0)
    for row in rows:
        if bad and not row.faults:
            told = {"row": bad}
            row.faults.append((kind.title("number"), _("Row %(row)s is of the same document and has errors.") % told))


def _sum(rows: list[tables.Row], name: str) -> Decimal | None:
    known = [row.values[name] for row in rows if row.values.get(name) is not None]
    return sum(known, Decimal("0.00")) if len(known) == len(rows) else None


def _joined(rows: list[tables.Row], name: str) -> str:
    return "; ".join(dict.fromkeys(row.values[name] for row in rows if row.values.get(name)))
