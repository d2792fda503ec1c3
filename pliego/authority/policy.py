"""Who configures an account, who approves, who delegates."""

from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.authority.kinds import FLOWS
from pliego.kernel.actors import Actor
from pliego.kernel.policy import Policy, Row, state_is, who
from pliego.parties.policy import has_role, is_desk, is_operator, is_system, works_for


class Act(StrEnum):
    VIEW = "view"
    CONFIGURE = "configure"
    SEE_HISTORY = "see_history"
    DELEGATE = "delegate"
    KEEP_LIBRARY = "keep_library"


class ApprovalAct(StrEnum):
    VIEW = "view"
    START = "start"
    APPROVE = "approve"
    RETURN = "return"
    CANCEL = "cancel"


class DelegationAct(StrEnum):
    VIEW = "view"
    REVOKE = "revoke"
    USE = "use"


works_here = works_for() & who(
    lambda actor, account: bool(actor.roles), _("You have no role in this account yet."), "has a role"
)
acts_in_person = who(
    lambda actor, obj: actor.mandate is None,
    _("What was received by delegation cannot be delegated again (Ley 489 de 1998, art. 11)."),
    "acts in person",
)


def _may_start(actor: Actor, approval: Any) -> bool:
    return not actor.roles.isdisjoint(FLOWS[approval.kind].starters)


def _is_its_turn(actor: Actor, approval: Any) -> bool:
    """The person of the task, any member of its group, or who acts in their place."""
    step = approval.step
    if step is None or actor.user_id is None:
        return False
    standing_for = actor.mandate.grantor_id if actor.mandate else actor.user_id
    if actor.mandate and actor.mandate.kinds and approval.kind not in actor.mandate.kinds:
        return False
    if step.place_id is not None:
        return bool(step.place.user_id == standing_for)
    members = step.group.members.filter(Q(place__state="accepted"), group__is_active=True)
    return bool(members.filter(place__user_id=standing_for).exists())


may_start = who(_may_start, _("Your role does not ask for this approval."), "may ask for it")
is_its_turn = who(_is_its_turn, _("This task is another person's."), "it is their turn")
started_it = who(
    lambda actor, approval: actor.user_id is not None and actor.user_id == approval.started_by_id,
    _("Only who asked for the approval, or an administrator, can cancel it."),
    "started it",
)
gave_it = who(
    lambda actor, delegation: actor.user_id is not None and actor.user_id == delegation.grantor.user_id,
    _("Only who gave the delegation, or an administrator, can revoke it."),
    "gave it",
)
received_it = who(
    lambda actor, delegation: actor.user_id is not None and actor.user_id == delegation.delegate.user_id,
    _("This delegation is for another person."),
    "received it",
)
in_its_account = works_for("account") & who(
    lambda actor, obj: bool(actor.roles), _("You have no role in this account yet."), "has a role"
)

# fmt: off
# About an account.
POLICY = Policy("authority", view=Act.VIEW, rows=(
    #   act                    who                                                          while
    Row(Act.VIEW,              works_here | is_desk | is_operator | is_system),
    Row(Act.CONFIGURE,         works_here & has_role("administrator"),                      state_is("active")),
    Row(Act.SEE_HISTORY,       (works_here & has_role("administrator", "control")) | is_desk | is_operator, reads=True),
    Row(Act.DELEGATE,          works_here & acts_in_person,                                 state_is("active"),
        binding=True),
    Row(Act.KEEP_LIBRARY,      works_here & has_role("administrator", "preparer", "bidder", "representative")),
))
APPROVAL_POLICY = Policy("authority_approval", view=ApprovalAct.VIEW, rows=(
    #   act                    who                                                          while
    Row(ApprovalAct.VIEW,      in_its_account | is_system),
    Row(ApprovalAct.START,     in_its_account & may_start),
    Row(ApprovalAct.APPROVE,   in_its_account & is_its_turn,                                state_is("running")),
    Row(ApprovalAct.RETURN,    in_its_account & is_its_turn,                                state_is("running")),
    Row(ApprovalAct.CANCEL,    in_its_account & (started_it | has_role("administrator")),
        state_is("running", "authorised")),
))
DELEGATION_POLICY = Policy("authority_delegation", view=DelegationAct.VIEW, rows=(
    #   act                    who                                                          while
    Row(DelegationAct.VIEW,    in_its_account | is_system),
    Row(DelegationAct.REVOKE,  in_its_account & (gave_it | has_role("administrator")),      state_is("granted")),
    Row(DelegationAct.USE,     received_it,                                                 state_is("granted")),
))
# fmt: on
