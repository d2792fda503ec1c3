"""Prequalification: suppliers apply, the entity judges each, reports, and makes the list of those who may offer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Denied, Objection, gather
from pliego.tendering import forms, joining, listing, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.views.shown import TENDERS, crumbs, inside, require, section, url
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request


@signed_in
def apply(request: Request, code: str) -> HttpResponse:
    """A supplier asks in time, with documents, to be on the list."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    require(request.actor, Act.APPLY, tender)
    if over := listing.applying_is_over(tender, request.received_at):
        raise Denied(over.sentence)
    last = tender.rulebook.reached_by("apply", tender.stage_now)
    due = tender.due_at(last.code) if last else None
    return perform(
        request,
        page="tendering/section.html",
        form=forms.CandidacyForm,
        act=lambda data, actor: services.apply_for_list(
            actor=actor,
            tender_id=tender.pk,
            statement=data["statement"],
            papers=forms.papers_of(data),
            at=request.received_at,
        ),
        done=lambda made: (
            f"/procesos/{tender.code}/",
            _("Your application is on file with number %(n)s. Receipt %(code)s.")
            % {"n": made.number, "code": made.receipt.code},
        ),
        context={
            "tender": tender,
            "title": _("Apply to the prequalification"),
            "lead": _("Only those on the list may offer in this process. Applications are received until %(due)s.")
            % {"due": instant(due) if due else ""}
            + f" {listing.maximum_in_words(tender)}",
            "submit_label": _("Send the application"),
            "cancel_url": f"/procesos/{tender.code}/",
        },
    )


def prequalified(request: Request, code: str) -> HttpResponse:
    """What the report and the list said of each applicant: public from the moment each was published."""
    tender = get_visible(Tender.objects.public().select_related("buyer__organization"), code=code)
    context = {"tender": tender, "maximum": listing.maximum_in_words(tender), **_acts(tender)}
    return render(request, "tendering/prequalified.html", context)


def _acts(tender: Tender) -> dict[str, Any]:
    found = {act.kind: act for act in tender.prequalification_acts.all()}
    acts = {"report": found.get("report"), "announced": found.get("draw"), "list": found.get("list")}
    return {**acts, "draw": getattr(tender, "draw", None)}


@inside()
def candidacies(request: Request, tender: Tender) -> HttpResponse:
    """Who applied, with their documents; what was decided; and the two acts of the prequalification."""
    acts, at = _acts(tender), request.received_at
    drawn = acts["draw"] or acts["list"] or not listing.too_many_qualify(tender)
    offers = [
        (Act.REPORT_PREQUALIFICATION, _("Publish the report"), "prequalification_report", acts["report"],
         listing.prequalification_report_is_too_soon(tender, at)),
        (Act.DRAW, _("Announce the draw"), "announce_draw", drawn or acts["announced"],
         listing.list_draw_is_too_soon(tender, at)),
        (Act.DRAW, _("Hold the draw"), "draw", drawn or not acts["announced"], joining.draw_is_not_due(tender, at)),
        (Act.MAKE_LIST, _("Publish the list"), "make_list", acts["list"], listing.list_is_too_soon(tender, at)),
    ]  # fmt: skip
    context = {
        "tender": tender,
        "crumbs": crumbs(tender, _("Prequalification")),
        "maximum": listing.maximum_in_words(tender),
        "rows": tender.candidacies.select_related("supplier__organization").prefetch_related("documents"),
        "buttons": [
            button(
                label,
                url(page, tender),
                verdict=POLICY.verdict(request.actor, act, tender),
                objections=gather(refusals),
            )
            for act, label, page, done, refusals in offers
            if not done
        ],
        "can_judge": POLICY.verdict(request.actor, Act.JUDGE_CANDIDACY, tender).allowed
        and not (acts["list"] or acts["announced"]),
        **acts,
    }
    return render(request, "tendering/candidacies.html", context)


@inside(Act.JUDGE_CANDIDACY)
def judge(request: Request, tender: Tender, number: int) -> HttpResponse:
    candidacy = get_visible(tender.candidacies.select_related("supplier__organization"), number=number)
    told = {True: "yes", False: "no", None: ""}[candidacy.is_listed]
    return section(
        request,
        tender,
        title=_("Application %(number)s: %(name)s") % {"number": number, "name": candidacy.supplier.name},
        form=forms.JudgementForm,
        initial={"is_listed": told, "reasons": candidacy.reasons},
        act=lambda data, actor: services.judge_candidacy(
            actor=actor,
            tender_id=tender.pk,
            number=number,
            is_listed=data["is_listed"] == "yes",
            reasons=data["reasons"],
            at=request.received_at,
        ),
        done=lambda made: (url("candidacies", tender), _("The decision has been saved.")),
        context={"submit_label": _("Save the decision"), "cancel_url": url("candidacies", tender)},
    )


def _act(request: Request, tender: Tender, found: list[Objection], **options: Any) -> HttpResponse:
    """The page of one of the two acts, or 403 with what comes first."""
    if found and request.method != "POST":
        raise Denied(found[0].sentence)
    return section(request, tender, form=forms.ConfirmForm, **options)


@inside(Act.REPORT_PREQUALIFICATION)
def report(request: Request, tender: Tender) -> HttpResponse:
    return _act(
        request,
        tender,
        gather(listing.prequalification_report_is_too_soon(tender, request.received_at)),
        title=_("Publish the report of the prequalification"),
        act=lambda data, actor: services.report_prequalification(
            actor=actor, tender_id=tender.pk, at=request.received_at
        ),
        done=lambda made: (url("candidacies", tender), _("The report is public.")),
        context={
            "lead": _("What was decided on each applicant, its reasons and the documents of all become public."),
            "submit_label": _("Publish the report"),
            "cancel_url": url("candidacies", tender),
        },
    )


@inside(Act.DRAW)
def announce_draw(request: Request, tender: Tender) -> HttpResponse:
    lead = _("%(n)s qualify and at most %(most)s may be on the list. Once it is announced, no decision changes.")
    return _act(
        request,
        tender,
        gather(listing.list_draw_is_too_soon(tender, request.received_at)),
        title=_("Announce the draw for the list"),
        act=lambda data, actor: services.announce_list_draw(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (url("candidacies", tender), _("The draw is announced. Hold it in a minute.")),
        context={
            "lead": lead % {"n": listing.qualify(tender), "most": tender.list_maximum},
            "submit_label": _("Announce the draw"),
            "cancel_url": url("candidacies", tender),
        },
    )


@inside(Act.MAKE_LIST)
def make_list(request: Request, tender: Tender) -> HttpResponse:
    return _act(
        request,
        tender,
        gather(listing.list_is_too_soon(tender, request.received_at)),
        title=_("Publish the list of those who may offer"),
        act=lambda data, actor: services.make_list(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (url("candidacies", tender), _("The list is public and does not change.")),
        context={
            "lead": _("It is made in its hearing. Only those on it may offer."),
            "submit_label": _("Sign and publish the list"),
            "cancel_url": url("candidacies", tender),
        },
        binding=True,
    )
