"""4 and 5. The documents that the contractor must bring; the clauses with their numbered variables."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.fields import YES_NO, Choices, Field, Parts, Rows
from pliego.contracts import clauses
from pliego.contracts.sections.keeping import column, kept_part
from pliego.contracts.sections.performance import PERFORMANCE, SOCIAL_LAW
from pliego.kernel.objections import Objection

MOMENTS: Choices = (
    ("signature", _("Before the contractor accepts")),
    ("start", _("Before the start")),
    ("later", _("During the performance")),
)
# The proof that the start asks for; the title is Spanish whoever reads, as those that an entity writes.
SOCIAL_SECURITY = "Afiliación y pago a la seguridad social y parafiscales"
VARIABLE = re.compile(r"\[\[(\d{1,3})\]\]")

# fmt: off
OF_SUPPLIER: Parts = (
    Rows(name="asked", label=_("Documents that the contractor brings"), one=_("Document %(n)s"), most=60, columns=(
        Field(name="title",    label=_("Document"), is_needed=True, is_wide=True),
        Field(name="moment",   label=_("When"), kind="choice", choices=MOMENTS, is_needed=True),
        Field(name="required", label=_("Required"), kind="yes_no", choices=YES_NO, is_needed=True),
        Field(name="note",     label=_("Explanation"), kind="prose", most=500),
    )),
)
OF_CONTRACT: Parts = (
    Field(name="template", label=_("Template of clauses"), kind="choice", choices=clauses.CHOICES,
          help=_("Choosing another one and saving brings its clauses; the values that you wrote stay where the meaning "
                 "is the same.")),
    Rows(name="articles", label=_("Clauses"), one=_("Clause %(n)s"), most=80,
         help=_("Write [[1]] where the value of variable 1 goes."), columns=(
        Field(name="title", label=_("Title"), is_needed=True),
        Field(name="text",  label=_("Text"), kind="prose", most=8000, is_needed=True, is_wide=True),
    )),
    Rows(name="variables", label=_("Variables of the clauses"), one=_("Variable %(n)s"), numbered="number", most=120,
         columns=(
        Field(name="number", label=_("Number"), kind="number", least=1, most=999),
        Field(name="label",  label=_("What it says"), is_needed=True, is_wide=True),
        Field(name="value",  label=_("Value"), kind="prose", most=1000),
    )),
    Field(name="clauses", label=_("Additional clauses"), kind="prose", most=20_000),
)
# fmt: on


def asked_twice(contract: Any, content: Any) -> Iterator[Objection]:
    titles = [row.title.strip().casefold() for row in content.asked]
    for place, title in enumerate(titles):
        if title in titles[:place]:
            yield Objection("asked_twice", _("This document is already asked for."), f"asked-{place}-title")


def missing(contract: Any, moment: str) -> Iterator[Objection]:
    """The required documents that the contractor has not brought and must have by then."""
    brought = set(contract.papers.exclude(asked="").values_list("asked", flat=True))
    sentence = _("The contractor has not attached “%(title)s”, which the contract asks for.")
    for row in SUPPLIER_DOCUMENTS.content(contract).asked:
        if row.required == "yes" and row.moment == moment and row.title not in brought:
            yield Objection("paper_missing", sentence % {"title": row.title})
    if moment == "start" and proves_social_security(contract) and SOCIAL_SECURITY not in brought:
        yield Objection("social_security_missing", sentence % {"title": SOCIAL_SECURITY}, "", SOCIAL_LAW)


def proves_social_security(contract: Any) -> bool:
    return bool(PERFORMANCE.content(contract).social_security == "yes")


def wanted(contract: Any) -> list[str]:
    """The titles of all that the contract asks the contractor to bring."""
    titles = [row.title for row in SUPPLIER_DOCUMENTS.content(contract).asked]
    return [*titles, SOCIAL_SECURITY] if proves_social_security(contract) else titles


def used_in(content: Any) -> list[int]:
    """The numbers of the variables that the clauses use, in order."""
    found = [int(n) for row in content.articles for n in VARIABLE.findall(row.text)]
    return sorted(set(found) | {int(n) for n in VARIABLE.findall(content.clauses)})


def variables_are_empty(contract: Any, content: Any, at: datetime) -> Iterator[Objection]:
    """Every variable that a clause uses has its value: nothing goes to the contractor with a blank."""
    known = {row.number: (place, row) for place, row in enumerate(content.variables)}
    for number in used_in(content):
        place, row = known.get(number, (None, None))
        if row is None:
            sentence = _("A clause uses variable %(n)s, which is not among the variables: add it.")
            yield Objection("variable_unknown", sentence % {"n": number}, "variables")
        elif not row.value.strip():
            sentence = _("Write the value of variable %(n)s: %(label)s.")
            yield Objection("variable_empty", sentence % {"n": number, "label": row.label}, f"variables-{place}-value")


def filled(text: str, content: Any) -> str:
    """A text with the values of its variables; what is still empty shows its number."""
    values = {row.number: row.value.strip() for row in content.variables}
    return VARIABLE.sub(lambda found: values.get(int(found[1])) or found[0], text)


SUPPLIER_DOCUMENTS = kept_part(
    code="supplier_documents",
    title=_("Documents of the contractor"),
    path="documentos-del-proveedor",
    parts=OF_SUPPLIER,
    wrong=asked_twice,
    lead=_("What the contractor must bring, and when. It is attached by the contractor on the page of the contract."),
)
DOCUMENTS = kept_part(
    code="documents",
    title=_("Documents of the contract"),
    path="documentos-del-contrato",
    parts=OF_CONTRACT,
    places={"clauses": column("clauses")},
    lacks=variables_are_empty,
    lead=_("The clauses complete the other sections and do not repeat them. Every variable needs its value."),
)
