"""How many members an opening usually has, by the size of the process and of the entity: data (`openers.toml`) that
proposes and warns, and never blocks. And for which processes the reinforced mode is recommended."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pliego.kernel.objections import Text
from pliego.methods import choosing

FILE = Path(__file__).with_name("openers.toml")
# fmt: off
WHY: dict[str, Text] = {
    "small_process": _("For a process of this value it is usual that %(t)s of %(n)s people open."),
    "small_entity":  _("With the people that this entity has, it is usual that %(t)s of %(n)s open."),
    "any":           _("It is usual that %(t)s of %(n)s people open: for example the authorising officer, legal,"
                       " technical, internal control, and the escrow of the operator."),
}
RECOMMENDED: dict[str, Text] = {
    "large_works":   _("For public works of this value the reinforced mode is recommended."),
    "large_process": _("For a process of this value the reinforced mode is recommended."),
}
# fmt: on


@dataclass(frozen=True)
class Usual:
    code: str
    threshold: int
    members: int
    most_smmlv: int | None = None
    most_people: int | None = None

    def fits(self, value: Decimal | None, smmlv: Decimal, people: int) -> bool:
        if self.most_smmlv is not None and (value is None or value > self.most_smmlv * smmlv):
            return False
        return self.most_people is None or people <= self.most_people

    @property
    def sentence(self) -> str:
        return str(WHY[self.code]) % {"t": self.threshold, "n": self.members}


@dataclass(frozen=True)
class Reinforcement:
    """A row of those for which the reinforced mode is recommended: of that value, and of one of those contracts."""

    code: str
    least_smmlv: int
    contract_types: tuple[str, ...] = ()

    def fits(self, value: Decimal | None, smmlv: Decimal, contract_type: str) -> bool:
        is_such = not self.contract_types or contract_type in self.contract_types
        return is_such and value is not None and value >= self.least_smmlv * smmlv


@cache
def reinforcements() -> tuple[Reinforcement, ...]:
    found = tuple(Reinforcement(**row) for row in tomllib.loads(FILE.read_text())["reinforced"])
    if {row.code for row in found} - set(RECOMMENDED):
        raise ValueError(f"{FILE.name}: an unknown code")
    return found


def reinforcement_of(tender: Any) -> str:
    """Why the reinforced mode is recommended for a process of that value and contract; nothing where it is not."""
    value = tender.value_amount if tender.value_currency == "COP" else None
    smmlv = smmlv_of(tender.created_at.year)
    row = next((row for row in reinforcements() if row.fits(value, smmlv, tender.contract_type)), None)
    return str(RECOMMENDED[row.code]) if row else ""


@cache
def rows() -> tuple[Usual, ...]:
    """The last row fits everybody: without one the start stops."""
    found = tuple(Usual(**row) for row in tomllib.loads(FILE.read_text())["usual"])
    last = found[-1]
    if {row.code for row in found} - set(WHY) or (last.most_smmlv, last.most_people) != (None, None):
        raise ValueError(f"{FILE.name}: an unknown code, or a last row that does not fit everybody")
    return found


def usual(value: Decimal | None, year: int, people: int) -> Usual:
    """What is usual for a process of that value, in an entity with so many people who may open."""
    return next(row for row in rows() if row.fits(value, smmlv_of(year), people))


def smmlv_of(year: int) -> Decimal:
    """The minimum wage of that year, or the last one that is known."""
    known = {row.year: row.smmlv for row in choosing.table().years}
    return known.get(year) or known[max(known)]


def usual_of(tender: Any, people: int) -> Usual:
    value = tender.value_amount if tender.value_currency == "COP" else None
    return usual(value, tender.created_at.year, people)


def cautions(found: Usual, threshold: int, members: int) -> list[Text]:
    """What to think of when fewer hold a share, or fewer are needed, than is usual."""
    said: list[Text] = []
    if 0 < members < found.members:
        lost = members - threshold + 1
        sentence = ngettext(
            "There are %(n)s people: if the key of one of them is lost, the offers stay sealed for ever.",
            "There are %(n)s people: if the keys of %(lost)s of them are lost, the offers stay sealed for ever.",
            lost,
        )
        said.append(sentence % {"n": members, "lost": lost})
    if members and threshold < found.threshold:
        few = _("Any %(t)s of them together open, with the time custodian, after the hour: fewer than is usual.")
        said.append(str(few) % {"t": threshold})
    return [*said, found.sentence] if said else []
