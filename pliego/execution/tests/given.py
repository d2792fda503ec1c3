"""Invoices and settlements for the tests of this room and of those above, made by the services."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pliego.authority.tests import given as authority
from pliego.contracts import services as contracts
from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.contracts.tests.given import House, signed
from pliego.execution import rules, services, ubl
from pliego.execution.chain import StepData
from pliego.execution.deliveries import DeliveryData
from pliego.execution.models import Invoice, PaymentChain, Settlement
from pliego.execution.services import InvoiceData
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.web.fields import Upload
from tests.furnishing import furnished

KEY = "clave-tecnica-de-prueba"


def dian_xml(contract: Contract, amount: Decimal, at: datetime, number: str = "SETP1", **changes: str) -> bytes:
    """An electronic invoice of that contract, with the CUFE that KEY gives. Made here: no real invoice is copied."""
    told = {
        "number": number,
        "day": calendar.day_of(at).isoformat(),
        "time": "09:00:00-05:00",
        "issuer": contract.supplier.organization.number,
        "buyer": contract.buyer.organization.number,
        "total": f"{amount:.2f}",
        "currency": contract.value_currency,
        "environment": "2",
        "cufe": "0" * 96,
        "before": "",
        **changes,
    }
    if "cufe" not in changes:
        told["cufe"] = ubl.cufe(ubl.read(TEMPLATE.format(**told).encode()), KEY)
    return TEMPLATE.format(**told).encode()


TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>{before}
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ProfileExecutionID>{environment}</cbc:ProfileExecutionID><cbc:ID>{number}</cbc:ID>
 <cbc:UUID schemeName="CUFE-SHA384">{cufe}</cbc:UUID>
 <cbc:IssueDate>{day}</cbc:IssueDate><cbc:IssueTime>{time}</cbc:IssueTime>
 <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{issuer}</cbc:CompanyID>
 </cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{buyer}</cbc:CompanyID>
 </cac:PartyTaxScheme></cac:Party></cac:AccountingCustomerParty>
 <cac:TaxTotal><cbc:TaxAmount>0.00</cbc:TaxAmount><cac:TaxSubtotal><cac:TaxCategory><cac:TaxScheme>
 <cbc:ID>01</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:LineExtensionAmount>{total}</cbc:LineExtensionAmount>
 <cbc:PayableAmount>{total}</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>"""


def xml_upload(content: bytes, name: str = "factura.xml") -> Upload:
    return Upload(file=SimpleUploadedFile(name, content))


def colleague(of: House, name: str, roles: list[str], at: datetime) -> Actor:
    """One more person of the entity."""
    return given.tendering.joined(of.buyer.account, name, roles, at)


def chained(
    of: House, at: datetime, second_above: Decimal | None = None, people: Sequence[str] = ("lina",)
) -> PaymentChain:
    """The chain of the letter: the supervisor, the endorsement of `people` (lawyers), finance (beto), treasury."""
    for name in people:
        colleague(of, name, ["preparer"], at)
    lawyers = authority.group(of.beto, at, list(people))
    steps = [
        StepData("Supervisión", role="supervisor", term_days=3, checks="Lo facturado se recibió"),
        StepData("Aval jurídico", group=lawyers.code, term_days=2, checks="Los soportes están completos"),
        StepData("Financiera", person=of.beto.user_code),
        StepData("Tesorería", role="treasurer", term_days=5, second_above=second_above),
    ]
    return services.set_chain(actor=of.beto, steps=steps, at=at)


def lawyer(of: House, name: str) -> Actor:
    return authority.person(of.buyer.account, name).with_signature(None)


def lina(of: House) -> Actor:
    return lawyer(of, "lina")


def followed(contract: Contract, of: House, at: datetime) -> Contract:
    """With two deliveries: the half of it, and the rest."""
    rows = [DeliveryData(title, None, percent) for title, percent in (("Mitad", Decimal(50)), ("Resto", Decimal(100)))]
    services.set_execution_plan(actor=of.gloria, contract_id=contract.pk, mode="percent", rows=rows, at=at)
    return contract


def planned(contract: Contract, of: House, at: datetime, count: int = 2) -> Contract:
    amounts = rules.equal_parts(contract.value_amount, count)
    parts = [rules.Part(f"Pago {n}", None, amount) for n, amount in enumerate(amounts, start=1)]
    return services.set_payment_plan(actor=of.gloria, contract_id=contract.pk, parts=parts, at=at)


def invoice_data(at: datetime, amount: Decimal, **changes: Any) -> InvoiceData:
    return InvoiceData(**{"number": "F-1", "issued_on": calendar.day_of(at), "amount": amount, **changes})


def sent_invoice(
    contract: Contract, of: House, at: datetime, amount: Decimal = Decimal("1000000"), **changes: Any
) -> Invoice:
    return services.send_invoice(
        actor=of.carla,
        contract_id=contract.pk,
        data=invoice_data(at, amount, **changes),
        document=given.tendering.pdf("factura.pdf"),
        at=at,
    )


def approved_invoice(contract: Contract, of: House, at: datetime, **changes: Any) -> Invoice:
    invoice = sent_invoice(contract, of, at, **changes)
    return services.approve_invoice(actor=of.gloria, invoice_id=invoice.pk, at=at)


def paid_invoice(contract: Contract, of: House, at: datetime, **changes: Any) -> Invoice:
    invoice = approved_invoice(contract, of, at, **changes)
    return services.mark_paid(actor=of.hugo, invoice_id=invoice.pk, paid_on=calendar.day_of(at), at=at)


@furnished
def completed(at: datetime, of: House, *, has_settlement: bool = True, covers: tuple[str, ...] = ()) -> Contract:
    """A contract that was performed and paid in full."""
    contract = given.running(at, of, covers=covers, has_settlement=has_settlement)
    paid_invoice(contract, of, at, amount=contract.value_amount)
    return contracts.complete_contract(
        actor=of.gloria, contract_id=contract.pk, completed_on=calendar.day_of(at), at=at
    )


def signed_settlement(contract: Contract, of: House, at: datetime) -> Settlement:
    services.draft_settlement(actor=of.gloria, contract_id=contract.pk, statement="Todo se recibió.", at=at)
    return services.sign_settlement(actor=signed(of.beto, at), contract_id=contract.pk, at=at)
