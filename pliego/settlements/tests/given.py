"""Contracts that are over, and resolutions that settle them, for the tests of this room and of those above."""

from datetime import datetime
from typing import Any

from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.contracts.tests.given import House, signed
from pliego.execution.tests import given as execution
from pliego.settlements import services
from pliego.settlements.models import Resolution
from pliego.settlements.services import ResolutionData
from tests.furnishing import furnished


@furnished
def over(at: datetime, of: House) -> Contract:
    """Completed, with a million paid of it."""
    contract = given.running(at, of)
    execution.paid_invoice(contract, of, at)
    day = given.calendar.day_of(at)
    return given.services.complete_contract(actor=of.gloria, contract_id=contract.pk, completed_on=day, at=at)


def drafted(contract: Contract, of: House, at: datetime, **changes: Any) -> Resolution:
    told = {
        "number": "R-12", "cause": "absent", "called": "Se convocó por correo.", "grounds": "No compareció.", **changes,
    }  # fmt: skip
    return services.draft_resolution(actor=of.gloria, contract_id=contract.pk, data=ResolutionData(**told), at=at)


def issued(contract: Contract, of: House, at: datetime, **changes: Any) -> Resolution:
    drafted(contract, of, at, **changes)
    return services.issue_resolution(actor=signed(of.beto, at), contract_id=contract.pk, at=at)


def appealed(contract: Contract, of: House, at: datetime) -> Resolution:
    issued(contract, of, at)
    told: dict[str, Any] = {"text": "Falta la última entrega.", "document": given.tendering.pdf("recurso.pdf")}
    return services.appeal_resolution(actor=signed(of.carla, at), contract_id=contract.pk, at=at, **told)
