"""The first page of everybody, the landing page of who signs in, the guides, and the practice room."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.kernel.objections import Unknown
from pliego.web.acts import perform, signed_in
from pliego.web.forms import Form
from pliego.web.pagination import paginate
from pliego.web.sheets import csv_file
from pliego.workspace import deadlines as days
from pliego.workspace import menus, reference
from pliego.workspace.cast import cast
from pliego.workspace.figures import closing_soon, figures
from pliego.workspace.guides import GUIDES
from pliego.workspace.rooms import address_of
from pliego.workspace.tasks import tasks_for


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is, a search box, three doors, and figures of this very moment."""
    at = request.received_at  # type: ignore[attr-defined]
    context = {
        "figures": figures(at),
        "closing": closing_soon(at),
        "guides": GUIDES,
        "search_url": menus.localized("/procesos/"),
    }
    return render(request, "workspace/home.html", context)


@require_GET
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """Mis tareas: what, on which process, due when, and why me."""
    actor, at = request.actor, request.received_at  # type: ignore[attr-defined]
    tasks = tasks_for(actor=actor, at=at)
    soon = at + timedelta(days=2)
    context = {
        "tasks": tasks,
        "soon": soon,
        "pressing": sum(1 for task in tasks if task.due_at and task.due_at <= soon),
        "has_place": bool(actor.account_code or actor.platform_roles),
    }
    return render(request, "workspace/desk.html", context)


@require_GET
@signed_in
def deadlines(request: HttpRequest) -> HttpResponseBase:
    """Mis vencimientos: every day that comes over the contracts that this person supervises."""
    at = request.received_at  # type: ignore[attr-defined]
    get, site = request.GET.get, request.build_absolute_uri("/").rstrip("/")
    asked = days.Asked(get("urgencia", ""), get("clase", ""), get("q", "")[:100].strip())
    found = days.every(actor=request.actor, at=at)  # type: ignore[attr-defined]
    rows = days.chosen(found, asked, at)
    if get("formato") == "csv":
        records = (list(days.record(row, at, site).values()) for row in rows)
        return csv_file(name="vencimientos.csv", heading=days.COLUMNS, rows=records)
    if get("formato") == "ics":
        response = HttpResponse(days.as_calendar(rows, at, site), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="vencimientos.ics"'
        return response
    pager = paginate(request, rows)
    lines = [(row, days.KINDS[row.kind]) for row in pager]
    context = {"pager": pager, "lines": lines, "asked": asked, "has_any": bool(found), **days.shown(found, asked, at)}
    return render(request, "workspace/deadlines.html", context)


@require_GET
def guides(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/guides.html", {"guides": GUIDES})


@require_GET
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((guide for guide in GUIDES if guide.slug == slug), None)
    if found is None:
        raise Unknown()
    return render(request, "workspace/guide.html", {"guide": found, "guides": GUIDES})


@require_GET
def api_reference(request: HttpRequest) -> HttpResponse:
    """Every operation of the API, drawn from its own OpenAPI document."""
    return render(request, "workspace/api.html", {"groups": reference.groups(request)})


@require_GET
def site_map(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "groups": menus.groups(menus.FOOTER, actor) + menus.groups(menus.DESK, actor),
        "main": menus.shown(menus.MAIN, actor),
        "guides": GUIDES,
    }
    return render(request, "workspace/site_map.html", context)


class Move(Form):
    """How far the practice clock is to jump."""

    by = forms.ChoiceField(choices=[("hour", "hour"), ("day", "day"), ("week", "week")])


def seconds_of(step: str) -> timedelta:
    """An hour, or until the same hour of the next business day, or of the fifth one from now."""
    now = clock.now()
    if step == "hour":
        return timedelta(hours=1)
    local = now.astimezone(BOGOTA)
    day = calendar.add(local.date(), 1 if step == "day" else 5)
    return calendar.at(day, local.hour, local.minute) - calendar.at(local.date(), local.hour, local.minute)


def demo(request: HttpRequest) -> HttpResponse:
    """Practice installations only: sign in as any of the cast, and move the clock."""
    if not settings.PLIEGO_PRACTICE:
        raise Http404
    context: dict[str, Any] = {
        "cast": cast(),
        "mail_url": address_of("notifications:caught"),
    }
    return perform(
        request,
        page="workspace/demo.html",
        form=Move,
        context=context,
        act=lambda data, _actor: clock.move(seconds_of(data["by"])),
        done=lambda _moment: (address_of("workspace:demo"), _("The practice clock moved.")),
    )
