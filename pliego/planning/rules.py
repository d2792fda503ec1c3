"""What a plan and its lines must say before anybody else reads them."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection

PLAN_LAW = "Decreto 1082 de 2015, art. 2.2.1.1.1.4.1"
LINE_LAW = "Decreto 1082 de 2015, art. 2.2.1.1.1.4.2"


def plan_has_no_lines(plan: Any, at: datetime) -> Objection | None:
    if plan.lines.standing().exists():
        return None
    return Objection("plan_is_empty", _("The plan has no lines. Add what the entity will buy."), "lines", PLAN_LAW)


TOLD = 20


def lines_are_incomplete(plan: Any, at: datetime) -> Iterator[Objection]:
    """The incomplete lines are told at once; beyond twenty, how many more there are."""
    lines = plan.lines.standing().incomplete()
    found = list(lines[: TOLD + 1])
    for line in found[:TOLD]:
        missing = ", ".join(str(words) for words in missing_of(line))
        sentence = _("Line %(number)s lacks: %(missing)s.") % {"number": line.number, "missing": missing}
        yield Objection("line_incomplete", sentence, f"line_{line.number}", LINE_LAW)
    if len(found) > TOLD:
        sentence = _("Another %(count)s lines lack something.") % {"count": lines.count() - TOLD}
        yield Objection("lines_incomplete", sentence, "lines", LINE_LAW)


def missing_of(line: Any) -> Iterator[Any]:
    """What the law asks of a line (a need without a solution has neither method nor money yet)."""
    if not line.unspsc:
        yield _("the UNSPSC code")
    if not line.description.strip():
        yield _("the description")
    if line.kind != "acquisition":
        return
    needed = (
        (line.start_month, _("the month in which it starts")),
        (line.bids_month, _("the month in which offers are received")),
        (line.duration, _("the duration")),
        (line.method, _("the method")),
        (line.funding_source, _("the source of the money")),
        (line.total_amount, _("the total value")),
        (line.budget_amount, _("the value in this year's budget")),
    )
    yield from (words for value, words in needed if value in (None, ""))


# ---- what is typed -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Header:
    """The general part of a plan. The limits are what the entity may buy by menor and mínima cuantía."""

    mission: str = ""
    strategy: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    minor_limit_amount: Decimal | None = None
    minimum_limit_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as it is typed. Anything but the description may be missing until the plan is published."""

    description: str
    kind: str = "acquisition"
    unspsc: tuple[str, ...] = ()
    start_month: int | None = None
    bids_month: int | None = None
    duration: int | None = None
    duration_unit: str = "months"
    method: str = ""
    funding_source: str = ""
    total_amount: Decimal | None = None
    budget_amount: Decimal | None = None
    future_budget: str = "no"
    unit_id: int | None = None
    municipality: str = ""
    responsible_name: str = ""
    responsible_phone: str = ""
    responsible_email: str = ""


def read_unspsc(text: str) -> tuple[str, ...]:
    """Codes as people write them ("80111600; V1.43211500, 432115") as eight digits each, in their order, once each."""
    found = [code.strip().upper().removeprefix("V1.") for code in re.split(r"[\s,;]+", text) if code.strip()]
    return tuple(dict.fromkeys(code.ljust(8, "0") if code.isdigit() and len(code) == 6 else code for code in found))


def header_is_wrong(header: Header) -> Iterator[Objection]:
    minor, minimum = header.minor_limit_amount, header.minimum_limit_amount
    if minor is not None and minimum is not None and minimum * 10 > minor:
        sentence = _("The limit of mínima cuantía cannot be more than 10 % of that of menor cuantía.")
        yield Objection("limit_too_high", sentence, "minimum_limit_amount", "Ley 1150 de 2007, art. 2, num. 5")


def line_is_wrong(line: Line, methods: Container[str]) -> Iterator[Objection]:
    """What is typed and cannot be right, whatever is still missing."""
    if not line.description.strip():
        yield Objection("missing", _("Write what is to be bought."), "description")
    for code in line.unspsc:
        if not re.fullmatch(r"\d{8}", code) or code.endswith("0000"):
            sentence = _("“%(code)s” is not a UNSPSC code of class or product: write 6 or 8 digits, such as 80111600.")
            yield Objection("not_unspsc", sentence % {"code": code}, "unspsc", LINE_LAW)
    for field, month in (("start_month", line.start_month), ("bids_month", line.bids_month)):
        if month is not None and not 1 <= month <= 12:
            yield Objection("not_a_month", _("Choose a month."), field)
    if line.start_month and line.bids_month and line.bids_month < line.start_month:
        yield Objection("months_reversed", _("Offers cannot be received before the process starts."), "bids_month")
    if line.duration is not None and not 1 <= line.duration <= 9999:
        yield Objection("not_a_duration", _("Write a duration between 1 and 9.999."), "duration")
    if line.method and line.method not in methods:
        yield Objection("unknown_method", _("There is no such procurement method in force."), "method")
    yield from _money_is_wrong(line)


def _money_is_wrong(line: Line) -> Iterator[Objection]:
    if line.total_amount is not None and line.total_amount <= 0:
        yield Objection("not_positive", _("The total value must be more than zero."), "total_amount")
    if line.budget_amount is not None and line.budget_amount < 0:
        yield Objection("negative", _("The value of this year cannot be less than zero."), "budget_amount")
    if line.total_amount is None or line.budget_amount is None or line.budget_amount <= line.total_amount:
        return
    sentence = _("The value in this year's budget cannot be more than the total value.")
    yield Objection("budget_above_total", sentence, "budget_amount")
