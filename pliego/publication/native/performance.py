"""How a contract is performed and how it ends, as OCDS tells it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pliego.publication.imports.ocds import Json, filled
from pliego.publication.native.pieces import Parties, document, money, stamp
from pliego.publication.native.reading import Known


def papers_of(contract: Any, known: Known) -> list[Json]:
    """The record, resolution or decision that settled it, and the record of the closing of its file."""
    kind, found = "completionCertificate", []
    if settled := known.settlements.get(contract.pk):
        found += [document(row, _("Settlement"), kind, settled.at) for row in settled.documents]
    if closing := known.closings.get(contract.pk):
        found.append(document(closing.document, _("Record of the closing"), kind, closing.closed_at))
    return found


def performed(contract: Any, known: Known, parties: Parties) -> Json | None:
    """What was paid, the sanctions in force for what was not done as agreed, and how it ended."""
    failures = [_failure(row) for row in known.sanctions.get(contract.pk, [])]
    told = _implementation(contract, known, parties) or {}
    return {**told, **filled(performanceFailures=failures), **_completion(contract, known)} or None


def _failure(row: Any) -> Json:
    """A sanction in force, as the extension of performance failures tells it."""
    imposed = f"{row.of.title}. Resolución {row.decision.number} ({row.of.legal_basis})"
    return filled(
        id=row.code,
        category=row.measure,
        events=1,
        penaltyImposed=f"{imposed}: {row.amount} {row.currency}" if row.amount is not None else imposed,
        penaltyPaid=row.owed == 0 if row.amount is not None else None,
    )


def _implementation(contract: Any, known: Known, parties: Parties) -> Json:
    invoices = known.invoices.get(contract.pk, [])
    planned = known.installments.get(contract.pk, [])
    return filled(
        transactions=[_transaction(row, contract, parties) for row in invoices if row.state == "paid"],
        milestones=[
            *(_delivery(row) for row in known.deliveries.get(contract.pk, [])),
            *(_payment(row, [one for one in invoices if one.installment_id == row.pk]) for row in planned),
        ],
        documents=_start_records(contract),
    )


def _transaction(invoice: Any, contract: Any, parties: Parties) -> Json:
    """What was paid for it: less what pays back the advance; what is withheld of it is paid for the contractor. A
    credit note is paid the other way round."""
    payer, payee = contract.buyer, invoice.supplier
    if invoice.kind == "credit":
        payer, payee = payee, payer
    return filled(
        id=invoice.code,
        date=stamp(invoice.paid_on),
        value=money(invoice.amount - invoice.amortised_amount, invoice.currency),
        payer=parties.add(payer, "payer"),
        payee=parties.add(payee, "payee"),
    )


def _delivery(row: Any) -> Json:
    met = {"status": "met", "dateMet": stamp(row.received_on)} if row.is_received else {"status": "scheduled"}
    return filled(id=f"delivery-{row.number}", title=row.title, type="delivery", dueDate=stamp(row.due_on), **met)


def _payment(row: Any, invoices: list[Any]) -> Json:
    """A payment of the plan: met once what was paid of it comes to its amount."""
    paid = [one for one in invoices if one.state == "paid" and one.kind in {"invoice", "debit"}]
    done = sum((one.amount for one in paid), Decimal())
    met: Json = {"status": "partiallyMet" if done else "scheduled"}
    if done >= row.amount:
        met = {"status": "met", "dateMet": stamp(max(one.paid_on for one in paid))}
    return filled(id=f"payment-{row.number}", title=row.title, type="financing", dueDate=stamp(row.due_on), **met)


def _start_records(contract: Any) -> list[Json]:
    return [
        document(row.document, _("Record of the start"), "contractSchedule", row.accepted_at)
        for row in contract.start_records.all()
        if row.state == "accepted"
    ]


def _completion(contract: Any, known: Known) -> Json:
    """The extension of contract completion. `finalValue` is what was paid in all, once the accounts are closed."""
    settled = known.settlements.get(contract.pk)
    is_other_day = contract.completed_on is not None and contract.completed_on != contract.ends_on
    return (
        filled(
            endDate=stamp(contract.completed_on),
            endDateDetails=_("It ended on another day than its term.") if is_other_day else None,
            finalValue=money(settled.paid_amount, settled.currency) if settled else None,
            finalValueDetails=_final(contract, settled) if settled else None,
        )
        or {}
    )


def _final(contract: Any, settled: Any) -> str | None:
    """How it was settled, where what was paid is not what the contract was worth."""
    if settled.paid_amount == contract.value_amount:
        return None
    words = {"way": settled.way_title, "released": f"{settled.released_amount} {settled.currency}"}
    return _("%(way)s. Released: %(released)s.") % words
