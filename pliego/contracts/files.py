"""The contracts of an account as CSV: the stage of each, and apart from it what happened to it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from pliego.contracts.changes import written
from pliego.contracts.models import Contract
from pliego.web.sheets import csv_file

COLUMNS = (
    "code", "number", "title", "entity", "supplier", "state", "happened", "value", "currency", "signed_at", "starts_on",
    "ends_on", "suspended_on", "resumes_on", "completed_on", "version",
)  # fmt: skip


def record(contract: Contract) -> dict[str, Any]:
    own = {name: written(getattr(contract, name)) for name in COLUMNS if hasattr(contract, name)}
    return {
        **own,
        "entity": contract.buyer.name,
        "supplier": contract.supplier.name,
        "happened": " ".join(contract.happened),
        "value": str(contract.value_amount),
        "currency": contract.value_currency,
    }


# Where a column of the file is not a column of the contract. A file of all of them makes no object of each.
PATHS = {
    "entity": "buyer__organization__legal_name", "supplier": "supplier__organization__legal_name",
    "value": "value_amount", "currency": "value_currency",
}  # fmt: skip


def contracts_csv(rows: QuerySet[Contract]) -> HttpResponseBase:
    """The same cells as `record`, read as plain rows and written as they come."""
    found = rows.values_list(*(PATHS.get(name, name) for name in COLUMNS)).iterator(chunk_size=2_000)
    lines = ([" ".join(cell) if isinstance(cell, list) else written(cell) for cell in row] for row in found)
    return csv_file(name="contratos.csv", heading=COLUMNS, rows=lines)
