"""A cell of a spreadsheet as people write it in Colombia, read strictly, and shown again: by the column it is in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pliego.codelists.words import fold
from pliego.kernel.money import grouped, parse_amount
from pliego.kernel.objections import Refused
from pliego.web.sheets import FORMULA

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
DATES = (
    r"(\d{1,2})",
    r"\d{4}[-/](\d{1,2})(?:[-/]\d{1,2})?(?:[ t].*)?",
    r"(?:\d{1,2}[-/.])?(\d{1,2})[-/.]\d{4}",
)
YES, NO = {"si", "s", "x", "1", "verdadero", "true"}, {"no", "n", "0", "falso", "false"}


class Unreadable(ValueError):
    """A cell that cannot be what its column says; its words are the sentence for the person."""


@dataclass(frozen=True)
class Lists:
    """What a cell may choose from: by its folded name and by its code. `shown` are the names that a person is told."""

    by_name: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def word(cell: Any) -> str:
    """A cell as somebody would type it: a number with a comma and at most two decimals, a date by year, month and day.

    A computed cell may have many decimals, and three of them would read as thousands.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Sí" if cell else "No"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):.2f}".replace(".", ",").removesuffix(",00")
    if isinstance(cell, (datetime, date)):
        return cell.strftime("%Y-%m-%d")
    text = str(cell).replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text  # the mark of our own files


def plain(text: str) -> str:
    """Letters and digits of a heading or a choice, folded: what people change when they rename a column."""
    return " ".join(re.sub(r"[^a-z0-9ñ]+", " ", fold(text)).split())


def words(text: str, column: "Column", lists: Lists) -> str:
    return text


def whole(text: str, column: "Column", lists: Lists) -> int | None:
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,6})(?:[.,]0+)?(?: *[a-zñáéíóú()]+)?", text.lower()):
        return int(found[1])
    raise Unreadable(_("Write a whole number, for example 6."))


def month(text: str, column: "Column", lists: Lists) -> int | None:
    """ "marzo", "Mar-26", "3", "03/2026", "15/03/2026" and "2026-03-15" are all March."""
    said = fold(text)
    if not said:
        return None
    name = re.match(r"[a-z]{3,}", said)
    stem = name[0].replace("setiembre", "septiembre") if name else "–"
    if found := [number for number, month in enumerate(MONTHS, 1) if month.startswith(stem)]:
        return found[0]
    for shape in DATES:
        if (digits := re.fullmatch(shape, said)) and 1 <= int(digits[1]) <= 12:
            return int(digits[1])
    raise Unreadable(_("Write the month by its name or its number, for example “marzo” or “3”."))


def money(text: str, column: "Column", lists: Lists) -> Decimal | None:
    if not text:
        return None
    try:
        return parse_amount(text)
    except Refused as refused:
        raise Unreadable(str(refused.objections[0].sentence)) from refused


def choice(text: str, column: "Column", lists: Lists) -> Any:
    """A name of the list, its code, or a beginning that only one of them has."""
    if not text:
        return column.empty
    names = lists.by_name.get(column.field, {})
    if (said := plain(text)) in names:
        return names[said]
    near = {value for name, value in names.items() if said and name.startswith(said)}
    if len(near) == 1:
        return near.pop()
    told = {"text": text, "some": "; ".join(lists.shown.get(column.field, ())[:8])}
    sentence = (
        _("“%(text)s” is not in the list. Write one of these: %(some)s.")
        if told["some"]
        else _("“%(text)s” is not in the list.")
    )
    raise Unreadable(sentence % told)


def yes(text: str, column: "Column", lists: Lists) -> bool | None:
    said = plain(text)
    if said in YES | NO:
        return said in YES
    if not said:
        return None
    raise Unreadable(_("Write Sí or No."))


def _no_titles() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Column:
    """`names` are other headings, plain: a longer heading that begins with one is the same column."""

    field: str
    title: str
    names: tuple[str, ...] = ()
    read: Callable[[str, "Column", Lists], Any] = words
    empty: Any = ""
    width: int = 18
    titles: Callable[[], Mapping[str, str]] = _no_titles
    in_template: bool = True

    def typed(self, row: Mapping[str, Any]) -> Any:
        """The value as a typed cell of a file that goes out."""
        value = row.get(self.field)
        if self.read is money:
            return Decimal(value) if value not in (None, "") else None
        return value if self.read is whole else self.shown(row)

    def shown(self, row: Mapping[str, Any]) -> str:
        """The value as people read it."""
        value = row.get(self.field)
        if value in (None, "", [], ()):
            return ""
        if isinstance(value, (list, tuple)):
            return "; ".join(value)
        if self.read is money:
            return f"$\N{NO-BREAK SPACE}{grouped(Decimal(value))}"
        if self.read is month:
            return MONTHS[int(value) - 1].capitalize()
        return self.titles().get(value, str(value))
