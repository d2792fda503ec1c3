"""What the process declares: trade agreements, the marks of the public page, standard documents."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Choices, Field, Parts

COVERAGE = "Decreto 1082 de 2015, art. 2.2.1.2.4.1.1"
STANDARD = "Ley 2022 de 2020, art. 1"

# Each with the law that approved it. Proper names: they are not translated.
TREATIES: Choices = (
    ("pacific_alliance", "Alianza del Pacífico: Chile, México y Perú (Ley 1746 de 2014)"),
    ("canada", "Canadá (Ley 1363 de 2009)"),
    ("chile", "Chile (Ley 1189 de 2008)"),
    ("andean_community", "Comunidad Andina (Decisión 439 de 1998)"),
    ("korea", "Corea (Ley 1747 de 2014)"),
    ("costa_rica", "Costa Rica (Ley 1763 de 2015)"),
    ("efta", "Estados AELC (Ley 1372 de 2010)"),
    ("united_states", "Estados Unidos (Ley 1143 de 2007)"),
    ("israel", "Israel (Ley 1841 de 2017)"),
    ("mexico", "México (Ley 172 de 1994)"),
    ("united_kingdom", "Reino Unido (Ley 2067 de 2020)"),
    ("northern_triangle", "Triángulo Norte: El Salvador, Guatemala y Honduras (Ley 1241 de 2008)"),
    ("european_union", "Unión Europea (Ley 1669 de 2013)"),
)

# fmt: off
PARTS: Parts = (
    Field(name="covered", label=_("Do trade agreements cover this process?"), kind="yes_no", choices=YES_NO,
          is_needed=True, legal_basis=COVERAGE),
    Field(name="agreements", label=_("Which ones"), kind="choices", choices=TREATIES, is_needed=True,
          when=("covered", "yes")),
    Field(name="standard", label=_("Is it made with standard documents (documentos tipo)?"), kind="yes_no",
          choices=YES_NO, is_needed=True, legal_basis=STANDARD),
    Field(name="standard_which", label=_("Which ones, and their version"), most=300, is_needed=True,
          when=("standard", "yes")),
    Field(name="peace", label=_("Is it a project of the framework plan of the Peace Agreement?"), kind="yes_no",
          choices=YES_NO, is_needed=True),
    Field(name="ruling_t302", label=_("Does it carry out the ruling T-302 of 2017?"), kind="yes_no", choices=YES_NO,
          is_needed=True, help=_("Wayuu children of La Guajira: water, food, health.")),
    Field(name="related", label=_("Other process it has to do with"), most=60,
          help=_("Its number, when there is one.")),
)
# fmt: on


def notes(tender: Any, content: Any, at: datetime) -> Iterator[Any]:
    if tender.rulebook.code.startswith("licitacion_obra") and content.standard == "no":
        yield _("Standard documents are mandatory for the works that have them: say why not in the studies.")


AGREEMENTS = condition(
    code="agreements",
    title=_("Trade agreements and marks"),
    path="acuerdos/",
    group="general",
    parts=PARTS,
    notes=notes,
)
