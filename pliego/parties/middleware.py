"""Who is asking, and for whom."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pliego.kernel.actors import ANYONE


def acting_person(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = ANYONE  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
