"""What every request passes through: an id, its moment of arrival, kept replies, and expected failures."""

import hashlib
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from pliego.kernel import clock
from pliego.kernel.models import KeptReply
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.web.errors import answer, problem

GetResponse = Callable[[HttpRequest], HttpResponse]
current_request_id: ContextVar[str] = ContextVar("request_id", default="")
KEY = re.compile(r"[\x21-\x7e]{8,200}")
# Answers that hold secrets are never kept, and failed tries of a code are counted even when they are repeated.
DOORS = ("sessions", "step-up", "registrations", "second-factors", "me/", "recovery")
NEVER_KEPT = tuple(f"/api/v1/{door}" for door in DOORS)


def request_id(get_response: GetResponse) -> GetResponse:
    """Give the request an id, shown on error pages and in the header X-Request-Id, and written on each log line."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.id = "PL-" + secrets.token_hex(5).upper()  # type: ignore[attr-defined]
        token = current_request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response

    return middleware


def received_at(get_response: GetResponse) -> GetResponse:
    """`request.received_at`: when the complete request reached the server, on the platform's clock.

    The server notes the seconds that the request then waited for its turn; a queue at closing time harms nobody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        waited = request.environ.get("pliego.waited") if hasattr(request, "environ") else None
        request.received_at = clock.received(waited() if waited else 0.0)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def kept_replies(get_response: GetResponse) -> GetResponse:
    """A request of the API repeated with the same Idempotency-Key gets the first one's answer, and acts once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        is_kept = request.path.startswith("/api/") and not request.path.startswith(NEVER_KEPT)
        if not key or request.method in {"GET", "HEAD", "OPTIONS"} or not is_kept:
            return get_response(request)
        if not KEY.fullmatch(key):
            return problem(request, [Objection("bad_key", "Idempotency-Key: 8–200 visible ASCII characters.")], 400)
        return _once(request, key, get_response)

    return middleware


def _once(request: HttpRequest, key: str, get_response: GetResponse) -> HttpResponse:
    actor = request.actor.user_code or request.META.get("REMOTE_ADDR", "")  # type: ignore[attr-defined]
    asked = f"{request.method} {request.path}\n".encode() + request.body
    digest = hashlib.sha256(asked).hexdigest()
    with transaction.atomic():
        try:
            with transaction.atomic():  # a second request with the same key waits here for the first to end
                kept = KeptReply.objects.create(actor=actor, key=key, request_sha256=digest)
        except IntegrityError:
            kept = KeptReply.objects.select_for_update().get(actor=actor, key=key)
            if kept.request_sha256 != digest:
                return problem(
                    request, [Objection("key_reused", "This Idempotency-Key was used for another request.")], 422
                )
            return HttpResponse(kept.body, status=kept.status or 200, content_type=kept.content_type)
        response = get_response(request)
        if response.status_code >= 400:  # nothing was done: a retry may be answered anew
            transaction.set_rollback(True)
            return response
        kept.status, kept.body = response.status_code, response.content.decode()
        kept.content_type = response.headers.get("Content-Type", "application/json")
        kept.save(update_fields=["status", "body", "content_type"])
        return response


def refusals(get_response: GetResponse) -> GetResponse:
    """Turn Refused, Denied and Unknown into 409/422, 403 and 404 where no form did."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, (Refused, Denied, Unknown)) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
