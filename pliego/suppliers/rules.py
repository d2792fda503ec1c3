"""What a supplier's profile must hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection
from pliego.parties.rules import UNSPSC
from pliego.suppliers import sizes
from pliego.suppliers.models import Activity, BiddersRegister, FinancialYear

INDICATORS_BASIS = "Decreto 1082 de 2015, art. 2.2.1.1.1.5.3"
RENEWAL_BASIS = "Decreto 1082 de 2015, art. 2.2.1.1.1.5.1"


@dataclass(frozen=True)
class ProfileData:
    main_category: str = ""
    website: str = ""
    description: str = ""
    activity: str = ""
    income_year: int | None = None
    income_amount: Decimal | None = None


@dataclass(frozen=True)
class ExperienceData:
    client: str
    title: str
    amount: Decimal
    starts_on: date
    ends_on: date
    reference: str = ""
    unspsc: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """What the financial statements say at a cut-off date."""

    as_of: date
    current_assets: Decimal
    current_liabilities: Decimal
    total_assets: Decimal
    total_liabilities: Decimal
    equity: Decimal
    operating_profit: Decimal
    interest: Decimal


@dataclass(frozen=True)
class Indicators:
    """None is "undetermined": its divisor is zero."""

    liquidity: Decimal | None
    indebtedness: Decimal | None
    interest_coverage: Decimal | None
    return_on_equity: Decimal | None
    return_on_assets: Decimal | None


def profile_is_wrong(data: ProfileData, today: date) -> Iterator[Objection]:
    if data.main_category and not UNSPSC.fullmatch(data.main_category):
        yield Objection("not_unspsc", _("A UNSPSC code has 2, 4, 6 or 8 digits."), "main_category")
    told = [bool(data.activity), data.income_year is not None, data.income_amount is not None]
    if any(told) and not all(told):
        sentence = _("To know the size, write the activity, the year and the income of that year.")
        yield Objection("size_incomplete", sentence, "activity", sizes.BASIS)
    if data.activity and data.activity not in Activity.values:
        yield Objection("not_an_option", _("Choose an option of the list."), "activity")
    if data.income_year is not None and not (data.income_year in sizes.UVT and data.income_year < today.year):
        year = _("Write a year that has ended, from %(first)d on.") % {"first": min(sizes.UVT)}
        yield Objection("year_wrong", year, "income_year", sizes.BASIS)


def experience_is_wrong(data: ExperienceData, today: date) -> Iterator[Objection]:
    if data.ends_on < data.starts_on:
        yield Objection("dates_reversed", _("It cannot end before it begins."), "ends_on")
    if data.ends_on > today:
        yield Objection("not_finished", _("Only contracts that have ended count as experience."), "ends_on")
    if data.amount <= 0:
        yield Objection("amount_wrong", _("Write the value of the contract."), "amount")
    for code in data.unspsc:
        if not UNSPSC.fullmatch(code):
            yield Objection("not_unspsc", _("A UNSPSC code has 2, 4, 6 or 8 digits."), "unspsc")


def statement_is_wrong(data: Statement, today: date) -> Iterator[Objection]:
    if data.as_of > today:
        yield Objection("in_the_future", _("The cut-off cannot be after today."), "as_of")
    if data.current_assets > data.total_assets:
        yield Objection("part_over_whole", _("Current assets cannot exceed total assets."), "current_assets")
    if data.current_liabilities > data.total_liabilities:
        yield Objection(
            "part_over_whole", _("Current liabilities cannot exceed total liabilities."), "current_liabilities"
        )
    if data.total_assets != data.total_liabilities + data.equity:
        yield Objection("does_not_balance", _("Total assets must equal total liabilities plus equity."), "total_assets")
    for field in ("current_assets", "current_liabilities", "total_assets", "total_liabilities", "interest"):
        if getattr(data, field) < 0:
            yield Objection("negative", _("This cannot be negative."), field)


def indicators(year: FinancialYear | Statement) -> Indicators:
    """Financial and organisational capacity (Decreto 1082 de 2015, art. 2.2.1.1.1.5.3, nums. 3 and 4)."""
    return Indicators(
        liquidity=_ratio(year.current_assets, year.current_liabilities),
        indebtedness=_ratio(year.total_liabilities, year.total_assets),
        interest_coverage=_ratio(year.operating_profit, year.interest),
        return_on_equity=_ratio(year.operating_profit, year.equity),
        return_on_assets=_ratio(year.operating_profit, year.total_assets),
    )


def _ratio(above: Decimal, below: Decimal) -> Decimal | None:
    return (above / below).quantize(Decimal("0.01")) if below else None


def register_is_wrong(registered_on: date, renewed_on: date, firm_on: date | None, today: date) -> Iterator[Objection]:
    if renewed_on < registered_on:
        yield Objection("dates_reversed", _("It cannot be renewed before it was registered."), "renewed_on")
    if renewed_on > today:
        yield Objection("in_the_future", _("This date cannot be after today."), "renewed_on")
    if firm_on is not None and firm_on < registered_on:
        yield Objection("dates_reversed", _("It cannot be firm before it was registered."), "firm_on")


def register_holds_until(register: BiddersRegister) -> date:
    """The fifth business day of April after its renewal, by when it is renewed or ceases its effects."""
    return calendar.add(date(register.renewed_on.year + 1, 3, 31), 5)
