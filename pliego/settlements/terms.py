"""The terms of each contract, and the morning job that tells the entity of them before they end."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pliego.contracts.models import Contract
from pliego.contracts.rules import ALERTS, alert_due
from pliego.contracts.sections import GENERAL
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.objections import Denied, Refused
from pliego.ledger import outbox
from pliego.settlements import events, law
from pliego.settlements.models import Resolution, TermAlert
from pliego.settlements.states import WAITING


def of(contract: Contract) -> law.Terms | None:
    """Nothing for a contract that goes on, or that needs no settlement."""
    if not contract.has_settlement or contract.completed_on is None:
        return None
    return law.terms_of(contract.completed_on, GENERAL.content(contract).settlement_until)


def unsettled() -> "QuerySet[Contract]":
    """Contracts that are over and must be settled, and nobody settles now: a resolution that waits has its own term."""
    waits = Resolution.objects.filter(contract=OuterRef("pk"), state__in=WAITING)
    rows = Contract.objects.filter(state="completed", has_settlement=True, completed_on__isnull=False)
    return rows.exclude(Exists(waits)).prefetch_related("parts__saved_by")


@dataclass(frozen=True)
class Told:
    """A term as `alert_due` looks at it."""

    ends_on: date
    alerted: int | None


def watch(*, at: datetime) -> int:
    """Tell the entity of the terms that end soon or ended, each alert once; answers how many were told."""
    today, told = BusinessCalendar.day_of(at), 0
    for contract in unsettled().prefetch_related("settlement_alerts").order_by("pk").iterator(chunk_size=500):
        known = {row.term: row.alerted for row in contract.settlement_alerts.all()}
        told += sum(_alert(contract.pk, term, today, at) for term in _reached(contract, known, today))
    return told


def _reached(contract: Contract, known: dict[str, int | None], today: date) -> Iterator[law.Term]:
    """The terms with an alert that was not told; of those that ended long ago, when nobody watched, only the last."""
    terms = of(contract)
    assert terms is not None
    due = [term for term in terms if alert_due(Told(term.until, known.get(term.code)), today) is not None]
    ended = [term for term in due if term.until < today]
    return (term for term in due if term not in ended[:-1])


@transaction.atomic
def _alert(contract_id: int, term: law.Term, today: date, at: datetime) -> bool:
    """Another worker may be at it: the contract's row is held, and the alert looked at again."""
    contract = Contract.objects.select_for_update(of=("self",)).select_related("tender").get(pk=contract_id)
    row, _new = TermAlert.objects.get_or_create(contract=contract, term=term.code, defaults={"ends_on": term.until})
    alert = alert_due(Told(term.until, row.alerted), today)
    if contract.state != "completed" or alert is None:
        return False
    row.alerted, row.ends_on = alert, term.until
    row.save(update_fields=["alerted", "ends_on"])
    event = events.TermEnded if alert == ALERTS[-1] else events.TermEnding
    data = {"contract": contract.code, "term": term.code, "about": str(term.title), "ends_on": term.until.isoformat()}
    outbox.publish(event(file=contract.file, subject_id=contract.pk, data=data), actor=SYSTEM, at=at)
    return True


def settle_the_unappealed(*, at: datetime) -> int:
    """Each morning: the resolutions that nobody appealed in time are firm. Whoever was quicker has done it already."""
    from pliego.settlements.services import settle_resolution

    today = BusinessCalendar.day_of(at)
    due = Resolution.objects.filter(state="issued", appeal_until__lt=today, contract__state="completed")
    done = 0
    for contract_id in list(due.order_by("pk").values_list("contract_id", flat=True)):
        with suppress(Denied, Refused):
            settle_resolution(actor=SYSTEM, contract_id=contract_id, at=at)
            done += 1
    return done
