"""From stage to stage: who is interested, the draw, and the end of a request for information."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Denied
from pliego.tendering import forms, joining, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.states import TENDER
from pliego.tendering.views.shown import TENDERS, crumbs, inside, require, section, url
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request


@signed_in
def express_interest(request: Request, code: str) -> HttpResponse:
    """A supplier says in time that it wants to offer."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    require(request.actor, Act.EXPRESS_INTEREST, tender)
    if over := joining.interest_is_over(tender, request.received_at):
        raise Denied(over.sentence)
    due = joining.interest_due(tender)
    return perform(
        request,
        page="tendering/section.html",
        form=forms.ConfirmForm,
        act=lambda data, actor: services.express_interest(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (
            f"/procesos/{tender.code}/",
            _("Your interest is on file with number %(n)s. Receipt %(code)s.")
            % {"n": made.number, "code": made.receipt.code},
        ),
        context={
            "tender": tender,
            "title": _("Express interest"),
            "lead": _("Only those who express interest before %(due)s may offer in this process.")
            % {"due": instant(due) if due else ""},
            "submit_label": _("Express interest"),
            "cancel_url": f"/procesos/{tender.code}/",
        },
    )


@inside()
def interested(request: Request, tender: Tender) -> HttpResponse:
    """Who is interested, whether there is a draw, and its result with what is needed to make it again."""
    context = {
        "tender": tender,
        "crumbs": crumbs(tender, _("Interested suppliers")),
        "rows": tender.interests.select_related("supplier__organization"),
        "rule": tender.rulebook.draw,
        "is_foreseen": tender.rulebook.draw and tender.due_at(tender.rulebook.draw.held_at) is not None,
        "draw": getattr(tender, "draw", None),
        "can_draw": tender.stage_now.kind == "draw" and POLICY.verdict(request.actor, Act.DRAW, tender).allowed,
    }
    return render(request, "tendering/interested.html", context)


@inside(Act.DRAW)
def hold_draw(request: Request, tender: Tender) -> HttpResponse:
    is_list = tender.stage_now.kind == "prequalification"
    back = url("candidacies" if is_list else "interested", tender)
    return section(
        request,
        tender,
        title=_("Hold the draw"),
        form=forms.ConfirmForm,
        act=lambda data, actor: services.hold_draw(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (back, _("The draw is held and public.")),
        context={
            "lead": _("The seed is the first head of the public log after the announcement: anybody can make it again.")
            if is_list
            else _("The seed is the first head of the public log after the term: anybody can make the draw again."),
            "submit_label": _("Hold the draw"),
            "cancel_url": back,
        },
    )


@inside(Act.CONCLUDE)
def conclude(request: Request, tender: Tender) -> HttpResponse:
    if found := TENDER.objections(tender, "conclude", at=request.received_at):
        raise Denied(found[0].sentence)
    return section(
        request,
        tender,
        title=_("Conclude the request for information"),
        form=forms.ConfirmForm,
        act=lambda data, actor: services.conclude_information(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (url("hub", tender), _("The request for information is concluded.")),
        context={
            "lead": _("The answers are open and public. Nothing is awarded."),
            "submit_label": _("Sign and conclude"),
        },
        binding=True,
    )
