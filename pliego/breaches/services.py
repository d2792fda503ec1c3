"""Calling for compliance and reporting a breach; and what every act of this room begins and ends with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.breaches import events, rules
from pliego.breaches.models import Breach, ComplianceCall
from pliego.breaches.policy import BREACHES, POLICY, Act, BreachAct
from pliego.contracts.holding import locked
from pliego.contracts.models import Contract
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload

REPORT, PAPER = "breach_report", "breach_document"


@transaction.atomic
def demand_compliance(
    *,
    actor: Actor,
    contract_id: int,
    text: str,
    due_at: datetime | None,
    at: datetime,
    clauses: str = "",
    document: Upload | None = None,
) -> ComplianceCall:
    """Ask the contractor to comply before a date; it answers once, and both stay in the file."""
    contract = contract_for(Act.DEMAND, actor, contract_id)
    refuse_if_any(
        rules.unwritten(text, "text", _("Write what the contractor must do.")), rules.is_past(due_at, at, "due_at")
    )
    assert due_at is not None
    call = ComplianceCall.objects.create(
        contract=contract,
        number=next_number(contract.compliance_calls),
        text=text.strip(),
        clauses=clauses.strip(),
        due_at=due_at,
        document=paper(contract, actor, document, at) if document else None,
        made_by_id=person(actor),
        made_at=at,
    )
    data = {"text": call.text, "clauses": call.clauses, "due_at": due_at.isoformat()}
    return _announce_call(events.ComplianceDemanded, call, actor, at, call.document, **data)


@transaction.atomic
def answer_call(
    *, actor: Actor, contract_id: int, number: int, text: str, at: datetime, document: Upload | None = None
) -> ComplianceCall:
    """The contractor answers, once. After its term too: that it was late is read from its hour."""
    contract = contract_for(Act.ANSWER, actor, contract_id)
    if (call := contract.compliance_calls.select_for_update().filter(number=number).first()) is None:
        raise Unknown()
    call.contract = contract
    done = Objection("already_done", _("This has its answer already."))
    refuse_if_any(done if call.answered_at else None, rules.unwritten(text, "text", _("Write the answer.")))
    call.answer, call.answered_by_id, call.answered_at = text.strip(), person(actor), at
    call.answer_document = paper(contract, actor, document, at) if document else None
    call.save(update_fields=["answer", "answer_document", "answered_by", "answered_at"])
    return _announce_call(events.ComplianceAnswered, call, actor, at, call.answer_document, answer=call.answer)


@transaction.atomic
def report_breach(
    *,
    actor: Actor,
    contract_id: int,
    source: str,
    facts: str,
    clauses: str,
    proofs: str,
    document: Upload,
    at: datetime,
    author_name: str = "",
) -> Breach:
    """Report facts that may be a breach, with the clauses and the proofs. Only the entity reads it until it calls."""
    contract = contract_for(Act.REPORT, actor, contract_id)
    unknown = Objection("unknown_source", _("Choose whose report it is."), "source")
    refuse_if_any(
        None if source in rules.SOURCES else unknown,
        rules.unnamed_author(source, author_name),
        rules.unwritten(facts, "facts", _("Write the facts.")),
        rules.unwritten(clauses, "clauses", _("Write the clauses or norms that may have been violated.")),
        rules.unwritten(proofs, "proofs", _("Write which proofs there are.")),
    )
    breach = Breach.objects.create(
        contract=contract,
        number=next_number(contract.breaches),
        source=source,
        author_name=author_name.strip() if source == "interventor" else actor.name,
        facts=facts.strip(),
        clauses=clauses.strip(),
        proofs=proofs.strip(),
        report=kept(contract, actor, document, at, REPORT, "account"),
        reported_by_id=person(actor),
        reported_at=at,
    )
    data = {name: getattr(breach, name) for name in ("source", "facts", "clauses", "proofs")}
    return announce(
        events.BreachReported, breach, breach, actor, at, [breach.report], author=breach.author_name, **data
    )


# ---- what the acts share -------------------------------------------------------------------------------------------


def person(actor: Actor) -> int:
    """The id of whoever acts. The policy has already refused those who have not signed in."""
    assert actor.user_id is not None
    return actor.user_id


def contract_for(act: Act, actor: Actor, contract_id: int) -> Contract:
    """The contract, held, when the actor may do this to it now."""
    contract = locked(contract_id)
    POLICY.require(actor, act, contract)
    return contract


def opened_for(act: BreachAct, actor: Actor, contract_id: int, number: int) -> Breach:
    """The breach, when the actor may do this to it now; its contract is held first: acts wait in a row."""
    contract = locked(contract_id)
    if (breach := contract.breaches.select_for_update().filter(number=number).first()) is None:
        raise Unknown()
    breach.contract = contract
    BREACHES.require(actor, act, breach)
    return breach


def next_number(rows: Any) -> int:
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def kept(  # noqa: PLR0917
    contract: Contract, actor: Actor, document: Upload, at: datetime, kind: str, audience: str
) -> Document:
    told: dict[str, Any] = {"actor": actor, "kind": kind, "file": contract.file, "audience": audience, "at": at}
    return documents.take(value=document, field="document", **told)


def paper(contract: Contract, actor: Actor, document: Upload, at: datetime) -> Document:
    """A document that both parties read."""
    stored = kept(contract, actor, document, at, PAPER, "participants")
    share(contract, stored, at)
    return stored


def share(contract: Contract, document: Document, at: datetime) -> None:
    documents.grant(document=document, account_ids=[contract.buyer_id, contract.supplier_id], at=at)


def announce(  # noqa: PLR0917
    event: type[Event],
    made: Any,
    breach: Breach,
    actor: Actor,
    at: datetime,
    papers: Iterable[Document | None] = (),
    **data: Any,
) -> Any:
    """The act announced; its receipt goes on what was made."""
    told = {"contract": breach.contract.code, "number": breach.number, **data}
    hashes = tuple(document.sha256 for document in papers if document)
    announced = event(file=breach.file, subject_id=breach.pk, data=told, documents=hashes)
    made.receipt = outbox.publish(announced, actor=actor, at=at)
    return made


def _announce_call(
    event: type[Event], call: ComplianceCall, actor: Actor, at: datetime, document: Document | None, **data: Any
) -> ComplianceCall:
    told = {"contract": call.contract.code, "number": call.number, **data}
    hashes = (document.sha256,) if document else ()
    announced = event(file=call.contract.file, subject_id=call.pk, data=told, documents=hashes)
    call.receipt = outbox.publish(announced, actor=actor, at=at)
    return call
