"""Reads of payments: what the public sees, how an invoice stands, what waits for whom."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pliego.contracts.models import Contract
from pliego.documents.models import Document
from pliego.execution.balances import Balance, balance_of
from pliego.execution.models import Installment, Invoice, Settlement
from pliego.execution.policy import POLICY, Act
from pliego.execution.states import INVOICE
from pliego.kernel import dates
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.kernel.todo import Task


@dataclass(frozen=True)
class PublicInvoice:
    """An approved or paid invoice as the world sees it; never bank data, never a returned one."""

    code: str
    number: str
    issued_on: date
    amount: Decimal
    currency: str
    state: str
    state_title: Text
    cufe: str
    approved_at: datetime | None
    paid_on: date | None
    document: Document


@dataclass(frozen=True)
class PublicInstallment:
    number: int
    title: str
    due_on: date | None
    amount: Decimal


@dataclass(frozen=True)
class PublicExecution:
    balance: Balance
    installments: list[PublicInstallment] = field(default_factory=list)
    invoices: list[PublicInvoice] = field(default_factory=list)
    settlement: Document | None = None


def public_execution(contract: Contract) -> PublicExecution:
    """How a signed contract is being paid. What waits for approval does not count until it is approved."""
    if not contract.is_public:
        raise ValueError("a contract is not public before it is signed")
    invoices = list(contract.invoices.filter(state__in=["approved", "paid"]).select_related("document"))
    settlement = Settlement.objects.filter(contract=contract, state="accepted").select_related("document").first()
    return PublicExecution(
        balance=balance_of(contract, invoices),
        installments=[_installment(row) for row in contract.installments.all()],
        invoices=[_invoice(row) for row in invoices],
        settlement=settlement.document if settlement else None,
    )


def _installment(row: Installment) -> PublicInstallment:
    return PublicInstallment(row.number, row.title, row.due_on, row.amount)


def _invoice(row: Invoice) -> PublicInvoice:
    return PublicInvoice(
        code=row.code,
        number=row.number,
        issued_on=row.issued_on,
        amount=row.amount,
        currency=row.currency,
        state=row.state,
        state_title=row.state_title,
        cufe=row.cufe,
        approved_at=row.decided_at,
        paid_on=row.paid_on,
        document=row.document,
    )


@dataclass(frozen=True)
class Step:
    """A stop on the way of an invoice. `is_now` is where it waits."""

    title: Text
    at: datetime | date | None
    who: str = ""
    text: str = ""
    is_done: bool = False
    is_now: bool = False


def waits_for(invoice: Invoice) -> str:
    """“Gloria Ruiz, supervisor, has it since 12 oct 2026, 10:00”."""
    holder = invoice.holder
    if holder is None:
        return ""
    words = {"who": holder.name, "moment": dates.instant(holder.since)}
    return gettext("%(who)s has it since %(moment)s.") % words


def tracker(invoice: Invoice) -> list[Step]:
    """Where the invoice is, who has it and since when, and what each one did."""
    decided_by = invoice.decided_by.full_name if invoice.decided_by else ""
    waiting = waits_for(invoice)
    sent = Step(_("Sent by the contractor"), invoice.sent_at, invoice.sent_by.full_name, is_done=True)
    if invoice.state == "returned":
        why = f"{invoice.returned_reason} {waiting}"
        return [sent, Step(_("Sent back to be mended"), invoice.decided_at, decided_by, why, is_now=True)]
    is_approved, is_paid = invoice.state in {"approved", "paid"}, invoice.state == "paid"
    approval = "" if is_approved else waiting
    payment = waiting if is_approved and not is_paid else ""
    paid_by = invoice.paid_by.full_name if invoice.paid_by else ""
    title = _("Approved by the supervisor") if is_approved else _("Approval of the supervisor")
    return [
        sent,
        Step(title, invoice.decided_at, decided_by, approval, is_approved, not is_approved),
        Step(
            _("Paid") if is_paid else _("Payment"),
            invoice.paid_on, paid_by, payment, is_paid, is_approved and not is_paid,
        ),
    ]  # fmt: skip


def invoices_of(*, actor: Actor, contract: Contract) -> QuerySet[Invoice]:
    rows = Invoice.objects.visible_to(actor).filter(contract=contract)
    return rows.select_related("document", "payment_proof", "installment", "sent_by", "decided_by", "paid_by")


def invoices_of_account(*, actor: Actor, state: str = "") -> QuerySet[Invoice]:
    """The invoices of the contracts of the actor's account, as buyer or as supplier."""
    rows = Invoice.objects.visible_to(actor).filter(
        Q(contract__buyer_id=actor.account_id) | Q(contract__supplier_id=actor.account_id)
    )
    rows = rows.filter(state=state) if state in INVOICE.states else rows
    related = ("contract__supplier__organization", "contract__buyer__organization", "contract__supervisor")
    return rows.select_related(*related).order_by("-id")


# ---- turns -----------------------------------------------------------------------------------------------------------


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Invoices to approve, to pay or to mend, and contracts to settle or close."""
    if not actor.signed_in or actor.account_id is None:
        return []
    return [*_invoice_tasks(actor), *_ending_tasks(actor)]


# fmt: off
INVOICE_TURNS = (
    # state       act                   verb and object           why it is this person's turn
    ("sent",     Act.APPROVE_INVOICE, _("Approve or return an invoice"), _("You supervise the contract.")),
    ("approved", Act.MARK_PAID,       _("Pay an invoice"),               _("The supervisor approved it.")),
    ("returned", Act.SEND_INVOICE,    _("Mend an invoice"),              _("The supervisor returned it.")),
)
# fmt: on


def _invoice_tasks(actor: Actor) -> list[Task]:
    rows = Invoice.objects.filter(state__in=[turn[0] for turn in INVOICE_TURNS]).select_related("contract")
    mine = rows.filter(contract__buyer_id=actor.account_id) | rows.filter(contract__supplier_id=actor.account_id)
    mended = set(
        Invoice.objects.standing().filter(contract__supplier_id=actor.account_id).values_list("contract_id", "number")
    )
    tasks = []
    for invoice in mine.order_by("id"):
        for state, act, title, reason in INVOICE_TURNS:
            if invoice.state != state or not POLICY.verdict(actor, act, invoice.contract):
                continue
            if state == "returned" and (invoice.contract_id, invoice.number) in mended:
                continue
            tasks.append(Task(title, url_of(invoice), f"{invoice.contract.code} · {invoice.number}", reason))
    return tasks


def _ending_tasks(actor: Actor) -> list[Task]:
    rows = Contract.objects.filter(state__in=["completed", "settled"])
    mine = rows.filter(buyer_id=actor.account_id) | rows.filter(supplier_id=actor.account_id)
    tasks = []
    for contract in mine.select_related("settlement").order_by("id"):
        found = ending_turn(actor, contract)
        if found is not None:
            act, title, reason = found
            url = reverse(f"execution:{ENDING_PAGES[act]}", args=[contract.code])
            tasks.append(Task(title, url, f"{contract.code} {contract.title}", reason))
    return tasks


ENDING_PAGES = {
    Act.DRAFT_SETTLEMENT: "draft_settlement",
    Act.SIGN_SETTLEMENT: "sign_settlement",
    Act.ACCEPT_SETTLEMENT: "accept_settlement",
    Act.CLOSE_FILE: "close_file",
}


def ending_turn(actor: Actor, contract: Contract) -> tuple[Act, Text, Text] | None:
    """The act that brings a completed contract on, if it is this person's turn."""
    settlement: Settlement | None = getattr(contract, "settlement", None)
    state = settlement.state if settlement else ""
    if contract.state == "settled" or not contract.has_settlement:
        turn = (Act.CLOSE_FILE, _("Close the file of the contract"), _("Nothing else is pending in it."))
    elif state in {"", "objected"}:
        turn = (Act.DRAFT_SETTLEMENT, _("Draft the settlement"), _("The contract is completed."))
    elif state == "draft":
        turn = (Act.SIGN_SETTLEMENT, _("Sign the settlement"), _("It is drafted."))
    else:
        turn = (Act.ACCEPT_SETTLEMENT, _("Accept the settlement"), _("The entity signed it."))
    return turn if POLICY.verdict(actor, turn[0], contract) else None


def url_of(invoice: Invoice) -> str:
    return reverse("execution:invoice", args=[invoice.contract.code, invoice.code])
