"""What stands against paying, settling and closing. Plain functions and sums; no floats."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection

SETTLEMENT = "Ley 80 de 1993, art. 60; Ley 1150 de 2007, art. 11"
SUPERVISION = "Ley 1474 de 2011, arts. 83 y 84"


# What the rooms above know that keeps a contract from being settled, in whatever way: a hearing of breach, say.
SETTLEMENT_CHECKS: list[Callable[[Any, datetime], Iterable[Objection]]] = []
# And that fixed its accounts: nothing is invoiced, nor a payment taken back.
ACCOUNT_CHECKS: list[Callable[[Any, datetime], Iterable[Objection]]] = []


class Part(NamedTuple):
    """A line of a payment plan as it was typed."""

    title: str
    due_on: date | None
    amount: Decimal


def plan_objections(parts: Sequence[Part], value: Decimal, currency: str = "COP") -> Iterator[Objection]:
    """The instalments must be positive, in order, and add up to the contract exactly, to the cent."""
    if not parts:
        yield Objection("plan_empty", _("The payment plan needs at least one payment."))
        return
    for number, part in enumerate(parts, start=1):
        if not part.title.strip():
            yield Objection(
                "title_missing", _("Payment %(n)s needs a name.") % {"n": number}, f"parts-{number - 1}-title"
            )
        if part.amount <= 0:
            sentence = _("Payment %(n)s needs an amount above zero.") % {"n": number}
            yield Objection("amount_missing", sentence, f"parts-{number - 1}-amount")
    total = sum((part.amount for part in parts), Decimal(0))
    if total != value:
        gap = _("The payments add up to %(total)s and the contract is worth %(value)s: %(gap)s of difference.")
        words = {
            "total": shown(total, currency),
            "value": shown(value, currency),
            "gap": shown(abs(total - value), currency),
        }
        yield Objection("plan_does_not_add_up", gap % words)
    days = [part.due_on for part in parts if part.due_on is not None]
    if days != sorted(days):
        yield Objection("plan_out_of_order", _("The dates of the payments must follow one another."))


def plan_is_in_use(contract: Any, parts: Sequence[Part]) -> Iterator[Objection]:
    """While the plan adds up to the contract, invoices fix it; when a modification changed the value, they fix only
    the payments that they ask for.
    """
    standing = [invoice for invoice in contract.invoices.all() if invoice.state != "returned"]
    plan = list(contract.installments.all())
    if not standing:
        return
    if not plan or total(row.amount for row in plan) == contract.value_amount:
        yield Objection("plan_in_use", _("The plan cannot change: there are invoices already."))
        return
    used = {invoice.installment_id for invoice in standing}
    for row in plan:
        part = parts[row.number - 1] if row.number <= len(parts) else None
        if row.pk in used and (part is None or (part.title, part.amount) != (row.title, row.amount)):
            sentence = _("Payment %(n)s has an invoice: leave its name and its amount as they are.")
            yield Objection("payment_in_use", sentence % {"n": row.number}, f"parts-{row.number - 1}-amount")


def equal_parts(value: Decimal, count: int) -> list[Decimal]:
    """The value in so many payments, equal to the cent; what is left over goes to the first. They always add up."""
    cents = int(value * 100)
    share, rest = divmod(cents, count)
    return [Decimal(share + (1 if i < rest else 0)) / 100 for i in range(count)]


def paid_day_is_wrong(paid_on: date, approved_at: datetime, at: datetime) -> Objection | None:
    """The real day of a payment is not before the approval nor in the future."""
    if paid_on > BusinessCalendar.day_of(at):
        return Objection("paid_in_the_future", _("The day of the payment cannot be in the future."), "paid_on")
    if paid_on < BusinessCalendar.day_of(approved_at):
        return Objection("paid_before_approval", _("The day of the payment is before the approval."), "paid_on")
    return None


def delivery_is_not_received(invoice: Any) -> Objection | None:
    """The supervisor answers for what was received: an invoice of a delivery waits for its reception."""
    if invoice.delivery is None or invoice.delivery.is_received:
        return None
    sentence = _("The delivery “%(title)s” is not received yet: receive it first, or return the invoice.")
    return Objection("delivery_not_received", sentence % {"title": invoice.delivery.title}, "", SUPERVISION)


def invoices_are_pending(contract: Any, at: datetime) -> Objection | None:
    """Nothing is settled while an invoice waits for somebody."""
    waiting = sum(invoice.state in {"sent", "approved"} for invoice in contract.invoices.all())
    if waiting:
        sentence = _("%(n)s invoices still wait to be approved or paid.") % {"n": waiting}
        return Objection("invoices_pending", sentence, "", SETTLEMENT)
    return None


def settling_is_held_back(contract: Any, at: datetime) -> Iterator[Objection]:
    """What keeps a contract from being settled, by both parties, by the entity or by a judge."""
    if (pending := invoices_are_pending(contract, at)) is not None:
        yield pending
    for check in SETTLEMENT_CHECKS:
        yield from check(contract, at)


def accounts_are_fixed(contract: Any, at: datetime) -> Iterator[Objection]:
    """What keeps the contract from being invoiced, and its payments from being taken back."""
    for check in ACCOUNT_CHECKS:
        yield from check(contract, at)


def shown(amount: Decimal, currency: str = "COP") -> str:
    return format_money(Money(amount, currency))


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def invoice_is_incomplete(told: Any, today: date) -> Iterator[Objection]:
    if not told.number.strip():
        yield Objection("number_missing", _("Write the number of the invoice."), "number")
    if told.issued_on is None:
        yield Objection("day_missing", _("Write the day on which the invoice was issued."), "issued_on")
    elif told.issued_on > today:
        yield Objection("issued_in_the_future", _("The invoice cannot be of a day to come."), "issued_on")
    if told.amount is None or told.amount <= 0:
        yield Objection("amount_missing", _("Write the amount of the invoice, above zero."), "amount")


def xml_contradictions(found: Any, typed: Any) -> Iterator[Objection]:
    """Where the electronic invoice and what was typed disagree."""
    for typed_value, read, name in (
        (typed.number, found.number, "number"),
        (typed.issued_on, found.issued_on, "issued_on"),
        (typed.amount, found.payable, "amount"),
    ):
        if typed_value not in (None, "") and typed_value != read:
            sentence = _("You wrote %(typed)s and the XML of the invoice says %(read)s.")
            yield Objection("xml_differs", sentence % {"typed": typed_value, "read": read}, name)
