"""How a contract stands in money: what was invoiced, approved, paid, and what is left. Computed, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pliego.contracts.models import Contract
from pliego.execution.models import Invoice
from pliego.execution.rules import total
from pliego.kernel.money import Money


@dataclass(frozen=True)
class Balance:
    """Everything adds up: value = invoiced + to_invoice; invoiced = waiting + approved + paid."""

    value: Decimal
    waiting: Decimal
    approved: Decimal
    paid: Decimal
    currency: str = "COP"

    @property
    def invoiced(self) -> Decimal:
        return self.waiting + self.approved + self.paid

    @property
    def to_invoice(self) -> Decimal:
        return self.value - self.invoiced

    @property
    def to_pay(self) -> Decimal:
        return self.value - self.paid

    @property
    def paid_percent(self) -> Decimal:
        return (self.paid * 100 / self.value).quantize(Decimal("0.1")) if self.value else Decimal(0)

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)


def balance_of(contract: Contract, invoices: Iterable[Invoice] | None = None) -> Balance:
    found = list(contract.invoices.all() if invoices is None else invoices)

    def of(state: str) -> Decimal:
        return total(invoice.amount for invoice in found if invoice.state == state)

    return Balance(contract.value_amount, of("sent"), of("approved"), of("paid"), contract.value_currency)
