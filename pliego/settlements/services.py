"""The acts by which a contract is settled by the entity alone, or by a judge."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.contracts import services as contracts
from pliego.contracts.holding import locked
from pliego.contracts.models import Contract
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.execution.balances import balance_of
from pliego.execution.rules import settling_is_held_back
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.settlements import events, law, rules, writing
from pliego.settlements.models import Accounts, Resolution, Ruling
from pliego.settlements.policy import POLICY, RESOLUTIONS, Act, ResolutionAct
from pliego.settlements.states import RESOLUTION, WAITING
from pliego.web.fields import Upload


@dataclass(frozen=True)
class ResolutionData:
    """What whoever prepares the resolution writes; it may be incomplete until it is signed."""

    number: str = ""
    cause: str = ""
    called: str = ""
    grounds: str = ""
    owed_to_contractor: Decimal = rules.ZERO
    owed_to_entity: Decimal = rules.ZERO


@dataclass(frozen=True)
class AppealData:
    """What is decided on an appeal; the amounts count when it changes them."""

    outcome: str
    number: str
    answer: str
    owed_to_contractor: Decimal | None = None
    owed_to_entity: Decimal | None = None


@dataclass(frozen=True)
class RulingData:
    court: str
    file_number: str
    decided_on: date | None
    owed_to_contractor: Decimal = rules.ZERO
    owed_to_entity: Decimal = rules.ZERO
    note: str = ""


@transaction.atomic
def draft_resolution(*, actor: Actor, contract_id: int, data: ResolutionData, at: datetime) -> Resolution:
    """Write the resolution by which the entity settles alone; whoever writes it does not sign it."""
    contract = locked(contract_id)
    POLICY.require(actor, Act.DRAFT, contract)
    _check_amounts(contract, data.owed_to_contractor, data.owed_to_entity)
    assert actor.user_id is not None
    told = {**asdict(data), "prepared_by_id": actor.user_id, "prepared_at": at, "currency": contract.value_currency}
    rows = Resolution.objects.select_for_update(of=("self",)).filter(contract=contract)
    if rows.filter(state__in=WAITING).exists():
        raise Refused(Objection("already_issued", _("The resolution is already signed.")))
    resolution = rows.filter(state="draft").first() or Resolution(contract=contract)
    for name, value in told.items():
        setattr(resolution, name, value)
    resolution.contract = contract
    resolution.save()
    return resolution


@transaction.atomic
def issue_resolution(*, actor: Actor, contract_id: int, at: datetime) -> Resolution:
    """The authorising officer fixes the accounts and signs: the contractor is notified and may appeal."""
    resolution = _held(ResolutionAct.ISSUE, actor, contract_id, "draft")
    _fix_accounts(resolution, resolution.owed_to_contractor, resolution.owed_to_entity)
    RESOLUTION.fire(resolution, "issue", at=at)
    resolution.issued_by_id, resolution.issued_at = actor.user_id, at
    resolution.appeal_until = law.appeal_until(BusinessCalendar.day_of(at))
    resolution.document = writing.resolution(resolution, actor, at)
    resolution.save()
    told = {"cause": resolution.cause, "ends_on": resolution.appeal_until.isoformat(), **_money(resolution)}
    return _announce(events.ResolutionIssued, resolution, actor, at, [resolution.document], **told)


@transaction.atomic
def appeal_resolution(
    *, actor: Actor, contract_id: int, text: str, at: datetime, document: Upload | None = None
) -> Resolution:
    """The contractor asks the entity to change what it decided (recurso de reposición)."""
    resolution = _held(ResolutionAct.APPEAL, actor, contract_id, "issued")
    empty = Objection("text_missing", _("Write what you ask for and why."), "text")
    refuse_if_any(None if text.strip() else empty)
    RESOLUTION.fire(resolution, "appeal", at=at)
    resolution.appeal, resolution.appealed_by_id, resolution.appealed_at = text.strip(), actor.user_id, at
    papers = []
    if document is not None:
        resolution.appeal_document = _paper(resolution.contract, actor, document, "settlement_document", at)
        documents.grant(document=resolution.appeal_document, account_ids=[resolution.contract.buyer_id], at=at)
        papers.append(resolution.appeal_document)
    resolution.save()
    return _announce(events.ResolutionAppealed, resolution, actor, at, papers, text=resolution.appeal)


@transaction.atomic
def resolve_appeal(*, actor: Actor, contract_id: int, data: AppealData, at: datetime) -> Resolution:
    """Confirm it or change its amounts, and the contract is settled; or revoke it."""
    resolution = _held(ResolutionAct.RESOLVE, actor, contract_id, "appealed")
    unknown = Objection("outcome_missing", _("Choose what is decided."), "outcome")
    unnumbered = Objection("number_missing", _("Write the number of the resolution."), "number")
    no_answer = Objection("answer_missing", _("Write the grounds of the decision."), "answer")
    refuse_if_any(
        None if data.outcome in rules.OUTCOMES else unknown,
        None if data.number.strip() else unnumbered,
        None if data.answer.strip() else no_answer,
    )
    if data.outcome == "change":
        changed = (data.owed_to_contractor, data.owed_to_entity)
        kept = (resolution.owed_to_contractor, resolution.owed_to_entity)
        _fix_accounts(resolution, *(old if new is None else new for new, old in zip(changed, kept, strict=True)))
    resolution.outcome, resolution.answer_number = data.outcome, data.number.strip()
    resolution.answer, resolution.resolved_by_id, resolution.resolved_at = data.answer.strip(), actor.user_id, at
    resolution.answer_document = writing.decision(resolution, actor, at)
    if data.outcome != "revoke":
        return _made_firm(resolution, "confirm", actor, at)
    RESOLUTION.fire(resolution, "revoke", at=at)
    resolution.save()
    papers = [resolution.answer_document]
    return _announce(events.ResolutionRevoked, resolution, actor, at, papers, answer=resolution.answer)


@transaction.atomic
def settle_resolution(*, actor: Actor, contract_id: int, at: datetime) -> Resolution:
    """Nobody appealed in time: the resolution is firm and the contract settled."""
    resolution = _held(ResolutionAct.SETTLE, actor, contract_id, "issued")
    return _made_firm(resolution, "settle", actor, at)


@transaction.atomic
def register_ruling(*, actor: Actor, contract_id: int, data: RulingData, document: Upload, at: datetime) -> Ruling:
    """A judge settled the contract: its decision is in the file, with the amounts that it recognises."""
    contract = locked(contract_id)
    POLICY.require(actor, Act.REGISTER_RULING, contract)
    refuse_if_any(
        settling_is_held_back(contract, at),
        rules.ruling_is_incomplete(data, contract.completed_on, BusinessCalendar.day_of(at)),
        rules.amounts_are_negative(data.owed_to_contractor, data.owed_to_entity),
    )
    assert actor.user_id is not None
    ruling = Ruling(contract=contract, registered_by_id=actor.user_id, registered_at=at, **asdict(data))
    _account(ruling, contract, data.owed_to_contractor, data.owed_to_entity)
    ruling.document = _paper(contract, actor, document, "settlement_ruling", at)
    ruling.save()
    documents.disclose(documents=[ruling.document], audience="public", at=at)
    ruling.contract = contracts.mark_settled(contract_id=contract.pk, at=at)
    assert data.decided_on is not None
    told = {"court": ruling.court, "file_number": ruling.file_number, "decided_on": data.decided_on.isoformat()}
    return _announce(events.SettledByJudge, ruling, actor, at, [ruling.document], **told, **_money(ruling))


# ---- what the acts share -------------------------------------------------------------------------------------------


def _held(act: ResolutionAct, actor: Actor, contract_id: int, state: str) -> Resolution:
    """The resolution of the contract in that state, held after its contract as all acts hold them."""
    contract = locked(contract_id)
    rows = Resolution.objects.visible_to(actor).select_for_update(of=("self",)).filter(contract=contract)
    resolution = rows.filter(state=state).first() or rows.exclude(state="revoked").last()
    if resolution is None:
        raise Unknown()
    resolution.contract = contract
    RESOLUTIONS.require(actor, act, resolution)
    return resolution


def _account(row: Accounts, contract: Contract, to_contractor: Decimal, to_entity: Decimal) -> None:
    """The accounts of that day: what is not recognised of what was never paid is released."""
    balance = balance_of(contract)
    row.value_amount, row.paid_amount, row.currency = balance.value, balance.disbursed, contract.value_currency
    row.released_amount = max(balance.to_pay - to_contractor, rules.ZERO)
    row.owed_to_contractor, row.owed_to_entity = to_contractor, to_entity


def _check_amounts(contract: Contract, to_contractor: Decimal, to_entity: Decimal) -> None:
    refuse_if_any(
        rules.amounts_are_negative(to_contractor, to_entity),
        rules.more_than_was_left(to_contractor, balance_of(contract)),
    )


def _fix_accounts(resolution: Resolution, to_contractor: Decimal, to_entity: Decimal) -> None:
    _check_amounts(resolution.contract, to_contractor, to_entity)
    _account(resolution, resolution.contract, to_contractor, to_entity)


def _made_firm(resolution: Resolution, act: str, actor: Actor, at: datetime) -> Resolution:
    """From here the contract is settled, and the whole way of the resolution is public."""
    RESOLUTION.fire(resolution, act, at=at)
    resolution.firm_at = at
    resolution.save()
    resolution.contract = contracts.mark_settled(contract_id=resolution.contract_id, at=at)
    papers = [one for one in (resolution.document, resolution.answer_document) if one is not None]
    documents.disclose(documents=papers, audience="public", at=at)
    contract = resolution.contract
    before = Entry.objects.filter(file=contract.file, subject_id=contract.pk, at__gte=resolution.issued_at)
    outbox.disclose(before.filter(act__startswith="settlement_resolution.").values_list("pk", flat=True), at)
    told = {"outcome": resolution.outcome, "firm_on": BusinessCalendar.day_of(at).isoformat(), **_money(resolution)}
    return _announce(events.ResolutionFirm, resolution, actor, at, papers, **told)


def _paper(contract: Contract, actor: Actor, upload: Upload, kind: str, at: datetime) -> Document:
    return documents.take(
        actor=actor, value=upload, kind=kind, file=contract.file, audience="participants", at=at, field="document"
    )


def _money(row: Accounts) -> dict[str, str]:
    return {
        "value": str(row.value_amount),
        "paid": str(row.paid_amount),
        "released": str(row.released_amount),
        "owed_to_contractor": str(row.owed_to_contractor),
        "owed_to_entity": str(row.owed_to_entity),
    }


def _announce(event: type[Event], row: Any, actor: Actor, at: datetime, papers: Iterable[Document], **more: Any) -> Any:
    contract = row.contract
    data = {"contract": contract.code, **more}
    if isinstance(row, Resolution):
        data["resolution"] = row.number
    hashes = tuple(paper.sha256 for paper in papers)
    announced = event(file=contract.file, subject_id=contract.pk, data=data, documents=hashes)
    row.receipt = outbox.publish(announced, actor=actor, at=at)
    return row
