"""What waits for a person in this room: signatures beside another's, and, at the desk, cases and appeals."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.accounts import cosigning
from pliego.accounts.models import Appeal, DoorReport, Merger, Reissue, Suspension, User
from pliego.accounts.policy import MERGING, POLICY, REISSUING, Act, MergerAct, ReissueAct
from pliego.accounts.reports import DESK
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task

AT_ONCE = 100
REISSUE_ACTS = (
    (ReissueAct.PROVE, _("Prove the identity of who lost their factors")),
    (ReissueAct.CONFIRM, _("Confirm the replacement of lost factors")),
)


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Lines of “Mis tareas”."""
    found = cosigning.tasks_for(actor, at)
    return found + _desk(actor) if actor.platform_roles else found


def _desk(actor: Actor) -> list[Task]:
    reason = _("You are of the service desk")
    waiting = Suspension.objects.filter(state__in=["proposed", "approved"]).select_related("user")
    waiting = waiting.exclude(approvals__by_id=actor.user_id).order_by("opened_at", "pk")
    found = [
        Task(_("Approve or reject the suspension"), _at("desk-suspension", row.code), row.user.full_name, reason)
        for row in waiting[:AT_ONCE]
        if POLICY.verdict(actor, Act.APPROVE, row)
    ]
    appeals = Appeal.objects.filter(state="filed").select_related("suspension__user").order_by("answer_due_at", "pk")
    found += [
        Task(
            title=_("Answer the appeal"),
            url=_at("desk-suspension", row.suspension.code),
            subject=row.suspension.user.full_name,
            reason=reason,
            due_at=row.answer_due_at,
        )
        for row in appeals[:AT_ONCE]
        if POLICY.verdict(actor, Act.ANSWER, row.suspension)
    ]
    mergers = Merger.objects.filter(state__in=["proposed", "approved"]).select_related("kept")
    found += [
        Task(_("Approve or reject the merging"), _at("desk-merger", row.code), row.kept.full_name, reason)
        for row in mergers.exclude(approvals__by_id=actor.user_id).order_by("opened_at", "pk")[:AT_ONCE]
        if MERGING.verdict(actor, MergerAct.APPROVE, row)
    ]
    lost = Reissue.objects.filter(state__in=["asked", "proved"]).select_related("user").order_by("opened_at", "pk")
    found += [
        Task(title, _at("desk-reissue", row.code), row.user.full_name, reason)
        for row in lost[:AT_ONCE]
        for act, title in REISSUE_ACTS
        if REISSUING.verdict(actor, act, row)
    ]
    claimed = User.objects.filter(is_claim=True, is_active=True).order_by("created_at", "pk")
    found += [
        Task(_("Settle a document of two registrations"), _at("desk-person", row.code), row.full_name, reason)
        for row in claimed[:AT_ONCE]
        if DESK & actor.platform_roles
    ]
    reports = DoorReport.objects.filter(closed_at=None).select_related("user").order_by("opened_at", "pk")
    if DESK & actor.platform_roles:
        found += [
            Task(_("Look at a reported access"), _at("case", row.code), row.user.full_name, reason)
            for row in reports[:AT_ONCE]
        ]
    return found


def _at(name: str, code: str) -> str:
    return reverse(f"accounts:{name}", args=[code])
