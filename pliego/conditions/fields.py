"""What a section of plain data consists of: one table of fields, from which come its shape, its form and its words.

Guarantees: every field has a default, so that a draft may lack anything; what the form refuses the API refuses too, at
the same field and with the same sentence; a fault of a row names the cell: `lots-2-value` is the value of the third.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from pliego.codelists import queries as codelists
from pliego.kernel.dates import day, instant
from pliego.kernel.money import LARGEST, Money, format_money, grouped
from pliego.kernel.objections import Objection, Text
from pliego.tendering.sections import Words

Choices = tuple[tuple[str, Text], ...]
YES_NO: Choices = (("yes", _("Yes")), ("no", _("No")))


@dataclass(frozen=True, kw_only=True)
class Field:
    """A datum. `is_needed`: the publication asks for it (in a row: nobody saves the row without it)."""

    name: str
    label: Text
    kind: str = "text"
    help: Text = ""
    choices: Choices = ()
    legal_basis: str = ""
    most: int = 200  # letters, or the largest number
    least: int = 0
    is_needed: bool = False
    when: tuple[str, str] | None = None  # shown only while that other field has this value
    is_wide: bool = False  # in a row: its names are long

    @property
    def hint(self) -> str:
        return " ".join(filter(None, [str(self.help), f"({self.legal_basis})" if self.legal_basis else ""]))


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list of equal rows. `one` names a row ("Lot %(n)s"); `numbered` is the column that has its number."""

    name: str
    label: Text
    one: Text
    columns: tuple[Field, ...]
    most: int = 100
    help: Text = ""
    numbered: str = ""
    kind: str = "rows"
    when: tuple[str, str] | None = None

    def name_of(self, row: Any, place: int) -> str:
        """How people call a row: by its own number, or by its place."""
        number = getattr(row, self.numbered) if self.numbered else None
        return str(self.one) % {"n": number or place}


Part = Field | Rows
Parts = tuple[Part, ...]


# ---- kinds ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Codes:
    """The official names of the codes that a content uses, read once."""

    places: dict[str, str] = field(default_factory=dict)
    unspsc: dict[str, str] | None = None  # None: the official list is not loaded, any code of eight digits will do
    people: dict[str, str] = field(default_factory=dict)


Check = Callable[[Field, Any, Codes], Text | None]
Say = Callable[[Field, Any, Codes], Text]


def _no_fault(spec: "Field", value: Any, codes: "Codes") -> Text | None:
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of datum: its type, its default, what may be wrong with one, and how it reads."""

    type: Any
    default: Any
    wrong: Check = _no_fault
    say: Say = lambda spec, value, codes: str(value)


def _too_long(spec: Field, value: str, codes: Codes) -> Text | None:
    sentence = _("Write at most %(most)s characters: there are %(n)s.")
    return sentence % {"most": spec.most, "n": len(value)} if len(value) > spec.most else None


def _not_an_amount(spec: Field, value: Decimal, codes: Codes) -> Text | None:
    if not value.is_finite() or not 0 <= value <= LARGEST or value != value.quantize(Decimal("0.01")):
        return _("Write an amount in pesos that is not negative, with at most two decimals.")
    return None


def _not_a_figure(spec: Field, value: Decimal, codes: Codes) -> Text | None:
    if not value.is_finite() or not spec.least <= value <= spec.most or value != value.quantize(Decimal("0.01")):
        sentence = _("Write a number from %(least)s to %(most)s, with at most two decimals.")
        return sentence % {"least": spec.least, "most": spec.most}
    return None


def _not_a_quantity(spec: Field, value: Decimal, codes: Codes) -> Text | None:
    if not value.is_finite() or not 0 < value < 10**14 or value != value.quantize(Decimal("0.0001")):
        return _("Write a quantity above zero, with at most four decimals.")
    return None


def _out_of_range(spec: Field, value: int, codes: Codes) -> Text | None:
    if spec.least <= value <= spec.most:
        return None
    return _("Write a number from %(least)s to %(most)s.") % {"least": spec.least, "most": spec.most}


def _not_a_choice(spec: Field, value: Any, codes: Codes) -> Text | None:
    known = {code for code, _title in spec.choices}
    return None if set([value] if isinstance(value, str) else value) <= known else _("Choose one of the list.")


def _unknown_place(spec: Field, value: str, codes: Codes) -> Text | None:
    return None if value in codes.places else _("Choose a municipality of the list.")


def _unknown_person(spec: Field, value: str, codes: Codes) -> Text | None:
    return None if value in codes.people else _("Choose a person of the list.")


def _unknown_unspsc(spec: Field, value: str, codes: Codes) -> Text | None:
    if re.fullmatch(r"\d{8}", value) and (codes.unspsc is None or codes.unspsc.get(value)):
        return None
    return _("There is no UNSPSC code %(code)s.") % {"code": value}


def _title(spec: Field, value: Any, codes: Codes) -> Text:
    names = dict(spec.choices)
    return ", ".join(str(names.get(code, code)) for code in ([value] if isinstance(value, str) else value))


def _unspsc_title(spec: Field, value: str, codes: Codes) -> Text:
    return " ".join(filter(None, [value, (codes.unspsc or {}).get(value, "")]))


def in_figures(value: Decimal) -> str:
    """A quantity without the zeros that say nothing."""
    return f"{value.normalize():f}".replace(".", ",")


Instant = Annotated[datetime, msgspec.Meta(tz=True)]

# fmt: off
KINDS: dict[str, Kind] = {
    #                type            default  what is wrong     how it reads
    "text":    Kind(str,             "",      _too_long),
    "prose":   Kind(str,             "",      _too_long),
    "money":   Kind(Decimal | None,  None,    _not_an_amount,   lambda spec, v, codes: format_money(Money(v, "COP"))),
    "number":  Kind(int | None,      None,    _out_of_range),
    "decimal": Kind(Decimal | None,  None,    _not_a_figure,    lambda spec, v, codes: grouped(v)),
    "quantity": Kind(Decimal | None, None,   _not_a_quantity,   lambda spec, v, codes: in_figures(v)),
    "day":     Kind(date | None,     None,    say=lambda spec, v, codes: day(v)),
    "instant": Kind(Instant | None,  None,    say=lambda spec, v, codes: instant(v)),
    "choice":  Kind(str,             "",      _not_a_choice,    _title),
    "choices": Kind(list[str],       (),      _not_a_choice,    _title),
    "yes_no":  Kind(str,             "",      _not_a_choice,    _title),
    "place":   Kind(str,             "",      _unknown_place,   lambda spec, v, codes: str(codes.places.get(v, v))),
    "unspsc":  Kind(str,             "",      _unknown_unspsc,  _unspsc_title),
    "person":  Kind(str,             "",      _unknown_person,  lambda spec, v, codes: str(codes.people.get(v, v))),
}
# fmt: on
EMPTY: tuple[Any, ...] = (None, "", (), [])


# ---- shapes --------------------------------------------------------------------------------------------------------


def shape_of(name: str, parts: Iterable[Part]) -> Any:
    """The type of a content with those fields. Unknown fields are refused; all have a default."""
    members: list[tuple[str, Any, Any]] = []
    for part in parts:
        if isinstance(part, Rows):
            row = shape_of(f"{name}_{part.name}", part.columns)
            members.append((part.name, list[row], msgspec.field(default_factory=list)))  # type: ignore[valid-type]
        else:
            kind = KINDS[part.kind]
            default = msgspec.field(default_factory=list) if kind.default == () else kind.default
            members.append((part.name, kind.type, default))
    return msgspec.defstruct(name, members, frozen=True, kw_only=True, forbid_unknown_fields=True)


def cells(parts: Parts, content: Any) -> Iterator[tuple[str, Field, Any]]:
    """Every datum of a content with the name of its place."""
    for part in parts:
        if isinstance(part, Field):
            yield part.name, part, getattr(content, part.name)
            continue
        for place, row in enumerate(getattr(content, part.name)):
            for column in part.columns:
                yield f"{part.name}-{place}-{column.name}", column, getattr(row, column.name)


def codes_of(parts: Parts, content: Any) -> Codes:
    """The names of all codes of a content: one read of each kind, however many rows it has."""
    used: dict[str, set[str]] = {"place": set(), "unspsc": set(), "person": set()}
    for _name, spec, value in cells(parts, content):
        if spec.kind in used and value:
            used[spec.kind].add(value)
    places = codelists.places_of(used["place"]) if used["place"] else {}
    names = codelists.unspsc_names(sorted(used["unspsc"])) if used["unspsc"] else {}
    whole = bool(names) and codelists.has_whole_unspsc()
    people = get_user_model().objects.filter(code__in=used["person"]) if used["person"] else ()
    named = {person.code: person.full_name for person in people}
    return Codes({code: str(place) for code, place in places.items()}, names if whole else None, named)


# ---- what is wrong, and what is missing ----------------------------------------------------------------------------


def faults(parts: Parts, content: Any) -> Iterator[Objection]:
    """Values that cannot be, and rows that lack what makes them a row."""
    codes = codes_of(parts, content)
    of_rows = {id(column) for part in parts if isinstance(part, Rows) for column in part.columns}
    for name, spec, value in cells(parts, content):
        if value in EMPTY:
            if spec.is_needed and id(spec) in of_rows:
                yield lacks(spec, name)
        elif sentence := KINDS[spec.kind].wrong(spec, value, codes):
            yield Objection("bad_value", sentence, name)
    for part in parts:
        if isinstance(part, Rows):
            yield from _rows_are_wrong(part, getattr(content, part.name))


def _rows_are_wrong(part: Rows, rows: list[Any]) -> Iterator[Objection]:
    if len(rows) > part.most:
        sentence = _("Write at most %(most)s rows: there are %(n)s.") % {"most": part.most, "n": len(rows)}
        yield Objection("too_many_rows", sentence, part.name)
    if part.numbered:
        numbers = [getattr(row, part.numbered) for row in rows]
        for place, number in enumerate(numbers):
            if number is not None and number in numbers[:place]:
                sentence = _("The number %(n)s is there twice.") % {"n": number}
                yield Objection("number_twice", sentence, f"{part.name}-{place}-{part.numbered}")


def lacks(spec: Field, name: str = "") -> Objection:
    return Objection("missing", _("Fill in “%(label)s”.") % {"label": spec.label}, name or spec.name, spec.legal_basis)


def applies(part: Part, content: Any) -> bool:
    """Whether a field counts, given what another one says."""
    return part.when is None or getattr(content, part.when[0]) == part.when[1]


def missing(parts: Parts, content: Any) -> Iterator[Objection]:
    """What the publication asks for and the content lacks."""
    for part in parts:
        is_asked = isinstance(part, Field) and part.is_needed and applies(part, content)
        if is_asked and getattr(content, part.name) in EMPTY:
            yield lacks(part)  # type: ignore[arg-type]


# ---- words ---------------------------------------------------------------------------------------------------------


def said(spec: Field, value: Any, codes: Codes) -> Text:
    return "" if value in EMPTY else KINDS[spec.kind].say(spec, value, codes)


def words(parts: Parts, content: Any) -> Words:
    """A label and a value for each field, and one for each row."""
    codes = codes_of(parts, content)
    found: Words = []
    for part in parts:
        if isinstance(part, Field):
            if applies(part, content):
                found.append((part.label, said(part, getattr(content, part.name), codes)))
            continue
        for place, row in enumerate(getattr(content, part.name), 1):
            cells = [_cell(c, getattr(row, c.name), codes) for c in part.columns if c.name != part.numbered]
            found.append((part.name_of(row, place), " · ".join(filter(None, cells))))
    return found


BARE = {"number", "decimal", "quantity", "day"}  # kinds whose values say nothing without their label


def _cell(spec: Field, value: Any, codes: Codes) -> str:
    text = str(said(spec, value, codes))
    return f"{spec.label}: {text}" if text and spec.kind in BARE else text


@dataclass(frozen=True)
class Sheet:
    """The rows of a content as a table to be read. `numeric` are the columns of figures."""

    title: Text
    heads: list[tuple[Text, bool]]
    rows: list[list[tuple[Text, Text, bool]]]


@dataclass(frozen=True)
class Told:
    """A content to be read: its facts, and its tables."""

    facts: list[tuple[Text, Text]]
    sheets: list[Sheet]


FIGURES = {"money", "number", "decimal", "quantity"}


def _line(part: Rows, row: Any, codes: Codes) -> list[tuple[Text, Text, bool]]:
    return [(c.label, said(c, getattr(row, c.name), codes), c.kind in FIGURES) for c in part.columns]


def told(parts: Parts, content: Any) -> Told:
    """What a content says, with its rows as tables; fields without a value are not there."""
    codes = codes_of(parts, content)
    seen = [part for part in parts if applies(part, content)]
    facts = [(p.label, said(p, getattr(content, p.name), codes)) for p in seen if isinstance(p, Field)]
    sheets = [
        Sheet(
            part.label,
            [(column.label, column.kind in FIGURES) for column in part.columns],
            [
                [(c.label, said(c, getattr(row, c.name), codes), c.kind in FIGURES) for c in part.columns]
                for row in rows
            ],
        )
        for part in seen
        if isinstance(part, Rows) and (rows := getattr(content, part.name))
    ]
    return Told([fact for fact in facts if fact[1]], sheets)
