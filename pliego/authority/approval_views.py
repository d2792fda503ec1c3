"""The approval of one act: asked for, done task by task, returned, cancelled; and what was said each time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pliego.authority import approving, forms, queries
from pliego.authority.cases import source_of
from pliego.authority.kinds import FLOWS
from pliego.authority.models import Approval
from pliego.authority.policy import APPROVAL_POLICY, ApprovalAct
from pliego.authority.views import GET_OR_POST, actor_of, at_of
from pliego.kernel.objections import Denied, Text, Unknown
from pliego.web.acts import perform, signed_in
from pliego.web.buttons import Button, button
from pliego.web.forms import Form


def _standing(request: HttpRequest, kind: str, subject: str) -> queries.Standing:
    """How the approval stands, of an act of the account for which the person acts with some role."""
    if kind not in FLOWS or not actor_of(request).roles:
        raise Unknown()
    found = queries.standing_of(kind, source_of(kind).find(actor_of(request), subject))
    if source_of(kind).account_id(found.obj) != actor_of(request).account_id:
        raise Unknown()
    return found


def _address(name: str, standing: queries.Standing) -> str:
    return reverse(f"authority:{name}", args=[standing.kind.code, standing.subject])


def _asked(request: HttpRequest, standing: queries.Standing) -> Approval:
    """What would be asked for, for the policy to say whether this person may."""
    account_id = source_of(standing.kind.code).account_id(standing.obj)
    return Approval(account_id=account_id, kind=standing.kind.code, subject=standing.subject)


@require_safe
@signed_in
def approval(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    standing = _standing(request, kind, subject)
    case = standing.case or source_of(kind).describe(standing.obj, "")
    account_id = source_of(kind).account_id(standing.obj)
    context = {
        "standing": standing,
        "case": case,
        "steps": standing.flow.steps.select_related("place__user", "group") if standing.flow else [],
        "buttons": _buttons(request, standing),
        "history": queries.history_of(account_id, kind, subject),
        "crumbs": ((case.url, case.subject), ("", _("Approval"))),
    }
    return render(request, "authority/approval.html", context)


def _buttons(request: HttpRequest, standing: queries.Standing) -> list[Button]:
    actor, running = actor_of(request), standing.approval
    if standing.needs_asking:
        verdict = APPROVAL_POLICY.verdict(actor, ApprovalAct.START, _asked(request, standing))
        return [button(_("Ask for the approval"), _address("approval-start", standing), verdict=verdict)]
    if running is None:
        return []
    offered = (
        (ApprovalAct.APPROVE, _("Approve"), "approval-approve", ""),
        (ApprovalAct.RETURN, _("Return with a reason"), "approval-return", "secondary"),
        (ApprovalAct.CANCEL, _("Cancel the approval"), "approval-cancel", "secondary"),
    )
    return [
        button(label, _address(name, standing), kind=kind)
        for act, label, name, kind in offered
        if APPROVAL_POLICY.verdict(actor, act, running)
    ]


def _page(standing: queries.Standing, title: Text, label: Text) -> dict[str, Any]:
    case = standing.case or source_of(standing.kind.code).describe(standing.obj, "")
    back = _address("approval", standing)
    crumbs = ((case.url, case.subject), (back, _("Approval")), ("", title))
    lead = f"{standing.kind.title}: {case.title}"
    return {"title": title, "submit_label": label, "cancel_url": back, "crumbs": crumbs, "lead": lead}


@GET_OR_POST
@signed_in
def start(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    standing = _standing(request, kind, subject)
    if not (verdict := APPROVAL_POLICY.verdict(actor_of(request), ApprovalAct.START, _asked(request, standing))):
        raise Denied(verdict.reason)
    said = _("The approval was asked for. Whoever has the first task was told.")
    return perform(
        request,
        page="authority/form.html",
        form=forms.AskApproval,
        form_options={"options_of": source_of(kind).options(standing.obj)},
        act=lambda data, actor: approving.start_approval(
            actor=actor, kind=kind, subject=subject, at=at_of(request), **data
        ),
        done=lambda asked: (_address("approval", standing), said),
        context=_page(standing, _("Ask for the approval"), _("Ask for the approval")),
    )


@dataclass(frozen=True)
class Decision:
    """A decision on an approval: which row of the policy, with which words, and the service that does it."""

    act: ApprovalAct
    title: Text
    form: type[Form]
    do: Callable[..., Approval]
    needs_step: bool = True


# fmt: off
DECISIONS = {
    "approve": Decision(ApprovalAct.APPROVE, _("Approve"),              forms.Note,   approving.approve_step),
    "return":  Decision(ApprovalAct.RETURN,  _("Return with a reason"), forms.Reason, approving.return_approval),
    "cancel":  Decision(ApprovalAct.CANCEL,  _("Cancel the approval"),  forms.Reason, approving.cancel_approval, False),
}
# fmt: on


@GET_OR_POST
@signed_in
def decide(request: HttpRequest, kind: str, subject: str, decision: str) -> HttpResponse:
    """A decision on the approval that is on its way, at the very task that the person saw."""
    standing, made = _standing(request, kind, subject), DECISIONS[decision]
    running = standing.approval
    if running is None:
        raise Unknown()
    if request.method != "POST" and not (verdict := APPROVAL_POLICY.verdict(actor_of(request), made.act, running)):
        raise Denied(verdict.reason)
    number = request.POST.get("tarea", "") or str(running.step.number if running.step else 0)
    at_step = {"step": int(number) if number.isdecimal() else 0} if made.needs_step else {}
    told: dict[str, Any] = {"approval_id": running.pk, "at": at_of(request), **at_step}
    return perform(
        request, page="authority/decide.html", form=made.form, form_options={"beside": ("tarea",)},
        act=lambda data, actor: made.do(actor=actor, **told, **data),
        done=lambda decided: (_address("approval", standing), _("Written down.")),
        context={**_page(standing, made.title, made.title), "step": running.step, "number": number},
    )  # fmt: skip
