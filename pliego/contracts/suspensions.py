"""The watch over suspended contracts: both parties are told when the planned day of the resumption comes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from pliego.contracts import events
from pliego.contracts.holding import locked
from pliego.contracts.models import Contract
from pliego.contracts.services import announce
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import BusinessCalendar

BEFORE = timedelta(days=5)


def watch(*, at: datetime) -> int:
    """Tell of the suspensions whose planned end is near or passed, each planned day once; answers how many."""
    last = BusinessCalendar.day_of(at) + BEFORE
    due = Contract.objects.filter(state="running", suspended_on__isnull=False, resumes_on__lte=last)
    due = due.exclude(resumption_told=F("resumes_on")).order_by("resumes_on", "pk")
    return sum(_told(pk, last, at) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _told(contract_id: int, last: date, at: datetime) -> bool:
    contract = locked(contract_id)
    planned = contract.resumes_on
    if planned is None or planned > last or contract.resumption_told == planned:
        return False
    contract.resumption_told = planned
    contract.save(update_fields=["resumption_told"])
    announce(events.ResumptionDue, contract, SYSTEM, at, planned_on=planned.isoformat())
    return True
