"""The terms of use: read by anybody, accepted by who is registered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pliego.accounts import forms, journal, terms
from pliego.accounts.account_views import GET_OR_POST, user_of
from pliego.accounts.views import going_on
from pliego.web.acts import perform, signed_in


@require_safe
def read(request: HttpRequest, version: str = "") -> HttpResponse:
    """A version of the terms, as it was accepted; without one, the version in force."""
    found = terms.called(version) if version else terms.current()
    return render(request, "accounts/terms.html", {"terms": found, "versions": reversed(terms.versions())})


@never_cache
@signed_in
@GET_OR_POST
def accept(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), terms.current()
    going = going_on(request) or reverse("accounts:home")
    if request.method != "POST" and user.terms_version == now.version:
        return redirect(going)
    return perform(
        request,
        page="accounts/accept_terms.html",
        form=forms.AcceptedTerms,
        initial={"next": going},
        act=lambda data, actor: terms.accept(
            user=user,
            network=journal.door_of(request).network,
            actor=actor,
            at=request.received_at,  # type: ignore[attr-defined]
        ),
        done=lambda accepted: (going, _("You accepted the terms of use, version %(v)s.") % {"v": accepted.version}),
        context={"terms": now, "is_first": not user.terms_version},
    )
