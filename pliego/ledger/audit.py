"""The auditor: reads the whole log of an installation and says what does not fit.

With one old checkpoint, kept outside, every change made to the database since is found: `findings` recomputes each
leaf, each place, each tile and the root, follows the chain of each file, and proves that the old head is a prefix.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from pliego.ledger import canonical, merkle, notes
from pliego.ledger.models import Entry, Tile


@dataclass(frozen=True)
class Finding:
    """Something that does not fit. `act` is the receipt code when one act is at fault."""

    code: str
    sentence: str
    act: str = ""

    def __str__(self) -> str:
        return f"{self.act or 'log'}: {self.sentence}"


def findings(*, old_note: str = "", key: notes.Key | None = None) -> list[Finding]:
    """Everything wrong with the log as it lies in the database; empty when it is whole."""
    entries = list(Entry.objects.order_by("index", "id"))
    sequenced = [entry for entry in entries if entry.index is not None]
    found = [*_acts(entries), *_places(sequenced), *_chains(entries), *_tiles(sequenced)]
    if old_note and key is not None:
        found += _history(sequenced, old_note, key)
    return found


def _acts(entries: list[Entry]) -> Iterator[Finding]:
    for entry in entries:
        if sha256(b"\x00" + entry.body.encode()).digest() != bytes(entry.leaf):
            yield Finding("body", "the text of the act does not have the hash that was logged", entry.code)
            continue
        body = json.loads(entry.body)
        columns = {
            "code": entry.code,
            "file": entry.file,
            "folio": entry.folio,
            "previous": bytes(entry.previous).hex(),
            "act": entry.act,
            "at": canonical.instant(entry.at),
            "documents": entry.documents,
        }
        for name, value in columns.items():
            if body[name] != value:
                yield Finding("columns", f"the column {name} does not say what the text of the act says", entry.code)


def _places(sequenced: list[Entry]) -> Iterator[Finding]:
    for place, entry in enumerate(sequenced):
        if entry.index != place:
            yield Finding("gap", f"an act is missing before index {entry.index}", entry.code)
            return


def _chains(entries: list[Entry]) -> Iterator[Finding]:
    files: dict[str, list[Entry]] = {}
    for entry in entries:
        files.setdefault(entry.file, []).append(entry)
    for acts in files.values():
        last, previous = 0, b""
        for entry in sorted(acts, key=lambda act: act.folio):
            if entry.folio != last + 1:
                yield Finding("folio", f"folio {last + 1} of {entry.file} is missing", entry.code)
            elif bytes(entry.previous) != previous:
                yield Finding("chain", f"folio {entry.folio} does not follow the one before it", entry.code)
            last, previous = entry.folio, bytes(entry.leaf)


def _tiles(sequenced: list[Entry]) -> Iterator[Finding]:
    leaves = [bytes(entry.leaf) for entry in sequenced]
    should = merkle.grow(lambda level, n: b"", 0, leaves)
    are = {(tile.level, tile.n): bytes(tile.data) for tile in Tile.objects.all()}
    for level, n in sorted(should.keys() | are.keys()):
        if should.get((level, n)) != are.get((level, n)):
            yield Finding("tile", f"tile {n} of level {level} is not that of the acts")


def _history(sequenced: list[Entry], old_note: str, key: notes.Key) -> Iterator[Finding]:
    try:
        old = notes.open_checkpoint(old_note, key)
    except notes.NotSigned as fault:
        yield Finding("checkpoint", f"the old checkpoint: {fault}")
        return
    leaves = [bytes(entry.leaf) for entry in sequenced[: old.size]]
    if len(leaves) < old.size:
        yield Finding("shrunk", f"the log has {len(leaves)} acts and had {old.size}")
    elif merkle.root_of(leaves) != old.root:
        yield Finding("rewritten", f"the first {old.size} acts are not those that were signed")
