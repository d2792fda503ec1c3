"""`pliego sorteo recompute FILE`: make a draw again from its public record, without a network."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.tendering import draws


class Command(BaseCommand):
    help = "Make a draw again from its record (sorteo.json), downloaded from the API of the process."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["recompute"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            record = json.loads(options["file"].read_text())
            found = draws.order(record["seed"], record["process"], record["interested"])
            is_right = draws.is_right(record)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise CommandError(f"this is not the record of a draw: {fault}") from fault
        for place, code in enumerate(found, 1):
            self.stdout.write(f"{place} {code} {'stays' if place <= record['stay'] else 'is out'}")
        if not is_right:
            raise CommandError("the result is not the one of this seed")
        self.stdout.write("the result is right")
