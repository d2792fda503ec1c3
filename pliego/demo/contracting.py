"""The decided process goes on: contract, payments, settlement, closing, each on a day of the past."""

from datetime import datetime, timedelta
from decimal import Decimal

from pliego.awards.models import Award
from pliego.contracts import services as contracts
from pliego.contracts.models import Contract
from pliego.contracts.services import ContractData
from pliego.demo import papers
from pliego.demo.cast import BY_NAME, FIRMS
from pliego.demo.country import Country
from pliego.execution import rules
from pliego.execution import services as execution
from pliego.execution.services import InvoiceData
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import calendar
from pliego.tendering.models import Tender


def contracted(country: Country, tender: Tender, at: datetime) -> Contract:
    """Drafted from the award, sent, accepted, signed and started, with gloria as supervisor."""
    award = Award.objects.get(tender=tender)
    contract = contracts.draft_contract(actor=SYSTEM, award_id=award.pk, at=at)
    told = {name: getattr(contract, name) for name in ContractData.__dataclass_fields__}
    data = ContractData(**{**told, "number": f"{tender.reference}-CTO", "covers": [], "has_settlement": True})
    contracts.edit_contract(actor=country.actor("ana"), contract_id=contract.pk, data=data, at=at)
    contracts.send_contract(actor=country.actor("ana"), contract_id=contract.pk, at=at)
    winner, officer = country.actor(_founder(contract), at=at), country.actor("beto", at=at)
    contracts.accept_contract(actor=winner, contract_id=contract.pk, at=at + timedelta(hours=2))
    contracts.sign_contract(
        actor=officer,
        contract_id=contract.pk,
        budget_commitment=f"RP-{tender.reference}",
        budget_commitment_amount=contract.value_amount,
        at=at + timedelta(hours=4),
    )
    started_at = at + timedelta(days=1)
    return contracts.start_contract(
        actor=country.actor("beto", at=started_at),
        contract_id=contract.pk,
        supervisor_id=country.actor("gloria").user_id,
        starts_on=calendar.day_of(started_at),
        at=started_at,
    )


def performed(country: Country, contract: Contract, at: datetime) -> None:
    """Two deliveries, two invoices, two payments; the settlement, and the file is closed."""
    amounts = rules.equal_parts(contract.value_amount, 2)
    parts = [rules.Part(f"Entrega {number}", None, amount) for number, amount in enumerate(amounts, start=1)]
    execution.set_payment_plan(actor=country.actor("gloria"), contract_id=contract.pk, parts=parts, at=at)
    for number, amount in enumerate(amounts, start=1):
        at += timedelta(days=4)
        _paid(country, contract, number, amount, at)
    at += timedelta(days=2)
    supervisor, officer = country.actor("gloria", at=at), country.actor("beto", at=at)
    contracts.complete_contract(actor=supervisor, contract_id=contract.pk, completed_on=calendar.day_of(at), at=at)
    statement = "Se recibieron todos los bienes y se pagó el valor total. Las partes se declaran a paz y salvo."
    execution.draft_settlement(actor=supervisor, contract_id=contract.pk, statement=statement, at=at)
    execution.sign_settlement(actor=officer, contract_id=contract.pk, at=at + timedelta(hours=1))
    winner = country.actor(_founder(contract), at=at)
    execution.accept_settlement(actor=winner, contract_id=contract.pk, at=at + timedelta(hours=2))
    execution.close_file(actor=officer, contract_id=contract.pk, at=at + timedelta(hours=3))


def _paid(country: Country, contract: Contract, number: int, amount: Decimal, at: datetime) -> None:
    invoice = execution.send_invoice(
        actor=country.actor(_founder(contract), at=at),
        contract_id=contract.pk,
        data=InvoiceData(number=f"FV-{number}", issued_on=calendar.day_of(at), amount=amount),
        document=papers.upload(f"factura-{number}.pdf", f"Factura FV-{number}", f"Entrega {number}"),
        at=at,
    )
    approved_at, paid_at = at + timedelta(hours=6), at + timedelta(days=2)
    execution.approve_invoice(actor=country.actor("gloria", at=approved_at), invoice_id=invoice.pk, at=approved_at)
    execution.mark_paid(
        actor=country.actor("hugo", at=paid_at), invoice_id=invoice.pk, paid_on=calendar.day_of(paid_at), at=paid_at
    )


def _founder(contract: Contract) -> str:
    """The name of the cast's member who represents the supplier of the contract."""
    number = contract.supplier.organization.number
    return next(m.name for m in BY_NAME.values() if m.account in FIRMS and FIRMS[m.account].number == number)
