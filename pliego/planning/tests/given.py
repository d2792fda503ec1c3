"""Plans for the tests of this room and of those above, made by its services."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.kernel.actors import Actor
from pliego.planning import services
from pliego.planning.models import Plan
from pliego.planning.rules import Header, Line


def header(**changes: Any) -> Header:
    told = {
        "mission": "Servir a los habitantes del municipio.",
        "contact_name": "Oficina de Contratación",
        "contact_email": "contratacion@vallesereno.example",
        "minor_limit_amount": Decimal("490253400"),
        "minimum_limit_amount": Decimal("49025340"),
    }
    return Header(**{**told, **changes})


def line(**changes: Any) -> Line:
    """A line with nothing missing."""
    told = {
        "description": "Suministro de papelería",
        "unspsc": ("44121600",),
        "start_month": 3,
        "bids_month": 3,
        "duration": 2,
        "method": "minima_cuantia",
        "funding_source": "own",
        "total_amount": Decimal("20000000"),
        "budget_amount": Decimal("20000000"),
    }
    return Line(**{**told, **changes})


def plan(ana: Actor, at: datetime, *lines: Line) -> Plan:
    """A draft of this year's plan; without lines given, with one complete line."""
    made = services.create_plan(actor=ana, year=at.year, header=header(), at=at)
    for each in lines or (line(),):
        services.add_line(actor=ana, plan_id=made.pk, line=each, at=at)
    return made


def published_plan(ana: Actor, beto: Actor, at: datetime, *lines: Line) -> Plan:
    made = plan(ana, at, *lines)
    return services.publish_plan(actor=beto, plan_id=made.pk, at=at)
