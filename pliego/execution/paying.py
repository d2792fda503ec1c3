"""The acts of paying: the plan, the invoice and its way from the contractor to the treasurer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pliego.authority import gates
from pliego.contracts.holding import locked
from pliego.contracts.models import Contract
from pliego.contracts.services import without_reason
from pliego.documents import blobs
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.execution import events, rules, ubl
from pliego.execution.balances import balance_of
from pliego.execution.models import CufeCheck, Installment, Invoice
from pliego.execution.policy import POLICY, Act
from pliego.execution.rules import Part
from pliego.execution.states import INVOICE
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.web.fields import Upload


@dataclass(frozen=True)
class InvoiceData:
    """What the contractor types; with the XML of DIAN, number, day and amount may be left to it."""

    number: str = ""
    issued_on: date | None = None
    amount: Decimal | None = None
    installment_number: int | None = None
    technical_key: str = ""  # checks the CUFE and is forgotten
    note: str = ""


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
    told, cufe, check = _told_by(contract, stored, data)
    installment = _installment(contract, data.installment_number)
    refuse_if_any(*_invoice_objections(contract, told, at))
    assert told.amount is not None
    assert told.issued_on is not None
    assert actor.user_id is not None
    invoice = Invoice.objects.create(
        code=next_public_id("invoice"),
        contract=contract,
        installment=installment,
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
    )
    _announce(events.InvoiceSent, invoice, actor, at, stored.sha256, issued_on=invoice.issued_on.isoformat(), cufe=cufe)
    return invoice


def _installment(contract: Contract, number: int | None) -> Installment | None:
    if number is None:
        return None
    if (found := contract.installments.filter(number=number).first()) is None:
        raise Refused(Objection("no_installment", _("The plan has no payment with that number."), "installment_number"))
    return found


def _told_by(contract: Contract, stored: Document, data: InvoiceData) -> tuple[InvoiceData, str, str]:
    """What the invoice says: the typed words, or the XML where there is one, which must not contradict them."""
    if stored.media_type != "application/xml":
        return data, "", CufeCheck.NONE
    with blobs.open(stored.sha256) as file:
        found = ubl.read(file.read(ubl.LARGEST + 1))
    refuse_if_any(*rules.xml_objections(contract, found, data, practice=settings.PLIEGO_PRACTICE))
    check = CufeCheck.SHAPE
    if data.technical_key.strip():
        if not ubl.matches(found, data.technical_key):
            sentence = _("The CUFE is not the one that the fields of the invoice and that key give.")
            raise Refused(Objection("cufe_differs", sentence, "technical_key"))
        check = CufeCheck.MATCHES
    told = InvoiceData(found.number, found.issued_on, found.payable, data.installment_number, "", data.note)
    return told, found.cufe, check


def _invoice_objections(contract: Contract, told: InvoiceData, at: datetime) -> list[Objection]:
    found = list(rules.invoice_is_incomplete(told, BusinessCalendar.day_of(at)))
    if told.amount is not None and told.amount > 0:
        left = balance_of(contract).to_invoice
        if over := rules.exceeds_balance(told.amount, left, contract.value_currency):
            found.append(over)
    if told.number and contract.invoices.standing().filter(number=told.number).exists():
        found.append(Objection("number_repeated", _("There is already an invoice with that number."), "number"))
    return found


def _held(act: Act, actor: Actor, invoice_id: int) -> Invoice:
    """The invoice and its contract, both locked, the contract first."""
    found = Invoice.objects.filter(pk=invoice_id).first()
    if found is None:
        raise Unknown()
    contract = opened_for(act, actor=actor, contract_id=found.contract_id)
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("document").get(pk=invoice_id)
    invoice.contract = contract
    return invoice


@transaction.atomic
def return_invoice(*, actor: Actor, invoice_id: int, reason: str, at: datetime) -> Invoice:
    """The supervisor does not approve it, and says what to mend; the contractor may send it again."""
    invoice = _held(Act.RETURN_INVOICE, actor, invoice_id)
    refuse_if_any(without_reason(reason))
    INVOICE.fire(invoice, "return", at=at)
    invoice.returned_reason = reason.strip()
    invoice.decided_by_id, invoice.decided_at = actor.user_id, at
    invoice.save(update_fields=["state", "returned_reason", "decided_by", "decided_at"])
    _announce(events.InvoiceReturned, invoice, actor, at, invoice.document.sha256, reason=reason.strip())
    return invoice


@transaction.atomic
def approve_invoice(*, actor: Actor, invoice_id: int, at: datetime) -> Invoice:
    """The supervisor answers for what was received. It cannot be undone, and the invoice becomes public."""
    invoice = _held(Act.APPROVE_INVOICE, actor, invoice_id)
    gates.require("invoices", invoice, actor=actor)
    INVOICE.fire(invoice, "approve", at=at)
    invoice.decided_by_id, invoice.decided_at = actor.user_id, at
    invoice.save(update_fields=["state", "decided_by", "decided_at"])
    documents.disclose(documents=[invoice.document], audience="public", at=at)
    sent = Entry.objects.filter(file=invoice.file, act="invoice.sent", subject_id=invoice.pk)
    outbox.disclose(sent.values_list("pk", flat=True), at)
    _announce(events.InvoiceApproved, invoice, actor, at, invoice.document.sha256)
    return invoice


@transaction.atomic
def mark_paid(*, actor: Actor, invoice_id: int, paid_on: date, at: datetime, proof: Upload | None = None) -> Invoice:
    """The treasurer says on which real day the money left."""
    invoice = _held(Act.MARK_PAID, actor, invoice_id)
    gates.require("payment", invoice, actor=actor)
    refuse_if_any(*INVOICE.objections(invoice, "pay", at=at))
    assert invoice.decided_at is not None
    refuse_if_any(rules.paid_day_is_wrong(paid_on, invoice.decided_at, at))
    INVOICE.fire(invoice, "pay", at=at)
    if proof:
        told: dict[str, Any] = {"kind": "payment_proof", "file": invoice.file, "audience": "participants"}
        invoice.payment_proof = documents.take(actor=actor, value=proof, at=at, field="proof", **told)
        accounts = [invoice.contract.buyer_id, invoice.contract.supplier_id]
        documents.grant(document=invoice.payment_proof, account_ids=accounts, at=at)
    invoice.paid_on, invoice.paid_by_id, invoice.paid_at = paid_on, actor.user_id, at
    invoice.save(update_fields=["state", "paid_on", "paid_by", "paid_at", "payment_proof"])
    hashes = [invoice.payment_proof.sha256] if invoice.payment_proof else []
    _announce(events.InvoicePaid, invoice, actor, at, *hashes, paid_on=paid_on.isoformat())
    return invoice


def _announce(event: type[Event], invoice: Invoice, actor: Actor, at: datetime, *hashes: str, **more: Any) -> None:
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
