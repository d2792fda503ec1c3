"""Pages of the acts on a contract. The page that shows the whole contract is execution's, which knows its payments."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.contracts import forms, guarantees, queries, services, text
from pliego.contracts.guarantees import GuaranteeData
from pliego.contracts.models import Contract, Guarantee
from pliego.contracts.policy import POLICY, Act
from pliego.contracts.services import ContractData
from pliego.contracts.states import CONTRACT
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied
from pliego.kernel.policy import Policy
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.forms import Form
from pliego.web.http import Request
from pliego.web.pagination import paginate


def found_for(request: Request, code: str, act: Act) -> Contract:
    """The contract, when the actor may do this to it now."""
    rows = queries.whole(Contract.objects.visible_to(request.actor))
    contract = get_visible(rows, code=code)
    if not (verdict := POLICY.verdict(request.actor, act, contract)):
        raise Denied(verdict.reason)
    return contract


def act_page(
    request: Request,
    contract: Contract,
    *,
    act: str,
    form: type[Form],
    call: Callable[[dict[str, Any], Any], Any],
    title: str,
    submit: str,
    message: str,
    lead: str = "",
    back: str = "",
    policy: Policy = POLICY,
    **more: Any,
) -> HttpResponse:
    """An act on the contract, of this room or of the one above, on its page."""
    url = back or queries.url_of(contract)
    context = {
        "contract": contract,
        "title": title,
        "lead": lead,
        "submit_label": submit,
        "cancel_url": url,
        "crumbs": [(queries.url_of(contract), contract.code), ("", title)],
        **more.pop("context", {}),
    }
    return perform(
        request,
        page="contracts/act.html",
        form=form,
        act=call,
        done=lambda done: (url, message),
        binding=policy.is_binding(act),
        context=context,
        **more,
    )


@signed_in
def contracts(request: Request) -> HttpResponse:
    """The contracts of one's own account, on either side."""
    rows = queries.of_account(actor=request.actor, state=request.GET.get("estado", ""))
    context = {"pager": paginate(request, rows), "states": CONTRACT.choices, "state": request.GET.get("estado", "")}
    return render(request, "contracts/contracts.html", context)


@signed_in
def preview(request: Request, code: str) -> HttpResponse:
    """The text as it stands, before it is fixed."""
    contract = found_for(request, code, Act.EDIT)
    response = HttpResponse(
        text.render(contract, at=request.received_at, is_draft=True), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="borrador-{contract.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
def edit(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.EDIT)
    return act_page(
        request,
        contract,
        act=Act.EDIT,
        form=forms.EditForm,
        call=lambda data, actor: services.edit_contract(
            actor=actor, contract_id=contract.pk, data=ContractData(**data), at=request.received_at
        ),
        title=_("Data of the contract"),
        submit=_("Save the data"),
        message=_("The data of the contract have been saved."),
        initial={name: getattr(contract, name) for name in forms.EditForm.base_fields},
        draft=f"contrato:{contract.code}",
    )


@signed_in
def send(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.SEND)
    return act_page(
        request,
        contract,
        act=Act.SEND,
        form=forms.ConfirmForm,
        call=lambda data, actor: services.send_contract(actor=actor, contract_id=contract.pk, at=request.received_at),
        title=_("Send the contract to the supplier"),
        lead=_("The text is fixed with its hash. The supplier accepts it or rejects it with a reason."),
        submit=_("Send the contract"),
        message=_("The contract has been sent to the supplier."),
    )


@signed_in
def accept(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.ACCEPT)
    return act_page(
        request,
        contract,
        act=Act.ACCEPT,
        form=forms.ConfirmForm,
        call=lambda data, actor: services.accept_contract(actor=actor, contract_id=contract.pk, at=request.received_at),
        title=_("Accept the contract"),
        lead=_("Your acceptance is your signature: it binds the supplier to the text as it was sent."),
        submit=_("Accept and sign"),
        message=_("You have accepted the contract. The entity must sign it now."),
        context={"document": contract.document},
    )


@signed_in
def reject(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.REJECT)
    return act_page(
        request,
        contract,
        act=Act.REJECT,
        form=forms.ReasonForm,
        call=lambda data, actor: services.reject_contract(
            actor=actor, contract_id=contract.pk, reason=data["reason"], at=request.received_at
        ),
        title=_("Reject the contract"),
        lead=_("The entity reads your reason, changes the text and sends it again."),
        submit=_("Reject the contract"),
        message=_("You have rejected the contract."),
        context={"document": contract.document},
    )


@signed_in
def rework(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.REWORK)
    return act_page(
        request,
        contract,
        act=Act.REWORK,
        form=forms.ConfirmForm,
        call=lambda data, actor: services.rework_contract(actor=actor, contract_id=contract.pk, at=request.received_at),
        title=_("Take the contract back to change it"),
        lead=_("What the supplier accepted no longer counts: the new text must be sent and accepted again."),
        submit=_("Take it back"),
        message=_("The contract is in preparation again."),
    )


@signed_in
def sign(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.SIGN)
    return act_page(
        request,
        contract,
        act=Act.SIGN,
        form=forms.SignForm,
        call=lambda data, actor: services.sign_contract(
            actor=actor, contract_id=contract.pk, at=request.received_at, **data
        ),
        title=_("Sign the contract"),
        lead=_("Your signature binds the entity. The contract is public from that moment."),
        submit=_("Sign the contract"),
        message=_("The contract is signed and public."),
        initial={"budget_commitment_amount": contract.value_amount},
        context={"document": contract.document},
    )


@signed_in
def start(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.START)
    return act_page(
        request,
        contract,
        act=Act.START,
        form=forms.StartForm,
        form_options={"supervisors": queries.supervisors_of(contract)},
        call=lambda data, actor: services.start_contract(
            actor=actor,
            contract_id=contract.pk,
            supervisor_id=data["supervisor"],
            starts_on=data["starts_on"],
            at=request.received_at,
        ),
        title=_("Start the contract"),
        submit=_("Start the contract"),
        message=_("The contract has started."),
        initial={"starts_on": calendar.day_of(request.received_at)},
    )


@signed_in
def complete(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.COMPLETE)
    return act_page(
        request,
        contract,
        act=Act.COMPLETE,
        form=forms.CompleteForm,
        call=lambda data, actor: services.complete_contract(
            actor=actor, contract_id=contract.pk, at=request.received_at, **data
        ),
        title=_("Complete the contract"),
        lead=_("You state, as supervisor, that everything was received as agreed."),
        submit=_("Complete the contract"),
        message=_("The contract is completed."),
        initial={"completed_on": calendar.day_of(request.received_at)},
    )


@signed_in
def submit_guarantee(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.SUBMIT_GUARANTEE)

    def call(data: dict[str, Any], actor: Any) -> Guarantee:
        document = data.pop("document")
        return guarantees.submit_guarantee(
            actor=actor,
            contract_id=contract.pk,
            data=GuaranteeData(**data),
            document=document,
            at=request.received_at,
        )

    return act_page(
        request,
        contract,
        act=Act.SUBMIT_GUARANTEE,
        form=forms.GuaranteeForm,
        call=call,
        title=_("Send a guarantee"),
        submit=_("Send the guarantee"),
        message=_("The guarantee has been sent. The entity must approve it."),
        draft=f"garantia:{contract.code}",
    )


@signed_in
def approve_guarantee(request: Request, code: str, number: int) -> HttpResponse:
    contract = found_for(request, code, Act.DECIDE_GUARANTEE)
    guarantee = queries.numbered_guarantee(contract, number)
    return act_page(
        request,
        contract,
        act=Act.DECIDE_GUARANTEE,
        form=forms.ConfirmForm,
        call=lambda data, actor: guarantees.approve_guarantee(
            actor=actor, guarantee_id=guarantee.pk, at=request.received_at
        ),
        title=_("Approve the guarantee"),
        lead=_("Its document becomes public."),
        submit=_("Approve the guarantee"),
        message=_("The guarantee is approved."),
        context={"guarantee": guarantee, "document": guarantee.document},
    )


@signed_in
def reject_guarantee(request: Request, code: str, number: int) -> HttpResponse:
    contract = found_for(request, code, Act.DECIDE_GUARANTEE)
    guarantee = queries.numbered_guarantee(contract, number)
    return act_page(
        request,
        contract,
        act=Act.DECIDE_GUARANTEE,
        form=forms.ReasonForm,
        call=lambda data, actor: guarantees.reject_guarantee(
            actor=actor, guarantee_id=guarantee.pk, reason=data["reason"], at=request.received_at
        ),
        title=_("Reject the guarantee"),
        submit=_("Reject the guarantee"),
        message=_("The guarantee is rejected, and the contractor has been told why."),
        context={"guarantee": guarantee, "document": guarantee.document},
    )
