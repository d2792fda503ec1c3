"""What every page knows about the installation and the person reading it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pliego.kernel.actors import ANYONE

LOOPBACK = ("127.0.0.1", "[::1]")


def named_url(request: HttpRequest) -> str:
    """This page by name, when it was opened by the address of this very machine: passkeys belong to a name."""
    host = request.headers.get("Host", "")  # not `get_host`: the page that refuses a host is shown too
    number = next((number for number in LOOPBACK if host == number or host.startswith(f"{number}:")), "")
    if not number:
        return ""
    return f"{request.scheme}://localhost{host.removeprefix(number)}{request.get_full_path()}"


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", ANYONE),
        "operator": settings.PLIEGO_OPERATOR,
        "is_practice": settings.PLIEGO_PRACTICE,
        "named_url": named_url(request) if settings.PLIEGO_PRACTICE else "",
        "site_url": settings.PLIEGO_SITE_URL,
        "request_id": getattr(request, "id", ""),
        "now": getattr(request, "received_at", None),
        "idle_seconds": settings.PLIEGO_IDLE_SECONDS,
        "saves_data": request.headers.get("Save-Data", "").lower() == "on",
    }
