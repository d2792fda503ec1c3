"""A contract in public: what was bought, from whom, for how much, and how it is being paid."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pliego.contracts import text
from pliego.contracts.models import Contract
from pliego.contracts.queries import changes_in
from pliego.execution.balances import Balance, balance_of
from pliego.execution.delivering import progress_of
from pliego.execution.models import Delivery, Installment, Invoice
from pliego.execution.rules import total
from pliego.publication.native.reading import Known
from pliego.publication.native.shapes import Fact, paper
from pliego.publication.pages import money
from pliego.web.templatetags.pliego import day, instant

COLOURS = {"signed": "signed", "running": "running", "completed": "completed", "settled": "settled", "closed": "closed"}


def contract_of(known: Known, contract: Contract) -> dict[str, Any]:
    """What every page says of it."""
    settlement = known.settlements.get(contract.pk)
    papers = [paper(contract.document, _("Contract"), "", contract.signed_at)] if contract.document else []
    if contract.signed_document:
        papers.append(paper(contract.signed_document, _("Copy with both signatures"), "", contract.signed_at))
    if settlement:
        papers += [paper(row, _("Settlement"), "", settlement.at) for row in settlement.documents]
    if closing := known.closings.get(contract.pk):
        papers.append(paper(closing.document, _("Record of the closing"), "", closing.closed_at))
    return {
        "code": contract.code,
        "title": contract.title,
        "state": str(contract.state_title),
        "colour": COLOURS.get(contract.state, ""),
        "happened": [str(title) for title in contract.happened_titles],
        "versions": reverse("contracts:versions", args=[contract.code]) if contract.version > 1 else "",
        "facts": _facts(contract),
        "lines": [_line(line, contract.value_currency) for line in contract.lines.all()],
        "modifications": [
            _modification(row, contract) for row in contract.modifications.all() if row.state == "published"
        ],
        "guarantees": [_guarantee(row) for row in contract.guarantees.all() if row.state == "approved"],
        "payments": _payments(known, contract),
        "sanctions": known.sanctions.get(contract.pk, []),
        "settlement": _settlement(settlement),
        "papers": [row for row in papers if row],
    }


def whole_of(known: Known, contract: Contract, today: date) -> dict[str, Any]:
    """What its own page says besides: its sections as its text has them, its deliveries and its annexes."""
    annexes = [paper(row.document, row.title, _("Annex"), contract.signed_at) for row in text.annexes_of(contract)]
    shown = contract_of(known, contract)
    return {
        **shown,
        "papers": [*shown["papers"], *annexes],
        "sections": text.sections_told(contract),
        "clauses": text.articles_told(contract),
        "progress": progress_of(contract, today),
        "deliveries": [_delivery(row, contract.terms_on(today)) for row in known.deliveries.get(contract.pk, [])],
    }


def _delivery(row: Delivery, today: date) -> dict[str, Any]:
    late, received = row.is_late(today), row.is_received
    states = {"received": _("Received"), "overdue": _("Behind the plan"), "draft": _("Planned")}
    colour = "received" if received else "overdue" if late else "draft"
    percent = "" if row.reached is None else f"{row.reached.normalize():f} %".replace(".", ",")
    return {
        "title": str(row) if row.is_planned else _("%(delivery)s (not planned)") % {"delivery": row},
        "due": day(row.due_on),
        "received": day(row.received_on),
        "reached": percent or row.shown_articles,
        "state": states[colour],
        "colour": "approved" if received else colour,
    }


def _facts(contract: Contract) -> list[Fact]:
    supplier = contract.supplier
    nit = supplier.nit if supplier.organization.scheme == "CO-NIT" else ""
    said = [
        Fact(_("Contractor"), supplier.name, nit),
        Fact(_("Contracting entity"), contract.buyer.name, contract.buyer.nit),
        Fact(_("Number"), contract.number),
        Fact(_("Object"), contract.object),
        Fact(_("Value"), money(contract.value_amount, contract.value_currency)),
        Fact(pgettext("contract", "Signed"), instant(contract.signed_at)),
        Fact(pgettext("contract", "Starts"), day(contract.starts_on)),
        Fact(pgettext("contract", "Ends"), day(contract.ends_on)),
        Fact(_("Suspended since"), day(contract.suspended_on)),
        Fact(_("Planned day of the resumption"), day(contract.resumes_on)),
        Fact(_("Day on which it ended"), day(contract.completed_on)),
        Fact(_("Place of performance"), contract.delivery_place),
        Fact(_("Form of payment"), contract.payment_terms),
    ]
    return [fact for fact in said if fact.value]


def _line(line: Any, currency: str) -> dict[str, str]:
    return {
        "text": line.description,
        "quantity": f"{line.quantity.normalize():f}".replace(".", ","),
        "unit": line.unit,
        "price": money(line.unit_price_amount, currency),
        "total": money(line.total_amount, currency),
    }


def _modification(row: Any, contract: Contract) -> dict[str, Any]:
    return {
        "title": f"{row.number}. {row.of.title}",
        "date": instant(row.published_at),
        "reason": row.reason,
        "cause": str(row.cause_title),
        "by": _("Accepted by the contractor") if row.needs_supplier else _("Unilateral"),
        "changes": [
            {"field": one.title, "old": _written(one.old, contract), "new": _written(one.new, contract)}
            for one in changes_in(row)
        ],
        "papers": [
            found for found in [paper(row.document, _("Act of the modification"), "", row.published_at)] if found
        ],
    }


def _written(value: Any, contract: Contract) -> str:
    if isinstance(value, Decimal):
        return money(value, contract.value_currency)
    return day(value) if isinstance(value, date) else str(value or "–")


def _guarantee(row: Any) -> dict[str, str]:
    return {
        "cover": str(row.get_cover_display()),
        "insurer": row.insurer,
        "number": row.policy_number,
        "amount": money(row.amount, row.currency),
        "term": f"{day(row.starts_on)} – {day(row.ends_on)}",
    }


def _payments(known: Known, contract: Contract) -> dict[str, Any]:
    """How it stands in money over what was accepted, its plan, and its invoices: three things, never added together."""
    invoices = known.invoices.get(contract.pk, [])
    planned = known.installments.get(contract.pk, [])
    by_payment: dict[int | None, list[Invoice]] = {}
    for invoice in invoices:
        by_payment.setdefault(invoice.installment_id, []).append(invoice)
    # With an invoice that names no payment nobody knows which ones are still to come; an advance is before them all.
    says_all = all(invoice.kind == "advance" for invoice in by_payment.get(None, []))
    return {
        "sums": _sums(balance_of(contract, invoices)) if invoices else [],
        "plan": [_planned(row, by_payment.get(row.pk, []), says_all) for row in planned],
        "invoices": [_invoice(invoice) for invoice in invoices],
    }


def _sums(balance: Balance) -> list[Fact]:
    shown = (
        (_("Accepted"), balance.accepted),
        (_("Accepted and not paid"), balance.pending),
        (_("Paid so far"), balance.disbursed),
        (_("Left to invoice"), balance.to_invoice),
        (_("Advance (anticipo)"), balance.advance),
        (_("Advance left to pay back"), balance.to_amortise),
    )
    in_advance = 2 if balance.advance_agreed else 0
    return [Fact(title, money(amount, balance.currency)) for title, amount in shown[: 4 + in_advance]]


def _planned(row: Installment, invoices: list[Invoice], says_all: bool) -> dict[str, str]:
    """A payment of the plan, and how it stands where its invoices say so."""
    paid = total(one.amount for one in invoices if one.state == "paid" and one.kind in {"invoice", "debit"})
    states = {"paid": pgettext("payment", "Paid"), "approved": _("Invoiced"), "draft": _("Planned"), "": ""}
    state = ("paid" if paid >= row.amount else "approved") if invoices else "draft" if says_all else ""
    return {
        "title": f"{row.number}. {row.title}",
        "due": day(row.due_on),
        "amount": money(row.amount, row.currency),
        "state": states[state],
        "colour": state,
    }


def _invoice(invoice: Invoice) -> dict[str, str]:
    answers = invoice.installment
    return {
        "number": invoice.number,
        "kind": "" if invoice.kind == "invoice" else str(invoice.get_kind_display()),
        "payment": f"{answers.number}. {answers.title}" if answers else "",
        "issued": day(invoice.issued_on),
        "way": reverse("execution:followed", args=[invoice.code]),
        "amount": money(invoice.amount, invoice.currency),
        "state": str(invoice.state_title),
        "colour": invoice.state,
        "paid": day(invoice.paid_on),
    }


def _settlement(settlement: Any) -> list[Fact]:
    if settlement is None:
        return []
    owed = (
        (_("Recognised to the contractor"), settlement.owed_to_contractor),
        (_("Owed by the contractor to the entity"), settlement.owed_to_entity),
    )
    said = (
        (_("Statement"), settlement.statement),
        (_("Reservations of the contractor"), settlement.reservations),
    )
    return [
        Fact(_("Settled on"), instant(settlement.at)),
        Fact(_("How it was settled"), " · ".join(filter(None, [str(settlement.way_title), settlement.about]))),
        Fact(_("Paid in all"), money(settlement.paid_amount, settlement.currency)),
        Fact(pgettext("money", "Released"), money(settlement.released_amount, settlement.currency)),
        *(Fact(title, money(amount, settlement.currency)) for title, amount in owed if amount),
        *(Fact(title, text) for title, text in said if text),
    ]
