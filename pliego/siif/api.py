"""SIIF over the API: load a list, read what SIIF last said, consult the documents of a contract."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Annotated, Any, Literal

import ninja
from ninja import Field, File, Status, UploadedFile

from pliego.contracts.api import found
from pliego.contracts.sections import BUDGET
from pliego.kernel.calendar import calendar
from pliego.siif import comparing, queries, services
from pliego.siif.models import Load
from pliego.siif.policy import Act
from pliego.siif.views import record
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router
from pliego.web.http import Request
from pliego.web.pagination import paginate

router = Router(tags=["siif"])
Kind = Literal["certificate", "commitment"]


class DocumentOut(ninja.Schema):
    kind: str
    number: str
    year: int
    pci: str
    is_known: Annotated[bool, Field(description="False when SIIF answered that it has no such document")]
    issued_on: date | None
    amount: Decimal | None
    balance: Decimal | None
    used: Decimal | None
    expense_type: str
    source: str
    state: str
    certificate: Annotated[str, Field(description="Of a commitment: the certificate that it comes from")]
    road: str
    read_at: datetime


class DocumentsOut(ninja.Schema):
    count: int
    next: str
    results: list[DocumentOut]


class DifferenceOut(ninja.Schema):
    kind: str
    number: str
    datum: str
    typed: str
    siif: str


class ConsultedOut(ninja.Schema):
    documents: list[DocumentOut]
    differences: Annotated[list[DifferenceOut], Field(description="Where the contract does not say what SIIF says")]
    receipt: Receipt


class WrongRow(ninja.Schema):
    row: int
    number: str
    faults: Annotated[list[list[str]], Field(description="The column, and the sentence that says how to mend it")]


class ListOut(ninja.Schema):
    code: str
    kind: str
    name: str
    taken: int
    ignored: list[str]
    faults: list[WrongRow]
    read_at: datetime
    receipt: Receipt | None = None


def _list(load: Load) -> dict[str, Any]:
    told = {name: getattr(load, name) for name in ("code", "kind", "name", "taken", "ignored", "read_at")}
    faults = [dict(zip(WrongRow.model_fields, row, strict=True)) for row in load.faults]
    return {**told, "faults": faults, "receipt": Receipt.of(load.receipt) if load.receipt else None}


@router.get("/siif/documents", response=DocumentsOut, operation_id="list_siif_documents")
def list_siif_documents(
    request: Request, kind: str = "", q: str = "", every: bool = False, page: int = 1
) -> dict[str, Any]:
    """What SIIF last said of each document of your entity; with `every`, its older readings too. 25 a page."""
    account = services.account_for(Act.VIEW, request.actor, request.actor.account_id)
    pager = paginate(request, queries.listed(account, kind=kind, text=q[:60], every=every))
    return {"count": pager.count, "next": pager.next, "results": [record(row) for row in pager]}


@router.post("/siif/lists", response={201: ListOut}, operation_id="load_siif_list")
def load_siif_list(
    request: Request,
    kind: Kind = "certificate",
    file: UploadedFile | None = File(None),  # noqa: B008
) -> Status[dict[str, Any]]:
    """Read a CSV or XLSX list that was downloaded from SIIF: good documents are kept, bad rows are told."""
    content, name = (file, file.name) if file else (BytesIO(), "")
    told: dict[str, Any] = {"content": content, "name": name or "siif.csv", "at": request.received_at}
    return Status(201, _list(services.load_list(actor=request.actor, kind=kind, **told)))


@router.get("/siif/lists/{code}", response=ListOut, operation_id="get_siif_list")
def get_siif_list(request: Request, code: str) -> dict[str, Any]:
    return _list(get_visible(Load.objects.visible_to(request.actor), code=code))


@router.post("/contracts/{code}/siif", response=ConsultedOut, operation_id="consult_siif")
def consult_siif(request: Request, code: str) -> dict[str, Any]:
    """Ask SIIF about the certificates and the commitment that the contract has saved, and compare."""
    contract = found(request, code)
    typed, today = comparing.typed_in(BUDGET.content(contract)), calendar.day_of(request.received_at)
    told: dict[str, Any] = {"asked": [one.asked(today) for one in typed], "at": request.received_at}
    readings, entry = services.consult(actor=request.actor, contract_id=contract.pk, **told)
    differences = [
        {"kind": side.typed.kind, "number": side.typed.number, "datum": str(line.label), "typed": line.typed,
         "siif": line.siif}
        for side in queries.beside(contract.buyer_id, typed, today) for line in side.lines if line.differs
    ]  # fmt: skip
    documents = [record(row) for row in readings]
    return {"documents": documents, "differences": differences, "receipt": Receipt.of(entry)}
