"""`pliego django siif_practice [--port N] [--pci CODE] [--token T] [--certificates FILE] [--commitments FILE]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.kernel.objections import Refused
from pliego.siif.practice import LISTS, PCI, Practice
from pliego.siif.rules import CERTIFICATE, COMMITMENT


class Command(BaseCommand):
    help = "Run a SIIF to practise with on this machine, over small lists of certificates and commitments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8442)
        parser.add_argument("--pci", default=PCI)
        parser.add_argument("--token", default="practica")
        parser.add_argument("--certificates", type=Path, default=LISTS[CERTIFICATE])
        parser.add_argument("--commitments", type=Path, default=LISTS[COMMITMENT])

    def handle(self, *args: Any, port: int, pci: str, token: str, **options: Any) -> None:
        lists = {CERTIFICATE: options["certificates"], COMMITMENT: options["commitments"]}
        try:
            practice = Practice(pci, token, port, lists)
        except (OSError, Refused) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"PLIEGO_SIIF_URL={practice.url} PLIEGO_SIIF_TOKEN={token}")
        self.stdout.write(f"{len(practice.documents)} documents of {pci}; Ctrl-C ends it.")
        try:
            practice.server.serve_forever()
        except KeyboardInterrupt:
            practice.server.server_close()
