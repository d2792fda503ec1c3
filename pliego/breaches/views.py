"""Breaches of a contract: the page of both parties with its acts, and the register of sanctions for everybody."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.breaches import desk, files, forms, law, links, queries, services
from pliego.breaches.models import Breach
from pliego.breaches.policy import BREACHES, POLICY, Act
from pliego.contracts import queries as contracts
from pliego.contracts.acting import found_for
from pliego.contracts.models import Contract
from pliego.documents.views import shown_to_reader
from pliego.kernel.objections import Denied, Unknown
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request
from pliego.web.pagination import paginate


def _crumbs(contract: Contract, *here: tuple[str, Any]) -> list[tuple[str, Any]]:
    home = (queries.list_url(contract) if here else "", _("Breaches and sanctions"))
    return [(contracts.url_of(contract), contract.code), home, *here]


def _contract(request: Request, code: str) -> Contract:
    contract = get_visible(contracts.whole(Contract.objects.visible_to(request.actor)), code=code)
    POLICY.require(request.actor, Act.VIEW, contract)
    return contract


def _breach(request: Request, code: str, number: int) -> Breach:
    contract = _contract(request, code)
    rows = queries.whole(Breach.objects.visible_to(request.actor).filter(contract=contract))
    found: Breach = get_visible(rows, number=number)
    found.contract = contract
    return found


@signed_in
def breaches(request: Request, code: str) -> HttpResponse:
    """The calls for compliance and the procedures of a contract, for its parties."""
    contract, actor = _contract(request, code), request.actor
    # fmt: off
    offers = (
        (Act.DEMAND, _("Call for compliance"),      "breaches:demand"),
        (Act.REPORT, _("Report a possible breach"), "breaches:report"),
    )
    # fmt: on
    context = {
        "contract": contract,
        "crumbs": _crumbs(contract),
        "calls": contract.compliance_calls.select_related("document", "answer_document").order_by("-number"),
        "answers": POLICY.verdict(actor, Act.ANSWER, contract).allowed,
        "breaches": queries.of_contract(actor, contract),
        "buttons": [
            button(title, reverse(page, args=[code]), kind="secondary")
            for act, title, page in offers
            if POLICY.verdict(actor, act, contract)
        ],
    }
    return render(request, "breaches/breaches.html", context)


def _page(contract: Contract, title: Any, submit: Any, url: str, **more: Any) -> dict[str, Any]:
    crumbs = _crumbs(contract, *([(url, more["breach_title"])] if "breach_title" in more else []), ("", title))
    return {"contract": contract, "title": title, "submit_label": submit, "cancel_url": url, "crumbs": crumbs, **more}


@signed_in
def demand(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.DEMAND, POLICY)
    url = queries.list_url(contract)
    return perform(
        request,
        page="breaches/act.html",
        form=forms.DemandForm,
        act=lambda data, actor: services.demand_compliance(
            actor=actor, contract_id=contract.pk, at=request.received_at, **data
        ),
        done=lambda made: (url, _("The contractor is told. Receipt %(code)s.") % {"code": made.receipt.code}),
        context=_page(contract, _("Call for compliance"), _("Send it"), url),
        draft=f"requerimiento:{code}",
    )


@signed_in
def answer(request: Request, code: str, number: int) -> HttpResponse:
    contract = found_for(request, code, Act.ANSWER, POLICY)
    call, url = get_visible(contract.compliance_calls.all(), number=number), queries.list_url(contract)
    return perform(
        request,
        page="breaches/act.html",
        form=forms.AnswerForm,
        act=lambda data, actor: services.answer_call(
            actor=actor, contract_id=contract.pk, number=number, at=request.received_at, **data
        ),
        done=lambda made: (url, _("The entity reads your answer. Receipt %(code)s.") % {"code": made.receipt.code}),
        context=_page(contract, _("Answer the call for compliance"), _("Send the answer"), url, call=call),
        draft=f"requerimiento:{code}:{number}",
    )


@signed_in
def report(request: Request, code: str) -> HttpResponse:
    contract = found_for(request, code, Act.REPORT, POLICY)
    lead = _("Only your entity reads it until it calls the contractor to the hearing.")
    return perform(
        request,
        page="breaches/act.html",
        form=forms.ReportForm,
        initial={"source": "supervisor"},
        act=lambda data, actor: services.report_breach(
            actor=actor, contract_id=contract.pk, at=request.received_at, **data
        ),
        done=lambda made: (queries.url_of(made), _("It is reported. Receipt %(code)s.") % {"code": made.receipt.code}),
        context=_page(contract, _("Report a possible breach"), _("Report it"), queries.list_url(contract), lead=lead),
        draft=f"incumplimiento:{code}",
    )


def _title(breach: Breach) -> Any:
    return _("Possible breach %(n)s") % {"n": breach.number}


@signed_in
def breach(request: Request, code: str, number: int) -> HttpResponse:
    """One procedure: how far it is, what may be done now, and everything that was said and decided."""
    found = _breach(request, code, number)
    context = {
        "contract": found.contract,
        "breach": found,
        "title": _title(found),
        "crumbs": _crumbs(found.contract, ("", _title(found))),
        "session": found.sitting or found.next_session,
        "is_own": request.actor.account_id == found.contract.buyer_id,
        "buttons": desk.buttons(request.actor, found, request.received_at),
        "foreseen": [law.MEASURES[code] for code in found.consequences],
    }
    return render(request, "breaches/breach.html", context)


@signed_in
def act(request: Request, code: str, number: int, path: str) -> HttpResponse:
    """The page of one row of `desk.PAGES`."""
    found = _breach(request, code, number)
    if (page := desk.PAGES.get(path)) is None:
        raise Unknown()
    if not (verdict := BREACHES.verdict(request.actor, page.act, found)):
        raise Denied(verdict.reason)
    url = queries.url_of(found)
    told = {"breach": found, "breach_title": _title(found), "lead": page.lead}
    return perform(
        request,
        page="breaches/act.html",
        form=page.form,
        form_options=page.options(found),
        initial=page.initial(found),
        act=lambda data, actor: page.service(
            actor=actor, contract_id=found.contract_id, number=number, at=request.received_at, **data
        ),
        done=lambda made: (url, page.done),
        context=_page(found.contract, page.title, page.submit, url, **told),
        binding=page.binding,
        draft=f"incumplimiento:{code}:{number}:{path}" if page.is_written else "",
    )


def guarantor(request: Request, token: str) -> HttpResponse:
    """What a guarantor reads of the hearing to which it was called, by its signed link."""
    found = links.guarantor_of(token)
    breach = queries.whole(Breach.objects.filter(pk=found.breach_id)).get()
    context = {
        "guarantor": found,
        "contract": found.breach.contract,
        "breach": breach,
        "token": token,
        "session": breach.sitting or breach.next_session,
        "foreseen": [law.MEASURES[code] for code in breach.consequences],
        "papers": queries.papers_of(breach),
    }
    return render(request, "breaches/guarantor.html", context)


def guarantor_paper(request: Request, token: str, document: str) -> HttpResponse:
    breach = queries.whole(Breach.objects.filter(pk=links.guarantor_of(token).breach_id)).get()
    return shown_to_reader(next((paper for paper in queries.papers_of(breach) if paper.code == document), None))


def register(request: Request) -> HttpResponseBase:
    """The sanctions in force, for anybody."""
    words, today = request.GET.get("q", "")[:200].strip(), queries.today(request.received_at)
    rows = queries.register(today, words)
    if request.GET.get("formato") == "csv":
        return files.as_csv(rows)
    return render(request, "breaches/register.html", {"pager": paginate(request, rows), "q": words})
