"""The text of a contract as a PDF: our own Spanish template, filled with the contract's data by typst."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.conditions import fields
from pliego.conditions.covers import COVERS
from pliego.contracts import sections
from pliego.contracts.models import Contract, ContractPaper
from pliego.contracts.sealing import Signature
from pliego.contracts.sections import papers
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


def render(contract: Contract, *, at: datetime, is_draft: bool = False, signatures: Sequence[Signature] = ()) -> bytes:
    """The same contract at the same moment gives the same bytes, so that its hash can be recomputed. With `signatures`
    it ends with the page that tells them."""
    with translation.override("es-co"):
        told = told_of(contract, at, is_draft)
    told["firmas"] = [vars(signature) for signature in signatures]
    told["huella"] = contract.document.sha256 if signatures and contract.document else ""
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
            "adjudicacion": contract.award.code if contract.award else "",
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
        "clausulas": papers.filled(contract.clauses, sections.DOCUMENTS.content(contract)),
        "articulos": articles_told(contract),
        "secciones": sections_told(contract),
        "anexos": [[paper.title, paper.document.sha256] for paper in annexes_of(contract)],
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


def articles_told(contract: Contract) -> list[list[str]]:
    """The clauses with the values of their variables."""
    content = sections.DOCUMENTS.content(contract)
    return [[row.title, papers.filled(row.text, content)] for row in content.articles]


# What the text of the contract says elsewhere, with its own words.
ELSEWHERE = {"goods": {"lines"}, "documents": {"template", "articles", "variables", "clauses"}, "general": {"object"}}


def sections_told(contract: Contract) -> list[dict[str, Any]]:
    """What each section says, for the tables after the clauses: its data, and its rows."""
    found = []
    for number, section in enumerate(sections.SECTIONS, 1):
        parts = tuple(part for part in section.parts if part.name not in ELSEWHERE.get(section.code, ()))
        told = fields.told(parts, section.content(contract)) if parts else fields.Told([], [])
        if told.facts or told.sheets:
            facts = [[str(label), str(value)] for label, value in told.facts]
            found.append({"numero": number, "titulo": str(section.title), "datos": facts, "tablas": sheets_told(told)})
    return found


def sheets_told(told: fields.Told) -> list[dict[str, Any]]:
    return [
        {
            "titulo": str(sheet.title),
            "cabezas": [str(head) for head, _numeric in sheet.heads],
            "filas": [[str(value) for _label, value, _numeric in row] for row in sheet.rows],
        }
        for sheet in told.sheets
    ]


def annexes_of(contract: Contract) -> list[ContractPaper]:
    return [paper for paper in contract.papers.select_related("document") if paper.account_id == contract.buyer_id]
