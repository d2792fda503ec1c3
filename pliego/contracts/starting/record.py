"""The record of the start as a PDF: our own Spanish template, filled with what both parties sign."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.contracts.sections import PERFORMANCE
from pliego.contracts.starting.conditions import conditions
from pliego.contracts.starting.models import StartRecord
from pliego.contracts.text import SCHEMES, term
from pliego.kernel import dates
from pliego.kernel.money import format_money

TEMPLATE = Path(__file__).parent.parent / "templates" / "contracts" / "acta_inicio.typ"


def render(row: StartRecord, *, at: datetime) -> bytes:
    with translation.override("es-co"):
        told = told_of(row, at)
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"acta": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def told_of(row: StartRecord, at: datetime) -> dict[str, Any]:
    contract = row.contract
    supplier, ends_on = contract.supplier, contract.expected_end(row.starts_on)
    checked = [one for one in conditions(contract, at) if one.is_done]
    return {
        "codigo": contract.code,
        "numero": contract.number,
        "acta": str(row.number),
        "practica": settings.PLIEGO_PRACTICE,
        "expediente": contract.file,
        "entidad": {"nombre": contract.buyer.name, "nit": contract.buyer.nit},
        "contratista": {
            "nombre": supplier.name,
            "clase": SCHEMES.get(supplier.organization.scheme, supplier.organization.scheme),
            "nit": supplier.nit,
            "representante": supplier.representative_name,
        },
        "supervisor": row.supervisor.full_name,
        "objeto": contract.object,
        "valor": format_money(contract.value),
        "plazo": term(contract),
        "firmado": dates.day(contract.signed_at, "es") if contract.signed_at else "—",
        "inicio": dates.day(row.starts_on, "es"),
        "terminacion": dates.day(ends_on, "es") if ends_on else "—",
        "registro": contract.budget_commitment,
        "condiciones": [[str(one.title), str(one.detail)] for one in checked],
        "visitas": PERFORMANCE.content(contract).visits,
        "generado": f"{dates.instant(at, 'es')}, hora legal de Colombia",
    }
