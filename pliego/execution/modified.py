"""What a modification of the contract does to its payments and deliveries, in the act that publishes it."""

from datetime import timedelta

from django.db.models import F

from pliego.contracts.models import Contract, Modification
from pliego.contracts.rules import guarantees_are_not_approved
from pliego.execution.states import STANDING
from pliego.kernel.objections import Objection


def stay_whose_they_were(contract: Contract, modification: Modification) -> None:
    """Who assigned the contract keeps the invoices that it sent: it sees them, and it is paid for them."""
    contract.invoices.filter(given_by=None).update(given_by=modification.given_by)


def wait_as_long(contract: Contract, modification: Modification) -> None:
    """Terms did not run while it was suspended: what was planned for later comes as many days later."""
    began = modification.changes["suspended_on"]["old"]
    later = F("due_on") + timedelta(days=modification.days or 0)
    contract.deliveries.filter(received_on=None, due_on__gte=began).update(due_on=later)
    asked = contract.invoices.filter(state__in=STANDING).exclude(installment=None).values("installment")
    contract.installments.filter(due_on__gte=began).exclude(pk__in=asked).update(due_on=later)


def new_party_is_not_covered(contract: Contract) -> list[Objection]:
    """Who took the contract over gives its own guarantees before it acts."""
    if contract.assigned_at is None:
        return []
    return list(guarantees_are_not_approved(contract, contract.assigned_at))
