"""Amounts. Stored as numeric(20,2) beside their currency; shown the Colombian way; never floats."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from moneyed import Currency, Money, get_currency

from pliego.kernel.objections import Objection, Refused

__all__ = [
    "COP",
    "Currency",
    "Money",
    "MoneyProperty",
    "amount_field",
    "cop",
    "currency_field",
    "format_money",
    "parse_amount",
]

COP = get_currency("COP")
LARGEST = Decimal("999999999999999999.99")
# Marks that group thousands stand every three digits, and the other mark before the cents: anything else is a mistake.
GROUPED = re.compile(r"-?[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,][0-9]{1,2})?")
PLAIN = re.compile(r"-?[0-9]+(?:[.,][0-9]{1,2})?")


def cop(amount: Decimal | int | str) -> Money:
    return Money(Decimal(amount), COP)


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def amount_field(**options: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=20, decimal_places=2, **options)


def currency_field(**options: Any) -> "models.CharField[Any, Any]":
    return models.CharField(max_length=3, default="COP", **options)


class MoneyProperty:
    """`value = MoneyProperty("value")` reads and writes the columns value_amount and value_currency as one Money."""

    def __init__(self, prefix: str) -> None:
        self.amount, self.currency = f"{prefix}_amount", f"{prefix}_currency"

    def __get__(self, obj: Any, owner: Any = None) -> Any:
        if obj is None:
            return self
        amount = getattr(obj, self.amount)
        return None if amount is None else Money(amount, getattr(obj, self.currency))

    def __set__(self, obj: Any, value: Money | None) -> None:
        setattr(obj, self.amount, None if value is None else value.amount)
        if value is not None:
            setattr(obj, self.currency, value.currency.code)


def grouped(amount: Decimal, *, decimals: bool | None = None) -> str:
    """1234567.5 → "1.234.567,50" in Spanish, "1,234,567.50" in English; no decimals when there are none."""
    amount = rounded(Decimal(amount))
    keep = amount != amount.to_integral_value() if decimals is None else decimals
    text = f"{amount:,.2f}" if keep else f"{amount:,.0f}"
    return text if (get_language() or "es").startswith("en") else text.translate(str.maketrans(",.", ".,"))


def spelled(text: str) -> str:
    """A sum with its numbers as the reader writes them, to the last decimal: "1234.125 ÷ 2" → "1.234,125 ÷ 2"."""

    def one(found: re.Match[str]) -> str:
        whole, _dot, part = found[0].partition(".")
        said = f"{int(whole):,}" + (f".{part}" if part else "")
        return said if (get_language() or "es").startswith("en") else said.translate(str.maketrans(",.", ".,"))

    return re.sub(r"\d+(?:\.\d+)?", one, text)


def format_money(money: Money | None) -> str:
    if money is None:
        return ""
    sign = "$" if money.currency == COP else money.currency.code
    return f"{sign}\N{NO-BREAK SPACE}{grouped(money.amount)}"


def parse_amount(text: str, field: str = "") -> Decimal:
    """Read what people type: "$ 4.120.000", "4120000", "1.234,50", "1,234.50". Refused when it cannot be an amount."""
    typed = re.sub(r"\s|\$|COP", "", text)
    raw = re.sub("['’]", ".", typed)  # 4'120.000: an apostrophe after the millions
    if (match := GROUPED.fullmatch(raw)) is not None:
        raw = raw.replace(match["mark"], "")
    elif PLAIN.fullmatch(typed) is None:
        sentence = _("Write the amount in pesos with digits only, for example 4.120.000 or 4.120.000,50.")
        raise Refused(Objection("not_an_amount", sentence, field))
    amount = Decimal(raw.replace(",", "."))
    if abs(amount) > LARGEST:
        raise Refused(Objection("amount_too_large", _("The amount has too many digits. Check it."), field))
    return amount
