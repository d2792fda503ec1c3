"""Every act of this room, under one name."""

from pliego.execution.chaining import end_chain, set_chain
from pliego.execution.closing import close_file
from pliego.execution.delivering import load_paper, receive_delivery, set_execution_plan
from pliego.execution.passing import approve_invoice, correct_invoice, mark_paid, return_invoice, undo_step
from pliego.execution.paying import InvoiceData, send_invoice, set_payment_plan
from pliego.execution.settling import (
    accept_settlement,
    draft_settlement,
    object_settlement,
    sign_settlement,
)

__all__ = [
    "InvoiceData",
    "accept_settlement",
    "approve_invoice",
    "close_file",
    "correct_invoice",
    "draft_settlement",
    "end_chain",
    "load_paper",
    "mark_paid",
    "object_settlement",
    "receive_delivery",
    "return_invoice",
    "send_invoice",
    "set_chain",
    "set_execution_plan",
    "set_payment_plan",
    "sign_settlement",
    "undo_step",
]
