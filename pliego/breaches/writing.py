"""The papers of a procedure of breach as PDF/A, in Spanish whatever the reader's language: one template."""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from pliego.breaches import law
from pliego.breaches.models import Breach, Decision, Session
from pliego.breaches.rules import KINDS, SIDES, SOURCES
from pliego.contracts.typesetting import SPANISH, Facts, Part, facts_of, part, signed_by, typeset
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel import dates
from pliego.kernel.actors import Actor
from pliego.kernel.money import Money, format_money


@dataclass(frozen=True)
class Paper:
    """`facts` and `parts` look at the breach, and at the session or decision that the paper is of."""

    kind: str
    name: str
    title: Callable[[Breach, Any], str]
    facts: Callable[[Breach, Any], Facts]
    parts: Callable[[Breach, Any], Iterable[Part]]
    signed: str


def kept(
    paper: Paper, breach: Breach, actor: Actor, at: datetime, subject: Session | Decision | None = None
) -> Document:
    """The paper made, stored, and shared with both parties."""
    number = f"-{subject.number}" if isinstance(subject, Session) else ""
    document = documents.store(
        actor=actor,
        content=io.BytesIO(render(paper, breach, subject, author=actor.name, at=at)),
        name=f"{paper.name}{number} {breach.contract.code}-{breach.number}.pdf",
        kind=paper.kind,
        file=breach.file,
        audience="participants",
        at=at,
    )
    parties = [breach.contract.buyer_id, breach.contract.supplier_id]
    documents.grant(document=document, account_ids=parties, at=at)
    return document


def render(paper: Paper, breach: Breach, subject: Any, *, author: str, at: datetime) -> bytes:
    with translation.override(SPANISH):
        return typeset(
            breach.contract,
            code=f"{breach.contract.code}-{breach.number}",
            title=paper.title(breach, subject),
            about=f"Posible incumplimiento n.º {breach.number} del contrato {breach.contract.number}",
            facts=[*_contract(breach), *paper.facts(breach, subject)],
            legal_basis=law.HEARING,
            parts=paper.parts(breach, subject),
            signed=signed_by(paper.signed, author, at),
            at=at,
        )


# ---- the parts -----------------------------------------------------------------------------------------------------


def _contract(breach: Breach) -> Facts:
    called = ", ".join(f"{row.name} ({row.policy_number or 'sin póliza'})" for row in breach.guarantors.all())
    return facts_of(breach.contract, ("Garante", called))


def _where(session: Session) -> Facts:
    found = [("Fecha y hora", dates.instant(session.called_for)), ("Lugar", session.place), ("Enlace", session.link)]
    return [(label, text) for label, text in found if text]


def _sat(breach: Breach, session: Session) -> Facts:
    assert session.begun_at is not None
    assert session.ended_at is not None
    hours = [("Comenzó", dates.instant(session.begun_at)), ("Terminó", dates.instant(session.ended_at))]
    return [*hours, ("Lugar", session.place or session.link)]


def _charges(breach: Breach) -> list[Part]:
    return [
        part("Hechos que la soportan", breach.cited_facts),
        part("Normas o cláusulas posiblemente violadas", breach.cited_clauses),
    ]


def _said(breach: Breach, session: Session | None = None) -> Part:
    rows = [row for row in breach.statements.all() if session is None or row.session_id == session.pk]
    return part(
        "Descargos, intervenciones y recursos",
        rows=[
            (
                f"{row.number}. {row.name}",
                f"{SIDES[row.side]} · {KINDS[row.kind]} · {dates.instant(row.said_at)}",
                row.text,
            )
            for row in rows
        ],
    )


def _evidence(breach: Breach) -> Part:
    return part(
        "Pruebas",
        rows=[(f"{row.number}. {row.text}", str(SIDES[row.side]), _fate(row)) for row in breach.evidence_asked.all()],
    )


def _fate(row: Any) -> str:
    decided = {True: "Se decretó", False: "Se negó", None: "Por decidir"}[row.is_admitted]
    told = [f"Para probar: {row.purpose}", f"{decided}. {row.reason}".strip()]
    return "\n".join([*told, *([f"Resultado: {row.result}"] if row.taken_at else [])])


def _came(breach: Breach, session: Session) -> Part:
    rows = session.attendances.all()
    return part(
        "Asistentes",
        rows=[(row.name, dates.instant(row.came_at), f"{SIDES[row.side]}. {row.capacity}") for row in rows],
    )


def _held(breach: Breach) -> Part:
    rows = [row for row in breach.sessions.all() if row.begun_at]
    return part(
        "La audiencia",
        rows=[
            (f"Sesión {row.number}", dates.instant(row.begun_at), f"Se suspendió: {row.reason}" if row.reason else "")
            for row in rows
            if row.begun_at
        ],
    )


def outcome(measures: Mapping[str, Decimal | None], currency: str) -> list[tuple[str, str, str]]:
    """What is imposed, one line each."""
    return [
        (
            str(law.MEASURES[code].title),
            law.MEASURES[code].legal_basis,
            format_money(Money(amount, currency)) if amount is not None else "Se declara",
        )
        for code, amount in measures.items()
    ]


def _resolved(breach: Breach, decision: Decision) -> list[Part]:
    rows = outcome(decision.imposed, breach.contract.value_currency)
    nothing = "" if rows else "No se impone multa, sanción ni declaratoria de incumplimiento. Se archiva la actuación."
    end = (
        "Contra esta decisión no procede recurso."
        if decision.is_of_appeal
        else "Notificada en la audiencia. Solo procede el recurso de reposición, que se interpone, se sustenta y se"
        " decide en la misma audiencia."
    )
    return [part("Consideraciones", decision.grounds), part("Se resuelve", nothing, rows), part("Notificación", end)]


def _citation_parts(breach: Breach, _subject: Any) -> list[Part]:
    foreseen = [(str(law.MEASURES[c].title), law.MEASURES[c].legal_basis, "") for c in breach.consequences]
    called = breach.next_session
    annex = f"{SOURCES[breach.source]}, de {breach.author_name}: {breach.report.name} (SHA-256 {breach.report.sha256})"
    return [
        *_charges(breach),
        part("Pruebas del informe", breach.proofs),
        part("Consecuencias que podrían derivarse para el contratista", rows=foreseen),
        part("Se acompaña", annex),
        part("Cómo se asiste", called.how if called else ""),
    ]


def _minutes_parts(breach: Breach, session: Session) -> list[Part]:
    decided = [
        (row.number, dates.instant(row.made_at), f"{row.document.name} (SHA-256 {row.document.sha256})")
        for row in breach.decisions.all()
        if session.begun_at and row.made_at >= session.begun_at
    ]
    called = f"La audiencia se suspende: {session.reason}" if session.reason else ""
    return [
        _came(breach, session),
        part("Desarrollo", session.development),
        _said(breach, session),
        _evidence(breach),
        part("Resoluciones notificadas en la sesión", rows=decided),
        part("Suspensión", called),
    ]


def _resolution_parts(breach: Breach, decision: Decision) -> list[Part]:
    return [*_charges(breach), _held(breach), _said(breach), _evidence(breach), *_resolved(breach, decision)]


CITATION = Paper(
    kind="breach_citation",
    name="Citación",
    title=lambda breach, subject: "Citación a audiencia",
    facts=lambda breach, subject: _where(breach.next_session) if breach.next_session else [],
    parts=_citation_parts,
    signed="Cita",
)
MINUTES = Paper(
    kind="breach_minutes",
    name="Acta",
    title=lambda breach, session: f"Acta de la sesión n.º {session.number}",
    facts=_sat,
    parts=_minutes_parts,
    signed="Firma el acta",
)
RESOLUTION = Paper(
    kind="breach_resolution",
    name="Resolución",
    title=lambda breach, decision: f"Resolución {decision.number}",
    facts=lambda breach, decision: [("Decide", "La actuación por posible incumplimiento")],
    parts=_resolution_parts,
    signed="Firma la resolución",
)
APPEAL = Paper(
    kind="breach_resolution",
    name="Resolución del recurso",
    title=lambda breach, decision: f"Resolución {decision.number}",
    facts=lambda breach, decision: [("Decide", "El recurso de reposición")],
    parts=_resolution_parts,
    signed="Firma la resolución",
)
