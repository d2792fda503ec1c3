"""Reads of payments: what the public sees, how an invoice stands, what waits for whom."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pliego.authority.models import Group
from pliego.contracts.deadlines import supervised_by
from pliego.contracts.models import Contract
from pliego.execution import chain
from pliego.execution.models import ChainStep, Invoice, Settlement, of_contractor
from pliego.execution.policy import INVOICE_POLICY, POLICY, Act, InvoiceAct
from pliego.execution.states import INVOICE, WAITING
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.kernel.todo import Task
from pliego.parties.models import Membership


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
    """The invoices that wait at a step of this person, of a group of theirs or of a role that they hold.

    Each way of owning a step is a question with an index of its own: as one condition over all their tables, it reads
    every invoice of the entity.
    """
    if actor.account_id is None:
        return Invoice.objects.none()
    person = actor.mandate.grantor_id if actor.mandate else actor.user_id
    open_ones = {"contract__buyer_id": actor.account_id, "contract__state__in": ["running", "completed"]}
    rows = Invoice.objects.filter(state__in=WAITING, **open_ones)
    without, accepted = Q(chain=None), {"state": "accepted", "user_id": person}
    own = Q(place__in=Membership.objects.filter(**accepted)) | Q(
        group__in=Group.objects.filter(is_active=True, members__place__in=Membership.objects.filter(**accepted))
    )
    steps = ChainStep.objects.filter(own | Q(role__in=actor.roles - {"supervisor"}), chain__account_id=actor.account_id)
    found = rows.filter(without & Q(state="sent") | Q(at_step__role="supervisor"), contract__supervisor_id=person)
    mine = [found, rows.filter(at_step__in=steps)]
    if "treasurer" in actor.roles:
        mine.append(rows.filter(without, state="approved"))
    return _any_of(mine).select_related("contract", "at_step")


def _any_of(mine: Sequence[QuerySet[Invoice]]) -> QuerySet[Invoice]:
    """The invoices of any of the questions, in the order in which they came."""
    first, *others = (rows.order_by().values("pk") for rows in mine)
    return Invoice.objects.filter(pk__in=first.union(*others)).order_by("id")


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
    own = ({"contract__supplier_id": actor.account_id, "given_by": None}, {"given_by_id": actor.account_id})
    rows = _any_of([Invoice.objects.filter(state="returned", **told) for told in own]).select_related("contract")
    again = Invoice.objects.standing().filter(contract=OuterRef("contract"), number=OuterRef("number"))
    title, reason = _("Mend an invoice"), _("The entity returned it.")
    return [
        Task(title, url_of(invoice), f"{invoice.contract.code} · {invoice.number}", reason)
        for invoice in rows.exclude(Exists(again))[:MOST_TASKS]
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
