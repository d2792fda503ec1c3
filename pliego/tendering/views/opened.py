"""While a process is public: observations and amendments."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.objections import Denied
from pliego.tendering import forms, queries, rules, services
from pliego.tendering.models import Amendment, Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.snapshots import instants
from pliego.tendering.states import TENDER
from pliego.tendering.views.shown import TENDERS, crumbs, inside, require, section, url
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request
from pliego.web.pagination import paginate


@inside()
def enquiries(request: Request, tender: Tender) -> HttpResponse:
    rows = tender.enquiries.select_related("account__organization", "answered_by")
    context = {
        "tender": tender,
        "crumbs": crumbs(tender, _("Observations")),
        "pager": paginate(request, rows),
        "unanswered": queries.unanswered(tender),
        "can_answer": POLICY.verdict(request.actor, Act.ANSWER, tender).allowed,
        "due": rules.observations_due(tender),
    }
    return render(request, "tendering/enquiries.html", context)


@inside(Act.ANSWER)
def answer(request: Request, tender: Tender, number: int) -> HttpResponse:
    enquiry = get_visible(tender.enquiries.select_related("account__organization"), number=number)
    return section(
        request,
        tender,
        title=_("Answer observation %(n)s") % {"n": number},
        page="tendering/answer.html",
        form=forms.AnswerForm,
        act=lambda data, actor: services.answer_enquiry(
            actor=actor, tender_id=tender.pk, number=number, at=request.received_at, **data
        ),
        done=lambda made: (url("enquiries", tender), _("The answer is public.")),
        context={
            "enquiry": enquiry,
            "submit_label": _("Publish the answer"),
            "cancel_url": url("enquiries", tender),
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
        page="tendering/ask.html",
        form=forms.EnquiryForm,
        act=lambda data, actor: services.ask_enquiry(actor=actor, tender_id=tender.pk, at=request.received_at, **data),
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


# ---- amendments ----------------------------------------------------------------------------------------------------


def _waiting(tender: Tender) -> Amendment | None:
    return tender.amendments.filter(state="draft").select_related("prepared_by").first()


def _changes(tender: Tender, amendment: Amendment | None) -> list[dict[str, Any]]:
    """What the amendment moves, as before and after."""
    moved = (amendment.changes if amendment else {}).get("milestones", {})
    return [
        {
            "title": str(tender.rulebook.milestone(code).title),
            **instants(change),
        }
        for code, change in moved.items()
    ]


@inside()
def amendment(request: Request, tender: Tender) -> HttpResponse:
    """The amendment in preparation with its before and after; whoever approves signs here. Then the published ones."""
    waiting, at = _waiting(tender), request.received_at
    verdict = POLICY.verdict(request.actor, Act.PUBLISH_AMENDMENT, tender)
    write = button(
        _("Change the amendment") if waiting else _("Write an amendment"),
        url("write_amendment", tender),
        verdict=POLICY.verdict(request.actor, Act.DRAFT_AMENDMENT, tender),
        objections=rules.amendments_are_over(tender, at) if not tender.stages_to_open else (),
        kind="secondary",
    )
    context = {
        "waiting": waiting,
        "changes": _changes(tender, waiting),
        "brought": waiting.documents.select_related("document") if waiting else [],
        "published": [(done, _changes(tender, done)) for done in tender.amendments.filter(state="published")],
        "why_not": verdict.reason if not verdict else "",
        "objections": TENDER.objections(tender, services.act_of(waiting), at=at),
        "write": write,
        "can_write": POLICY.verdict(request.actor, Act.DRAFT_AMENDMENT, tender).allowed,
        "submit_label": _("Sign and publish the amendment"),
        "cancel_url": url("hub", tender),
    }
    return section(
        request,
        tender,
        title=_("Amendments"),
        page="tendering/amendment.html",
        form=forms.ConfirmForm,
        act=lambda data, actor: services.publish_amendment(actor=actor, tender_id=tender.pk, at=at),
        done=lambda made: (
            url("amendment", tender),
            _("The amendment is public: version %(n)s.") % {"n": made.version.number},
        ),
        context=context,
        binding=True,
    )


@inside(Act.DRAFT_AMENDMENT)
def write_amendment(request: Request, tender: Tender) -> HttpResponse:
    waiting = _waiting(tender)
    moved = {code: c["after"] for code, c in (waiting.changes if waiting else {}).get("milestones", {}).items()}
    dates = {**tender.schedule, **instants(moved)}
    return section(
        request,
        tender,
        title=_("Write an amendment"),
        form=forms.AmendmentForm,
        form_options={"tender": tender},
        initial={**dates, "reason": waiting.reason if waiting else "", "stage": waiting.stage if waiting else ""},
        act=lambda data, actor: services.draft_amendment(
            actor=actor,
            tender_id=tender.pk,
            reason=data.pop("reason"),
            stage=data.pop("stage", ""),
            milestones={code: due for code, due in data.items() if due},
            at=request.received_at,
        ),
        done=lambda made: (url("amendment", tender), _("Saved. Another person must approve and publish it.")),
        context={
            "lead": _("Change only the dates that must change. Nothing is public until it is approved."),
            "submit_label": _("Save the amendment"),
            "cancel_url": url("amendment", tender),
        },
    )


@inside(Act.DRAFT_AMENDMENT)
def add_to_amendment(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Add a document to the amendment"),
        form=forms.DocumentForm,
        form_options={"tender": tender},
        act=lambda data, actor: services.attach_to_amendment(
            actor=actor, tender_id=tender.pk, at=request.received_at, **data
        ),
        done=lambda made: (url("amendment", tender), _("The document is in the amendment.")),
        context={"submit_label": _("Add the document"), "cancel_url": url("amendment", tender)},
    )


@inside(Act.DRAFT_AMENDMENT)
def discard_amendment(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Discard the amendment"),
        form=forms.ConfirmForm,
        act=lambda data, actor: services.discard_amendment(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (url("amendment", tender), _("The amendment is discarded. It was never public.")),
        context={"submit_label": _("Discard the amendment"), "cancel_url": url("amendment", tender)},
    )
