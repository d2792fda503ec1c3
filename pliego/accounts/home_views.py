"""The first page of a person: what happened at their door. And its export, their data, and "it was not me"."""

import csv
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pliego.accounts import devices, forms, history, holds, oidc, profile, reports
from pliego.accounts.account_views import GET_OR_POST, user_of
from pliego.accounts.models import AccessRecord, DoorReport, KnownDevice, Reissue
from pliego.kernel.objections import Unknown
from pliego.web.acts import perform, signed_in
from pliego.web.pagination import paginate


@never_cache
@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """First what happened at the door; then sessions, browsers, factors and data."""
    user = user_of(request)
    shown = {
        "person": user,
        "pager": paginate(request, AccessRecord.objects.filter(user=user)),
        "sessions": history.sessions_of(user, request.session.session_key),
        "devices": devices.of(user),
        "factors": Authenticator.objects.filter(user=user).order_by("type", "created_at"),
        "after_change": holds.in_force(user, holds.Kind.AFTER_CHANGE),
        "frozen": holds.in_force(user, holds.Kind.RECOVERY_FROZEN),
        "recent_recovery": history.recent_recovery(user),
        "reissue": Reissue.objects.under_way().filter(user=user).first(),
        "reports": DoorReport.objects.filter(user=user)[:5],
        "oidc_name": settings.PLIEGO_OIDC_NAME if oidc.is_on() else "",
        "unreportable": history.UNREPORTABLE,
    }
    return TemplateResponse(request, "accounts/home.html", shown)


@never_cache
@require_safe
@signed_in
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The whole history: the same columns as the page, as CSV or JSON."""
    rows = history.rows_of(user_of(request))
    if form == "json":
        response = HttpResponse(json.dumps(list(rows), ensure_ascii=False, indent=1), content_type="application/json")
    elif form == "csv":
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        _write_csv(response, rows)
    else:
        raise Unknown()
    response["Content-Disposition"] = f'attachment; filename="accesos.{form}"'
    return response


def _write_csv(response: HttpResponse, rows: Iterator[dict[str, str]]) -> None:
    table = csv.DictWriter(response, fieldnames=history.COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for row in rows:  # a text that a stranger chose (the name of their browser) must not become a formula
        table.writerow({name: f"'{text}" if text[:1] in "=+-@\t" else text for name, text in row.items()})


@never_cache
@signed_in
@GET_OR_POST
def not_me(request: HttpRequest, code: UUID) -> HttpResponse:
    user = user_of(request)
    line = AccessRecord.objects.filter(user=user, code=code).first()
    if line is None:
        raise Unknown()
    goes_to = "accounts:change-password" if user.has_usable_password() else "accounts:home"

    def say(data: dict[str, Any], actor: Any) -> DoorReport:
        return reports.say_of_line(request=request, user=user, line_code=str(code), actor=actor, at=at_of(request))

    return perform(
        request,
        page="accounts/not_me.html",
        form=forms.Nothing,
        act=say,
        done=lambda report: (
            reverse(goes_to),
            _("Case %(code)s is open and your other sessions ended. Now choose a new password.") % {"code": report.code}
            if user.has_usable_password()
            else _("Case %(code)s is open and your other sessions ended.") % {"code": report.code},
        ),
        context={"line": line, "has_password": user.has_usable_password()},
    )


@never_cache
@signed_in
@GET_OR_POST
def details(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    return perform(
        request,
        page="web/act.html",
        form=forms.Details,
        initial={name: getattr(user, name) for name in ("full_name", "phone", "time_zone", "language")},
        act=lambda data, actor: profile.change_details(
            user=user, details=profile.Details(**data), actor=actor, at=at_of(request)
        ),
        done=lambda nothing: (reverse("accounts:home"), _("Your data were kept.")),
        context={
            "title": _("Your data"),
            "lead": _("Your document is changed by the service desk, with its proof; your e-mail, on its own page."),
            "submit_label": _("Keep the changes"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@signed_in
@GET_OR_POST
def new_email(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    return perform(
        request,
        page="web/act.html",
        form=forms.NewEmail,
        act=lambda data, actor: profile.ask_new_email(user=user, email=data["email"], actor=actor),
        done=lambda change: reverse("accounts:new-email-code"),
        binding=True,
        context={
            "title": _("Change the e-mail"),
            "lead": _("We mail a code to the new one, and tell %(old)s. Other sessions will end.")
            % {"old": user.email},
            "submit_label": _("Mail me the code"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@signed_in
@GET_OR_POST
def new_email_code(request: HttpRequest) -> HttpResponse:
    user = user_of(request)

    if request.method == "POST":
        profile.count_try(user)

    def confirm(data: dict[str, Any], actor: Any) -> Any:
        return profile.settle_new_email(request=request, user=user, code=data["code"], actor=actor, at=at_of(request))

    return perform(
        request,
        page="web/act.html",
        form=forms.ConfirmedEmail,
        act=confirm,
        done=lambda changed: (reverse("accounts:home"), _("Your e-mail changed. The old address was told.")),
        context={
            "title": _("Write the code that we mailed"),
            "lead": _("It has six digits and works for 30 minutes. Leave this page open and look at your new mailbox."),
            "submit_label": _("Confirm"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@signed_in
@GET_OR_POST
def forget_device(request: HttpRequest, code: str) -> HttpResponse:
    device = KnownDevice.objects.filter(user=user_of(request), code=code, revoked_at=None).first()
    if device is None:
        raise Unknown()
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: devices.revoke(device),
        done=lambda nothing: (reverse("accounts:home"), _("That browser is no longer known.")),
        context={
            "title": _("Forget a browser"),
            "lead": _("%(name)s will count as any stranger's when it tries a password.") % {"name": device.name},
            "submit_label": _("Forget it"),
            "cancel_url": reverse("accounts:home"),
        },
    )


def at_of(request: HttpRequest) -> Any:
    return request.received_at  # type: ignore[attr-defined]
