"""Paying, settling and closing over the API: the same services as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import queries as contracts
from pliego.contracts.models import Contract
from pliego.execution import chain_api, delivery_api, queries, services
from pliego.execution.balances import Balance, balance_of
from pliego.execution.models import Invoice, Settlement
from pliego.execution.rules import Part
from pliego.execution.services import InvoiceData
from pliego.execution.supports import RetentionData
from pliego.kernel.objections import Unknown
from pliego.ledger.models import Entry
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["execution"])
router.add_router("", chain_api.router)
router.add_router("", delivery_api.router)

Name = Annotated[str, Field(max_length=200)]
Prose = Annotated[str, Field(max_length=4000)]
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
UploadCode = Annotated[str, Field(max_length=100, description="A finished upload of the right kind")]


class PartIn(Schema):
    title: Name
    due_on: date | None = None
    amount: Amount


class PaymentPlanIn(Schema):
    model_config = example(installments=[{"title": "Pago único", "amount": "38000000.00"}])

    installments: Annotated[list[PartIn], Field(max_length=120)]


class InvoiceIn(Schema):
    model_config = example(number="F-1", issued_on="2026-03-02", amount="1000000.00", upload="CRG-1")

    number: Annotated[str, Field(max_length=40)] = ""
    issued_on: date | None = None
    amount: Amount | None = None
    installment_number: int | None = None
    kind: Annotated[str, Field(max_length=8, description="invoice, advance, credit or debit")] = "invoice"
    corrects: Annotated[str, Field(max_length=24)] = ""
    delivery_number: int | None = None
    amortised: Amount = Decimal(0)
    technical_key: Name = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    upload: UploadCode
    supports: Annotated[
        dict[int, UploadCode], Field(description="By the number of the document in the chain of payments")
    ] = {}


class PaymentReasonIn(Schema):
    model_config = example(reason="La factura no trae el número del contrato")

    reason: Prose


class StepReturnIn(PaymentReasonIn):
    """`to` is the number of an earlier step; 0 is the supplier. `step` is the one that the caller saw."""

    to: Annotated[int, Field(ge=0, le=100)] = 0
    step: int | None = None


class StepApprovalIn(Schema):
    model_config = example()

    note: Annotated[str, Field(max_length=2000)] = ""
    step: int | None = None


class RetentionIn(Schema):
    """`rate` in per cent; what is withheld is the base by the rate, to the cent."""

    concept: Annotated[str, Field(max_length=10, description="income, vat, ica, stamp, works or other")]
    base: Amount
    rate: Annotated[Decimal, Field(max_digits=7, decimal_places=4)]
    detail: Name = ""


class PaidIn(Schema):
    model_config = example(paid_on="2026-03-02")

    step: int | None = None

    paid_on: date
    proof: UploadCode | None = None
    retentions: Annotated[list[RetentionIn], Field(max_length=20)] = []


class StatementIn(Schema):
    model_config = example(statement="Todo se recibió a satisfacción.")

    statement: Annotated[str, Field(max_length=8000)]


class AcceptSettlementIn(Schema):
    """`reservations` (salvedades): what the contractor does not settle."""

    model_config = example()

    reservations: Annotated[str, Field(max_length=8000)] = ""


class CloseFileIn(Schema):
    """`disposal`: how final disposal and environmental recovery were met, where the contract asked for them."""

    model_config = example()

    disposal: Prose = ""


class InstallmentOut(ninja.Schema):
    number: int
    title: str
    due_on: date | None
    amount: Decimal


class BalanceOut(ninja.Schema):
    value: Decimal
    waiting: Decimal
    approved: Decimal
    paid: Decimal
    to_invoice: Decimal
    to_pay: Decimal
    accepted: Decimal
    pending: Decimal
    disbursed: Decimal
    withheld: Decimal
    received: Decimal
    advance_agreed: Decimal
    advance: Decimal
    amortised: Decimal
    to_amortise: Decimal


class InvoiceOut(ninja.Schema):
    code: str
    contract: str
    kind: str
    number: str
    issued_on: date
    amount: Decimal
    amortised_amount: Decimal
    withheld_amount: Decimal
    currency: str
    state: str
    cufe: str
    cufe_check: str
    returned_reason: str
    sent_at: datetime
    decided_at: datetime | None
    paid_on: date | None
    document: str


class PaymentsOut(ninja.Schema):
    contract: str
    installments: list[InstallmentOut]
    invoices: list[InvoiceOut]
    balance: BalanceOut


class PlanDone(ninja.Schema):
    installments: list[InstallmentOut]
    receipt: Receipt


class InvoiceDone(ninja.Schema):
    invoice: InvoiceOut
    receipt: Receipt


class SettlementOut(ninja.Schema):
    contract: str
    state: str
    statement: str
    paid_amount: Decimal
    released_amount: Decimal
    objection: str
    reservations: str
    document: str | None


class SettlementDone(ninja.Schema):
    settlement: SettlementOut
    receipt: Receipt | None


class ClosedOut(ninja.Schema):
    contract: str
    state: str
    receipt: Receipt


def _contract(request: Request, code: str) -> Contract:
    return get_visible(contracts.whole(Contract.objects.visible_to(request.actor)), code=code)


def _invoice(request: Request, code: str) -> Invoice:
    rows = Invoice.objects.visible_to(request.actor).select_related("contract", "document")
    invoice = get_visible(rows, code=code)
    if not Contract.objects.visible_to(request.actor).filter(pk=invoice.contract_id).exists():
        raise Unknown()
    return invoice


def _receipt(entry: Entry | None) -> dict[str, str] | None:
    return {"code": entry.code, "url": entry.url} if entry else None


def _invoice_out(invoice: Invoice) -> dict[str, Any]:
    told = {name: getattr(invoice, name) for name in InvoiceOut.model_fields}
    return {**told, "contract": invoice.contract.code, "document": invoice.document.code}


def _invoice_done(invoice: Invoice) -> dict[str, Any]:
    return {"invoice": _invoice_out(invoice), "receipt": _receipt(invoice.receipt)}


def _balance(balance: Balance) -> dict[str, Decimal]:
    return {name: getattr(balance, name) for name in BalanceOut.model_fields}


@router.get("/contracts/{code}/payments", response=PaymentsOut, operation_id="get_payments")
def get_payments(request: Request, code: str) -> dict[str, Any]:
    """The plan, the invoices that this reader may see and how the contract stands with them."""
    contract = _contract(request, code)
    invoices = list(queries.invoices_of(actor=request.actor, contract=contract).select_related("contract"))
    return {
        "contract": contract.code,
        "installments": list(contract.installments.all()),
        "invoices": [_invoice_out(invoice) for invoice in invoices],
        "balance": _balance(balance_of(contract, invoices)),
    }


@router.put("/contracts/{code}/payment-plan", response=PlanDone, operation_id="set_payment_plan")
def set_payment_plan(request: Request, code: str, payload: PaymentPlanIn) -> dict[str, Any]:
    contract = _contract(request, code)
    parts = [Part(part.title, part.due_on, part.amount) for part in payload.installments]
    done = services.set_payment_plan(actor=request.actor, contract_id=contract.pk, parts=parts, at=request.received_at)
    return {"installments": list(done.installments.all()), "receipt": _receipt(done.receipt)}


@router.post("/contracts/{code}/invoices", response={201: InvoiceDone}, operation_id="send_invoice")
def send_invoice(request: Request, code: str, payload: InvoiceIn) -> Status[dict[str, Any]]:
    contract = _contract(request, code)
    data = payload.dict()
    document = Upload(upload_id=data.pop("upload"))
    data["supports"] = {number: Upload(upload_id=code) for number, code in payload.supports.items()}
    invoice = services.send_invoice(
        actor=request.actor,
        contract_id=contract.pk,
        data=InvoiceData(**data),
        document=document,
        at=request.received_at,
    )
    return Status(201, _invoice_done(invoice))


@router.get("/invoices/{code}", response=InvoiceOut, operation_id="get_invoice")
def get_invoice(request: Request, code: str) -> dict[str, Any]:
    return _invoice_out(_invoice(request, code))


@router.post("/invoices/{code}/return", response=InvoiceDone, operation_id="return_invoice")
def return_invoice(request: Request, code: str, payload: StepReturnIn) -> dict[str, Any]:
    """To the supplier, or to an earlier step of the chain."""
    invoice = _invoice(request, code)
    told = payload.dict()
    done = services.return_invoice(actor=request.actor, invoice_id=invoice.pk, at=request.received_at, **told)
    return _invoice_done(done)


@router.post("/invoices/{code}/approve", response=InvoiceDone, operation_id="approve_invoice")
def approve_invoice(request: Request, code: str, payload: StepApprovalIn | None = None) -> dict[str, Any]:
    """The step at which the invoice is."""
    invoice = _invoice(request, code)
    told = payload.dict() if payload else {}
    done = services.approve_invoice(actor=request.actor, invoice_id=invoice.pk, at=request.received_at, **told)
    return _invoice_done(done)


@router.post("/invoices/{code}/pay", response=InvoiceDone, operation_id="mark_invoice_paid")
def mark_paid(request: Request, code: str, payload: PaidIn) -> dict[str, Any]:
    invoice = _invoice(request, code)
    told = payload.dict() | {"proof": Upload(upload_id=payload.proof) if payload.proof else None}
    told["retentions"] = [RetentionData(**row.dict()) for row in payload.retentions]
    done = services.mark_paid(actor=request.actor, invoice_id=invoice.pk, at=request.received_at, **told)
    return _invoice_done(done)


@router.post("/invoices/{code}/undo", response=InvoiceDone, operation_id="undo_invoice_step")
def undo_step(request: Request, code: str) -> dict[str, Any]:
    """Take back one's own approval or payment, within the minutes of the chain."""
    invoice = _invoice(request, code)
    return _invoice_done(services.undo_step(actor=request.actor, invoice_id=invoice.pk, at=request.received_at))


@router.post("/invoices/{code}/correct", response=InvoiceDone, operation_id="correct_invoice")
def correct_invoice(request: Request, code: str, payload: PaymentReasonIn) -> dict[str, Any]:
    """Another person takes back an approval or a payment by mistake, in public."""
    invoice = _invoice(request, code)
    done = services.correct_invoice(
        actor=request.actor, invoice_id=invoice.pk, reason=payload.reason, at=request.received_at
    )
    return _invoice_done(done)


def _settlement_done(settlement: Settlement) -> dict[str, Any]:
    told = {name: getattr(settlement, name) for name in SettlementOut.model_fields if hasattr(settlement, name)}
    document = settlement.document.code if settlement.document else None
    out = {**told, "contract": settlement.contract.code, "document": document}
    return {"settlement": out, "receipt": _receipt(settlement.receipt)}


@router.put("/contracts/{code}/settlement", response=SettlementDone, operation_id="draft_settlement")
def draft_settlement(request: Request, code: str, payload: StatementIn) -> dict[str, Any]:
    contract = _contract(request, code)
    done = services.draft_settlement(
        actor=request.actor, contract_id=contract.pk, statement=payload.statement, at=request.received_at
    )
    return _settlement_done(done)


@router.post("/contracts/{code}/settlement/sign", response=SettlementDone, operation_id="sign_settlement")
def sign_settlement(request: Request, code: str) -> dict[str, Any]:
    contract = _contract(request, code)
    return _settlement_done(
        services.sign_settlement(actor=request.actor, contract_id=contract.pk, at=request.received_at)
    )


@router.post("/contracts/{code}/settlement/accept", response=SettlementDone, operation_id="accept_settlement")
def accept_settlement(request: Request, code: str, payload: AcceptSettlementIn | None = None) -> dict[str, Any]:
    contract = _contract(request, code)
    told = payload.dict() if payload else {}
    done = services.accept_settlement(actor=request.actor, contract_id=contract.pk, at=request.received_at, **told)
    return _settlement_done(done)


@router.post("/contracts/{code}/settlement/object", response=SettlementDone, operation_id="object_settlement")
def object_settlement(request: Request, code: str, payload: PaymentReasonIn) -> dict[str, Any]:
    contract = _contract(request, code)
    done = services.object_settlement(
        actor=request.actor, contract_id=contract.pk, objection=payload.reason, at=request.received_at
    )
    return _settlement_done(done)


@router.post("/contracts/{code}/close", response=ClosedOut, operation_id="close_contract_file")
def close_file(request: Request, code: str, payload: CloseFileIn | None = None) -> dict[str, Any]:
    contract = _contract(request, code)
    told = payload.dict() if payload else {}
    done = services.close_file(actor=request.actor, contract_id=contract.pk, at=request.received_at, **told)
    return {"contract": done.code, "state": done.state, "receipt": _receipt(done.receipt)}
