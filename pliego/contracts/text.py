"""The text of a contract as a PDF: our own Spanish template, filled with the contract's data by typst."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.conditions.covers import COVERS
from pliego.contracts.models import Contract
from pliego.contracts.words import pesos_in_words
from pliego.kernel import dates
from pliego.kernel.money import Money, format_money

TEMPLATE = Path(__file__).parent / "templates" / "contracts" / "contrato.typ"
SCHEMES = {"CO-NIT": "NIT", "CO-CC": "cédula de ciudadanía", "CO-CE": "cédula de extranjería"}
TERMS = {
    "days": ("día", "días"),
    "weeks": ("semana", "semanas"),
    "months": ("mes", "meses"),
    "years": ("año", "años"),
}


def render(contract: Contract, *, at: datetime, is_draft: bool = False) -> bytes:
    """The same contract at the same moment gives the same bytes, so that its hash can be recomputed."""
    with translation.override("es-co"):
        told = told_of(contract, at, is_draft)
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"contrato": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def told_of(contract: Contract, at: datetime, is_draft: bool) -> dict[str, Any]:
    buyer, supplier, tender = contract.buyer, contract.supplier, contract.tender
    certificate = contract.budget_certificate or "por expedir"
    return {
        "codigo": contract.code,
        "numero": contract.number,
        "version": contract.version,
        "tipo": str(contract.get_contract_type_display() or "prestación"),
        "practica": settings.PLIEGO_PRACTICE,
        "borrador": is_draft,
        "expediente": contract.file,
        "entidad": {"nombre": buyer.name, "nit": buyer.nit},
        "contratista": {
            "nombre": supplier.name,
            "clase": SCHEMES.get(supplier.organization.scheme, supplier.organization.scheme),
            "nit": supplier.nit,
            "representante": supplier.representative_name,
        },
        "proceso": {
            "codigo": tender.code,
            "referencia": tender.reference,
            "modalidad": str(tender.rulebook.title),
            "adjudicacion": contract.award.code,
        },
        "objeto": contract.object,
        "valor": format_money(contract.value),
        "valor_en_letras": pesos_in_words(contract.value_amount),
        "plazo": term(contract),
        "lugar": contract.delivery_place or "el que indique LA ENTIDAD",
        "cdp": certificate,
        "pago": contract.payment_terms,
        "garantias": [guarantee_asked(cover) for cover in contract.covers],
        "liquidacion": contract.has_settlement,
        "clausulas": contract.clauses,
        "lineas": [line_told(line, contract) for line in contract.lines.all()],
        "generado": f"{dates.instant(at, 'es')}, hora legal de Colombia",
    }


def term(contract: Contract) -> str:
    if not contract.duration:
        return "por definir"
    one, many = TERMS.get(contract.duration_unit, TERMS["days"])
    return f"{contract.duration} {one if contract.duration == 1 else many}"


def guarantee_asked(code: str) -> str:
    cover = COVERS[code]
    least = f", por al menos el {cover.percent} % del valor del contrato" if cover.percent else ""
    return f"{cover.title}{least} ({cover.legal_basis})"


def line_told(line: Any, contract: Contract) -> dict[str, str]:
    def money(amount: Any) -> str:
        return "" if amount is None else format_money(Money(amount, contract.value_currency))

    return {
        "numero": str(line.number),
        "descripcion": line.description,
        "cantidad": format(line.quantity.normalize(), "f").replace(".", ","),
        "unidad": line.unit,
        "unitario": money(line.unit_price_amount),
        "total": money(line.total_amount),
    }
