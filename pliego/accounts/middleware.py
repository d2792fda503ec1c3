"""What stands between who asks and what they ask: the suspended read only; programs sign by passkey in two calls.

To sign: first the act's own call with the header `Pliego-Sign: show`: it is rehearsed, nothing is written, and the
answer is the intention with its hash and what a browser needs to ask the passkey. Then the same call with
`Pliego-Intention` (its code) and `Pliego-Assertion` (the passkey's answer, JSON in base64url). It works for every act,
without the rooms knowing.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from pliego.accounts import intending, signing
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.ledger import webauthn
from pliego.web.errors import answer

# What a suspended person may send: their own door, their answers, their notices, and a change of the account they read.
OPEN_WHILE_SUSPENDED = ("accounts:", "account_", "mfa_", "notifications:", "documents:", "parties:switch")
OPEN_API = tuple(
    f"/api/v1/{door}"
    for door in ("sessions", "step-up", "second-factors", "suspensions", "reissues", "notices", "uploads")
)
GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class NotDone(Exception):
    """The rehearsed call was refused: its own answer goes out."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def signed_calls(get_response: GetResponse) -> GetResponse:
    """Beneath `acting_person`, above `kept_replies`: what was rehearsed is no kept reply."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_act = request.path.startswith("/api/") and request.method not in SAFE
        if not is_act or not request.actor.signed_in:  # type: ignore[attr-defined]
            return get_response(request)
        try:
            if request.headers.get("Pliego-Sign") == "show":
                return _shown(request, get_response)
            if code := request.headers.get("Pliego-Intention"):
                _sign(request, code)
        except (Refused, Denied, Unknown) as error:
            return answer(request, error)
        return get_response(request)

    return middleware


def limited(get_response: GetResponse) -> GetResponse:
    """A suspended person reads everything that is theirs; whatever they send beyond their answers is refused, and why.

    The policies say the same act by act; this says it for what no policy guards.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.suspension and request.method not in SAFE and not _is_open_to_the_suspended(request):
            return answer(request, Denied(actor.suspension))
        return get_response(request)

    return middleware


def _is_open_to_the_suspended(request: HttpRequest) -> bool:
    if request.path.startswith("/api/"):
        return request.path.startswith(OPEN_API)
    try:
        return resolve(request.path_info).view_name.startswith(OPEN_WHILE_SUSPENDED)
    except Resolver404:
        return True


def _shown(request: HttpRequest, get_response: GetResponse) -> HttpResponse:
    def run(actor: Any) -> None:
        before, request.actor = request.actor, actor  # type: ignore[attr-defined]
        for name in request.FILES:
            for file in request.FILES.getlist(name):
                file.seek(0)
        try:
            response = get_response(request)
        finally:
            request.actor = before  # type: ignore[attr-defined]
        if response.status_code >= 400:
            raise NotDone(response)

    try:
        with transaction.atomic():
            shown = intending.prepare(request, place=signing.place_of(request), run=run)
    except NotDone as refused:
        return refused.response
    said = {
        "code": shown.intention.code,
        "intention": shown.text,
        "sha256": shown.sha256,
        "acts": [act["content"] for _title, act in shown.acts],
        "expires_at": shown.intention.expires_at.isoformat(),
        "options": shown.options,
    }
    return JsonResponse(said, status=202)


def _sign(request: HttpRequest, code: str) -> None:
    try:
        credential = json.loads(webauthn.decode(request.headers.get("Pliego-Assertion", "")))
        if not isinstance(credential, dict):
            raise ValueError
    except ValueError as error:
        sentence = _("The header Pliego-Assertion is the passkey's answer: JSON in base64url.")
        raise Refused(Objection("bad_assertion", sentence)) from error
    signature = signing.by_passkey(request, code=code, credential=credential)
    request.actor = request.actor.with_signature(signature)  # type: ignore[attr-defined]
