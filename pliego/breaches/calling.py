"""Calling to the hearing of breach: the citation, its sessions, and the end when the breach ceases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.breaches import events, law, rules, writing
from pliego.breaches.models import Breach, Guarantor, Session
from pliego.breaches.policy import BreachAct
from pliego.breaches.queries import insurers_of
from pliego.breaches.rules import GuarantorIn
from pliego.breaches.services import announce, next_number, opened_for, paper, person, share
from pliego.breaches.states import BREACH, SESSION
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.web.fields import Upload


@transaction.atomic
def cite(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    facts: str,
    clauses: str,
    consequences: Sequence[str],
    begins_at: datetime | None,
    at: datetime,
    place: str = "",
    link: str = "",
    how: str = "",
    guarantors: Sequence[GuarantorIn] = (),
) -> Breach:
    """Call the contractor and its guarantors to the hearing, with the report. From here the contractor reads it all."""
    breach = opened_for(BreachAct.CITE, actor, contract_id, number)
    none = Objection("missing", _("Choose what the breach may end in."), "consequences", law.CITATION_LAW)
    refuse_if_any(
        rules.unwritten(facts, "facts", _("Write the facts.")),
        rules.unwritten(clauses, "clauses", _("Write the clauses or norms that may have been violated.")),
        None if consequences else none,
        rules.measures_are_unknown(consequences),
        rules.is_past(begins_at, at, "begins_at"),
        rules.place_is_missing(place, link),
        rules.guarantors_are_wrong(guarantors, insurers_of(breach.contract)),
    )
    assert begins_at is not None
    BREACH.fire(breach, "cite", at=at)
    breach.cited_facts, breach.cited_clauses = facts.strip(), clauses.strip()
    breach.consequences, breach.cited_by_id, breach.cited_at = list(consequences), person(actor), at
    told = [Guarantor(breach=breach, number=n, **vars(row)) for n, row in enumerate(guarantors, start=1)]
    Guarantor.objects.bulk_create(told)
    session = _call(breach, begins_at, at, place=place, link=link, how=how)
    breach.citation = writing.kept(writing.CITATION, breach, actor, at)
    breach.save()
    _open_to_the_contractor(breach, at)
    data = {"consequences": list(consequences), "guarantors": [row.name for row in guarantors]}
    papers = [breach.citation, breach.report]
    return announce(events.BreachCited, breach, breach, actor, at, papers, **_when(session), **data)


def _open_to_the_contractor(breach: Breach, at: datetime) -> None:
    documents.disclose(documents=[breach.report], audience="participants", at=at)
    share(breach.contract, breach.report, at)


def _call(breach: Breach, begins_at: datetime, at: datetime, **where: str) -> Session:
    told = {name: text.strip() for name, text in where.items()}
    last = next_number(breach.sessions)
    return Session.objects.create(breach=breach, number=last, called_for=begins_at, called_at=at, **told)


def _when(session: Session) -> dict[str, Any]:
    told = {"session": session.number, "starts_at": session.called_for.isoformat()}
    return {**told, "place": session.place, "link": session.link}


@transaction.atomic
def dismiss(*, actor: Actor, contract_id: int, number: int, reason: str, at: datetime) -> Breach:
    """File the report without calling anybody, and say why."""
    breach = opened_for(BreachAct.DISMISS, actor, contract_id, number)
    refuse_if_any(rules.unwritten(reason, "reason", _("Write the reason.")))
    BREACH.fire(breach, "dismiss", at=at)
    _end(breach, actor, at, reason)
    return announce(events.BreachDismissed, breach, breach, actor, at, reason=breach.ended_reason)


def _end(breach: Breach, actor: Actor, at: datetime, reason: str) -> None:
    breach.ended_reason, breach.ended_by_id, breach.ended_at = reason.strip(), person(actor), at
    breach.save()


@transaction.atomic
def move_session(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    reason: str,
    begins_at: datetime | None,
    at: datetime,
    place: str = "",
    link: str = "",
) -> Breach:
    """Hold the session that is called on another date; all are told."""
    breach = opened_for(BreachAct.MOVE, actor, contract_id, number)
    refuse_if_any(
        rules.unwritten(reason, "reason", _("Write the reason.")),
        rules.is_past(begins_at, at, "begins_at"),
        rules.place_is_missing(place, link),
    )
    called = breach.next_session
    assert called is not None
    assert begins_at is not None
    SESSION.fire(called, "move", at=at)
    called.reason = reason.strip()
    called.save(update_fields=["state", "reason"])
    session = _call(breach, begins_at, at, place=place, link=link, how=called.how)
    return announce(events.SessionMoved, breach, breach, actor, at, reason=reason.strip(), **_when(session))


@transaction.atomic
def begin_session(*, actor: Actor, contract_id: int, number: int, at: datetime) -> Breach:
    """Open the session at its hour: from here who came is registered and heard."""
    breach = opened_for(BreachAct.BEGIN, actor, contract_id, number)
    session = breach.next_session
    assert session is not None
    session.breach = breach
    SESSION.fire(session, "open", at=at)
    session.begun_at = at
    session.save(update_fields=["state", "begun_at"])
    if breach.state == "cited":
        BREACH.fire(breach, "begin", at=at)
        breach.save(update_fields=["state"])
    return announce(events.SessionBegun, breach, breach, actor, at, session=session.number)


@transaction.atomic
def adjourn(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    reason: str,
    begins_at: datetime | None,
    at: datetime,
    development: str = "",
) -> Breach:
    """Suspend the hearing, to take evidence or for another reason, and fix there when it resumes."""
    breach = opened_for(BreachAct.ADJOURN, actor, contract_id, number)
    refuse_if_any(
        rules.unwritten(reason, "reason", _("Write why it is suspended."), f"{law.HEARING}, lit. d"),
        rules.is_past(begins_at, at, "begins_at"),
    )
    assert begins_at is not None
    held = end_session(breach, actor, at, development, reason)
    session = _call(breach, begins_at, at, place=held.place, link=held.link, how=held.how)
    told = {**_when(session), "reason": held.reason}
    return announce(events.HearingSuspended, breach, breach, actor, at, [held.record], **told)


def end_session(breach: Breach, actor: Actor, at: datetime, development: str, reason: str = "") -> Session:
    """The session that is held, closed with its minutes."""
    session = breach.sitting
    assert session is not None
    session.breach = breach
    SESSION.fire(session, "close", at=at)
    session.ended_at, session.development, session.reason = at, development.strip(), reason.strip()
    session.record = writing.kept(writing.MINUTES, breach, actor, at, session)
    session.save()
    return session


@transaction.atomic
def cease(
    *, actor: Actor, contract_id: int, number: int, reason: str, at: datetime, document: Upload | None = None
) -> Breach:
    """End it all at any moment, because the entity knows that the breach ceased."""
    breach = opened_for(BreachAct.CEASE, actor, contract_id, number)
    sentence = _("Write how it is known that the breach ceased.")
    refuse_if_any(rules.unwritten(reason, "reason", sentence, f"{law.HEARING}, lit. d"))
    BREACH.fire(breach, "cease", at=at)
    held = end_session(breach, actor, at, reason) if breach.sitting else None
    if called := breach.next_session:
        SESSION.fire(called, "move", at=at)
        called.save(update_fields=["state"])
    breach.ended_document = paper(breach.contract, actor, document, at) if document else None
    _end(breach, actor, at, reason)
    papers = [breach.ended_document, held.record if held else None]
    return announce(events.BreachCeased, breach, breach, actor, at, papers, reason=breach.ended_reason)
