"""Every act of this room, under one name."""

from pliego.execution.paying import (
    InvoiceData,
    approve_invoice,
    mark_paid,
    return_invoice,
    send_invoice,
    set_payment_plan,
)
from pliego.execution.settling import (
    accept_settlement,
    close_file,
    draft_settlement,
    object_settlement,
    sign_settlement,
)

__all__ = [
    "InvoiceData",
    "accept_settlement",
    "approve_invoice",
    "close_file",
    "draft_settlement",
    "mark_paid",
    "object_settlement",
    "return_invoice",
    "send_invoice",
    "set_payment_plan",
    "sign_settlement",
]
