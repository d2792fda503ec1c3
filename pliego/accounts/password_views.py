"""Changing a password, recovering it by mail, and the two other links that we mail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pliego.accounts import devices, forms, journal, links, recovery, reports, roads
from pliego.accounts.account_views import GET_OR_POST, user_of
from pliego.accounts.models import AccessRecord, User
from pliego.web.acts import perform, signed_in


@never_cache
@signed_in
@sensitive_post_parameters("password")
@GET_OR_POST
def change_password(request: HttpRequest) -> HttpResponse:
    user = user_of(request)

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
        page="accounts/new_password.html",
        form=forms.NewPassword,
        act=change,
        done=lambda nothing: (reverse("accounts:home"), _("Your password changed. The other sessions were ended.")),
        binding=True,
        context={
            "title": _("Change the password"),
            "lead": _("You said that somebody else was at your door: choose a password that you use nowhere else.")
            if user.must_change_password
            else "",
            "submit_label": _("Change the password"),
            "cancel_url": "" if user.must_change_password else reverse("accounts:home"),
        },
    )


@never_cache
@GET_OR_POST
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whoever asks for whomever."""
    return perform(
        request,
        page="accounts/recover.html",
        form=forms.Recovery,
        act=lambda data, actor: recovery.ask(request=request, email=data["email"]),
        done=lambda nothing: (
            reverse("account_login"),
            _("If somebody is registered with that address, they have a mail with a link that works for 30 minutes."),
        ),
        context={"roads": roads.ROADS},
    )


@never_cache
@sensitive_post_parameters("password")
@GET_OR_POST
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the mailed link: a new password, and then sign in as always, with the second factor."""
    recovery.person_of(token)
    return perform(
        request,
        page="accounts/new_password.html",
        form=forms.NewPassword,
        act=lambda data, actor: recovery.choose(
            request=request,
            secret=token,
            password=data["password"],
            at=request.received_at,  # type: ignore[attr-defined]
        ),
        done=lambda user: (reverse("account_login"), _("Your password changed. Sign in with it and your code.")),
        context={"title": _("Choose a new password"), "submit_label": _("Change the password")},
    )


@never_cache
@GET_OR_POST
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link "it was not me". It has one button, because mailboxes open links by themselves."""
    links.read(token, links.Purpose.NOT_ME)
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: reports.say_of_mail(
            request=request,
            secret=token,
            at=request.received_at,  # type: ignore[attr-defined]
        ),
        done=lambda report: (
            reverse("account_login"),
            _("Case %(code)s is open. For 24 hours nobody can recover your password by mail.") % {"code": report.code},
        ),
        context={
            "title": _("It was not me"),
            "lead": _(
                "The links that were mailed stop working, nobody can recover your password by mail for 24 hours, and"
                " the service desk gets the case. Your passkey and your password stay as they are."
            ),
            "submit_label": _("It was not me"),
        },
    )


@never_cache
@GET_OR_POST
def device(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link that makes this browser known. It signs nobody in."""
    links.read(token, links.Purpose.DEVICE)

    def know(data: dict[str, Any], actor: Any) -> User:
        user = links.use(token, links.Purpose.DEVICE)
        devices.remember(request, user)
        journal.record(user=user, kind=AccessRecord.Kind.DEVICE, door=journal.door_of(request), method="link")
        return user

    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=know,
        done=lambda user: (reverse("account_login"), _("This browser is known now. Sign in as always.")),
        context={
            "title": _("Make this browser known"),
            "lead": _(
                "Somebody tried your password too many times from other places. With this button your tries from this"
                " browser are counted apart from theirs. It does not sign you in."
            ),
            "submit_label": _("It is my browser"),
        },
    )
