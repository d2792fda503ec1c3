"""The register of sanctions for a spreadsheet."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse

from pliego.breaches.models import Sanction
from pliego.web.sheets import csv_file

COLUMNS = (
    "code", "measure", "amount", "currency", "supplier", "supplier_name", "supplier_nit", "buyer", "buyer_name",
    "contract", "resolution", "in_force_on", "shown_until", "recovered", "challenged_on", "legal_basis", "document",
)  # fmt: skip


def record(row: Sanction) -> dict[str, Any]:
    """A line as data. The document of a natural person is not public."""
    supplier, contract = row.supplier, row.breach.contract
    return {
        "code": row.code,
        "measure": row.measure,
        "amount": None if row.amount is None else str(row.amount),
        "currency": row.currency,
        "supplier": supplier.code,
        "supplier_name": supplier.name,
        "supplier_nit": "" if supplier.organization.is_natural_person else supplier.nit,
        "buyer": row.buyer.code,
        "buyer_name": row.buyer.name,
        "contract": contract.code,
        "resolution": row.decision.number,
        "in_force_on": row.in_force_on.isoformat(),
        "shown_until": row.shown_until.isoformat(),
        "recovered": str(row.recovered),
        "challenged_on": row.challenged_on.isoformat() if row.challenged_on else "",
        "legal_basis": row.of.legal_basis,
        "document": settings.PLIEGO_SITE_URL + row.decision.document.get_absolute_url(),
    }


def as_csv(rows: Iterable[Sanction]) -> StreamingHttpResponse:
    return csv_file(
        name="sanciones.csv", heading=COLUMNS, rows=([record(row)[name] for name in COLUMNS] for row in rows)
    )
