from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pliego.ledger import log, loop

EVERY = 0.1


class Command(BaseCommand):
    help = "Give committed acts their place in the log. Runs until stopped; several may run, one works."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sequence what is waiting and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(str(log.sequence_once()))
        else:
            loop.run(log.sequence_once, every=EVERY)
