import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.ledger import audit, notes
from pliego.ledger.models import Checkpoint


class Command(BaseCommand):
    help = "Recompute the whole log of this installation and compare it with a checkpoint kept outside."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--checkpoint", type=Path, help="a signed head that was saved before")
        parser.add_argument("--key", help="the log's vkey; by default that of the last signed head")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, checkpoint: Path | None, key: str | None, as_json: bool, **options: Any) -> None:
        last = Checkpoint.objects.order_by("-size").first()
        vkey = key or (last.vkey if last else "")
        found = audit.findings(
            old_note=checkpoint.read_text() if checkpoint else "", key=notes.Key.parse(vkey) if vkey else None
        )
        if as_json:
            self.stdout.write(json.dumps([finding.__dict__ for finding in found], ensure_ascii=False))
        for finding in () if as_json else found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} findings")
        if not as_json:
            self.stdout.write("the log is whole")
