"""The settlement record as a PDF: our own Spanish template, filled with the accounts of the contract."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

from pliego.contracts.models import Contract
from pliego.contracts.text import SCHEMES
from pliego.execution.balances import balance_of
from pliego.execution.models import Settlement
from pliego.kernel import dates
from pliego.kernel.money import Money, format_money

# What the rooms above have to say of a contract in its settlement, each a sentence in Spanish.
NOTES: list[Callable[[Contract], Iterable[str]]] = []
TEMPLATE = Path(__file__).parent / "templates" / "execution" / "liquidacion.typ"


def render(settlement: Settlement, *, at: datetime) -> bytes:
    with translation.override("es-co"):
        told = told_of(settlement, at)
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"acta": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )


def told_of(settlement: Settlement, at: datetime) -> dict[str, Any]:
    contract = settlement.contract
    balance = balance_of(contract)

    def money(amount: Any) -> str:
        return format_money(Money(amount, contract.value_currency))

    return {
        "codigo": contract.code,
        "numero": contract.number,
        "practica": settings.PLIEGO_PRACTICE,
        "expediente": contract.file,
        "entidad": {"nombre": contract.buyer.name, "nit": contract.buyer.nit},
        "contratista": {
            "nombre": contract.supplier.name,
            "clase": SCHEMES.get(contract.supplier.organization.scheme, contract.supplier.organization.scheme),
            "nit": contract.supplier.nit,
        },
        "objeto": contract.object,
        "firmado": day(contract.signed_at),
        "inicio": day(contract.starts_on),
        "terminacion": day(contract.completed_on),
        "supervisor": contract.supervisor.full_name if contract.supervisor else "",
        "registro": contract.budget_commitment,
        "valor": money(balance.value),
        "facturado": money(balance.accepted),
        "pagado": money(balance.disbursed),
        "retenido": money(balance.withheld) if balance.withheld else "",
        "liberado": money(balance.to_pay),
        "pagos": [
            {"codigo": i.code, "numero": i.number, "fecha": day(i.paid_on), "valor": money(i.amount)}
            for i in contract.invoices.filter(state="paid")
        ],
        "constancias": settlement.statement,
        "sanciones": [line for note in NOTES for line in note(contract)],
        "generado": f"{dates.instant(at, 'es')}, hora legal de Colombia",
    }


def day(value: date | None) -> str:
    return dates.day(value, "es") if value else "—"
