"""The acts of a breach that have a page, as a table: who may, with which form, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.breaches import calling, deciding, forms, hearing, law, queries
from pliego.breaches.models import Breach
from pliego.breaches.policy import BREACHES, BreachAct
from pliego.breaches.states import BREACH, SESSION
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Text
from pliego.web.buttons import Button, button
from pliego.web.forms import Form

Service = Callable[..., Any]
Told = Callable[[Breach], dict[str, Any]]


def nothing(breach: Breach) -> dict[str, Any]:
    return {}


def unopposed(breach: Breach, at: datetime) -> list[Objection]:
    return []


@dataclass(frozen=True)
class Page:
    """`path` is the last part of its address; `against` says beforehand what stands in its way."""

    path: str
    act: BreachAct
    title: Text
    submit: Text
    done: Text
    form: type[Form]
    service: Service
    kind: str = "secondary"
    lead: Text = ""
    is_written: bool = False  # long enough to be kept as a draft while it is written
    options: Told = nothing
    initial: Told = nothing
    against: Callable[[Breach, datetime], list[Objection]] = unopposed
    exists: Callable[[Breach], bool] = lambda breach: True

    @property
    def binding(self) -> bool:
        return BREACHES.is_binding(self.act)


# ---- what the forms are laid out with ------------------------------------------------------------------------------


def _of_the_citation(breach: Breach) -> dict[str, Any]:
    found: dict[str, Any] = {"facts": breach.facts, "clauses": breach.clauses}
    for row, (insurer, policy) in enumerate(queries.policies_of(breach.contract)):
        found |= {f"guarantor-{row}-name": insurer, f"guarantor-{row}-policy_number": policy}
    return found


def _guarantors(breach: Breach) -> dict[str, Any]:
    return {"count": max(1, len(queries.policies_of(breach.contract)))}


def _where(breach: Breach) -> dict[str, Any]:
    session = breach.next_session
    return {"place": session.place, "link": session.link} if session else {}


def _foreseen(breach: Breach) -> dict[str, Any]:
    return {"codes": [code for code in law.MEASURES if code in breach.consequences]}


def _imposed(breach: Breach) -> dict[str, Any]:
    return {"codes": list(breach.imposed)}


def _as_decided(breach: Breach) -> dict[str, Any]:
    return {f"measure_{code}": True if amount is None else amount for code, amount in breach.imposed.items()}


def _evidence(breach: Breach, *, is_admitted: bool | None) -> list[tuple[int, str]]:
    rows = [row for row in breach.evidence_asked.all() if row.is_admitted is is_admitted and row.taken_at is None]
    return [(row.number, f"{row.number}. {row.text[:200]}") for row in rows]


def _undecided(breach: Breach) -> dict[str, Any]:
    return {"waiting": _evidence(breach, is_admitted=None)}


def _admitted(breach: Breach) -> dict[str, Any]:
    return {"waiting": _evidence(breach, is_admitted=True)}


def _owing(breach: Breach) -> dict[str, Any]:
    return {"owing": [(row.measure, row.of.title) for row in breach.sanctions.all() if row.owed > 0]}


def _fires(act: str) -> Callable[[Breach, datetime], list[Objection]]:
    return lambda breach, at: BREACH.objections(breach, act, at=at)


def _session_waits(breach: Breach, at: datetime) -> list[Objection]:
    return SESSION.objections(breach.next_session, "open", at=at) if breach.next_session else []


def _some(told: Told, name: str) -> Callable[[Breach], bool]:
    return lambda breach: bool(told(breach)[name])


# fmt: off
PAGES: dict[str, Page] = {page.path: page for page in (
    Page("citar", BreachAct.CITE, _("Call to the hearing"), _("Sign the citation"),
         _("The contractor and its guarantors are called."), forms.CiteForm, calling.cite, "", is_written=True,
         lead=_("From here the contractor reads the report and all that follows."),
         options=_guarantors, initial=_of_the_citation),
    Page("archivar", BreachAct.DISMISS, _("File the report"), _("File it"), _("The report is filed."),
         forms.ReasonForm, calling.dismiss, is_written=True),
    Page("comenzar", BreachAct.BEGIN, _("Begin the session"), _("Begin now"), _("The session has begun."),
         forms.SureForm, calling.begin_session, "", against=_session_waits),
    Page("asistir", BreachAct.ATTEND, _("Register my attendance"), _("I am here"), _("You are registered."),
         forms.SureForm, hearing.attend, ""),
    Page("descargos", BreachAct.PLEAD, _("Give your pleas"), _("Give them"), _("Your pleas are in the file."),
         forms.PleadForm, hearing.plead, "", is_written=True),
    Page("decidir", BreachAct.DECIDE, _("Decide"), _("Sign the resolution"), _("It is decided and notified."),
         forms.DecideForm, deciding.decide, "", is_written=True,
         lead=_("What is not imposed stays empty. The resolution is notified in the hearing as you sign it."),
         options=_foreseen, against=_fires("decide")),
    Page("recurrir", BreachAct.APPEAL, _("Appeal the decision"), _("Present the appeal"), _("The appeal is presented."),
         forms.AppealForm, deciding.appeal, "", is_written=True, against=_fires("appeal")),
    Page("resolver", BreachAct.RESOLVE, _("Decide the appeal"), _("Sign the resolution"),
         _("The appeal is decided and notified."), forms.DecideForm, deciding.resolve_appeal, "", is_written=True,
         lead=_("Leave the amounts to confirm them, reduce them, or empty them. Nothing more can be imposed."),
         options=_imposed, initial=_as_decided),
    Page("acta", BreachAct.CLOSE, _("Close the hearing"), _("Sign the minutes and close"), _("The hearing is closed."),
         forms.CloseForm, deciding.close_hearing, "", is_written=True,
         lead=_("What was imposed is in force from here: the resolution and the sanction are public.")),
    Page("registrar", BreachAct.REGISTER, _("Register who came"), _("Register them"), _("They are registered."),
         forms.RegisterForm, hearing.register_party),
    Page("anotar", BreachAct.NOTE, _("Write down what was said"), _("Write it down"), _("It is in the file."),
         forms.NoteForm, hearing.note_statement, is_written=True),
    Page("pedir-prueba", BreachAct.ASK_EVIDENCE, _("Ask for evidence"), _("Ask for it"), _("It is asked for."),
         forms.EvidenceForm, hearing.ask_evidence, is_written=True),
    Page("anotar-prueba", BreachAct.ASK_FOR, _("Write down evidence"), _("Write it down"), _("It is in the file."),
         forms.NoteEvidenceForm, hearing.note_evidence, is_written=True),
    Page("decidir-prueba", BreachAct.DECIDE_EVIDENCE, _("Admit or refuse evidence"), _("Decide it"),
         _("It is decided."), forms.DecideEvidenceForm, hearing.decide_evidence, options=_undecided,
         exists=_some(_undecided, "waiting")),
    Page("practicar-prueba", BreachAct.TAKE_EVIDENCE, _("Write down what evidence gave"), _("Write it down"),
         _("It is in the file."), forms.TakeEvidenceForm, hearing.take_evidence, is_written=True, options=_admitted,
         exists=_some(_admitted, "waiting")),
    Page("anotar-recurso", BreachAct.NOTE_APPEAL, _("Write down an appeal"), _("Write it down"),
         _("The appeal is presented."), forms.NoteAppealForm, deciding.note_appeal, is_written=True,
         against=_fires("appeal")),
    Page("suspender", BreachAct.ADJOURN, _("Suspend until another date"), _("Suspend it"), _("It is suspended."),
         forms.AdjournForm, calling.adjourn, is_written=True),
    Page("aplazar", BreachAct.MOVE, _("Move to another date"), _("Move it"), _("It is moved, and all are told."),
         forms.MoveForm, calling.move_session, initial=_where),
    Page("terminar", BreachAct.CEASE, _("End it: the breach ceased"), _("End it"), _("It is ended."),
         forms.CeaseForm, calling.cease, is_written=True),
    Page("recaudo", BreachAct.RECOVER, _("Write down what was recovered"), _("Write it down"), _("It is written down."),
         forms.RecoverForm, deciding.note_recovery, "", options=_owing, exists=_some(_owing, "owing")),
    Page("demanda", BreachAct.CHALLENGE, _("Write down that it is before a judge"), _("Write it down"),
         _("The register says it."), forms.ChallengeForm, deciding.note_challenge),
    Page("sin-efecto", BreachAct.ANNUL, _("Leave the sanction without effect"), _("Leave it without effect"),
         _("It is out of the register."), forms.AnnulForm, deciding.annul, "warning"),
)}
# fmt: on


def buttons(actor: Actor, breach: Breach, at: datetime) -> list[Button]:
    """Those that the actor has now; what waits for its hour or for evidence is shown off, with the reason."""
    return [
        button(
            page.title,
            reverse("breaches:act", args=[breach.contract.code, breach.number, page.path]),
            objections=page.against(breach, at),
            kind=page.kind,
        )
        for page in PAGES.values()
        if page.exists(breach) and BREACHES.verdict(actor, page.act, breach)
    ]
