"""From the address of a page, or the parameters of the API, to a Question; all faults are told at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from pliego.kernel.money import parse_amount
from pliego.kernel.objections import Objection, Refused
from pliego.publication import labels
from pliego.publication.search import CURSOR, ORDERS, Question
from pliego.web.fields import read_day

LONGEST = 300

# our field → (name in the address of the page, name in the API)
NAMES = {
    "text": ("q", "q"),
    "entity": ("entidad", "entity"),
    "department": ("departamento", "department"),
    "method": ("modalidad", "method"),
    "state": ("estado", "state"),
    "source": ("fuente", "source"),
    "unspsc": ("unspsc", "unspsc"),
    "published_from": ("desde", "published_from"),
    "published_to": ("hasta", "published_to"),
    "value_from": ("valor_min", "value_from"),
    "value_to": ("valor_max", "value_to"),
    "order": ("orden", "order"),
    "after": ("despues", "after"),
}


@dataclass
class Asked:
    """What was asked, as typed and as understood, and what could not be understood."""

    question: Question
    typed: dict[str, str]
    objections: list[Objection] = field(default_factory=list)
    language: int = 0

    def address(self, **changes: str) -> str:
        """The same question as the query of an address, with some fields changed; it begins at the start again."""
        typed = {**self.typed, "after": "", **changes}
        return urlencode({NAMES[name][self.language]: value for name, value in typed.items() if value})


def _choice(codes: Mapping[str, Any]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            raise ValueError(_("Choose one of the list."))
        return text

    return read


def _method(text: str) -> str:
    if not text.replace("_", "").isalnum():
        raise ValueError(_("Choose one of the list."))
    return text


def _unspsc(text: str) -> str:
    digits = text.upper().removeprefix("V1.").replace(" ", "")
    if not digits.isdigit() or len(digits) > 8 or len(digits) % 2:
        raise ValueError(_("Write a UNSPSC code of 2, 4, 6 or 8 digits, for example 43211500."))
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
    return digits


def _day(text: str) -> Any:
    if (day := read_day(text)) is None:
        raise ValueError(_("Write the date as day/month/year, for example 21/11/2026."))
    return day


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except Refused as refused:
        raise ValueError(str(refused.objections[0].sentence)) from refused


def _cursor(text: str) -> str:
    if not CURSOR.fullmatch(text):
        raise ValueError(_("The address of this page was cut. Go back to the first page."))
    return text


READ: dict[str, Callable[[str], Any]] = {
    "department": _choice(labels.DEPARTMENTS),
    "method": _method,
    "state": _choice(labels.STATES),
    "source": _choice(labels.SOURCES),
    "unspsc": _unspsc,
    "published_from": _day,
    "published_to": _day,
    "value_from": _amount,
    "value_to": _amount,
    "order": _choice(ORDERS),
    "after": _cursor,
}


def ask(parameters: Mapping[str, str], *, api: bool = False) -> Asked:
    """Read a question; parameters that are not ours (of campaigns, of languages) are passed over."""
    language = 1 if api else 0
    typed = {name: (parameters.get(names[language]) or "").strip()[:LONGEST] for name, names in NAMES.items()}
    values: dict[str, Any] = {}
    objections = []
    for name, text in typed.items():
        if not text:
            continue
        try:
            values[name] = READ[name](text) if name in READ else text
        except ValueError as error:
            objections.append(Objection(f"bad_{name}", str(error), NAMES[name][language]))
    question = Question(**values)
    if question.published_from and question.published_to and question.published_from > question.published_to:
        sentence = _("The first date is after the last one.")
        objections.append(Objection("dates_reversed", sentence, NAMES["published_from"][language]))
    if question.value_from is not None and question.value_to is not None and question.value_from > question.value_to:
        sentence = _("The least value is greater than the greatest one.")
        objections.append(Objection("values_reversed", sentence, NAMES["value_from"][language]))
    return Asked(question, typed, objections, language)
