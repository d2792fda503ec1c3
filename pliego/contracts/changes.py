"""What a modification of a contract may change, by its kind, and what stands against it. Plain data and rules.

Suspension, assignment and early termination are kinds of a later day: each is one more row of `KINDS`.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.contracts import rules
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.dates import day as shown_day
from pliego.kernel.objections import Objection, Text

LIMIT_LAW = "Ley 80 de 1993, art. 40, par."
FORM_LAW = "Ley 80 de 1993, arts. 39 y 41"
MONEY_LAW = "Decreto 111 de 1996, art. 71"
# Ley 1474 de 2011, art. 85: the supervision of works may be extended with them, whatever it adds.
WITHOUT_LIMIT = ("supervision",)
WAGES = Path(__file__).with_name("minimum_wage.toml")


@dataclass(frozen=True)
class Kind:
    """`sign` of the amount: 1 adds, -1 takes away, 0 has none. `texts` are fields of the contract that it rewrites."""

    code: str
    title: Text
    sign: int = 0
    needs_end: bool = False
    may_move_end: bool = False
    texts: tuple[str, ...] = ()


FIELDS: dict[str, Text] = {
    "value_amount": _("Value"),
    "ends_on": _("End date"),
    "object": _("Object"),
    "delivery_place": _("Place of performance"),
    "payment_terms": _("Terms of payment"),
    "clauses": _("Additional clauses"),
}
KEPT = ("title", "number", *FIELDS, "budget_commitment", "budget_commitment_amount")  # of each version
TEXTS = ("object", "delivery_place", "payment_terms", "clauses")
# fmt: off
KINDS: dict[str, Kind] = {kind.code: kind for kind in (
    Kind("extension", _("Extension of the term"),        needs_end=True, may_move_end=True),
    Kind("addition",  _("Addition to the value"), 1,     may_move_end=True),
    Kind("reduction", _("Reduction of the value"), -1),
    Kind("general",   _("Change of the text"),           texts=TEXTS),
)}
# fmt: on
# What the rooms above know of a new value: each answers objections to (contract, new value).
VALUE_CHECKS: "list[Callable[[Any, Decimal], Iterable[Objection]]]" = []


@cache
def minimum_wages() -> dict[int, Decimal]:
    rows = tomllib.loads(WAGES.read_text())["year"]
    return {row["year"]: Decimal(row["amount"]) for row in rows}


def in_wages(amount: Decimal, day: date) -> Fraction | None:
    """An amount in minimum monthly wages of its year; None while that year's is not in the data."""
    wage = minimum_wages().get(day.year)
    return None if wage is None else Fraction(amount) / Fraction(wage)


def changes_of(contract: Any, kind: Kind, data: Any) -> dict[str, dict[str, str]]:
    """Old and new value of each field that the modification would change."""
    wanted: dict[str, Any] = {}
    if kind.sign and data.amount is not None:
        wanted["value_amount"] = contract.value_amount + kind.sign * data.amount
    if kind.may_move_end and data.ends_on is not None:
        wanted["ends_on"] = data.ends_on
    texts = {name: getattr(data, name) for name in kind.texts}
    wanted |= {name: text.strip() for name, text in texts.items() if text is not None}
    old = {name: getattr(contract, name) for name in wanted}
    return {name: {"old": written(old[name]), "new": written(new)} for name, new in wanted.items() if new != old[name]}


def written(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def value_of(field: str, text: str) -> Any:
    """What a written value is in the contract."""
    if field == "value_amount":
        return Decimal(text)
    return (date.fromisoformat(text) if text else None) if field == "ends_on" else text


# ---- what stands against sending it, or publishing it --------------------------------------------------------------


def is_incomplete(modification: Any, at: datetime) -> Iterator[Objection]:
    if not modification.reason.strip():
        yield Objection("reason_missing", _("Write why the contract is modified."), "reason", FORM_LAW)
    if modification.document_id is None:
        yield Objection("document_missing", _("Attach the act of the modification."), "document", FORM_LAW)
    kind = KINDS[modification.kind]
    if kind.sign and modification.amount is None:
        yield Objection("amount_missing", _("Write the amount, above zero."), "amount")
    if kind.needs_end and "ends_on" not in modification.changes:
        yield Objection("end_missing", _("Write the new end date."), "ends_on")
    if kind.texts and not modification.changes:
        yield Objection("nothing_changes", _("Change at least one of the texts of the contract."), "object")
    if kind.sign == 1 and not modification.budget_commitment.strip():
        sentence = _("Write the number of the budget commitment (registro presupuestal) of the addition.")
        yield Objection("budget_commitment_missing", sentence, "budget_commitment", MONEY_LAW)


def is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    """What the law or the contract itself does not allow, as both are now."""
    contract = modification.contract
    for field, change in modification.changes.items():
        if written(getattr(contract, field)) != change["old"]:
            sentence = _("The contract changed since this was written. Save its data again.")
            yield Objection("contract_changed", sentence, field)
    yield from end_is_wrong(contract, modification.changes)
    yield from value_is_wrong(modification, at)


def end_is_wrong(contract: Any, changes: dict[str, dict[str, str]]) -> Iterator[Objection]:
    if "ends_on" not in changes:
        return
    if contract.ends_on is None:
        yield Objection("not_started", _("Start the contract first: only then does it have an end date."), "ends_on")
    elif date.fromisoformat(changes["ends_on"]["new"]) <= contract.ends_on:
        sentence = _("The new end date must be after %(day)s, when the contract ends now.")
        yield Objection("end_too_soon", sentence % {"day": shown_day(contract.ends_on)}, "ends_on")


def value_is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    if "value_amount" not in modification.changes:
        return
    contract, new = modification.contract, Decimal(modification.changes["value_amount"]["new"])
    if new <= 0:
        yield Objection("value_missing", _("The contract needs a value above zero."), "amount")
    for check in VALUE_CHECKS:
        yield from check(contract, new)
    if KINDS[modification.kind].sign == 1 and contract.contract_type not in WITHOUT_LIMIT:
        yield from _is_beyond_the_limit(modification, BusinessCalendar.day_of(at))


def _is_beyond_the_limit(modification: Any, today: date) -> Iterator[Objection]:
    """All additions, each in wages of its year, against half of the initial value in those of the signature."""
    contract = modification.contract
    before = [(row.amount, BusinessCalendar.day_of(row.published_at)) for row in contract.additions]
    initial = in_wages(contract.initial_amount, BusinessCalendar.day_of(contract.signed_at))
    parts = [in_wages(amount, day) for amount, day in [*before, (modification.amount, today)]]
    known = [part for part in parts if part is not None]
    if initial is None or len(known) < len(parts):
        sentence = _("The minimum wage of one of the years is not in the data. Ask the operator of the platform.")
        yield Objection("wage_unknown", sentence, "amount", LIMIT_LAW)
        return
    left = initial / 2 - sum(known[:-1])
    if known[-1] > left:
        most = max(Decimal(0), _pesos(left, today))
        sentence = _("Additions reach at most 50 %% of the initial value in minimum wages: you can still add %(most)s.")
        yield Objection("addition_too_large", sentence % {"most": rules.money(contract, most)}, "amount", LIMIT_LAW)


def _pesos(wages: Fraction, day: date) -> Decimal:
    """Down to the cent, so that what the sentence says can be added."""
    cents = wages * Fraction(minimum_wages()[day.year]) * 100
    return Decimal(cents.numerator // cents.denominator) / 100


def needs_no_supplier(modification: Any, at: datetime) -> Objection | None:
    if modification.needs_supplier:
        return None
    return Objection("unilateral", _("This one is unilateral: publish it without the supplier."))


def needs_the_supplier(modification: Any, at: datetime) -> Objection | None:
    if not modification.needs_supplier:
        return None
    return Objection("supplier_missing", _("The supplier must accept it first: send it to them."))
