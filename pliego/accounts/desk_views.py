"""The service desk's list of "it was not me", and its answer to each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.accounts import forms, reports
from pliego.accounts.account_views import GET_OR_POST
from pliego.accounts.models import DoorReport
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.pagination import paginate


@require_safe
@signed_in
def cases(request: HttpRequest) -> HttpResponse:
    """What waits first, the oldest first; then what was answered."""
    reports.require_desk(request.actor)  # type: ignore[attr-defined]
    rows = DoorReport.objects.select_related("user", "closed_by").order_by("closed_at", "opened_at")
    waiting = rows.filter(closed_at=None) if "todos" not in request.GET else rows
    return render(request, "accounts/cases.html", {"pager": paginate(request, waiting), "all": "todos" in request.GET})


@signed_in
@GET_OR_POST
def case(request: HttpRequest, code: str) -> HttpResponse:
    reports.require_desk(request.actor)  # type: ignore[attr-defined]
    found = get_visible(DoorReport.objects.select_related("user", "line", "closed_by"), code=code)
    return perform(
        request,
        page="accounts/case.html",
        form=forms.DeskAnswer,
        act=lambda data, actor: reports.answer(
            code=code,
            text=data["text"],
            actor=actor,
            at=request.received_at,  # type: ignore[attr-defined]
        ),
        done=lambda report: (reverse("accounts:cases"), _("The case is closed and its person was told.")),
        context={"case": found, "seen": reports.as_read(found), "title": _("Case %(code)s") % {"code": code}},
    )
