"""The states of an invoice and of a settlement."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.execution import rules
from pliego.kernel.objections import Objection
from pliego.kernel.states import Machine, Row, State


def held_back(settlement: Any, at: datetime) -> Iterator[Objection]:
    return rules.settling_is_held_back(settlement.contract, at)


# fmt: off
INVOICE = Machine(
    model="execution.Invoice",
    title=_("Invoice"),
    states=(
        State("sent",     _("Sent by the supplier")),
        State("returned", _("Sent back to be mended")),
        State("approved", _("Approved")),
        State("paid",     _("Paid")),
    ),
    rows=(
        #   act            from                  to
        Row("pass",         "sent",               "sent"),      # one step of several, forward or back
        Row("return",       ("sent", "approved"), "returned"),  # to the supplier
        Row("approve",      "sent",               "approved", gates.approved("invoices")),  # the last before payment
        Row("send_back",    "approved",           "sent"),      # whoever pays, to an earlier step
        Row("pay",          "approved",           "paid"),
        Row("undo",         "approved",           "sent"),      # by whoever approved, within the minutes of the chain
        Row("undo",         "paid",               "approved"),
        Row("correct",      "approved",           "sent"),      # afterwards, by another person and with a reason
        Row("correct",      "paid",               "approved"),
    ),
)
SETTLEMENT = Machine(
    model="execution.Settlement",
    title=_("Settlement"),
    states=(
        State("draft",    _("In preparation")),
        State("signed",   _("Signed by the entity")),
        State("objected", _("Objected by the supplier")),
        State("accepted", _("Accepted by both")),
    ),
    rows=(
        Row("sign",   "draft",    "signed",   held_back),
        Row("object", "signed",   "objected"),
        Row("rework", "objected", "draft"),
        Row("accept", "signed",   "accepted", held_back),
    ),
)
# fmt: on
STANDING: tuple[Any, ...] = ("sent", "approved", "paid")
WAITING = ("sent", "approved")  # for one of the entity
