"""`pliego codelists load FILE… [--json]` and `pliego codelists starter`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.codelists import services
from pliego.kernel.objections import Refused


class Command(BaseCommand):
    help = "Load the official lists (UNSPSC, DIVIPOLA) from CSV files, or the small starter set. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["load", "starter"])
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument("--json", action="store_true", help="print the report as JSON, a line for each list")

    def handle(self, *args: Any, verb: str, files: list[Path], json: bool, **options: Any) -> None:
        if verb == "starter":
            self.report(services.load_starter(), as_json=json)
        for path in files if verb == "load" else []:
            try:
                self.report(services.load(path=path), as_json=json)
            except (Refused, OSError) as fault:
                objections = getattr(fault, "objections", [fault])
                raise CommandError(f"{path}: " + "; ".join(str(o) for o in objections)) from fault

    def report(self, reports: list[services.Report], *, as_json: bool) -> None:
        for report in reports:
            counts = {
                "list": report.list_name,
                "read": report.read,
                "added": report.added,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "refused": report.refused,
            }
            if as_json:
                self.stdout.write(json.dumps({**counts, "faults": report.faults}, ensure_ascii=False))
                continue
            self.stdout.write(" · ".join(f"{name} {value}" for name, value in counts.items()))
            for line, reason in report.faults:
                self.stdout.write(f"  {line}: {reason}")
