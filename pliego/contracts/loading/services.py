"""Drafting many contracts from a spreadsheet: read it, look at every row, draft the good ones by a job.

Guarantees: nothing is drafted before the rows were seen; whoever loads chooses whether the good rows go on while others
wait; each contract is its own act and its own transaction, so a job that died goes on where it was and repeats none.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.bulk import sheets, tables
from pliego.bulk.cells import Lists
from pliego.contracts import events, rules, sections, services, tasks, writing
from pliego.contracts.loading.columns import SHAPE, Known, digits_of, faults_of, lists_of, stored
from pliego.contracts.loading.models import ContractLoad, ContractLoadRow
from pliego.contracts.models import Contract
from pliego.contracts.policy import LOAD_POLICY, LoadAct
from pliego.contracts.states import LOAD
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account, Membership
from pliego.parties.queries import actor_for
from pliego.tendering.models import Tender
from pliego.tendering.sections import plain

MOST = 1000
AT_ONCE = 20  # so few are drafted while the person waits
SILENT = timedelta(minutes=2)  # after which a job that says nothing is taken for dead


def open_tender(*, actor: Actor, tender_id: int) -> Tender:
    """The process whose contracts are loaded, held, for who may do it: public, direct, and on a ground of the law."""
    rows = Tender.objects.select_for_update(of=("self",)).select_related("buyer__organization")
    tender = rows.get(pk=tender_id)
    if not (verdict := LOAD_POLICY.verdict(actor, LoadAct.READ, tender)):
        raise Denied(verdict.reason)
    refuse_if_any(rules.is_not_for_many_contracts(tender))
    return tender


@transaction.atomic
def read_file(*, actor: Actor, tender_id: int, content: IO[bytes], name: str, at: datetime) -> ContractLoad:
    """Keep the rows of a file, each with what is wrong in it. No contract is drafted."""
    tender = open_tender(actor=actor, tender_id=tender_id)
    raw = content.read(sheets.MOST_BYTES + 1)
    if not raw:
        raise Refused(Objection("file_missing", _("No file came, or it is empty. Send a CSV or XLSX file."), "file"))
    if len(raw) > sheets.MOST_BYTES:
        raise Refused(Objection("file_too_large", _("The file is too large: at most 5 MB."), "file"))
    sheet = tables.read(raw, name, SHAPE, lists_for(tender))
    if len(sheet.rows) > MOST:
        sentence = _("The file has more than %(most)d rows: divide it.") % {"most": MOST}
        raise Refused(Objection("too_many_rows", sentence, "file"))
    known = known_for(tender, sheet.rows)
    assert actor.user_id is not None
    told: dict[str, Any] = {"sha256": hashlib.sha256(raw).hexdigest(), "name": name[-200:]}
    load = ContractLoad.objects.create(
        code=f"CAR-{random_code()}", tender=tender, buyer_id=tender.buyer_id, heading=sheet.heading,
        ignored=sheet.ignored, read_by_id=actor.user_id, read_at=at, touched_at=at, **told,
    )  # fmt: skip
    ContractLoadRow.objects.bulk_create(
        ContractLoadRow(
            load=load, position=row.position, cells=row.cells, values=stored(row), faults=faults_of(row, known)
        )
        for row in sheet.rows
    )
    return load


def lists_for(tender: Tender) -> Lists:
    places = Membership.objects.holding("supervisor").filter(account_id=tender.buyer_id)
    return lists_of(places.order_by("user__email").values_list("user__email", "user__code"))


def known_for(tender: Tender, rows: list[tables.Row]) -> Known:
    """Two reads for the whole file: who is registered with those documents, and which numbers are taken."""
    numbers = {digits_of(row.values.get("document") or "") for row in rows}
    found = Account.objects.filter(is_supplier=True, state="active", organization__number__in=numbers)
    suppliers: dict[str, list[str]] = {}
    for number, code in found.values_list("organization__number", "code"):
        suppliers.setdefault(number, []).append(code)
    asked = [row.values.get("number") for row in rows if row.values.get("number")]
    taken = Contract.objects.filter(buyer_id=tender.buyer_id, number__in=asked).values_list("number", flat=True)
    return Known(suppliers, set(taken))


def left_of(tender: Tender) -> Decimal:
    """What of the estimated value of the process its contracts have not taken yet."""
    taken = Contract.objects.filter(tender=tender).exclude(state="rejected").values_list("value_amount", flat=True)
    return (tender.value_amount or Decimal()) - sum(taken, Decimal())


@transaction.atomic
def apply(*, actor: Actor, load_id: int, at: datetime, skips_wrong: bool = False, sends: bool = False) -> ContractLoad:
    """Order that the good rows become contracts; with rows that are wrong, only when they are left out on purpose."""
    load = locked(load_id)
    LOAD_POLICY.require(actor, LoadAct.APPLY, load)
    tender = open_tender(actor=actor, tender_id=load.tender_id)
    refuse_if_any(*_stands_against(load, tender, skips_wrong=skips_wrong))
    LOAD.fire(load, "apply", at=at)
    load.sends, load.ordered_by_id, load.touched_at = sends, actor.user_id, at
    load.save(update_fields=["state", "sends", "ordered_by", "touched_at"])
    if waiting(load).count() > AT_ONCE:
        tasks.draft_loaded.defer(load_id=load.pk)
    else:
        carry_out(load_id=load.pk)
        load.refresh_from_db()
    return load


def _stands_against(load: ContractLoad, tender: Tender, *, skips_wrong: bool) -> list[Objection]:
    wrong, good = load.rows.exclude(faults=[]).count(), list(waiting(load).values_list("values__value", flat=True))
    found = []
    if wrong and not skips_wrong:
        sentence = _("Some rows have errors. Mend them and send the file again, or choose to leave them out.")
        found.append(Objection("rows_wrong", sentence, "skips_wrong"))
    if not good:
        found.append(Objection("nothing_to_do", _("No row of the file can become a contract.")))
    total, left = sum(map(Decimal, good), Decimal()), left_of(tender)
    if total > left:
        sentence = _("The rows add up to %(sum)s and %(left)s is left of the value of the process.")
        told = {"sum": format_money(Money(total, "COP")), "left": format_money(Money(left, "COP"))}
        found.append(Objection("value_exceeded", sentence % told))
    return gather(found)


def waiting(load: ContractLoad) -> Any:
    """The good rows that are not contracts yet."""
    return load.rows.filter(faults=[], contract=None, outcome="")


def carry_out(*, load_id: int) -> None:
    """Draft the good rows, each by itself, and tell how far it is."""
    load = ContractLoad.objects.select_related("tender", "ordered_by").get(pk=load_id)
    if load.state != "applying":
        return
    actor = actor_for(user=load.ordered_by, account_id=load.buyer_id)
    for row_id in list(waiting(load).values_list("pk", flat=True)):
        at = clock.now()
        _carry_row(row_id, actor, load, at)
        ContractLoad.objects.filter(pk=load_id).update(touched_at=at)
    _finish(load_id, actor, clock.now())


def _carry_row(row_id: int, actor: Actor, load: ContractLoad, at: datetime) -> None:
    try:
        with transaction.atomic():
            row = ContractLoadRow.objects.select_for_update(of=("self",)).get(pk=row_id)
            if row.contract_id is not None:
                return
            row.contract = draft_row(actor=actor, tender_id=load.tender_id, values=row.values, at=at, load=load.code)
            row.save(update_fields=["contract"])
        if load.sends:
            services.send_contract(actor=actor, contract_id=row.contract.pk, at=at)
    except Refused as refused:
        _note(row_id, " ".join(str(objection.sentence) for objection in refused.objections))
    except Denied as denied:
        _note(row_id, str(denied.reason))


def _note(row_id: int, why: str) -> None:
    ContractLoadRow.objects.filter(pk=row_id).update(outcome=why[:2000])


@transaction.atomic
def _finish(load_id: int, actor: Actor, at: datetime) -> None:
    load = locked(load_id)
    if load.state != "applying":
        return
    LOAD.fire(load, "finish", at=at)
    load.applied_at = load.touched_at = at
    load.save(update_fields=["state", "applied_at", "touched_at"])
    made = load.rows.filter(contract__isnull=False).count()
    data = {"load": load.code, "process": load.tender.code, "sha256": load.sha256, "contracts": made}
    announced = events.ContractsLoaded(file=load.tender.ocid, subject_id=load.pk, data=data)
    load.receipt = outbox.publish(announced, actor=actor, at=at)


@transaction.atomic
def draft_row(*, actor: Actor, tender_id: int, values: Mapping[str, Any], at: datetime, load: str = "") -> Contract:
    """Begin one contract of a direct process, with a supplier who is registered: no award comes before it."""
    tender = open_tender(actor=actor, tender_id=tender_id)
    found = Account.objects.filter(is_supplier=True, state="active", organization__number=digits_of(values["document"]))
    if len(suppliers := list(found[:2])) != 1:
        raise Refused(Objection("unknown_supplier", _("No supplier is registered with that document."), "document"))
    value = Decimal(values["value"])
    if value > left_of(tender):
        raise Refused(Objection("value_exceeded", _("So much is not left of the value of the process."), "value"))
    contract = services.begin_direct(tender=tender, supplier=suppliers[0], value=value, actor=actor, at=at, load=load)
    for part, typed in _typed(values, contract).items():
        content = {**plain(sections.get(part).content(contract)), **typed}
        told: dict[str, Any] = {"actor": actor, "contract_id": contract.pk, "at": at}
        writing.save_section(part=part, content=content, **told)
    return Contract.objects.get(pk=contract.pk)


def _typed(values: Mapping[str, Any], contract: Contract) -> dict[str, dict[str, Any]]:
    """What a row says, by section; what it leaves empty stays as the process has it."""
    general = {name: values.get(name) for name in ("number", "object", "duration", "duration_unit", "supervisor")}
    terms = {name: values.get(name) for name in ("payment_terms", "delivery_place")}
    money: dict[str, Any] = {"budget_certificate": values.get("budget_certificate")}
    if source := values.get("funding_source"):
        money |= {f"source_{code}": None for code in ("nation", "transfers", "royalties", "own", "credit", "other")}
        money[f"source_{source}"] = str(contract.value_amount)
    told = {"general": general, "terms": terms, "budget": money}
    kept = {part: {n: v for n, v in said.items() if v or n.startswith("source_")} for part, said in told.items()}
    return {part: said for part, said in kept.items() if said}


@transaction.atomic
def drop(*, actor: Actor, load_id: int, at: datetime) -> ContractLoad:
    """Leave a file from which no contract will be drafted."""
    load = locked(load_id)
    LOAD_POLICY.require(actor, LoadAct.DROP, load)
    LOAD.fire(load, "drop", at=at)
    load.touched_at = at
    load.save(update_fields=["state", "touched_at"])
    return load


def locked(load_id: int) -> ContractLoad:
    rows = ContractLoad.objects.select_for_update(of=("self",)).select_related("tender", "ordered_by")
    if (load := rows.filter(pk=load_id).first()) is None:
        raise Unknown()
    return load


def begin_again(*, at: datetime) -> int:
    """Queue once more the jobs that died."""
    dead = ContractLoad.objects.filter(state="applying", touched_at__lt=at - SILENT)
    ids = list(dead.values_list("pk", flat=True))
    for load_id in ids:
        ContractLoad.objects.filter(pk=load_id).update(touched_at=at)
        tasks.draft_loaded.defer(load_id=load_id)
    return len(ids)
