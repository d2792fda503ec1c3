"""`pliego witnesses`: who looks at the log from outside. An act of the operator, public in the log."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM
from pliego.kernel.objections import Refused
from pliego.ledger import canonical, witnessing


class Command(BaseCommand):
    help = "The witnesses of the log: add one with its key and its institution, retire one with a reason, list them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add")
        add.add_argument("key", help="the public key of the witness, or the file that has it (testigo.vkey)")
        add.add_argument("--institution", required=True, help="that runs it: not the operator of the platform")
        retire = verbs.add_parser("retire")
        retire.add_argument("name")
        retire.add_argument("--reason", required=True)
        verbs.add_parser("list").add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            {"add": self.add, "retire": self.retire, "list": self.show}[verb](options)
        except Refused as refused:
            raise CommandError("; ".join(str(objection) for objection in refused.objections)) from refused

    def add(self, options: dict[str, Any]) -> None:
        path = Path(options["key"])
        vkey = path.read_text() if path.is_file() else options["key"]
        made = witnessing.register_witness(
            actor=SYSTEM, vkey=vkey.strip(), institution=options["institution"], at=clock.now()
        )
        self.stdout.write(f"{made.name} ({made.institution}) is a witness")

    def retire(self, options: dict[str, Any]) -> None:
        gone = witnessing.retire_witness(actor=SYSTEM, name=options["name"], reason=options["reason"], at=clock.now())
        self.stdout.write(f"{gone.name} ({gone.institution}) is a witness no longer")

    def show(self, options: dict[str, Any]) -> None:
        rows = [shown(seen) for seen in witnessing.witnesses()]
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            last = f"{row['size']} acts, {row['received_at']}" if row["received_at"] else "has cosigned nothing yet"
            self.stdout.write(f"{row['name']} · {row['institution']} · {last}")


def shown(seen: witnessing.Seen) -> dict[str, Any]:
    signed = seen.signed
    return {
        **witnessing.described(seen.witness),
        "size": signed.size if signed else None,
        "received_at": canonical.instant(signed.received_at) if signed else "",
    }
