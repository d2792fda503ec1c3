"""What the page of a native process is made of: facts, papers, steps, offers, acts; finished strings, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.kernel.objections import Text
from pliego.methods.gantt import Chart
from pliego.publication.native.reading import Known
from pliego.publication.pages import money
from pliego.web.templatetags.pliego import file_size, instant

HASH_SHOWN = 16


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """A document that the public may download."""

    title: str
    kind: str
    url: str
    size: str
    at: str
    sha256: str
    note: str = ""

    @property
    def short_hash(self) -> str:
        return self.sha256[:HASH_SHOWN]


@dataclass(frozen=True)
class Step:
    """A date of the schedule."""

    title: str
    at: str
    at_iso: str
    is_past: bool
    is_next: bool
    legal_basis: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A question and its answer."""

    number: str
    who: str
    at: str
    text: str
    answer: str
    answered: str
    about: str = ""
    together: str = ""


@dataclass(frozen=True)
class Offer:
    """An opened offer, and what was found in it once the report is public."""

    code: str
    supplier: str
    nit: str
    received: str
    total: str
    state: str
    colour: str
    rank: str
    papers: list[Paper]
    findings: list[str] = field(default_factory=list)
    lots: str = ""
    variant: str = ""  # what its variant comes to, or that it is sealed, where it presented one


@dataclass(frozen=True)
class Act:
    """A folio of the file; of a reserved act only its hash is public."""

    folio: int
    title: str
    at: str
    at_iso: str
    who: str
    code: str
    url: str
    leaf: str
    is_public: bool


@dataclass(frozen=True)
class Section:
    code: str
    title: Text
    template: str
    make: Callable[[Known, datetime], Any]
    word: str = ""  # how a method may call it otherwise


@dataclass(frozen=True)
class Shown:
    """A section that has something to show."""

    code: str
    title: str
    template: str
    data: Any


def paper(document: Any, title: str, kind: str, at: datetime | None, note: str = "") -> Paper:
    return Paper(
        title=title,
        kind=kind,
        url=document.get_absolute_url(),
        size=file_size(document.size),
        at=instant(at),
        sha256=document.sha256,
        note=note,
    )


def _amount(amount: Decimal | None) -> str:
    return money(amount, "COP")


@dataclass(frozen=True)
class Dates:
    """The schedule: each date in words, and all of them drawn."""

    steps: list[Step]
    chart: Chart | None


@dataclass(frozen=True)
class LotRow:
    """A lot, how it stands, who offers for it and to whom it went."""

    name: str
    value: str
    state: str
    colour: str
    bidders: list[str]
    is_known: bool  # whether anybody may know for which lots there are offers
    decided: str
    reason: str
