"""Pages of the provider's identity: leaving for it, coming back, and one's own page to link and unlink it."""

from datetime import datetime
from typing import Any

from allauth.account.internal.flows import login as flows
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pliego.accounts import forms, identities, oidc
from pliego.accounts.account_views import GET_OR_POST, user_of
from pliego.accounts.models import LinkedIdentity
from pliego.accounts.views import going_on
from pliego.kernel import clock
from pliego.kernel.objections import Refused
from pliego.web.acts import perform, signed_in
from pliego.web.http import Request

PENDING = "oidc_to_link"
SIGN_IN, LINK = "sign_in", "link"


@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Leave for the provider, to come back as who one is there."""
    oidc.require_on()
    return _leave(request, SIGN_IN, going_on(request))


@never_cache
@require_safe
@signed_in
def go_and_link(request: HttpRequest) -> HttpResponse:
    """Leave for the provider, to link who one is there. The link itself is signed on coming back."""
    oidc.require_on()
    return _leave(request, LINK)


def _leave(request: HttpRequest, purpose: str, going: str = "") -> HttpResponse:
    try:
        return redirect(oidc.leave(request, purpose=purpose, going=going))
    except Refused as refused:
        return _refused(request, str(refused.objections[0]))


@never_cache
@require_safe
def come_back(request: Request) -> HttpResponse:
    """What the provider sends the browser back to."""
    oidc.require_on()
    try:
        back = oidc.come_back(request)
    except Refused as refused:
        return _refused(request, str(refused.objections[0]))
    if back.purpose == LINK and request.actor.signed_in:
        proved = {"issuer": back.identity.issuer, "subject": back.identity.subject}
        request.session[PENDING] = {**proved, "at": clock.real_now().isoformat()}
        return redirect("accounts:link-identity")
    user = identities.person_with(back.identity)
    if user is None:
        sentence = _(
            "Your identity of %(name)s is not linked to a user of this site. Sign in with your passkey or your"
            " password and link it in the page of your user. If you have no user yet, register first."
        )
        return _refused(request, sentence % {"name": settings.PLIEGO_OIDC_NAME})
    flows.record_authentication(request, user, "oidc")
    return flows.perform_login(request, Login(user=user, email=user.email, redirect_url=back.going or None))


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "accounts/oidc_refused.html", {"sentence": sentence}, status=403)


@never_cache
@require_safe
@signed_in
def identity(request: HttpRequest) -> HttpResponse:
    """Whether one has an identity linked, since when, and what it is good for."""
    oidc.require_on()
    shown = {"linked": identities.of(user_of(request)), "name": settings.PLIEGO_OIDC_NAME}
    return render(request, "accounts/identity.html", shown)


@never_cache
@signed_in
@GET_OR_POST
def link(request: Request) -> HttpResponse:
    """The act that links what the provider just proved."""
    oidc.require_on()
    user, pending = user_of(request), request.session.get(PENDING)
    if not pending or clock.real_now() - datetime.fromisoformat(pending["at"]) >= oidc.LIVES:
        return redirect("accounts:identity")

    def do(data: dict[str, Any], actor: Any) -> LinkedIdentity:
        told = {
            "identity": oidc.Identity(pending["issuer"], pending["subject"]),
            "actor": actor,
            "at": request.received_at,
        }
        return identities.link(request=request, user=user, **told)

    def done(linked: LinkedIdentity) -> tuple[str, str]:
        request.session.pop(PENDING, None)
        return reverse("accounts:identity"), _("It is linked. Signing acts still needs your own factors.")

    lead = _("%(name)s says that you are there “%(subject)s”. From now on that opens the first half of your door here.")
    return _own_act(request, do, done, _("Link my identity"), lead % {"name": settings.PLIEGO_OIDC_NAME, **pending})


@never_cache
@signed_in
@GET_OR_POST
def unlink(request: Request) -> HttpResponse:
    oidc.require_on()
    user = user_of(request)
    return _own_act(
        request,
        lambda data, actor: identities.unlink(request=request, user=user, actor=actor, at=request.received_at),
        lambda nothing: (reverse("accounts:identity"), _("It is unlinked: it opens nothing any more.")),
        _("Unlink my identity"),
        _("You go on signing in with your passkey, or with your password and code."),
    )


def _own_act(request: HttpRequest, act: Any, done: Any, title: str, lead: str) -> HttpResponse:
    cancel_url = reverse("accounts:identity")
    context = {"title": title, "lead": lead, "submit_label": title, "cancel_url": cancel_url}
    return perform(request, page="web/act.html", form=forms.Nothing, act=act, done=done, binding=True, context=context)
