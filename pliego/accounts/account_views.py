"""A person's own pages: what happened at their door, their sessions, factors and password."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pliego.accounts import forms, services, signing
from pliego.accounts.models import User
from pliego.web.acts import perform, signed_in

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@signed_in
@GET_OR_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    user = user_of(request)

    def end(data: dict[str, Any], actor: Any) -> int:
        return services.end_other_sessions(user=user, keep=request.session.session_key or "")

    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=end,
        done=lambda count: (reverse("accounts:home"), _("The other sessions were ended.")),
        context={
            "title": _("End all other sessions"),
            "lead": _("Every other browser and program that acts as you will have to sign in again."),
            "submit_label": _("End the other sessions"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@signed_in
@GET_OR_POST
def step_up(request: HttpRequest) -> HttpResponse:
    """Password and code again, before a change of factors or of password."""
    if signing.is_fresh(request) and request.method != "POST":
        return redirect("accounts:home")
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: None,
        done=lambda nothing: (reverse("accounts:home"), _("For five minutes you need not repeat it.")),
        binding=True,
        context={
            "title": _("Show that it is you"),
            "submit_label": _("Continue"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@signed_in
@GET_OR_POST
def remove_factor(request: HttpRequest, factor_id: int) -> HttpResponse:
    user = user_of(request)

    def remove(data: dict[str, Any], actor: Any) -> None:
        services.remove_factor(user=user, factor_id=factor_id, actor=actor, at=request.received_at)  # type: ignore[attr-defined]

    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=remove,
        done=lambda nothing: (reverse("accounts:home"), _("The second factor was removed.")),
        binding=True,
        context={
            "title": _("Remove a second factor"),
            "lead": _("For a day, acts that bind will need a factor older than this change."),
            "submit_label": _("Remove it"),
            "cancel_url": reverse("accounts:home"),
        },
    )


def user_of(request: HttpRequest) -> User:
    user = signing.person_of(request)
    assert user is not None
    return user
