"""The last line of every act: its ledger entry and one queued job per subscriber, in the same transaction.

Guarantees: all of it happened or none; folios of one file are consecutive and each act names the hash of the one
before; a reaction runs at least once, in a transaction of its own.
"""

import hashlib
import inspect
import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pliego.kernel import clock, identifiers
from pliego.kernel.actors import Actor, Signature
from pliego.kernel.events import REACTIONS, Announced, Event
from pliego.kernel.objections import Objection, Refused
from pliego.ledger import canonical, intentions
from pliego.ledger.models import Entry, FileHead

FORMAT = "pliego.acto/1"
REACTIONS_SPEAK = "es-co"
_rehearsal: ContextVar[list[dict[str, Any]] | None] = ContextVar("rehearsal", default=None)


@contextmanager
def rehearsed() -> Iterator[list[dict[str, Any]]]:
    """Whatever is done inside is undone at the end; the list holds what the ledger would have written."""
    heard: list[dict[str, Any]] = []
    token = _rehearsal.set(heard)
    try:
        with transaction.atomic():
            yield heard
            transaction.set_rollback(True)
    finally:
        _rehearsal.reset(token)


def publish(event: Event, *, actor: Actor, at: datetime) -> Entry:
    """Write the act down for ever and queue who must hear of it. Call it last, inside the transaction of the act."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.publish belongs inside the transaction of the act")
    folio, previous = _next_folio(event.file)
    entry = Entry(
        code=identifiers.random_code(),
        uuid=uuid.uuid4(),
        file=event.file,
        folio=folio,
        previous=previous,
        act=event.code,
        at=at,
        is_public=event.public,
        actor_user_id=actor.user_id,
        account_id=actor.account_id,
        subject_id=event.subject_id,
        documents=list(event.documents),
    )
    body = _body(entry, event, actor)
    if (heard := _rehearsal.get()) is not None:
        heard.append(body)
    entry.body = canonical.encode(body)
    entry.leaf = hashlib.sha256(b"\x00" + entry.body.encode()).digest()
    entry.save(force_insert=True)
    FileHead.objects.filter(file=event.file).update(last=entry.leaf)
    _queue(entry)
    return entry


def _next_folio(file: str) -> tuple[int, bytes]:
    """Take the file's next folio; the row stays locked until the act commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_filehead (file, folio, last) VALUES (%s, 1, '')"
            " ON CONFLICT (file) DO UPDATE SET folio = ledger_filehead.folio + 1 RETURNING folio, last",
            [file],
        )
        folio, last = cursor.fetchone()
    return folio, bytes(last)


def _body(entry: Entry, event: Event, actor: Actor) -> dict[str, Any]:
    body = {
        "format": FORMAT,
        "id": str(entry.uuid),
        "code": entry.code,
        "file": entry.file,
        "folio": entry.folio,
        "previous": bytes(entry.previous).hex(),
        "act": entry.act,
        "at": canonical.instant(entry.at),
        "who": actor.described(),
        "documents": list(event.documents),
        "data": event.data,
    }
    if actor.signature is not None:
        body["signature"] = _signature(actor.signature, body)
    if not event.public:
        body["salt"] = secrets.token_hex(16)  # so that nobody guesses a private act from its hash
    return body


def _signature(signature: Signature, body: dict[str, Any]) -> dict[str, Any]:
    """The signature as the act keeps it. One that was given over an intention signs only what the intention names."""
    evidence = signature.evidence
    if "intention" in evidence:
        try:
            evidence = intentions.own_evidence(evidence, body)
        except intentions.NotThatAct:
            raise Refused(_is_not_what_was_signed()) from None
    return {"method": signature.method, "signed_at": canonical.instant(signature.signed_at), "evidence": evidence}


def _is_not_what_was_signed() -> Objection:
    sentence = _("What you signed and what would be done now are not the same: it changed meanwhile. Look and sign it.")
    return Objection("stale", sentence)


def _queue(entry: Entry) -> None:
    from pliego.ledger.tasks import react

    for name in REACTIONS.get(entry.act, {}):
        # One reaction hears the acts of one file in their order, even when it has to be repeated.
        react.configure(lock=f"{name} {entry.file}").defer(entry_id=entry.pk, reaction=name)


def announced(entry: Entry) -> Announced:
    """The act as reactions receive it."""
    return Announced(
        entry_id=entry.pk,
        code=entry.act,
        file=entry.file,
        subject_id=entry.subject_id,
        data=entry.content["data"],
        documents=tuple(entry.documents),
        at=entry.at,
        actor_name=entry.who_name,
        actor_user_id=entry.actor_user_id,
        account_id=entry.account_id,
    )


def run_reaction(*, entry_id: int, reaction: str) -> None:
    """Let one subscriber hear one act. A subscriber that no longer exists hears nothing."""
    entry = Entry.objects.get(pk=entry_id)
    listener = REACTIONS.get(entry.act, {}).get(reaction)
    if listener is None:
        return
    with translation.override(REACTIONS_SPEAK), transaction.atomic():
        listener(announced(entry))


def disclose(entry_ids: Iterable[int], at: datetime) -> int:
    """Make the text of private acts public. Only ever adds: what is disclosed stays so."""
    return Entry.objects.filter(pk__in=list(entry_ids), is_public=False, disclosed_at__isnull=True).update(
        disclosed_at=at
    )


def run_queued() -> int:
    """Run every job that is due, now, on this connection; answers how many ran. The first failure is raised."""
    from procrastinate.contrib.django import app

    ran = 0
    while job := _take_job():
        job_id, task_name, arguments = job
        work = app.tasks[task_name].func
        if inspect.iscoroutinefunction(work):
            work = async_to_sync(work)
        work(**arguments)
        _mark(job_id, "succeeded")
        ran += 1
    return ran


def _take_job() -> tuple[int, str, dict[str, Any]] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ("
            "  SELECT id FROM procrastinate_jobs WHERE status = 'todo'"
            "  AND (scheduled_at IS NULL OR scheduled_at <= greatest(%s, clock_timestamp()))"
            "  ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED"
            ") RETURNING id, task_name, args",
            [clock.now()],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job_id, task_name, arguments = row
    return job_id, task_name, json.loads(arguments) if isinstance(arguments, str) else arguments


def _mark(job_id: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s", [status, job_id]
        )
