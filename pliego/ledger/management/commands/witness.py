"""`pliego witness`: look at the log from outside, and cosign its heads."""

import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.ledger import loop
from pliego.ledger.reaching import Site
from pliego.ledger.witness import VKEY_FILE, NotTheSameLog, Refusal, Witness

EVERY = 60.0
logger = logging.getLogger("pliego.witness")


class Command(BaseCommand):
    help = (
        "Be a witness of the log of a platform: check that each of its heads follows from all that was seen before, "
        "and cosign it. For an institution that is not the operator's. It needs no database and no account: only its "
        "FOLDER, with its key and what it saw, and the address of the platform. Ends with an error when the log was "
        "cut or rewritten."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="address of the platform")
        parser.add_argument("folder", type=Path, help="of the witness alone")
        parser.add_argument("--name", default="", help="at first: how it is called, for example entidad.gov.co/testigo")
        parser.add_argument("--key", default="", help="at first: the key of the log, when you have it from elsewhere")
        parser.add_argument("--every", type=float, default=EVERY, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args: Any, url: str, folder: Path, **options: Any) -> None:
        try:
            witness = Witness(folder, Site(url), name=options["name"], vkey=options["key"])
            name, _private = witness.key()
        except (ValueError, Refusal) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"{name}: its public key is in {folder / VKEY_FILE}; the operator of the platform registers it"
        )
        try:
            if options["once"]:
                found = witness.turn()
                self.stdout.write(f"cosigned the head of {found.size} acts" if found else "nothing new to cosign")
            else:
                loop.run(Patient(witness).turn, every=options["every"], alarming=())
        except NotTheSameLog as fault:
            raise CommandError(f"NOT COSIGNED. {fault}") from fault
        except (Refusal, OSError) as fault:
            raise CommandError(str(fault)) from fault


class Patient:
    """Waits for a platform that does not answer as agreed, and says so once. A log that is not the same ends it."""

    def __init__(self, witness: Witness) -> None:
        self.witness, self.said = witness, ""

    def turn(self) -> None:
        try:
            found = self.witness.turn()
        except NotTheSameLog:
            raise
        except (Refusal, OSError) as fault:
            if str(fault) != self.said:
                logger.warning("%s", fault)
            self.said = str(fault)
        else:
            self.said = ""
            if found:
                logger.info("cosigned the head of %s acts", found.size)
