"""The end of a contract's file: what must be over before it is closed, each with its day, and the record of it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from pliego.conditions.covers import COVERS
from pliego.contracts import services as contracts
from pliego.contracts.models import Contract
from pliego.contracts.rules import CLOSING
from pliego.contracts.typesetting import SPANISH, facts_of, part, typeset
from pliego.documents import services as documents
from pliego.execution import events, rules
from pliego.execution.balances import balance_of
from pliego.execution.closing_models import Closing
from pliego.execution.paying import opened_for
from pliego.execution.policy import Act
from pliego.kernel import dates
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.objections import Text, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering import services as tenders

# Only contracts of successive performance, and those that need it, are settled.
UNSETTLED = "Ley 80 de 1993, art. 60, modificado por el Decreto-Ley 19 de 2012, art. 217"


@dataclass(frozen=True)
class Condition:
    """Something that must be over; `since` is the day from which it is, where that is known."""

    title: Text
    is_met: bool
    detail: Text = ""
    since: date | None = None
    legal_basis: str = ""


def conditions(contract: Contract, at: datetime) -> list[Condition]:
    """All that closing the file waits for, and how each stands."""
    return [*_settled(contract), *_guarantees(contract, at), *_free(contract, at)]


def _settled(contract: Contract) -> Iterator[Condition]:
    if not contract.has_settlement:
        yield Condition(_("It needs no settlement"), True, _("The contract says so."), contract.completed_on, UNSETTLED)
        return
    is_settled = contract.state in {"settled", "closed"}
    yield Condition(_("The contract is settled"), is_settled, "", None, rules.SETTLEMENT)


def _guarantees(contract: Contract, at: datetime) -> Iterator[Condition]:
    today, rows = BusinessCalendar.day_of(at), contract.outliving_guarantees
    for row in rows:
        title = _("The guarantee is over: %(cover)s") % {"cover": COVERS[row.cover].title}
        detail = f"{row.insurer} · {row.policy_number}"
        yield Condition(title, row.ends_on < today, detail, row.ends_on + timedelta(days=1), CLOSING)
    if not rows:
        yield Condition(_("No guarantee outlives it"), True, "", contract.completed_on, CLOSING)


def _free(contract: Contract, at: datetime) -> Iterator[Condition]:
    against = list(rules.settling_is_held_back(contract, at))
    detail = " ".join(str(objection.sentence) for objection in against)
    yield Condition(_("No invoice waits, and no hearing of breach is open"), not against, detail)


@transaction.atomic
def close_file(*, actor: Actor, contract_id: int, at: datetime, disposal: str = "") -> Contract:
    """Close the file of the contract with its record; when it was the last of the process, the process is finished."""
    contract = opened_for(Act.CLOSE_FILE, actor=actor, contract_id=contract_id)
    refuse_if_any(rules.settling_is_held_back(contract, at))
    contract = contracts.mark_closed(contract_id=contract.pk, at=at)
    assert actor.user_id is not None
    with translation.override(SPANISH):
        told = [_told(one) for one in conditions(contract, at)]
        pdf = _render(contract, told, disposal.strip(), actor.name, at)
    document = documents.store(
        actor=actor,
        content=io.BytesIO(pdf),
        name=f"cierre-{contract.code}.pdf",
        kind="closing_record",
        file=contract.file,
        audience="public",
        at=at,
    )
    kept = {"conditions": told, "disposal": disposal.strip(), "document": document}
    Closing.objects.create(contract=contract, closed_by_id=actor.user_id, closed_at=at, **kept)
    others = Contract.objects.filter(tender_id=contract.tender_id).exclude(state="closed")
    if not others.exists() and contract.tender.state == "awarded":
        tenders.mark_finished(tender_id=contract.tender_id, at=at)
    data = {"contract": contract.code, "paid": str(balance_of(contract).disbursed), "disposal": disposal.strip()}
    event = events.ContractClosed(file=contract.file, subject_id=contract.pk, data=data, documents=(document.sha256,))
    contract.receipt = outbox.publish(event, actor=actor, at=at)
    return contract


def _told(one: Condition) -> dict[str, str]:
    day = f"desde el {dates.day(one.since, 'es')}" if one.since else ""
    return {"title": str(one.title), "detail": str(one.detail), "since": day, "legal_basis": one.legal_basis}


def _render(contract: Contract, told: list[dict[str, str]], disposal: str, author: str, at: datetime) -> bytes:
    nothing = "No se registraron condiciones de disposición final ni de recuperación ambiental de las obras o bienes."
    rows = [(one["title"], one["since"], f"{one['detail']} {one['legal_basis']}".strip()) for one in told]
    return typeset(
        contract,
        code=contract.code,
        title="Constancia de cierre del expediente",
        about=f"Contrato {contract.number}",
        facts=facts_of(contract),
        legal_basis=CLOSING,
        parts=[
            part("Condiciones verificadas", rows=rows),
            part("Disposición final y recuperación ambiental", disposal or nothing),
        ],
        signed=f"Cierra el expediente {author}, el {dates.instant(at, 'es')}, hora legal de Colombia.",
        at=at,
    )
