"""What anybody reads of an annual plan: each version, by page or whole as a file."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.dates import MONTHS

from pliego.kernel.calendar import calendar
from pliego.methods import catalogue
from pliego.planning import files, queries, sheets
from pliego.planning.models import Plan, PlanVersion, VersionSheet
from pliego.planning.versions import Lines
from pliego.web.acts import get_visible
from pliego.web.http import Request
from pliego.web.pagination import paginate


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
        sheet = sheets.begin(version=shown, at=request.received_at) if form == "xlsx" else None
        return _on_its_way(request, shown, sheet) if sheet else files.version_file(shown, form)
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
    }
    return render(request, "planning/public.html", context)


def _on_its_way(request: Request, version: PlanVersion, sheet: VersionSheet) -> HttpResponseBase:
    """The workbook when it is made; until then, a page that says how far it is. `avance` asks for its part alone."""
    asks = "avance" in request.GET
    if sheet.made_at and not asks:
        return files.version_file(version, "xlsx")
    given_up = sheets.is_given_up(sheet, request.received_at)
    context = {"plan": version.plan, "version": version, "sheet": sheet, "given_up": given_up}
    page = "planning/sheet_progress.html" if asks else "planning/sheet.html"
    # htmx puts nothing in its place but what came with 200.
    response = render(request, page, context, status=200 if asks else 202)
    response["Cache-Control"], response["Retry-After"] = "no-store", "5"
    return response
