"""The acts with which paying begins: the plan, and the invoice that the contractor sends. Its way is in `passing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pliego.contracts.holding import locked
from pliego.contracts.models import Contract
from pliego.documents import blobs
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.execution import chaining, events, findings, modified, rules, supports, ubl
from pliego.execution.balances import ZERO, Entry, against, balance_of
from pliego.execution.models import ChainSupport, CufeCheck, Delivery, Installment, Invoice, InvoiceSupport, Kind
from pliego.execution.policy import POLICY, Act
from pliego.execution.rules import Part
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload


@dataclass(frozen=True)
class InvoiceData:
    """What the contractor types; with the XML of DIAN, number, day and amount may be left to it."""

    number: str = ""
    issued_on: date | None = None
    amount: Decimal | None = None
    installment_number: int | None = None
    kind: str = Kind.INVOICE
    corrects: str = ""  # the code of the invoice that a note corrects
    delivery_number: int | None = None
    amortised: Decimal = ZERO
    technical_key: str = ""  # checks the CUFE and is forgotten
    note: str = ""
    supports: Mapping[int, Upload] = field(default_factory=dict)  # by the number of what the chain asks for


def opened_for(act: Act, *, actor: Actor, contract_id: int) -> Contract:
    """The contract locked: every act that moves its money waits for the one before it."""
    contract = locked(contract_id)
    POLICY.require(actor, act, contract)
    return contract


@transaction.atomic
def set_payment_plan(*, actor: Actor, contract_id: int, parts: Sequence[Part], at: datetime) -> Contract:
    """Say in how many payments the contract is paid; together they are exactly its value.

    With invoices, the plan changes only when a modification changed the value, and what was invoiced stays as it is.
    """
    contract = opened_for(Act.PLAN, actor=actor, contract_id=contract_id)
    refuse_if_any(
        rules.plan_is_in_use(contract, parts),
        rules.plan_objections(parts, contract.value_amount, contract.value_currency),
    )
    used = set(contract.invoices.standing().exclude(installment=None).values_list("installment__number", flat=True))
    contract.invoices.exclude(installment__number__in=used).update(installment=None)
    contract.installments.exclude(number__in=used).delete()
    rows = [
        Installment(contract=contract, number=n, currency=contract.value_currency, **part._asdict())
        for n, part in enumerate(parts, start=1)
    ]
    Installment.objects.bulk_create(row for row in rows if row.number not in used)
    told = [
        {
            "number": r.number,
            "title": r.title,
            "due_on": r.due_on.isoformat() if r.due_on else "",
            "amount": str(r.amount),
        }
        for r in rows
    ]
    data = {"contract": contract.code, "installments": told, "total": str(contract.value_amount)}
    event = events.PaymentPlanSet(file=contract.file, subject_id=contract.pk, data=data)
    contract.receipt = outbox.publish(event, actor=actor, at=at)
    return contract


@transaction.atomic
def send_invoice(*, actor: Actor, contract_id: int, data: InvoiceData, document: Upload, at: datetime) -> Invoice:
    """The contractor asks to be paid, with a PDF or with the XML of the electronic invoice."""
    contract = opened_for(Act.SEND_INVOICE, actor=actor, contract_id=contract_id)
    refuse_if_any(modified.new_party_is_not_covered(contract))
    stored = documents.take(
        actor=actor,
        value=document,
        kind="invoice",
        file=contract.file,
        audience="participants",
        at=at,
        field="document",
    )
    documents.grant(document=stored, account_ids=[contract.buyer_id, contract.supplier_id], at=at)
    told, cufe, check = _told_by(contract, stored, data, at)
    corrected, delivery = _corrected(contract, data), _delivery(contract, data.delivery_number)
    installment = _installment(contract, data, corrected)
    way = chaining.in_force(contract.buyer_id)
    asked = chaining.supports_asked(contract)
    refuse_if_any(
        rules.accounts_are_fixed(contract, at),
        *_invoice_objections(contract, told, corrected, at), *supports.missing(asked, data.supports)
    )  # fmt: skip
    assert told.amount is not None
    assert told.issued_on is not None
    assert actor.user_id is not None
    invoice = Invoice.objects.create(
        code=next_public_id("invoice"),
        contract=contract,
        installment=installment,
        kind=data.kind,
        corrects=corrected,
        delivery=delivery,
        amortised_amount=data.amortised,
        number=told.number,
        issued_on=told.issued_on,
        amount=told.amount,
        currency=contract.value_currency,
        cufe=cufe,
        cufe_check=check,
        note=told.note,
        document=stored,
        sent_by_id=actor.user_id,
        sent_at=at,
        first_sent_at=_first_sent(contract, told.number, at),
        chain=way,
        at_step=way.steps.first() if way else None,
        waiting_since=at,
    )
    brought = [one for one in asked if one.number in data.supports]
    hashes = [_bring(invoice, one, data.supports[one.number], actor, at) for one in brought]
    more = {"issued_on": invoice.issued_on.isoformat(), "cufe": cufe, "tell": chaining.people_of(invoice)}
    announce(events.InvoiceSent, invoice, actor, at, stored.sha256, *hashes, **more)
    return invoice


def _bring(invoice: Invoice, asked: ChainSupport, value: Upload, actor: Actor, at: datetime) -> str:
    """Keep a document that goes with the request, for its two parties; its hash is in the act."""
    contract = invoice.contract
    stored = documents.take(
        actor=actor, value=value, kind="invoice_support", file=contract.file, audience="participants", at=at,
        field=f"support_{asked.number}",
    )  # fmt: skip
    documents.grant(document=stored, account_ids=[contract.buyer_id, contract.supplier_id], at=at)
    InvoiceSupport.objects.create(invoice=invoice, number=asked.number, title=asked.title, document=stored)
    return str(stored.sha256)


def _first_sent(contract: Contract, number: str, at: datetime) -> datetime:
    """When the first invoice with that number was sent: the days that it takes to be paid count from there."""
    before = contract.invoices.filter(number=number, given_by=None).order_by("pk").first()
    return (before.first_sent_at or before.sent_at) if before else at


def _installment(contract: Contract, data: InvoiceData, corrected: Invoice | None) -> Installment | None:
    """The payment that an invoice says; of a note, that of what it corrects. An advance is before the plan."""
    if data.kind != Kind.INVOICE:
        return corrected.installment if corrected else None
    if data.installment_number is None:
        return None
    if (found := contract.installments.filter(number=data.installment_number).first()) is None:
        raise Refused(Objection("no_installment", _("The plan has no payment with that number."), "installment_number"))
    return found


def _corrected(contract: Contract, data: InvoiceData) -> Invoice | None:
    """The accepted invoice that a note corrects; an invoice corrects nothing."""
    if data.kind not in Kind.values:
        raise Refused(Objection("kind_unknown", _("Choose what you ask for."), "kind"))
    is_note = data.kind in {Kind.CREDIT, Kind.DEBIT}
    own = contract.invoices.filter(given_by=None)
    accepted = own.filter(code=data.corrects, state__in=["approved", "paid"], corrects=None)
    found = accepted.prefetch_related("notes").first() if is_note else None
    if is_note and found is None:
        raise Refused(
            Objection("note_of_nothing", _("Choose the approved invoice that the note corrects."), "corrects")
        )
    return found


def _delivery(contract: Contract, number: int | None) -> Delivery | None:
    if number is None:
        return None
    if (found := contract.deliveries.filter(number=number).first()) is None:
        sentence = _("The contract has no delivery with that number.")
        raise Refused(Objection("no_delivery", sentence, "delivery_number"))
    return found


def _told_by(contract: Contract, stored: Document, data: InvoiceData, at: datetime) -> tuple[InvoiceData, str, str]:
    """What the invoice says: the typed words, or the XML where there is one, which must not contradict them."""
    if stored.media_type != "application/xml":
        return data, "", CufeCheck.NONE
    with blobs.open(stored.sha256) as file:
        found = ubl.read(file.read(ubl.LARGEST + 1))
    known = findings.known_of(contract, data.kind, BusinessCalendar.day_of(at), practice=settings.PLIEGO_PRACTICE)
    refuse_if_any(findings.objections(found, known), rules.xml_contradictions(found, data))
    check = CufeCheck.SHAPE
    if data.technical_key.strip():
        if not ubl.matches(found, data.technical_key):
            sentence = _("The CUFE is not the one that the fields of the invoice and that key give.")
            raise Refused(Objection("cufe_differs", sentence, "technical_key"))
        check = CufeCheck.MATCHES
    told = replace(data, number=found.number, issued_on=found.issued_on, amount=found.payable, technical_key="")
    return told, found.cufe, check


def _invoice_objections(
    contract: Contract, told: InvoiceData, corrected: Invoice | None, at: datetime
) -> list[Objection]:
    found = list(rules.invoice_is_incomplete(told, BusinessCalendar.day_of(at)))
    if told.amount is not None and told.amount > 0:
        asked = Entry(told.kind, "sent", told.amount, told.amortised)
        found += against(balance_of(contract), asked, room=_left_to_credit(corrected))
    if told.number and contract.invoices.standing().filter(number=told.number, given_by=None).exists():
        found.append(Objection("number_repeated", _("There is already an invoice with that number."), "number"))
    return found


def _left_to_credit(corrected: Invoice | None) -> Decimal | None:
    """What of an invoice no standing credit note asks back yet."""
    if corrected is None:
        return None
    notes = [n for n in corrected.notes.all() if n.kind == Kind.CREDIT and n.state != "returned"]
    return corrected.amount - corrected.amortised_amount - rules.total(note.amount for note in notes)


def announce(event: type[Event], invoice: Invoice, actor: Actor, at: datetime, *hashes: str, **more: Any) -> None:
    data = {
        "contract": invoice.contract.code,
        "invoice": invoice.code,
        "number": invoice.number,
        "amount": str(invoice.amount),
        "currency": invoice.currency,
        **more,
    }
    announced = event(file=invoice.file, subject_id=invoice.pk, data=data, documents=hashes)
    invoice.receipt = outbox.publish(announced, actor=actor, at=at)
