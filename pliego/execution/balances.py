"""How a contract stands in money: what was invoiced, accepted, paid, advanced and paid back. Computed, never stored.

Guarantees, whatever the sequence of requests, returns, payments and corrections: what is invoiced never exceeds the
value; what pays back the advance never exceeds it, nor the advance what was agreed; the money that leaves, which is the
advance and what is invoiced less what pays it back, never exceeds the value. Plain sums over `Entry`, no floats.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.execution.rules import shown, total
from pliego.kernel.money import Money
from pliego.kernel.objections import Objection

ZERO = Decimal(0)
CREDITED = Objection("invoice_is_credited", _("A note corrects this invoice: send the note back first."))


@dataclass(frozen=True)
class Entry:
    """A request as far as sums need it. A credit note counts once it is accepted; a returned request, never."""

    kind: str  # invoice, advance, credit, debit
    state: str
    amount: Decimal
    amortised: Decimal = ZERO
    withheld: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """What it adds to what is invoiced."""
        if self.kind == "advance" or (self.kind == "credit" and self.state == "sent"):
            return ZERO
        return -self.amount if self.kind == "credit" else self.amount


@dataclass(frozen=True)
class Balance:
    """Everything adds up: value = invoiced + to_invoice = disbursed + to_pay; invoiced = waiting + approved + paid.

    `waiting`, `approved` and `paid` are of invoices and notes; the advance, and what pays it back, stand apart.
    """

    value: Decimal
    waiting: Decimal = ZERO
    approved: Decimal = ZERO
    paid: Decimal = ZERO
    currency: str = "COP"
    advance_agreed: Decimal = ZERO
    advance_waiting: Decimal = ZERO
    advance_approved: Decimal = ZERO
    advance_paid: Decimal = ZERO
    amortised_waiting: Decimal = ZERO
    amortised_approved: Decimal = ZERO
    amortised_paid: Decimal = ZERO
    withheld: Decimal = ZERO

    @property
    def invoiced(self) -> Decimal:
        return self.waiting + self.approved + self.paid

    @property
    def accepted(self) -> Decimal:
        return self.approved + self.paid

    @property
    def to_invoice(self) -> Decimal:
        return self.value - self.invoiced

    @property
    def advance(self) -> Decimal:
        """The advance that was accepted."""
        return self.advance_approved + self.advance_paid

    @property
    def advance_asked(self) -> Decimal:
        return self.advance + self.advance_waiting

    @property
    def amortised(self) -> Decimal:
        return self.amortised_approved + self.amortised_paid

    @property
    def amortised_asked(self) -> Decimal:
        return self.amortised + self.amortised_waiting

    @property
    def to_amortise(self) -> Decimal:
        return self.advance - self.amortised

    @property
    def disbursed(self) -> Decimal:
        """The money that left."""
        return self.paid + self.advance_paid - self.amortised_paid

    @property
    def received(self) -> Decimal:
        """What of it reached the contractor; the rest was withheld and paid in its name."""
        return self.disbursed - self.withheld

    @property
    def pending(self) -> Decimal:
        """Accepted and not paid yet."""
        return self.approved + self.advance_approved - self.amortised_approved

    @property
    def committed(self) -> Decimal:
        """The money that left or will, if all that is asked for is accepted."""
        return self.invoiced + self.advance_asked - self.amortised_asked

    @property
    def to_pay(self) -> Decimal:
        return self.value - self.disbursed

    @property
    def paid_percent(self) -> Decimal:
        return (self.disbursed * 100 / self.value).quantize(Decimal("0.1")) if self.value else ZERO

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)


def tally(value: Decimal, entries: Iterable[Entry], *, agreed: Decimal = ZERO, currency: str = "COP") -> Balance:
    found = list(entries)

    def gross(state: str) -> Decimal:
        return total(entry.gross for entry in found if entry.state == state)

    def advance(state: str) -> Decimal:
        return total(entry.amount for entry in found if entry.state == state and entry.kind == "advance")

    def amortised(state: str) -> Decimal:
        return total(entry.amortised for entry in found if entry.state == state)

    states = ("sent", "approved", "paid")
    waiting, approved, paid = map(gross, states)
    withheld = total(entry.withheld for entry in found if entry.state == "paid")
    made = Balance(
        value, waiting, approved, paid, currency, agreed, *map(advance, states), *map(amortised, states)
    )  # fmt: skip
    return replace(made, withheld=withheld)


def against(balance: Balance, asked: Entry, *, room: Decimal | None = None) -> Iterator[Objection]:
    """What stands against asking for this now. `room` is what is left to credit of the invoice that a note corrects."""
    currency = balance.currency
    if asked.kind == "credit":
        if room is not None and asked.amount > room:
            words = {"room": shown(room, currency)}
            yield Objection(
                "credit_too_large", _("Of that invoice only %(room)s are left to credit.") % words, "amount"
            )
        return
    if asked.kind == "advance":
        left = balance.advance_agreed - balance.advance_asked
        if asked.amount > left:
            words = {"left": shown(max(left, ZERO), currency)}
            yield Objection("exceeds_advance", _("Of the agreed advance %(left)s are left.") % words, "amount")
        elif asked.amount > (free := balance.value - balance.committed):
            sentence = _("With what was already asked for, the contract has only %(left)s left for an advance.")
            yield Objection("advance_too_late", sentence % {"left": shown(free, currency)}, "amount")
        return
    if asked.amount > balance.to_invoice:
        sentence = _("The invoice is for %(amount)s and only %(available)s of the contract is left to invoice.")
        words = {"amount": shown(asked.amount, currency), "available": shown(balance.to_invoice, currency)}
        yield Objection("exceeds_balance", sentence % words, "amount")
        return
    yield from _against_amortising(balance, asked)


def _against_amortising(balance: Balance, asked: Entry) -> Iterator[Objection]:
    currency, left = balance.currency, balance.advance - balance.amortised_asked
    if not ZERO <= asked.amortised <= asked.amount:
        sentence = _("What pays back the advance goes from zero to the amount of the invoice.")
        yield Objection("amortised_wrong", sentence, "amortised")
    elif asked.amortised > left:
        words = {"left": shown(max(left, ZERO), currency)}
        yield Objection("amortises_too_much", _("Of the advance %(left)s are left to pay back.") % words, "amortised")
    over = balance.committed + asked.amount - asked.amortised - balance.value
    if over > ZERO:
        sentence = _("With the advance the contract would pay %(over)s too much: pay back that much more of it here.")
        yield Objection("amortise_more", sentence % {"over": shown(over, currency)}, "amortised")


def below_what_was_invoiced(balance: Balance, value: Decimal) -> Iterator[Objection]:
    """A contract is not reduced below the invoices that stand, nor below the money that left or will."""
    invoiced = max(balance.invoiced, balance.committed)
    if value < invoiced:
        sentence = _("The contract cannot be worth less than what was invoiced: %(invoiced)s.")
        words = {"invoiced": shown(invoiced, balance.currency)}
        yield Objection("below_what_was_invoiced", sentence % words, "amount")


def unsound(balance: Balance) -> Iterator[Objection]:
    """What would not add up if a request went back or an act were corrected."""
    if max(balance.invoiced, balance.committed) > balance.value:
        yield Objection("exceeds_balance", _("Without it, what was invoiced afterwards would exceed the contract."))
    if balance.amortised_asked > balance.advance_asked:
        yield Objection("advance_in_use", _("Other invoices already pay back this advance: send those back first."))
    if balance.accepted < ZERO:
        yield CREDITED


def entry_of(invoice: Any, state: str = "") -> Entry:
    state = state or invoice.state
    return Entry(invoice.kind, state, invoice.amount, invoice.amortised_amount, invoice.withheld_amount)


def balance_of(
    contract: Any, invoices: Iterable[Any] | None = None, *, moved: tuple[Any, str] | None = None
) -> Balance:
    """The balance of a contract over these invoices, or all; with one of them moved to another state, if asked."""
    found = list(contract.invoices.all() if invoices is None else invoices)
    changed = {moved[0].pk: moved[1]} if moved else {}
    plan = getattr(contract, "execution_plan", None)
    return tally(
        contract.value_amount,
        (entry_of(invoice, changed.get(invoice.pk, "")) for invoice in found),
        agreed=plan.advance_amount if plan else ZERO,
        currency=contract.value_currency,
    )
