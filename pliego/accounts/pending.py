"""What a person owes before going on: the terms when they changed, a new password after "it was not me".

Only pages that are read wait for it. What is sent is never turned away: nothing typed is lost, and nobody misses a
closing time because the terms changed that day.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from pliego.accounts import terms
from pliego.accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Step:
    route: str
    is_owed: Callable[[User], bool]


STEPS = (
    Step("accounts:change-password", lambda user: user.must_change_password),
    Step("accounts:accept-terms", lambda user: user.terms_version != terms.current().version),
)
# Pages that stay open meanwhile: those of the steps, the terms themselves, the way out, and what reads no page.
OPEN = {"change-password", "accept-terms", "terms", "step-up", "account_logout", "recovery-codes", "second-factor"}


def middleware(get_response: GetResponse) -> GetResponse:
    def owed_steps(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *told: object) -> HttpResponse | None:
        person = person_reading(request)
        match = request.resolver_match
        if person is None or match is None or match.url_name in OPEN:
            return None
        step = next((step for step in STEPS if step.is_owed(person)), None)
        return redirect_to(step.route, request) if step else None

    owed_steps.process_view = process_view  # type: ignore[attr-defined]
    return owed_steps


def person_reading(request: HttpRequest) -> User | None:
    """Whoever reads a page with a session of their own."""
    is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    is_part = request.headers.get("HX-Request") == "true" or request.path.startswith("/api/")
    signed_in = getattr(request, "actor", None) is not None and request.actor.signed_in  # type: ignore[attr-defined]
    return request.user if is_page and not is_part and signed_in and isinstance(request.user, User) else None


def redirect_to(route: str, request: HttpRequest) -> HttpResponse:
    return redirect(redirect(route)["Location"] + "?" + urlencode({"next": request.get_full_path()}))
