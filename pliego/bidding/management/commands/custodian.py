"""`pliego custodian`: the independent holder of the second lock of every offer."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.bidding.custodian import Custodian, Platform, Refusal
from pliego.ledger import loop

EVERY = 1.0
logger = logging.getLogger("pliego.custodian")


class Command(BaseCommand):
    help = (
        "Announce the custodian's keys, follow the public log, and give the halves of each process when its hour has "
        "come. It needs no database: only its folder (PLIEGO_CUSTODIAN_DIR), its token and the platform's address."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.PLIEGO_SITE_URL, help="address of the platform")
        parser.add_argument("--folder", type=Path, default=Path(settings.PLIEGO_CUSTODIAN_DIR))
        parser.add_argument("--once", action="store_true", help="do one round and stop")

    def handle(self, *args: Any, url: str, folder: Path, once: bool, **options: Any) -> None:
        if not settings.PLIEGO_CUSTODIAN_TOKEN:
            raise CommandError("PLIEGO_CUSTODIAN_TOKEN is not set")
        platform = Platform(url, settings.PLIEGO_CUSTODIAN_TOKEN)
        custodian = Custodian(folder, platform, is_practice=settings.PLIEGO_PRACTICE)
        if once:
            try:
                custodian.turn()
            except (Refusal, OSError) as fault:
                raise CommandError(str(fault)) from fault
        else:
            loop.run(Patient(custodian).turn, every=EVERY, alarming=Refusal)


class Patient:
    """Waits for a platform that does not answer, and says so once."""

    def __init__(self, custodian: Custodian) -> None:
        self.custodian, self.is_away = custodian, False

    def turn(self) -> None:
        try:
            self.custodian.turn()
            self.is_away = False
        except OSError as fault:
            if not self.is_away:
                logger.info("the platform does not answer yet: %s", fault)
            self.is_away = True
