"""What stops a public process, sets it going again, corrects it, or undoes its opening."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pliego.tendering import forms, halts, rules, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.snapshots import instants
from pliego.tendering.views.shown import inside, section, url
from pliego.web.http import Request


@inside(Act.SUSPEND)
def suspend(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Suspend the process"),
        form=forms.SuspensionForm,
        act=lambda data, actor: services.suspend_tender(
            actor=actor, tender_id=tender.pk, at=request.received_at, **data
        ),
        done=lambda made: (
            url("hub", tender),
            _("The process is suspended and everybody is told. Receipt %(code)s.") % {"code": made.receipt.code},
        ),
        context={
            "lead": _(
                "Nothing is received and no term runs until somebody resumes it. Offers already presented stay sealed,"
                " and may be taken back while their term has not ended."
            ),
            "submit_label": _("Sign and suspend the process"),
        },
        binding=True,
    )


@inside(Act.RESUME)
def resume(request: Request, tender: Tender) -> HttpResponse:
    """Every date before and after the suspension, and the signature that sets it going."""
    at = request.received_at
    earliest = halts.resumed_dates(tender, at)
    days = halts.lasted(tender.suspension, at)
    return section(
        request,
        tender,
        title=_("Resume the process"),
        form=forms.ResumptionForm,
        form_options={"tender": tender, "earliest": earliest},
        initial=earliest,
        act=lambda data, actor: services.resume_tender(
            actor=actor, tender_id=tender.pk, reason=data.pop("reason"), milestones=data, at=at
        ),
        done=lambda made: (
            url("hub", tender),
            _("The process goes on, with its new dates. Receipt %(code)s.") % {"code": made.receipt.code},
        ),
        context={
            "lead": _("The suspension has taken no business day yet: the dates stay as they were.")
            if days == 0
            else ngettext(
                "The suspension has taken %(n)s business day: each date that was to come moves by as much. You may"
                " choose later ones.",
                "The suspension has taken %(n)s business days: each date that was to come moves by as much. You may"
                " choose later ones.",
                days,
            )
            % {"n": days},
            "submit_label": _("Sign and resume the process"),
        },
        binding=True,
    )


@inside(Act.REVOKE)
def revoke(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Revoke the opening of the process"),
        form=forms.RevocationForm,
        act=lambda data, actor: services.revoke_tender(
            actor=actor, tender_id=tender.pk, at=request.received_at, **data
        ),
        done=lambda made: (url("hub", tender), _("The opening is revoked, and everybody can read why.")),
        context={
            "lead": _(
                "The act that opened the process is undone, before its award and for ever (Ley 1437 de 2011, arts."
                " 93-97). What is sealed is never opened. Everybody who takes part is told."
            ),
            "submit_label": _("Sign and revoke the opening"),
        },
        binding=True,
    )


@inside(Act.DRAFT_CORRECTION)
def correct(request: Request, tender: Tender) -> HttpResponse:
    """Write the correction of a defect; another person publishes it where amendments are published."""
    waiting = tender.amendments.filter(state="draft", kind="correction").first()
    moved = {
        code: change["after"] for code, change in (waiting.changes if waiting else {}).get("milestones", {}).items()
    }
    said = {"defect": waiting.defect, "reason": waiting.reason} if waiting else {}
    return section(
        request,
        tender,
        title=_("Correct a defect of the process"),
        page="tendering/correct.html",
        form=forms.CorrectionForm,
        form_options={"tender": tender},
        initial={**tender.schedule, **instants(moved), **said},
        act=lambda data, actor: services.draft_correction(
            actor=actor,
            tender_id=tender.pk,
            defect=data.pop("defect"),
            reason=data.pop("reason"),
            milestones={code: due for code, due in data.items() if due},
            at=request.received_at,
        ),
        done=lambda made: (url("amendment", tender), _("Saved. Another person must approve and publish it.")),
        context={
            "lead": _("Change only the dates that must be given anew. Nothing is public until it is approved."),
            "over": rules.amendments_are_over(tender, request.received_at),
            "submit_label": _("Save the correction"),
        },
    )
