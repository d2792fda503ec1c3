"""Price lists as spreadsheets: pasted rows, CSV or XLSX, with columns moved, renamed or added, and back to CSV or XLSX.

Guarantees: every row that is not blank is read or is named in the report, by its number as the spreadsheet shows it,
its column, what it says and why that cannot be. Amounts may be written the Colombian or the English way: what is
plain of either kind anywhere in the file decides how the doubtful ones are read; Colombian when nothing does.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from pliego.bulk.cells import plain
from pliego.bulk.sheets import BROKEN, workbook
from pliego.codelists.words import fold
from pliego.kernel.money import parse_amount
from pliego.kernel.objections import Objection, Refused
from pliego.tendering.kinds import Unreadable, read_number
from pliego.web.sheets import FORMULA, csv_lines, sheet_file

MOST_ROWS, MOST_COLUMNS = 20_000, 60
MOST_FAULTS = 50  # told at the field of a form; the report has them all
MOST_BYTES = 20 * 2**20
SEARCHED = 20  # rows in which the headings may be: official forms have a title above them

# What people call the columns, plain (bulk.cells): the whole heading, or its beginning when a * follows.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("no", "n", "num", "numero", "nro", "linea", "renglon", "line", "number"),
    "unspsc": ("unspsc*", "codigo unspsc*", "codigo", "code", "codigo del bien", "clasificador*"),
    "description": ("descripcion*", "bien o servicio*", "bien", "detalle", "item", "nombre", "producto*", "concepto",
                    "especificacion*", "description*"),
    "quantity": ("cantidad*", "cant*", "quantity*", "qty"),
    "unit": ("unidad", "unidad de*", "unidades", "und", "um", "u m", "unit", "presentacion", "unit of*", "medida"),
    "reference_price": ("precio de referencia*", "precio referencia*", "precio unitario*", "precio estimado*",
                        "valor unitario*", "valor de referencia*", "presupuesto unitario*", "precio",
                        "reference price*", "unit price*", "vr unitario*"),
}  # fmt: skip
OFFERED = {
    "number": COLUMNS["number"],
    "description": COLUMNS["description"],
    "price": ("precio unitario*", "valor unitario*", "precio ofertado*", "precio ofrecido*", "precio", "unit price*",
              "price", "vr unitario*", "oferta"),
}  # fmt: skip
HEADER = ("No.", "Código UNSPSC", "Descripción", "Cantidad", "Unidad", "Precio de referencia")
OFFER_HEADER = (*HEADER[:5], "Precio unitario")
TITLES = dict(zip(COLUMNS, HEADER, strict=True)) | {"price": OFFER_HEADER[-1]}
NEEDED = ("description", "quantity", "unit")
WIDTHS = {0: 8, 1: 16, 2: 70}


@dataclass(frozen=True)
class PriceRow:
    description: str
    quantity: Decimal
    unit: str
    unspsc: str = ""
    reference_price: Decimal | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell of one row."""

    row: int
    column: str
    value: str
    sentence: str
    code: str = ""


@dataclass
class Reading:
    """What came of a file. `numbers` are what its own column of numbers says, row by row."""

    rows: list[PriceRow] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@dataclass
class Table:
    """A sheet with its columns found: `rows` are (number of the row, cells by field)."""

    places: dict[str, int]
    heading: list[str]
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def title(self, name: str) -> str:
        place = self.places.get(name)
        return self.heading[place] if place is not None and place < len(self.heading) else TITLES[name]

    @property
    def ignored(self) -> list[str]:
        taken = set(self.places.values())
        return [said for place, said in enumerate(self.heading) if said and place not in taken]


# ---- reading ---------------------------------------------------------------------------------------------------------


def read(content: IO[bytes] | None = None, name: str = "", text: str = "") -> list[PriceRow]:
    """The rows of pasted text or of a file. Raises Refused with every faulty row (the first fifty)."""
    found = survey(content, text)
    refuse(found.faults)
    return found.rows


def refuse(faults: Sequence[Fault]) -> None:
    told = [
        Objection(fault.code, _("Row %(n)s: %(why)s") % {"n": fault.row, "why": fault.sentence}, "rows")
        for fault in faults[:MOST_FAULTS]
    ]
    if len(faults) > MOST_FAULTS:
        more = _("And %(n)s more errors.") % {"n": len(faults) - MOST_FAULTS}
        told.append(Objection("more_errors", more, "rows"))
    if told:
        raise Refused(*told)


def survey(content: IO[bytes] | None = None, text: str = "") -> Reading:
    """Every row of a price list, or what is wrong in it. Refused when it is no table, or lacks a column."""
    table = _table(content, text, COLUMNS, NEEDED)
    english = _is_english(table)
    found = Reading(ignored=table.ignored)
    for position, cells in table.rows:
        row = _Row(position, cells, table, found.faults)
        kept = PriceRow(
            description=row.said("description", _description),
            unit=row.said("unit", _unit),
            unspsc=row.said("unspsc", _unspsc),
            quantity=row.said("quantity", lambda cell: _quantity(cell, english)),
            reference_price=row.said("reference_price", _amount),
        )
        if not row.is_faulty:
            found.rows.append(kept)
            found.numbers.append(_whole(cells.get("number")))
    return found


def offered(
    lines: Iterable[Any], content: IO[bytes] | None = None, text: str = ""
) -> tuple[dict[int, str], list[Fault]]:
    """The unit prices that a bidder wrote beside the lines, by number of line. `lines` have number and description."""
    table = _table(content, text, OFFERED, ("price",))
    known = {line.number: line for line in lines}
    named: dict[str, list[int]] = {}
    for line in known.values():
        named.setdefault(fold(line.description), []).append(line.number)
    prices: dict[int, str] = {}
    faults: list[Fault] = []
    for position, cells in table.rows:
        row = _Row(position, cells, table, faults)
        number = _whole(cells.get("number")) if "number" in table.places else None
        alone = named.get(fold(_word(cells.get("description"))), [])
        number = number if number is not None else alone[0] if len(alone) == 1 else None
        amount = row.said("price", _amount)
        if amount is not None and number not in known:
            row.object_to("number", _("the price list has no such line."))
        elif amount is not None and number is not None and number in prices:
            row.object_to("number", _("this line was already in a row above."))
        elif amount is not None and number is not None:
            prices[number] = f"{amount:.2f}"
    return prices, faults


class _Row:
    """The cells of a row being read; what is wrong goes to the report of the whole."""

    def __init__(self, position: int, cells: Mapping[str, Any], table: Table, faults: list[Fault]) -> None:
        self.position, self.cells, self.table, self.faults = position, cells, table, faults
        self.is_faulty = False

    def said(self, name: str, read: Callable[[Any], Any]) -> Any:
        try:
            return read(self.cells.get(name))
        except Unreadable as fault:
            self.object_to(name, str(fault))

    def object_to(self, name: str, why: str) -> None:
        self.is_faulty = True
        value = _word(self.cells.get(name))[:200]
        self.faults.append(Fault(self.position, self.table.title(name), value, why, f"bad_{name}"))


def _table(content: IO[bytes] | None, text: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table:
    """The sheet with its columns found by their headings, or by the usual order where there are none."""
    rows = [(n, row) for n, row in enumerate(_cells(content, text), 1) if any(_word(cell) for cell in row)]
    if not rows:
        raise Refused(Objection("empty", _("There are no rows here."), "rows"))
    if len(rows) > MOST_ROWS + SEARCHED:
        _too_many()
    best: dict[str, int] = {}
    for at, (_n, cells) in enumerate(rows[:SEARCHED]):
        places = _places(cells, columns)
        if set(needed) <= places.keys() and len(places) > 1:
            return _filled(Table(places, [_word(cell) for cell in cells]), rows[at + 1 :])
        best = places if len(places) > len(best) else best
    if len(best) > 1 or "price" in needed:
        missing = ", ".join(TITLES[name] for name in (*needed, "number") if name in columns and name not in best)
        raise Refused(
            Objection("columns_missing", _("These columns are missing: %(names)s.") % {"names": missing}, "rows")
        )
    names = list(columns)[2:5] if len(rows[0][1]) <= 3 else list(columns)[1:]  # without headings, nobody numbers
    return _filled(Table({name: place for place, name in enumerate(names)}, []), rows)


def _filled(table: Table, rows: Iterable[tuple[int, list[Any]]]) -> Table:
    for position, cells in rows:
        table.rows.append((position, {n: cells[p] for n, p in table.places.items() if p < len(cells)}))
    if len(table.rows) > MOST_ROWS:
        _too_many()
    return table


def _too_many() -> None:
    sentence = _("A price list has at most %(most)s lines.") % {"most": MOST_ROWS}
    raise Refused(Objection("too_many_rows", sentence, "rows"))


def _places(cells: Sequence[Any], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Which cell names which column: whole names first, then beginnings; the first of two alike. A row with a number
    in it is no heading."""
    if any(re.fullmatch(r"[\d.,\s$]+", _word(cell)) for cell in cells):
        return {}
    headings = [plain(cell) if isinstance(cell, str) else "" for cell in cells]
    found: dict[str, int] = {}
    for whole in (True, False):
        for place, heading in enumerate(headings):
            for name, words in columns.items():
                named = heading in [word.rstrip("*") for word in words] if whole else _begins(heading, words)
                if heading and named and name not in found and place not in found.values():
                    found[name] = place
    return found


def _begins(heading: str, words: Sequence[str]) -> bool:
    return any(word.endswith("*") and heading.startswith(word[:-1]) for word in words)


def _cells(content: IO[bytes] | None, text: str) -> Iterator[list[Any]]:
    if content is None:
        yield from _lines(text)
        return
    raw = content.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused(Objection("too_large", _("The file is larger than 20 MB."), "rows"))
    if raw[:2] == b"PK":
        try:
            yield from (row[:MOST_COLUMNS] for row in workbook(raw))
        except BROKEN as error:
            raise Refused(Objection("not_a_table", _("The spreadsheet cannot be read."), "rows")) from error
        return
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = raw.decode("cp1252", errors="replace")
    if "\x00" in decoded:
        raise Refused(Objection("not_a_table", _("This is not a CSV or XLSX file."), "rows"))
    yield from _lines(decoded)


def _lines(text: str) -> Iterator[list[str]]:
    first = text.strip("\r\n").split("\n", SEARCHED)[:SEARCHED]
    line = max(first, key=lambda said: max(map(said.count, "\t;,|"))) if first else ""
    mark = "\t" if "\t" in line else max(";,|", key=(first[0] if max(map(first[0].count, ";,|")) > 1 else line).count)
    try:
        yield from (row[:MOST_COLUMNS] for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise Refused(Objection("not_a_table", _("This is not a CSV or XLSX file."), "rows")) from error


# ---- cells -----------------------------------------------------------------------------------------------------------


def _word(cell: Any) -> str:
    """A cell as somebody would type it; the mark with which our own files defuse formulas is taken off."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f").replace(".", ",")
    if isinstance(cell, (datetime, date)):
        return cell.strftime("%Y-%m-%d")
    text = str(cell).replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _description(cell: Any) -> str:
    text = _word(cell)
    if not 0 < len(text) <= 500:
        raise Unreadable(_("write a description of up to 500 letters."))
    return text


def _unit(cell: Any) -> str:
    text = _word(cell)
    if not 0 < len(text) <= 40:
        raise Unreadable(_("write the unit of measure, in up to 40 letters."))
    return text


def _unspsc(cell: Any) -> str:
    text = re.sub(r"^V1\.|[\s.]|,0+$", "", _word(cell).upper())
    if text and not (text.isdigit() and len(text) == 8):
        raise Unreadable(_("the UNSPSC code has 8 digits."))
    return text


def _whole(cell: Any) -> int | None:
    found = re.fullmatch(r"(\d{1,6})([.,]0+)?", _word(cell))
    return int(found[1]) if found else None


def _quantity(cell: Any, english: bool = False) -> Decimal:
    try:
        found = _typed(cell, "0.0001") or Decimal(read_number(_turned(_word(cell), english)))
    except Unreadable:
        found = Decimal(0)
    if not 0 < found < 10**14 or -int(found.as_tuple().exponent) > 4:
        raise Unreadable(_("the quantity must be a number above zero, with up to 4 decimals."))
    return found


def _amount(cell: Any) -> Decimal | None:
    try:
        found = _typed(cell, "0.01")
        if found is None:
            text = _word(cell)
            found = parse_amount(text) if text else None
    except Refused as refused:
        raise Unreadable(str(refused.objections[0].sentence)) from refused
    if found is not None and found < 0:
        raise Unreadable(_("the price cannot be less than zero."))
    return found


def _typed(cell: Any, to: str) -> Decimal | None:
    """A cell that the spreadsheet keeps as a number: computed ones may have more decimals than anybody means."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return None
    found = Decimal(repr(cell))
    if not found.is_finite() or abs(found) >= 10**18:
        raise Unreadable(_("the number is too large."))
    rounded = found.quantize(Decimal(to), ROUND_HALF_UP)
    return Decimal(int(rounded)) if rounded == rounded.to_integral_value() else rounded.normalize()


PLAINLY_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d+\.(\d{1,2}|\d{4,})")
PLAINLY_OURS = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,(\d{1,2}|\d{4,})")


def _is_english(table: Table) -> bool:
    """Whether the file writes decimals with a point: some cell says so plainly, and none says the contrary. Prices
    need no such guess: an amount has two decimals, so three digits after a mark are thousands (kernel.money)."""
    cells = (row.get(name) for _n, row in table.rows for name in ("quantity", "reference_price"))
    said = {re.sub(r"[\s$]|COP", "", cell) for cell in cells if isinstance(cell, str)}
    return any(map(PLAINLY_ENGLISH.fullmatch, said)) and not any(map(PLAINLY_OURS.fullmatch, said))


def _turned(text: str, english: bool) -> str:
    return text.translate(str.maketrans(",.", ".,")) if english else text


# ---- writing ---------------------------------------------------------------------------------------------------------


def written(lines: Iterable[Any]) -> Iterator[list[Any]]:
    for number, line in enumerate(lines, 1):
        row = [number, line.unspsc, line.description, line.quantity.normalize(), line.unit]
        yield [*row, line.reference_price_amount]


def _comma(value: Any) -> Any:
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else value


def to_csv(lines: Iterable[Any], header: Sequence[str] = HEADER) -> bytes:
    rows = ([_comma(value) for value in row[: len(header)]] for row in _beneath(header, lines))
    return "".join(csv_lines(header, rows)).encode()


def to_xlsx(lines: Iterable[Any], header: Sequence[str] = HEADER) -> bytes:
    response = sheet_file(
        title="Lista de precios", name="precios.xlsx", heading=header, rows=_beneath(header, lines), widths=WIDTHS
    )
    return b"".join(response)  # type: ignore[arg-type]


def _beneath(header: Sequence[str], lines: Iterable[Any]) -> Iterator[list[Any]]:
    """The rows under a heading; whoever offers writes the last column."""
    return ([*row[:5], None] if header == OFFER_HEADER else row for row in written(lines))


FAULTS_HEADER = ("Fila", "Columna", "Dice", "Qué pasa")
