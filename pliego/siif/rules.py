"""What a budget document of SIIF says, by whichever road it came, and what does not agree with it. Plain functions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from pliego.contracts import rules as contracts
from pliego.kernel.dates import day as shown_day
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection, Text

CERTIFICATE, COMMITMENT = "certificate", "commitment"
KINDS: dict[str, Text] = {
    CERTIFICATE: _("Budget certificate (CDP)"),
    COMMITMENT: _("Budget commitment (registro presupuestal)"),
}
ROADS: dict[str, Text] = {"file": _("A file of SIIF"), "rest": _("A consultation of SIIF")}
LAW = contracts.TO_START
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Asked:
    """A document by which SIIF is asked."""

    kind: str
    number: str
    year: int


@dataclass(frozen=True)
class Found:
    """What SIIF says of a document. `is_known` is false when it answered that it has none."""

    kind: str
    number: str
    year: int
    pci: str
    issued_on: date | None = None
    amount: Decimal | None = None
    balance: Decimal | None = None
    used: Decimal | None = None
    expense_type: str = ""
    source: str = ""
    state: str = ""
    certificate: str = ""
    is_known: bool = True


class Source(Protocol):
    """A road by which documents come: a file that an official downloaded, or a consultation. Refused when it fails."""

    road: str

    def read(self) -> list[Found]: ...


def tidy(number: str) -> str:
    """The number as it is compared: people and spreadsheets add spaces and zeros before it."""
    return "".join(number.split()).upper().lstrip("0")[:60]


def pci_of(text: str) -> str:
    """A PCI code by its digits: 29-04-00 and 290400 are one unit."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def amounts_disagree(found: Found) -> Iterator[tuple[str, Text]]:
    """No balance and no use is larger than the document: what says so was read wrongly."""
    for name in ("balance", "used"):
        value = getattr(found, name)
        if value is not None and found.amount is not None and value > found.amount:
            yield name, _("It is larger than the value of the document.")


@dataclass(frozen=True)
class Typed:
    """A document as the contract names it. `place` is where: the prefix of its fields in the section of the budget."""

    kind: str
    number: str
    place: str
    issued_on: date | None = None
    amount: Decimal | None = None
    balance: Decimal | None = None

    def asked(self, today: date) -> Asked:
        """In the year of its date; without a date, in this year."""
        return Asked(self.kind, tidy(self.number), (self.issued_on or today).year)


@dataclass(frozen=True)
class Line:
    """A datum on both sides. Only what both say may differ."""

    label: Text
    typed: str
    siif: str
    differs: bool


def pesos(value: Decimal | None) -> str:
    return format_money(Money(value, "COP")) if value is not None else "–"


def dated(value: date | None) -> str:
    return shown_day(value) if value else "–"


# name of the datum, how it is called, how it is shown
COMPARED = (
    ("amount", _("Value"), pesos),
    ("issued_on", _("Date"), dated),
    ("balance", _("Balance"), pesos),
)


def compared(typed: Typed, found: Any) -> list[Line]:
    """What the contract says and what SIIF says, one line a datum."""
    lines = []
    for name, label, show in COMPARED:
        ours, theirs = getattr(typed, name), getattr(found, name)
        differs = ours is not None and theirs is not None and ours != theirs
        lines.append(Line(label, show(ours), show(theirs), differs))
    return lines


def commitment_doubts(contract: Any, number: str, reading: Any) -> Iterator[Objection]:
    """What SIIF has against the commitment with which a contract is signed; `reading` is the newest of it, or None."""
    told = {"number": number, "value": contracts.money(contract, contract.value_amount)}
    if reading is None:
        sentence = _("Commitment %(number)s was not looked up in SIIF: consult it in the section of the budget.")
        yield Objection("siif_not_asked", sentence % told, "budget_commitment", LAW)
    elif not reading.is_known:
        sentence = _("SIIF has no commitment %(number)s of %(year)s. Check the number and the year.")
        yield Objection("siif_unknown", sentence % {**told, "year": reading.year}, "budget_commitment", LAW)
    elif reading.amount is not None and reading.amount < contract.value_amount:
        sentence = _(
            "In SIIF the commitment %(number)s is of %(amount)s, less than the value of the contract: %(value)s."
        )
        told["amount"] = contracts.money(contract, reading.amount)
        yield Objection("siif_short", sentence % told, "budget_commitment_amount", LAW)


def asked_once(asked: Iterable[Asked]) -> list[Asked]:
    return list(dict.fromkeys(asked))
