"""What stops, mends and undoes a public process, over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Status

from pliego.kernel.objections import Objection, Refused
from pliego.tendering import halts, services
from pliego.tendering.api.open import amendment_told
from pliego.tendering.api.router import router, tender_of
from pliego.tendering.api.schemas import (
    AmendmentOut,
    CorrectionIn,
    ResumptionIn,
    ResumptionOut,
    Revocation,
    SuspensionIn,
    SuspensionOut,
    TenderDone,
    described,
    done,
    receipt,
)
from pliego.tendering.models import Suspension
from pliego.web.http import Request


def _done(suspension: Suspension) -> dict[str, Any]:
    return {**described(suspension.tender), "receipt": receipt(suspension.receipt)}


@router.get("/tenders/{code}/suspensions", response=list[SuspensionOut], operation_id="list_suspensions")
def list_suspensions(request: Request, code: str) -> Any:
    """Every suspension of the process, in order."""
    return tender_of(request, code).suspensions.all()


@router.post("/tenders/{code}/suspend", response=TenderDone, operation_id="suspend_tender")
def suspend_tender(request: Request, code: str, payload: SuspensionIn) -> dict[str, Any]:
    """Stop a public process until it is resumed. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return _done(
        services.suspend_tender(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    )


@router.get("/tenders/{code}/resumption", response=ResumptionOut, operation_id="preview_resumption")
def preview_resumption(request: Request, code: str) -> dict[str, Any]:
    """The dates, before and after, if a suspended process were resumed now."""
    tender = tender_of(request, code)
    if (suspension := tender.suspension) is None:
        raise Refused(Objection("wrong_state", _("The process is not suspended.")))
    before, after = tender.schedule, halts.resumed_dates(tender, request.received_at)
    moved = {code: {"before": before[code], "after": due} for code, due in after.items() if before[code] != due}
    return {"days": halts.lasted(suspension, request.received_at), "milestones": moved}


@router.post("/tenders/{code}/resume", response=TenderDone, operation_id="resume_tender")
def resume_tender(request: Request, code: str, payload: ResumptionIn) -> dict[str, Any]:
    """Set a suspended process going again, with its dates moved. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return _done(
        services.resume_tender(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    )


@router.post("/tenders/{code}/revoke", response=TenderDone, operation_id="revoke_tender")
def revoke_tender(request: Request, code: str, payload: Revocation) -> dict[str, Any]:
    """Undo the opening of a process before its award. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return done(
        services.revoke_tender(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    )


@router.post("/tenders/{code}/corrections", response={201: AmendmentOut}, operation_id="draft_correction")
def draft_correction(request: Request, code: str, payload: CorrectionIn) -> Status[dict[str, Any]]:
    """Write the correction of a defect. Another person publishes it, where amendments are published."""
    tender = tender_of(request, code)
    made = services.draft_correction(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    return Status(201, amendment_told(made))
