"""Who may do what to pay, settle and close a contract: one table is asked of the contract, the other of an invoice."""

from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.contracts.policy import (
    acts_for_the_supplier,
    approves,
    goes_on,
    has_a_role,
    is_public,
    represents_the_supplier,
    supervises_it,
    was_sent,
    works_for_the_buyer,
    works_for_the_supplier,
)
from pliego.execution.chain import owner_of
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.kernel.policy import Explained, Policy, Row, is_system, state_is, who
from pliego.parties.policy import has_role, works_for


class Act(StrEnum):
    VIEW = "view"
    PLAN = "plan"
    PLAN_DELIVERIES = "plan_deliveries"
    RECEIVE = "receive"
    LOAD_PAPER = "load_paper"
    SEND_INVOICE = "send_invoice"
    DRAFT_SETTLEMENT = "draft_settlement"
    SIGN_SETTLEMENT = "sign_settlement"
    ACCEPT_SETTLEMENT = "accept_settlement"
    OBJECT_SETTLEMENT = "object_settlement"
    CLOSE_FILE = "close_file"


follows = works_for_the_buyer & has_role("supervisor", "preparer", "approver", "treasurer")
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
    Row(Act.PLAN,                plans,                                       state_is("draft", "signed", "running") & goes_on),
    Row(Act.PLAN_DELIVERIES,     plans,                                       state_is("draft", "signed", "running") & goes_on),
    Row(Act.RECEIVE,             works_for_the_buyer & supervises_it,         state_is("running") & goes_on),
    Row(Act.LOAD_PAPER,          follows | acts_for_the_supplier,             state_is("running", "completed") & goes_on),
    Row(Act.SEND_INVOICE,        acts_for_the_supplier,                       state_is("running", "completed")),
    Row(Act.DRAFT_SETTLEMENT,    settles,                                     state_is("completed")),
    Row(Act.SIGN_SETTLEMENT,     approves & did_not_draft_the_settlement,     state_is("completed"), binding=True),
    Row(Act.ACCEPT_SETTLEMENT,   represents_the_supplier,                     state_is("completed"), binding=True),
    Row(Act.OBJECT_SETTLEMENT,   represents_the_supplier,                     state_is("completed")),
    Row(Act.CLOSE_FILE,          approves,                                    state_is("completed", "settled")),
))
# fmt: on


class InvoiceAct(StrEnum):
    VIEW = "view"
    APPROVE = "approve"
    RETURN = "return"
    PAY = "pay"
    UNDO = "undo"
    CORRECT = "correct"


def owns(actor: Actor, step: Any, invoice: Any) -> bool:
    """The step's person, any member of its group, whoever holds its role, or who acts in their place."""
    if actor.user_id is None:
        return False
    if step.role == "supervisor":
        return actor.stands_for(invoice.contract.supervisor_id)
    if step.role:
        return step.role in actor.roles
    if step.place is not None:
        return step.place.state == "accepted" and actor.stands_for(step.place.user_id)
    person = actor.mandate.grantor_id if actor.mandate else actor.user_id
    members = step.group.members.filter(Q(place__state="accepted"), group__is_active=True)
    return bool(members.filter(place__user_id=person).exists())


def has_its_turn_elsewhere(actor: Actor, act: InvoiceAct, invoice: Any) -> bool:
    """Whether the step of the actor was done already, or, for whoever pays, has not come yet."""
    here = invoice.here
    if act == InvoiceAct.PAY:
        return owns(actor, invoice.steps[-1], invoice)
    done = [step for step in invoice.steps if here is None or step.number < here.number]
    return any(owns(actor, step, invoice) for step in done)


def _whose_turn(invoice: Any) -> Text:
    step = invoice.here
    if step is None:
        return _("Nobody of the entity has this invoice now.")
    return _("This step is of %(who)s.") % {"who": owner_of(step, invoice.contract)}


is_its_turn = Explained(
    "it is their turn",
    lambda actor, invoice: invoice.here is not None and owns(actor, invoice.here, invoice),
    _whose_turn,
)
pays = who(
    lambda actor, invoice: invoice.here is not None and invoice.here.is_payment,
    _("The invoice has not reached the step that pays."),
    "it waits to be paid",
)
did_the_last = who(
    lambda actor, invoice: (last := invoice.last_passage) is not None and not last.people.isdisjoint(actor.people),
    _("Only whoever did the last step can take it back."),
    "did the last step",
)
did_not_do_the_last = who(
    lambda actor, invoice: (last := invoice.last_passage) is None or last.people.isdisjoint(actor.people),
    _("Whoever did the last step does not correct it: another person must."),
    "did not do the last step",
)
of_the_buyer = works_for("contract.buyer") & has_a_role
of_the_supplier = (
    who(
        lambda actor, invoice: actor.account_id is not None and actor.account_id == invoice.supplier_id,
        _("Only people of that account can do this."),
        "works for its contractor",
    )
    & has_a_role
)
is_performed = who(
    lambda actor, invoice: invoice.contract.state in {"running", "completed"},
    _("The contract is not running any more."),
    "its contract is performed",
)
waits = state_is("sent", "approved") & is_performed

# fmt: off
INVOICE_POLICY = Policy("execution_invoice", view=InvoiceAct.VIEW, rows=(
    #   act                  who                                                            while the invoice is
    Row(InvoiceAct.VIEW,     of_the_buyer | of_the_supplier | state_is("approved", "paid") | is_system),
    Row(InvoiceAct.APPROVE,  of_the_buyer & is_its_turn,                                    waits),
    Row(InvoiceAct.RETURN,   of_the_buyer & is_its_turn,                                    waits),
    Row(InvoiceAct.PAY,      of_the_buyer & is_its_turn & pays,                             waits),
    Row(InvoiceAct.UNDO,     of_the_buyer & did_the_last,                state_is("sent", "approved", "paid") & is_performed),
    Row(InvoiceAct.CORRECT,  of_the_buyer & has_role("approver") & did_not_do_the_last,
        state_is("approved", "paid") & is_performed, binding=True),
))
# fmt: on
