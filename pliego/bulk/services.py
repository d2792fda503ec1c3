"""Reading a file, looking at it, and doing all of it or nothing."""

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.bulk import sheets
from pliego.bulk.events import BatchApplied
from pliego.bulk.kinds import KINDS, Kind
from pliego.bulk.models import Batch
from pliego.bulk.policy import POLICY, Act
from pliego.bulk.states import BATCH
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.parties.services import person_of

READS = {"people": Act.READ_PEOPLE, "suppliers": Act.READ_SUPPLIERS}


@transaction.atomic
def read(*, actor: Actor, kind: str, content: IO[bytes], name: str, at: datetime) -> Batch:
    """Keep the rows of a file with what is wrong in each. Nothing else happens."""
    if not (verdict := POLICY.verdict(actor, READS[kind])):
        raise Denied(verdict.reason)
    shape = KINDS[kind]
    sha256 = hashlib.sha256(content.read()).hexdigest()
    content.seek(0)
    found = sheets.read(content, name, shape.columns, shape.required)
    rows = [{shape.columns[column]: value for column, value in row.items()} for row in found]
    refuse_if_any(None if rows else Objection("file_empty", _("The file has no rows."), "file"))
    account = Account.objects.get(pk=actor.account_id or 0) if kind == "people" else None
    return Batch.objects.create(
        code=f"ARC-{random_code()}", kind=kind, account=account, name=name[:200], sha256=sha256, rows=rows,
        faults=faults_of(shape, rows, account), read_by=person_of(actor), read_at=at,
    )  # fmt: skip


def faults_of(shape: Kind, rows: list[dict[str, str]], account: Account | None) -> dict[str, list[str]]:
    """What is wrong in each row, by its number as a person counts it (the first row has the titles)."""
    found, seen = defaultdict(list), dict[str, int]()
    titles = {field: column for column, field in shape.columns.items()}
    for number, row in enumerate(rows, start=2):
        for objection in shape.check({**dict.fromkeys(titles, ""), **row}, account):
            found[str(number)].append(f"{titles.get(objection.field, objection.field)}: {objection.sentence}")
        key = "".join(row.get(shape.key, "").casefold().split())
        if key in seen:
            told = {"column": titles[shape.key], "row": seen[key]}
            found[str(number)].append(_("%(column)s: the same as in row %(row)d.") % told)
        seen.setdefault(key, number)
    return dict(found)


@transaction.atomic
def apply(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Do every row, or none: what was right when it was read is checked again now."""
    batch = _locked(batch_id)
    POLICY.require(actor, Act.APPLY, batch)
    BATCH.fire(batch, "apply", at=at)
    shape = KINDS[batch.kind]
    batch.faults = faults_of(shape, batch.rows, batch.account)
    if batch.faults:
        number, sentences = next(iter(batch.faults.items()))
        told = {"row": number, "why": sentences[0]}
        raise Refused(Objection("rows_wrong", _("Row %(row)s: %(why)s Correct the file and read it again.") % told))
    blank = dict.fromkeys(shape.columns.values(), "")
    batch.made = [shape.apply({**blank, **row}, batch.account, actor, at) for row in batch.rows]
    batch.applied_at = at
    batch.save()
    data = {
        "batch": batch.code,
        "kind": batch.kind,
        "rows": len(batch.rows),
        "sha256": batch.sha256,
        "made": batch.made,
    }
    file = batch.account.file if batch.account else f"persona:{actor.user_code}"
    batch.receipt = outbox.publish(BatchApplied(file=file, subject_id=batch.pk, data=data), actor=actor, at=at)
    return batch


@transaction.atomic
def drop(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Leave a file that will not be applied."""
    batch = _locked(batch_id)
    POLICY.require(actor, Act.DROP, batch)
    BATCH.fire(batch, "drop", at=at)
    batch.save(update_fields=["state"])
    return batch


def _locked(batch_id: int) -> Batch:
    rows = Batch.objects.select_for_update(of=("self",)).select_related("account__organization")
    if (batch := rows.filter(pk=batch_id).first()) is None:
        raise Unknown()
    return batch
