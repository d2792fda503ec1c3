"""`pliego prepare`: bring the database to this version of the product; safe to repeat."""

import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from pliego.config import messages


class Command(BaseCommand):
    help = "Compile the catalogues, migrate, load the starter code lists and, when practising, the demo's people."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        messages.compile_all()
        call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())
        call_command("codelists", "starter")
        if settings.PLIEGO_PRACTICE:
            call_command("demo", "found")
