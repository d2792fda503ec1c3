"""The columns of a plan in a spreadsheet: their headings, the other names they come with, how a cell is read and shown.

One table serves the template, the files that come in, the files that go out, and every comparison of lines.
"""

from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any

from django.utils.translation import override

from pliego.bulk.cells import Column, Lists, choice, money, month, plain, whole, yes
from pliego.bulk.tables import Shape
from pliego.methods import catalogue
from pliego.planning.models import DurationUnit, Funding, FutureBudget, Kind
from pliego.planning.rules import read_unspsc


def codes(text: str, column: Column, lists: Lists) -> tuple[str, ...]:
    return read_unspsc(text)


@cache
def titles(name: str) -> Mapping[str, str]:
    """The Spanish names of the codes of a list: files are Spanish whoever downloads them."""
    with override("es-co"):
        if name == "method":
            return {method.code: str(method.title) for method in catalogue.every()}
        lists = {"kind": Kind, "duration_unit": DurationUnit, "funding_source": Funding, "future_budget": FutureBudget}
        return {str(code): str(label) for code, label in lists[name].choices} if name in lists else {}


CHOSEN = ("kind", "duration_unit", "method", "funding_source", "future_budget")
TITLES = {name: partial(titles, name) for name in CHOSEN}

# fmt: off
COLUMNS = (
    Column("number", "No.", ("no", "numero", "linea", "id"), whole, None, 8),
    Column("kind", "Tipo", ("tipo", "que es"), choice, "acquisition", 16, TITLES["kind"]),
    Column("unspsc", "Códigos UNSPSC", ("codigos unspsc", "codigo unspsc", "unspsc", "categorias unspsc"), codes, (),
           26),
    Column("description", "Descripción", ("descripcion", "objeto", "que se va a comprar"), width=60),
    Column("start_month", "Mes de inicio del proceso",
           ("mes de inicio", "fecha estimada de inicio", "fecha esperada de inicio", "inicio"), month, None),
    Column("bids_month", "Mes de recepción de ofertas",
           ("mes de recepcion", "fecha estimada de presentacion", "fecha esperada de recepcion",
            "recepcion de ofertas"), month, None),
    Column("duration", "Duración del contrato", ("duracion", "duracion estimada"), whole, None, 12),
    Column("duration_unit", "Unidad de la duración",
           ("unidad de la duracion", "duracion del contrato intervalo", "duracion estimada del contrato intervalo",
            "intervalo", "unidad duracion"), choice, "months", 14, TITLES["duration_unit"]),
    Column("method", "Modalidad de selección", ("modalidad",), choice, width=34, titles=TITLES["method"]),
    Column("funding_source", "Fuente de los recursos", ("fuente",), choice, width=30,
           titles=TITLES["funding_source"]),
    Column("total_amount", "Valor total estimado", ("valor total", "valor estimado", "valor"), money, None),
    Column("budget_amount", "Valor estimado en la vigencia actual",
           ("valor estimado en la vigencia", "valor esperado de presupuesto", "valor vigencia actual"), money, None),
    Column("future_needed", "¿Se requieren vigencias futuras?", ("se requieren vigencias futuras",), yes, None,
           in_template=False),
    Column("future_budget", "Vigencias futuras",
           ("vigencias futuras", "estado de solicitud de vigencias futuras", "estado de la solicitud"), choice, "no",
           26, TITLES["future_budget"]),
    Column("unit", "Unidad de contratación", ("unidad de contratacion", "unidad"), choice, None, 26),
    Column("municipality", "Ubicación", ("ubicacion", "municipio", "lugar"), choice, "", 22),
    Column("responsible_name", "Nombre del responsable", ("nombre del responsable", "responsable"), width=26),
    Column("responsible_phone", "Teléfono del responsable", ("telefono",)),
    Column("responsible_email", "Correo del responsable", ("correo", "correo electronico", "email"), width=28),
)
# fmt: on
BY_FIELD = {column.field: column for column in COLUMNS}
TEMPLATE = tuple(column for column in COLUMNS if column.in_template)
COMPARED = tuple(column for column in TEMPLATE if column.field != "number")
# A number names a line that exists: who pastes it pastes its heading too.
SHAPE = Shape(COLUMNS, required="description", pasted=COMPARED)


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
    for name in CHOSEN:
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
