"""The contracts of an account as CSV: the stage of each, and apart from it what happened to it."""

from collections.abc import Iterable
from typing import Any

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


def contracts_csv(rows: Iterable[Contract]) -> HttpResponseBase:
    lines = ([row[name] for name in COLUMNS] for row in map(record, rows))
    return csv_file(name="contratos.csv", heading=COLUMNS, rows=lines)
