"""Public pages of the annual plans: the list of them, what changed between versions, and what became of them."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.objections import Unknown
from pliego.planning.models import Plan, PlanVersion
from pliego.planning.public_views import public_plan, version_of
from pliego.publication.plans.comparing import CHANGES, Comparison
from pliego.publication.plans.outcomes import KINDS, OUTSIDE_LAW, Deviation, Progress, deviations_of, progress_of
from pliego.web.http import Request
from pliego.web.pagination import paginate
from pliego.web.sheets import csv_file, sheet_file

HIGH, WIDE = 160, 44  # of the bars of a month


def published_plans(*, words: str = "", year: int | None = None) -> "QuerySet[Plan]":
    """Everybody's published plans, newest year first, with what their last version holds."""
    last = PlanVersion.objects.filter(plan=OuterRef("pk"), number=OuterRef("version"))
    rows = Plan.objects.published().select_related("account__organization")
    for word in words.split()[:6]:
        rows = rows.filter(account__organization__legal_name__icontains=word)
    if year is not None:
        rows = rows.filter(year=year)
    counted = rows.annotate(
        line_count=Subquery(last.values("lines_count")), line_total=Subquery(last.values("total_amount"))
    )
    return counted.order_by("-year", "account__organization__legal_name", "pk")


def plans(request: Request) -> HttpResponse:
    """Every published plan, by entity and year."""
    words, year = request.GET.get("q", "").replace("\x00", "")[:100], request.GET.get("anio", "")
    rows = published_plans(words=words, year=int(year) if year.isdecimal() and len(year) == 4 else None)
    context = {"pager": paginate(request, rows), "q": words, "year": year}
    return render(request, "publication/plans.html", context)


def compared(plan: Plan, version: int, before: int, kind: str = "") -> Comparison:
    new, old = version_of(plan, version), version_of(plan, before)
    if old.number >= new.number:
        raise Unknown()
    return Comparison(old, new, kind if kind in CHANGES else "")


def comparison(request: Request, code: str, year: int, version: int, before: int) -> HttpResponse:
    """What one version changed from another: lines added, taken out, and changed field by field."""
    found = public_plan(code, year)
    changes = compared(found, version, before, request.GET.get("ver", ""))
    context = {
        "plan": found,
        "old": changes.old,
        "new": changes.new,
        "shown": changes.kind,
        "counts": changes.counts,
        "total": sum(changes.counts.values()),
        "pager": paginate(request, changes),
        "versions": list(found.versions.defer("snapshot")),
    }
    return render(request, "publication/plan_comparison.html", context)


def progress(request: Request, code: str, year: int) -> HttpResponse:
    """What was planned and what was done, by count and by value, in the year and in each month."""
    found = public_plan(code, year)
    told = progress_of(version_of(found, None))
    context = {
        "plan": found,
        "stages": told.whole.stages,
        "months": told.months,
        "bars": _bars(told),
        "outside": len(told.outside),
    }
    return render(request, "publication/plan_progress.html", context)


def _bars(told: Progress) -> list[dict[str, Any]]:
    """Each month as two bars, of what was planned and what was contracted, in the units of the drawing."""
    most = max((max(month.planned.value, month.contracted.value) for month in told.months), default=0) or 1
    found = []
    for place, month in enumerate(told.months):
        planned, done = (round(HIGH * stage.value / most) for stage in (month.planned, month.contracted))
        found.append({
            "name": month.name[:3], "x": place * WIDE + 6, "middle": place * WIDE + WIDE // 2,
            "planned": planned, "planned_y": HIGH - planned, "done": done, "done_x": place * WIDE + 22,
            "done_y": HIGH - done,
        })  # fmt: skip
    return found


def deviations(request: Request, code: str, year: int) -> HttpResponseBase:
    """Where what was done is not what was planned; the whole report as a file too."""
    found = public_plan(code, year)
    told = deviations_of(version_of(found, None), request.received_at)
    kind, form = request.GET.get("ver", ""), request.GET.get("formato", "")
    shown = [one for one in told if one.kind == kind] if kind in KINDS else told
    if form in FORMATS:
        return _file(found, shown, form)
    context = {
        "plan": found,
        "tabs": [(code, title, sum(one.kind == code for one in told)) for code, (title, _rule) in KINDS.items()],
        "shown": kind,
        "law": OUTSIDE_LAW,
        "pager": paginate(request, shown),
        "formats": [(name.upper(), f"?formato={name}" + (f"&ver={kind}" if kind in KINDS else "")) for name in FORMATS],
    }
    return render(request, "publication/plan_deviations.html", context)


FORMATS = ("csv", "xlsx", "json")
FIELDS = ("kind", "number", "description", "planned", "happened", "process")


def as_row(one: Deviation) -> dict[str, Any]:
    return {name: getattr(one, name) for name in FIELDS} | {"kind_title": str(one.title)}


def _file(plan: Plan, told: list[Deviation], form: str) -> HttpResponseBase:
    if form == "json":
        return JsonResponse({"plan": plan.code, "year": plan.year, "deviations": [as_row(one) for one in told]})
    heading = ("Desviación", "No.", "Descripción", "Planeado", "Ocurrido", "Proceso")
    rows = [[str(one.title), one.number, one.description, one.planned, one.happened, one.process] for one in told]
    name = f"paa-{plan.account.code}-{plan.year}-desviaciones.{form}"
    if form == "csv":
        return csv_file(name=name, heading=heading, rows=rows)
    widths = {0: 28, 2: 60, 3: 24, 4: 60}
    return sheet_file(title=_("Deviations"), name=name, heading=heading, rows=rows, widths=widths)
