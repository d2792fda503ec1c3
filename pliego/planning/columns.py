"""The columns of a plan in a spreadsheet: their headings, the other names they come with, how a cell is read and shown.

One table serves the template, the files that come in, the files that go out, and every comparison of lines.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from pliego.codelists.words import fold
from pliego.kernel.money import grouped, parse_amount
from pliego.kernel.objections import Refused
from pliego.methods import catalogue
from pliego.planning.models import DurationUnit, Funding, FutureBudget, Kind
from pliego.planning.rules import read_unspsc
from pliego.web.sheets import FORMULA

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
YES, NO = {"si", "s", "x", "1", "verdadero", "true"}, {"no", "n", "0", "falso", "false"}


class Unreadable(ValueError):
    """A cell that cannot be what its column says; its words are the sentence for the person."""


@dataclass(frozen=True)
class Lists:
    """What a cell may choose from: by its folded name and by its code. `shown` are the names of the template."""

    by_name: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def word(cell: Any) -> str:
    """A cell as somebody would type it: a number with its decimal comma, a date by year, month and day."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Sí" if cell else "No"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".replace(".", ",").removesuffix(",0")
    if isinstance(cell, (datetime, date)):
        return cell.strftime("%Y-%m-%d")
    text = str(cell).replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text  # the mark of our own files


def plain(text: str) -> str:
    """Letters and digits of a heading or a choice, folded: what people change when they rename a column."""
    return " ".join(re.sub(r"[^a-z0-9ñ]+", " ", fold(text)).split())


def _text(text: str, column: "Column", lists: Lists) -> str:
    return text


def _codes(text: str, column: "Column", lists: Lists) -> tuple[str, ...]:
    return read_unspsc(text)


def _whole(text: str, column: "Column", lists: Lists) -> int | None:
    found = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?(?: *[a-zñáéíóú()]+)?", text.strip().lower())
    if not text:
        return None
    if found is None:
        raise Unreadable(_("Write a whole number, for example 6."))
    return int(found[1])


def _month(text: str, column: "Column", lists: Lists) -> int | None:
    """ "marzo", "Mar-26", "3", "03/2026", "15/03/2026" and "2026-03-15" are all March."""
    said = fold(text).strip()
    if not said:
        return None
    name = re.match(r"[a-z]{3,}", said)
    if name and (found := [n for n, month in enumerate(MONTHS, 1) if month.startswith(name[0].replace("set", "sept"))]):
        return found[0]
    for shape in (r"(\d{1,2})", r"\d{4}[-/](\d{1,2})(?:[-/]\d{1,2})?.*", r"(?:\d{1,2}[-/.])?(\d{1,2})[-/.]\d{4}"):
        if (digits := re.fullmatch(shape, said)) and 1 <= int(digits[1]) <= 12:
            return int(digits[1])
    raise Unreadable(_("Write the month by its name or its number, for example “marzo” or “3”."))


def _money(text: str, column: "Column", lists: Lists) -> Decimal | None:
    if not text:
        return None
    try:
        return parse_amount(text)
    except Refused as refused:
        raise Unreadable(str(refused.objections[0].sentence)) from refused


def _choice(text: str, column: "Column", lists: Lists) -> Any:
    if not text:
        return column.empty
    names = lists.by_name.get(column.field, {})
    if (found := plain(text)) in names:
        return names[found]
    near = [value for name, value in names.items() if name.startswith(found)]
    if len(set(near)) == 1:
        return near[0]
    told = {"text": text, "some": "; ".join(lists.shown.get(column.field, ())[:8])}
    raise Unreadable(_("“%(text)s” is not in the list. Write one of these: %(some)s.") % told)


def _yes(text: str, column: "Column", lists: Lists) -> bool | None:
    said = plain(text)
    if said in YES | NO:
        return said in YES
    if not said:
        return None
    raise Unreadable(_("Write Sí or No."))


@dataclass(frozen=True)
class Column:
    field: str
    title: str
    names: tuple[str, ...] = ()  # plain, other headings; a longer heading that begins so is the same column
    read: Callable[[str, "Column", Lists], Any] = _text
    empty: Any = ""
    width: int = 18
    in_template: bool = True

    def typed(self, line: Mapping[str, Any], lists: Lists) -> Any:
        """The value as a typed cell of a file that goes out."""
        value = line.get(self.field)
        if self.read is _money:
            return Decimal(value) if value not in (None, "") else None
        if self.field == "unspsc":
            return "; ".join(value or ())
        return value if self.read is _whole else self.shown(line, lists)

    def shown(self, line: Mapping[str, Any], lists: Lists) -> str:
        """The value as people read it."""
        value = line.get(self.field)
        if value in (None, "", [], ()):
            return ""
        if self.read is _money:
            return f"$\N{NO-BREAK SPACE}{grouped(Decimal(value))}"
        if self.field == "unspsc":
            return "; ".join(value)
        if self.read is _month:
            return MONTHS[int(value) - 1].capitalize()
        return titles(self.field).get(value, str(value)) if self.read is _choice else str(value)


# fmt: off
COLUMNS = (
    Column("number", "No.", ("no", "numero", "linea", "id"), _whole, None, 8),
    Column("kind", "Tipo", ("tipo", "que es"), _choice, "acquisition", 16),
    Column("unspsc", "Códigos UNSPSC", ("codigos unspsc", "codigo unspsc", "unspsc", "categorias unspsc"), _codes, (),
           26),
    Column("description", "Descripción", ("descripcion", "objeto", "que se va a comprar"), width=60),
    Column("start_month", "Mes de inicio del proceso",
           ("mes de inicio", "fecha estimada de inicio", "fecha esperada de inicio", "inicio"), _month, None),
    Column("bids_month", "Mes de recepción de ofertas",
           ("mes de recepcion", "fecha estimada de presentacion", "fecha esperada de recepcion",
            "recepcion de ofertas"), _month, None),
    Column("duration", "Duración del contrato", ("duracion", "duracion estimada"), _whole, None, 12),
    Column("duration_unit", "Unidad de la duración",
           ("unidad de la duracion", "duracion del contrato intervalo", "duracion estimada del contrato intervalo",
            "intervalo", "unidad duracion"), _choice, "months", 14),
    Column("method", "Modalidad de selección", ("modalidad",), _choice, width=34),
    Column("funding_source", "Fuente de los recursos", ("fuente",), _choice, width=30),
    Column("total_amount", "Valor total estimado", ("valor total", "valor estimado", "valor"), _money, None),
    Column("budget_amount", "Valor estimado en la vigencia actual",
           ("valor estimado en la vigencia", "valor esperado de presupuesto", "valor vigencia actual"), _money, None),
    Column("future_needed", "¿Se requieren vigencias futuras?", ("se requieren vigencias futuras",), _yes, None,
           in_template=False),
    Column("future_budget", "Vigencias futuras",
           ("vigencias futuras", "estado de solicitud de vigencias futuras", "estado de la solicitud"), _choice, "no",
           26),
    Column("unit", "Unidad de contratación", ("unidad de contratacion", "unidad"), _choice, None, 26),
    Column("municipality", "Ubicación", ("ubicacion", "municipio", "lugar"), _choice, "", 22),
    Column("responsible_name", "Nombre del responsable", ("nombre del responsable", "responsable"), width=26),
    Column("responsible_phone", "Teléfono del responsable", ("telefono",)),
    Column("responsible_email", "Correo del responsable", ("correo", "correo electronico", "email"), width=28),
)
# fmt: on
BY_FIELD = {column.field: column for column in COLUMNS}
TEMPLATE = tuple(column for column in COLUMNS if column.in_template)
COMPARED = tuple(column for column in TEMPLATE if column.field != "number")


def column_of(heading: str) -> Column | None:
    """The column that a heading means: the one with the longest name that the heading is, or begins with."""
    said = plain(heading)
    known = ((len(name), column) for column in COLUMNS for name in (plain(column.title), *column.names)
             if said == name or said.startswith(f"{name} "))  # fmt: skip
    return max(known, key=lambda pair: pair[0], default=(0, None))[1] if said else None


@cache
def titles(name: str) -> Mapping[str, str]:
    """The Spanish names of the codes of a list: files are Spanish whoever downloads them."""
    with override("es-co"):
        if name == "method":
            return {method.code: str(method.title) for method in catalogue.every()}
        lists = {"kind": Kind, "duration_unit": DurationUnit, "funding_source": Funding, "future_budget": FutureBudget}
        return {str(code): str(label) for code, label in lists[name].choices} if name in lists else {}


# How the official forms write what we call otherwise.
ALSO: dict[str, dict[str, str]] = {
    "kind": {"need": "necesidad", "acquisition": "compra"},
    "duration_unit": {"days": "dia", "weeks": "semana", "months": "mes", "years": "ano"},
    "funding_source": {
        "nation": "presupuesto general de la nacion", "transfers": "sistema general de participaciones",
        "royalties": "sistema general de regalias", "own": "recursos propios", "credit": "recursos de credito",
        "other": "otros recursos",
    },
    "future_budget": {
        "no": "na", "not_requested": "no solicitadas", "requested": "solicitadas", "approved": "aprobadas",
    },
}  # fmt: skip


def lists_of(
    *, methods: Iterable[str], units: Iterable[tuple[int, str, str]], places: Iterable[tuple[str, str, str]]
) -> Lists:
    """The lists of one plan: methods in force, the entity's units (id, reference, name), municipalities."""
    by_name: dict[str, dict[str, Any]] = {}
    shown: dict[str, tuple[str, ...]] = {}
    chosen = set(methods)
    for name in ("kind", "duration_unit", "method", "funding_source", "future_budget"):
        known = {code: title for code, title in titles(name).items() if name != "method" or code in chosen}
        shown[name] = tuple(known.values())
        extra = ALSO.get(name, {})
        by_name[name] = {plain(text): code for code in known for text in (code, known[code], extra.get(code, code))}
    units = list(units)
    shown["unit"] = tuple(title for _pk, _reference, title in units)
    by_name["unit"] = {plain(text): pk for pk, reference, title in units for text in (reference, title)}
    by_name["municipality"] = _places(places)
    return Lists(by_name, shown)


def _places(places: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """By code, by name where only one has it, and by name with department either way round."""
    found: dict[str, str] = {}
    alone: dict[str, list[str]] = {}
    for code, name, department in places:
        found |= {code: code, plain(f"{name} {department}"): code, plain(f"{department} {name}"): code}
        alone.setdefault(plain(name), []).append(code)
    return {name: codes[0] for name, codes in alone.items() if len(codes) == 1} | found
