"""What the process declares: trade agreements, the marks of the public page, standard documents."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Choices, Field, Parts
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection
from pliego.methods import standards

OTHER = "other"
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
DOCUMENTS: Choices = (
    *((one.key, str(one)) for one in standards.every()),
    (OTHER, _("Another one that is not in this list")),
)

# fmt: off
PARTS: Parts = (
    Field(name="covered", label=_("Do trade agreements cover this process?"), kind="yes_no", choices=YES_NO,
          is_needed=True, legal_basis=COVERAGE),
    Field(name="agreements", label=_("Which ones"), kind="choices", choices=TREATIES, is_needed=True,
          when=("covered", "yes")),
    Field(name="standard", label=_("Is it made with standard documents (documentos tipo)?"), kind="yes_no",
          choices=YES_NO, is_needed=True, legal_basis=STANDARD),
    Field(name="standard_document", label=_("Which standard document"), kind="choice", choices=DOCUMENTS,
          is_needed=True, when=("standard", "yes"),
          help=_("It fills what it fixes of the pliego, and nobody can change that.")),
    Field(name="standard_which", label=_("Which ones, and their version"), most=300, when=("standard_document", OTHER)),
    Field(name="peace", label=_("Is it a project of the framework plan of the Peace Agreement?"), kind="yes_no",
          choices=YES_NO, is_needed=True),
    Field(name="ruling_t302", label=_("Does it carry out the ruling T-302 of 2017?"), kind="yes_no", choices=YES_NO,
          is_needed=True, help=_("Wayuu children of La Guajira: water, food, health.")),
    Field(name="related", label=_("Other process it has to do with"), most=60,
          help=_("Its number, when there is one.")),
)
# fmt: on


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    chosen = standards.get(content.standard_document) if content.standard == "yes" else None
    if chosen and tender.rulebook.code not in chosen.methods:
        sentence = _("“%(document)s” is not for this method: choose another one.") % {"document": chosen}
        yield Objection("standard_of_another_method", sentence, "standard_document", STANDARD)


def _codes(tender: Any) -> list[str]:
    return [code for code in (tender.unspsc_main, *tender.unspsc_additional) if code]


def _meant(tender: Any, at: datetime) -> list[tuple[standards.Standard, bool]]:
    return standards.meant(tender.rulebook.code, tender.contract_type, _codes(tender), calendar.day_of(at))


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    """A document that the law asks for must be chosen, and be in force on the day of the publication."""
    if content.standard == "yes" and content.standard_document == OTHER and not content.standard_which:
        yield Objection("missing", _("Write which standard documents, and their version."), "standard_which", STANDARD)
    if tender.is_public:
        return  # it keeps what it was born under
    chosen = standards.get(content.standard_document) if content.standard == "yes" else None
    if chosen and not chosen.in_force(calendar.day_of(at)):
        sentence = _("“%(document)s” is not in force today: choose the version that is.")
        yield Objection("standard_out_of_force", sentence % {"document": chosen}, "standard_document", STANDARD)
    for standard, is_sure in _meant(tender, at):
        if is_sure and standard.mandatory and (chosen is None or chosen.code != standard.code):
            sentence = _("For these works the law asks for “%(document)s”: answer yes and choose it.")
            told = {"document": standard}
            yield Objection("standard_missing", sentence % told, "standard_document", standard.mandatory.legal_basis)


def notes(tender: Any, content: Any, at: datetime) -> Iterator[Any]:
    chosen = standards.get(content.standard_document) if content.standard == "yes" else None
    for standard, is_sure in () if tender.is_public else _meant(tender, at):
        if not is_sure and (chosen is None or chosen.code != standard.code):
            sentence = _("Look whether what is bought is within “%(document)s”: there it is mandatory (%(law)s).")
            yield sentence % {"document": standard, "law": STANDARD}
    if tender.rulebook.code.startswith("licitacion_obra") and content.standard == "no":
        yield _("Standard documents are mandatory for the works that have them: say why not in the studies.")
    if chosen and not tender.is_public:
        yield _("If you take the standard document out, what it wrote stays and nothing watches it any more: check it.")
    if chosen and chosen.act_advice:
        yield _("Compare %(act)s with the official text: we have not read it.") % {"act": chosen.act}


AGREEMENTS = condition(
    code="agreements",
    title=_("Trade agreements and marks"),
    path="acuerdos/",
    group="general",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    notes=notes,
)
