"""What has an hour over the supervised contracts: sessions of a hearing, and calls for compliance without an answer."""

from collections.abc import Iterator
from datetime import datetime

from pliego.breaches.models import ComplianceCall, Session
from pliego.contracts.deadlines import supervised_by
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.todo import Deadline


def deadlines_for(actor: Actor, at: datetime) -> Iterator[Deadline]:
    called = Session.objects.filter(supervised_by(actor, "breach__contract__"), state="called")
    rows = called.values_list("called_for", "breach__contract__code", "breach__contract__title", "breach__number")
    for due, code, title, number in rows:
        day, page = BusinessCalendar.day_of(due), "breaches:breach"
        yield Deadline("session", day, code, title, str(number), page, (code, number), due)
    waiting = ComplianceCall.objects.filter(supervised_by(actor, "contract__"), answered_at__isnull=True)
    asked = waiting.values_list("due_at", "contract__code", "contract__title", "number")
    for due, code, title, number in asked:
        day, page = BusinessCalendar.day_of(due), "breaches:breaches"
        yield Deadline("compliance", day, code, title, str(number), page, (code,), due)
