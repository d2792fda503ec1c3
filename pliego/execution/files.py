"""How many days each entity takes to pay, as CSV and JSON, and the supplier's list of invoices as CSV."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponseBase, JsonResponse

from pliego.execution.models import Invoice
from pliego.execution.tracking import COLUMNS, DaysToPay
from pliego.web.sheets import csv_file

INVOICE_COLUMNS = (
    "code", "number", "contract", "entity", "supplier", "issued_on", "sent_at", "amount", "withheld", "currency",
    "state", "step", "holder", "since", "due_at", "paid_on",
)  # fmt: skip


def record(row: DaysToPay) -> dict[str, Any]:
    """A line as data: the same names in every format and in the API."""
    return {name: getattr(row, name) for name in COLUMNS}


def as_csv(rows: Iterable[DaysToPay]) -> HttpResponseBase:
    lines = (["" if cell is None else cell for cell in record(row).values()] for row in rows)
    return csv_file(name="dias-de-pago.csv", heading=COLUMNS, rows=lines)


def as_json(rows: Iterable[DaysToPay]) -> HttpResponseBase:
    return JsonResponse({"results": [record(row) for row in rows]})


FORMATS: dict[str, Callable[[Iterable[DaysToPay]], HttpResponseBase]] = {"csv": as_csv, "json": as_json}


def invoice_record(invoice: Invoice) -> dict[str, Any]:
    """An invoice with the place where it is."""
    holder, here, contract = invoice.holder, invoice.here, invoice.contract
    return {
        "code": invoice.code,
        "number": invoice.number,
        "contract": contract.code,
        "entity": contract.buyer.name,
        "supplier": invoice.supplier.name,
        "issued_on": invoice.issued_on.isoformat(),
        "sent_at": invoice.sent_at.isoformat(),
        "amount": str(invoice.amount),
        "withheld": str(invoice.withheld_amount),
        "currency": invoice.currency,
        "state": invoice.state,
        "step": str(here.name) if here else "",
        "holder": holder.name if holder else "",
        "since": holder.since.isoformat() if holder else "",
        "due_at": holder.due_at.isoformat() if holder and holder.due_at else "",
        "paid_on": invoice.paid_on.isoformat() if invoice.paid_on else "",
    }


def invoices_csv(rows: Iterable[Invoice]) -> HttpResponseBase:
    lines = (list(invoice_record(invoice).values()) for invoice in rows)
    return csv_file(name="facturas.csv", heading=INVOICE_COLUMNS, rows=lines)
