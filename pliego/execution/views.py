"""The page of a whole contract, and the pages of paying it, settling it and closing its file."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from pliego.conditions.queries import planned_by
from pliego.contracts import queries as contracts
from pliego.contracts.acting import ActPage, Subject, found_for, on, view_of, with_document
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.contracts.sections import TERMS
from pliego.execution import files, forms, pages, queries, rules, series, services, tracking
from pliego.execution.models import Installment
from pliego.execution.passing import refuse_if_elsewhere
from pliego.execution.policy import INVOICE_POLICY, POLICY, Act, InvoiceAct
from pliego.execution.services import InvoiceData
from pliego.execution.states import INVOICE
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied
from pliego.web.acts import get_visible, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate_by_key


def visible(request: Request, code: str) -> Contract:
    rows = contracts.whole(Contract.objects.visible_to(request.actor)).select_related(
        "settlement__document", "closing__document"
    )
    rows = rows.prefetch_related("start_records__document", "guarantees__inquiries")
    return get_visible(rows, code=code)


@signed_in
def contract(request: Request, code: str) -> HttpResponse:
    """The contract from its draft to its closing: where it is, who has it, and what this person may do."""
    found = visible(request, code)
    CONTRACTS.require(request.actor, ContractAct.VIEW, found)
    return render(request, "execution/contract.html", pages.context_of(request.actor, found, request.received_at))


@signed_in
def payments(request: Request) -> HttpResponseBase:
    """The invoices of one's own account, on either side."""
    state = request.GET.get("estado", "")
    rows = queries.invoices_of_account(actor=request.actor, state=state)
    if request.GET.get("formato") == "csv":
        return files.invoices_csv(rows.iterator(chunk_size=500))
    context = {"pager": paginate_by_key(request, rows), "states": INVOICE.choices, "state": state}
    return render(request, "execution/payments.html", context)


def proposed(contract: Contract, asked: str) -> Sequence[Installment | rules.Part]:
    """The plan as it is; or else that of the contract's conditions; or as many equal payments as were asked for."""
    kept = list(contract.installments.all())
    if kept and not asked:
        return kept
    planned = planned_by(TERMS.content(contract), contract.value_amount, contract.starts_on)
    if planned and not asked:
        return [rules.Part(*row) for row in planned]
    count = min(max(int(asked), 1), forms.MOST_PAYMENTS) if asked.isdecimal() and len(asked) < 4 else 1
    amounts = rules.equal_parts(contract.value_amount, count)
    return [rules.Part(_g("Payment %(n)s") % {"n": n}, None, amount) for n, amount in enumerate(amounts, start=1)]


@signed_in
def invoice(request: Request, code: str, invoice_code: str) -> HttpResponse:
    """An invoice and its way."""
    contract = visible(request, code)
    found = get_visible(queries.invoices_of(actor=request.actor, contract=contract), code=invoice_code)
    found.contract = contract
    is_party = request.actor.account_id in {contract.buyer_id, found.supplier_id}
    context = {
        "contract": contract,
        "invoice": found,
        "stops": tracking.tracker(found, request.received_at),
        "buttons": pages.invoice_buttons(request.actor, found, request.received_at),
        "proof": found.payment_proof if is_party else None,
        "bank": contracts.bank_account_of(request.actor, contract, found.given_by) if found.given_by else None,
        "findings": pages.findings_of(found) if is_party else [],
        "supports": list(found.supports.select_related("document")) if is_party else [],
        "retentions": found.retentions,
        "crumbs": [(contracts.url_of(contract), contract.code), ("", found.number)],
    }
    return render(request, "execution/invoice.html", context)


# ---- acts ------------------------------------------------------------------------------------------------------------

Page = partial(ActPage, policy=POLICY)
StepPage = partial(ActPage, policy=INVOICE_POLICY)


def the_contract(request: Request, page: ActPage, code: str) -> Subject:
    return Subject.of(found_for(request, code, page.act, POLICY, "settlement__document"))


def its_settlement(request: Request, page: ActPage, code: str) -> Subject:
    """The contract with its settlement as it was signed, for who must read it before the act."""
    contract = found_for(request, code, page.act, POLICY, "settlement__document")
    kept = getattr(contract, "settlement", None)
    return Subject.of(contract, document=kept.document if kept else None)


def an_invoice(request: Request, page: ActPage, code: str, invoice_code: str) -> Subject:
    """An invoice that is at a step of this person now."""
    contract = visible(request, code)
    found = get_visible(queries.invoices_of(actor=request.actor, contract=contract), code=invoice_code)
    found.contract = contract
    act = InvoiceAct(page.act)
    refuse_if_elsewhere(request.actor, act, found)
    if not (verdict := INVOICE_POLICY.verdict(request.actor, act, found)):
        raise Denied(verdict.reason)
    return Subject(contract, found, queries.url_of(found), {"invoice": found, "document": found.document})


def its_step(subject: Subject, request: Request) -> dict[str, Any]:
    return {"step": subject.row.here.number if subject.row.here else None}


def its_checks(subject: Subject, request: Request) -> dict[str, Any]:
    return {"checks": subject.row.here.checks}


def earlier_steps(subject: Subject, request: Request) -> dict[str, Any]:
    """To which steps the invoice may go back from where it is."""
    here = subject.row.here
    return {"earlier": [(step.number, step.name) for step in subject.row.steps if step.number < here.number]}


def said(name: str) -> Any:
    """What the settlement says under that name, where there is one."""
    return lambda subject: getattr(getattr(subject.contract, "settlement", None), name, "")


def asked_plan(subject: Subject, request: Request) -> Sequence[Installment | rules.Part]:
    return proposed(subject.contract, request.GET.get("pagos", ""))


def planned(contract: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    parts = forms.PlanForm.parts(data)
    return services.set_payment_plan(actor=actor, contract_id=contract.pk, parts=parts, at=at)


def objected(contract: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    return services.object_settlement(actor=actor, contract_id=contract.pk, objection=data["reason"], at=at)


def invoice_told(**typed: Any) -> InvoiceData:
    """What the form gives, without what it left empty; the supports by the number of each."""
    given = {name: value for name, value in typed.items() if value is not None}
    brought = {
        int(name.removeprefix("support_")): given.pop(name) for name in list(given) if name.startswith("support_")
    }
    return InvoiceData(**given, supports={number: value for number, value in brought.items() if value})


def paid(row: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    told = {name: data[name] for name in ("paid_on", "proof", "step")}
    return services.mark_paid(
        actor=actor, invoice_id=row.pk, at=at, retentions=forms.PaidForm.retentions(data), **told
    )  # fmt: skip


PLAN = Page(  # `?pagos=4` proposes four equal payments
    act=Act.PLAN,
    form=forms.PlanForm,
    fields=series.FIELDS,
    call=planned,
    title=_("Payment plan"),
    lead=_("All payments together must be exactly the value of the contract."),
    submit=_("Save the plan"),
    message=_("The payment plan has been set."),
    initial=lambda subject, request: forms.PlanForm.initial_of(asked_plan(subject, request)),
    options=lambda subject, request: {"count": len(asked_plan(subject, request))},
)
SEND_INVOICE = Page(
    act=Act.SEND_INVOICE,
    form=forms.InvoiceForm,
    call=with_document(services.send_invoice, invoice_told),
    title=_("Send an invoice"),
    submit=_("Send the invoice"),
    message=_("The invoice has been sent. Its page says who has it, and until when."),
    options=lambda subject, request: {"offer": pages.invoice_offer(subject.contract)},
    draft="factura",
)
APPROVE_INVOICE = StepPage(  # the second step: the invoice is shown again and it is confirmed that it was checked
    act=InvoiceAct.APPROVE,
    form=forms.ApproveForm,
    call=lambda row, data, actor, at: services.approve_invoice(
        actor=actor, invoice_id=row.pk, at=at, note=data["note"], step=data["step"]
    ),
    title=_("Approve the invoice"),
    lead=pages.what_approving_does,
    submit=_("Approve this step"),
    message=_("The step is approved. The page of the invoice says who has it now."),
    initial=its_step,
    options=its_checks,
)
RETURN_INVOICE = StepPage(
    act=InvoiceAct.RETURN,
    form=forms.ReturnForm,
    call=on(services.return_invoice, "invoice_id"),
    title=_("Return the invoice"),
    lead=_("Whoever gets it back reads what to mend. The reason is public once the invoice is approved."),
    submit=_("Return the invoice"),
    message=_("The invoice has been returned. Its page says who has it now."),
    initial=its_step,
    options=earlier_steps,
)
MARK_PAID = StepPage(
    act=InvoiceAct.PAY,
    form=forms.PaidForm,
    fields=series.FIELDS,
    call=paid,
    title=_("Mark the invoice as paid"),
    lead=_("What is withheld lessens what the contractor gets, never what was invoiced. Empty lines do not count."),
    submit=_("Mark as paid"),
    message=_("The payment has been recorded."),
    initial=lambda subject, request: {
        "paid_on": calendar.day_of(request.received_at), **its_step(subject, request),
    },
)  # fmt: skip
UNDO_STEP = StepPage(
    act=InvoiceAct.UNDO,
    call=on(services.undo_step, "invoice_id"),
    title=_("Take back what you just did"),
    lead=_("The invoice comes back to you, and its way says that you took it back."),
    submit=_("Undo it"),
    message=_("The invoice is at your step again."),
)
CORRECT_INVOICE = StepPage(
    act=InvoiceAct.CORRECT,
    form=forms.ReasonForm,
    call=on(services.correct_invoice, "invoice_id"),
    title=_("Correct an approval or a payment by mistake"),
    lead=_("What was done stays written. The correction and its reason are public, and the step is done again."),
    submit=_("Correct it"),
    message=_("The correction is written, and the invoice is at that step again."),
)
DRAFT_SETTLEMENT = Page(
    act=Act.DRAFT_SETTLEMENT,
    form=forms.StatementForm,
    call=on(services.draft_settlement),
    title=_("Draft the settlement"),
    lead=said("objection"),
    submit=_("Save the settlement"),
    message=_("The settlement is drafted. The authorising officer must sign it."),
    initial=lambda subject, request: {"statement": said("statement")(subject)},
    draft="liquidacion",
)
SIGN_SETTLEMENT = Page(
    act=Act.SIGN_SETTLEMENT,
    call=on(services.sign_settlement),
    title=_("Sign the settlement"),
    lead=said("statement"),
    submit=_("Sign the settlement"),
    message=_("The settlement is signed. The contractor must accept it."),
)
ACCEPT_SETTLEMENT = Page(
    act=Act.ACCEPT_SETTLEMENT,
    form=forms.AcceptSettlementForm,
    draft="aceptar-liquidacion",
    call=on(services.accept_settlement),
    title=_("Accept the settlement"),
    lead=_("Your acceptance is your signature: both parties close their accounts."),
    submit=_("Accept and sign"),
    message=_("The contract is settled."),
)
OBJECT_SETTLEMENT = Page(
    act=Act.OBJECT_SETTLEMENT,
    form=forms.ReasonForm,
    call=objected,
    title=_("Object to the settlement"),
    submit=_("Send the objection"),
    message=_("The entity has been told of your objection."),
)
CLOSE_FILE = Page(
    act=Act.CLOSE_FILE,
    form=forms.CloseFileForm,
    call=on(services.close_file),
    title=_("Close the file"),
    lead=_("Nothing can be added to the file of the contract afterwards."),
    submit=_("Close the file"),
    message=_("The file of the contract is closed."),
)

plan, send_invoice = view_of(PLAN, the_contract), view_of(SEND_INVOICE, the_contract)
approve_invoice, return_invoice = view_of(APPROVE_INVOICE, an_invoice), view_of(RETURN_INVOICE, an_invoice)
mark_paid, undo_step = view_of(MARK_PAID, an_invoice), view_of(UNDO_STEP, an_invoice)
correct_invoice = view_of(CORRECT_INVOICE, an_invoice)
draft_settlement, sign_settlement = view_of(DRAFT_SETTLEMENT, the_contract), view_of(SIGN_SETTLEMENT, the_contract)
accept_settlement = view_of(ACCEPT_SETTLEMENT, its_settlement)
object_settlement = view_of(OBJECT_SETTLEMENT, its_settlement)
close_file = view_of(CLOSE_FILE, the_contract)
