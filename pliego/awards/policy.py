"""Who decides a process. Creating a decision is asked of the process itself; reading it, of the decision."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, state_is, who
from pliego.parties.policy import has_role, is_system, works_for


class Act(StrEnum):
    VIEW = "view"


class DecisionAct(StrEnum):
    VIEW = "view"
    AWARD = "award"
    DESERT = "desert"
    AWARD_DIRECTLY = "award_directly"


has_a_role = who(lambda actor, obj: bool(actor.roles), _("You have no role in this entity yet."), "has a role")
is_decided = state_is("made", "deserted")
works_for_the_buyer = works_for("buyer") & has_a_role
is_public = who(lambda actor, tender: tender.is_public, _("This process is not public yet."), "it is public")
decides = works_for_the_buyer & has_role("approver")

# fmt: off
POLICY = Policy("awards", view=Act.VIEW, rows=(
    Row(Act.VIEW, works_for_the_buyer | is_decided | is_system),
))
DECISION_POLICY = Policy("awards_decision", view=DecisionAct.VIEW, rows=(
    #   act                          who                                       while the tender is
    Row(DecisionAct.VIEW,            works_for_the_buyer | is_public | is_system),
    Row(DecisionAct.AWARD,           decides,                                  state_is("opened"), binding=True),
    Row(DecisionAct.DESERT,          decides,                        state_is("closed", "opened"), binding=True),
    Row(DecisionAct.AWARD_DIRECTLY,  decides,                               state_is("published"), binding=True),
))
# fmt: on
