"""The plans over the API as the public reads them: what changed between versions, and what became of the lines."""

from typing import Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from pliego.planning.models import Plan
from pliego.planning.public_views import version_of
from pliego.publication.plans.outcomes import Stage, deviations_of, progress_of
from pliego.publication.plans.views import as_row, compared
from pliego.web.acts import get_visible
from pliego.web.api import Router, Schema

router = Router(tags=["publication"])
PAGE = 100


class Part(Schema):
    page: int = Field(1, ge=1, le=10_000)


def _plan(code: str) -> Plan:
    return get_visible(Plan.objects.published().select_related("account__organization"), code=code)


@router.get("/plans/{code}/versions/{number}/changes/{before}", operation_id="get_plan_changes")
def changes(request: HttpRequest, code: str, number: int, before: int, part: Query[Part]) -> dict[str, Any]:
    """The lines in which two published versions are not the same, a hundred a page, each with its fields."""
    found = compared(_plan(code), number, before)
    start = (part.page - 1) * PAGE
    rows = found[start : start + PAGE]
    return {
        "count": len(found),
        "counts": found.counts,
        "results": [{"number": one.number, "kind": one.kind, "fields": one.fields, "before": one.before,
                     "after": one.after} for one in rows],
    }  # fmt: skip


def _stage(stage: Stage) -> dict[str, Any]:
    return {"lines": stage.count, "value": f"{stage.value:.2f}"}


@router.get("/plans/{code}/progress", operation_id="get_plan_progress")
def progress(request: HttpRequest, code: str) -> dict[str, Any]:
    """What was planned, begun, awarded and contracted, by count and by value, in the year and in each month."""
    told = progress_of(version_of(_plan(code), None))
    names = ("planned", "begun", "awarded", "contracted")
    return {
        **{name: _stage(stage) for name, stage in zip(names, told.whole.stages, strict=True)},
        "months": [{name: _stage(stage) for name, stage in zip(names, month.stages, strict=True)}
                   for month in told.months],
        "outside": [process.code for process in told.outside],
    }  # fmt: skip


@router.get("/plans/{code}/deviations", operation_id="get_plan_deviations")
def deviations(request: HttpRequest, code: str) -> dict[str, Any]:
    """Where what was done is not what was planned, and what was bought outside the plan with its justification."""
    told = deviations_of(version_of(_plan(code), None), request.received_at)  # type: ignore[attr-defined]
    return {"count": len(told), "results": [as_row(one) for one in told]}
