"""Who may do what to a contract, while it is what."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.contracts.states import STANDING_RECORDS
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
    ASK_INSURER = "ask_insurer"
    START = "start"
    DRAW_START = "draw_start"
    SIGN_START = "sign_start"
    ACCEPT_START = "accept_start"
    OBJECT_START = "object_start"
    COMPLETE = "complete"
    MODIFY = "modify"
    BRING_PAPER = "bring_paper"
    SEE_BANK = "see_bank"


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
will_supervise_it = who(
    lambda actor, contract: any(
        actor.stands_for(row.supervisor_id) for row in contract.start_records.all() if row.state in STANDING_RECORDS
    ),
    _("Only the supervisor whom the record names signs it."),
    "the record names them",
)
accepted_by_the_supplier = who(
    lambda actor, contract: contract.accepted_at is not None,
    _("The supplier has not accepted the contract yet."),
    "the supplier accepted it",
)
goes_on = who(
    lambda actor, contract: contract.suspended_on is None,
    _("The contract is suspended: until it resumes, only invoices and guarantees are added to it."),
    "is not suspended",
)
pays = works_for_the_buyer & has_role("approver", "treasurer")
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
    Row(Act.ASK_INSURER,        prepares,                           state_is("signed", "running", "completed")),
    Row(Act.START,              approves,                           state_is("signed")),
    Row(Act.DRAW_START,         approves,                           state_is("signed")),
    Row(Act.SIGN_START,         works_for_the_buyer & will_supervise_it, state_is("signed"), binding=True),
    Row(Act.ACCEPT_START,       represents_the_supplier,            state_is("signed"), binding=True),
    Row(Act.OBJECT_START,       represents_the_supplier,            state_is("signed")),
    Row(Act.COMPLETE,           works_for_the_buyer & supervises_it, state_is("running") & goes_on),
    Row(Act.MODIFY,             prepares,                           state_is("signed", "running")),
    Row(Act.BRING_PAPER,        acts_for_the_supplier,              state_is("sent", "accepted", "signed", "running",
                                                                             "completed") & goes_on),
    Row(Act.SEE_BANK,           pays & accepted_by_the_supplier,    reads=True),
))
# fmt: on


class ModificationAct(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    SEND = "send"
    ACCEPT = "accept"
    TAKE_OVER = "take_over"
    REJECT = "reject"
    REWORK = "rework"
    DISCARD = "discard"
    PUBLISH = "publish"


buyer_of_it = works_for("contract.buyer") & has_a_role
supplier_of_it = works_for("contract.supplier") & has_a_role
would_take_it_over = works_for("party") & has_a_role
its_supplier_received_it = (supplier_of_it | would_take_it_over) & who(
    lambda actor, modification: modification.sent_at is not None and modification.state not in {"draft", "discarded"},
    _("The modification has not been sent yet."),
    "it was sent",
)
is_published = state_is("published")
did_not_write_it = who(
    lambda actor, modification: actor.people.isdisjoint(modification.authors),
    _("Whoever prepared this modification cannot publish it: another person must."),
    "did not write it",
)
contract_goes_on = who(
    lambda actor, modification: modification.contract.state in {"signed", "running"},
    _("Only a contract that is signed or running is modified."),
    "its contract goes on",
)
writes_it = buyer_of_it & has_role("preparer", "approver") & contract_goes_on
answers_it = supplier_of_it & has_role("representative") & contract_goes_on
takes_it_over = would_take_it_over & has_role("representative") & contract_goes_on
accepted_already = _("Your account accepted it already.")
has_not_accepted = who(lambda actor, one: one.decided_at is None, accepted_already, "did not accept it")
has_not_taken_it = who(
    lambda actor, one: one.party_decided_at is None, accepted_already, "did not accept to take it over"
)

# fmt: off
MODIFICATION_POLICY = Policy("contracts_modification", view=ModificationAct.VIEW, rows=(
    #   act                       who                                                       while it is
    Row(ModificationAct.VIEW,     buyer_of_it | its_supplier_received_it | is_published | is_system),
    Row(ModificationAct.EDIT,     writes_it,                                                state_is("draft")),
    Row(ModificationAct.SEND,     writes_it,                                                state_is("draft")),
    Row(ModificationAct.ACCEPT,   answers_it,                                               state_is("sent") & has_not_accepted,
        binding=True),
    Row(ModificationAct.TAKE_OVER, takes_it_over,                                           state_is("sent") & has_not_taken_it,
        binding=True),
    Row(ModificationAct.REJECT,   answers_it | takes_it_over,                                               state_is("sent")),
    Row(ModificationAct.REWORK,   writes_it,                                                state_is("sent", "rejected", "accepted")),
    Row(ModificationAct.DISCARD,  writes_it,                                                state_is("draft", "rejected")),
    Row(ModificationAct.PUBLISH,  buyer_of_it & has_role("approver") & contract_goes_on & did_not_write_it,
        state_is("draft", "accepted"), binding=True),
))
# fmt: on


class LoadAct(StrEnum):
    READ = "read"
    VIEW = "view"
    APPLY = "apply"
    DROP = "drop"


# fmt: off
LOAD_POLICY = Policy("contracts_load", view=LoadAct.VIEW, rows=(
    #   act              who                                 while the file is
    Row(LoadAct.READ,    prepares),  # of the process: there is no file yet
    Row(LoadAct.VIEW,    works_for_the_buyer),
    Row(LoadAct.APPLY,   prepares,                           state_is("read")),
    Row(LoadAct.DROP,    prepares,                           state_is("read")),
))
# fmt: on


class InquiryAct(StrEnum):
    VIEW = "view"
    ANSWER = "answer"


holds_the_link = who(
    lambda actor, inquiry: actor.user_code == inquiry.outside_code,
    _("Only the insurer that was asked answers, with its link."),
    "holds the link",
)

# fmt: off
INQUIRY_POLICY = Policy("contracts_inquiry", view=InquiryAct.VIEW, rows=(
    #   act                   who                                                                   while it is
    Row(InquiryAct.VIEW,      works_for("guarantee.contract.buyer") & has_a_role | holds_the_link),
    Row(InquiryAct.ANSWER,    holds_the_link,                                                       state_is("asked")),
))
# fmt: on
