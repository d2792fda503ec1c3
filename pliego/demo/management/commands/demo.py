"""`pliego demo found`, `pliego demo load` and `pliego demo links [--json]`."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from pliego.demo import keys, world
from pliego.kernel.objections import Refused


class Command(BaseCommand):
    help = (
        "The demo country of practice installations: its people and accounts (found), its processes too (load), or the"
        " sign-in link of each of the cast (links). Several are done one after another."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verbs", nargs="+", choices=["found", "load", "links"])
        parser.add_argument("--json", action="store_true", help="print the links as JSON")

    def handle(self, *args: Any, verbs: list[str], json: bool, **options: Any) -> None:
        acts: dict[str, Callable[[], object]] = {
            "found": world.found,
            "load": world.load,
            "links": lambda: self.print_links(as_json=json),
        }
        try:
            for verb in verbs:
                acts[verb]()
        except Refused as refused:
            raise CommandError("; ".join(str(objection) for objection in refused.objections)) from refused

    def print_links(self, *, as_json: bool) -> None:
        found = world.links()
        if as_json:
            self.stdout.write(json.dumps({member.name: link for member, link in found}))
            return
        for member, link in found:
            self.stdout.write(f"{member.name:7} {member.what}\n        {link}")
        words = {"files": f"{keys.folder()}/*.age", "phrase": keys.PASSPHRASE}
        self.stdout.write(_("Opening keys: %(files)s · passphrase: %(phrase)s") % words)
