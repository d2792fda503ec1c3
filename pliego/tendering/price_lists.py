"""Price lists from a spreadsheet: pasted rows, CSV or XLSX, with columns in any order, and back to CSV or XLSX.

Guarantees: either every row is read, or the answer names each bad row by its number and says what is wrong with it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from pliego.codelists.words import fold
from pliego.kernel.money import parse_amount
from pliego.kernel.objections import Objection, Refused

MOST_ROWS = 20_000
MOST_FAULTS = 50
MOST_BYTES = 20 * 2**20

# What people call the columns, folded (no accents, no case).
COLUMNS = {
    "unspsc": ("unspsc", "codigo unspsc", "codigo", "code"),
    "description": ("descripcion", "bien o servicio", "bien", "detalle", "item", "nombre", "description"),
    "quantity": ("cantidad", "cant", "cant.", "quantity"),
    "unit": ("unidad", "unidad de medida", "und", "um", "unit"),
    "reference_price": ("precio de referencia", "precio referencia", "precio unitario estimado", "reference price"),
}
HEADER = ("Código UNSPSC", "Descripción", "Cantidad", "Unidad", "Precio de referencia")
IGNORED = {"n", "no", "no.", "numero", "#", "linea", "nivel", "n°", "nº"}


@dataclass(frozen=True)
class PriceRow:
    description: str
    quantity: Decimal
    unit: str
    unspsc: str = ""
    reference_price: Decimal | None = None


def read(content: IO[bytes] | None = None, name: str = "", text: str = "") -> list[PriceRow]:
    """The rows of pasted text or of a file. Raises Refused with every faulty row (the first fifty)."""
    table = [row for row in _cells(content, name, text) if any(cell.strip() for cell in row)]
    if not table:
        raise Refused(Objection("empty", _("There are no rows here."), "rows"))
    columns, has_header = _columns(table[0])
    rows: list[PriceRow] = []
    faults: list[Objection] = []
    for number, cells in enumerate(table[1:] if has_header else table, 2 if has_header else 1):
        found = {name: cells[place].strip() for name, place in columns.items() if place < len(cells)}
        try:
            rows.append(_row(found))
        except Refused as refused:
            faults += [
                Objection(o.code, _("Row %(n)s: %(why)s") % {"n": number, "why": o.sentence}, "rows")
                for o in refused.objections
            ]
    if len(faults) > MOST_FAULTS:
        more = _("And %(n)s more errors.") % {"n": len(faults) - MOST_FAULTS}
        faults = [*faults[:MOST_FAULTS], Objection("more_errors", more, "rows")]
    if faults:
        raise Refused(*faults)
    return rows


def _cells(content: IO[bytes] | None, name: str, text: str) -> Iterator[list[str]]:
    if content is None:
        yield from _lines(text)
        return
    raw = content.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused(Objection("too_large", _("The file is larger than 20 MB."), "rows"))
    if raw[:2] == b"PK":
        yield from _sheet(raw)
        return
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = raw.decode("cp1252", errors="replace")
    if "\x00" in decoded:
        raise Refused(Objection("not_a_table", _("This is not a CSV or XLSX file."), "rows"))
    yield from _lines(decoded)


def _lines(text: str) -> Iterator[list[str]]:
    first = text.strip("\r\n").split("\n", 1)[0]
    mark = max("\t;,|", key=first.count)
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1):
        _not_too_many(number)
        yield row


def _sheet(raw: bytes) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            _not_too_many(number)
            yield [_plain(value) for value in row[:20]]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as error:
        raise Refused(Objection("not_a_table", _("The spreadsheet cannot be read."), "rows")) from error


def _not_too_many(number: int) -> None:
    if number > MOST_ROWS + 1:
        sentence = _("A price list has at most %(most)s lines.") % {"most": MOST_ROWS}
        raise Refused(Objection("too_many_rows", sentence, "rows"))


def _plain(value: Any) -> str:
    """A typed cell as people would type it, with a decimal comma."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(str(value)).normalize(), "f").replace(".", ",")
    return str(value)


def _columns(first: Sequence[str]) -> tuple[dict[str, int], bool]:
    """Which column is which: by its heading when there is one, else by the usual order."""
    found: dict[str, int] = {}
    for place, cell in enumerate(first):
        heading = fold(cell).strip()
        for name, words in COLUMNS.items():
            if name not in found and heading in words:
                found[name] = place
    if {"description", "quantity", "unit"} <= found.keys():
        return found, True
    if len(found) >= 2:
        missing = [str(title) for name, title in zip(COLUMNS, HEADER, strict=True) if name not in found][:3]
        sentence = _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}
        raise Refused(Objection("columns_missing", sentence, "rows"))
    if len(first) <= 3:
        return {"description": 0, "quantity": 1, "unit": 2}, False
    return {name: place for place, name in enumerate(COLUMNS)}, False


def _row(found: dict[str, str]) -> PriceRow:
    faults: list[Objection] = []
    quantity, price = Decimal(0), None
    description, unit = found.get("description", ""), found.get("unit", "")
    unspsc = found.get("unspsc", "").upper().removeprefix("V1.")
    if not 0 < len(description) <= 500:
        faults.append(Objection("bad_description", _("write a description of up to 500 letters.")))
    if not 0 < len(unit) <= 40:
        faults.append(Objection("bad_unit", _("write the unit of measure.")))
    if unspsc and not (unspsc.isdigit() and len(unspsc) == 8):
        faults.append(Objection("bad_unspsc", _("the UNSPSC code has 8 digits.")))
    try:
        quantity = read_quantity(found.get("quantity", ""))
    except ValueError:
        faults.append(Objection("bad_quantity", _("the quantity must be a number above zero, with up to 4 decimals.")))
    try:
        price = parse_amount(found["reference_price"]) if found.get("reference_price") else None
    except Refused as refused:
        faults += refused.objections
    if faults:
        raise Refused(*faults)
    return PriceRow(description, quantity, unit, unspsc, price)


def read_quantity(text: str) -> Decimal:
    """ "1.200", "1200", "2,5", "1.200,75" or "2.5". A single dot before three digits groups thousands."""
    raw = text.strip().replace(" ", "")
    if "," in raw:
        raw = raw.replace(".", "").replace(",", ".")
    elif raw.count(".") > 1 or (raw.count(".") == 1 and len(raw.split(".")[1]) == 3 and not raw.startswith("0.")):
        raw = raw.replace(".", "")
    try:
        found = Decimal(raw)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not found.is_finite() or found <= 0 or found >= 10**14 or -int(found.as_tuple().exponent) > 4:
        raise ValueError(text)
    return found


def written(lines: Iterable[Any]) -> Iterator[tuple[str, str, Decimal, str, Decimal | None]]:
    for line in lines:
        yield line.unspsc, line.description, line.quantity.normalize(), line.unit, line.reference_price_amount


def to_csv(lines: Iterable[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for unspsc, description, quantity, unit, price in written(lines):
        number = format(quantity, "f").replace(".", ",")
        writer.writerow([unspsc, description, number, unit, "" if price is None else str(price).replace(".", ",")])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_xlsx(lines: Iterable[Any]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Lista de precios")
    sheet.append(list(HEADER))
    for row in written(lines):
        sheet.append([row[0], row[1], float(row[2]), row[3], None if row[4] is None else float(row[4])])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
