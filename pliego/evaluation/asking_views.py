"""Pages of what is asked of bidders: asking, answering, deciding, and all of it for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.evaluation import asking, forms, mending, queries
from pliego.evaluation.models import BidRequest
from pliego.evaluation.policy import REQUEST_POLICY, Act, RequestAct
from pliego.evaluation.views import allow, home, own_evaluation, page_of, told
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request

ROWS = BidRequest.objects.select_related(
    "evaluation__tender__buyer__organization", "assessment__bid__supplier__organization", "item", "document"
).prefetch_related("evaluation__tender__suspensions")


@signed_in
def ask(request: Request, code: str, bid: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.ASK, found)
    if (column := queries.column_of(found, bid)) is None:
        raise Unknown()
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.AskForm,
        act=lambda data, actor: asking.ask_bidder(
            actor=actor, tender_id=found.tender_id, bid=bid, at=request.received_at, **data
        ),
        done=lambda done: (home(found), told(_("The request is public."), done.receipt)),
        initial={"due": mending.last_moment(found)},
        form_options={"items": [(cell.item.number, str(cell.item)) for cell in column.asked]},
        context=page_of(found, _("Ask the bidder"), _("Send the request to the bidder"), lead=column.row.supplier_name),
        draft=f"requerir:{bid}",
    )


@signed_in
def decide(request: Request, code: str, number: int) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.ASK, found)
    asked = get_visible(ROWS.filter(evaluation=found), number=number)
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.RequestDecisionForm,
        act=lambda data, actor: asking.decide_request(
            actor=actor, tender_id=found.tender_id, number=number, at=request.received_at, **data
        ),
        done=lambda done: (home(found), told(_("The decision is public."), done.receipt)),
        context=page_of(
            found, _("Decide on the request %(n)s") % {"n": number}, _("Publish the decision"), asked=asked
        ),
    )


def public(request: Request, code: str) -> HttpResponse:
    """All that was asked of bidders, with their answers."""
    tender = get_visible(Tender.objects.visible_to(request.actor).select_related("buyer__organization"), code=code)
    rows = list(ROWS.filter(evaluation__tender=tender).order_by("number"))
    mine = {row.number for row in rows if REQUEST_POLICY.verdict(request.actor, RequestAct.ANSWER, row)}
    open_ones = {row.number for row in rows if mending.cannot_be_answered(row, request.received_at) is None}
    context = {"tender": tender, "requests": rows, "answerable": mine & open_ones}
    return render(request, "evaluation/requests.html", context)


@signed_in
def answer(request: Request, code: str, number: int) -> HttpResponse:
    asked = get_visible(ROWS.filter(evaluation__tender__code=code), number=number)
    if not (verdict := REQUEST_POLICY.verdict(request.actor, RequestAct.ANSWER, asked)):
        raise Denied(verdict.reason)
    url = reverse("evaluation:requests", args=[code])
    return perform(
        request,
        page="evaluation/answer_request.html",
        form=forms.RequestAnswerForm,
        act=lambda data, actor: asking.answer_request(
            actor=actor, tender_id=asked.evaluation.tender_id, number=number, at=request.received_at, **data
        ),
        done=lambda done: (url, told(_("Your answer is public."), done.receipt)),
        context={
            "tender": asked.evaluation.tender,
            "asked": asked,
            "submit_label": _("Send the answer"),
            "cancel_url": url,
            "crumbs": [(url, _("Requests to bidders")), ("", _("Answer"))],
        },
        draft=f"requerimiento:{code}:{number}",
    )
