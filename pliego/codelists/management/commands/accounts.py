"""`pliego accounts candidates FILE [--json]`: the official list of entities, as a help to register."""

import json as json_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.codelists import candidates
from pliego.kernel.objections import Refused


class Command(BaseCommand):
    help = "Load the official list of state entities (CSV) as candidates for registration. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["candidates"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the report as one line of JSON")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        shows = not json and self.stderr.isatty()
        try:
            report = candidates.load(file, progress=self._progress if shows else lambda read: None)
        except (Refused, OSError, UnicodeDecodeError) as fault:
            objections = getattr(fault, "objections", [fault])
            raise CommandError(f"{file}: " + "; ".join(str(o) for o in objections)) from fault
        told = {
            "read": report.read,
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "refused": dict(report.refused),
            "noted": dict(report.noted),
            "nits": report.nits,
            "examples": report.examples,
        }
        if json:
            self.stdout.write(json_module.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(
            f"read {report.read} · added {report.added} · changed {report.changed} · unchanged {report.unchanged}"
            f" · refused {report.refused.total()} · different NIT {report.nits}"
        )
        for reason, count in report.refused.most_common():
            self.stdout.write(f"  refused {count}: {candidates.REASONS[reason]}")
        for note, count in report.noted.most_common():
            self.stdout.write(f"  noted {count}: {candidates.NOTED[note]}")

    def _progress(self, read: int) -> None:
        self.stderr.write(f"\r{read}", ending="")
