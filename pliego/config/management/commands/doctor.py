"""`pliego doctor`: ask every dependency and say what is wrong and how to mend it."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from pliego.accounts import breached
from pliego.config.health import NEEDS
from pliego.kernel import clock
from pliego.ledger import witnessing

# What the guarantees about acknowledged acts rest on (security: reliability).
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class Command(BaseCommand):
    help = "Check the database, its durability, the migrations, the document store and the clock."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for name, need in NEEDS.items():
            try:
                need()
                self.stdout.write(f"good   {name}")
            except Exception as error:
                faults += 1
                self.stdout.write(f"FAULT  {name}: {error}")
        for name, wanted in DURABLE.items():
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting(%s)", [name])
                found = cursor.fetchone()[0]
            faults += found != wanted
            self.stdout.write(f"{'good ' if found == wanted else 'FAULT'}  {name} = {found}")
        self.stdout.write(f"note   passwords: {breached.state()}")
        keeper = settings.PLIEGO_CUSTODIAN_KEEPER or "nobody said who (PLIEGO_CUSTODIAN_KEEPER)"
        self.stdout.write(f"note   witnesses: {witnessing.state(clock.now())}; the custodian is kept by: {keeper}")
        mode = "practice" if settings.PLIEGO_PRACTICE else "production"
        self.stdout.write(f"{faults} faults; this is a {mode} installation")
        sys.exit(1 if faults else 0)
