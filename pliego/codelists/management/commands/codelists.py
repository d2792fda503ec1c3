"""`pliego codelists load FILE…` and `pliego codelists starter`."""

import json
from pathlib import Path
from typing import Annotated

from django_typer.management import TyperCommand, command
from typer import Argument, Exit, Option

from pliego.codelists import services
from pliego.kernel.objections import Refused


class Command(TyperCommand):
    help = "Load the official code lists: UNSPSC and DIVIPOLA."

    @command()
    def load(
        self,
        files: Annotated[list[Path], Argument(help="CSV files with the official columns", exists=True, dir_okay=False)],
        as_json: Annotated[bool, Option("--json", help="Print the report as JSON")] = False,
    ) -> None:
        """Load official lists. Repeating it changes nothing."""
        for path in files:
            try:
                self.report(services.load(path=path), as_json)
            except Refused as refused:
                self.stderr.write(f"{path}: {'; '.join(str(o) for o in refused.objections)}")
                raise Exit(1) from refused

    @command()
    def starter(self, as_json: Annotated[bool, Option("--json", help="Print the report as JSON")] = False) -> None:
        """Load the small set that comes with Pliego, where no official list was loaded."""
        self.report(services.load_starter(), as_json)

    def report(self, reports: list[services.Report], as_json: bool) -> None:
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
