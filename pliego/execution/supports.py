"""The documents that an entity asks with each request of payment, and what is withheld of a payment. Plain Python.

Guarantees: what is withheld is the base by the rate, to the cent, and all of it together never exceeds what is paid; it
lessens what the contractor gets and never what was invoiced, accepted or paid back of the advance.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pliego.kernel.money import Money, format_money, rounded
from pliego.kernel.objections import Objection
from pliego.tendering.codes import CONTRACT_TYPES

MOST_SUPPORTS, MOST_RETENTIONS = 8, 6
HUNDRED = Decimal(100)


class Concept(TextChoices):
    """Why a part of a payment is withheld. The entity writes the rates: they change by year, place and payee."""

    INCOME = "income", _("Income tax (retención en la fuente)")
    VAT = "vat", _("Value added tax (ReteIVA)")
    ICA = "ica", _("Industry and commerce tax (ReteICA)")
    STAMP = "stamp", _("Stamp (estampilla)")
    WORKS = "works", _("Contribution of works contracts")
    OTHER = "other", _("Another one")


@dataclass(frozen=True)
class SupportData:
    """A document as an entity asks for it; without a type, of every contract."""

    title: str
    contract_type: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class RetentionData:
    concept: str
    base: Decimal
    rate: Decimal
    detail: str = ""

    @property
    def amount(self) -> Decimal:
        return rounded(self.base * self.rate / HUNDRED)

    @property
    def told(self) -> dict[str, str]:
        """As the act of the payment says it."""
        return {name: str(getattr(self, name)) for name in ("concept", "detail", "base", "rate", "amount")}


def support_objections(supports: Sequence[SupportData]) -> Iterator[Objection]:
    """All that is wrong with the documents that a chain asks for."""
    if len(supports) > MOST_SUPPORTS:
        too_many = _("At most %(most)s documents are asked for.") % {"most": MOST_SUPPORTS}
        yield Objection("too_many_supports", too_many, f"support_{MOST_SUPPORTS}")
    types = {code for code, _title in CONTRACT_TYPES}
    seen: set[tuple[str, str]] = set()
    for number, support in enumerate(supports, start=1):
        name = (" ".join(support.title.split()).casefold(), support.contract_type)
        if not name[0]:
            yield Objection("missing", _("Write the name of the document."), f"support_{number}")
        elif name in seen:
            yield Objection("support_twice", _("This document is already asked for."), f"support_{number}")
        if support.contract_type and support.contract_type not in types:
            yield Objection("type_unknown", _("Choose a type of contract of the list."), f"support_type_{number}")
        seen.add(name)


def asked_of(supports: Sequence[Any], contract_type: str) -> list[Any]:
    """Those that a contract of that type must bring."""
    return [support for support in supports if support.contract_type in {"", contract_type}]


def missing(asked: Sequence[Any], brought: Mapping[int, Any]) -> Iterator[Objection]:
    """What is required and did not come, at its field; and what came and nobody asked for."""
    for support in asked:
        if support.is_required and not brought.get(support.number):
            sentence = _("Attach “%(title)s”: the entity asks for it with each request of payment.")
            yield Objection("support_missing", sentence % {"title": support.title}, f"support_{support.number}")
    known = {support.number for support in asked}
    for number in brought:
        if number not in known:
            yield Objection("support_unknown", _("The entity does not ask for that document."), f"support_{number}")


def retention_objections(rows: Sequence[RetentionData], payable: Decimal, currency: str) -> Iterator[Objection]:
    """What stands against withholding that of a payment of so much."""
    if len(rows) > MOST_RETENTIONS:
        too_many = _("At most %(most)s lines are withheld.") % {"most": MOST_RETENTIONS}
        yield Objection("too_many_retentions", too_many, f"rate_{MOST_RETENTIONS}")
    for number, row in enumerate(rows, start=1):
        yield from _row_objections(row, number, payable, currency)
    withheld = withheld_of(rows)
    if withheld > payable:
        sentence = _("%(withheld)s are withheld and only %(payable)s are paid.")
        words = {"withheld": shown(withheld, currency), "payable": shown(payable, currency)}
        yield Objection("withholds_too_much", sentence % words, "rate_1")


def _row_objections(row: RetentionData, number: int, payable: Decimal, currency: str) -> Iterator[Objection]:
    if row.concept not in Concept.values:
        yield Objection("concept_unknown", _("Choose why it is withheld."), f"concept_{number}")
    if not 0 < row.base <= payable:
        sentence = _("The base goes from more than zero to what is paid: %(payable)s.")
        yield Objection("base_wrong", sentence % {"payable": shown(payable, currency)}, f"base_{number}")
    if not 0 < row.rate <= HUNDRED or row.rate != round(row.rate, 4):
        yield Objection("rate_wrong", _("Write the rate in per cent, between 0 and 100."), f"rate_{number}")


def withheld_of(rows: Sequence[RetentionData]) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))


def shown(amount: Decimal, currency: str) -> str:
    return format_money(Money(amount, currency))
