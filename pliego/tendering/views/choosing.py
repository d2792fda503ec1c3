"""Which method corresponds to a purchase: a question with its answer, and nothing is kept."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Refused
from pliego.methods import choosing
from pliego.tendering.forms import ChoosingForm
from pliego.tendering.policy import ROOM_POLICY, RoomAct
from pliego.tendering.views.shown import crumbs
from pliego.web.acts import signed_in
from pliego.web.buttons import button
from pliego.web.http import Request


@signed_in
def choose(request: Request) -> HttpResponse:
    ROOM_POLICY.require(request.actor, RoomAct.CREATE)
    today = calendar.day_of(request.received_at)
    form = ChoosingForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = choosing.choose(form.facts(today.year), today)
        except Refused as refused:
            form.object_to(refused.objections)
    context = {"form": form, "found": found, "crumbs": crumbs(), "button": found and _onward(request, found)}
    return render(request, "tendering/choosing.html", context, status=422 if form.errors else 200)


def _onward(request: Request, found: choosing.Choice) -> Any:
    """Create with this method; nothing where the purchase is made in the store."""
    if found.method is None:
        return None
    path = f"{reverse('tendering:new')}?{urlencode({'modalidad': found.method.code})}"
    verdict = ROOM_POLICY.verdict(request.actor, RoomAct.CREATE)
    return button(_("Create a process with this method"), path, verdict=verdict)
