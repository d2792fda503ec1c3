"""The resolutions of a unilateral settlement as PDF/A, in Spanish whatever the reader's language."""

import io
from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from pliego.contracts.models import Contract
from pliego.contracts.typesetting import SPANISH, Part, facts_of, part, signed_by, typeset
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.execution import record
from pliego.execution.rules import shown
from pliego.kernel import dates
from pliego.kernel.actors import Actor
from pliego.settlements import law
from pliego.settlements.models import Resolution
from pliego.settlements.rules import CAUSES, OUTCOMES


def resolution(row: Resolution, actor: Actor, at: datetime) -> Document:
    """The reasoned act that settles, with its appeal."""
    assert row.appeal_until is not None
    with translation.override(SPANISH):
        sanctions = [line for note in record.NOTES for line in note(row.contract)]
        parts = [
            part("Por qué no se liquidó de común acuerdo", f"{CAUSES[row.cause]}.\n{row.called}"),
            part("Consideraciones", row.grounds),
            _accounts(row),
            part("Sanciones del contrato", rows=[(line, "", "") for line in sanctions]),
            part(
                "Decisión",
                f"Liquidar unilateralmente el contrato {row.contract.number}. Contra esta resolución procede el recurso"
                f" de reposición hasta el {dates.day(row.appeal_until, 'es')} ({law.BASIS['appeal']}).",
            ),
        ]
        pdf = _typeset(row, f"Resolución {row.number} de liquidación unilateral", parts, actor, at)
    return _kept(row, pdf, f"liquidacion-unilateral-{row.contract.code}.pdf", actor, at)


def decision(row: Resolution, actor: Actor, at: datetime) -> Document:
    """What was decided on the appeal."""
    with translation.override(SPANISH):
        parts = [
            part("Recurso de reposición", row.appeal),
            part("Consideraciones", row.answer),
            *([] if row.outcome == "revoke" else [_accounts(row)]),
            part("Decisión", f"{OUTCOMES[row.outcome]} (resolución {row.number})."),
        ]
        pdf = _typeset(row, f"Resolución {row.answer_number} que decide el recurso", parts, actor, at)
    return _kept(row, pdf, f"recurso-liquidacion-{row.contract.code}.pdf", actor, at)


def _accounts(row: Resolution) -> Part:
    lines = [
        ("Valor del contrato", row.value_amount),
        ("Valor pagado", row.paid_amount),
        ("Se reconoce a favor de EL CONTRATISTA", row.owed_to_contractor),
        ("Debe EL CONTRATISTA a LA ENTIDAD", row.owed_to_entity),
        ("Saldo que se libera a favor de LA ENTIDAD", row.released_amount),
    ]
    return part("Balance financiero", rows=[(name, "", shown(amount, row.currency)) for name, amount in lines])


def _typeset(row: Resolution, title: str, parts: Iterable[Part], actor: Actor, at: datetime) -> bytes:
    contract: Contract = row.contract
    completed = dates.day(contract.completed_on, "es") if contract.completed_on else ""
    return typeset(
        contract,
        code=contract.code,
        title=title,
        about=f"Liquidación del contrato {contract.number}",
        facts=facts_of(contract, ("Terminación", completed)),
        legal_basis=law.BASIS["unilateral"],
        parts=parts,
        signed=signed_by("Firma", actor.name, at),
        at=at,
    )


def _kept(row: Resolution, pdf: bytes, name: str, actor: Actor, at: datetime) -> Document:
    contract = row.contract
    document = documents.store(
        actor=actor,
        content=io.BytesIO(pdf),
        name=name,
        kind="settlement_resolution",
        file=contract.file,
        audience="participants",
        at=at,
    )
    documents.grant(document=document, account_ids=[contract.supplier_id], at=at)
    return document
