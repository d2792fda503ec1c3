"""Worlds of the ledger: acts without rooms around them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.ledger import log, outbox, signer
from pliego.ledger.models import Checkpoint, Entry


class FileOpened(Event):
    code = "given.file_opened"
    title = "File opened"


class SecretKept(Event):
    code = "given.secret_kept"
    title = "Secret kept"
    public = False


ANA = Actor(user_id=1, user_code="USR-ANA", name="Ana", account_id=10, account_code="CTA-1", account_name="Alcaldía")


def act(
    event: type[Event] = FileOpened,
    *,
    at: datetime,
    file: str = "ocds-pl1ego-PLG.EXP.1",
    subject_id: int = 1,
    data: dict[str, Any] | None = None,
    documents: tuple[str, ...] = (),
    actor: Actor = ANA,
) -> Entry:
    with transaction.atomic():
        return outbox.publish(
            event(file=file, subject_id=subject_id, data=data or {}, documents=documents), actor=actor, at=at
        )


def sealed() -> Checkpoint | None:
    """Give the sequencer and the signer their turn."""
    log.sequence_once()
    return signer.sign_once()
