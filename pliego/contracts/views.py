"""Pages of the acts on a contract. The page that shows the whole contract is execution's, which knows its payments."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pliego.contracts import files, forms, guarantees, queries, rules, sections, services, text
from pliego.contracts.acting import ActPage, Subject, found_for, on, view_of, with_document
from pliego.contracts.changes import HAPPENED
from pliego.contracts.guarantees import GuaranteeData
from pliego.contracts.models import Contract
from pliego.contracts.policy import Act
from pliego.contracts.states import CONTRACT
from pliego.kernel.calendar import calendar
from pliego.web.acts import signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate_by_key


@signed_in
def contracts(request: Request) -> HttpResponseBase:
    """The contracts of one's own account, on either side: by stage, by what happened, by words, by who supervises."""
    get = request.GET.get
    asked: dict[str, Any] = {"state": get("estado", ""), "happened": get("hecho", ""), "words": get("q", "")}
    asked["supervised"] = get("supervision") == "mia"
    rows = queries.of_account(actor=request.actor, **asked)
    if get("formato") == "csv":
        return files.contracts_csv(rows)
    pager, link = paginate_by_key(request, rows), urlencode({**request.GET.dict(), "formato": "csv"})
    context = {"pager": pager, "states": CONTRACT.choices, "happenings": HAPPENED.items(), "file": link, **asked}
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


# ---- acts ------------------------------------------------------------------------------------------------------------


def the_contract(request: Request, page: ActPage, code: str) -> Subject:
    return Subject.of(found_for(request, code, page.act))


def its_text(request: Request, page: ActPage, code: str) -> Subject:
    """The contract with its text as it was fixed, for who must read it before the act."""
    contract = found_for(request, code, page.act)
    return Subject.of(contract, document=contract.document)


def a_guarantee(request: Request, page: ActPage, code: str, number: int) -> Subject:
    contract = found_for(request, code, page.act)
    guarantee = queries.numbered_guarantee(contract, number)
    shown = {"guarantee": guarantee, "document": guarantee.document}
    return Subject(contract, guarantee, queries.url_of(contract), shown)


def commitment_of(contract: Contract) -> dict[str, Any]:
    """What the section of the budget already says of the commitment."""
    content = sections.BUDGET.content(contract)
    amount = content.commitment_amount or contract.value_amount
    return {"budget_commitment": content.commitment, "budget_commitment_amount": amount}


def started(contract: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    told = {"supervisor_id": data["supervisor"], "starts_on": data["starts_on"]}
    return services.start_contract(actor=actor, contract_id=contract.pk, at=at, **told)


SEND = ActPage(
    act=Act.SEND,
    call=on(services.send_contract),
    title=_("Send the contract to the supplier"),
    lead=_("The text is fixed with its hash. The supplier accepts it or rejects it with a reason."),
    submit=_("Send the contract"),
    message=_("The contract has been sent to the supplier."),
)
ACCEPT = ActPage(
    act=Act.ACCEPT,
    call=on(services.accept_contract),
    title=_("Accept the contract"),
    lead=_("Your acceptance is your signature: it binds the supplier to the text as it was sent."),
    submit=_("Accept and sign"),
    message=_("You have accepted the contract. The entity must sign it now."),
)
REJECT = ActPage(
    act=Act.REJECT,
    form=forms.ReasonForm,
    call=on(services.reject_contract),
    title=_("Reject the contract"),
    lead=_("The entity reads your reason, changes the text and sends it again."),
    submit=_("Reject the contract"),
    message=_("You have rejected the contract."),
)
REWORK = ActPage(
    act=Act.REWORK,
    call=on(services.rework_contract),
    title=_("Take the contract back to change it"),
    lead=_("What the supplier accepted no longer counts: the new text must be sent and accepted again."),
    submit=_("Take it back"),
    message=_("The contract is in preparation again."),
)
SIGN = ActPage(
    act=Act.SIGN,
    form=forms.SignForm,
    call=on(services.sign_contract),
    title=_("Sign the contract"),
    lead=_("Your signature binds the entity. The contract is public from that moment."),
    submit=_("Sign the contract"),
    message=_("The contract is signed and public."),
    initial=lambda subject, request: commitment_of(subject.contract),
    options=lambda subject, request: {"is_sale": subject.contract.is_sale},
    warns=rules.commitment_warnings,
)
START = ActPage(
    act=Act.START,
    form=forms.StartForm,
    call=started,
    title=_("Start the contract"),
    submit=_("Start the contract"),
    message=_("The contract has started."),
    initial=lambda subject, request: {
        "starts_on": calendar.day_of(request.received_at),
        "supervisor": queries.supervisor_named(subject.contract),
    },
    options=lambda subject, request: {"supervisors": queries.supervisors_of(subject.contract)},
)
COMPLETE = ActPage(
    act=Act.COMPLETE,
    form=forms.CompleteForm,
    call=on(services.complete_contract),
    title=_("Complete the contract"),
    lead=_("You state, as supervisor, that everything was received as agreed."),
    submit=_("Complete the contract"),
    message=_("The contract is completed."),
    initial=lambda subject, request: {"completed_on": calendar.day_of(request.received_at)},
)
SUBMIT_GUARANTEE = ActPage(
    act=Act.SUBMIT_GUARANTEE,
    form=forms.GuaranteeForm,
    call=with_document(guarantees.submit_guarantee, GuaranteeData),
    title=_("Send a guarantee"),
    submit=_("Send the guarantee"),
    message=_("The guarantee has been sent. The entity must approve it."),
    draft="garantia",
)
APPROVE_GUARANTEE = ActPage(
    act=Act.DECIDE_GUARANTEE,
    call=on(guarantees.approve_guarantee, "guarantee_id"),
    title=_("Approve the guarantee"),
    lead=_("Its document becomes public."),
    submit=_("Approve the guarantee"),
    message=_("The guarantee is approved."),
)
REJECT_GUARANTEE = ActPage(
    act=Act.DECIDE_GUARANTEE,
    form=forms.ReasonForm,
    call=on(guarantees.reject_guarantee, "guarantee_id"),
    title=_("Reject the guarantee"),
    submit=_("Reject the guarantee"),
    message=_("The guarantee is rejected, and the contractor has been told why."),
)

send, rework = view_of(SEND, the_contract), view_of(REWORK, the_contract)
accept, reject, sign = view_of(ACCEPT, its_text), view_of(REJECT, its_text), view_of(SIGN, its_text)
start, complete = view_of(START, the_contract), view_of(COMPLETE, the_contract)
submit_guarantee = view_of(SUBMIT_GUARANTEE, the_contract)
approve_guarantee = view_of(APPROVE_GUARANTEE, a_guarantee)
reject_guarantee = view_of(REJECT_GUARANTEE, a_guarantee)
