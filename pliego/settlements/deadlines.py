"""The terms to settle of the supervised contracts, and those to appeal a resolution."""

from collections.abc import Iterator
from datetime import datetime

from pliego.contracts.deadlines import supervised_by
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.todo import Deadline
from pliego.settlements import terms
from pliego.settlements.models import Resolution
from pliego.settlements.states import WAITING

PAGE = "settlements:ending"


def deadlines_for(actor: Actor, at: datetime) -> Iterator[Deadline]:
    """Of each contract that is over, the term in which it is, or the last one when all are past."""
    today = BusinessCalendar.day_of(at)
    for contract in terms.unsettled().filter(supervised_by(actor)):
        if (found := terms.of(contract)) is not None:
            term, code = found.running(today) or found.limit, contract.code
            yield Deadline("settlement", term.until, code, contract.title, str(term.title), PAGE, (code,))
    notified = Resolution.objects.filter(supervised_by(actor, "contract__"), state__in=WAITING)
    rows = notified.values_list("appeal_until", "contract__code", "contract__title", "number")
    for day, code, title, number in rows:
        assert day is not None
        yield Deadline("settlement", day, code, title, number, PAGE, (code,))
