"""The pages of observations: the entity's list and its answers, and the page where a supplier asks."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.enquiries import forms, queries, rules, services
from pliego.enquiries.files import FORMATS
from pliego.enquiries.policy import POLICY, Act
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.views.shown import TENDERS, crumbs, inside, section
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate


def _list(tender: Tender) -> str:
    return reverse("enquiries:enquiries", args=[tender.code])


def require(actor: Actor, act: Act, tender: Tender) -> None:
    """Denied with the reason, before the form is shown."""
    if not (verdict := POLICY.verdict(actor, act, tender)):
        raise Denied(verdict.reason)


@inside()
def enquiries(request: Request, tender: Tender) -> HttpResponse:
    asked = _asked(request)
    context = {
        "tender": tender,
        "crumbs": crumbs(tender, _("Observations")),
        "pager": paginate(request, queries.listed(tender, **asked)),
        "asked": asked,
        "query": urlencode({"estado": asked["state"], "de": asked["by"]}),
        "unanswered": queries.unanswered(tender),
        "can_answer": POLICY.verdict(request.actor, Act.ANSWER, tender).allowed,
        "due": rules.observations_due(tender),
        "answers_due": rules.answers_due(tender),
    }
    return render(request, "enquiries/list.html", context)


def _asked(request: Request) -> dict[str, str]:
    return {"state": request.GET.get("estado", ""), "by": request.GET.get("de", "")}


def download(request: Request, code: str, form: str) -> HttpResponseBase:
    """The observations of a process, filtered as the list is, for anybody who sees the process."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    if form not in FORMATS:
        raise Unknown()
    return FORMATS[form](tender, queries.listed(tender, **_asked(request)))


@inside()
def answer_several(request: Request, tender: Tender) -> HttpResponse:
    require(request.actor, Act.ANSWER, tender)
    return section(
        request,
        tender,
        title=_("Answer several observations at once"),
        form=forms.JointAnswerForm,
        form_options={"tender": tender},
        act=lambda data, actor: services.answer_enquiries(
            actor=actor,
            tender_id=tender.pk,
            numbers=[int(number) for number in data["numbers"]],
            answer=data["answer"],
            at=request.received_at,
        ),
        done=lambda made: (_list(tender), _("The answer is public.")),
        context={
            "lead": _("One answer for all those you choose: each shows which others it answers."),
            "submit_label": _("Publish the answer"),
            "cancel_url": _list(tender),
        },
        draft=f"tender:{tender.code}:respuesta-conjunta",
    )


@inside()
def explain(request: Request, tender: Tender) -> HttpResponse:
    """An observation of the entity itself."""
    require(request.actor, Act.EXPLAIN, tender)
    return section(
        request,
        tender,
        title=_("Make an observation of the entity"),
        form=forms.EnquiryForm,
        form_options={"tender": tender},
        act=lambda data, actor: services.explain_enquiry(
            actor=actor, tender_id=tender.pk, at=request.received_at, **forms.told(data)
        ),
        done=lambda made: (_list(tender), _("The observation is public. Answer it now.")),
        context={
            "lead": _("To explain something to everybody. It is public at once and must be answered like the others."),
            "submit_label": _("Publish the observation"),
            "cancel_url": _list(tender),
        },
        draft=f"tender:{tender.code}:observacion-propia",
    )


@inside()
def answer(request: Request, tender: Tender, number: int) -> HttpResponse:
    require(request.actor, Act.ANSWER, tender)
    enquiry = get_visible(queries.listed(tender), number=number)
    return section(
        request,
        tender,
        title=_("Answer observation %(n)s") % {"n": number},
        page="enquiries/answer.html",
        form=forms.AnswerForm,
        act=lambda data, actor: services.answer_enquiry(
            actor=actor, tender_id=tender.pk, number=number, at=request.received_at, **data
        ),
        done=lambda made: (_list(tender), _("The answer is public.")),
        context={
            "enquiry": enquiry,
            "submit_label": _("Publish the answer"),
            "cancel_url": _list(tender),
        },
        draft=f"tender:{tender.code}:respuesta:{number}",
    )


@signed_in
def ask(request: Request, code: str) -> HttpResponse:
    """A supplier's observation to a public process."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    require(request.actor, Act.ASK, tender)
    if over := rules.enquiries_are_over(tender, request.received_at):
        raise Denied(over.sentence)
    return perform(
        request,
        page="enquiries/ask.html",
        form=forms.EnquiryForm,
        act=lambda data, actor: services.ask_enquiry(
            actor=actor, tender_id=tender.pk, at=request.received_at, **forms.told(data)
        ),
        form_options={"tender": tender},
        done=lambda made: (
            f"/procesos/{tender.code}/",
            _("Your observation %(code)s is public.") % {"code": made.code},
        ),
        context={
            "tender": tender,
            "due": rules.observations_due(tender),
            "submit_label": _("Send the observation"),
            "cancel_url": f"/procesos/{tender.code}/",
        },
        draft=f"tender:{tender.code}:observacion:{tender.enquiries.count() + 1}",
    )
