"""Replacing the factors of who lost them all: proof of identity, two people of the desk, a wait, and the password.

Guarantees: no mail and no single person opens anything: the link that is mailed at the end asks for the password, and
is mailed only after one person of the desk proved the identity and another confirmed it. Until it is used, whoever
still has a factor stops it by using it, or by saying that it was not them. The wait and the links are of the real
clock. Every address that the person has, or had some months ago, is told of each step.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pliego.accounts import devices, door, events, factors, holds, journal, links, services, tasks, tries
from pliego.accounts.models import AccessRecord, FormerEmail, Reissue, User
from pliego.accounts.policy import REISSUING, ReissueAct
from pliego.accounts.states import REISSUE
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload

FACTORS = frozenset({"totp", "webauthn", "recovery_codes"})
SHORTEST_REASON = 20
DAYS_TO_USE = 7
FORMER_TOLD = timedelta(days=180)
NOT_ME, USED = "not_me", "factor_used"
Kind = AccessRecord.Kind
# What the first person of the desk does to know who asks, each of them.
CHECKS = {
    "registration": gettext_lazy("The document has the name, type and number of the registration"),
    "source": gettext_lazy("The document was found valid at the source that issues it"),
    "presence": gettext_lazy(
        "The person was seen with the document, in person or in a video call, and is who it shows"
    ),
    "contact": gettext_lazy("Somebody was reached at a telephone that the platform had before, not one of the request"),
}


def ask(*, request: HttpRequest, email: str) -> None:
    """Ask for the link that opens a case. Who has that address is looked up by the worker."""
    place = journal.door_of(request)
    if not tries.take(tries.MAILS_OF_NETWORK, place.network):
        raise Refused(Objection("too_many_mails", _("Too many requests from your network. Wait an hour."), "email"))
    told = {"network": place.network, "place": place.place, "device": place.device[:200]}
    tasks.mail_reissue.defer(email=email.strip().lower(), **told)


@transaction.atomic
def open_case(*, request: HttpRequest, secret: str, reason: str, files: list[Upload], at: datetime) -> Reissue:
    """The owner of the mailbox says what happened and shows their document. Nothing changes at the door."""
    user, place = links.read(secret, links.Purpose.REISSUE).user, journal.door_of(request)
    refuse_if_any(
        _too_short(reason),
        None if files else Objection("evidence_missing", _("Attach your identity document, both sides."), "evidence"),
    )
    links.use(secret, links.Purpose.REISSUE)
    case = Reissue(code=f"REP-{random_code(2)}", user=user, reason=reason.strip(), opened_at=at)
    case.network, case.device = place.network, place.device[:200]
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise Refused(Objection("already_done", _("You already have a case, and the service desk has it."))) from None
    person = services.as_actor(user)
    kept = _keep(person, files, case, at)
    case.documents.set(kept)
    journal.record(user=user, kind=Kind.REISSUE, door=place, method="opened", detail=case.code)
    return _announced(events.ReissueAsked, case, person, at, tell="reissue_asked", papers=kept)


@transaction.atomic
def prove(*, actor: Actor, code: str, checks: list[str], findings: str, files: list[Upload], at: datetime) -> Reissue:
    """The first person of the desk: who asks is who is registered, with each check done and what shows it."""
    case = _locked(code)
    REISSUING.require(actor, ReissueAct.PROVE, case)
    refuse_if_any(
        checks_are_missing(checks),
        _too_short(findings, "findings"),
        None
        if files
        else Objection("evidence_missing", _("Attach what shows it: the record of the call."), "evidence"),
    )
    REISSUE.fire(case, "prove", at=at)
    case.proved_by_id, case.proved_at, case.checks, case.findings = actor.user_id, at, sorted(checks), findings.strip()
    case.save()
    kept = _keep(actor, files, case, at)
    case.evidence.set(kept)
    return _announced(events.ReissueProved, case, actor, at, papers=kept, checks=case.checks)


@transaction.atomic
def confirm(*, actor: Actor, code: str, at: datetime) -> Reissue:
    """The second person of the desk: the wait begins, and every address of the person is told when it ends."""
    case = _locked(code)
    REISSUING.require(actor, ReissueAct.CONFIRM, case)
    REISSUE.fire(case, "confirm", at=at)
    case.confirmed_by_id, case.confirmed_at = actor.user_id, at
    case.effective_at = clock.real_now() + timedelta(hours=settings.PLIEGO_REISSUE_HOURS)
    case.lapses_at = case.effective_at + timedelta(days=DAYS_TO_USE)
    case.save()
    when = case.effective_at.isoformat()
    return _announced(events.ReissueConfirmed, case, actor, at, tell="reissue_confirmed", effective_at=when)


@transaction.atomic
def refuse(*, actor: Actor, code: str, reason: str, at: datetime) -> Reissue:
    """It does not go on; the person is told why."""
    case = _locked(code)
    REISSUING.require(actor, ReissueAct.REFUSE, case)
    refuse_if_any(_too_short(reason))
    REISSUE.fire(case, "refuse", at=at)
    return _closed(case, events.ReissueRefused, actor, at, reason.strip(), tell="reissue_refused")


@transaction.atomic
def stop(*, actor: Actor, code: str, at: datetime) -> Reissue:
    """The person is inside and did not ask for it. For a day nobody asks again by mail."""
    case = _locked(code)
    REISSUING.require(actor, ReissueAct.STOP, case)
    holds.place(case.user, holds.Kind.RECOVERY_FROZEN, "reissue_stopped")
    return _stopped(case, actor, at, NOT_ME)


def stop_all(*, user: User, actor: Actor, at: datetime, why: str) -> None:
    """Whatever is under way for this person stops."""
    for code in Reissue.objects.under_way().filter(user=user).values_list("code", flat=True):
        case = _locked(code)
        if REISSUE.allows(case, "stop"):
            _stopped(case, actor, at, why)


@transaction.atomic
def factor_was_used(user: User) -> None:
    """Somebody has a factor after all: a replacement that waits for its hour, or for its link, is off."""
    for code in Reissue.objects.filter(user=user, state="confirmed").values_list("code", flat=True):
        case = _locked(code)
        if REISSUE.allows(case, "stop"):
            _stopped(case, services.as_actor(user), clock.now(), USED)


def of_link(secret: str) -> Reissue:
    """The case whose wait is over and to which this link belongs; Unknown for anything else."""
    user = links.read(secret, links.Purpose.NEW_FACTOR).user
    case = Reissue.objects.select_related("user").filter(user=user, state="confirmed").first()
    if case is None or not case.is_open_to_its_link(clock.real_now()):
        raise Unknown()
    return case


def password_is_wrong(request: HttpRequest, case: Reissue, password: str) -> Objection | None:
    """The try is counted, whatever comes of it. Call it outside the transaction of the act."""
    if not password:
        return Objection("missing", _("Write your password."), "password")
    try:
        found = door.prove_password(request, email=case.user.email, password=password)
    except Refused as refused:
        return Objection("door_closed", refused.objections[0].sentence, "password")
    return None if found == case.user else _not_the_password()


@transaction.atomic
def use(
    *, request: HttpRequest, secret: str, password: str, totp_secret: str, code: str, at: datetime
) -> tuple[Reissue, list[str]]:
    """With the password, a new authenticator takes the place of every factor; answers the recovery codes."""
    case = _locked(of_link(secret).code)
    if not case.is_open_to_its_link(clock.real_now()):  # stopped, or used, while this waited for its row
        raise Unknown()
    user = User.objects.select_for_update(no_key=True).get(pk=case.user_id)
    if not user.check_password(password):
        raise Refused(_not_the_password())
    links.use(secret, links.Purpose.NEW_FACTOR)
    holds.place(user, holds.Kind.AFTER_CHANGE, "factors_reissued")
    gone = Authenticator.objects.filter(user=user)
    removed = sorted(gone.values_list("type", flat=True))
    gone.delete()
    recovery_codes = factors.activate_totp(user=user, secret=totp_secret, code=code)
    REISSUE.fire(case, "use", at=at)
    services.end_other_sessions(user=user, keep="")
    devices.revoke(devices.of(user))
    for purpose in (links.Purpose.RECOVERY, links.Purpose.DEVICE, links.Purpose.NEW_FACTOR):
        links.void(user, purpose)
    journal.record(user=user, kind=Kind.REISSUE, door=journal.door_of(request), method="desk", detail=case.code)
    more = {"removed": removed, "added": ["totp"]}
    person = services.as_actor(user)
    return _closed(case, events.FactorsReissued, person, at, "", tell="reissue_done", **more), recovery_codes


def end_those_over(at: datetime) -> int:
    """Write down that those whose days to be used are over have ended. Their links are dead since that moment."""
    over = Reissue.objects.filter(state="confirmed", lapses_at__lte=clock.real_now())
    codes = list(over.values_list("code", flat=True))
    for code in codes:
        with transaction.atomic():
            case = _locked(code)
            if REISSUE.allows(case, "lapse"):
                REISSUE.fire(case, "lapse", at=at)
                _closed(case, events.ReissueLapsed, SYSTEM, at, "")
    return len(codes)


def addresses(user: User) -> list[str]:
    """Where the person is told: their address, and those that they left some months ago."""
    recent = FormerEmail.objects.filter(user=user, left_at__gt=clock.real_now() - FORMER_TOLD)
    return list(dict.fromkeys([user.email, *recent.order_by("-left_at").values_list("email", flat=True)]))


def _stopped(case: Reissue, actor: Actor, at: datetime, why: str) -> Reissue:
    REISSUE.fire(case, "stop", at=at)
    links.void(case.user, links.Purpose.NEW_FACTOR)
    links.void(case.user, links.Purpose.REISSUE)
    journal.record(user=case.user, kind=Kind.REISSUE, door=journal.Door(), method="stopped", detail=case.code)
    sentence = {
        NOT_ME: _("The person said that it was not them."),
        USED: _("The person used a factor that they have."),
    }[why]
    return _closed(case, events.ReissueStopped, actor, at, sentence, tell="reissue_stopped", why=why)


def _closed(case: Reissue, event: type[Event], actor: Actor, at: datetime, reason: str, **more: Any) -> Reissue:
    case.closed_at, case.closed_by_id, case.closing_reason = at, actor.user_id, reason
    case.save()
    return _announced(event, case, actor, at, **more)


def _announced(
    event: type[Event],
    case: Reissue,
    actor: Actor,
    at: datetime,
    *,
    tell: str = "",
    papers: list[Document] | None = None,
    **more: Any,
) -> Reissue:
    data = {"case": case.code, "person": case.user.code, "reason": case.closing_reason or case.reason, **more}
    announced = event(
        file=case.user.file, subject_id=case.user_id, data=data, documents=tuple(p.sha256 for p in papers or ())
    )
    case.receipt = outbox.publish(announced, actor=actor, at=at)
    words = {"code": case.code, "reason": case.closing_reason}
    words["when"] = case.effective_at.isoformat() if case.effective_at else ""
    for address in addresses(case.user) if tell else ():
        tasks.mail.defer(template=tell, user_id=case.user_id, to=address, words=words)
    return case


def _locked(code: str) -> Reissue:
    found = Reissue.objects.select_for_update(of=("self",)).select_related("user").filter(code=code).first()
    if found is None:
        raise Unknown()
    return found


def _keep(actor: Actor, files: list[Upload], case: Reissue, at: datetime) -> list[Document]:
    told: dict[str, Any] = {"kind": "other", "audience": "desk", "file": case.user.file, "at": at, "field": "evidence"}
    return [documents.take(actor=replace(actor, account_id=None), value=value, **told) for value in files]


def checks_are_missing(checks: list[str]) -> Objection | None:
    if set(checks) == set(CHECKS):
        return None
    sentence = _("Do and mark every check. If one cannot be done, refuse the case and say why.")
    return Objection("checks_missing", sentence, "checks")


def _not_the_password() -> Objection:
    sentence = _("That is not your password. If you do not remember it, recover it first and come back to this link.")
    return Objection("password_wrong", sentence, "password")


def _too_short(text: str, field: str = "reason") -> Objection | None:
    if len(text.strip()) >= SHORTEST_REASON:
        return None
    return Objection("reason_missing", _("Write it with what somebody who was not there needs to understand."), field)
