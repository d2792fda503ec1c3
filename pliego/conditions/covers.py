"""The covers (amparos) that a guarantee may give: one closed list, with the legal minimum of each as data.

The figures come from articles of Decreto 1082 de 2015; what `advice` names warns and never blocks.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Cover:
    """`percent` is the least of the value, `months` the least after the end of the contract; `outlives` is true for
    what lasts beyond the settlement. `in_wages`: the least is so many minimum wages, by the value (`least_wages`)."""

    code: str
    title: Text
    percent: Decimal
    legal_basis: str
    outlives: bool = False
    months: int = 0
    in_wages: bool = False


D1082 = "Decreto 1082 de 2015, art. 2.2.1.2.3.1."

# fmt: off
# What covers the contract.
COVERS = {cover.code: cover for cover in (
    Cover("performance",   _("Performance of the contract"),              Decimal(10),  D1082 + "12"),
    Cover("advance",       _("Good handling of the advance"),             Decimal(100), D1082 + "10"),
    Cover("prepayment",    _("Return of the prepayment"),                 Decimal(100), D1082 + "11"),
    Cover("wages",         _("Wages and social benefits"),                Decimal(5),   D1082 + "13", outlives=True,
          months=36),
    Cover("works",         _("Stability and quality of the works"),       Decimal(0),   D1082 + "14", outlives=True,
          months=60),
    Cover("service",       _("Quality of the service"),                   Decimal(0),   D1082 + "15", outlives=True),
    Cover("goods",         _("Quality and good working of the goods"),    Decimal(0),   D1082 + "16", outlives=True),
    Cover("liability",     _("Civil liability towards third parties"),    Decimal(0),   D1082 + "17", in_wages=True),
)}
# What covers the offer comes with it, and no contract asks for it.
OFFER = Cover("offer",     _("Seriousness of the offer"),                 Decimal(10),  D1082 + "9")
ASKED = {OFFER.code: OFFER, **COVERS}
CLASSES = (
    ("policy",             _("Insurance policy")),
    ("bank_guarantee",     _("Bank guarantee")),
    ("trust",              _("Autonomous trust")),
)
# Civil liability: up to so many minimum wages of value, at least so many are covered; above all, so many hundredths of
# the value, and never more than a ceiling.
LIABILITY = ((1_500, 200), (2_500, 300), (5_000, 400), (10_000, 500))
LIABILITY_PERCENT, LIABILITY_MOST = Decimal(5), Decimal(75_000)
# fmt: on
CHOICES = [(cover.code, cover.title) for cover in COVERS.values()]


def least_wages(value_in_wages: Decimal) -> Decimal:
    """The least that civil liability covers, in minimum wages, for a contract of that value in minimum wages."""
    for most, least in LIABILITY:
        if value_in_wages <= most:
            return Decimal(least)
    return min(value_in_wages * LIABILITY_PERCENT / 100, LIABILITY_MOST)
