"""What the page of a whole contract shows to this person: what may be done next, and all that there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.contracts import queries as contracts
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.contracts.states import CONTRACT
from pliego.execution import queries
from pliego.execution.balances import balance_of
from pliego.execution.models import Invoice, Settlement
from pliego.execution.policy import POLICY, Act
from pliego.execution.states import INVOICE, SETTLEMENT
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Text
from pliego.kernel.policy import Policy
from pliego.web.buttons import Button, button


@dataclass(frozen=True)
class Offer:
    """A button of the page: the act, the page of the act, and the move whose objections turn it off."""

    policy: Policy
    act: str
    title: Text
    page: str
    move: str = ""
    kind: str = ""


GUARANTEE_PAGE, OBJECTION_PAGE = "contracts:submit_guarantee", "execution:object_settlement"
# fmt: off
OFFERS = (
    Offer(CONTRACTS, ContractAct.SEND,    _("Send to the supplier"),     "contracts:send", "send"),
    Offer(CONTRACTS, ContractAct.EDIT,    _("Change the data"),          "contracts:edit", kind="secondary"),
    Offer(CONTRACTS, ContractAct.ACCEPT,  _("Accept the contract"),      "contracts:accept", "accept"),
    Offer(CONTRACTS, ContractAct.REJECT,  _("Reject the contract"),      "contracts:reject", kind="secondary"),
    Offer(CONTRACTS, ContractAct.SIGN,    _("Sign the contract"),        "contracts:sign"),
    Offer(CONTRACTS, ContractAct.REWORK,  _("Take it back to change it"), "contracts:rework", kind="secondary"),
    Offer(CONTRACTS, ContractAct.START,   _("Start the contract"),       "contracts:start", "start"),
    Offer(CONTRACTS, ContractAct.SUBMIT_GUARANTEE, _("Send a guarantee"), GUARANTEE_PAGE, kind="secondary"),
    Offer(POLICY,    Act.SEND_INVOICE,    _("Send an invoice"),          "execution:send_invoice"),
    Offer(POLICY,    Act.PLAN,            _("Set the payment plan"),     "execution:plan", kind="secondary"),
    Offer(CONTRACTS, ContractAct.MODIFY,  _("Modify the contract"),      "contracts:modify", kind="secondary"),
    Offer(CONTRACTS, ContractAct.COMPLETE, _("Complete the contract"),   "contracts:complete", "complete", "secondary"),
)
ENDINGS = (
    Offer(POLICY, Act.DRAFT_SETTLEMENT,  _("Draft the settlement"),      "execution:draft_settlement"),
    Offer(POLICY, Act.SIGN_SETTLEMENT,   _("Sign the settlement"),       "execution:sign_settlement", "sign"),
    Offer(POLICY, Act.ACCEPT_SETTLEMENT, _("Accept the settlement"),     "execution:accept_settlement", "accept"),
    Offer(POLICY, Act.OBJECT_SETTLEMENT, _("Object to the settlement"),  OBJECTION_PAGE, "object", "secondary"),
)
MORE: list[Offer] = []  # pages of the rooms above about the same contract
CLOSE = Offer(POLICY, Act.CLOSE_FILE,    _("Close the file"),            "execution:close_file", "close", "secondary")
# fmt: on


# A signature or a supervisor is given on the page of the act itself, so its absence turns no button off.
GIVEN_THERE = {"supervisor_missing", "statement_missing"}


def offered(actor: Actor, contract: Contract, offer: Offer, objections: list[Objection]) -> Button:
    url = reverse(offer.page, args=[contract.code])
    found = [objection for objection in objections if objection.code not in GIVEN_THERE]
    return button(offer.title, url, objections=found, kind=offer.kind)


def buttons_of(actor: Actor, contract: Contract, at: datetime) -> list[Button]:
    """What this person may do now; an act that the law still holds back is there, off, with its reasons."""
    found = []
    for offer in OFFERS:
        if offer.policy.verdict(actor, offer.act, contract):
            against = CONTRACT.objections(contract, offer.move, at=at) if offer.move else []
            found.append(offered(actor, contract, offer, against))
    more = [offer for offer in MORE if offer.policy.verdict(actor, offer.act, contract)]
    return [*found, *(offered(actor, contract, offer, []) for offer in more), *endings(actor, contract, at)]


def endings(actor: Actor, contract: Contract, at: datetime) -> Iterator[Button]:
    settlement: Settlement | None = getattr(contract, "settlement", None)
    state = settlement.state if settlement else ""
    for offer in ENDINGS:
        if not contract.has_settlement or not POLICY.verdict(actor, offer.act, contract):
            continue
        if offer.act == Act.DRAFT_SETTLEMENT and state not in {"", "draft", "objected"}:
            continue
        if offer.move and (settlement is None or SETTLEMENT.row(offer.move, state) is None):
            continue
        against = SETTLEMENT.objections(settlement, offer.move, at=at) if offer.move else []
        yield offered(actor, contract, offer, against)
    if POLICY.verdict(actor, CLOSE.act, contract):
        yield offered(actor, contract, CLOSE, CONTRACT.objections(contract, "close", at=at))


def invoice_buttons(actor: Actor, invoice: Invoice) -> list[Button]:
    """What this person may do with the invoice now."""
    # fmt: off
    table = (
        (Act.APPROVE_INVOICE, "approve", _("Approve the invoice"), "execution:approve_invoice", ""),
        (Act.RETURN_INVOICE,  "return",  _("Return it to mend"),   "execution:return_invoice",  "secondary"),
        (Act.MARK_PAID,       "pay",     _("Mark as paid"),        "execution:mark_paid",       ""),
    )
    # fmt: on
    args = [invoice.contract.code, invoice.code]
    return [
        button(title, reverse(page, args=args), objections=INVOICE.objections(invoice, move, at=clock.now()), kind=kind)
        for act, move, title, page, kind in table
        if INVOICE.allows(invoice, move) and POLICY.verdict(actor, act, invoice.contract)
    ]


def context_of(actor: Actor, contract: Contract, at: datetime) -> dict[str, Any]:
    """Everything that the page of the contract shows, read in a fixed number of queries."""
    is_party = actor.account_id in {contract.buyer_id, contract.supplier_id}
    invoices = list(queries.invoices_of(actor=actor, contract=contract))
    guarantees = list(enumerate(contract.guarantees.all(), start=1))
    return {
        "contract": contract,
        "holder": contracts.holder_of(contract),
        "buttons": buttons_of(actor, contract, at),
        "guarantees": [(n, one) for n, one in guarantees if is_party or one.state == "approved"],
        "decides": bool(CONTRACTS.verdict(actor, ContractAct.DECIDE_GUARANTEE, contract)),
        "previews": bool(CONTRACTS.verdict(actor, ContractAct.EDIT, contract)),
        "modifications": contracts.modifications_of(actor, contract),
        "installments": list(contract.installments.all()),
        "invoices": invoices,
        "balance": balance_of(contract, invoices),
        "settlement": getattr(contract, "settlement", None) if is_party or contract.state == "settled" else None,
        "crumbs": [(reverse("contracts:contracts"), _("Contracts")), ("", contract.code)],
    }
