"""Reading SIIF by either road, and keeping what was read: each reading is a row, and none is ever changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.bulk import sheets
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.parties.services import person_of
from pliego.siif.columns import File
from pliego.siif.events import SiifConsulted, SiifListRead
from pliego.siif.models import Load, Reading
from pliego.siif.policy import POLICY, Act
from pliego.siif.rest import Service
from pliego.siif.rules import KINDS, Asked, Found, Source, asked_once


def account_for(act: Act, actor: Actor, account_id: int | None) -> Account:
    """The entity, for who may do this in it; for others it has nothing here."""
    account = Account.objects.select_related("organization").filter(pk=account_id or 0).first()
    if account is None or not POLICY.verdict(actor, Act.VIEW, account):
        raise Unknown()
    if not (verdict := POLICY.verdict(actor, act, account)):
        raise Denied(verdict.reason)
    return account


@transaction.atomic
def load_list(*, actor: Actor, kind: str, content: IO[bytes], name: str, at: datetime) -> Load:
    """Keep what a list downloaded from SIIF says: its good documents, and what is wrong in the other rows."""
    account = account_for(Act.LOAD, actor, actor.account_id)
    refuse_if_any(None if kind in KINDS else Objection("unknown_kind", _("Choose what the list is of."), "kind"))
    raw = content.read(sheets.MOST_BYTES + 1)
    if not raw:
        raise Refused(Objection("file_missing", _("No file came, or it is empty. Send a CSV or XLSX file."), "file"))
    file = File(raw, name, kind, account.pci)
    found = file.read()
    load = Load.objects.create(
        code=f"SIIF-{random_code()}", account=account, kind=kind, name=name[-200:], read_by=person_of(actor),
        read_at=at, sha256=hashlib.sha256(raw).hexdigest(), taken=len(found), faults=file.faults, ignored=file.ignored,
    )  # fmt: skip
    _keep(file, found, account, actor=actor, at=at, load=load)
    data = {"load": load.code, "kind": kind, "sha256": load.sha256, "documents": load.taken, "wrong": len(file.faults)}
    event = SiifListRead(file=account.file, subject_id=load.pk, data=data)
    load.receipt = outbox.publish(event, actor=actor, at=at)
    return load


def consult(*, actor: Actor, contract_id: int, asked: Sequence[Asked], at: datetime) -> tuple[list[Reading], Entry]:
    """Ask SIIF for the documents of a contract and keep its answers: all of them, or none when it fails.

    Nothing is locked and no transaction is open while SIIF thinks.
    """
    contract = Contract.objects.select_related("buyer__organization", "tender").filter(pk=contract_id).first()
    if contract is None or not CONTRACTS.verdict(actor, ContractAct.VIEW, contract):
        raise Unknown()
    if not (verdict := POLICY.verdict(actor, Act.CONSULT, contract.buyer)):
        raise Denied(verdict.reason)
    sentence = _("Write the number of the certificate or of the commitment first.")
    refuse_if_any(None if asked else Objection("nothing_to_ask", sentence, "budget_certificate"))
    service = Service(contract.buyer.pci, asked_once(asked))
    found = service.read()
    with transaction.atomic():
        readings = _keep(service, found, contract.buyer, actor=actor, at=at)
        event = SiifConsulted(file=contract.file, subject_id=contract.pk, data=_announced(contract, found))
        return readings, outbox.publish(event, actor=actor, at=at)


def _keep(
    source: Source, found: list[Found], account: Account, *, actor: Actor, at: datetime, load: Load | None = None
) -> list[Reading]:
    told: dict[str, Any] = {"account": account, "load": load, "read_by": person_of(actor), "read_at": at}
    rows = (Reading(**asdict(one), road=source.road, **told) for one in found)
    return Reading.objects.bulk_create(rows, batch_size=1000)


def _announced(contract: Contract, found: list[Found]) -> dict[str, Any]:
    documents = [
        {
            **{name: getattr(one, name) for name in ("kind", "number", "year", "is_known")},
            "amount": str(one.amount) if one.amount is not None else None,
        }
        for one in found
    ]
    return {"code": contract.code, "documents": documents}
