"""Contracts of a direct process over the API: one by one, or a file of many."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Annotated, Any

import ninja
from ninja import Field, File, Status, UploadedFile

from pliego.contracts.api import Amount, Code, ContractDone, Prose, _done, router
from pliego.contracts.loading import services
from pliego.contracts.loading.models import ContractLoad
from pliego.planning.models import DurationUnit
from pliego.tendering.api.router import tender_of
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Schema, example
from pliego.web.http import Request


class DirectContractIn(Schema):
    model_config = example(document="900123456-8", object="Apoyo a la gestión documental", value="30000000", duration=6)

    document: Annotated[str, Field(max_length=30, description="Document of the supplier, who must be registered")]
    object: Prose
    value: Amount
    duration: Annotated[int, Field(ge=1, le=10_000)]
    duration_unit: DurationUnit = DurationUnit.MONTHS
    number: Code = ""
    supervisor: Annotated[str, Field(max_length=20, description="Code of a person with the role of supervisor")] = ""
    funding_source: Code = ""
    budget_certificate: Code = ""
    payment_terms: Prose = ""
    delivery_place: Annotated[str, Field(max_length=250)] = ""


class DraftRowsIn(Schema):
    model_config = example(skips_wrong=True)

    skips_wrong: Annotated[bool, Field(description="Go on with the good rows and leave out those with errors")] = False
    sends: Annotated[bool, Field(description="Send each contract to its supplier as soon as it is drafted")] = False


class LoadRowOut(ninja.Schema):
    position: int
    faults: Annotated[list[list[str]], Field(description="The column, and the sentence that says how to mend it")]
    contract: str | None
    outcome: Annotated[str, Field(description="Why its contract was not drafted, or not sent")]


class LoadOut(ninja.Schema):
    code: str
    tender: str
    state: str
    name: str
    read_at: datetime
    rows: list[LoadRowOut]
    receipt: Receipt | None = None


def _out(load: ContractLoad) -> dict[str, Any]:
    rows = load.rows.values_list("position", "faults", "contract__code", "outcome")
    told = [dict(zip(LoadRowOut.model_fields, row, strict=True)) for row in rows]
    receipt = Receipt.of(load.receipt) if load.receipt else None
    return {**vars(load), "tender": load.tender.code, "rows": told, "receipt": receipt}


def _found(request: Request, code: str) -> ContractLoad:
    return get_visible(ContractLoad.objects.visible_to(request.actor).select_related("tender"), code=code)


@router.post("/tenders/{code}/contracts", response={201: ContractDone}, operation_id="draft_direct_contract")
def draft_direct_contract(request: Request, code: str, payload: DirectContractIn) -> Status[dict[str, Any]]:
    """Draft one contract of a direct process."""
    values = payload.dict()
    contract = services.draft_row(
        actor=request.actor,
        tender_id=tender_of(request, code).pk,
        values={**values, "value": Decimal(values["value"]), "duration_unit": str(values["duration_unit"])},
        at=request.received_at,
    )
    return Status(201, _done(request, contract))


@router.post("/tenders/{code}/contract-loads", response={201: LoadOut}, operation_id="read_contract_file")
def read_contract_file(
    request: Request,
    code: str,
    file: UploadedFile | None = File(None),  # noqa: B008
) -> Status[dict[str, Any]]:
    """Read a CSV or XLSX file of contracts: every row with what is wrong in it. None is drafted yet."""
    told: dict[str, Any] = {"actor": request.actor, "tender_id": tender_of(request, code).pk}
    content, name = (file, file.name) if file else (BytesIO(), "")
    load = services.read_file(content=content, name=name or "contratos.csv", at=request.received_at, **told)
    return Status(201, _out(load))


@router.get("/contract-loads/{code}", response=LoadOut, operation_id="get_contract_load")
def get_contract_load(request: Request, code: str) -> dict[str, Any]:
    return _out(_found(request, code))


@router.post("/contract-loads/{code}/apply", response=LoadOut, operation_id="apply_contract_load")
def apply_contract_load(request: Request, code: str, payload: DraftRowsIn) -> dict[str, Any]:
    """Draft the good rows, each by its own act; many of them by a job."""
    load = _found(request, code)
    told: dict[str, Any] = {"actor": request.actor, "load_id": load.pk, "at": request.received_at}
    return _out(services.apply(**told, **payload.dict()))


@router.post("/contract-loads/{code}/drop", response=LoadOut, operation_id="drop_contract_load")
def drop_contract_load(request: Request, code: str) -> dict[str, Any]:
    load = _found(request, code)
    return _out(services.drop(actor=request.actor, load_id=load.pk, at=request.received_at))
