"""Reads of payments: what the public sees, how an invoice stands, what waits for whom."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pliego.contracts.deadlines import supervised_by
from pliego.contracts.models import Contract
from pliego.documents.models import Document
from pliego.execution import chain
from pliego.execution.balances import Balance, balance_of
from pliego.execution.models import Installment, Invoice, Settlement, of_contractor
from pliego.execution.policy import INVOICE_POLICY, POLICY, Act, InvoiceAct
from pliego.execution.states import INVOICE, WAITING
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


def invoices_of(*, actor: Actor, contract: Contract) -> QuerySet[Invoice]:
    rows = Invoice.objects.visible_to(actor).filter(contract=contract)
    related = ("document", "payment_proof", "installment", "delivery", "corrects", "sent_by")
    rows = rows.select_related(*related, *GIVEN, *WAY)
    return rows.prefetch_related(*PASSED)


def invoices_of_account(*, actor: Actor, state: str = "") -> QuerySet[Invoice]:
    """The invoices of the contracts of the actor's account, as buyer or as supplier."""
    rows = Invoice.objects.visible_to(actor).filter(
        Q(contract__buyer_id=actor.account_id) | of_contractor(actor.account_id)
    )
    rows = rows.filter(state=state) if state in INVOICE.states else rows
    return rows.select_related(*PARTIES, *WAY).order_by("-id")


def followed(actor: Actor) -> QuerySet[Invoice]:
    """Invoices that this reader may see, with their contract and their whole way."""
    rows = Invoice.objects.visible_to(actor).select_related(*PARTIES, *WAY, "document", "sent_by")
    return rows.prefetch_related(*PASSED)


GIVEN = ("given_by__organization",)
PARTIES = (
    "contract__supplier__organization", "contract__buyer__organization", "contract__supervisor", *GIVEN,
)  # fmt: skip
# What the way of an invoice needs to be told without asking again for each row.
WAY = ("chain", "at_step__place__user", "at_step__group", "decided_by", "paid_by")
PASSED = (
    "chain__steps__place__user", "chain__steps__group", "passages__user", "passages__on_behalf_of",
    "passages__retentions",
)  # fmt: skip


# ---- turns -----------------------------------------------------------------------------------------------------------

MOST_TASKS = 100


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Invoices to approve, to pay or to mend, and contracts to settle or close."""
    if not actor.signed_in or actor.account_id is None:
        return []
    return [*_invoice_tasks(actor), *_ending_tasks(actor)]


def waiting_for(actor: Actor) -> QuerySet[Invoice]:
    """The invoices that wait at a step of this person, of a group of theirs or of a role that they hold."""
    person = actor.mandate.grantor_id if actor.mandate else actor.user_id
    supervised = Q(contract__supervisor_id=person)
    usual = Q(state="sent") & supervised
    if "treasurer" in actor.roles:
        usual |= Q(state="approved")
    group = Q(at_step__group__members__place__user_id=person, at_step__group__members__place__state="accepted")
    written = (
        (Q(at_step__role="supervisor") & supervised)
        | Q(at_step__role__in=actor.roles - {"supervisor"})
        | Q(at_step__place__user_id=person, at_step__place__state="accepted")
        | (group & Q(at_step__group__is_active=True))
    )
    rows = Invoice.objects.filter(state__in=WAITING, contract__state__in=["running", "completed"])
    rows = rows.filter(contract__buyer_id=actor.account_id).filter(
        Q(chain=None) & usual | Q(chain__isnull=False) & written
    )
    return rows.select_related("contract__supervisor", *WAY).distinct().order_by("id")


def _invoice_tasks(actor: Actor) -> list[Task]:
    """What waits for the person at a step, and what was sent back to their account to be mended."""
    found = [_step_task(invoice) for invoice in waiting_for(actor)[:MOST_TASKS]] if _does_steps(actor) else []
    return [*found, *_returned_tasks(actor)]


def _does_steps(actor: Actor) -> bool:
    acts = (InvoiceAct.APPROVE, InvoiceAct.PAY)
    return actor.mandate is None or any(actor.mandate.covers(INVOICE_POLICY.name, act) for act in acts)


def _step_task(invoice: Invoice) -> Task:
    step = invoice.here
    assert step is not None
    title = _("Pay an invoice") if step.is_payment else _("Approve or return an invoice")
    reason = gettext("It is at the step “%(step)s”.") % {"step": step.name}
    due = chain.due_at(invoice.since, step.term_days)
    return Task(title, url_of(invoice), f"{invoice.contract.code} · {invoice.number}", reason, due)


def _returned_tasks(actor: Actor) -> list[Task]:
    rows = Invoice.objects.filter(of_contractor(actor.account_id), state="returned").select_related("contract")
    again = Invoice.objects.standing().filter(contract=OuterRef("contract"), number=OuterRef("number"))
    title, reason = _("Mend an invoice"), _("The entity returned it.")
    return [
        Task(title, url_of(invoice), f"{invoice.contract.code} · {invoice.number}", reason)
        for invoice in rows.exclude(Exists(again)).order_by("id")
        if POLICY.verdict(actor, Act.SEND_INVOICE, invoice.contract)
    ]


def _ending_tasks(actor: Actor) -> list[Task]:
    tasks = []
    for contract in _ending_for(actor).select_related("settlement").order_by("id")[:MOST_TASKS]:
        found = ending_turn(actor, contract)
        if found is not None:
            act, title, reason = found
            url = reverse(f"execution:{ENDING_PAGES[act]}", args=[contract.code])
            tasks.append(Task(title, url, f"{contract.code} {contract.title}", reason))
    return tasks


def _ending_for(actor: Actor) -> QuerySet[Contract]:
    """Those whose turn may be of a person with these roles. A supervisor settles the contracts that they follow."""
    waits_for_supplier = Q(settlement__isnull=False) & ~Q(settlement__state__in=["draft", "objected"])
    to_settle = Q(state="completed", has_settlement=True)
    mine = Q(supplier_id=actor.account_id) & to_settle & waits_for_supplier
    if "approver" in actor.roles:
        mine |= Q(buyer_id=actor.account_id) & ~(to_settle & waits_for_supplier)
    elif "preparer" in actor.roles:
        mine |= Q(buyer_id=actor.account_id) & to_settle & ~waits_for_supplier
    elif "supervisor" in actor.roles:
        mine |= supervised_by(actor) & to_settle & ~waits_for_supplier
    return Contract.objects.filter(mine, state__in=["completed", "settled"])


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
