"""What stands against moving a contract. Plain functions: the object and the moment in, objections out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.covers import COVERS, least_wages
from pliego.conditions.guarantees import value_in_wages
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.dates import day as shown_day
from pliego.kernel.money import format_money, rounded
from pliego.kernel.objections import Objection, Text

PERFECTION = "Ley 80 de 1993, art. 41"
TO_START = "Ley 80 de 1993, art. 41, inc. 2; Ley 1150 de 2007, art. 23"
CLOSING = "Decreto 1082 de 2015, art. 2.2.1.1.2.4.3"
UNITS = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def is_incomplete(contract: Any, at: datetime) -> Iterator[Objection]:
    """What the contract lacks before the supplier can be asked to accept it."""
    if contract.value_amount is None or contract.value_amount <= 0:
        yield Objection("value_missing", _("The contract needs a value above zero."), "value_amount", PERFECTION)
    if (lines := contract.lines_total) is not None and lines != contract.value_amount:
        sentence = _("The lines add up to %(lines)s and the contract's value is %(value)s. They must be equal.")
        words = {"lines": money(contract, lines), "value": money(contract, contract.value_amount)}
        yield Objection("lines_differ", sentence % words, "value_amount")


def sections_are_not_ready(contract: Any, at: datetime) -> Iterator[Objection]:
    """What the nine sections still lack before the supplier can be asked to accept it."""
    yield from contract.lacking(at)


DIRECT_SERVICES = "Ley 1150 de 2007, art. 2, num. 4, lit. h; Decreto 1082 de 2015, art. 2.2.1.2.1.4.9"


def is_not_for_many_contracts(tender: Any) -> Iterator[Objection]:
    """Only a public direct process has contracts that no award comes before: services of natural or legal persons."""
    if tender.has_bidding or not tender.rulebook.causals:
        sentence = _("Contracts are loaded only into a direct process; in this one the award makes the contract.")
        yield Objection("not_direct", sentence, "", DIRECT_SERVICES)
    elif tender.state != "published":
        sentence = _("The process must be public, and not decided or ended, to load its contracts.")
        yield Objection("not_public", sentence, "", DIRECT_SERVICES)


def papers_are_missing(moment: str) -> Callable[[Any, datetime], Iterator[Objection]]:
    """What the contract asks the contractor to bring by that moment."""

    def missing(contract: Any, at: datetime) -> Iterator[Objection]:
        yield from contract.missing_papers(moment)

    return missing


# What rooms above know of the commitment of a contract: what is told to whoever signs, and what stands against it.
COMMITMENT_WARNINGS: list[Callable[[Any], Iterable[Text]]] = []
COMMITMENT_CHECKS: list[Callable[[Any], Iterable[Objection]]] = []


def has_no_budget_commitment(contract: Any, at: datetime) -> Iterator[Objection]:
    """There is no contract to perform without money reserved for it; of what the entity sells, none is spent."""
    if contract.is_sale:
        return
    if not contract.budget_commitment.strip():
        sentence = _("Write the number of the budget commitment (registro presupuestal).")
        yield Objection("budget_commitment_missing", sentence, "budget_commitment", TO_START)
    elif contract.budget_commitment_amount is None or contract.budget_commitment_amount < contract.value_amount:
        sentence = _("The budget commitment must cover the whole value of the contract (%(value)s).")
        words = {"value": money(contract, contract.value_amount)}
        yield Objection("budget_commitment_short", sentence % words, "budget_commitment_amount", TO_START)
    else:
        for check in COMMITMENT_CHECKS:
            yield from check(contract)


def commitment_warnings(contract: Any) -> list[Text]:
    """What whoever signs should know of the commitment; it stands against nothing."""
    return [told for warning in COMMITMENT_WARNINGS for told in warning(contract)]


def guarantees_are_not_approved(contract: Any, at: datetime) -> Iterator[Objection]:
    """Each cover that the contract asks for needs an approved guarantee that is in force."""
    approved = contract.approved_covers
    for cover in contract.covers:
        if cover not in approved:
            sentence = _("The guarantee “%(cover)s” has not been approved.") % {"cover": COVERS[cover].title}
            yield Objection("guarantee_missing", sentence, "", TO_START)


def has_no_supervisor(contract: Any, at: datetime) -> Objection | None:
    if contract.supervisor_id is None:
        return Objection("supervisor_missing", _("Name who supervises the contract."), "supervisor")
    return None


def has_no_start_record(contract: Any, at: datetime) -> Objection | None:
    """Where the section of performance asks for it, the contract starts with the record that both parties sign."""
    if not contract.starts_with_record or contract.has_start_record:
        return None
    sentence = _("This contract starts with a record that the supervisor and the contractor sign: draw it.")
    return Objection("start_record_missing", sentence)


def insurer_denies_it(guarantee: Any, at: datetime) -> Objection | None:
    """What the insurer last said of it counts."""
    last = guarantee.last_answer
    if last is None or last.state != "denied":
        return None
    sentence = _("The insurer does not acknowledge this guarantee: “%(note)s”. Reject it, or ask the insurer again.")
    return Objection("insurer_denies_it", sentence % {"note": last.note})


def starts_before_the_signature(contract: Any, starts_on: date) -> Objection | None:
    if contract.signed_at is not None and starts_on < BusinessCalendar.day_of(contract.signed_at):
        return Objection("starts_too_soon", _("It cannot start before it was signed."), "starts_on", TO_START)
    return None


def completed_day_is_wrong(contract: Any, completed_on: date, at: datetime) -> Objection | None:
    if contract.starts_on is not None and completed_on < contract.starts_on:
        return Objection("completed_too_soon", _("It cannot be completed before it started."), "completed_on")
    if completed_on > BusinessCalendar.day_of(at):
        return Objection("completed_in_the_future", _("That day has not come yet."), "completed_on")
    return None


def outliving_guarantees_are_in_force(contract: Any, at: datetime) -> Iterator[Objection]:
    """The file closes when the guarantees of quality, stability and wages are over."""
    today = BusinessCalendar.day_of(at)
    for guarantee in contract.outliving_guarantees:
        if guarantee.ends_on >= today:
            sentence = _("The guarantee “%(cover)s” is in force until %(day)s. The file can be closed after that.")
            words = {"cover": COVERS[guarantee.cover].title, "day": shown_day(guarantee.ends_on)}
            yield Objection("guarantee_in_force", sentence % words, "", CLOSING)


def needs_settlement(contract: Any, at: datetime) -> Objection | None:
    """A contract that must be settled is not closed without it."""
    if contract.has_settlement and contract.state == "completed":
        return Objection("settlement_missing", _("This contract must be settled before its file is closed."))
    return None


def guarantee_is_short(contract: Any, cover: str, amount: Decimal) -> Objection | None:
    """The least amount of that cover: what the law says and what the contract asks for, whichever is more."""
    least = least_amount(contract, cover)
    if amount < least:
        sentence = _("The amount must be at least %(least)s, as the law and the contract ask.")
        words = {"least": money(contract, least)}
        return Objection("guarantee_short", sentence % words, "amount", COVERS[cover].legal_basis)
    return None


def least_amount(contract: Any, cover: str) -> Decimal:
    """A part of the value, or of what is paid in advance where the cover is of that; or so many minimum wages of the
    year of the contract."""
    asked, law, value = contract.cover_asked(cover), COVERS[cover], contract.value_amount
    percent = max(law.percent, asked.percent or Decimal() if asked else Decimal())
    wages = asked.wages or Decimal() if asked else Decimal()
    if law.in_wages:
        wages = max(wages, least_wages(value_in_wages(contract)))
    wage = value / value_in_wages(contract)
    paid = contract.paid_before(cover)
    return rounded(max((value if paid is None else paid) * percent / 100, wages * wage))


def least_end(contract: Any, cover: str, starts_on: date) -> date | None:
    """Until when that cover must last: the end of the contract, and what the contract asks for after it."""
    end, asked = contract.runs_until or contract.expected_end(starts_on), contract.cover_asked(cover)
    if end is None or asked is None:
        return end
    after = end_of(end + timedelta(days=1), asked.months, "months") if asked.months else end
    return max(after, asked.ends_on or end)


def guarantee_dates_are_wrong(contract: Any, cover: str, starts_on: date, ends_on: date) -> Iterator[Objection]:
    if ends_on <= starts_on:
        yield Objection("dates_reversed", _("The guarantee must end after it starts."), "ends_on")
    least = least_end(contract, cover, starts_on)
    if least is not None and ends_on < least:
        sentence = _("The guarantee must last at least until %(day)s, as the contract asks.")
        words = {"day": shown_day(least)}
        yield Objection("guarantee_too_short", sentence % words, "ends_on", COVERS[cover].legal_basis)


def must_be_renewed(guarantee: Any, at: datetime) -> bool:
    """Whether another guarantee may take the place of an approved one: it ends soon, or falls short."""
    contract, today = guarantee.contract, BusinessCalendar.day_of(at)
    return guarantee.ends_on <= today + timedelta(days=ALERTS[0]) or falls_short(contract, guarantee)


def falls_short(contract: Any, guarantee: Any) -> bool:
    """Whether the contract grew past an approved guarantee, or is of another contractor since."""
    if not contract.is_of_the_party(guarantee):
        return True
    least = least_end(contract, guarantee.cover, guarantee.starts_on)
    is_short = guarantee.amount < least_amount(contract, guarantee.cover)
    return is_short or (least is not None and guarantee.ends_on < least)


ALERTS = (30, 5, -1)  # days before its end when a guarantee is told to both parties; the last one: it ended


def alert_due(guarantee: Any, today: date) -> int | None:
    """Which of the alerts it has reached and was not told yet."""
    left = (guarantee.ends_on - today).days
    reached = [alert for alert in ALERTS if left <= alert]
    if not reached or (guarantee.alerted is not None and guarantee.alerted <= reached[-1]):
        return None
    return reached[-1]


def end_of(starts_on: date, duration: int, unit: str) -> date:
    """The last day of a term that begins on a day: months and years run to the day before the same number."""
    if unit not in {"months", "years"}:
        return starts_on + timedelta(days=duration * UNITS[unit] - 1)
    months = starts_on.month - 1 + duration * (12 if unit == "years" else 1)
    year, month = starts_on.year + months // 12, months % 12 + 1
    for day in (starts_on.day, 30, 29, 28):
        try:
            reached = date(year, month, day)
        except ValueError:
            continue
        # the 31st of a month that has fewer days is its last day; Código Civil, art. 67
        return reached - timedelta(days=1) if day == starts_on.day else reached
    raise AssertionError("every month has 28 days")


def unknown_covers(covers: Iterable[str]) -> Iterator[Objection]:
    for cover in covers:
        if cover not in COVERS:
            yield Objection("unknown_cover", _("There is no such cover."), "covers")


def money(contract: Any, amount: Decimal) -> str:
    from pliego.kernel.money import Money

    return format_money(Money(amount, contract.value_currency))
