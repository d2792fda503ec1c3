"""Worlds of the ledger: acts without rooms around them."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.test import Client

from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.events import Event
from pliego.ledger import log, notes, outbox, signer, witnessing
from pliego.ledger.models import Checkpoint, Cosignature, Entry, Witness


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


# ---- witnesses -------------------------------------------------------------------------------------------------------

CONTRALORIA, VEEDURIA = "contraloria.test/testigo", "veeduria.test/testigo"


class InProcess:
    """The platform reached through Django's test client; `answers` replaces what it says for a path."""

    def __init__(self) -> None:
        self.client, self.answers, self.posted = Client(), {}, []  # type: ignore[var-annotated]

    def get(self, path: str) -> tuple[int, Any]:
        if path in self.answers:
            return 200, self.answers[path]
        answer = self.client.get(path)
        return answer.status_code, answer.json()

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.posted.append(body)
        answer = self.client.post(path, json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()


def witness_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def registered_witness(name: str = CONTRALORIA, *, at: datetime) -> Witness:
    known = Witness.objects.filter(name=name).first()
    vkey = str(notes.Key.of(name, witness_key(name), notes.COSIGNATURE))
    told = {"vkey": vkey, "institution": f"Institución {name}"}
    return known or witnessing.register_witness(actor=SYSTEM, at=at, **told)


def cosigned(*names: str, at: datetime, head: Checkpoint | None = None) -> list[Cosignature]:
    """Those witnesses, registered, sign the last head."""
    for name in names:
        registered_witness(name, at=at)
    head = head or sealed() or Checkpoint.objects.order_by("-size").first()
    assert head is not None
    text, _lines = notes.parted(head.note)
    return [
        witnessing.accept_cosignature(
            actor=Actor(),
            size=head.size,
            line=notes.cosign(text, name, witness_key(name), int(at.timestamp())),
            at=at,
        )
        for name in names
    ]
