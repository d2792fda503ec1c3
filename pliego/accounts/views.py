"""The door: registering, signing in and out, recovering."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows import login as flows
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pliego.accounts import demo, door, factors, forms, journal, oidc, passkeys, rules, services, sessions, signing
from pliego.accounts.models import AccessRecord, User
from pliego.kernel.objections import Refused
from pliego.web.acts import See303, perform

PENDING = "registration"
PENDING_TOTP = "totp_pending"
CODES = "recovery_codes"
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


# ---- registering: data, code, second factor, recovery codes ----------------------------------------------------------


@never_cache
@GET_OR_POST
def register(request: HttpRequest) -> HttpResponse:
    if request.actor.signed_in:  # type: ignore[attr-defined]
        return redirect("accounts:home")

    def begin(data: dict[str, Any], actor: Any) -> str:
        return services.begin_registration(person=rules.Person(**data), network=journal.door_of(request).network)

    def done(reference: str) -> str:
        request.session[PENDING] = reference
        return reverse("accounts:register-code")

    return perform(request, page="accounts/register.html", form=forms.Registration, act=begin, done=done)


@never_cache
@GET_OR_POST
def register_code(request: HttpRequest) -> HttpResponse:
    reference = request.session.get(PENDING, "")
    if not reference:
        return redirect("accounts:register")

    is_resend = request.POST.get("accion") == "reenviar"
    if request.method == "POST" and not is_resend:
        services.count_try(reference=reference)

    def confirm(data: dict[str, Any], actor: Any) -> User | None:
        if is_resend:
            services.resend_code(reference=reference)
            return None
        return services.settle_registration(
            reference=reference,
            code=data["code"],
            at=request.received_at,  # type: ignore[attr-defined]
        )

    def done(user: User | None) -> tuple[str, str]:
        if user is None:
            return reverse("accounts:register-code"), _("We mailed another code. The one before no longer works.")
        del request.session[PENDING]
        flows.record_authentication(request, user, "code")
        flows.perform_login(request, Login(user=user, redirect_url=reverse("accounts:second-factor"), email=user.email))
        return reverse("accounts:second-factor"), _("You are registered. One step more: how you will sign in.")

    return perform(request, page="accounts/register_code.html", form=forms.MailedCode, act=confirm, done=done)


@never_cache
@sensitive_post_parameters("password")
@GET_OR_POST
def second_factor(request: HttpRequest) -> HttpResponse:
    """How the person will sign in: a passkey, or (with a password, when they have none) an authenticator by its QR."""
    user = signing.person_of(request)
    if user is None:
        return redirect("account_login")
    if factors.has_second_factor(user) and not signing.is_fresh(request):
        return redirect("accounts:step-up")
    secret = request.session.setdefault(PENDING_TOTP, factors.new_secret())
    has_password = user.has_usable_password()

    def add(data: dict[str, Any], actor: Any) -> list[str]:
        give = services.add_totp if has_password else services.choose_password
        return give(user=user, secret=secret, at=request.received_at, **data)  # type: ignore[attr-defined, operator]

    def done(codes: list[str]) -> str:
        del request.session[PENDING_TOTP]
        if not has_password:
            sessions.keep_after_password(request, user)
        return _show_codes(request, codes, ["password", "totp"], "totp")

    form = forms.AuthenticatorCode if has_password else forms.FirstPassword
    return perform(
        request, page="accounts/second_factor.html", form=form, act=add, done=done, context=_ways_in(user, secret)
    )


def as_key(secret: str) -> str:
    """The key of an authenticator as it is typed by hand."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _ways_in(user: User, secret: str) -> dict[str, Any]:
    return {
        "secret": as_key(secret),
        "has_totp": factors.has_totp(user),
        "has_password": user.has_usable_password(),
        "passkey_url": reverse("accounts:add-passkey"),
        "passkey_label": _("Create a passkey"),
        "qr": factors.qr_image(factors.enrolment_uri(user, secret)),
    }


@never_cache
@GET_OR_POST
def add_passkey(request: HttpRequest) -> HttpResponse:
    """GET: the challenge, as JSON for the page's script. POST: the passkey that answered it."""
    user = signing.person_of(request)
    if user is None:
        return redirect("account_login")
    if factors.has_second_factor(user) and not signing.is_fresh(request):
        return redirect("accounts:step-up")
    if request.method != "POST":
        return JsonResponse(passkeys.registration_options(user))
    form = forms.Credential(request.POST)
    if not form.is_valid():
        raise Refused(passkeys.passkey_is_wrong())
    codes = services.add_passkey(
        user=user,
        name=form.cleaned_data["name"],
        credential=form.answer(),
        at=request.received_at,  # type: ignore[attr-defined]
    )
    return See303(_show_codes(request, codes, ["webauthn"], "passkey"))


@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes, shown once: after this page they are gone from the session."""
    codes = request.session.pop(CODES, None)
    if not codes:
        return redirect("accounts:home")
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _show_codes(request: HttpRequest, codes: list[str], proved: list[str], method: str) -> str:
    signing.remember(request, method, {"factors": proved})
    if not codes:
        return reverse("accounts:home")
    request.session[CODES] = codes
    return reverse("accounts:recovery-codes")


# ---- signing in and out ----------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password")
@GET_OR_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    going = going_on(request)
    if request.actor.signed_in:  # type: ignore[attr-defined]
        return redirect(going or get_adapter().get_login_redirect_url(request))
    form = forms.SignIn(request.POST or None, beside=["next"])
    status = 200
    if request.method == "POST":
        if form.is_valid() and (response := _try_password(request, form, going)):
            return response
        status = 422
    shown = {"form": form, "next": going, "passkey_url": reverse("accounts:sign-in-passkey")}
    shown["oidc_name"] = settings.PLIEGO_OIDC_NAME if oidc.is_on() else ""
    return render(request, "accounts/sign_in.html", shown, status=status)


def _try_password(request: HttpRequest, form: forms.SignIn, going: str) -> HttpResponse | None:
    email, password = form.cleaned_data["email"].lower(), form.cleaned_data["password"]
    try:
        user = door.prove_password(request, email=email, password=password)
    except Refused as refused:
        form.object_to(refused.objections)
        return None
    if user is None:
        form.add_error(None, _("The e-mail or the password is not right."))
        return None
    login = Login(user=user, email=email, redirect_url=going or None)
    return _see(flows.perform_password_login(request, {"email": email}, login))


@never_cache
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@GET_OR_POST
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second half of a sign-in: the code of the authenticator, or a passkey."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user = stage.login.user
    form = forms.SecondFactor(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            method = door.prove_code(request, user=user, code=form.cleaned_data["code"])
        except Refused as refused:
            form.object_to(refused.objections)
        else:
            if method:
                flows.record_authentication(request, user, "mfa", type=method)
                return _see(stage.exit())
            form.object_to([factors.code_is_wrong()])
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    shown = {"form": form, "has_passkey": "webauthn" in kinds, "has_code": bool(kinds - {"webauthn"})}
    shown["passkey_url"] = reverse("accounts:sign-in-code-passkey")
    return render(request, "accounts/sign_in_code.html", shown, status=422 if form.errors else 200)


@never_cache
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@GET_OR_POST
def sign_in_code_passkey(request: HttpRequest) -> HttpResponse:
    stage = request._login_stage  # type: ignore[attr-defined]
    if request.method != "POST":
        return JsonResponse(passkeys.authentication_options(stage.login.user))
    passkeys.check(request=request, user=stage.login.user, credential=_credential(request))
    return _see(stage.exit())


@never_cache
@GET_OR_POST
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: it is the device and the person's gesture, both."""
    if request.method != "POST":
        return JsonResponse(passkeys.authentication_options(None))
    user = passkeys.check(request=request, user=None, credential=_credential(request))
    return _see(flows.perform_login(request, Login(user=user, redirect_url=going_on(request) or None)))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    get_adapter().logout(request)
    response = See303(get_adapter().get_logout_redirect_url(request))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@GET_OR_POST
def enter_by_practice_link(request: HttpRequest, token: str) -> HttpResponse:
    """Practice installations only: the session of somebody of the cast, for whoever opens the link."""
    link = demo.read_link(token)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    flows.record_authentication(request, link.user, "demo")
    get_adapter().login(request, link.user)
    UserSession.objects.create_from_request(request)
    request.session[signing.OPENED_BY] = "demo"
    request.session["account_id"] = link.account_id
    journal.record(user=link.user, kind=AccessRecord.Kind.SIGN_IN, door=journal.door_of(request), method="demo")
    return See303(get_adapter().get_login_redirect_url(request))


# ---- translators -----------------------------------------------------------------------------------------------------


def _credential(request: HttpRequest) -> dict[str, Any]:
    form = forms.Credential(request.POST, beside=["next"])
    if not form.is_valid():
        raise Refused(passkeys.passkey_is_wrong())
    return form.answer()


def going_on(request: HttpRequest) -> str:
    """Where the person was going, when it is on this site."""
    going = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(going, {request.get_host()}, require_https=request.is_secure())
    return going if safe else ""


def _see(response: HttpResponse) -> HttpResponse:
    """allauth answers 302; after a POST ours is 303."""
    return See303(response["Location"]) if response.status_code == 302 else response
