"""`pliego bulk people|suppliers FILE --by EMAIL [--account CODE] [--apply] [--json]`."""

import json as json_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.accounts.models import User
from pliego.bulk import services
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused
from pliego.parties import queries
from pliego.parties.models import Account


class Command(BaseCommand):
    help = "Read people or suppliers from a CSV or XLSX file; with --apply, do every row or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=["people", "suppliers"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="e-mail of the person who answers for it")
        parser.add_argument("--account", default="", help="code of the account for which they act")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, kind: str, file: Path, by: str, account: str, **options: Any) -> None:
        person = User.objects.filter(email=by.lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"nobody is registered with {by}")
        place = Account.objects.filter(code=account).first() if account else None
        actor = queries.actor_for(user=person, account_id=place.pk if place else None)
        try:
            with file.open("rb") as content:
                batch = services.read(actor=actor, kind=kind, content=content, name=file.name, at=clock.now())
            if options["apply"]:
                batch = services.apply(actor=actor, batch_id=batch.pk, at=clock.now())
        except (Refused, Denied, OSError) as fault:
            raise CommandError(f"{file}: {fault}") from fault
        told = {"batch": batch.code, "state": batch.state, "rows": len(batch.rows), "faults": batch.faults}
        if options["json"]:
            self.stdout.write(json_module.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(f"{batch.code} {batch.state}: {len(batch.rows)} rows, {len(batch.faults)} wrong")
        for number, sentences in batch.faults.items():
            self.stdout.write(f"  {number}: " + "; ".join(sentences))
