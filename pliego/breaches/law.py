"""The law of breaches as data: what may be imposed, how long it is shown, what its repetition costs. Plain Python."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.kernel.objections import Text

FILE = Path(__file__).with_name("law.toml")
HEARING = "Ley 1474 de 2011, art. 86"
# fmt: off
TITLES: dict[str, Text] = {
    "fine":     pgettext_lazy("sanction", "Fine"),
    "penalty":  _("Penalty clause"),
    "damages":  _("Declaration of breach with its damages"),
    "caducity": _("Caducity of the contract"),
}
# fmt: on


@dataclass(frozen=True)
class Measure:
    """What a decision may impose. `counts_as` is what it is for repeated breach: "fine" or "breach"."""

    code: str
    title: Text
    needs_amount: bool
    contract_states: tuple[str, ...]
    counts_as: str
    loses_points: bool
    shown_years: int
    legal_basis: str
    ends_contract: bool = False
    bars_years: int = 0
    bars_legal_basis: str = ""


@dataclass(frozen=True)
class Case:
    """So many fines and contracts in breach, within the years, are repeated breach."""

    letter: str
    fines: int
    breaches: int


@dataclass(frozen=True)
class Bar:
    """Somebody may not contract with the State in these days, both included."""

    starts_on: date
    ends_on: date
    legal_basis: str


def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _measure(row: dict[str, Any]) -> Measure:
    return Measure(**{**row, "title": TITLES[row["code"]], "contract_states": tuple(row["contract_states"])})


_KNOWN = _read()
MEASURES: dict[str, Measure] = {row["code"]: _measure(row) for row in _KNOWN["measure"]}
CASES = tuple(Case(**row) for row in _KNOWN["repeated"]["case"])
WITHIN_YEARS, BARS_YEARS = _KNOWN["repeated"]["within_years"], _KNOWN["repeated"]["bars_years"]
REPEATED_LAW = _KNOWN["repeated"]["legal_basis"]
POINTS_YEARS, POINTS_LAW = _KNOWN["points"]["years"], _KNOWN["points"]["legal_basis"]
ADVISED_DAYS, CITATION_LAW = _KNOWN["citation"]["advised_business_days"], _KNOWN["citation"]["legal_basis"]
FIRM_AFTER, FIRM_LAW = timedelta(days=_KNOWN["firmness"]["days_after"]), _KNOWN["firmness"]["legal_basis"]
CHOICES = [(measure.code, measure.title) for measure in MEASURES.values()]


def years_after(day: date, years: int) -> date:
    """The same day of that year; the 29th of February becomes the 28th where there is none (Código Civil, art. 67)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def shown_until(code: str, in_force_on: date) -> date:
    """The last day on which everybody reads it."""
    return years_after(in_force_on, MEASURES[code].shown_years)


def bars(known: Iterable[tuple[str, date, Any]]) -> list[Bar]:
    """What the sanctions of one contractor bar it from, the newest first. `known`: measure, day in force, contract.

    Each sanction is looked at on the day on which it came into force, with those of the years before it: the bar of
    repeated breach begins with the last of them.
    """
    rows = sorted(known, key=lambda row: row[1])
    found: dict[tuple[date, str], Bar] = {}
    for code, day, _contract in rows:
        measure = MEASURES[code]
        if measure.bars_years:
            bar = Bar(day, years_after(day, measure.bars_years), measure.bars_legal_basis)
            found[day, bar.legal_basis] = bar
        recent = [row for row in rows if years_after(row[1], WITHIN_YEARS) > day >= row[1]]
        if is_repeated(recent):
            found[day, REPEATED_LAW] = Bar(day, years_after(day, BARS_YEARS), REPEATED_LAW)
    return sorted(found.values(), key=lambda bar: (bar.ends_on, bar.legal_basis), reverse=True)


def is_repeated(recent: Iterable[tuple[str, date, Any]]) -> bool:
    rows = list(recent)
    fines = sum(MEASURES[code].counts_as == "fine" for code, _day, _contract in rows)
    breaches = len({contract for code, _day, contract in rows if MEASURES[code].counts_as == "breach"})
    return any(fines >= case.fines and breaches >= case.breaches for case in CASES)


def loses_points(code: str, in_force_on: date, offers_due_on: date) -> bool:
    """Whether it takes points away from an offer of the process whose offers are due on that day."""
    within = in_force_on <= offers_due_on <= years_after(in_force_on, POINTS_YEARS)
    return MEASURES[code].loses_points and within
