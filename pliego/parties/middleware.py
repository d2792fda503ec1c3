"""Who is asking, and for whom: `request.actor`, from a bearer token or from the session, on every request.

Guarantees: the place in the account is looked up at each request, so a withdrawn right ends at once; at most two
queries; an unsafe request to the API that a cookie authenticates carries the anti-forgery token, or is refused.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from pliego.accounts import signing, tokens
from pliego.accounts.models import User
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.objections import Objection
from pliego.parties import queries
from pliego.web.errors import problem

GetResponse = Callable[[HttpRequest], HttpResponse]
ACCOUNT_KEY = "account_id"
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def acting_person(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = tokens.token_called(text.strip())
            if token is None:
                return problem(request, [Objection("token_unknown", _("This token has expired or is unknown."))], 401)
            request.api_token = token  # type: ignore[attr-defined]
            request.user = token.user
            actor = queries.actor_for(user=token.user, account_id=token.account_id)
        else:
            actor = _from_session(request)
            if actor.signed_in and _is_unsafe_api(request) and (refusal := check_csrf(request)):
                return refusal
        if actor.signed_in and request.path.startswith("/api/"):
            actor = actor.with_signature(signing.fresh_signature(request))
        request.actor = actor  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _is_unsafe_api(request: HttpRequest) -> bool:
    return request.method not in SAFE and request.path.startswith("/api/")


def _from_session(request: HttpRequest) -> Actor:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
        return ANYONE
    if ACCOUNT_KEY in request.session:
        return queries.actor_for(user=request.user, account_id=request.session[ACCOUNT_KEY])
    actor = queries.actor_in_first_place(user=request.user)
    if actor.account_id is not None:
        request.session[ACCOUNT_KEY] = actor.account_id
    return actor
