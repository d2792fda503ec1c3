"""Who may do what to a contract, while it is what."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, is_system, state_is, who
from pliego.parties.policy import has_role, works_for


class Act(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    SEND = "send"
    ACCEPT = "accept"
    REJECT = "reject"
    REWORK = "rework"
    SIGN = "sign"
    SUBMIT_GUARANTEE = "submit_guarantee"
    DECIDE_GUARANTEE = "decide_guarantee"
    START = "start"
    COMPLETE = "complete"


has_a_role = who(lambda actor, contract: bool(actor.roles), _("You have no role in this account yet."), "has a role")
works_for_the_buyer = works_for("buyer") & has_a_role
works_for_the_supplier = works_for("supplier") & has_a_role
was_sent = who(
    lambda actor, contract: contract.sent_at is not None, _("The contract has not been sent yet."), "it was sent"
)
is_public = who(lambda actor, contract: contract.is_public, _("The contract is not signed yet."), "it is public")
did_not_prepare_it = who(
    lambda actor, contract: actor.people.isdisjoint(contract.authors),
    _("Whoever prepared this contract cannot sign it: another person must."),
    "did not prepare it",
)
supervises_it = who(
    lambda actor, contract: actor.stands_for(contract.supervisor_id),
    _("Only the supervisor of this contract can do this."),
    "supervises it",
)
prepares = works_for_the_buyer & has_role("preparer", "approver")
approves = works_for_the_buyer & has_role("approver")
represents_the_supplier = works_for_the_supplier & has_role("representative")
acts_for_the_supplier = works_for_the_supplier & has_role("representative", "bidder")

# fmt: off
POLICY = Policy("contracts", view=Act.VIEW, rows=(
    #   act                     who                                 while the contract is
    Row(Act.VIEW,               works_for_the_buyer | (works_for_the_supplier & was_sent) | is_public | is_system),
    Row(Act.EDIT,               prepares,                           state_is("draft")),
    Row(Act.SEND,               prepares,                           state_is("draft")),
    Row(Act.ACCEPT,             represents_the_supplier,            state_is("sent"), binding=True),
    Row(Act.REJECT,             represents_the_supplier,            state_is("sent")),
    Row(Act.REWORK,             prepares,                           state_is("rejected", "accepted")),
    Row(Act.SIGN,               approves & did_not_prepare_it,      state_is("accepted"), binding=True),
    Row(Act.SUBMIT_GUARANTEE,   acts_for_the_supplier,              state_is("signed", "running", "completed")),
    Row(Act.DECIDE_GUARANTEE,   approves,                           state_is("signed", "running", "completed")),
    Row(Act.START,              approves,                           state_is("signed")),
    Row(Act.COMPLETE,           works_for_the_buyer & supervises_it, state_is("running")),
))
# fmt: on
