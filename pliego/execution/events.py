"""What this room announces. An invoice is public once it is approved: then the act that sent it is disclosed too."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class PaymentChainSet(Event):
    """data: account, version, undo_minutes, steps [{name, role, person, group, term_days, checks, second_above}]."""

    code = "payment_chain.set"
    title = _("Chain of payments set")
    public = False


class PaymentPlanSet(Event):
    """data: contract, installments [{number, title, due_on, amount}], total."""

    code = "payment_plan.set"
    title = _("Payment plan set")
    public = False


class ExecutionPlanSet(Event):
    """data: contract, mode, advance, deliveries [{number, title, due_on, percent, articles}]."""

    code = "execution_plan.set"
    title = _("Execution plan set")
    public = False


class DeliveryReceived(Event):
    """data: contract, delivery, title, is_planned, received_on, percent, articles, remarks."""

    code = "delivery.received"
    title = _("Delivery received by the supervisor")


class PaperLoaded(Event):
    """data: contract, delivery, slot, period_from, period_to. documents: what was loaded."""

    code = "delivery.paper_loaded"
    title = _("Document of a delivery loaded")
    public = False


class InvoiceSent(Event):
    """data: contract, invoice, number, amount, issued_on, cufe. documents: the invoice."""

    code = "invoice.sent"
    title = _("Invoice sent by the contractor")
    public = False


class InvoiceReturned(Event):
    """data: contract, invoice, number, reason."""

    code = "invoice.returned"
    title = _("Invoice returned to be mended")
    public = False


class InvoiceApproved(Event):
    """data: contract, invoice, number, amount. documents: the invoice."""

    code = "invoice.approved"
    title = _("Invoice approved")


class InvoiceStepApproved(Event):
    """data: contract, invoice, number, amount, step, name, next. Disclosed when the invoice is approved."""

    code = "invoice.step_approved"
    title = _("Step of an invoice approved")
    public = False


class InvoiceSentBack(Event):
    """data: contract, invoice, number, step, name, to, reason. Disclosed when the invoice is approved."""

    code = "invoice.sent_back"
    title = _("Invoice sent back to an earlier step")
    public = False


class InvoiceUndone(Event):
    """data: contract, invoice, number, step, name, undone. Disclosed when the invoice is approved."""

    code = "invoice.undone"
    title = _("Step of an invoice taken back by whoever did it")
    public = False


class InvoiceCorrected(Event):
    """A public invoice went back. data: contract, invoice, number, amount, cause, step, to, reason."""

    code = "invoice.corrected"
    title = _("Approval or payment of an invoice taken back")


class InvoicePaid(Event):
    """data: contract, invoice, number, amount, paid_on."""

    code = "invoice.paid"
    title = _("Invoice paid")


class SettlementSigned(Event):
    """data: contract, value, paid, released. documents: the settlement record."""

    code = "settlement.signed"
    title = _("Settlement signed by the entity")
    public = False


class SettlementObjected(Event):
    """data: contract, objection."""

    code = "settlement.objected"
    title = _("Settlement objected by the contractor")
    public = False


class ContractSettled(Event):
    """data: contract, value, paid, released, reservations. documents: the settlement record."""

    code = "contract.settled"
    title = _("Contract settled by both parties")


class ContractClosed(Event):
    """data: contract, paid, disposal. documents: the record of the closing."""

    code = "contract.closed"
    title = _("File of the contract closed")
