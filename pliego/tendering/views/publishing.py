"""From the draft to the public process, and the end of one: the acts that two people share."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from pliego.tendering import forms, queries, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.states import TENDER
from pliego.tendering.views.shown import inside, section, url, whole
from pliego.web.http import Request


def _everything(request: Request, tender: Tender, act: str) -> dict[str, Any]:
    """The whole pliego as the approver must see it before signing."""
    at = request.received_at
    return {
        **whole(tender, at),
        "sections": queries.checklist(tender, at=at),
        "objections": TENDER.objections(tender, act, at=at),
    }


@inside(Act.SUBMIT)
def submit(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Check and send for approval"),
        page="tendering/review.html",
        form=forms.ConfirmForm,
        act=lambda data, actor: services.submit_for_approval(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda sent: (url("hub", tender), _("Sent. Now an authorising officer must approve it.")),
        context={**_everything(request, tender, "submit"), "submit_label": _("Send for approval"), "can_change": True},
    )


@inside(Act.PUBLISH)
def publish(request: Request, tender: Tender) -> HttpResponse:
    """Everything the public will see, and the signature that publishes it."""
    return section(
        request,
        tender,
        title=_("Review and publish"),
        page="tendering/review.html",
        form=forms.ConfirmForm,
        act=lambda data, actor: services.publish_tender(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda made: (
            url("hub", tender),
            _("The process is public. Receipt %(code)s.") % {"code": made.receipt.code},
        ),
        context={
            **_everything(request, tender, "publish"),
            "submit_label": _("Sign and publish"),
            "return_url": url("return", tender),
        },
        binding=True,
    )


@inside(Act.RETURN)
def give_back(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Return with reasons"),
        form=forms.ReasonForm,
        act=lambda data, actor: services.return_to_draft(
            actor=actor, tender_id=tender.pk, reasons=data["reason"], at=request.received_at
        ),
        done=lambda made: (url("hub", tender), _("The process went back to its authors with your reasons.")),
        context={"submit_label": _("Return the process")},
    )


@inside(Act.DISCARD)
def discard(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Discard the draft"),
        form=forms.ReasonForm,
        act=lambda data, actor: services.discard_draft(
            actor=actor, tender_id=tender.pk, reason=data["reason"], at=request.received_at
        ),
        done=lambda made: (url("hub", tender), _("The draft is discarded. It was never public.")),
        context={"submit_label": _("Discard the draft")},
    )


@inside(Act.CANCEL)
def cancel(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Cancel the process"),
        form=forms.CancellationForm,
        act=lambda data, actor: services.cancel_tender(
            actor=actor, tender_id=tender.pk, at=request.received_at, **data
        ),
        done=lambda made: (url("hub", tender), _("The process is cancelled, and everybody can read why.")),
        context={
            "lead": _(
                "Nobody will be able to offer, what is sealed is never opened, and the process cannot be opened again."
                " Everybody who takes part is told."
            ),
            "submit_label": _("Sign and cancel the process"),
        },
        binding=True,
    )
