"""Processes with lots, for the tests of this room and of those above."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.tendering import services
from pliego.tendering.models import Tender
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.tests import given as tenders
from tests.furnishing import furnished

VALUES = ("20000000", "12000000", "8000000")
TITLES = ("Portátiles", "Monitores", "Impresoras", "Cables")


def lots(values: Sequence[str] = VALUES, **rules: Any) -> dict[str, Any]:
    """The section of the lots with those values."""
    rows = [{"number": n, "title": TITLES[n - 1], "value": value} for n, value in enumerate(values, 1)]
    return {"lots": rows, **rules}


def divide(tender: Tender, at: datetime, **rules: Any) -> Tender:
    """Give a draft its lots, each with a price list of one line; the certificate is of the whole."""
    common: dict[str, Any] = {"actor": tenders.people_of(tender).ana, "tender_id": tender.pk, "at": at}
    services.save_section(part="lots", content=lots(**rules), **common)
    first = tender.items.get(kind="price_list")
    for lot in tender.lots.all():
        number = {"number": first.number} if lot.number == 1 else {}
        asked = {"envelope": first.envelope, "kind": "price_list", "title": f"Precios del lote {lot.number}"}
        item = services.save_item(lots=[lot.number], **asked, **number, **common)
        rows = [PriceRow(lot.title, Decimal(10), "unidad")]
        services.save_price_list(number=item.number, rows=rows, **common)
    return Tender.objects.get(pk=tender.pk)


@furnished
def divided_tender(at: datetime, method: str = "minima_cuantia", **rules: Any) -> Tender:
    """A public process with three lots; the first one also asks for a certificate of its own."""
    house = tenders.buyer(at)
    draft = divide(tenders.draft_tender(at, house, method=method), at, **rules)
    common: dict[str, Any] = {"actor": house.ana, "tender_id": draft.pk, "at": at}
    envelope = draft.rulebook.envelopes[0].code
    services.save_item(
        envelope=envelope, kind="file", title="Certificado del fabricante", is_requirement=True, lots=[1], **common
    )
    services.submit_for_approval(**common)
    return services.publish_tender(actor=tenders.signed(house.beto, at), tender_id=draft.pk, at=at)
