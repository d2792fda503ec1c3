"""From the draft to the public process, over the API."""

from typing import Any

from pliego.tendering import services
from pliego.tendering.api.router import router, tender_of
from pliego.tendering.api.schemas import Reason, TenderDone, done
from pliego.web.http import Request


@router.post("/tenders/{code}/submit", response=TenderDone, operation_id="submit_tender")
def submit_tender(request: Request, code: str) -> dict[str, Any]:
    """Send the finished draft for approval."""
    tender = tender_of(request, code)
    return done(services.submit_for_approval(actor=request.actor, tender_id=tender.pk, at=request.received_at))


@router.post("/tenders/{code}/return", response=TenderDone, operation_id="return_tender")
def return_tender(request: Request, code: str, payload: Reason) -> dict[str, Any]:
    """Give the draft back to its authors with reasons."""
    tender = tender_of(request, code)
    return done(
        services.return_to_draft(
            actor=request.actor, tender_id=tender.pk, reasons=payload.reason, at=request.received_at
        )
    )


@router.post("/tenders/{code}/discard", response=TenderDone, operation_id="discard_tender")
def discard_tender(request: Request, code: str, payload: Reason) -> dict[str, Any]:
    tender = tender_of(request, code)
    return done(
        services.discard_draft(actor=request.actor, tender_id=tender.pk, reason=payload.reason, at=request.received_at)
    )


@router.post("/tenders/{code}/publish", response=TenderDone, operation_id="publish_tender")
def publish_tender(request: Request, code: str) -> dict[str, Any]:
    """Approve and publish what another person prepared. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return done(services.publish_tender(actor=request.actor, tender_id=tender.pk, at=request.received_at))
