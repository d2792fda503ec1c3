"""`pliego documents check`: hash every stored file again and report what is missing, altered or unclaimed."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.documents import queries, receiving
from pliego.kernel import clock


class Command(BaseCommand):
    help = "check: hash every stored file again. sweep: forget the uploads that expired."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["check", "sweep"])
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "sweep":
            removed = receiving.sweep(at=clock.now())
            self.stdout.write(json.dumps({"removed": removed}) if options["json"] else f"removed {removed} uploads")
            return
        good, faults = 0, []
        for found in queries.checked_store():
            good += found is None
            if found is not None:
                faults.append(found)
        if options["json"]:
            self.stdout.write(json.dumps({"good": good, "faults": [asdict(fault) for fault in faults]}))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.reason:10} {fault.sha256}")
            self.stdout.write(f"{good} files are what their names say; {len(faults)} need a look")
        if serious := [fault for fault in faults if fault.reason != "unclaimed"]:
            raise CommandError(f"{len(serious)} stored files are missing or altered", returncode=2)
        sys.stdout.flush()
