"""Hearings and visits of a process: the page of everybody, and the acts of whoever conducts or attends them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.hearings import desk, files, forms, occasions, queries, services
from pliego.hearings.models import Hearing
from pliego.hearings.policy import HEARINGS, POLICY, Act, HearingAct
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.views.actions import PROGRESS
from pliego.tendering.views.shown import TENDERS
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request

PROGRESS["hearings:hearings"] = queries.how_far


def _tender(request: Request, code: str) -> Tender:
    rows = TENDERS.visible_to(request.actor).public().prefetch_related("milestones", "kept_sections")
    return get_visible(rows, code=code)


def _hearing(request: Request, code: str, number: int) -> Hearing:
    tender = _tender(request, code)
    found: Hearing = get_visible(queries.listed(tender), number=number)
    found.tender = tender
    return found


def _crumbs(tender: Tender, *here: tuple[str, Any]) -> list[tuple[str, Any]]:
    home = (queries.hearings_url(tender) if here else "", _("Hearings and visits"))
    return [(f"/procesos/{tender.code}/", tender.code), home, *here]


def _is_own(actor: Actor, tender: Tender) -> bool:
    return actor.account_id == tender.buyer_id and bool(actor.roles)


def hearings(request: Request, code: str) -> HttpResponse:
    """Every hearing and visit of the process, and for the entity what it has to convene."""
    tender = _tender(request, code)
    lines = queries.lines(tender)
    context = {
        "tender": tender,
        "crumbs": _crumbs(tender),
        "lines": lines,
        "may_convene": POLICY.verdict(request.actor, Act.CONVENE, tender).allowed,
        "now": request.received_at,
    }
    return render(request, "hearings/hearings.html", context)


def hearing(request: Request, code: str, number: int) -> HttpResponse:
    """One hearing: how to attend, who came, what was said, its minutes, and what can be done now."""
    found, actor = _hearing(request, code, number), request.actor
    is_own = _is_own(actor, found.tender)
    attendances = found.attendances.order_by("number")
    if not is_own and found.state != "closed":  # the minutes make the list public
        attendances = attendances.filter(user_id=actor.user_id or 0)
    context = {
        "tender": found.tender,
        "hearing": found,
        "crumbs": _crumbs(found.tender, ("", found.title)),
        "is_own": is_own,
        "attendances": attendances,
        "interventions": found.interventions.select_related("attendance").order_by("number"),
        "adjournments": found.adjournments.all(),
        "additions": found.additions.all(),
        "may_answer": HEARINGS.verdict(actor, HearingAct.ANSWER, found).allowed,
        "leaves": HEARINGS.verdict(actor, HearingAct.LEAVE, found).allowed,
        "buttons": desk.buttons(actor, found, request.received_at),
        "is_mandatory": found.kind == "visit" and occasions.is_mandatory(found.tender),
        "certificate": found.state == "closed" and files.attended(found, actor),
    }
    return render(request, "hearings/hearing.html", context)


def _page(hearing: Hearing, title: Any, submit: Any, **more: Any) -> dict[str, Any]:
    url = queries.url_of(hearing)
    crumbs = _crumbs(hearing.tender, (url, hearing.title), ("", title))
    told = {"tender": hearing.tender, "hearing": hearing, "title": title, "submit_label": submit}
    return {**told, "cancel_url": url, "crumbs": crumbs, **more}


@signed_in
def convene(request: Request, code: str, occasion: str) -> HttpResponse:
    tender = _tender(request, code)
    if not (verdict := POLICY.verdict(request.actor, Act.CONVENE, tender)):
        raise Denied(verdict.reason)
    if (found := occasions.one(tender, occasion)) is None:
        raise Unknown()
    content = occasions.visit_of(tender) if found.kind == "visit" else None
    return perform(
        request,
        page="hearings/act.html",
        form=forms.ConveneForm,
        initial={"place": content.meeting_point, "how": content.indications} if content else {},
        act=lambda data, actor: services.convene_hearing(
            actor=actor, tender_id=tender.pk, occasion=occasion, at=request.received_at, **data
        ),
        done=lambda made: (queries.url_of(made), _("It is convened. Receipt %(code)s.") % {"code": made.receipt.code}),
        context={
            "tender": tender,
            "title": _("Convene: %(title)s") % {"title": found.title},
            "occasion": found,
            "crumbs": _crumbs(tender, ("", found.title)),
            "submit_label": _("Convene"),
            "cancel_url": queries.hearings_url(tender),
        },
        draft=f"tender:{code}:convocar:{occasion}",
    )


@signed_in
def act(request: Request, code: str, number: int, path: str) -> HttpResponse:
    """The page of one row of `desk.PAGES`."""
    found = _hearing(request, code, number)
    if (page := desk.PAGES.get(path)) is None:
        raise Unknown()
    if not (verdict := HEARINGS.verdict(request.actor, page.act, found)):
        raise Denied(verdict.reason)
    return perform(
        request,
        page="hearings/act.html",
        form=page.form,
        form_options=desk.options(page, found),
        act=lambda data, actor: page.service(
            actor=actor, tender_id=found.tender_id, number=number, at=request.received_at, **data
        ),
        done=lambda made: (queries.url_of(found), page.done),
        context=_page(found, page.title, page.submit),
        binding=page.binding,
        draft=f"tender:{code}:audiencia:{number}:{path}" if page.is_written else "",
    )


@signed_in
def answer(request: Request, code: str, number: int, intervention: int) -> HttpResponse:
    found = _hearing(request, code, number)
    if not (verdict := HEARINGS.verdict(request.actor, HearingAct.ANSWER, found)):
        raise Denied(verdict.reason)
    said = get_visible(found.interventions.select_related("attendance"), number=intervention)
    return perform(
        request,
        page="hearings/act.html",
        form=forms.AnswerForm,
        act=lambda data, actor: services.answer_intervention(
            actor=actor, tender_id=found.tender_id, number=number, intervention=intervention,
            answer=data["answer"], at=request.received_at,
        ),
        done=lambda made: (queries.url_of(found), _("The answer is public.")),
        context=_page(found, _("Answer"), _("Answer"), said=said),
        draft=f"tender:{code}:audiencia:{number}:respuesta:{intervention}",
    )  # fmt: skip


@signed_in
def leave(request: Request, code: str, number: int, attendance: int) -> HttpResponse:
    found = _hearing(request, code, number)
    if not (verdict := HEARINGS.verdict(request.actor, HearingAct.LEAVE, found)):
        raise Denied(verdict.reason)
    row = get_visible(found.attendances.all(), number=attendance)
    if not _is_own(request.actor, found.tender) and row.user_id != request.actor.user_id:
        raise Unknown()
    return perform(
        request,
        page="hearings/act.html",
        form=forms.SureForm,
        act=lambda data, actor: services.leave(
            actor=actor, tender_id=found.tender_id, number=number, attendance=attendance, at=request.received_at
        ),
        done=lambda made: (queries.url_of(found), _("The hour was noted.")),
        context=_page(found, _("%(name)s leaves") % {"name": row.name}, _("Note the hour")),
    )


def download(request: Request, code: str, number: int, form: str) -> HttpResponse:
    """The hearing for one's calendar, or the certificate of attendance of one's account."""
    found = _hearing(request, code, number)
    if form not in files.FORMATS:
        raise Unknown()
    return files.FORMATS[form](found, request.actor, request.received_at)
