"""`pliego search rebuild`: make the words and the filters of every process of the public search again."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pliego.publication import services


class Command(BaseCommand):
    help = "rebuild: make the words and the filters of every public process again, from its facts or its acts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild"])
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        made = services.rebuild_search()
        self.stdout.write(json.dumps({"processes": made}) if options["json"] else f"{made} processes read again")
