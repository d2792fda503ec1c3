"""A person's own pages: what happened at their door, their sessions, factors and password."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pliego.accounts import forms, journal, recovery, services, signing
from pliego.accounts.models import AccessRecord, User
from pliego.web.acts import perform, signed_in
from pliego.web.pagination import paginate

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """First what happened at the door; then sessions, factors and data."""
    user = _user(request)
    shown: dict[str, Any] = {
        "person": user,
        "sessions": [
            (journal.device_of(session.user_agent), session.created_at, session.session_key)
            for session in UserSession.objects.purge_and_list(user)
        ],
        "factors": Authenticator.objects.filter(user=user).order_by("type", "created_at"),
        "session_key": request.session.session_key,
    }
    shown["pager"] = paginate(request, AccessRecord.objects.filter(user=user))
    return TemplateResponse(request, "accounts/home.html", shown)


@never_cache
@signed_in
@GET_OR_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    user = _user(request)

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
    user = _user(request)

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
            "lead": _("Without any second factor you cannot sign acts."),
            "submit_label": _("Remove it"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@signed_in
@sensitive_post_parameters("password")
@GET_OR_POST
def change_password(request: HttpRequest) -> HttpResponse:
    user = _user(request)

    def change(data: dict[str, Any], actor: Any) -> None:
        recovery.change_password(
            request=request,
            user=user,
            password=data["password"],
            actor=actor,
            at=request.received_at,  # type: ignore[attr-defined]
        )

    return perform(
        request,
        page="web/act.html",
        form=forms.NewPassword,
        act=change,
        done=lambda nothing: (reverse("accounts:home"), _("Your password changed. The other sessions were ended.")),
        binding=True,
        context={
            "title": _("Change the password"),
            "submit_label": _("Change the password"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@GET_OR_POST
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whoever asks for whomever."""
    return perform(
        request,
        page="web/act.html",
        form=forms.Recovery,
        act=lambda data, actor: recovery.ask(request=request, email=data["email"]),
        done=lambda nothing: (
            reverse("account_login"),
            _("If somebody is registered with that address, they have a mail with a link that works for 30 minutes."),
        ),
        context={
            "title": _("Recover the password"),
            "lead": _("Your second factor stays as it is: the mail alone opens nothing."),
            "submit_label": _("Send me the link"),
            "cancel_url": reverse("account_login"),
        },
    )


@never_cache
@sensitive_post_parameters("password")
@GET_OR_POST
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the mailed link: a new password, and then sign in as always, with the second factor."""
    user = recovery.person_of(token)
    return perform(
        request,
        page="web/act.html",
        form=forms.NewPassword,
        act=lambda data, actor: recovery.choose(
            request=request,
            user=user,
            password=data["password"],
            at=request.received_at,  # type: ignore[attr-defined]
        ),
        done=lambda nothing: (reverse("account_login"), _("Your password changed. Sign in with it and your code.")),
        context={"title": _("Choose a new password"), "submit_label": _("Change the password")},
    )


def _user(request: HttpRequest) -> User:
    user = signing.person_of(request)
    assert user is not None
    return user
