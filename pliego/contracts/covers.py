"""The covers (amparos) that a guarantee may give, with the legal minimum of each as data."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Cover:
    """`percent` is the least of the contract's value; `outlives` is true for what lasts beyond the settlement."""

    code: str
    title: Text
    percent: Decimal
    legal_basis: str
    outlives: bool = False


D1082 = "Decreto 1082 de 2015, art. 2.2.1.2.3.1."

# fmt: off
COVERS = {cover.code: cover for cover in (
    Cover("performance",   _("Performance of the contract"),              Decimal(10),  D1082 + "12"),
    Cover("advance",       _("Good handling of the advance"),             Decimal(100), D1082 + "10"),
    Cover("prepayment",    _("Return of the prepayment"),                 Decimal(100), D1082 + "11"),
    Cover("wages",         _("Wages and social benefits"),                Decimal(5),   D1082 + "13", outlives=True),
    Cover("works",         _("Stability and quality of the works"),       Decimal(0),   D1082 + "14", outlives=True),
    Cover("service",       _("Quality of the service"),                   Decimal(0),   D1082 + "15", outlives=True),
    Cover("goods",         _("Quality and good working of the goods"),    Decimal(0),   D1082 + "16", outlives=True),
    Cover("liability",     _("Civil liability towards third parties"),    Decimal(0),   D1082 + "17"),
)}
CLASSES = (
    ("policy",             _("Insurance policy")),
    ("bank_guarantee",     _("Bank guarantee")),
    ("trust",              _("Autonomous trust")),
)
# fmt: on
CHOICES = [(cover.code, cover.title) for cover in COVERS.values()]
