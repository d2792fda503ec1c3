"""What has a day over the supervised contracts: deliveries that are not received, and invoices that wait."""

from collections.abc import Iterator
from datetime import datetime

from pliego.contracts.deadlines import supervised_by
from pliego.execution import chain
from pliego.execution.models import Delivery
from pliego.execution.queries import waiting_for
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.todo import Deadline


def deadlines_for(actor: Actor, at: datetime) -> Iterator[Deadline]:
    """An invoice whose step has no term waits since the day on which it came."""
    planned = Delivery.objects.filter(supervised_by(actor, "contract__"), contract__state="running")
    planned = planned.filter(received_on__isnull=True, due_on__isnull=False)
    rows = planned.values_list("due_on", "contract__code", "contract__title", "number", "title")
    for day, code, title, number, about in rows:
        assert day is not None
        yield Deadline("delivery", day, code, title, f"{number}. {about}", "execution:deliveries", (code,))
    for invoice in waiting_for(actor).filter(supervised_by(actor, "contract__")):
        due = chain.due_at(invoice.since, invoice.here.term_days) if invoice.here else None
        day, code = BusinessCalendar.day_of(due or invoice.since), invoice.contract.code
        told = ("execution:invoice", (code, invoice.code))
        yield Deadline("invoice", day, code, invoice.contract.title, f"{invoice.code} · {invoice.number}", *told, due)
