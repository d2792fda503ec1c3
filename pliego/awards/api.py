"""Decisions over the API: the same services as the pages."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import ninja
from ninja import Field, Status

from pliego.awards import by_lot, queries, services
from pliego.awards.models import Award
from pliego.kernel.objections import Unknown
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["awards"])

Prose = Annotated[str, Field(max_length=4000)]
Code = Annotated[str, Field(max_length=24)]


class AwardIn(Schema):
    model_config = example(reason="Es la oferta más baja que cumple")

    bid: Annotated[Code, Field(description="Without it, the first one of the order")] = ""
    reason: Prose = ""
    variant: Annotated[bool, Field(description="Its variant instead of its base: only that of the first one")] = False


class DesertIn(Schema):
    model_config = example(reason="Ninguna oferta cumple")

    reason: Prose


class DirectIn(Schema):
    model_config = example(supplier="PLG.CTA.1", value="38000000.00", reason="Es quien tiene la experiencia")

    supplier: Code
    value: Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
    reason: Prose = ""
    justification: Annotated[
        str, Field(max_length=100, description="Code of an upload of the kind “justification”")
    ] = ""


class LotDecisionIn(Schema):
    model_config = example(lot=1, bid="PLG.OFE.1")

    lot: int
    bid: Annotated[Code, Field(description="Without it, the first one of the order")] = ""
    cause: Annotated[Literal["", "no_offers", "none_complies"], Field(description="Why it is void, if it is")] = ""
    reason: Prose = ""


class AwardLotsIn(Schema):
    model_config = example(lots=[{"lot": 1, "bid": "PLG.OFE.1"}])

    lots: Annotated[list[LotDecisionIn], Field(max_length=300, description="Every lot that is open, once")]


class DesertLotIn(Schema):
    model_config = example(cause="no_offers", reason="Nadie ofertó por el lote")

    cause: Literal["no_offers", "none_complies"]
    reason: Prose


class LotOut(ninja.Schema):
    number: int
    title: str
    value: Decimal | None
    state: str
    offers: int | None = Field(description="How many offers are for it; nothing before they are open")
    award: str


class AwardOut(ninja.Schema):
    code: str
    tender: str
    state: str
    lot: int | None
    cause: str
    supplier: str
    supplier_name: str
    bid: str
    is_variant: bool
    value: Decimal | None
    currency: str
    reason: str
    legal_basis: str
    decided_at: datetime
    document: str


class Decided(AwardOut):
    receipt: Receipt


def _out(award: Award) -> dict[str, Any]:
    return {
        "code": award.code,
        "tender": award.tender.code,
        "state": award.state,
        "lot": award.lot,
        "cause": award.cause,
        "supplier": award.supplier.code if award.supplier else "",
        "supplier_name": award.supplier.name if award.supplier else "",
        "bid": award.bid.code if award.bid else "",
        "is_variant": award.is_variant,
        "value": award.value_amount,
        "currency": award.value_currency,
        "reason": award.reason,
        "legal_basis": award.legal_basis,
        "decided_at": award.decided_at,
        "document": award.document.get_absolute_url() if award.document else "",
    }


def _decided(award: Award) -> Status[dict[str, Any]]:
    assert award.receipt is not None
    return Status(201, {**_out(award), "receipt": {"code": award.receipt.code, "url": award.receipt.url}})


def _tender(request: Request, code: str) -> Tender:
    return get_visible(Tender.objects.visible_to(request.actor), code=code)


@router.get("/tenders/{code}/award", response=AwardOut, operation_id="get_award")
def get_award(request: Request, code: str) -> dict[str, Any]:
    """How the process was decided."""
    if (award := queries.decision_of(_tender(request, code))) is None:
        raise Unknown()
    return _out(award)


@router.get("/tenders/{code}/awards", response=list[AwardOut], operation_id="list_awards")
def list_awards(request: Request, code: str) -> list[dict[str, Any]]:
    """Every decision of the process: one of the whole, or one of each lot."""
    return [_out(award) for award in queries.decisions_of(_tender(request, code))]


@router.get("/tenders/{code}/lots", response=list[LotOut], operation_id="list_lots")
def list_lots(request: Request, code: str) -> list[dict[str, Any]]:
    """The lots of the process and how each stands."""
    tender = _tender(request, code)
    is_open = queries.knows_the_offers(tender)
    return [
        {
            "number": one.lot.number,
            "title": one.lot.title,
            "value": one.lot.value_amount,
            "state": one.lot.state,
            "offers": one.bidders if is_open else None,
            "award": one.award.code if one.award else "",
        }
        for one in queries.lots_of(tender)
    ]


@router.post("/tenders/{code}/award-lots", response={201: list[Decided]}, operation_id="award_lots")
def award_lots(request: Request, code: str, payload: AwardLotsIn) -> Status[list[dict[str, Any]]]:
    """Decide every lot that is open, in one act. Binding: needs a fresh step-up."""
    made = by_lot.award_lots(
        actor=request.actor,
        tender_id=_tender(request, code).pk,
        lots=[by_lot.LotDecision(**one.dict()) for one in payload.lots],
        at=request.received_at,
    )
    return Status(201, [_decided(award).value for award in made])


@router.post("/tenders/{code}/lots/{lot}/desert", response={201: Decided}, operation_id="declare_lot_void")
def declare_lot_void(request: Request, code: str, lot: int, payload: DesertLotIn) -> Status[dict[str, Any]]:
    """Declare one lot void; the others go on. Binding: needs a fresh step-up."""
    tender, told = _tender(request, code), payload.dict()
    return _decided(
        by_lot.declare_lot_void(actor=request.actor, tender_id=tender.pk, lot=lot, at=request.received_at, **told)
    )


@router.post("/tenders/{code}/award", response={201: Decided}, operation_id="award_tender")
def award_tender(request: Request, code: str, payload: AwardIn) -> Status[dict[str, Any]]:
    tender = _tender(request, code)
    return _decided(
        services.award_tender(
            actor=request.actor,
            tender_id=tender.pk,
            bid=payload.bid,
            reason=payload.reason,
            variant=payload.variant,
            at=request.received_at,
        )
    )


@router.post("/tenders/{code}/desert", response={201: Decided}, operation_id="declare_deserted")
def declare_deserted(request: Request, code: str, payload: DesertIn) -> Status[dict[str, Any]]:
    tender = _tender(request, code)
    return _decided(
        services.declare_deserted(
            actor=request.actor, tender_id=tender.pk, reason=payload.reason, at=request.received_at
        )
    )


@router.post("/tenders/{code}/award-directly", response={201: Decided}, operation_id="award_directly")
def award_directly(request: Request, code: str, payload: DirectIn) -> Status[dict[str, Any]]:
    tender = _tender(request, code)
    return _decided(
        services.award_directly(
            actor=request.actor,
            tender_id=tender.pk,
            supplier=payload.supplier,
            value=payload.value,
            reason=payload.reason,
            justification=Upload(None, payload.justification) if payload.justification else None,
            at=request.received_at,
        )
    )
