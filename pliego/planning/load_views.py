"""Pages of a file of lines: the template, sending or pasting it, its progress, what it changes, its errors."""

import io
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.bulk.tables import PASTED
from pliego.kernel.objections import Unknown
from pliego.planning import files, forms, loads
from pliego.planning.columns import TEMPLATE
from pliego.planning.models import Change, Load
from pliego.planning.policy import LOAD_POLICY, LoadAct, require_lines
from pliego.planning.views import crumbs, mine
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request
from pliego.web.pagination import paginate


@signed_in
def template(request: Request, year: int, form: str) -> HttpResponseBase:
    found = mine(request, year)
    require_lines(request.actor, found)
    if form not in files.FORMATS:
        raise Unknown()
    return files.template(found, loads.lists_for(found, request.received_at), form)


@signed_in
def send(request: Request, year: int) -> HttpResponse:
    """Send a file of lines."""
    return _take(request, year, forms.FileForm, _("Bring lines from a file"), page="planning/send.html")


@signed_in
def paste(request: Request, year: int) -> HttpResponse:
    """Paste rows of a spreadsheet."""
    return _take(request, year, forms.PasteForm, _("Paste lines from a spreadsheet"), page="planning/paste.html")


def _take(request: Request, year: int, form: Any, title: str, *, page: str) -> HttpResponse:
    found = mine(request, year)
    require_lines(request.actor, found)

    def keep(data: dict[str, Any], actor: Any) -> Load:
        sent = data.get("file") or io.BytesIO(data["rows"].encode())
        name = sent.name if "file" in data else f"{_('Pasted')}{PASTED}"
        return loads.read_file(actor=actor, plan_id=found.pk, content=sent, name=name, at=request.received_at)

    return perform(
        request, page=page, form=form, act=keep, done=lambda load: load.get_absolute_url(),
        context={"title": title, "plan": found, "columns": TEMPLATE, "submit_label": _("Look at what it changes"),
                 "cancel_url": reverse("planning:plan", args=[year]), "crumbs": crumbs(found, title)},
    )  # fmt: skip


def _visible(request: Request, year: int, code: str) -> Load:
    rows = Load.objects.visible_to(request.actor).select_related("plan__account__organization", "plan__team", "read_by")
    return get_visible(rows.defer("content"), code=code, plan__year=year)


@signed_in
def load(request: Request, year: int, code: str) -> HttpResponse:
    """How far it is; then every row with what it changes and what is wrong in it; then the button that does it."""
    found = _visible(request, year, code)
    shown, may = request.GET.get("ver", ""), loads.may_write(request.actor, found)
    rows = found.rows.filter(change=shown) if shown in Change.values else found.rows.all()

    def act(data: dict[str, Any], actor: Any) -> Load:
        if request.POST.get("accion") == "descartar":
            return loads.drop(actor=actor, load_id=found.pk, at=request.received_at)
        return loads.apply(actor=actor, load_id=found.pk, at=request.received_at, **data)

    return perform(
        request, page="planning/load.html", form=forms.ApplyForm, act=act, done=_done,
        context={"load": found, "plan": found.plan, "shown": shown, "tabs": _tabs(found),
                 "pager": paginate(request, rows) if found.state not in {"reading", "applying"} else None,
                 "can_apply": LOAD_POLICY.verdict(request.actor, LoadAct.APPLY, found) and may,
                 "off": button(_("Write these lines into the plan"), "", verdict=may),
                 "can_drop": LOAD_POLICY.verdict(request.actor, LoadAct.DROP, found).allowed,
                 "crumbs": crumbs(found.plan, found.name)},
    )  # fmt: skip


def _tabs(load: Load) -> list[tuple[str, Any, int]]:
    """The kinds of row that the file has, with how many."""
    return [(code, title, load.counts[code]) for code, title in Change.choices if load.counts.get(code)]


def _done(load: Load) -> Any:
    if load.state == "applied":
        told = _("The lines are in the plan. They are not public until you publish it.")
        return reverse("planning:plan", args=[load.plan.year]), told
    return load.get_absolute_url(), _(
        "The file was dropped; the plan did not change."
    ) if load.state == "dropped" else ""


@signed_in
def progress(request: Request, year: int, code: str) -> HttpResponse:
    """The part of the page that says how far it is; it sends the browser to the rows when it has ended."""
    found = _visible(request, year, code)
    if found.state in {"reading", "applying"}:
        return render(request, "planning/progress.html", {"load": found, "plan": found.plan})
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = found.get_absolute_url()
    return answer


@signed_in
def mend(request: Request, year: int, code: str, form: str) -> HttpResponseBase:
    """The rows with their errors, to be mended in a spreadsheet and sent again."""
    found = _visible(request, year, code)
    if form not in files.FORMATS or not found.heading:
        raise Unknown()
    return files.rows_file(found, form, only_wrong=request.GET.get("solo") == "errores")
