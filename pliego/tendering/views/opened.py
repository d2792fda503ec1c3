"""While a process is public: amendments."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from pliego.tendering import forms, queries, rules, sections, services
from pliego.tendering.models import Amendment, Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.snapshots import instants
from pliego.tendering.states import TENDER
from pliego.tendering.views.shown import inside, section, url
from pliego.web.buttons import button
from pliego.web.http import Request


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
    is_correction = bool(waiting and waiting.kind == "correction")
    write = button(
        _("Change the correction")
        if is_correction
        else _("Change the amendment")
        if waiting
        else _("Write an amendment"),
        url("correct" if is_correction else "write_amendment", tender),
        verdict=POLICY.verdict(request.actor, Act.DRAFT_AMENDMENT, tender),
        objections=rules.amendments_are_over(tender, at) if not (tender.stages_to_open or is_correction) else (),
        kind="secondary",
    )
    context = {
        "waiting": waiting,
        "changes": _changes(tender, waiting),
        "rewritten": queries.rewritten(tender, waiting),
        "amendable": [part for part in sections.of(tender) if part.is_amendable and part.shape is not None],
        "brought": waiting.documents.select_related("document") if waiting else [],
        "published": [
            (done, _changes(tender, done), queries.rewritten(tender, done))
            for done in tender.amendments.filter(state="published").order_by("-number")
        ],
        "why_not": verdict.reason if not verdict else "",
        "objections": TENDER.objections(tender, services.act_of(waiting), at=at),
        "warnings": sections.warnings(tender, at) if waiting else [],
        "write": write,
        "can_write": POLICY.verdict(request.actor, Act.DRAFT_AMENDMENT, tender).allowed,
        "submit_label": _("Sign and publish the correction") if is_correction else _("Sign and publish the amendment"),
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


def _told(waiting: Amendment | None) -> dict[str, Any]:
    """What the amendment in preparation says of itself."""
    if waiting is None:
        return {}
    return {"reason": waiting.reason, "stage": waiting.stage, "binds": waiting.changes.get("binds", False)}


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
        initial={**dates, **_told(waiting)},
        act=lambda data, actor: services.draft_amendment(
            actor=actor,
            tender_id=tender.pk,
            reason=data.pop("reason"),
            stage=data.pop("stage", ""),
            binds=data.pop("binds"),
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
