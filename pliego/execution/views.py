"""The page of a whole contract, and the pages of paying it, settling it and closing its file."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.contracts import queries as contracts
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.contracts.views import act_page as contract_act_page
from pliego.execution import forms, pages, queries, rules, services
from pliego.execution.models import Installment, Invoice
from pliego.execution.policy import POLICY, Act
from pliego.execution.services import InvoiceData
from pliego.execution.states import INVOICE
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused
from pliego.web.acts import get_visible, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate


def visible(request: Request, code: str) -> Contract:
    rows = contracts.whole(Contract.objects.visible_to(request.actor)).select_related("settlement__document")
    return get_visible(rows, code=code)


def found_for(request: Request, code: str, act: Act) -> Contract:
    """The contract, when the actor may do this to it now."""
    contract = visible(request, code)
    if not (verdict := POLICY.verdict(request.actor, act, contract)):
        raise Denied(verdict.reason)
    return contract


def invoice_for(request: Request, code: str, invoice_code: str, act: Act, move: str) -> Invoice:
    contract = found_for(request, code, act)
    invoice = get_visible(queries.invoices_of(actor=request.actor, contract=contract), code=invoice_code)
    if not INVOICE.allows(invoice, move):
        raise Refused(*INVOICE.objections(invoice, move, at=request.received_at))
    invoice.contract = contract
    return invoice


act_page = partial(contract_act_page, policy=POLICY)


@signed_in
def contract(request: Request, code: str) -> HttpResponse:
    """The contract from its draft to its closing: where it is, who has it, and what this person may do."""
    found = visible(request, code)
    CONTRACTS.require(request.actor, ContractAct.VIEW, found)
    return render(request, "execution/contract.html", pages.context_of(request.actor, found, request.received_at))


@signed_in
def payments(request: Request) -> HttpResponse:
    """The invoices of one's own account, on either side."""
    state = request.GET.get("estado", "")
    rows = queries.invoices_of_account(actor=request.actor, state=state)
    context = {"pager": paginate(request, rows), "states": INVOICE.choices, "state": state}
    return render(request, "execution/payments.html", context)


def proposed(contract: Contract, asked: str) -> Sequence[Installment | rules.Part]:
    """The plan as it is; or as many equal payments as were asked for."""
    kept = list(contract.installments.all())
    if kept and not asked:
        return kept
    count = min(max(int(asked), 1), forms.MOST_PAYMENTS) if asked.isdecimal() and len(asked) < 4 else 1
    amounts = rules.equal_parts(contract.value_amount, count)
    return [rules.Part(_("Payment %(n)s") % {"n": n}, None, amount) for n, amount in enumerate(amounts, start=1)]


@signed_in
def plan(request: Request, code: str) -> HttpResponse:
    """The payment plan. `?pagos=4` proposes four equal payments."""
    contract = found_for(request, code, Act.PLAN)
    rows = proposed(contract, request.GET.get("pagos", ""))
    return act_page(
        request,
        contract,
        act=Act.PLAN,
        form=forms.PlanForm,
        form_options={"count": len(rows)},
        call=lambda data, actor: services.set_payment_plan(
            actor=actor, contract_id=contract.pk, parts=forms.PlanForm.parts(data), at=request.received_at
        ),
        title=_("Payment plan"),
        lead=_("All payments together must be exactly the value of the contract."),
        submit=_("Save the plan"),
        message=_("The payment plan has been set."),
        initial=forms.PlanForm.initial_of(rows),
    )


@signed_in
def send_invoice(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.SEND_INVOICE)

    def call(data: dict[str, Any], actor: Any) -> Invoice:
        document = data.pop("document")
        return services.send_invoice(
            actor=actor,
            contract_id=contract.pk,
            data=InvoiceData(**data),
            document=document,
            at=request.received_at,
        )

    return act_page(
        request,
        contract,
        act=Act.SEND_INVOICE,
        form=forms.InvoiceForm,
        form_options={"installments": contract.installments.all()},
        call=call,
        title=_("Send an invoice"),
        submit=_("Send the invoice"),
        message=_("The invoice has been sent. The supervisor must approve it."),
        draft=f"factura:{contract.code}",
    )


@signed_in
def invoice(request: Request, code: str, invoice_code: str) -> HttpResponse:
    """An invoice and its way."""
    contract = visible(request, code)
    found = get_visible(queries.invoices_of(actor=request.actor, contract=contract), code=invoice_code)
    found.contract = contract
    is_party = request.actor.account_id in {contract.buyer_id, contract.supplier_id}
    context = {
        "contract": contract,
        "invoice": found,
        "steps": queries.tracker(found),
        "buttons": pages.invoice_buttons(request.actor, found),
        "proof": found.payment_proof if is_party else None,
        "crumbs": [(contracts.url_of(contract), contract.code), ("", found.number)],
    }
    return render(request, "execution/invoice.html", context)


@signed_in
def approve_invoice(request: Request, code: str, invoice_code: str) -> HttpResponse:
    """The second step: the invoice is shown again and the supervisor confirms that it was checked."""
    found = invoice_for(request, code, invoice_code, Act.APPROVE_INVOICE, "approve")
    return act_page(
        request,
        found.contract,
        act=Act.APPROVE_INVOICE,
        form=forms.ApproveForm,
        call=lambda data, actor: services.approve_invoice(actor=actor, invoice_id=found.pk, at=request.received_at),
        title=_("Approve the invoice"),
        lead=_("An approved invoice is public and cannot be edited, returned or deleted."),
        submit=_("Approve, for good"),
        message=_("The invoice is approved. The treasurer can pay it."),
        back=queries.url_of(found),
        context={"invoice": found, "document": found.document},
    )


@signed_in
def return_invoice(request: Request, code: str, invoice_code: str) -> HttpResponse:
    found = invoice_for(request, code, invoice_code, Act.RETURN_INVOICE, "return")
    return act_page(
        request,
        found.contract,
        act=Act.RETURN_INVOICE,
        form=forms.ReasonForm,
        call=lambda data, actor: services.return_invoice(
            actor=actor, invoice_id=found.pk, reason=data["reason"], at=request.received_at
        ),
        title=_("Return the invoice"),
        lead=_("The contractor reads what to mend and sends it again."),
        submit=_("Return the invoice"),
        message=_("The invoice has been returned to the contractor."),
        back=queries.url_of(found),
        context={"invoice": found, "document": found.document},
    )


@signed_in
def mark_paid(request: Request, code: str, invoice_code: str) -> HttpResponse:
    found = invoice_for(request, code, invoice_code, Act.MARK_PAID, "pay")
    return act_page(
        request,
        found.contract,
        act=Act.MARK_PAID,
        form=forms.PaidForm,
        call=lambda data, actor: services.mark_paid(actor=actor, invoice_id=found.pk, at=request.received_at, **data),
        title=_("Mark the invoice as paid"),
        submit=_("Mark as paid"),
        message=_("The payment has been recorded."),
        back=queries.url_of(found),
        initial={"paid_on": calendar.day_of(request.received_at)},
        context={"invoice": found, "document": found.document},
    )


@signed_in
def draft_settlement(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.DRAFT_SETTLEMENT)
    kept = getattr(contract, "settlement", None)
    return act_page(
        request,
        contract,
        act=Act.DRAFT_SETTLEMENT,
        form=forms.StatementForm,
        call=lambda data, actor: services.draft_settlement(
            actor=actor, contract_id=contract.pk, statement=data["statement"], at=request.received_at
        ),
        title=_("Draft the settlement"),
        lead=kept.objection if kept else "",
        submit=_("Save the settlement"),
        message=_("The settlement is drafted. The authorising officer must sign it."),
        initial={"statement": kept.statement if kept else ""},
        draft=f"liquidacion:{contract.code}",
    )


@signed_in
def sign_settlement(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.SIGN_SETTLEMENT)
    kept = getattr(contract, "settlement", None)
    return act_page(
        request,
        contract,
        act=Act.SIGN_SETTLEMENT,
        form=forms.ConfirmForm,
        call=lambda data, actor: services.sign_settlement(actor=actor, contract_id=contract.pk, at=request.received_at),
        title=_("Sign the settlement"),
        lead=kept.statement if kept else "",
        submit=_("Sign the settlement"),
        message=_("The settlement is signed. The contractor must accept it."),
    )


@signed_in
def accept_settlement(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.ACCEPT_SETTLEMENT)
    kept = getattr(contract, "settlement", None)
    return act_page(
        request,
        contract,
        act=Act.ACCEPT_SETTLEMENT,
        form=forms.ConfirmForm,
        call=lambda data, actor: services.accept_settlement(
            actor=actor, contract_id=contract.pk, at=request.received_at
        ),
        title=_("Accept the settlement"),
        lead=_("Your acceptance is your signature: both parties close their accounts."),
        submit=_("Accept and sign"),
        message=_("The contract is settled."),
        context={"document": kept.document if kept else None},
    )


@signed_in
def object_settlement(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.OBJECT_SETTLEMENT)
    kept = getattr(contract, "settlement", None)
    return act_page(
        request,
        contract,
        act=Act.OBJECT_SETTLEMENT,
        form=forms.ReasonForm,
        call=lambda data, actor: services.object_settlement(
            actor=actor, contract_id=contract.pk, objection=data["reason"], at=request.received_at
        ),
        title=_("Object to the settlement"),
        submit=_("Send the objection"),
        message=_("The entity has been told of your objection."),
        context={"document": kept.document if kept else None},
    )


@signed_in
def close_file(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.CLOSE_FILE)
    return act_page(
        request,
        contract,
        act=Act.CLOSE_FILE,
        form=forms.ConfirmForm,
        call=lambda data, actor: services.close_file(actor=actor, contract_id=contract.pk, at=request.received_at),
        title=_("Close the file"),
        lead=_("Nothing can be added to the file of the contract afterwards."),
        submit=_("Close the file"),
        message=_("The file of the contract is closed."),
    )
