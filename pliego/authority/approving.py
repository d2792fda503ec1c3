"""An act on its way through its flow: asked for, approved task by task, returned, cancelled."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pliego.authority import events, gates, segregation
from pliego.authority.cases import Case, Source, source_of
from pliego.authority.models import Approval, Decision, Flow, GroupPlace, Step
from pliego.authority.policy import APPROVAL_POLICY, ApprovalAct
from pliego.authority.states import APPROVAL
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox

OURS = {gates.MISSING, gates.CHANGED}


@transaction.atomic
def start_approval(
    *, actor: Actor, kind: str, subject: str, at: datetime, option: str = "", note: str = ""
) -> Approval:
    """Ask for the approval of an act as it is now; from here on that content is what is approved."""
    source = source_of(kind)
    obj = source.find(actor, subject)
    case = source.describe(obj, option)
    asked = Approval(account_id=case.account_id, kind=kind, subject=subject, started_by_id=actor.user_id or 0)
    APPROVAL_POLICY.require(actor, ApprovalAct.START, asked)
    in_force = gates.flow_in_force(case.account_id, kind, source.owners(obj))
    flow = Flow.objects.select_for_update().filter(pk=in_force.pk, is_active=True).first() if in_force else None
    if flow is None:
        raise Refused(Objection("no_flow", _("Your account has no approval flow for this act: do it directly.")))
    refuse_if_any(_is_not_ready(source, obj, at), _unknown_option(source, obj, option), _nobody_can_do(flow))
    _void_the_one_before(case, kind, actor, at)
    asked.code, asked.flow, asked.option = next_public_id("approval"), flow, option
    asked.title, asked.file, asked.content_sha256 = case.title[:250], case.file, case.sha256
    asked.step, asked.started_at, asked.reason = flow.steps.first(), at, " ".join(note.split())[:1000]
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError as error:
        raise Refused(_already()) from error
    _announce(events.ApprovalStarted, asked, actor, at, tell=people_of(asked.step))
    return asked


def _already() -> Objection:
    return Objection("already_done", _("The approval of this content was asked for already."))


def _is_not_ready(source: Source, obj: Any, at: datetime) -> list[Objection]:
    found = source.machine.objections(obj, source.act, at=at)
    return [objection for objection in found if objection.code not in OURS | source.early]


def _unknown_option(source: Source, obj: Any, option: str) -> Objection | None:
    known = [code for code, _title in source.options(obj)]
    if option in known or (not known and not option):
        return None
    return Objection("unknown_option", _("Choose what is to be approved."), "option")


def _nobody_can_do(flow: Flow) -> list[Objection]:
    sentence = _("The task “%(step)s” has nobody who can do it. Ask an administrator to change the flow.")
    empty = [step for step in flow.steps.select_related("place__user", "group") if not people_of(step)]
    return [Objection("nobody_for_the_task", sentence % {"step": step.name}) for step in empty]


def _void_the_one_before(case: Case, kind: str, actor: Actor, at: datetime) -> None:
    """An approval of other content makes room for the new one; one of the same content stands."""
    rows = Approval.objects.select_for_update().filter(account_id=case.account_id, kind=kind, subject=case.subject)
    before = rows.filter(state__in=("running", "authorised")).first()
    if before is None:
        return
    if gates.matches(before, case):
        raise Refused(_already())
    APPROVAL.fire(before, "void", at=at)
    before.step, before.ended_at = None, at
    before.save(update_fields=["state", "step", "ended_at"])
    _announce(events.ApprovalVoided, before, actor, at, tell=[before.started_by.code])


@transaction.atomic
def approve_step(*, actor: Actor, approval_id: int, step: int, at: datetime, note: str = "") -> Approval:
    """Do one task of the flow. Of a group, whoever is first does it for all; the last task authorises the act."""
    approval = _held(actor, ApprovalAct.APPROVE, approval_id, step)
    case = _unchanged(approval, actor)
    refuse_if_any(_not_by_them(approval, case, actor))
    _decide(approval, actor, at, is_approved=True, reason=note)
    done = approval.step
    assert done is not None
    following = approval.flow.steps.filter(number__gt=done.number).first()
    APPROVAL.fire(approval, "approve" if following else "authorise", at=at)
    approval.step, approval.ended_at = following, None if following else at
    approval.save(update_fields=["state", "step", "ended_at"])
    event = events.StepApproved if following else events.ApprovalAuthorised
    tell = people_of(following) if following else [approval.started_by.code]
    _announce(event, approval, actor, at, tell=tell, task=done.name)
    return approval


@transaction.atomic
def return_approval(*, actor: Actor, approval_id: int, step: int, reason: str, at: datetime) -> Approval:
    """Do not approve: whoever asked for it reads why, mends it and asks again."""
    approval = _held(actor, ApprovalAct.RETURN, approval_id, step)
    if not reason.strip():
        raise Refused(Objection("reason_missing", _("Write the reason."), "reason"))
    _decide(approval, actor, at, is_approved=False, reason=reason)
    done = approval.step
    assert done is not None
    APPROVAL.fire(approval, "return", at=at)
    approval.step, approval.ended_at, approval.reason = None, at, " ".join(reason.split())[:1000]
    approval.save(update_fields=["state", "step", "ended_at", "reason"])
    tell = [approval.started_by.code]
    _announce(events.ApprovalReturned, approval, actor, at, tell=tell, task=done.name, reason=approval.reason)
    return approval


@transaction.atomic
def cancel_approval(*, actor: Actor, approval_id: int, at: datetime, reason: str = "") -> Approval:
    """Give up the request, or the approval that was given and not used."""
    approval = _locked(approval_id)
    APPROVAL_POLICY.require(actor, ApprovalAct.CANCEL, approval)
    APPROVAL.fire(approval, "cancel", at=at)
    tell = people_of(approval.step)
    approval.step, approval.ended_at, approval.reason = None, at, " ".join(reason.split())[:1000]
    approval.save(update_fields=["state", "step", "ended_at", "reason"])
    _announce(events.ApprovalCancelled, approval, actor, at, tell=tell, reason=approval.reason)
    return approval


def _locked(approval_id: int) -> Approval:
    rows = Approval.objects.select_for_update(of=("self",)).select_related(
        "account", "flow", "started_by", "step__place__user", "step__group"
    )
    if (found := rows.filter(pk=approval_id).first()) is None:
        raise Unknown()
    return found


def _held(actor: Actor, act: ApprovalAct, approval_id: int, step: int) -> Approval:
    """The approval, locked, at the very task that the person saw: a second click never does the next one."""
    approval = _locked(approval_id)
    if APPROVAL_POLICY.verdict(actor, ApprovalAct.VIEW, approval) and (
        approval.step is None or approval.step.number != step
    ):
        done = approval.decisions.filter(step__number=step).select_related("user").first()
        said = _("%(name)s already did this task.") if done else _("This task no longer waits.")
        raise Refused(Objection("already_done", said % {"name": done.user.full_name} if done else said))
    APPROVAL_POLICY.require(actor, act, approval)
    return approval


def _unchanged(approval: Approval, actor: Actor) -> Case:
    source = source_of(approval.kind)
    case = source.describe(source.find(actor, approval.subject), approval.option)
    if not gates.matches(approval, case):
        raise Refused(gates.changed())
    return case


def _not_by_them(approval: Approval, case: Case, actor: Actor) -> list[Objection]:
    """Nobody approves what they asked to be approved, nor what the rules of segregation keep from them."""
    refusal = gates.beyond_the_mandate(actor, approval.kind, case)
    found = [Objection("beyond_the_mandate", refusal)] if refusal else []
    if approval.started_by_id in actor.people:
        rule = segregation.BY_CODE["approves_own_work"]
        found.append(Objection(rule.code, rule.reason, "", str(rule.source)))
    return found or segregation.objections_to(actor, approval.kind, case)


def _decide(approval: Approval, actor: Actor, at: datetime, *, is_approved: bool, reason: str) -> None:
    assert actor.user_id is not None
    assert approval.step is not None
    Decision.objects.create(
        approval=approval,
        step=approval.step,
        user_id=actor.user_id,
        on_behalf_of_id=actor.mandate.grantor_id if actor.mandate else None,
        is_approved=is_approved,
        reason=" ".join(reason.split())[:1000],
        at=at,
    )


def people_of(step: Step | None) -> list[str]:
    """The codes of the people who may do the task now."""
    if step is None:
        return []
    if step.place is not None:
        return [step.place.user.code] if step.place.state == "accepted" else []
    members = GroupPlace.objects.filter(group=step.group, group__is_active=True, place__state="accepted")
    return list(members.order_by("pk").values_list("place__user__code", flat=True))


def _announce(event: type[Event], approval: Approval, actor: Actor, at: datetime, **more: Any) -> None:
    data = {
        "approval": approval.code,
        "kind": approval.kind,
        "subject": approval.subject,
        "about": approval.title,
        "option": approval.option,
        "flow": approval.flow.version,
        "content_sha256": approval.content_sha256,
        "account": approval.account.code,
        **more,
    }
    announced = event(file=approval.file, subject_id=approval.pk, data=data)
    approval.receipt = outbox.publish(announced, actor=actor, at=at)
