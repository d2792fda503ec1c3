"""Which method corresponds to a purchase. Pure: the questions and their figures are data of `catalogue/_choosing/`.

Guarantees: the first rule whose conditions hold answers, with its article; the same facts on the same day give the same
answer; figures are those of the year, and a year without figures is refused instead of guessed.
"""

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pliego.kernel.objections import Objection, refuse_if_any
from pliego.methods import catalogue
from pliego.methods.law import BadMethod, Base, Method, Words

FILE = catalogue.FOLDER / "_choosing" / "2015.toml"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of the purchase and of the entity. `budget` is the entity's for the whole year."""

    value: Decimal
    budget: Decimal
    year: int
    information_only: bool = False
    special_regime: bool = False
    offers_here: bool = False
    is_sale: bool = False
    direct_ground: bool = False
    uniform: bool = False
    framework_agreement: bool = False
    is_consultancy: bool = False
    prequalify: bool = False
    after_void_tender: bool = False
    special_ground: bool = False
    is_works: bool = False
    standard_documents: bool = False


# fmt: off
QUESTIONS = {
    "information_only":    gettext_lazy("I only want information from suppliers; nothing is bought yet"),
    "special_regime":      gettext_lazy("The entity contracts by its own manual (special regime)"),
    "is_sale":             gettext_lazy("The entity sells goods of the State"),
    "direct_ground":       gettext_lazy("There is a legal ground for contracting directly"),
    "offers_here":         gettext_lazy("In these cases: offers are to be received on the platform"),
    "uniform":             gettext_lazy("The goods or services are uniform and in common use"),
    "framework_agreement": gettext_lazy("A framework agreement of the store (TVEC) covers them"),
    "is_consultancy":      gettext_lazy("It is consultancy or technical supervision"),
    "prequalify":          gettext_lazy("A list of those who may offer is to be made first"),
    "special_ground":      gettext_lazy("There is a special ground of abbreviated selection (literals c to i)"),
    "after_void_tender":   gettext_lazy("A public tender for the same was declared void"),
    "is_works":            gettext_lazy("These are public works"),
    "standard_documents":  gettext_lazy("There are standard documents (documentos tipo) for it"),
}
# fmt: on


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: int = msgspec.field(name="from")
    ceiling: int


class Ceiling(Base, frozen=True, kw_only=True):
    legal_basis: str
    bands: tuple[Band, ...] = ()
    percent_of_menor: int = 0


class Year(Base, frozen=True, kw_only=True):
    year: int
    smmlv: Decimal
    mipyme_limit: Decimal | None = None  # unknown: no warning is based on it
    legal_basis: str


class Window(Base, frozen=True, kw_only=True):
    code: str
    start: date = msgspec.field(name="from")
    until: date
    methods: tuple[str, ...]
    text: Words
    legal_basis: str


class Rule(Base, frozen=True, kw_only=True):
    code: str
    when: dict[str, bool | str]
    method: str
    why: Words
    legal_basis: str


class Caution(Base, frozen=True, kw_only=True):
    code: str
    when: dict[str, bool | str]
    methods: tuple[str, ...]
    text: Words
    legal_basis: str


class Table(Base, frozen=True, kw_only=True):
    menor_cuantia: Ceiling
    minima_cuantia: Ceiling
    years: tuple[Year, ...] = msgspec.field(name="year")
    windows: tuple[Window, ...] = msgspec.field(name="window", default=())
    rules: tuple[Rule, ...] = msgspec.field(name="rule")
    cautions: tuple[Caution, ...] = msgspec.field(name="warning", default=())


@dataclass(frozen=True)
class Limits:
    """The entity's ceilings in pesos this year."""

    menor: Decimal
    minima: Decimal
    mipyme: Decimal | None
    smmlv: Decimal


@dataclass(frozen=True)
class Advice:
    code: str
    sentence: str
    legal_basis: str


@dataclass(frozen=True)
class Choice:
    """The method that corresponds, or none when the purchase goes to the store (TVEC)."""

    rule: str
    method: Method | None
    why: str
    legal_basis: str
    limits: Limits
    warnings: list[Advice] = field(default_factory=list)


@cache
def table(path: Path = FILE) -> Table:
    """The questions and figures; a condition or a method that does not exist stops the start."""
    found = msgspec.convert(tomllib.loads(path.read_text()), Table)
    facts = {known.name for known in fields(Facts)} | {"value_up_to"}
    methods = {method.code for method in catalogue.every()} | {""}
    conditions = [rule.when for rule in found.rules] + [caution.when for caution in found.cautions]
    named = [window.methods for window in found.windows] + [caution.methods for caution in found.cautions]
    unknown = {name for when in conditions for name in when} - facts
    unknown |= {rule.method for rule in found.rules} - methods
    unknown |= {code for codes in named for code in codes} - methods
    if unknown or found.rules[-1].when:
        raise BadMethod(f"{path.name}: {', '.join(sorted(unknown)) or 'the last rule has conditions'}")
    return found


def limits(budget: Decimal, year: int) -> Limits:
    """Menor cuantía by the entity's annual budget in SMMLV, mínima cuantía, and the limit for small firms."""
    known = {row.year: row for row in table().years}
    figures = known.get(year)
    sentence = _("There are figures for %(years)s only.") % {"years": ", ".join(map(str, sorted(known)))}
    refuse_if_any(None if figures else Objection("unknown_year", sentence, "year"))
    assert figures is not None
    band = next(band for band in table().menor_cuantia.bands if budget >= band.start * figures.smmlv)
    menor = band.ceiling * figures.smmlv
    minima = (menor * table().minima_cuantia.percent_of_menor / 100).quantize(Decimal("0.01"))
    return Limits(menor, minima, figures.mipyme_limit, figures.smmlv)


def choose(facts: Facts, on: date) -> Choice:
    """The first rule that holds, its method as in force that day, and what to think of before beginning."""
    refuse_if_any(
        None if facts.value > 0 else Objection("not_positive", _("Write a value above zero."), "value"),
        None if facts.budget > 0 else Objection("not_positive", _("Write a budget above zero."), "budget"),
    )
    found = limits(facts.budget, facts.year)
    rule = next(rule for rule in table().rules if _holds(rule.when, facts, found))
    warnings = [
        Advice(row.code, str(row.text), row.legal_basis)
        for row in table().cautions
        if rule.method in row.methods and _holds(row.when, facts, found)
    ]
    warnings += [
        Advice(window.code, str(window.text), window.legal_basis)
        for window in table().windows
        if rule.method in window.methods and window.start <= on < window.until
    ]
    method = catalogue.get(rule.method, on=on) if rule.method else None
    return Choice(rule.code, method, str(rule.why), rule.legal_basis, found, warnings)


def _holds(when: dict[str, bool | str], facts: Facts, found: Limits) -> bool:
    ceiling = when.get("value_up_to")
    if isinstance(ceiling, str):
        most = getattr(found, ceiling)
        if most is None or facts.value > most:
            return False
    return all(getattr(facts, name) == wanted for name, wanted in when.items() if name != "value_up_to")
