from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pliego.web.vendored import PACKAGES, take


class Command(BaseCommand):
    help = "Take the browser libraries from their published archives (as `npm pack` leaves them) in FOLDER."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help=", ".join(package.archive for package in PACKAGES))

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        for line in take(folder):
            self.stdout.write(f"{line['bytes']:>9}  {line['sha256']}  {line['file']}")
