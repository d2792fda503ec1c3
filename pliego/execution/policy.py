"""Who may do what to pay, settle and close a contract. Each row is asked of the contract."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.contracts.policy import (
    acts_for_the_supplier,
    approves,
    is_public,
    represents_the_supplier,
    supervises_it,
    was_sent,
    works_for_the_buyer,
    works_for_the_supplier,
)
from pliego.kernel.policy import Policy, Row, is_system, state_is, who
from pliego.parties.policy import has_role


class Act(StrEnum):
    VIEW = "view"
    PLAN = "plan"
    SEND_INVOICE = "send_invoice"
    RETURN_INVOICE = "return_invoice"
    APPROVE_INVOICE = "approve_invoice"
    MARK_PAID = "mark_paid"
    DRAFT_SETTLEMENT = "draft_settlement"
    SIGN_SETTLEMENT = "sign_settlement"
    ACCEPT_SETTLEMENT = "accept_settlement"
    OBJECT_SETTLEMENT = "object_settlement"
    CLOSE_FILE = "close_file"


pays = works_for_the_buyer & has_role("treasurer")
plans = works_for_the_buyer & has_role("preparer", "approver", "supervisor")
did_not_draft_the_settlement = who(
    lambda actor, contract: getattr(getattr(contract, "settlement", None), "prepared_by_id", None) not in actor.people,
    _("Whoever prepared the settlement cannot sign it: another person must."),
    "did not draft the settlement",
)
settles = works_for_the_buyer & has_role("preparer", "supervisor", "approver")

# fmt: off
POLICY = Policy("execution", view=Act.VIEW, rows=(
    #   act                      who                                          while the contract is
    Row(Act.VIEW,                works_for_the_buyer | (works_for_the_supplier & was_sent) | is_public | is_system),
    Row(Act.PLAN,                plans,                                       state_is("draft", "signed", "running")),
    Row(Act.SEND_INVOICE,        acts_for_the_supplier,                       state_is("running", "completed")),
    Row(Act.RETURN_INVOICE,      works_for_the_buyer & supervises_it,         state_is("running", "completed")),
    Row(Act.APPROVE_INVOICE,     works_for_the_buyer & supervises_it,         state_is("running", "completed")),
    Row(Act.MARK_PAID,           pays,                                        state_is("running", "completed")),
    Row(Act.DRAFT_SETTLEMENT,    settles,                                     state_is("completed")),
    Row(Act.SIGN_SETTLEMENT,     approves & did_not_draft_the_settlement,     state_is("completed"), binding=True),
    Row(Act.ACCEPT_SETTLEMENT,   represents_the_supplier,                     state_is("completed"), binding=True),
    Row(Act.OBJECT_SETTLEMENT,   represents_the_supplier,                     state_is("completed")),
    Row(Act.CLOSE_FILE,          approves,                                    state_is("completed", "settled")),
))
# fmt: on
