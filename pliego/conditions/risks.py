"""The matrix of foreseeable risks: each one described, valued, assigned and treated."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pliego.conditions import valuing
from pliego.conditions.conditions import condition
from pliego.conditions.fields import Field, Parts, Rows
from pliego.kernel.objections import Objection, Text

RISK_LAW = "Ley 1150 de 2007, art. 4; Decreto 1082 de 2015, art. 2.2.1.1.1.6.3"
MOST = 200
Choices = tuple[tuple[str, Text], ...]

# fmt: off
CLASSES: Choices = (("general", _("General risk")), ("specific", _("Specific risk")))
SOURCES: Choices = (("internal", _("Internal source")), ("external", _("External source")))
STAGES: Choices = (
    ("planning",    _("Planning")),
    ("selection",   _("Selection")),
    ("contracting", _("Contracting")),
    ("performance", _("Performance")),
)
TYPES: Choices = (
    ("economic",      _("Economic risks")),
    ("social",        _("Social or political risks")),
    ("operational",   _("Operational risks")),
    ("financial",     _("Financial risks")),
    ("regulatory",    _("Regulatory risks")),
    ("nature",        _("Risks of nature")),
    ("environmental", _("Environmental risks")),
    ("technological", _("Technological risks")),
)
PARTIES: Choices = (
    ("entity", _("Contracting entity")), ("contractor", _("Contractor")), ("both", _("Shared by both")),
)
PARTS: Parts = (
    Rows(name="risks", label=_("Risks"), one=_("Risk %(n)s"), most=MOST,
         help=_("The valuation is the sum of probability and impact; the category follows from it."), columns=(
        Field(name="risk_class",  label=_("Class"),               kind="choice", choices=CLASSES),
        Field(name="source",      label=_("Source"),              kind="choice", choices=SOURCES),
        Field(name="stage",       label=_("Stage"),               kind="choice", choices=STAGES),
        Field(name="risk_type",   label=_("Type"),                kind="choice", choices=TYPES),
        Field(name="description", label=_("Description"),         kind="prose", most=1000, is_needed=True),
        Field(name="consequence", label=_("Consequence"),         kind="prose", most=1000),
        Field(name="probability", label=_("Probability"),         kind="number", least=1, most=5),
        Field(name="impact",      label=_("Impact"),              kind="number", least=1, most=5),
        Field(name="assigned_to", label=_("Assigned to"),         kind="choice", choices=PARTIES),
        Field(name="treatment",   label=_("Treatment"),           kind="prose", most=1000),
        Field(name="monitoring",  label=_("Monitoring"),          kind="prose", most=1000),
    )),
)
# fmt: on
COLUMNS = PARTS[0].columns  # type: ignore[union-attr]
# Computed from probability and impact, and shown after them.
COMPUTED = (_("Valuation"), _("Category"))
AFTER = [column.name for column in COLUMNS].index("impact") + 1
WIDTHS = {5: 50, 6: 50, 12: 40, 13: 40}
# Without these a bidder does not know what it takes on.
NEEDED = ("probability", "impact", "assigned_to", "treatment")


def is_required(tender: Any) -> bool:
    """Methods with a hearing on risks, and those that compare offers by points, always publish their matrix."""
    rulebook = tender.rulebook
    return rulebook.has_milestone("risk_hearing") or rulebook.evaluation.rule in {"points", "quality_then_price"}


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    if is_required(tender) and not content.risks:
        sentence = _("Write the foreseeable risks: what each is, how it is valued and who takes it.")
        yield Objection("missing", sentence, "risks", RISK_LAW)
    for place, row in enumerate(content.risks):
        for column in COLUMNS:
            if column.name in NEEDED and getattr(row, column.name) in {None, ""}:
                sentence, told = _("Risk %(n)s: fill in “%(label)s”."), {"n": place + 1, "label": column.label}
                yield Objection("missing", sentence % told, f"risks-{place}-{column.name}")


def scored(row: Any) -> tuple[int | None, Text]:
    """Valuation and name of the category of a risk."""
    value = valuing.valuation(row.probability, row.impact)
    return value, valuing.CATEGORIES.get(valuing.category(value), "")


def cells(row: Any) -> list[Any]:
    """A risk as it is read: names instead of codes, and what is computed after probability and impact."""
    told = [dict(c.choices).get(getattr(row, c.name), "") if c.choices else getattr(row, c.name) for c in COLUMNS]
    return [*told[:AFTER], *scored(row), *told[AFTER:]]


def heads() -> list[Text]:
    labels = [column.label for column in COLUMNS]
    return [_("N."), *labels[:AFTER], *COMPUTED, *labels[AFTER:]]


def _are_prose() -> list[bool]:
    """Which of the cells of a row hold long texts."""
    told = [column.kind == "prose" for column in COLUMNS]
    return [*told[:AFTER], *(False for _computed in COMPUTED), *told[AFTER:]]


def sheet(content: Any) -> tuple[list[str], Iterable[list[Any]]]:
    """Headings and rows of a file. Files are Spanish whoever downloads them."""
    with override("es-co"):
        rows = [
            [number, *("" if cell is None else cell if isinstance(cell, int) else str(cell) for cell in cells(row))]
            for number, row in enumerate(content.risks, 1)
        ]
        return [str(head) for head in heads()], rows


def shown(tender: Any, content: Any) -> dict[str, Any]:
    """The matrix and its table, for the page."""
    return {
        "heads": heads(),
        "rows": [
            (number, list(zip(cells(row), _are_prose(), strict=True))) for number, row in enumerate(content.risks, 1)
        ],
        "matrix": valuing.matrix(content.risks),
        "impacts": list(valuing.IMPACTS.items()),
    }


RISKS = condition(
    code="risks",
    title=_("Matrix of risks"),
    path="riesgos/",
    parts=PARTS,
    lacks=lacks,
    applies=lambda tender: tender.rulebook.publication_only is None and tender.rulebook.evaluation.rule != "none",
    lead=_("The foreseeable risks of the contract and who takes each. Where there is a hearing, it decides on them."),
    shown=shown,
    block="conditions/risks.html",
)
