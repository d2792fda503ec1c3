"""What the opened offers say, as CSV or XLSX: a row for each answer and each priced line."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from pliego.bidding import disclosed
from pliego.bidding.disclosed import Answered, Offered
from pliego.bidding.models import Bid
from pliego.tendering.lots import concerns
from pliego.tendering.models import Tender
from pliego.web.sheets import csv_file, sheet_file

FORMATS = {"csv", "xlsx"}
HEADING = ("Oferta", "Proveedor", "NIT", "Sobre", "Pregunta", "Qué se pide", "Tipo", "Respuesta", "Reserva pedida",
           "Archivos", "Línea", "Descripción", "Cantidad", "Unidad", "Precio unitario", "Valor",
           "Base o variante")  # fmt: skip


def answers(tender: Tender, form: str) -> HttpResponseBase:
    name = f"{tender.code}-ofertas.{form}"
    if form == "csv":
        return csv_file(name=name, heading=HEADING, rows=_rows(tender))
    return sheet_file(title="Ofertas", name=name, heading=HEADING, rows=_rows(tender), widths={5: 50, 7: 50, 11: 50})


def _rows(tender: Tender) -> Iterator[list[Any]]:
    items = list(tender.items.all())
    for bid in disclosed.opened_bid_rows(tender):
        priced: dict[int, list[Offered]] = {}
        for offered in disclosed.offered_prices(bid):
            priced.setdefault(offered.line.item_id, []).append(offered)
        for answered in disclosed.answers_of(bid, [item for item in items if concerns(item.lots, bid.lots)]):
            lines = priced.get(answered.item.pk, [])
            yield from ([*row, "base"] for row in _row(bid, answered, lines))
            if answered.variant:
                varied = [replace(one, price=one.varied) for one in lines if one.varied is not None]
                yield from ([*row, "variante"] for row in _row(bid, answered.variant, varied))


def _row(bid: Bid, answered: Answered, priced: list[Offered]) -> Iterator[list[Any]]:
    item = answered.item
    if not item.form.keeps:
        return
    files = "; ".join(document.name for document in answered.documents)
    who = [bid.code, bid.supplier.name, bid.supplier.nit, item.envelope]
    asked = [item.number, item.title, str(item.form.title)]
    if answered.is_withheld:
        yield [*who, *asked, _("(kept from the public)"), answered.asked, "", *[None] * 6]
        return
    said = answered.shown if answered.is_as_asked else _("(not as it was asked) %(text)s") % {"text": answered.text}
    if not priced:
        yield [*who, *asked, said, answered.asked, files, *[None] * 6]
    for offered in priced:
        line = offered.line
        told = [line.number, line.description, line.quantity.normalize(), line.unit, offered.price, offered.amount]
        yield [*who, *asked, "", "", files, *told]
