"""Plans for the tests of this room and of those above, made by its services."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.kernel.actors import Actor
from pliego.planning import loads, services
from pliego.planning.models import Load, Plan
from pliego.planning.rules import Header, Line
from tests.furnishing import furnished


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


@furnished
def plan(ana: Actor, at: datetime, *lines: Line) -> Plan:
    """A draft of this year's plan; without lines given, with one complete line."""
    made = services.create_plan(actor=ana, year=at.year, header=header(), at=at)
    for each in lines or (line(),):
        services.add_line(actor=ana, plan_id=made.pk, line=each, at=at)
    return made


@furnished
def republished_plan(ana: Actor, beto: Actor, at: datetime, *, year: int) -> Plan:
    """A plan with two versions: a line changed, one taken out and one added between them."""
    made = services.create_plan(actor=ana, year=year, header=header(), at=at)
    for each in (line(), line(description="Aseo")):
        services.add_line(actor=ana, plan_id=made.pk, line=each, at=at)
    services.publish_plan(actor=beto, plan_id=made.pk, at=at)
    changed = line(total_amount=Decimal("25000000"), start_month=4, bids_month=5)
    services.edit_line(actor=ana, plan_id=made.pk, number=1, line=changed, at=at)
    services.drop_line(actor=ana, plan_id=made.pk, number=2, at=at)
    services.add_line(actor=ana, plan_id=made.pk, line=line(description="Vigilancia"), at=at)
    return services.publish_plan(actor=beto, plan_id=made.pk, at=at, reason="Actualización")


HEADING = (
    "Descripción;Códigos UNSPSC;Mes de inicio;Mes de recepción de ofertas;Duración;Modalidad;Fuente;Valor total;"
    "Valor estimado en la vigencia actual"
)
ROW = "Resmas de papel;V1.44121600;marzo;abril;6 meses;Mínima cuantía;Recursos propios;$ 20.000.000,50;20000000,5"


def load(ana: Actor, plan: Plan, at: datetime, *rows: str, name: str = "plan.csv", heading: str = HEADING) -> Load:
    """A CSV file of lines that was read; without rows given, with one that is right."""
    content = io.BytesIO("\n".join([heading, *(rows or (ROW,))]).encode())
    return loads.read_file(actor=ana, plan_id=plan.pk, content=content, name=name, at=at)


@furnished
def published_plan(ana: Actor, beto: Actor, at: datetime, *lines: Line) -> Plan:
    made = plan(ana, at, *lines)
    return services.publish_plan(actor=beto, plan_id=made.pk, at=at)
