"""Files of lines over the API: sent, looked at row by row, and written into the plan."""

import io
from typing import Annotated, Any

import ninja
from ninja import File, Query, Status, UploadedFile
from pydantic import Field

from pliego.planning import loads
from pliego.planning.models import Change, Load, Plan
from pliego.web.acts import get_visible
from pliego.web.api import Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["planning"])
PAGE = 100


class LoadOut(ninja.Schema):
    code: str
    state: str
    name: str
    sha256: str
    done: int
    total: int
    counts: dict[str, int]
    ignored: list[str]
    refusal: str


class RowOut(ninja.Schema):
    position: int
    number: int | None
    change: str
    title: str
    faults: list[list[str]]
    differences: list[list[str]]


class RowsOut(ninja.Schema):
    count: int
    results: list[RowOut]


class RowsAsked(Schema):
    change: Annotated[str, Field(max_length=8, description="wrong, added, changed, same or missing")] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class ApplyIn(Schema):
    model_config = example(drops_missing=False, skips_wrong=False)

    drops_missing: bool = False
    skips_wrong: bool = False


def _load(request: Request, code: str) -> Load:
    return get_visible(Load.objects.visible_to(request.actor).select_related("plan__account"), code=code)


@router.post("/plans/{code}/loads", response={202: LoadOut}, operation_id="send_plan_file")
def send(request: Request, code: str, file: UploadedFile | None = File(None)) -> Status[Load]:  # noqa: B008
    """Send a CSV or XLSX file of lines. It is read by a job; the plan does not change until it is applied."""
    plan = get_visible(Plan.objects.visible_to(request.actor), code=code)
    content, name = file or io.BytesIO(), (file and file.name) or "archivo.csv"
    at = request.received_at
    return Status(202, loads.read_file(actor=request.actor, plan_id=plan.pk, content=content, name=name, at=at))


@router.get("/plan-loads/{code}", response=LoadOut, operation_id="get_plan_file")
def show(request: Request, code: str) -> Load:
    """How far it is, and how many rows do what."""
    return _load(request, code)


@router.get("/plan-loads/{code}/rows", response=RowsOut, operation_id="list_plan_file_rows")
def rows(request: Request, code: str, asked: Query[RowsAsked]) -> dict[str, Any]:
    """Each row with what it changes, field by field, and what is wrong in it."""
    found = _load(request, code).rows.all()
    if asked.change in Change.values:
        found = found.filter(change=asked.change)
    start = (asked.page - 1) * PAGE
    return {"count": found.count(), "results": list(found[start : start + PAGE])}


@router.post("/plan-loads/{code}/apply", response=LoadOut, operation_id="apply_plan_file")
def apply(request: Request, code: str, payload: ApplyIn) -> Load:
    """Write every row that was shown into the plan, or none."""
    load_id, at = _load(request, code).pk, request.received_at
    return loads.apply(actor=request.actor, load_id=load_id, at=at, **payload.dict())


@router.post("/plan-loads/{code}/drop", response=LoadOut, operation_id="drop_plan_file")
def drop(request: Request, code: str) -> Load:
    return loads.drop(actor=request.actor, load_id=_load(request, code).pk, at=request.received_at)
