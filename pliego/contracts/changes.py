"""What a modification of a contract may change, by its kind, and what stands against it. Plain data and rules.

What is wrong with the day from which it has effect, with the cause of an ending or with the party that takes a contract
over is in `turning.py`.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.contracts import rules, turning
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.dates import day as shown_day
from pliego.kernel.objections import Objection, Text

LIMIT_LAW = "Ley 80 de 1993, art. 40, par."
FORM_LAW = "Ley 80 de 1993, arts. 39 y 41"
MONEY_LAW = "Decreto 111 de 1996, art. 71"
# Ley 1474 de 2011, art. 85: the supervision of works may be extended with them, whatever it adds.
WITHOUT_LIMIT = ("supervision",)
WAGES = Path(__file__).with_name("minimum_wage.toml")


Moves = Callable[[Any, Any], dict[str, Any]]  # (contract, what was typed) → the new values


def _nothing(contract: Any, typed: Any) -> dict[str, Any]:
    return {}


def _suspends(contract: Any, typed: Any) -> dict[str, Any]:
    """From a day until a planned one. Of a contract that is suspended, only that one moves."""
    began = contract.suspended_on or typed.effective_on
    return {"suspended_on": began, "resumes_on": typed.resumes_on}


def _resumes(contract: Any, typed: Any) -> dict[str, Any]:
    """The term did not run: the contract ends as many days later as it was suspended."""
    if contract.suspended_on is None or typed.effective_on is None or contract.ends_on is None:
        return {}
    days = max(typed.effective_on - contract.suspended_on, timedelta())
    return {"ends_on": contract.ends_on + days, **GOES_ON}


def _assigns(contract: Any, typed: Any) -> dict[str, Any]:
    return {"supplier": typed.party} if typed.party is not None else {}


def _ends(contract: Any, typed: Any) -> dict[str, Any]:
    return {"completed_on": typed.effective_on, **GOES_ON} if typed.effective_on else {}


GOES_ON = {"suspended_on": None, "resumes_on": None}  # it is not suspended any more


@dataclass(frozen=True)
class Kind:
    """`sign` of the amount: 1 adds, -1 takes away, 0 has none. `texts` are fields of the contract that it rewrites.

    `asks` must be written, besides reason and act; `moves` says what comes of it. It is of contracts in one of `stages`
    and, where `while_suspended` says so, only of those that are suspended or only of those that are not. `leaves` is
    what it leaves said of the contract, `clears` what it takes out. `binds_all`: nobody decides it alone.
    """

    code: str
    title: Text
    sign: int = 0
    needs_end: bool = False
    may_move_end: bool = False
    texts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    moves: Moves = _nothing
    stages: tuple[str, ...] = ("running",)
    while_suspended: bool | None = False
    leaves: str = ""
    clears: tuple[str, ...] = ()
    binds_all: bool = False
    ends: bool = False


FIELDS: dict[str, Text] = {
    "value_amount": _("Value"),
    "ends_on": _("End date"),
    "object": _("Object"),
    "delivery_place": _("Place of performance"),
    "payment_terms": _("Terms of payment"),
    "clauses": _("Additional clauses"),
    "supplier": _("Contractor"),
    "suspended_on": _("Suspended since"),
    "resumes_on": _("Planned day of the resumption"),
    "completed_on": _("Day on which it ended"),
}
# Besides, of each version.
KEPT: dict[str, Text] = {
    "title": _("Title"),
    "number": _("Number"),
    **FIELDS,
    "budget_commitment": _("Budget commitment"),
    "budget_commitment_amount": _("Amount of the budget commitment"),
}
MONEY = ("value_amount", "budget_commitment_amount")
DAYS = ("ends_on", "suspended_on", "resumes_on", "completed_on")
TEXTS = ("object", "delivery_place", "payment_terms", "clauses")
ALIVE, ALWAYS = ("signed", "running"), None
DAY, PLANNED, OVER = "effective_on", "resumes_on", ("suspended",)
# fmt: off
KINDS: dict[str, Kind] = {kind.code: kind for kind in (
    Kind("extension",   _("Extension of the term"),   stages=ALIVE, leaves="extended", needs_end=True,
         may_move_end=True),
    Kind("addition",    _("Addition to the value"), 1, stages=ALIVE, leaves="added", may_move_end=True),
    Kind("reduction",   _("Reduction of the value"), -1, stages=ALIVE, leaves="reduced"),
    Kind("general",     _("Change of the text"),      stages=ALIVE, leaves="rewritten", texts=TEXTS),
    Kind("suspension",  _("Suspension"),              asks=(DAY, PLANNED), moves=_suspends, while_suspended=ALWAYS,
         leaves="suspended"),
    Kind("resumption",  _("Resumption"),              asks=(DAY,), moves=_resumes, while_suspended=True,
         leaves="resumed", clears=OVER),
    Kind("assignment",  _("Assignment of the contract"), asks=(DAY, "party"), moves=_assigns, stages=ALIVE,
         while_suspended=ALWAYS, leaves="assigned", binds_all=True),
    Kind("termination", _("Early termination"),       asks=(DAY, "cause"), moves=_ends, while_suspended=ALWAYS,
         leaves="terminated", clears=OVER, ends=True),
    Kind("conclusion",  _("Conclusion"),              asks=(DAY,), moves=_ends, leaves="concluded", ends=True),
)}
# What happened to a contract, apart from the stage of its life.
HAPPENED: dict[str, Text] = {
    "suspended":  pgettext_lazy("contract", "Suspended now"),
    "added":      pgettext_lazy("contract", "Added to"),
    "reduced":    pgettext_lazy("contract", "Reduced"),
    "extended":   pgettext_lazy("contract", "Extended"),
    "rewritten":  pgettext_lazy("contract", "Its text changed"),
    "resumed":    pgettext_lazy("contract", "Was suspended and resumed"),
    "assigned":   pgettext_lazy("contract", "Assigned to another contractor"),
    "terminated": pgettext_lazy("contract", "Ended before its time"),
    "concluded":  pgettext_lazy("contract", "Concluded by an act"),
    "forfeited":  pgettext_lazy("contract", "Its caducity was declared"),
}
# fmt: on
ASKED: dict[str, Objection] = {
    "effective_on": Objection("effective_missing", _("Write the day from which it has effect."), "effective_on"),
    "resumes_on": Objection("planned_missing", _("Write the day on which it is planned to resume."), "resumes_on"),
    "cause": Objection("cause_missing", _("Choose the cause of the early termination."), "cause"),
    "party": Objection("to_missing", _("Write the NIT or the code of whoever takes the contract over."), "to"),
}
# What the rooms above know of a new value: each answers objections to (contract, new value).
VALUE_CHECKS: "list[Callable[[Any, Decimal], Iterable[Objection]]]" = []


@cache
def minimum_wages() -> dict[int, Decimal]:
    rows = tomllib.loads(WAGES.read_text())["year"]
    return {row["year"]: Decimal(row["amount"]) for row in rows}


def wage_of(day: date) -> Decimal | None:
    """The minimum monthly wage of the year; of one that is not decreed here yet, the last known: wages grow, so the
    limit is then told low and never high. None for a year before those of the data."""
    known = minimum_wages()
    return known.get(day.year) or (known[max(known)] if day.year > max(known) else None)


def in_wages(amount: Decimal, day: date) -> Fraction | None:
    """An amount in minimum monthly wages of its year; None while that is not in the data."""
    wage = wage_of(day)
    return None if wage is None else Fraction(amount) / Fraction(wage)


def changes_of(contract: Any, kind: Kind, data: Any) -> dict[str, dict[str, str]]:
    """Old and new value of each field that the modification would change."""
    wanted: dict[str, Any] = kind.moves(contract, data)
    if kind.sign and data.amount is not None:
        wanted["value_amount"] = contract.value_amount + kind.sign * data.amount
    if kind.may_move_end and data.ends_on is not None:
        wanted["ends_on"] = data.ends_on
    texts = {name: getattr(data, name) for name in kind.texts}
    wanted |= {name: text.strip() for name, text in texts.items() if text is not None}
    old = {name: getattr(contract, name) for name in wanted}
    return {name: {"old": written(old[name]), "new": written(new)} for name, new in wanted.items() if new != old[name]}


def days_of(found: dict[str, dict[str, str]]) -> int | None:
    """By how many days it moves the end."""
    moved = found.get("ends_on")
    if not moved or not moved["old"]:
        return None
    return (date.fromisoformat(moved["new"]) - date.fromisoformat(moved["old"])).days


def written(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def value_of(field: str, text: str) -> Any:
    """What a written value is in the contract; of a party, its name."""
    if field in MONEY:
        return Decimal(text) if text else None
    return (date.fromisoformat(text) if text else None) if field in DAYS else text


def kind_of(field: str) -> str:
    """How a value of that field is shown."""
    return "money" if field in MONEY else "day" if field in DAYS else "text"


# ---- what stands against sending it, or publishing it --------------------------------------------------------------


def is_incomplete(modification: Any, at: datetime) -> Iterator[Objection]:
    if not modification.reason.strip():
        yield Objection("reason_missing", _("Write why the contract is modified."), "reason", FORM_LAW)
    if modification.document_id is None:
        yield Objection("document_missing", _("Attach the act of the modification."), "document", FORM_LAW)
    kind = KINDS[modification.kind]
    yield from (ASKED[name] for name in kind.asks if not getattr(modification, name))
    if kind.sign and modification.amount is None:
        yield Objection("amount_missing", _("Write the amount, above zero."), "amount")
    if kind.needs_end and "ends_on" not in modification.changes:
        yield Objection("end_missing", _("Write the new end date."), "ends_on")
    if kind.texts and not modification.changes:
        yield Objection("nothing_changes", _("Change at least one of the texts of the contract."), "object")
    needs_money = kind.sign == 1 and not modification.contract.is_sale
    if needs_money and not modification.budget_commitment.strip():
        sentence = _("Write the number of the budget commitment (registro presupuestal) of the addition.")
        yield Objection("budget_commitment_missing", sentence, "budget_commitment", MONEY_LAW)


def is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    """What the law or the contract itself does not allow, as both are now."""
    contract = modification.contract
    for field, change in modification.changes.items():
        if written(getattr(contract, field)) != change["old"]:
            sentence = _("The contract changed since this was written. Save its data again.")
            yield Objection("contract_changed", sentence, field)
    yield from turning.is_out_of_place(contract, KINDS[modification.kind])
    yield from turning.is_wrong(modification, at)
    if KINDS[modification.kind].may_move_end:
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
    wage = wage_of(day)
    assert wage is not None
    cents = wages * Fraction(wage) * 100
    return Decimal(cents.numerator // cents.denominator) / 100


def has_not_come(modification: Any, at: datetime) -> Objection | None:
    """What has effect from a day is not published before it: nothing that is published waits."""
    day = modification.effective_on
    if day is None or day <= BusinessCalendar.day_of(at):
        return None
    sentence = _("It has effect from %(day)s: publish it on that day or later.")
    return Objection("too_early", sentence % {"day": shown_day(day)}, "effective_on")


def needs_no_supplier(modification: Any, at: datetime) -> Objection | None:
    if modification.needs_supplier:
        return None
    return Objection("unilateral", _("This one is unilateral: publish it without the supplier."))


def needs_the_supplier(modification: Any, at: datetime) -> Objection | None:
    if not modification.needs_supplier:
        return None
    return Objection("supplier_missing", _("The supplier must accept it first: send it to them."))
