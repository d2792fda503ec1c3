"""Suspending a person: one opens it, two others put it in force, the person is told, answers and is answered.

Guarantees: only on a ground of the closed list (`misuse`), with reason and evidence; never by the platform itself; two
approvals of different people, however close in time they come; who is suspended still signs in, reads and appeals.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pliego.accounts import misuse
from pliego.accounts.models import Appeal, Suspension, SuspensionApproval, User
from pliego.accounts.policy import POLICY, Act
from pliego.accounts.standing_events import (
    AppealAnswered,
    PersonSuspended,
    SuspensionAppealed,
    SuspensionApproved,
    SuspensionEnded,
    SuspensionLifted,
    SuspensionProposed,
    SuspensionRejected,
)
from pliego.accounts.states import APPEAL, SUSPENSION
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.kernel.events import Event
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, Unknown, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.web.fields import Upload

SHORTEST_REASON = 20
LONGEST_TERM = timedelta(days=366)
APPEAL_DAYS = 10  # business days to appeal: Ley 1437 de 2011, art. 76
ANSWER_DAYS = 15  # business days to answer: Ley 1437 de 2011, art. 14 (Ley 1755 de 2015)


@dataclass(frozen=True)
class Proposal:
    """What somebody of the desk writes to open a suspension."""

    person: str
    kind: str
    ground: str
    misuse: str = ""
    asked_by: str = ""
    decision: str = ""
    reason: str = ""
    until: date | None = None
    evidence: list[Upload] = field(default_factory=list)


def proposal_is_incomplete(told: Proposal, at: datetime) -> list[Objection]:
    """Everything that is missing, at once."""
    ground = misuse.GROUNDS.get(told.ground)
    if ground is None:
        return [Objection("ground_unknown", _("Choose one of the grounds of the terms of use."), "ground")]
    found = []
    if told.kind not in ground.kinds:
        found.append(Objection("kind_unknown", _("Choose whether it is provisional or definitive."), "kind"))
    if (ground.code == "misuse") != (told.misuse in misuse.MISUSES):
        found.append(Objection("misuse_unknown", _("Choose the event of misuse, and only with that ground."), "misuse"))
    if ground.code != "inactivity" and not told.asked_by.strip():
        found.append(Objection("who_asked", _("Write who asked for it and what their interest is."), "asked_by"))
    is_final = told.kind == misuse.DEFINITIVE and ground.code == "misuse"
    if (ground.asks_decision or is_final) and not told.decision.strip():
        found.append(Objection("decision_missing", _("Write the decision of the competent body."), "decision"))
    if len(told.reason.strip()) < SHORTEST_REASON:
        found.append(Objection("reason_missing", _("Say the facts: the person will answer to them."), "reason"))
    if not told.evidence and ground.code != "inactivity":
        found.append(Objection("evidence_missing", _("Attach at least one document of evidence."), "evidence"))
    return gather(found, _term_is_wrong(told, at))


def _term_is_wrong(told: Proposal, at: datetime) -> Objection | None:
    if told.kind != misuse.PROVISIONAL:
        return None
    if told.until is None or not at < _end_of(told.until) <= at + LONGEST_TERM:
        sentence = _("A provisional suspension has a last day: after today and within a year. It can be renewed.")
        return Objection("term_wrong", sentence, "until")
    return None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), BOGOTA)


@transaction.atomic
def open_suspension(*, actor: Actor, told: Proposal, at: datetime) -> Suspension:
    """Propose it. Nothing changes for the person until two others approve."""
    user = registered(told.person)
    if user is None:
        raise Refused(Objection("person_unknown", _("Nobody is registered with that code or e-mail."), "person"))
    suspension = Suspension(
        code=f"SUS-{random_code(2)}",
        user=user,
        kind=told.kind,
        ground=told.ground,
        misuse=told.misuse,
        asked_by=told.asked_by.strip(),
        decision=told.decision.strip(),
        reason=told.reason.strip(),
        until=_end_of(told.until) if told.until and told.kind == misuse.PROVISIONAL else None,
        opened_by_id=actor.user_id,
        opened_at=at,
    )
    POLICY.require(actor, Act.OPEN, suspension)
    refuse_if_any(proposal_is_incomplete(told, at))
    try:
        with transaction.atomic():
            suspension.save()
    except IntegrityError:
        raise Refused(Objection("already_done", _("There is already an open suspension of this person."))) from None
    kept = keep(actor, told.evidence, file=suspension_file(suspension), at=at)
    suspension.evidence.set(kept)
    _announce(SuspensionProposed, suspension, actor, at, documents=kept, file=suspension_file(suspension))
    return suspension


@transaction.atomic
def approve(*, actor: Actor, code: str, at: datetime) -> Suspension:
    """One of the two approvals; with the second the suspension is in force and the person is told."""
    suspension = locked(code)
    POLICY.require(actor, Act.APPROVE, suspension)
    assert actor.user_id is not None
    if suspension.approvals.filter(by_id=actor.user_id).exists():
        raise Refused(Objection("already_done", _("You already approved it: another person approves second.")))
    SUSPENSION.fire(suspension, "approve", at=at)
    SuspensionApproval.objects.create(suspension=suspension, by_id=actor.user_id, at=at)
    if suspension.state != "in_force":
        suspension.save()
        _announce(SuspensionApproved, suspension, actor, at, file=suspension_file(suspension))
        return suspension
    suspension.in_force_from = at
    suspension.save()
    User.objects.filter(pk=suspension.user_id).update(suspension=suspension)
    _announce(PersonSuspended, suspension, actor, at, documents=list(suspension.evidence.all()))
    return suspension


@transaction.atomic
def reject(*, actor: Actor, code: str, reason: str, at: datetime) -> Suspension:
    """It does not go on; who opened it may withdraw it in this way too."""
    suspension = locked(code)
    POLICY.require(actor, Act.REJECT, suspension)
    SUSPENSION.fire(suspension, "reject", at=at)
    return _closed(suspension, SuspensionRejected, actor, at, reason, file=suspension_file(suspension))


@transaction.atomic
def lift(*, actor: Actor, code: str, reason: str, at: datetime) -> Suspension:
    """Reverse it: no harmful conduct was found, or the ground is gone. The person acts again at once."""
    suspension = locked(code)
    POLICY.require(actor, Act.LIFT, suspension)
    SUSPENSION.fire(suspension, "lift", at=at)
    return _closed(suspension, SuspensionLifted, actor, at, reason)


@transaction.atomic
def appeal(*, actor: Actor, code: str, text: str, files: list[Upload], at: datetime) -> Appeal:
    """The person answers or appeals. Late is no reason not to be read: the date says what it is."""
    suspension = locked(code)
    POLICY.require(actor, Act.APPEAL, suspension)
    if len(text.strip()) < SHORTEST_REASON:
        raise Refused(Objection("text_missing", _("Write what you answer to the facts."), "text"))
    if suspension.appeals.filter(state="filed").exists():
        raise Refused(Objection("already_done", _("Your last one waits for its answer; then you can write again.")))
    found = Appeal.objects.create(
        suspension=suspension,
        number=suspension.appeals.count() + 1,
        text=text.strip(),
        filed_at=at,
        answer_due_at=calendar.at(calendar.add(at.astimezone(BOGOTA).date(), ANSWER_DAYS), hour=17),
    )
    kept = keep(actor, files, file=suspension.user.file, at=at)
    found.documents.set(kept)
    data: dict[str, Any] = {"number": found.number, "text": found.text}
    found.receipt = _announce(SuspensionAppealed, suspension, actor, at, documents=kept, **data)
    return found


@transaction.atomic
def answer(*, actor: Actor, code: str, number: int, grants: bool, text: str, at: datetime) -> Appeal:
    """Answer an appeal; one that is granted lifts the suspension."""
    suspension = locked(code)
    POLICY.require(actor, Act.ANSWER, suspension)
    found = suspension.appeals.filter(number=number).first()
    if found is None:
        raise Unknown()
    if len(text.strip()) < SHORTEST_REASON:
        raise Refused(Objection("text_missing", _("Write the reasons of the answer."), "text"))
    APPEAL.fire(found, "grant" if grants else "deny", at=at)
    found.answer, found.answered_by_id, found.answered_at = text.strip(), actor.user_id, at
    found.save()
    data: dict[str, Any] = {"number": number, "granted": grants, "reason": found.answer}
    found.receipt = _announce(AppealAnswered, suspension, actor, at, **data)
    if grants:
        SUSPENSION.fire(suspension, "lift", at=at)
        _closed(suspension, SuspensionLifted, actor, at, found.answer)
    return found


def end_those_over(at: datetime) -> int:
    """Write down that the provisional ones whose term is over have ended. They bind nobody since that moment."""
    codes = Suspension.objects.filter(state="in_force", until__lte=at).values_list("code", flat=True)
    for code in list(codes):
        with transaction.atomic():
            suspension = locked(code)
            if SUSPENSION.allows(suspension, "end"):
                SUSPENSION.fire(suspension, "end", at=at)
                _closed(suspension, SuspensionEnded, SYSTEM, at, "")
    return len(codes)


def registered(text: str) -> User | None:
    """The living registration with that code or e-mail."""
    typed = text.strip()
    return User.objects.filter(Q(code=typed.upper()) | Q(email=typed.lower()), closed_at=None).first()


def locked(code: str) -> Suspension:
    found = Suspension.objects.select_for_update(of=("self",)).select_related("user").filter(code=code).first()
    if found is None:
        raise Unknown()
    return found


def suspension_file(suspension: Suspension) -> str:
    """The ledger file of what happens before the person is concerned."""
    return f"suspension:{suspension.code}"


def keep(actor: Actor, files: list[Upload], *, file: str, at: datetime) -> list[Document]:
    """Documents that the desk reads, and the person they concern."""
    by_themselves = replace(actor, account_id=None)
    told: dict[str, Any] = {"kind": "other", "audience": "desk", "file": file, "at": at, "field": "evidence"}
    return [documents.take(actor=by_themselves, value=value, **told) for value in files]


def _closed(
    suspension: Suspension, event: type[Event], actor: Actor, at: datetime, reason: str, *, file: str = ""
) -> Suspension:
    if not reason.strip() and actor is not SYSTEM:
        raise Refused(Objection("reason_missing", _("Write the reason."), "reason"))
    suspension.closed_at, suspension.closed_by_id, suspension.closing_reason = at, actor.user_id, reason.strip()
    suspension.save()
    User.objects.filter(pk=suspension.user_id, suspension=suspension).update(suspension=None)
    _announce(event, suspension, actor, at, file=file, closing_reason=reason.strip())
    return suspension


def _announce(
    event: type[Event],
    suspension: Suspension,
    actor: Actor,
    at: datetime,
    *,
    documents: list[Document] | None = None,
    file: str = "",
    **more: Any,
) -> Entry:
    data = {
        "suspension": suspension.code,
        "person": suspension.user.code,
        "kind": suspension.kind,
        "ground": suspension.ground,
        "misuse": suspension.misuse,
        "decision": suspension.decision,
        "reason": suspension.reason,
        "until": suspension.until.isoformat() if suspension.until else "",
        **more,
    }
    announced = event(
        file=file or suspension.user.file,
        subject_id=suspension.pk,
        data=data,
        documents=tuple(document.sha256 for document in documents or ()),
    )
    suspension.receipt = outbox.publish(announced, actor=actor, at=at)
    return suspension.receipt
