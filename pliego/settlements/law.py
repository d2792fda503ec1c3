"""The terms to settle a contract, as data: until when both parties do it, until when the entity. Plain Python."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from pliego.contracts.rules import end_of
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Text

_KNOWN = tomllib.loads(Path(__file__).with_name("law.toml").read_text(encoding="utf-8"))
MONTHS = {code: _KNOWN[code]["months"] for code in ("mutual", "unilateral", "limit")}
BASIS: dict[str, str] = {code: row["legal_basis"] for code, row in _KNOWN.items()}
APPEAL_DAYS: int = _KNOWN["appeal"]["business_days"]
# fmt: off
TITLES: dict[str, Text] = {
    "mutual":     _("Settlement by both parties"),
    "unilateral": _("Settlement by the entity alone"),
    "limit":      _("Last day to settle without a judge"),
}
# fmt: on


@dataclass(frozen=True)
class Term:
    """One of the terms, its last day included."""

    code: str
    until: date
    is_agreed: bool = False  # the contract or the pliego says it

    @property
    def title(self) -> Text:
        return TITLES[self.code]

    @property
    def legal_basis(self) -> str:
        return BASIS[self.code]


@dataclass(frozen=True)
class Terms:
    """The three, one after the other."""

    mutual: Term
    unilateral: Term
    limit: Term

    def __iter__(self) -> Iterator[Term]:
        return iter((self.mutual, self.unilateral, self.limit))

    def running(self, today: date) -> Term | None:
        """The one in which the day falls; none once only a judge settles the contract."""
        return next((term for term in self if today <= term.until), None)


def months_after(day: date, months: int) -> date:
    """The last day of so many months that run from the day after."""
    return end_of(day + timedelta(days=1), months, "months")


def terms_of(completed_on: date, agreed_until: date | None = None) -> Terms:
    """An agreed term that ended before the contract did is none: then the law's runs from the end of the contract."""
    is_agreed = agreed_until is not None and agreed_until > completed_on
    mutual = agreed_until if is_agreed and agreed_until else months_after(completed_on, MONTHS["mutual"])
    unilateral = months_after(mutual, MONTHS["unilateral"])
    limit = months_after(unilateral, MONTHS["limit"])
    return Terms(Term("mutual", mutual, is_agreed), Term("unilateral", unilateral), Term("limit", limit))


def appeal_until(notified_on: date) -> date:
    """The last business day on which the resolution can be appealed."""
    return calendar.add(notified_on, APPEAL_DAYS)
