"""The one line that other rooms write: whether an act may be done, by this person, now.

`approved(kind)` goes in a table of states: it objects until the account's flow authorised exactly this content.
`require(kind, obj, actor=…)` goes in the service: delegations and segregation of functions, asked of who acts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pliego.authority import segregation
from pliego.authority.cases import Case, source_of
from pliego.authority.kinds import KINDS
from pliego.authority.models import Approval, Flow, Step
from pliego.authority.states import OPEN
from pliego.kernel.actors import Actor
from pliego.kernel.money import cop, format_money
from pliego.kernel.objections import Denied, Objection, refuse_if_any
from pliego.kernel.states import Rule

MISSING = "approval_missing"
CHANGED = "approval_void"
OTHER = "approval_of_another_option"


def flow_in_force(account_id: int, kind: str, owners: Sequence[str] = ()) -> Flow | None:
    """The flow of the first of its owners that has one; the account's when none has."""
    order = [*owners, ""]
    rows = Flow.objects.filter(account_id=account_id, kind=kind, is_active=True, owner__in=order)
    return min(rows, key=lambda flow: order.index(flow.owner), default=None)


def open_approval(account_id: int, kind: str, subject: str) -> Approval | None:
    """The approval that is on its way or was given for this act."""
    rows = Approval.objects.filter(account_id=account_id, kind=kind, subject=subject, state__in=OPEN)
    return rows.select_related("flow", "step__place__user", "step__group", "started_by").first()


def approved(kind: str) -> Rule:
    """A rule for a table of states: the act waits for the approval of its content, where the account has a flow."""

    def approval_is_missing(obj: Any, at: datetime) -> Objection | None:
        source = source_of(kind)
        account_id, subject = source.account_id(obj), source.subject(obj)
        approval = open_approval(account_id, kind, subject)
        if approval is None:
            flow = flow_in_force(account_id, kind, source.owners(obj))
            return missing(flow.steps.select_related("place__user", "group").first()) if flow else None
        if approval.state == "running":
            return missing(approval.step)
        return None if matches(approval, source.describe(obj, approval.option)) else changed()

    return approval_is_missing


def missing(step: Step | None) -> Objection:
    who = step.who if step else ""
    return Objection(MISSING, _("The approval of %(who)s is missing.") % {"who": who})


def changed() -> Objection:
    return Objection(CHANGED, _("The content changed after it was approved. Ask for the approval again."))


def matches(approval: Approval, case: Case) -> bool:
    return approval.content_sha256 == case.sha256


def require(kind: str, obj: Any, *, actor: Actor, option: str = "") -> None:
    """Refuse the act when a delegation does not reach it, a rule of segregation stops it, or another was approved."""
    source = source_of(kind)
    case = source.describe(obj, option)
    if refusal := beyond_the_mandate(actor, kind, case):
        raise Denied(refusal)
    refuse_if_any(segregation.objections_to(actor, kind, case), _another_was_approved(kind, case, option))


def beyond_the_mandate(actor: Actor, kind: str, case: Case) -> str:
    """Why the delegation in use does not reach this act; empty when it does, or when the person acts for themselves."""
    mandate = actor.mandate
    if mandate is None:
        return ""
    if mandate.kinds and kind not in mandate.kinds:
        told = {"name": mandate.grantor_name, "kind": KINDS[kind].title}
        return _("The delegation of %(name)s does not cover: %(kind)s.") % told
    if mandate.limit is not None and case.amount is not None and case.amount > mandate.limit:
        told = {"name": mandate.grantor_name, "limit": format_money(cop(mandate.limit))}
        return _("The delegation of %(name)s reaches acts of up to %(limit)s.") % told
    return ""


def _another_was_approved(kind: str, case: Case, option: str) -> Objection | None:
    if not option:
        return None
    approval = open_approval(case.account_id, kind, case.subject)
    if approval is None or approval.option == option:
        return None
    return Objection(OTHER, _("What was approved is another choice. Ask for the approval of this one."))
