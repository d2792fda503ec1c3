"""The kinds of question of a pliego: one row each. What an answer may say, how it is kept, and how it is shown.

An answer is kept as one text (bidding README: “Answers”): `read` makes it from what was typed or refuses it with a
sentence; `show` turns it back into words. Whoever asks is anything with `options`, `columns`, `row_titles` and `is_required`:
a question of the database, or one of a process file. The browser has the same table in bidding/browser/kinds.js.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pliego.codelists.words import fold
from pliego.kernel.money import grouped, parse_amount
from pliego.kernel.objections import Refused, Text
from pliego.web.fields import read_day

LONGEST_TEXT, MOST_ROWS = 20_000, 200
SPANISH = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d{1,6})?")  # 1.234.567,5
ENGLISH = re.compile(r"[1-9]\d{0,2}((,\d{3})+\.\d{1,6}|(,\d{3}){2,})")  # 1,234.5
PLAIN = re.compile(r"\d{1,18}([.,]\d{1,6})?")


class Unreadable(ValueError):
    """An answer that cannot be what its question asks; its words are the sentence for the person."""


class Asked(Protocol):
    """What a question says about its answer."""

    options: Any
    columns: Any
    row_titles: Any
    is_required: Any


@dataclass(frozen=True)
class Question:
    """A question outside the database, as a process file tells it."""

    kind: str
    options: tuple[str, ...] = ()
    columns: tuple[dict[str, str], ...] = ()
    row_titles: tuple[str, ...] = ()
    is_required: bool = True


# ---- reading ---------------------------------------------------------------------------------------------------------


def read_number(typed: str) -> str:
    """ "1.200", "1200", "2,5", "1.200,75", "1,200.75", "-2.5" → digits with a point. One mark before three digits: a
    point groups thousands, a comma begins the decimals."""
    text = re.sub(r"[\s'’]", "", typed)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    if SPANISH.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif ENGLISH.fullmatch(text):
        text = text.replace(",", "")
    elif PLAIN.fullmatch(text) is None:
        raise Unreadable(gettext("Write a number, for example 1.200 or 2,5."))
    whole, _point, part = text.replace(",", ".").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    number = f"{whole}.{part}" if part else whole
    return number if number == "0" else sign + number


def words(text: str, asked: Asked) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unreadable(gettext("The answer is too long: at most %(most)s letters.") % {"most": LONGEST_TEXT})
    return text


def number(text: str, asked: Asked) -> str:
    return read_number(text)


def money(text: str, asked: Asked) -> str:
    try:
        amount = parse_amount(text)
    except Refused as refused:
        raise Unreadable(str(refused.objections[0].sentence)) from refused
    if amount < 0:
        raise Unreadable(gettext("The amount cannot be less than zero."))
    return f"{amount:.2f}"


def day(text: str, asked: Asked) -> str:
    if (found := read_day(text)) is None:
        raise Unreadable(gettext("Write the date as day/month/year, for example 21/11/2026."))
    return found.isoformat()


def yes_no(text: str, asked: Asked) -> str:
    found = {"yes": "yes", "si": "yes", "no": "no"}.get(fold(text))
    if found is None:
        raise Unreadable(gettext("Answer yes or no."))
    return found


def choice(text: str, asked: Asked) -> str:
    found = {fold(option): option for option in asked.options}.get(fold(text))
    if found is None:
        raise Unreadable(gettext("Choose one of the options."))
    return str(found)


def choices(text: str, asked: Asked) -> str:
    """Several options, in the order of the question, as a JSON list."""
    chosen = {choice(one, asked) for one in _listed(text)}
    return _kept([option for option in asked.options if option in chosen]) if chosen else ""


def table(text: str, asked: Asked) -> str:
    """Rows of cells as a JSON list of lists: a row that is begun is whole, and each cell is of its column's kind."""
    found, faults = [], []
    for place, cells in enumerate(_rows(text, asked)):
        if not any(cells) and not (asked.row_titles and asked.is_required):
            found += [cells] if asked.row_titles else []
            continue
        read = []
        for column, cell in zip(asked.columns, cells, strict=True):
            try:
                if not cell:
                    raise Unreadable(gettext("it is empty."))
                read.append(KINDS[column["kind"]].read(cell, asked))
            except Unreadable as fault:
                row = asked.row_titles[place] if asked.row_titles else place + 1
                told = {"row": row, "column": column["title"], "why": fault}
                faults.append(gettext("Row %(row)s, %(column)s: %(why)s") % told)
        found.append(read)
    if faults:
        raise Unreadable(" ".join(faults))
    return _kept(found) if any(any(cells) for cells in found) else ""


def _rows(text: str, asked: Asked) -> list[list[str]]:
    rows = _listed(text)
    wide, most = len(asked.columns), len(asked.row_titles) or MOST_ROWS
    if not all(isinstance(row, list) and len(row) == wide for row in rows) or len(rows) > most:
        raise Unreadable(gettext("The table does not have the rows and columns of the question."))
    rows = [[str(cell).strip() for cell in row] for row in rows]
    return rows + [[""] * wide for _missing in range(len(asked.row_titles) - len(rows))]


def _listed(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise Unreadable(gettext("This answer is a list. Answer it on the page of the offer."))
    return found


def _kept(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# ---- showing ---------------------------------------------------------------------------------------------------------


def as_it_is(text: str, asked: Asked) -> str:
    return text


def as_number(text: str, asked: Any = None) -> str:
    whole, _point, part = text.partition(".")
    shown = grouped(Decimal(whole), decimals=False)
    mark = "," if shown == shown.replace(",", "") else "."
    return f"{shown}{mark}{part}" if part else shown


def as_money(text: str, asked: Asked) -> str:
    return f"$\N{NO-BREAK SPACE}{grouped(Decimal(text))}"


def as_day(text: str, asked: Asked) -> str:
    return "/".join(reversed(text.split("-")))


def as_yes_no(text: str, asked: Asked) -> str:
    return gettext("Yes") if text == "yes" else gettext("No")


def as_list(text: str, asked: Asked) -> str:
    return "; ".join(json.loads(text))


def as_rows(text: str, asked: Asked) -> str:
    """A table in one text, for a cell of a spreadsheet; pages draw `grid`."""
    return "\n".join(" | ".join(cells) for cells in grid(asked, text))


def grid(asked: Asked, text: str) -> list[list[str]]:
    """The cells of an answered table as people read them, each row after its name when rows have names."""
    shown = [
        [
            KINDS[column["kind"]].show(cell, asked) if cell else ""
            for column, cell in zip(asked.columns, cells, strict=True)
        ]
        for cells in json.loads(text)
    ]
    return [[name, *cells] for name, cells in zip(asked.row_titles, shown, strict=True)] if asked.row_titles else shown


# ---- the table -------------------------------------------------------------------------------------------------------

WRITE, CHOOSE = _("Write an answer."), _("Choose an answer.")
FULL = frozenset({"required", "requirement", "confidential", "evidence", "weight"})


@dataclass(frozen=True)
class Kind:
    """`control` draws it for the bidder (bidding/answers/…html); `keeps` is the part of the sealed answers it goes into;
    `asks` is what the question must say about it; `takes` are the properties that make sense for it."""

    code: str
    title: Text
    control: str
    read: Callable[[str, Asked], str] = words
    show: Callable[[str, Asked], str] = as_it_is
    keeps: str = "answers"
    asks: str = ""
    takes: frozenset[str] = FULL
    missing: Text = WRITE


# fmt: off
KINDS = {kind.code: kind for kind in (
    #    code          title                            drawn as      read     shown       kept, asks, takes, missing
    Kind("file",       _("File"),                       "file",       keeps="files", takes=FULL - {"evidence"},
         missing=_("Choose a file.")),
    Kind("price_list", _("Price list"),                 "prices",     keeps="prices", takes=FULL - {"confidential"},
         missing=_("Write a unit price in every line.")),
    Kind("text",       _("Text"),                       "textarea",   words,   as_it_is),
    Kind("number",     _("Number"),                     "line",       number,  as_number),
    Kind("money",      _("Amount in pesos"),            "line",       money,   as_money),
    Kind("date",       _("Date"),                       "date",       day,     as_day),
    Kind("yes_no",     _("Yes or no"),                  "radios",     yes_no,  as_yes_no, missing=CHOOSE),
    Kind("choice",     _("One of several options"),     "radios",     choice,  as_it_is, asks="options", missing=CHOOSE),
    Kind("choices",    _("Several of several options"), "checkboxes", choices, as_list,  asks="options", missing=CHOOSE),
    Kind("table",      _("Table"),                      "table",      table,   as_rows,  asks="columns",
         missing=_("Fill in the table.")),
    Kind("info",       _("Informative text or heading"), "info",      keeps="", takes=frozenset()),
)}
# fmt: on
ITEM_KINDS = tuple((kind.code, kind.title) for kind in KINDS.values())
CELL_KINDS = ("text", "number", "money", "date", "yes_no")


def read(question: Any, text: str) -> str:
    """The answer as it is kept; nothing for nothing. Raises Unreadable."""
    text = text.strip()
    return KINDS[question.kind].read(text, question) if text else ""


def shown(question: Any, text: str) -> str:
    """A kept answer in words. An offer may say anything: what the question cannot read is shown as it came."""
    try:
        return KINDS[question.kind].show(read(question, text), question) if text else ""
    except (Unreadable, ValueError, KeyError):
        return text


def cells_of(question: Any, text: str) -> list[list[str]]:
    """The rows of an answered table; none for another kind, or for what is not one."""
    if question.kind != "table" or not text:
        return []
    try:
        return grid(question, read(question, text))
    except (Unreadable, ValueError):
        return []


def is_as_asked(question: Any, text: str) -> bool:
    """Whether an opened answer is of the kind that was asked."""
    try:
        read(question, text)
    except Unreadable:
        return False
    return True
