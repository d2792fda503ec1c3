"""`pliego directory rebuild`: make every line of the directory again from the accounts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pliego.directory import projecting


class Command(BaseCommand):
    help = "rebuild: make every line again from the accounts; what is no account any more goes away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild"])
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        made = projecting.rebuild()
        self.stdout.write(json.dumps({"accounts": made}) if options["json"] else f"{made} accounts read again")
