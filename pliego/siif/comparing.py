"""The documents that the section of the budget names: as it was saved, or as somebody is typing it; and what SIIF adds
to the fields that are empty."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pliego.conditions.forms import OUT
from pliego.kernel.money import grouped, parse_amount
from pliego.kernel.objections import Refused
from pliego.siif.rules import CERTIFICATE, COMMITMENT, Typed, tidy
from pliego.web.fields import read_day

Words = Mapping[str, list[str]]
MAIN = {  # kind → the fields of its number, amount and date
    CERTIFICATE: ("budget_certificate", "certificate_amount", "certificate_on"),
    COMMITMENT: ("commitment", "commitment_amount", "commitment_on"),
}
ROW = re.compile(r"(certificates-\d+)-number")


def typed_in(content: Any) -> list[Typed]:
    """As the section has them saved."""
    main = [
        Typed(kind, getattr(content, number), kind, getattr(content, day), getattr(content, amount))
        for kind, (number, amount, day) in MAIN.items()
    ]
    rows = [
        Typed(CERTIFICATE, row.number, f"certificates-{place}", row.date, row.amount, row.balance)
        for place, row in enumerate(content.certificates)
    ]
    return [one for one in (*main, *rows) if tidy(one.number)]


def typed_words(words: Words) -> list[Typed]:
    """As they are being typed; what cannot be read yet is as if it were empty."""
    return [one for one in _of_words(words) if tidy(one.number)]


def _of_words(words: Words) -> Iterator[Typed]:
    for kind, (number, amount, day) in MAIN.items():
        yield Typed(kind, _word(words, number), kind, read_day(_word(words, day)), _amount(words, amount))
    for name in words:
        if (row := ROW.fullmatch(name)) and not _word(words, f"{row[1]}-{OUT}"):
            issued, amounts = read_day(_word(words, f"{row[1]}-date")), ("amount", "balance")
            values = [_amount(words, f"{row[1]}-{part}") for part in amounts]
            yield Typed(CERTIFICATE, _word(words, name), row[1], issued, *values)


def _word(words: Words, name: str) -> str:
    return (words.get(name) or [""])[-1].strip()


def _amount(words: Words, name: str) -> Decimal | None:
    try:
        return parse_amount(_word(words, name)) if _word(words, name) else None
    except Refused:
        return None


def filled(words: Words, pairs: Iterable[tuple[Typed, Any]]) -> dict[str, list[str]]:
    """What SIIF says for the fields of value and date that are empty; nothing that was typed is touched."""
    found = {}
    for typed, reading in pairs:
        if reading is None or not reading.is_known:
            continue
        _number, amount, day = MAIN.get(typed.place, ("", f"{typed.place}-amount", f"{typed.place}-date"))
        for name, value in ((amount, _shown(reading.amount)), (day, _shown(reading.issued_on))):
            if value and not _word(words, name):
                found[name] = [value]
    return found


def _shown(value: Decimal | date | None) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return grouped(value) if value is not None else ""
