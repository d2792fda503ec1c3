"""The short guides: one page for each kind of reader."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Guide:
    slug: str
    title: Text
    summary: Text

    @property
    def template(self) -> str:
        language = "en" if (get_language() or "es").startswith("en") else "es"
        return f"workspace/guides/{self.slug}.{language}.html"


# fmt: off
GUIDES = (
    Guide("comprador", _("I buy for a state entity"),
          _("From the annual plan to the last payment: who prepares, who approves, what the law asks.")),
    Guide("proveedor", _("I sell to the State"),
          _("Register, find processes, send a sealed offer, sign the contract and follow your invoice.")),
    Guide("ciudadano", _("I watch how public money is spent"),
          _("Search without an account, read every act of a process and check its receipts yourself.")),
    Guide("mesa", _("I work at the service desk"),
          _("Activate organisations and accompany people without ever acting in their name.")),
    Guide("integrador", _("I connect another system"),
          _("API, OCDS open data, keys, repeated requests and offline verification.")),
)
# fmt: on
