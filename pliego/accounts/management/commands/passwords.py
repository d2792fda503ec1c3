"""`pliego passwords load FILE`: make the installation's list of breached passwords."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from pliego.accounts import breached


class Command(BaseCommand):
    help = "Make the list of breached passwords that registration refuses, from a file of SHA-1 digests or of words."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["load"])
        parser.add_argument("file", type=Path, help='a line each: a SHA-1 in hexadecimal, "SHA1:times", or a word')
        parser.add_argument("--seen-at-least", type=int, default=1, help='leave out lines of "SHA1:times" with fewer')

    def handle(self, *args: Any, **options: Any) -> None:
        source, target = options["file"], Path(settings.PLIEGO_BREACHED_PASSWORDS)
        if not source.is_file():
            raise CommandError(f"{source} is not a file")
        with Progress(console=Console(stderr=True)) as bars:
            bar = bars.add_task("passwords", total=None)
            shape = breached.build(
                source,
                target,
                seen_at_least=options["seen_at_least"],
                progress=lambda done, total: bars.update(bar, completed=done, total=total),
            )
        size = target.stat().st_size / 1e6
        self.stdout.write(f"{shape.entries:,} passwords in {target}: {size:.1f} MB; in force at once")
