"""The identity documents of persons: how each number is written. A type more is a row more.

Sources: citizenship cards, Registraduría Nacional (the NUIP has ten digits and begins with 1; older cards have from
four to eight); foreigner's card and temporary protection permit, Migración Colombia; passports, ICAO Doc 9303 (nine
characters in the machine-readable zone, longer for some countries).
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Text


@dataclass(frozen=True)
class Kind:
    shape: str
    sentence: Text


# fmt: off
KINDS = {
    "CC": Kind(r"[1-9]\d{3,7}|1\d{9}", _("A citizenship card has 4 to 8 digits, or 10 that begin with 1.")),
    "CE": Kind(r"[1-9]\d{4,9}", _("A foreigner's card has 5 to 10 digits.")),
    "PPT": Kind(r"[1-9]\d{4,14}", _("A temporary protection permit has 5 to 15 digits.")),
    "PA": Kind(r"(?=.*\d)[A-Z0-9]{5,15}", _("A passport has 5 to 15 letters and digits.")),
}
# fmt: on


def number_is_wrong(kind: str, number: str) -> Objection | None:
    """What is wrong with the number of a document, as that type writes it; a type that is not in the table is wrong."""
    if kind not in KINDS:
        return Objection("document_type_unknown", _("Choose the type of your document."), "document_type")
    if re.fullmatch(KINDS[kind].shape, number):
        return None
    return Objection("document_number_wrong", KINDS[kind].sentence, "document_number")
