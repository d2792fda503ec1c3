"""Files of people and suppliers over the API: read first, applied after."""

from datetime import datetime
from typing import Any, Literal

import ninja
from django.http import HttpRequest
from ninja import File, UploadedFile

from pliego.bulk import services
from pliego.bulk.models import Batch
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router

router = Router(tags=["bulk"])


class BatchShown(ninja.Schema):
    code: str
    kind: str
    state: str
    rows: int
    faults: dict[str, list[str]]
    made: list[str]
    receipt: Receipt | None = None


@router.post("/batches/read/{kind}", response={201: BatchShown})
def read(request: HttpRequest, kind: Literal["people", "suppliers"], file: UploadedFile = File(...)) -> BatchShown:  # noqa: B008
    """Read a CSV or XLSX file: every row with what is wrong in it. Nothing is done."""
    name = file.name or "archivo.csv"
    batch = services.read(actor=_actor(request), kind=kind, content=file, name=name, at=_at(request))  # type: ignore[arg-type]
    return _shown(batch)


@router.get("/batches/{code}", response=BatchShown)
def show(request: HttpRequest, code: str) -> BatchShown:
    return _shown(_visible(request, code))


@router.post("/batches/{code}/apply", response=BatchShown)
def apply(request: HttpRequest, code: str) -> BatchShown:
    """Do every row, or none."""
    return _shown(services.apply(actor=_actor(request), batch_id=_visible(request, code).pk, at=_at(request)))


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> datetime:
    return request.received_at  # type: ignore[attr-defined, no-any-return]


def _visible(request: HttpRequest, code: str) -> Batch:
    return get_visible(Batch.objects.visible_to(_actor(request)).select_related("account"), code=code)


def _shown(batch: Batch) -> BatchShown:
    return BatchShown(
        code=batch.code, kind=batch.kind, state=batch.state, rows=len(batch.rows), faults=batch.faults, made=batch.made,
        receipt=Receipt.of(batch.receipt) if batch.receipt else None,
    )  # fmt: skip
