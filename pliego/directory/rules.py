"""What an interest must be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection
from pliego.publication.labels import DEPARTMENTS

MOST_CODES = 50
MOST_INTERESTS = 20
UNSPSC = re.compile(r"\d{2}(?:\d{2}){0,3}")


@dataclass(frozen=True)
class InterestData:
    """What a supplier wants to hear of, as it was typed or sent."""

    title: str
    unspsc: list[str]
    departments: list[str] = field(default_factory=list)


def codes_in(text: str) -> list[str]:
    """The codes of a text, by commas, spaces or lines, each at the level that it says: "V1.43211500" is 432115."""
    return [level_of(code) for code in re.split(r"[\s,;]+", text.strip()) if code]


def level_of(code: str) -> str:
    """Zeros at the end say that a level was not chosen; what is no code stays as it is, to be told."""
    digits = code.upper().removeprefix("V1.")
    while len(digits) > 2 and len(digits) % 2 == 0 and digits.endswith("00"):
        digits = digits[:-2]
    return digits


def interest_is_incomplete(data: InterestData) -> Iterator[Objection]:
    if not data.title.strip():
        yield Objection("title_missing", _("Give it a name by which you will know its notices."), "title")
    if not data.unspsc:
        yield Objection("codes_missing", _("Write at least one UNSPSC code, of 2, 4, 6 or 8 digits."), "unspsc")
    if len(data.unspsc) > MOST_CODES:
        yield Objection("too_many_codes", _("At most 50 codes fit in one area of interest."), "unspsc")
    wrong = [code for code in data.unspsc if not UNSPSC.fullmatch(code)]
    if wrong:
        sentence = _("These are not UNSPSC codes of 2, 4, 6 or 8 digits: %(codes)s.") % {"codes": ", ".join(wrong[:5])}
        yield Objection("not_codes", sentence, "unspsc")
    if set(data.departments) - DEPARTMENTS.keys():
        yield Objection("unknown_department", _("Choose departments of the list."), "departments")
