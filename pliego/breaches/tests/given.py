"""Breaches for the tests of this room and of those above, made by its services."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pliego.breaches import calling, deciding, hearing, services
from pliego.breaches.models import Breach
from pliego.breaches.rules import GuarantorIn
from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.contracts.tests.given import House, signed
from tests.furnishing import furnished

CALLED_FOR = timedelta(days=7)
GUARANTOR = GuarantorIn("Aseguradora de Ejemplo", "POL-performance", "garante@pliego.example")
FINE = {"fine": Decimal("1500000.50")}


def report(of: House, contract: Contract, at: datetime, **changes: Any) -> Breach:
    told = {
        "source": "supervisor", "facts": "No entregó los equipos.", "clauses": "Cláusula 4.", "proofs": "Acta del 2.",
        "document": given.tendering.pdf("informe.pdf"),
    }  # fmt: skip
    return services.report_breach(actor=of.gloria, contract_id=contract.pk, at=at, **{**told, **changes})


def on(breach: Breach, at: datetime) -> dict[str, Any]:
    return {"contract_id": breach.contract_id, "number": breach.number, "at": at}


def call(of: House, breach: Breach, at: datetime, **changes: Any) -> Breach:
    told: dict[str, Any] = {
        "facts": "No entregó los equipos.", "clauses": "Cláusula 4.", "begins_at": at + CALLED_FOR, "place": "Sala 2",
        "consequences": ["fine", "penalty", "caducity"], "guarantors": [GUARANTOR],
    }  # fmt: skip
    return calling.cite(actor=signed(of.beto, at), **on(breach, at), **{**told, **changes})


@furnished
def reported(at: datetime, of: House) -> Breach:
    contract = given.running(at, of, covers=("performance",))
    return report(of, contract, at)


@furnished
def cited(at: datetime, of: House) -> Breach:
    return call(of, reported(at, of), at)


@furnished
def in_hearing(at: datetime, of: House) -> Breach:
    """In its first session, a week later; the contractor has come and given its pleas."""
    breach = cited(at, of)
    told = on(breach, at + CALLED_FOR)
    calling.begin_session(actor=of.beto, **told)
    hearing.attend(actor=of.carla, **told)
    hearing.plead(actor=of.carla, text="Llovió mucho.", **told)
    return Breach.objects.select_related("contract").get(pk=breach.pk)


def decide(of: House, breach: Breach, at: datetime, **changes: Any) -> Any:
    told = {"resolution": "118", "grounds": "Se probó la mora.", "measures": FINE, **changes}
    return deciding.decide(actor=signed(of.beto, at), **on(breach, at), **told)


@furnished
def in_force(at: datetime, of: House) -> Breach:
    """A fine in force, imposed a week later."""
    breach, later = in_hearing(at, of), at + CALLED_FOR
    decide(of, breach, later)
    deciding.close_hearing(actor=signed(of.beto, later), development="Se decidió.", **on(breach, later))
    return Breach.objects.select_related("contract").get(pk=breach.pk)


def imposed(of: House, contract: Contract, at: datetime, measures: dict[str, Decimal | None]) -> Breach:
    """Those measures in force on that contract, at once from the report to the minutes an hour later."""
    later = at + timedelta(hours=1)
    breach = call(of, report(of, contract, at), at, begins_at=later, consequences=list(measures))
    calling.begin_session(actor=of.beto, **on(breach, later))
    decide(of, breach, later, measures=measures)
    return deciding.close_hearing(actor=signed(of.beto, later), development="Se decidió.", **on(breach, later))
