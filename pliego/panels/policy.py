"""Who appoints evaluators, who declares, who recuses, and who decides on it."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Policy, Row, state_is, who
from pliego.panels.rules import UNDECIDED
from pliego.parties.policy import anyone, has_role, is_signed_in, is_supplier, is_system, works_for
from pliego.tendering.policy import approves_for_the_buyer, is_public, works_for_the_buyer


class Act(StrEnum):
    VIEW = "view"
    APPOINT = "appoint"


class MemberAct(StrEnum):
    VIEW = "view"
    RELIEVE = "relieve"
    DECLARE = "declare"
    RECUSE = "recuse"


class ImpedimentAct(StrEnum):
    VIEW = "view"
    ANSWER = "answer"
    DECIDE = "decide"


def _is(actor: Actor, member: Any) -> bool:
    if member.user_id is None:
        return actor.user_code == member.outside_code
    return actor.user_id == member.user_id


has_panel = who(
    lambda actor, tender: tender.rulebook.panel is not None,
    _("This method has no evaluators to appoint."),
    "its method has evaluators",
)
undecided = state_is(*UNDECIDED, "suspended")
of_an_undecided = who(
    lambda actor, obj: obj.tender.state in {*UNDECIDED, "suspended"},
    _("The process has been decided: who evaluated it does not change."),
    "the process is undecided",
)
serving = state_is("serving")
is_the_member = who(_is, _("Only that member does this."), "is the member")
is_its_member = who(lambda actor, row: _is(actor, row.member), _("Only the recused member answers."), "is its member")
is_not_its_member = who(
    lambda actor, row: row.member.user_id not in actor.people,
    _("Nobody decides on their own impediment: another authorising officer must."),
    "is not its member",
)
raised_it = who(
    lambda actor, row: row.is_recusal and row.supplier_id is not None and actor.account_id == row.supplier_id,
    _("Only people of that account can do this."),
    "raised it",
)
is_unanswered = who(
    lambda actor, row: row.is_recusal and row.answered_at is None, _("This was answered already."), "is not answered"
)
of_the_buyer = works_for("buyer") & who(
    lambda actor, obj: bool(actor.roles), _("You have no role in this entity yet."), "has a role"
)
is_another = who(
    lambda actor, member: actor.account_id != member.buyer_id,
    _("Your own entity runs this process."),
    "is not the buyer",
)
is_bidder = is_signed_in & is_supplier & has_role("bidder", "representative")

# fmt: off
# About a tender.
POLICY = Policy("panels", view=Act.VIEW, rows=(
    #   act           who                                        while the tender is
    Row(Act.VIEW,     works_for_the_buyer | is_public | is_system),
    Row(Act.APPOINT,  approves_for_the_buyer & has_panel,        undecided, binding=True),
))
# Who serves is public; so everybody may see a member.
MEMBERS = Policy("panel_member", view=MemberAct.VIEW, rows=(
    #   act                who                                            while they are
    Row(MemberAct.VIEW,    anyone),
    Row(MemberAct.RELIEVE, of_the_buyer & has_role("approver"),           serving & of_an_undecided, binding=True),
    Row(MemberAct.DECLARE, is_the_member,                                 serving & of_an_undecided, binding=True),
    Row(MemberAct.RECUSE,  is_bidder & is_another,                        serving & of_an_undecided),
))
IMPEDIMENTS = Policy("impediment", view=ImpedimentAct.VIEW, rows=(
    #   act                    who                                                         while it is
    Row(ImpedimentAct.VIEW,    of_the_buyer | raised_it | is_its_member | is_system),
    Row(ImpedimentAct.ANSWER,  is_its_member,                                              state_is("waiting") & is_unanswered),
    Row(ImpedimentAct.DECIDE,  of_the_buyer & has_role("approver") & is_not_its_member,    state_is("waiting"), binding=True),
))
# fmt: on
