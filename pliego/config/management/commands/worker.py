"""`pliego worker`: run the queue of reactions, mails and timed jobs."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run queued jobs until stopped. Several workers may run at once."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Polling each second instead of LISTEN/NOTIFY: NOTIFY would serialise every commit (design: one idea).
        call_command("procrastinate", "worker", "--no-listen-notify", "--fetch-job-polling-interval", "1", verbosity=0)
