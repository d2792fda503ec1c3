"""What every page knows about the installation and the person reading it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pliego.kernel.actors import ANYONE


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", ANYONE),
        "operator": settings.PLIEGO_OPERATOR,
        "is_practice": settings.PLIEGO_PRACTICE,
        "site_url": settings.PLIEGO_SITE_URL,
        "request_id": getattr(request, "id", ""),
        "now": getattr(request, "received_at", None),
        "idle_seconds": settings.PLIEGO_IDLE_SECONDS,
        "saves_data": request.headers.get("Save-Data", "").lower() == "on",
    }
