"""Countries by their ISO 3166-1 code, named in the reader's language (Unicode CLDR)."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

HOME = "CO"
NOT_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


@cache
def _named(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code not in NOT_COUNTRIES}


def names() -> dict[str, str]:
    return _named("en" if (get_language() or "es").startswith("en") else "es")


def name_of(code: str) -> str:
    return names().get(code, code)


def choices() -> list[tuple[str, str]]:
    """Colombia first, then the others by name."""
    return sorted(names().items(), key=lambda pair: (pair[0] != HOME, pair[1].casefold()))
