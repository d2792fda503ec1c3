"""From expected failures to answers: the one table of statuses, and the pages that say what happened.

Nothing here shows internals: an unexpected fault shows only the request's id, which is the key of its log lines.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token

from pliego.kernel.objections import Denied, Objection, Refused, SignatureRequired, Unknown

CONFLICTS = {"wrong_state", "already_done", "stale", "too_late", "key_reused"}


def status_of(error: Exception) -> int:
    match error:
        case Refused():
            return 409 if any(o.code in CONFLICTS for o in error.objections) else 422
        case Denied():
            return 403
        case Unknown():
            return 404
    return 500


def objections_of(error: Exception) -> list[Objection]:
    match error:
        case Refused():
            return list(error.objections)
        case SignatureRequired():
            return [Objection("signature_required", error.reason)]
        case Denied():
            return [Objection("denied", error.reason)]
        case Unknown():
            return [Objection("not_found", _("There is nothing here with that name, or you may not see it."))]
    return [Objection("internal", _("Something failed on our side. What you had saved is safe."))]


def problem(request: HttpRequest, objections: list[Objection], status: int) -> JsonResponse:
    """The body of every error of the API."""
    errors = [
        {"field": o.field, "code": o.code, "sentence": str(o.sentence), "legal_basis": o.legal_basis}
        for o in objections
    ]
    return JsonResponse({"errors": errors, "request_id": request_id(request)}, status=status)


def request_id(request: HttpRequest) -> str:
    return getattr(request, "id", "")


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/ocds/"))


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to an expected failure that no form took care of."""
    status, objections = status_of(error), objections_of(error)
    if wants_json(request):
        return problem(request, objections, status)
    return page(request, status, objections)


TITLES = {
    400: gettext_lazy("This request could not be read"),
    403: gettext_lazy("You cannot do this"),
    404: gettext_lazy("We did not find this page"),
    409: gettext_lazy("This has changed meanwhile"),
    422: gettext_lazy("This cannot be done as asked"),
    500: gettext_lazy("Something failed on our side"),
}

ADVICE = {
    400: gettext_lazy("Go back, reload the page and try again. If you followed a link, it may be cut short."),
    403: gettext_lazy(
        "Your account may not do this. If you think that it should, ask the administrator of your organisation."
    ),
    404: gettext_lazy(
        "The address may be mistyped, or the page may be one that you may not see. Search for it or go to the start."
    ),
    500: gettext_lazy("It is not your fault. What you had saved is safe. Try again in a minute."),
}


def page(request: HttpRequest, status: int, objections: list[Objection] | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "status": status,
        "title": TITLES.get(status, TITLES[500]),
        "advice": ADVICE.get(status, ADVICE[500]),
        "objections": objections or [],
        "request_id": request_id(request),
    }
    return render(request, "web/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        return answer(request, Unknown())
    return page(request, 404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return problem(request, objections_of(RuntimeError()), 500)
    return page(request, 500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _(
        "The form had expired or came from another site. Go back, reload the page and send it again: nothing was lost."
    )
    if wants_json(request):
        return problem(request, [Objection("csrf", sentence)], 403)
    return page(request, 403, [Objection("csrf", sentence)])
