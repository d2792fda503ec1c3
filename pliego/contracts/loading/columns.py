"""The columns of a spreadsheet of contracts, and what each row must say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from pliego.bulk.cells import Column, Lists, choice, money, plain, whole
from pliego.bulk.tables import Row, Shape
from pliego.kernel.identifiers import Nit
from pliego.kernel.objections import Refused
from pliego.planning.models import DurationUnit, Funding

# fmt: off
COLUMNS = (
    Column("document", "Documento del proveedor", ("documento del proveedor", "documento", "nit", "cedula"), width=22),
    Column("number", "Número del contrato", ("numero del contrato", "numero", "contrato"), width=20),
    Column("object", "Objeto", ("objeto", "descripcion"), width=60),
    Column("value", "Valor", ("valor del contrato", "valor total", "valor"), money, None),
    Column("duration", "Duración", ("duracion", "plazo"), whole, None, 12),
    Column("duration_unit", "Unidad de la duración", ("unidad de la duracion", "unidad"), choice, "months", 14),
    Column("supervisor", "Correo del supervisor", ("correo del supervisor", "supervisor"), choice, "", width=30),
    Column("funding_source", "Fuente de los recursos", ("fuente de los recursos", "fuente"), choice, "", width=30),
    Column("budget_certificate", "CDP", ("cdp", "certificado de disponibilidad"), width=16),
    Column("payment_terms", "Forma de pago", ("forma de pago",), width=40),
    Column("delivery_place", "Lugar de ejecución", ("lugar de ejecucion", "lugar"), width=26),
)
# fmt: on
SHAPE = Shape(COLUMNS, required="document", pasted=COLUMNS)
LONGEST = {"number": 60, "object": 4000, "budget_certificate": 60, "payment_terms": 4000, "delivery_place": 250}
EXAMPLE = {
    "document": "900123456-8", "object": "Prestar servicios profesionales de apoyo a la gestión documental",
    "value": Decimal(30_000_000), "duration": 6, "duration_unit": "Meses",
}  # fmt: skip


def lists_of(supervisors: Iterable[tuple[str, str]]) -> Lists:
    """What a cell may choose from. `supervisors`: the e-mail and the code of each."""
    with override("es-co"):
        units = {plain(str(title)): code for code, title in DurationUnit.choices}
        sources = {plain(str(title)): code for code, title in Funding.choices} | {c: c for c in Funding.values}
        shown = {"duration_unit": tuple(str(title) for title in DurationUnit.labels)}
        shown["funding_source"] = tuple(str(title) for title in Funding.labels)
    people = dict(supervisors)
    shown["supervisor"] = tuple(people)
    named = {plain(email): code for email, code in people.items()}
    return Lists({"duration_unit": units, "funding_source": sources, "supervisor": named}, shown)


@dataclass
class Known:
    """What a row is checked against, read once for the whole file."""

    suppliers: Mapping[str, list[str]]  # document number → codes of the suppliers that have it
    numbers: set[str]  # of the entity's contracts
    seen: dict[str, int] = field(default_factory=dict)  # number → the row of this file that has it


def digits_of(text: str) -> str:
    """The number of a document as registered: without points, and without the check digit of a NIT."""
    compact = re.sub(r"[\s.]", "", text)
    if "-" not in compact:
        return compact
    try:
        return Nit.parse(compact).number
    except Refused:
        return ""


def faults_of(row: Row, known: Known) -> list[tuple[str, str]]:
    """All that is wrong in a row: the column, and a sentence that says how to mend it."""
    titles = {column.field: column.title for column in COLUMNS}
    unread = {title for title, _sentence in row.faults}
    told = [*row.faults]
    told += [(titles[name], said) for name, said in _wrong(row, known) if titles[name] not in unread]
    return told


def _wrong(row: Row, known: Known) -> Iterable[tuple[str, str]]:
    said = row.values.get
    yield from _supplier_is_wrong(said("document") or "", known)
    yield from _number_is_wrong(said("number") or "", row.position, known)
    if not (said("object") or "").strip():
        yield "object", _("Write the object of the contract.")
    value = said("value")
    if value is None or value <= 0:
        yield "value", _("Write the value of the contract, above zero.")
    if not 1 <= (said("duration") or 0) <= 10_000:
        yield "duration", _("Write how long it lasts, as a whole number.")
    for name, most in LONGEST.items():
        if (length := len(said(name) or "")) > most:
            yield name, _("Write at most %(most)s characters: there are %(n)s.") % {"most": most, "n": length}


def _supplier_is_wrong(text: str, known: Known) -> Iterable[tuple[str, str]]:
    number = digits_of(text)
    found = known.suppliers.get(number, []) if number else []
    if not text:
        yield "document", _("Write the document of the supplier.")
    elif not number:
        yield "document", _("The check digit of %(text)s is wrong. Check the number on the RUT.") % {"text": text}
    elif not found:
        sentence = _("No supplier is registered with document %(text)s. Ask them to register, or correct it.")
        yield "document", sentence % {"text": text}
    elif len(found) > 1:
        sentence = _("Several suppliers have document %(text)s. Draft this contract by itself.")
        yield "document", sentence % {"text": text}


def _number_is_wrong(number: str, position: int, known: Known) -> Iterable[tuple[str, str]]:
    if not number:
        return
    if number in known.numbers:
        yield "number", _("Another contract of your entity has number %(number)s.") % {"number": number}
    if (before := known.seen.setdefault(number, position)) != position:
        yield "number", _("Row %(row)s has the same number.") % {"row": before}


def stored(row: Row) -> dict[str, Any]:
    """The values as they are kept: amounts as text."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.values.items()}
