"""Who sees what of an account in the directory, and who keeps its interests. (Capacity: the policy of suppliers.)

Personal data are seen by whom the law lets: state entities in the exercise of their functions (Ley 1581 de 2012,
art. 13 b); the rest of what is here is what the register makes public (Ley 1712 de 2014, art. 9 e and f).
"""

from enum import StrEnum

from pliego.kernel.policy import Policy, Row
from pliego.parties.policy import anyone, has_role, is_buyer, is_desk, is_operator, is_supplier, state_is, works_for


class Act(StrEnum):
    VIEW = "view"
    SEE_CONTACT = "see_contact"
    INVITE = "invite"


class InterestAct(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"


works_there = has_role("preparer", "approver", "evaluator", "supervisor", "administrator", "control", "treasurer")
buys = is_buyer & works_there
is_own = works_for()
sells = is_supplier & has_role("administrator", "bidder", "representative")

# fmt: off
POLICY = Policy("directory", view=Act.VIEW, rows=(
    #   act                who                                        while the account is
    Row(Act.VIEW,          anyone,                                    state_is("active", "suspended")),
    Row(Act.SEE_CONTACT,   buys | is_own | is_desk | is_operator,     reads=True),
    Row(Act.INVITE,        is_buyer & has_role("preparer"),           state_is("active")),
))

INTERESTS = Policy("interests", view=InterestAct.VIEW, rows=(
    #   act                  who                        of
    Row(InterestAct.VIEW,    works_for("account")),
    Row(InterestAct.CHANGE,  works_for("account") & sells),
    Row(InterestAct.DELETE,  works_for("account") & sells),
))

# Adding one is asked of the account itself.
OWN = Policy("own_interests", view=InterestAct.VIEW, rows=(
    Row(InterestAct.VIEW,    is_own),
    Row(InterestAct.ADD,     is_own & sells,            state_is("active")),
))
# fmt: on
