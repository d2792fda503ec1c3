"""The deliveries of a contract: how far it is, its plan, the receptions and the documents of both sides."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.conditions.paying import advance_of
from pliego.contracts import queries as contracts
from pliego.contracts.acting import ActPage, Subject, found_for, view_of
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.contracts.sections import PERFORMANCE, TERMS
from pliego.execution import delivering, delivery_forms, series, services
from pliego.execution.deliveries import Mode
from pliego.execution.models import Delivery
from pliego.execution.policy import POLICY, Act
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Refused
from pliego.web.acts import get_visible, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request

MOST = 60
Page = partial(ActPage, policy=POLICY)


@signed_in
def deliveries(request: Request, code: str) -> HttpResponse:
    """Planned against real, delivery by delivery, with the documents of each."""
    rows = contracts.whole(Contract.objects.visible_to(request.actor)).select_related("execution_plan")
    contract = get_visible(rows, code=code)
    CONTRACTS.require(request.actor, ContractAct.VIEW, contract)
    today = calendar.day_of(request.received_at)
    found = delivering.deliveries_for(request.actor, contract)
    rows_shown = [(row, row.is_late(contract.terms_on(today))) for row in found]
    may = {act: bool(POLICY.verdict(request.actor, act, contract)) for act in (Act.RECEIVE, Act.LOAD_PAPER)}
    plan = getattr(contract, "execution_plan", None)
    context = {
        "contract": contract, "plan": plan, "progress": delivering.progress_of(contract, today), "rows": rows_shown,
        "receives": may[Act.RECEIVE], "loads": may[Act.LOAD_PAPER],
        "buttons": list(_buttons(request, contract, may[Act.RECEIVE] and plan is not None)),
        "crumbs": [(contracts.url_of(contract), contract.code), ("", _("Deliveries"))],
    }  # fmt: skip
    return render(request, "execution/deliveries.html", context)


def _buttons(request: Request, contract: Contract, receives: bool) -> Any:
    if POLICY.verdict(request.actor, Act.PLAN_DELIVERIES, contract):
        yield button(_("Set the execution plan"), reverse("execution:execution_plan", args=[contract.code]))
    if receives:
        unplanned = reverse("execution:receive_unplanned", args=[contract.code])
        yield button(_("Receive something that was not planned"), unplanned, kind="secondary")


def the_contract(request: Request, page: ActPage, code: str) -> Subject:
    contract = found_for(request, code, page.act, POLICY, "execution_plan")
    return Subject(contract, contract, reverse("execution:deliveries", args=[code]))


def a_delivery(request: Request, page: ActPage, code: str, number: int) -> Subject:
    subject = the_contract(request, page, code)
    return Subject(subject.contract, get_visible(subject.contract.deliveries.all(), number=number), subject.url)


def to_receive(request: Request, page: ActPage, code: str, number: int | None = None) -> Subject:
    """A delivery of the plan that was not received, or one that nobody had planned."""
    subject = the_contract(request, page, code) if number is None else a_delivery(request, page, code, number)
    if getattr(subject.contract, "execution_plan", None) is None:
        raise Refused(Objection("no_execution_plan", _("Set the execution plan first.")))
    if isinstance(subject.row, Delivery) and subject.row.is_received:
        raise Refused(Objection("already_received", _("This delivery was received already.")))
    return subject


def typed_plan(subject: Subject, request: Request) -> dict[str, Any]:
    """The plan as it is; or else what the sections of the contract say: its deliveries, and the advance."""
    contract = subject.contract
    plan = getattr(contract, "execution_plan", None)
    if plan is None:
        return _agreed(contract)
    found: dict[str, Any] = {"mode": plan.mode, "advance": plan.advance_amount}
    for row in contract.deliveries.all():
        found |= {
            f"title_{row.number}": row.title, f"due_on_{row.number}": row.due_on,
            f"percent_{row.number}": row.percent, f"articles_{row.number}": row.shown_articles,
        }  # fmt: skip
    return found


def _agreed(contract: Contract) -> dict[str, Any]:
    """What the contract said of its deliveries when it was signed, with days where the start is known."""
    terms, performance = TERMS.content(contract), PERFORMANCE.content(contract)
    has_items = performance.tracking == "items" and contract.lines.exists()
    found: dict[str, Any] = {"mode": (Mode.ARTICLES if has_items else Mode.PERCENT).value}
    if terms.advance_kind == "advance":
        found["advance"] = advance_of(contract.value_amount, terms)
    for n, row in enumerate(performance.deliveries, 1):
        due = row.due_on
        if due is None and contract.starts_on is not None and row.due_days is not None:
            due = contract.starts_on + timedelta(days=row.due_days)
        found |= {f"title_{n}": row.title, f"due_on_{n}": due, f"percent_{n}": row.percent}
    return found


def plan_options(subject: Subject, request: Request) -> dict[str, Any]:
    """`?entregas=4` asks for four rows."""
    asked = request.GET.get("entregas", "")
    contract = subject.contract
    known = contract.deliveries.count() or len(PERFORMANCE.content(contract).deliveries) or 4
    count = int(asked) if asked.isdecimal() and len(asked) < 4 else known
    return {"count": min(max(count, 1), MOST), "has_lines": contract.lines.exists()}


def planned(contract: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    rows = [row for row in delivery_forms.ExecutionPlanForm.rows(data) if row.title or row.percent or row.articles]
    told = {"mode": data["mode"], "advance": data["advance"] or 0, "rows": rows}
    return services.set_execution_plan(actor=actor, contract_id=contract.pk, at=at, **told)


def received(row: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    is_planned = isinstance(row, Delivery)
    return services.receive_delivery(
        actor=actor, contract_id=row.contract_id if is_planned else row.pk, number=row.number if is_planned else None,
        received=delivery_forms.ReceiveForm.received(data), remarks=data["remarks"], at=at,
    )  # fmt: skip


def receive_options(subject: Subject, request: Request) -> dict[str, Any]:
    return {"mode": subject.contract.execution_plan.mode, "is_planned": isinstance(subject.row, Delivery)}


def receive_typed(subject: Subject, request: Request) -> dict[str, Any]:
    """What was planned, of today."""
    told: dict[str, Any] = {"received_on": calendar.day_of(request.received_at)}
    if isinstance(subject.row, Delivery):
        told |= {"percent": subject.row.percent, "articles": subject.row.shown_articles}
    return told


PLAN = Page(
    act=Act.PLAN_DELIVERIES,
    form=delivery_forms.ExecutionPlanForm,
    fields=series.FIELDS,
    call=planned,
    title=_("Execution plan"),
    lead=_("By percentage, each delivery says what is done by then and the last one reaches 100; by articles, all of"
           " them are what the contract buys. Rows without anything do not count."),
    submit=_("Save the plan"),
    message=_("The execution plan has been set."),
    initial=typed_plan,
    options=plan_options,
)  # fmt: skip
RECEIVE = Page(
    act=Act.RECEIVE,
    form=delivery_forms.ReceiveForm,
    call=received,
    title=_("Receive a delivery"),
    lead=_("What was received is public. Invoices of this delivery can be approved from now on."),
    submit=_("Receive"),
    message=_("The delivery was received."),
    initial=receive_typed,
    options=receive_options,
)
LOAD_PAPER = Page(
    act=Act.LOAD_PAPER,
    form=delivery_forms.PaperForm,
    call=lambda row, data, actor, at: services.load_paper(
        actor=actor, contract_id=row.contract_id, number=row.number, at=at, **data
    ),
    title=_("Load a document of the delivery"),
    submit=_("Load the document"),
    message=_("The document is loaded and the other party sees it."),
)
execution_plan, receive = view_of(PLAN, the_contract), view_of(RECEIVE, to_receive)
load_paper = view_of(LOAD_PAPER, a_delivery)
