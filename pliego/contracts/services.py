"""The acts on a contract, from its draft to its end: each locks it, asks the policy, moves it, saves and announces."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pliego.auctions.outcome import final_prices
from pliego.authority import gates
from pliego.awards.models import Award
from pliego.bidding.disclosed import opened_bids
from pliego.bidding.queries import price_keys
from pliego.conditions.queries import covers_asked, payment_terms
from pliego.contracts import events, rules, sealing, text, writing
from pliego.contracts.holding import locked, note_author, opened_for
from pliego.contracts.models import Contract, ContractLine
from pliego.contracts.policy import Act
from pliego.contracts.sections.drawing import draw
from pliego.contracts.states import CONTRACT
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties.models import Account, Membership
from pliego.tendering.models import Tender

CENT = Decimal("0.01")
WITHOUT_SETTLEMENT = ("professional",)  # Ley 80 de 1993, art. 60, as amended by Decreto 19 de 2012, art. 217


@dataclass(frozen=True)
class ContractData:
    """What the entity writes in the draft; the parties and the value come from the award."""

    number: str
    title: str
    object: str
    duration: int | None
    duration_unit: str
    delivery_place: str = ""
    payment_terms: str = ""
    clauses: str = ""
    budget_certificate: str = ""
    covers: list[str] = field(default_factory=list)
    has_settlement: bool = True


def announce(event: type[Event], contract: Contract, actor: Actor, at: datetime, *hashes: str, **data: Any) -> Entry:
    told = {"contract": contract.code, **data}
    contract.receipt = outbox.publish(
        event(file=contract.file, subject_id=contract.pk, data=told, documents=hashes), actor=actor, at=at
    )
    return contract.receipt


@transaction.atomic
def draft_contract(*, actor: Actor, award_id: int, at: datetime) -> Contract:
    """Begin the contract of an award, once: a repeated call answers the one that exists. The lots that one supplier
    won are one contract, of the award of the first of them."""
    awards = _won_together(award_id)
    award = awards[0]
    if existing := Contract.objects.filter(award=award).first():
        return existing
    if award.state != "made" or award.supplier_id is None or award.value_amount is None:
        raise Refused(Objection("no_award", _("There is no award to contract.")))
    contract = _begun(
        award.tender,
        at,
        award=award,
        supplier_id=award.supplier_id,
        object=_object(award.tender, awards),
        value_amount=sum((one.value_amount or Decimal() for one in awards), Decimal()),
        value_currency=award.value_currency,
    )
    _list_lines(contract, [one.lot for one in awards if one.lot])
    draw(contract)
    told = {"award": award.code, "value": str(contract.value_amount), "currency": award.value_currency}
    told |= {"awards": [one.code for one in awards]} if award.lot else {}
    announce(events.ContractDrafted, contract, actor, at, **told)
    return contract


def begin_direct(
    *, tender: Tender, supplier: Account, value: Decimal, actor: Actor, at: datetime, load: str = ""
) -> Contract:
    """Begin a contract of a direct process that no award comes before. Called by the loading of files, which asked."""
    about = tender.description or tender.title
    contract = _begun(tender, at, supplier=supplier, object=about, value_amount=value, authors=[actor.user_id])
    draw(contract)
    told = {"value": str(value), "currency": contract.value_currency, "supplier": supplier.code}
    announce(events.ContractDrafted, contract, actor, at, **told, **({"load": load} if load else {}))
    return contract


def _begun(tender: Tender, at: datetime, **of_it: Any) -> Contract:
    """What the process says of each of its contracts, and what is of this one."""
    code = next_public_id("contract")
    return Contract.objects.create(
        code=code,
        tender=tender,
        buyer_id=tender.buyer_id,
        number=code,
        title=tender.title,
        contract_type=tender.contract_type,
        duration=tender.duration,
        duration_unit=tender.duration_unit,
        delivery_place=tender.delivery_address,
        budget_certificate=tender.budget_certificate,
        payment_terms=payment_terms(tender),
        covers=covers_asked(tender),
        has_settlement=tender.contract_type not in WITHOUT_SETTLEMENT,
        created_at=at,
        **of_it,
    )


def _won_together(award_id: int) -> list[Award]:
    """The awards of one contract, held: that one, or those of all the lots that its supplier won, in their order."""
    award = Award.objects.get(pk=award_id)
    rows = Award.objects.select_for_update(of=("self",)).select_related("tender", "supplier").order_by("lot", "pk")
    if award.lot is None:
        return list(rows.filter(pk=award_id))
    won = rows.filter(tender_id=award.tender_id, supplier_id=award.supplier_id, lot__isnull=False)
    return list(won.filter(state="made")) or [award]


def _object(tender: Tender, awards: list[Award]) -> str:
    """What the contract is about, with its lots: a legal text, Spanish whatever the reader's language."""
    about = tender.description or tender.title
    numbers = [award.lot for award in awards if award.lot]
    lots = [str(lot) for lot in tender.lots.filter(number__in=numbers)] if numbers else []
    with override("es-co"):
        named = _("%(about)s. Lots: %(lots)s") % {"about": about, "lots": "; ".join(lots)}
    return named[:4000] if lots else about


def _list_lines(contract: Contract, lots: list[int]) -> None:
    """The lines of the price list, or of those of the lots, with the prices of the winning offer if there was one."""
    keys = {k: line for k, line in price_keys(contract.tender).items() if not lots or set(line.item.lots) & set(lots)}
    asked = list(keys.values())
    assert contract.award is not None
    bids = opened_bids(contract.tender) if contract.award.bid_id else []
    bid = next((bid for bid in bids if bid.bid_id == contract.award.bid_id), None)
    offered: list[Any] = [line for lot in lots for line in bid.lot_lines.get(lot, [])] if bid and lots else []
    own = bid.variant if bid and bid.variant and contract.award.is_variant else bid
    offered = offered or (own.price_lines if own else [])
    prices: list[Decimal | None] = [unit for _name, _quantity, unit in offered]
    total = sum((quantity * unit for _name, quantity, unit in offered), Decimal())
    was_agreed = contract.award.lot is None and abs(total - contract.value_amount) > CENT  # another price than the sum
    if len(prices) != len(asked):
        prices = [None] * len(asked)
    elif bid and (final := final_prices(contract.tender, bid.bid_id, lots)):
        prices = [final.get(key, price) for key, price in zip(keys, prices, strict=True)]
    elif was_agreed:
        prices = [None] * len(asked)
    ContractLine.objects.bulk_create(
        ContractLine(
            contract=contract,
            number=number,
            lot=line.item.lots[0] if lots else None,
            unspsc=line.unspsc,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price_amount=price,
        )
        for number, (line, price) in enumerate(zip(asked, prices, strict=True), start=1)
    )


@transaction.atomic
def edit_contract(*, actor: Actor, contract_id: int, data: ContractData, at: datetime) -> Contract:
    """Change the draft. Whoever changes it is one of its authors, and authors never sign it."""
    contract = opened_for(Act.EDIT, actor=actor, contract_id=contract_id)
    refuse_if_any(rules.unknown_covers(data.covers))
    found = writing.contents_of(contract, vars(data))
    refuse_if_any(*(section.wrong(contract, content) for section, content in found))
    for section, content in found:
        writing.put(contract, section, content, actor, at)
    return contract


@transaction.atomic
def send_contract(*, actor: Actor, contract_id: int, at: datetime) -> Contract:
    """Fix the text of the contract and put it before the supplier."""
    contract = opened_for(Act.SEND, actor=actor, contract_id=contract_id)
    note_author(contract, actor)
    CONTRACT.fire(contract, "send", at=at)
    contract.document = _write_down(contract, actor, at)
    contract.sent_at, contract.rejected_reason = at, ""
    contract.save()
    writing.keep_version(contract, at)
    writing.share_annexes(contract, at)
    value = {"value": str(contract.value_amount), "currency": contract.value_currency}
    told = {"number": contract.number, "version": contract.version, "supplier": contract.supplier.name, **value}
    announce(events.ContractSent, contract, actor, at, contract.document.sha256, **told)
    return contract


def _write_down(contract: Contract, actor: Actor, at: datetime) -> Document:
    document = documents.store(
        actor=actor,
        content=io.BytesIO(text.render(contract, at=at)),
        name=f"contrato-{contract.code}-v{contract.version}.pdf",
        kind="contract",
        file=contract.file,
        audience="participants",
        at=at,
    )
    documents.grant(document=document, account_ids=[contract.supplier_id], at=at)
    return document


def text_of(contract: Contract) -> Document:
    """The text that was sent; a contract that was sent always has one."""
    assert contract.document is not None
    return contract.document


@transaction.atomic
def accept_contract(*, actor: Actor, contract_id: int, at: datetime) -> Contract:
    """The supplier's representative is bound by the text as it was sent."""
    contract = opened_for(Act.ACCEPT, actor=actor, contract_id=contract_id)
    CONTRACT.fire(contract, "accept", at=at)
    contract.accepted_at, contract.accepted_by_id = at, actor.user_id
    contract.save(update_fields=["state", "accepted_at", "accepted_by"])
    told = {"number": contract.number, "version": contract.version, "supplier": contract.supplier.name}
    announce(events.ContractAccepted, contract, actor, at, text_of(contract).sha256, **told)
    return contract


@transaction.atomic
def reject_contract(*, actor: Actor, contract_id: int, reason: str, at: datetime) -> Contract:
    """The supplier says no, and why; the entity may change the text and send it again."""
    contract = opened_for(Act.REJECT, actor=actor, contract_id=contract_id)
    refuse_if_any(without_reason(reason))
    CONTRACT.fire(contract, "reject", at=at)
    contract.rejected_reason = reason.strip()
    contract.save(update_fields=["state", "rejected_reason"])
    announce(events.ContractRejected, contract, actor, at, version=contract.version, reason=reason.strip())
    return contract


@transaction.atomic
def rework_contract(*, actor: Actor, contract_id: int, at: datetime) -> Contract:
    """Take the text back to change it: what the supplier had accepted no longer counts."""
    contract = opened_for(Act.REWORK, actor=actor, contract_id=contract_id)
    CONTRACT.fire(contract, "rework", at=at)
    contract.version += 1
    contract.accepted_at = contract.accepted_by = None
    contract.save(update_fields=["state", "version", "accepted_at", "accepted_by"])
    announce(events.ContractReworked, contract, actor, at, version=contract.version)
    return contract


@transaction.atomic
def sign_contract(
    *,
    actor: Actor,
    contract_id: int,
    budget_commitment: str = "",
    budget_commitment_amount: Decimal | None = None,
    at: datetime,
) -> Contract:
    """The authorising officer binds the entity, with money reserved for it; the contract and its acts become public.

    A contract of sale has no commitment: the entity is paid.
    """
    contract = opened_for(Act.SIGN, actor=actor, contract_id=contract_id)
    gates.require("contract", contract, actor=actor)
    contract.budget_commitment = budget_commitment.strip()
    contract.budget_commitment_amount = budget_commitment_amount
    CONTRACT.fire(contract, "sign", at=at)
    contract.signed_at, contract.authorising_officer_id = at, actor.user_id
    contract.save()
    annexes = [paper.document for paper in contract.papers.select_related("document") if paper.is_annex]
    documents.disclose(documents=[text_of(contract), *annexes], audience="public", at=at)
    before = Entry.objects.filter(file=contract.file, act__in=UNTIL_SIGNED, subject_id=contract.pk)
    outbox.disclose(before.values_list("pk", flat=True), at)
    value = {"value": str(contract.value_amount), "currency": contract.value_currency}
    told = {"number": contract.number, "supplier": contract.supplier.name, **value}
    told["budget_commitment"] = contract.budget_commitment
    announce(events.ContractSigned, contract, actor, at, text_of(contract).sha256, **told)
    return contract


@transaction.atomic
def write_signed_copy(*, contract_id: int, at: datetime) -> Contract:
    """Make the copy that carries both signatures, once. The parties and everybody read it beside the text."""
    contract = locked(contract_id)
    if contract.signed_document_id is not None or contract.signed_at is None or contract.sent_at is None:
        return contract
    signatures = sealing.signatures_of(contract)
    pdf = text.render(contract, at=contract.sent_at, signatures=signatures)
    told: dict[str, Any] = {"kind": "contract", "file": contract.file, "audience": "public", "at": at}
    name = f"contrato-{contract.code}-firmado.pdf"
    content = io.BytesIO(sealing.sealed(pdf, signatures))
    contract.signed_document = documents.store(actor=SYSTEM, content=content, name=name, **told)
    contract.save(update_fields=["signed_document"])
    return contract


UNTIL_SIGNED = ("contract.drafted", "contract.sent", "contract.accepted", "contract.rejected", "contract.reworked")


@transaction.atomic
def start_contract(
    *, actor: Actor, contract_id: int, supervisor_id: int | None, starts_on: date, at: datetime
) -> Contract:
    """Begin to perform it: guarantees approved, supervisor named, first and last day fixed."""
    contract = opened_for(Act.START, actor=actor, contract_id=contract_id)
    contract.supervisor_id = supervisor_id
    refuse_if_any(
        *CONTRACT.objections(contract, "start", at=at),
        does_not_supervise(contract, supervisor_id),
        rules.starts_before_the_signature(contract, starts_on),
    )
    return put_in_performance(contract, starts_on, actor, at)


def put_in_performance(contract: Contract, starts_on: date, actor: Actor, at: datetime) -> Contract:
    """The contract, held, runs from that day. Called by the acts that start it, which asked."""
    CONTRACT.fire(contract, "start", at=at)
    contract.starts_on, contract.ends_on = starts_on, contract.expected_end(starts_on)
    contract.save(update_fields=["state", "supervisor", "starts_on", "ends_on"])
    assert contract.supervisor is not None
    days = {"starts_on": starts_on.isoformat(), "ends_on": contract.ends_on.isoformat() if contract.ends_on else ""}
    announce(events.ContractStarted, contract, actor, at, supervisor=contract.supervisor.full_name, **days)
    return contract


def does_not_supervise(contract: Contract, user_id: int | None) -> Objection | None:
    places = Membership.objects.holding("supervisor").filter(account_id=contract.buyer_id)
    if user_id is None or places.filter(user_id=user_id).exists():
        return None
    return not_a_supervisor()


def not_a_supervisor() -> Objection:
    return Objection("not_a_supervisor", _("Choose a person of the entity with the role of supervisor."), "supervisor")


@transaction.atomic
def complete_contract(*, actor: Actor, contract_id: int, completed_on: date, at: datetime) -> Contract:
    """The supervisor says that everything was received."""
    contract = opened_for(Act.COMPLETE, actor=actor, contract_id=contract_id)
    refuse_if_any(rules.completed_day_is_wrong(contract, completed_on, at))
    CONTRACT.fire(contract, "complete", at=at)
    contract.completed_on = completed_on
    contract.save(update_fields=["state", "completed_on"])
    announce(events.ContractCompleted, contract, actor, at, completed_on=completed_on.isoformat())
    return contract


@transaction.atomic
def mark_settled(*, contract_id: int, at: datetime) -> Contract:
    """Both parties settled it. Called by execution inside its own act."""
    contract = locked(contract_id)
    CONTRACT.fire(contract, "settle", at=at)
    contract.save(update_fields=["state"])
    return contract


@transaction.atomic
def mark_ended(*, contract_id: int, ended_on: date, at: datetime) -> Contract:
    """It ended before its time. Called by breaches inside its own act, the declaration of caducity."""
    contract = locked(contract_id)
    CONTRACT.fire(contract, "complete", at=at)
    contract.completed_on, contract.suspended_on, contract.resumes_on = ended_on, None, None
    contract.happened = [*(code for code in contract.happened if code != "suspended"), "forfeited"]
    contract.save(update_fields=["state", "completed_on", "suspended_on", "resumes_on", "happened"])
    return contract


@transaction.atomic
def mark_closed(*, contract_id: int, at: datetime) -> Contract:
    """Its file is closed. Called by execution inside its own act."""
    contract = locked(contract_id)
    CONTRACT.fire(contract, "close", at=at)
    contract.closed_at = at
    contract.save(update_fields=["state", "closed_at"])
    return contract


def without_reason(reason: str) -> Objection | None:
    return None if reason.strip() else Objection("reason_missing", _("Write the reason."), "reason")
