"""`pliego serve`: the web server, one port."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve the site and the API on 127.0.0.1:$PORT (default 8000)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from granian.constants import Interfaces
        from granian.server import Server

        Server(
            "pliego.config.asgi:application",
            address=os.environ.get("PLIEGO_BIND", "127.0.0.1"),
            port=int(os.environ.get("PORT", "8000")),
            interface=Interfaces.ASGI,
            workers=int(os.environ.get("PLIEGO_WORKERS", "1" if settings.PLIEGO_PRACTICE else "2")),
            websockets=False,
            backlog=8192,
            backpressure=4096,
            workers_kill_timeout=10,  # a live stream that does not end must not keep the site from stopping
            respawn_failed_workers=True,
            log_access=False,
            log_level="warning",  # type: ignore[arg-type]
        ).serve()
