"""What happens to a public process, over the API: amendments, cancellation."""

from typing import Any

from ninja import Status

from pliego.tendering import services
from pliego.tendering.api.router import router, tender_of
from pliego.tendering.api.schemas import (
    AmendmentDone,
    AmendmentIn,
    AmendmentOut,
    Cancellation,
    DocumentIn,
    DocumentOut,
    TenderDone,
    done,
    receipt,
)
from pliego.tendering.models import Amendment
from pliego.tendering.policy import POLICY, Act
from pliego.web.fields import Upload
from pliego.web.http import Request


def amendment_told(amendment: Amendment) -> dict[str, Any]:
    told = {
        name: getattr(amendment, name)
        for name in ("number", "kind", "reason", "defect", "state", "stage", "changes", "published_at")
    }
    if amendment.receipt is None:
        return told
    return {**told, "version": amendment.version.number, "receipt": receipt(amendment.receipt)}


@router.get("/tenders/{code}/amendments", response=list[AmendmentOut], operation_id="list_amendments")
def list_amendments(request: Request, code: str) -> list[dict[str, Any]]:
    """The published ones; for the entity's people, also the one being prepared."""
    tender = tender_of(request, code)
    rows = tender.amendments.all()
    if not POLICY.verdict(request.actor, Act.READ_DRAFT, tender):
        rows = rows.filter(state="published")
    return [amendment_told(amendment) for amendment in rows]


@router.post("/tenders/{code}/amendments", response={201: AmendmentOut}, operation_id="draft_amendment")
def draft_amendment(request: Request, code: str, payload: AmendmentIn) -> Status[dict[str, Any]]:
    """Write the amendment in preparation, or the act that opens the next stage. Another person publishes it."""
    tender = tender_of(request, code)
    return Status(
        201,
        amendment_told(
            services.draft_amendment(
                actor=request.actor,
                tender_id=tender.pk,
                reason=payload.reason,
                milestones=payload.milestones,
                stage=payload.stage,
                binds=payload.binds,
                at=request.received_at,
            )
        ),
    )


@router.post("/tenders/{code}/amendments/draft/documents", response={201: DocumentOut}, operation_id="add_to_amendment")
def add_to_amendment(request: Request, code: str, payload: DocumentIn) -> Status[dict[str, Any]]:
    tender = tender_of(request, code)
    added = services.attach_to_amendment(
        actor=request.actor,
        tender_id=tender.pk,
        kind=payload.kind,
        title=payload.title,
        content=Upload(upload_id=payload.upload),
        at=request.received_at,
    )
    document = added.document
    return Status(201, {"code": document.code, "kind": added.kind, "title": added.title, "sha256": document.sha256})


@router.delete("/tenders/{code}/amendments/draft", response=AmendmentOut, operation_id="discard_amendment")
def discard_amendment(request: Request, code: str) -> dict[str, Any]:
    tender = tender_of(request, code)
    return amendment_told(services.discard_amendment(actor=request.actor, tender_id=tender.pk, at=request.received_at))


@router.post("/tenders/{code}/amendments/draft/publish", response=AmendmentDone, operation_id="publish_amendment")
def publish_amendment(request: Request, code: str) -> dict[str, Any]:
    """Approve and publish what another person wrote. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return amendment_told(services.publish_amendment(actor=request.actor, tender_id=tender.pk, at=request.received_at))


@router.post("/tenders/{code}/cancel", response=TenderDone, operation_id="cancel_tender")
def cancel_tender(request: Request, code: str, payload: Cancellation) -> dict[str, Any]:
    """End a public process before its award. Binding: needs a fresh step-up."""
    tender = tender_of(request, code)
    return done(
        services.cancel_tender(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    )
