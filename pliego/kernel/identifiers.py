"""Identifiers: the NIT with its check digit, and the public series of the platform."""

import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from pliego.kernel.objections import Objection, Refused

WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)

# What users know a process by: the file, one phase of it, its notice, the contract (domain: four identifiers).
SERIES = {
    "tender": "EXP",
    "phase": "FAS",
    "notice": "AVI",
    "contract": "CTO",
    "award": "ADJ",
    "bid": "OFE",
    "enquiry": "OBS",
    "invoice": "FAC",
    "account": "CTA",
    "plan": "PAA",
    "modification": "MOD",
    "approval": "APR",
    "delegation": "DEL",
    "message": "MSJ",
    "case": "CAS",
    "template": "PLT",
}
PUBLIC_ID = re.compile(r"PLG\.(" + "|".join(SERIES.values()) + r")\.\d{1,12}")


def check_digit(number: str) -> int:
    """The DIAN check digit (Orden Administrativa 4 de 1989): weights 3, 7, 13… from the right, modulo 11."""
    rest = sum(int(digit) * weight for digit, weight in zip(reversed(number), WEIGHTS, strict=False)) % 11
    return rest if rest < 2 else 11 - rest


@dataclass(frozen=True)
class Nit:
    number: str
    check_digit: int

    def __str__(self) -> str:
        return f"{self.number}-{self.check_digit}"

    @classmethod
    def parse(cls, text: str, field: str = "nit") -> "Nit":
        """Read "900123456-8", "900.123.456-8" or "9001234568". The check digit is required and must be right."""
        compact = re.sub(r"[\s.]", "", text)
        match = re.fullmatch(r"([0-9]{6,10})-([0-9])", compact) or re.fullmatch(r"([0-9]{9})([0-9])", compact)
        if match is None:
            example = f"900123456-{check_digit('900123456')}"
            sentence = _("The NIT must have 9 digits and the check digit, for example %(example)s.") % {
                "example": example
            }
            raise Refused(Objection("not_a_nit", sentence, field))
        nit = cls(match[1], int(match[2]))
        if nit.check_digit != check_digit(nit.number):
            sentence = _("The check digit of the NIT %(number)s is not %(digit)s. Check the number on the RUT.")
            raise Refused(
                Objection("wrong_check_digit", sentence % {"number": nit.number, "digit": nit.check_digit}, field)
            )
        return nit


def next_public_id(series: str) -> str:
    """The next identifier of a series, such as "PLG.EXP.1000001". Unique for ever; numbers may be skipped."""
    code = SERIES[series]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [f"kernel_series_{code.lower()}"])
        return f"PLG.{code}.{cursor.fetchone()[0]}"


def ocid_of(tender_code: str) -> str:
    return f"{settings.PLIEGO_OCID_PREFIX}-{tender_code}"


READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_code(groups: int = 3, size: int = 4) -> str:
    """A code that can be read aloud: no vowels that make words, no 0/O or 1/I/L."""
    return "-".join("".join(secrets.choice(READABLE) for _i in range(size)) for _j in range(groups))
