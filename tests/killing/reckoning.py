"""What suppliers were promised against what is there afterwards. Plain Python: no database, no clock.

Instants are seconds of the database's clock. Nothing here asks the product whether an offer was late: the moment at
which the supplier first sent it, the deadline and the moment of its answer are known from outside.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pliego.ledger import merkle, notes

UNCERTAIN = 0.25  # how far a server's clock may be off before it refuses offers (kernel.clock)
Key = tuple[str, str]  # supplier, submission


@dataclass(frozen=True)
class Promise:
    """An offer for which its supplier holds a receipt."""

    key: Key
    process: str
    manifest: str  # SHA-256
    bid: str
    receipt: str
    sent: float  # when it was sent for the first time
    told: float  # when the receipt came

    @property
    def content(self) -> tuple[str, str, str, str]:
        return self.process, self.manifest, self.bid, self.receipt


@dataclass(frozen=True)
class Stored:
    """An offer that the database holds."""

    key: Key
    process: str
    manifest: str
    bid: str
    receipt: str
    leaf: str
    state: str
    received: float

    @property
    def content(self) -> tuple[str, str, str, str]:
        return self.process, self.manifest, self.bid, self.receipt


@dataclass
class Evidence:
    """Everything that was seen from outside while it ran, and read when it was over."""

    promised: list[Promise] = field(default_factory=list)
    refused: list[tuple[Key, float]] = field(default_factory=list)  # told that they are late, and when first sent
    stored: list[Stored] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)  # receipts of the acts "bid.submitted" in the ledger
    listed: dict[str, dict[str, str]] = field(default_factory=dict)  # process: receipt -> leaf, of its closing record
    unproved: list[str] = field(default_factory=list)  # receipts that do not verify
    heads: list[str] = field(default_factory=list)  # signed notes, in the order in which they were seen
    due: Mapping[str, float] = field(default_factory=dict)  # process -> its deadline


def reckon(seen: Evidence) -> dict[str, list[object]]:
    """What is wrong, by kind of wrong; every list is empty when every promise was kept."""
    return {
        "lost": _lost(seen),
        "duplicated": _duplicated(seen),
        "late": _late(seen),
        "misdated": _misdated(seen),
        "refused_and_in": _refused_and_in(seen),
        "unlisted": _unlisted(seen),
        "unproved": [*seen.unproved],
    }


def _lost(seen: Evidence) -> list[object]:
    """A receipt without that very offer, or an act without an offer."""
    there = {one.key: one.content for one in seen.stored}
    acts, receipts = set(seen.acts), {one.receipt for one in seen.stored}
    gone = [one for one in seen.promised if there.get(one.key) != one.content or one.receipt not in acts]
    return [*gone, *sorted(acts - receipts)]


def _duplicated(seen: Evidence) -> list[object]:
    """An offer twice, two receipts of one offer, two acts with one receipt, two offers of one supplier that stand."""
    standing = [("standing", one.process, one.key[0]) for one in seen.stored if one.state == "submitted"]
    once: list[Iterable[object]] = [
        [("offer", one.key) for one in seen.stored],
        [("bid", one.bid) for one in seen.stored],
        [("receipt", one.receipt) for one in seen.stored],
        [("act", receipt) for receipt in seen.acts],
        [("leaf", one.leaf) for one in seen.stored],
        [("promised", bid) for bid, _key in {(one.bid, one.key) for one in seen.promised}],
        [("promised", key) for key, _content in {(one.key, one.content) for one in seen.promised}],
        standing,
    ]
    return [what for names in once for what, times in Counter(names).items() if times > 1]


def _late(seen: Evidence) -> list[object]:
    """In, though it was sent for the first time at the deadline or after it, or is dated so."""
    sent = {one.key: one.sent for one in seen.promised}
    return [
        one
        for one in seen.stored
        if one.received >= seen.due[one.process] or sent.get(one.key, 0.0) >= seen.due[one.process]
    ]


def _misdated(seen: Evidence) -> list[object]:
    """Dated before it was sent, or after it was answered."""
    known = {one.key: one for one in seen.promised}
    return [
        one
        for one in seen.stored
        if (told := known.get(one.key)) and not told.sent - UNCERTAIN <= one.received <= told.told + UNCERTAIN
    ]


def _refused_and_in(seen: Evidence) -> list[object]:
    there = {one.key for one in seen.stored}
    return [key for key, _sent in seen.refused if key in there]


def _unlisted(seen: Evidence) -> list[object]:
    """The closing record and the database name different offers, or a promise is in no record."""
    there = {(one.process, one.receipt, one.leaf) for one in seen.stored}
    listed = {(process, *line) for process, lines in seen.listed.items() for line in lines.items()}
    named = {(process, receipt) for process, receipt, _leaf in listed}
    unnamed = [one for one in seen.promised if (one.process, one.receipt) not in named]
    return [*sorted(there ^ listed), *unnamed]


def forks(seen: Iterable[str], kept: Iterable[str], key: notes.Key, tree: merkle.Tree, size: int) -> list[str]:
    """Signed heads, `seen` in that order or `kept`, that the log of `size` acts, as it is at the end, does not continue
    (each proved, not believed); and those that were smaller than one seen before."""
    last, found, before = tree.root(size), [], 0
    seen = list(dict.fromkeys(seen))
    for note in (*seen, *sorted(set(kept) - {*seen})):
        head = notes.open_checkpoint(note, key)
        goes_on = 0 < head.size <= size and merkle.verify_consistency(
            head.size, size, head.root, last, tree.consistency(head.size, size)
        )
        if not goes_on or (note in seen and head.size < before):
            found.append(note)
        before = max(before, head.size)
    return found
