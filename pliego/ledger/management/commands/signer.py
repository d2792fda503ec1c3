from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.ledger import loop, signer

EVERY = 0.1


class Command(BaseCommand):
    help = "Sign the heads of the log with the key in PLIEGO_SIGNER_DIR. Refuses a tree that was cut or rewritten."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sign the present head and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if not once:
            loop.run(signer.Watch(), every=EVERY, alarming=signer.TreeRefused)
            return
        try:
            signed = signer.sign_once()
        except signer.TreeRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(signed.note if signed else "nothing new to sign")
