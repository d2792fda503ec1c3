"""The special regime: whether the module is used only to publish what the entity does by its own manual."""

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Field, Parts

# fmt: off
PARTS: Parts = (
    Field(name="only_publishes", label=_("Is the module used only for publicity?"), kind="yes_no", choices=YES_NO,
          is_needed=True, help=_("The selection is made outside, by the entity's own manual, and published here."),
          legal_basis="Ley 2195 de 2022, art. 53"),
    Field(name="manual", label=_("Manual of contracting that it follows"), most=300, is_needed=True,
          help=_("Its name, date and where anybody can read it.")),
)
# fmt: on

PUBLICITY = condition(
    code="publicity",
    title=_("Publicity of the special regime"),
    path="publicidad/",
    parts=PARTS,
    applies=lambda tender: tender.rulebook.flags.publicity,
)
