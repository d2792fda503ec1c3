"""What the page of a whole contract shows to this person: what may be done next, and all that there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.contracts import queries as contracts
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.contracts.starting.conditions import conditions
from pliego.contracts.states import CONTRACT
from pliego.documents import blobs
from pliego.execution import chain, chaining, queries, rules, ubl
from pliego.execution.balances import balance_of
from pliego.execution.delivering import progress_of
from pliego.execution.findings import Finding, findings, known_of
from pliego.execution.forms import InvoiceOffer
from pliego.execution.models import Invoice, Settlement
from pliego.execution.modified import new_party_is_not_covered
from pliego.execution.passing import first_of_two, undo_objection
from pliego.execution.policy import INVOICE_POLICY, POLICY, Act, InvoiceAct
from pliego.execution.rules import shown
from pliego.execution.states import INVOICE, SETTLEMENT
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
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
    applies: Callable[[Contract], bool] = lambda contract: True


def record_is(state: str) -> Callable[[Contract], bool]:
    """Whether the record of the start stands in that state."""
    return lambda contract: any(row.state == state for row in contract.start_records.all())


def by_record(contract: Contract) -> bool:
    return contract.starts_with_record


def without_record(contract: Contract) -> bool:
    return not contract.starts_with_record


GUARANTEE_PAGE, OBJECTION_PAGE = "contracts:submit_guarantee", "execution:object_settlement"
# fmt: off
OFFERS = (
    Offer(CONTRACTS, ContractAct.SEND,    _("Send to the supplier"),     "contracts:send", "send"),
    Offer(CONTRACTS, ContractAct.EDIT,    _("Change the data"),          "contracts:edit", kind="secondary"),
    Offer(CONTRACTS, ContractAct.ACCEPT,  _("Accept the contract"),      "contracts:accept", "accept"),
    Offer(CONTRACTS, ContractAct.REJECT,  _("Reject the contract"),      "contracts:reject", kind="secondary"),
    Offer(CONTRACTS, ContractAct.SIGN,    _("Sign the contract"),        "contracts:sign"),
    Offer(CONTRACTS, ContractAct.REWORK,  _("Take it back to change it"), "contracts:rework", kind="secondary"),
    Offer(CONTRACTS, ContractAct.START,   _("Start the contract"),       "contracts:start", "start",
          applies=without_record),
    Offer(CONTRACTS, ContractAct.DRAW_START, _("Draw the record of the start"), "contracts:draw_start", "start",
          applies=by_record),
    Offer(CONTRACTS, ContractAct.SIGN_START, _("Sign the record of the start"), "contracts:sign_start",
          applies=record_is("drawn")),
    Offer(CONTRACTS, ContractAct.ACCEPT_START, _("Sign the record of the start"), "contracts:accept_start", "start",
          applies=record_is("signed")),
    Offer(CONTRACTS, ContractAct.OBJECT_START, _("Object to the record of the start"), "contracts:object_start",
          kind="secondary", applies=record_is("signed")),
    Offer(CONTRACTS, ContractAct.SUBMIT_GUARANTEE, _("Send a guarantee"), GUARANTEE_PAGE, kind="secondary"),
    Offer(POLICY,    Act.SEND_INVOICE,    _("Send an invoice"),          "execution:send_invoice"),
    Offer(POLICY,    Act.PLAN,            _("Set the payment plan"),     "execution:plan", kind="secondary"),
    Offer(POLICY,    Act.PLAN_DELIVERIES, _("Set the execution plan"),   "execution:execution_plan", kind="secondary"),
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
GIVEN_THERE = {"supervisor_missing", "statement_missing", "start_record_missing"}


def offered(actor: Actor, contract: Contract, offer: Offer, objections: list[Objection]) -> Button:
    url = reverse(offer.page, args=[contract.code])
    found = [objection for objection in objections if objection.code not in GIVEN_THERE]
    return button(offer.title, url, objections=found, kind=offer.kind)


def buttons_of(actor: Actor, contract: Contract, at: datetime) -> list[Button]:
    """What this person may do now; an act that the law still holds back is there, off, with its reasons."""
    found = []
    for offer in OFFERS:
        if offer.policy.verdict(actor, offer.act, contract) and offer.applies(contract):
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
        against = CONTRACT.objections(contract, "close", at=at)
        yield offered(actor, contract, CLOSE, [*against, *rules.settling_is_held_back(contract, at)])


def what_approving_does(subject: Any) -> Text:
    """Before the step: what follows from it."""
    invoice, here = subject.row, subject.row.here
    if chain.needs_two(here, invoice.amount) and first_of_two(invoice) is None:
        return _("For this amount two people do this step: after you, another one must.")
    following = next((step for step in invoice.steps if step.number > here.number), here)
    if following.is_payment:
        words = {"minutes": invoice.undo_minutes}
        sentence = _(
            "An approved invoice is public. You can take the approval back for %(minutes)s minutes, no longer."
        )
        return sentence % words
    return _("Then it goes to the step “%(step)s”.") % {"step": following.name}


def invoice_buttons(actor: Actor, invoice: Invoice, at: datetime) -> list[Button]:
    """What this person may do with the invoice now."""
    # fmt: off
    table = (
        (InvoiceAct.APPROVE, _("Approve the invoice"),  "execution:approve_invoice", "",          _against_approving),
        (InvoiceAct.PAY,     _("Mark as paid"),         "execution:mark_paid",       "",          _against_paying),
        (InvoiceAct.RETURN,  _("Return it to mend"),    "execution:return_invoice",  "secondary", None),
        (InvoiceAct.UNDO,    _("Take back what you just did"), "execution:undo_step", "secondary", None),
        (InvoiceAct.CORRECT, _("Correct a mistake"),    "execution:correct_invoice", "secondary", None),
    )
    # fmt: on
    args, here, last = [invoice.contract.code, invoice.code], invoice.here, invoice.last_passage
    needs_first = here is not None and chain.needs_two(here, invoice.amount) and first_of_two(invoice) is None
    hidden = {InvoiceAct.APPROVE} if here is not None and here.is_payment and not needs_first else set()
    if last is None or undo_objection(invoice, last, at) is not None:
        hidden.add(InvoiceAct.UNDO)
    return [
        button(title, reverse(page, args=args), objections=against(invoice, at) if against else (), kind=kind)
        for act, title, page, kind, against in table
        if act not in hidden and INVOICE_POLICY.verdict(actor, act, invoice)
    ]


def _against_approving(invoice: Invoice, at: datetime) -> list[Objection]:
    here = invoice.here
    is_last = here is not None and here.number == len(invoice.steps) - 1
    return INVOICE.objections(invoice, "approve", at=at) if is_last and invoice.state == "sent" else []


def _against_paying(invoice: Invoice, at: datetime) -> list[Objection]:
    here = invoice.here
    if here is None or not chain.needs_two(here, invoice.amount) or first_of_two(invoice) is not None:
        return []
    return [Objection("second_missing", _("Another person must approve the payment first."))]


def invoice_offer(contract: Contract) -> InvoiceOffer:
    """What an invoice of this contract may name."""
    invoices = list(contract.invoices.all())
    balance = balance_of(contract, invoices)
    left = balance.advance - balance.amortised_asked
    accepted = [
        (invoice.code, f"{invoice.number} · {shown(invoice.amount, invoice.currency)}")
        for invoice in invoices
        if invoice.kind == "invoice" and invoice.state in {"approved", "paid"} and invoice.given_by_id is None
    ]
    plan = list(contract.installments.all())
    named = {invoice.installment_id for invoice in invoices if invoice.state != "returned"}
    return InvoiceOffer(
        installments=[(row.number, str(row)) for row in plan],
        next_installment=next((row.number for row in plan if row.pk not in named), None),
        deliveries=[(row.number, str(row)) for row in contract.deliveries.all()],
        accepted=accepted,
        kinds=(
            "invoice",
            *(["advance"] if balance.advance_agreed > balance.advance_asked else []),
            *(["credit", "debit"] if accepted else []),
        ),
        advance_left=shown(left, balance.currency) if left > 0 else "",
        supports=chaining.supports_asked(contract),
    )


def findings_of(invoice: Invoice) -> list[Finding]:
    """What its XML says, line by line; nothing of an invoice that came as a PDF."""
    if invoice.document.media_type != "application/xml":
        return []
    with blobs.open(invoice.document.sha256) as file:
        found = ubl.read(file.read(ubl.LARGEST + 1))
    today = calendar.day_of(invoice.sent_at)
    return findings(found, known_of(invoice.contract, invoice.kind, today, practice=settings.PLIEGO_PRACTICE))


def _start(contract: Contract, at: datetime, *, is_party: bool) -> dict[str, Any]:
    """What the start asks for, for both parties while it is pending; its record, once it is public, for everybody."""
    last = max(contract.start_records.all(), key=lambda row: row.number, default=None)
    shown = last if last is not None and (is_party or last.state == "accepted") else None
    lines = conditions(contract, at) if is_party and contract.state == "signed" else []
    return {"start_conditions": lines, "start_record": shown}


def context_of(actor: Actor, contract: Contract, at: datetime) -> dict[str, Any]:
    """Everything that the page of the contract shows, read in a fixed number of queries."""
    is_party = actor.account_id in {contract.buyer_id, contract.supplier_id}
    invoices = list(queries.invoices_of(actor=actor, contract=contract))
    return {
        "contract": contract,
        "holder": contracts.holder_of(contract),
        "buttons": buttons_of(actor, contract, at),
        "guarantees": contracts.guarantees_for(actor, contract),
        "decides": bool(CONTRACTS.verdict(actor, ContractAct.DECIDE_GUARANTEE, contract)),
        "asks_insurers": bool(CONTRACTS.verdict(actor, ContractAct.ASK_INSURER, contract)),
        "is_buyer": actor.account_id == contract.buyer_id and bool(actor.roles),
        **_start(contract, at, is_party=is_party),
        "previews": bool(CONTRACTS.verdict(actor, ContractAct.EDIT, contract)),
        "modifications": contracts.modifications_of(actor, contract),
        "uncovered": new_party_is_not_covered(contract) if is_party else [],
        "installments": list(contract.installments.all()),
        "invoices": invoices,
        "balance": balance_of(contract, invoices),
        "progress": progress_of(contract, calendar.day_of(at)),
        "settlement": getattr(contract, "settlement", None) if is_party or contract.state == "settled" else None,
        "crumbs": [(reverse("contracts:contracts"), _("Contracts")), ("", contract.code)],
    }
