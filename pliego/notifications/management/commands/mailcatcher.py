import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pliego.notifications import catcher


class Command(BaseCommand):
    help = "Keep the mail of a practice installation in a folder instead of sending it. Runs until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PLIEGO_PRACTICE:
            raise CommandError("only practice installations catch their mail")
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_args: stop.set())
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line of the conversation
        server = catcher.controller(settings.EMAIL_HOST, settings.EMAIL_PORT, settings.PLIEGO_CAUGHT_MAIL)
        try:
            server.start()
        except OSError as fault:
            raise CommandError(f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {fault.strerror or fault}") from fault
        try:
            stop.wait()
        finally:
            server.stop()
