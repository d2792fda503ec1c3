"""The list of a prequalification: its notice says whether only so many may be on it."""

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Field, Parts

# fmt: off
PARTS: Parts = (
    Field(name="has_maximum", label=_("May only so many be on the list?"), kind="yes_no", choices=YES_NO,
          is_needed=True, help=_("The notice must say it. If more qualify, a public draw in the hearing decides."),
          legal_basis="Decreto 1082 de 2015, art. 2.2.1.2.1.3.4"),
    Field(name="maximum", label=_("How many at most"), kind="number", least=1, most=100, is_needed=True,
          when=("has_maximum", "yes"), legal_basis="Decreto 1082 de 2015, art. 2.2.1.2.1.3.6"),
)
# fmt: on

# What the notice said does not change: suppliers applied trusting it.
SHORTLIST = condition(
    code="shortlist",
    title=_("List of the prequalification"),
    path="lista/",
    parts=PARTS,
    is_optional=False,
    is_amendable=False,
    applies=lambda tender: tender.rulebook.flags.prequalification,
)
