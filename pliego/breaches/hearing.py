"""What happens in the hearing of breach: who came, what each side said, which evidence was asked for and taken."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.breaches import events, rules
from pliego.breaches.models import Attendance, Breach, Evidence, Statement
from pliego.breaches.policy import BreachAct
from pliego.breaches.services import announce, next_number, opened_for, paper, person
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.web.fields import Upload


def unknown_side(side: str) -> Objection | None:
    return None if side in rules.SIDES else Objection("unknown_side", _("Choose on which side."), "side")


@transaction.atomic
def attend(*, actor: Actor, contract_id: int, number: int, at: datetime) -> Attendance:
    """Somebody of the contractor registers from their own account that they are there."""
    breach = opened_for(BreachAct.ATTEND, actor, contract_id, number)
    told = {"user_id": person(actor), "capacity": actor.account_name}
    return _came(breach, actor, at, side="contractor", name=actor.name, **told)


@transaction.atomic
def register_party(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    side: str,
    name: str,
    at: datetime,
    capacity: str = "",
    document_number: str = "",
) -> Attendance:
    """An official writes down who came, on which side and in which capacity."""
    breach = opened_for(BreachAct.REGISTER, actor, contract_id, number)
    refuse_if_any(unknown_side(side), rules.unwritten(name, "name", _("Write the name of who came.")))
    told = {"capacity": capacity.strip(), "document_number": document_number.strip().upper()}
    return _came(breach, actor, at, side=side, name=name.strip(), **told)


def _came(breach: Breach, actor: Actor, at: datetime, **told: object) -> Attendance:
    session = breach.sitting
    assert session is not None
    on = {"breach": breach, "session": session, "number": next_number(breach.attendances), "came_at": at}
    made = Attendance.objects.create(registered_by_id=person(actor), **on, **told)
    data: dict[str, Any] = {"session": session.number, "side": made.side, "name": made.name, "capacity": made.capacity}
    return announce(events.PartyCame, made, breach, actor, at, **data)


@transaction.atomic
def plead(
    *, actor: Actor, contract_id: int, number: int, text: str, at: datetime, document: Upload | None = None
) -> Statement:
    """The contractor gives its pleas (descargos), in the hearing or in writing before the decision."""
    breach = opened_for(BreachAct.PLEAD, actor, contract_id, number)
    return stated(events.PartySpoke, breach, actor, at, text, document, "contractor", "plea", actor.name)


@transaction.atomic
def note_statement(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    side: str,
    kind: str,
    name: str,
    text: str,
    at: datetime,
    document: Upload | None = None,
) -> Statement:
    """An official writes down what a side said in the session, or gave in writing."""
    breach = opened_for(BreachAct.NOTE, actor, contract_id, number)
    unknown = Objection("unknown_kind", _("Choose what it is."), "kind")
    refuse_if_any(
        unknown_side(side),
        None if kind in rules.SPOKEN else unknown,
        rules.unwritten(name, "name", _("Write who spoke.")),
    )
    return stated(events.PartySpoke, breach, actor, at, text, document, side, kind, name)


def stated(  # noqa: PLR0917
    event: type[Event],
    breach: Breach,
    actor: Actor,
    at: datetime,
    text: str,
    document: Upload | None,
    side: str,
    kind: str,
    name: str,
) -> Statement:
    refuse_if_any(rules.unwritten(text, "text", _("Write what was said.")))
    made = Statement.objects.create(
        breach=breach,
        session=breach.sitting,
        number=next_number(breach.statements),
        side=side,
        kind=kind,
        name=name.strip(),
        text=text.strip(),
        document=paper(breach.contract, actor, document, at) if document else None,
        said_at=at,
        written_by_id=person(actor),
    )
    data: dict[str, Any] = {"statement": made.number, "side": side, "kind": kind, "name": made.name, "text": made.text}
    return announce(event, made, breach, actor, at, [made.document], **data)


# ---- evidence ------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_evidence(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    text: str,
    purpose: str,
    at: datetime,
    document: Upload | None = None,
) -> Evidence:
    """The contractor brings evidence or asks that it be taken."""
    breach = opened_for(BreachAct.ASK_EVIDENCE, actor, contract_id, number)
    return _asked(breach, actor, at, "contractor", text, purpose, document)


@transaction.atomic
def note_evidence(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    side: str,
    text: str,
    purpose: str,
    at: datetime,
    document: Upload | None = None,
) -> Evidence:
    """An official writes down the evidence that a side asks for, or that the entity takes by itself."""
    breach = opened_for(BreachAct.ASK_FOR, actor, contract_id, number)
    refuse_if_any(unknown_side(side))
    return _asked(breach, actor, at, side, text, purpose, document)


def _asked(  # noqa: PLR0917
    breach: Breach, actor: Actor, at: datetime, side: str, text: str, purpose: str, document: Upload | None
) -> Evidence:
    refuse_if_any(
        rules.unwritten(text, "text", _("Write which evidence.")),
        rules.unwritten(purpose, "purpose", _("Write what it is to prove.")),
    )
    made = Evidence.objects.create(
        breach=breach,
        number=next_number(breach.evidence_asked),
        side=side,
        text=text.strip(),
        purpose=purpose.strip(),
        document=paper(breach.contract, actor, document, at) if document else None,
        asked_by_id=person(actor),
        asked_at=at,
    )
    data: dict[str, Any] = {"evidence": made.number, "side": side, "text": made.text, "purpose": made.purpose}
    return announce(events.EvidenceAsked, made, breach, actor, at, [made.document], **data)


def _evidence(breach: Breach, number: int | None, **such: object) -> Evidence:
    """That evidence, while it waits for this."""
    found = breach.evidence_asked.filter(number=number or 0, **such).first()
    if found is None:
        refuse_if_any(Objection("not_waiting", _("Choose one of those that wait for this."), "evidence"))
    assert found is not None
    return found


@transaction.atomic
def decide_evidence(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    evidence: int | None,
    is_admitted: bool,
    reason: str,
    at: datetime,
) -> Evidence:
    """Admit it or refuse it, with the reason."""
    breach = opened_for(BreachAct.DECIDE_EVIDENCE, actor, contract_id, number)
    found = _evidence(breach, evidence, is_admitted=None)
    sentence = _("Write why it is admitted or refused: whether it bears on the facts and is useful.")
    refuse_if_any(rules.unwritten(reason, "reason", sentence))
    found.is_admitted, found.reason = is_admitted, reason.strip()
    found.decided_by_id, found.decided_at = person(actor), at
    found.save(update_fields=["is_admitted", "reason", "decided_by", "decided_at"])
    data: dict[str, Any] = {"evidence": found.number, "is_admitted": is_admitted, "reason": found.reason}
    return announce(events.EvidenceDecided, found, breach, actor, at, **data)


@transaction.atomic
def take_evidence(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    evidence: int | None,
    result: str,
    at: datetime,
    document: Upload | None = None,
) -> Evidence:
    """Write down what an admitted evidence gave; also while the hearing is suspended for it."""
    breach = opened_for(BreachAct.TAKE_EVIDENCE, actor, contract_id, number)
    found = _evidence(breach, evidence, is_admitted=True, taken_at=None)
    refuse_if_any(rules.unwritten(result, "result", _("Write what it gave.")))
    found.result, found.taken_at = result.strip(), at
    found.result_document = paper(breach.contract, actor, document, at) if document else None
    found.save(update_fields=["result", "result_document", "taken_at"])
    data: dict[str, Any] = {"evidence": found.number, "result": found.result}
    return announce(events.EvidenceTaken, found, breach, actor, at, [found.result_document], **data)
