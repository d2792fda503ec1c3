"""What anybody reads of the annual plans: the list of them, each version, and what changed between two."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.dates import MONTHS

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Unknown
from pliego.methods import catalogue
from pliego.planning import files, queries
from pliego.planning.models import Plan, PlanVersion
from pliego.planning.versions import CHANGES, Comparison, Lines
from pliego.web.acts import get_visible
from pliego.web.http import Request
from pliego.web.pagination import paginate


def plans(request: Request) -> HttpResponse:
    """Every published plan, by entity and year."""
    words, year = request.GET.get("q", ""), request.GET.get("anio", "")
    rows = queries.published_plans(words=words, year=int(year) if year.isdigit() and len(year) == 4 else None)
    context = {"pager": paginate(request, rows), "q": words, "year": year}
    return render(request, "planning/public_plans.html", context)


def public_plan(code: str, year: int) -> Plan:
    plans = Plan.objects.published().select_related("account__organization")
    return get_visible(plans, account__code=code, year=year)


def version_of(plan: Plan, number: int | None) -> PlanVersion:
    """One published version, without its document."""
    rows = plan.versions.select_related("plan__account__organization").defer("snapshot")
    return get_visible(rows, number=number or plan.version)


def public(request: Request, code: str, year: int, version: int | None = None) -> HttpResponseBase:
    """A published version of a plan: its lines by page and filter, or whole as a file."""
    found = public_plan(code, year)
    shown = version_of(found, version)
    form = request.GET.get("formato", "")
    if form == "json":
        return files.version_json(shown)
    if form in files.FORMATS:
        return files.version_file(shown, form)
    asked = queries.asked(request.GET)
    lines = Lines(shown, asked, queries.published_line)
    header = lines.header
    context = {
        "plan": found,
        "version": shown,
        "before": found.versions.defer("snapshot").filter(number__lt=shown.number).first(),
        "versions": list(found.versions.defer("snapshot")),
        "asked": asked,
        "counts": lines.counts,
        "methods": catalogue.choices(calendar.day_of(request.received_at)),
        "months": MONTHS.items(),
        "pager": paginate(request, lines),
        "header": header,
        "minor_limit": queries.amount_of(header, "minor_limit_amount"),
        "minimum_limit": queries.amount_of(header, "minimum_limit_amount"),
        "formats": queries.formats(request.GET),
    }
    return render(request, "planning/public.html", context)


def comparison(request: Request, code: str, year: int, version: int, before: int) -> HttpResponse:
    """What one version changed from another: lines added, taken out, and changed field by field."""
    found = public_plan(code, year)
    new, old = version_of(found, version), version_of(found, before)
    if old.number >= new.number:
        raise Unknown()
    kind = request.GET.get("ver", "")
    compared = Comparison(old, new, kind if kind in CHANGES else "")
    context = {
        "plan": found,
        "old": old,
        "new": new,
        "shown": kind,
        "counts": compared.counts,
        "total": sum(compared.counts.values()),
        "pager": paginate(request, compared),
        "versions": list(found.versions.defer("snapshot")),
    }
    return render(request, "planning/comparison.html", context)
