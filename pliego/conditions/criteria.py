"""What gives points, how the price is turned into them, and what decides a tie."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions import formulas
from pliego.conditions.conditions import condition
from pliego.conditions.fields import Field, Parts, Rows
from pliego.conditions.formulas import Formula, Step
from pliego.kernel.money import Money, format_money, grouped
from pliego.kernel.objections import Objection, Text
from pliego.methods import catalogue
from pliego.tendering.sections import Section

WHOLE = Decimal(100)
QUALITY_LAW = "Ley 1150 de 2007, art. 5; Decreto 1082 de 2015, art. 2.2.1.1.2.2.2"
SMALL_FIRMS = "Decreto 1082 de 2015, art. 2.2.1.2.4.2."
DRAWN = "drawn"
# Prices of the example: an official estimate and five offers, as hundredths of it.
EXAMPLE = {"A": 98, "B": 91, "C": 95, "D": 87, "E": 100}
EXAMPLE_OFFICIAL = Decimal(100_000_000)
LEAST_OFFICIAL = Decimal(1000)  # below it the prices of the example would be alike


@dataclass(frozen=True)
class Factor:
    """Something that gives points. Outside `least` and `most` (of 100) it is refused, or warned about if `advice`."""

    code: str
    title: Text
    legal_basis: str
    least: Decimal = Decimal(0)
    most: Decimal = WHOLE
    repeats: bool = False
    advice: bool = False


# fmt: off
FACTORS = {factor.code: factor for factor in (
    Factor("price",      _("Price"),                               QUALITY_LAW),
    Factor("quality",    _("Quality"),                             QUALITY_LAW, repeats=True),
    Factor("national",   _("Support to the national industry"),    "Ley 816 de 2003, art. 2", Decimal(5), Decimal(20)),
    Factor("disability", _("Workers with a disability"),           SMALL_FIRMS + "6 (Decreto 392 de 2018)",
           Decimal(1), Decimal(1), advice=True),
    Factor("women",      _("Enterprises and undertakings of women"), SMALL_FIRMS + "15 (Decreto 1860 de 2021)",
           most=Decimal("0.25")),
    Factor("mipyme",     _("Mipyme"),                              SMALL_FIRMS + "18 (Decreto 1860 de 2021)",
           most=Decimal("0.25")),
    Factor("other",      _("Another factor"),                      QUALITY_LAW, repeats=True),
)}
FORMULAS: tuple[tuple[str, Text], ...] = (
    ("lowest",                  _("Lowest price")),
    ("arithmetic_mean",         _("Arithmetic mean")),
    ("high_mean",               _("High arithmetic mean")),
    ("low_mean",                _("Low arithmetic mean")),
    ("geometric_mean",          _("Geometric mean")),
    ("geometric_with_official", _("Geometric mean with the official estimate")),
    ("median",                  _("Median")),
    ("weighted_mean",           _("Mean weighted with the official estimate")),
    (DRAWN,                     _("Drawn by the decimals of the exchange rate (TRM)")),
)
HOW: dict[str, Text] = {
    "lowest": _("The lowest price has all the points; each other one, in proportion to it."),
    "arithmetic_mean": _("Each price loses by its distance to the mean of all, and twice as much above it."),
    "high_mean": _("Each price loses by its distance to the middle between the mean and the highest price, and "
                   "twice as much above it."),
    "low_mean": _("Each price loses by its distance to the middle between the mean and the lowest price."),
    "geometric_mean": _("The price nearest to the geometric mean has all the points; each other one loses by its "
                        "distance to that mean."),
    "geometric_with_official": _("Each price loses by its distance to the geometric mean of all prices and the "
                                 "official estimate, which goes in once for each three offers; twice above it."),
    "median": _("Each price loses by its distance to the price in the middle; with an even number of offers, the lower "
                "of the two."),
    "weighted_mean": _("Each price loses by its distance to the mean of all weighted with the official estimate, and "
                       "twice as much above it."),
}
STEPS: dict[str, Text] = {
    "mean": _("Arithmetic mean"), "times": _("Times that the official estimate goes in"),
    "reference": _("Reference value"), "points": _("Points"),
}
PARTS: Parts = (
    Rows(name="factors", label=_("Factors that give points"), one=_("Factor %(n)s"), most=40,
         help=_("Together they are 100 points."), columns=(
        Field(name="kind",   label=_("Kind of factor"),   kind="choice", is_needed=True, is_wide=True,
              choices=tuple((factor.code, factor.title) for factor in FACTORS.values())),
        Field(name="title",  label=_("Name"),             most=200),
        Field(name="points", label=_("Points"),           kind="decimal", most=100),
        Field(name="how",    label=_("How it is scored"), kind="prose", most=2000),
    )),
    Field(name="formula", label=_("Formula of the price"), kind="choice", choices=FORMULAS, legal_basis=QUALITY_LAW),
    Field(name="official_share", label=_("Weight of the official estimate, of 100"), kind="decimal", most=100,
          when=("formula", "weighted_mean")),
    Field(name="draw_day", label=_("Of which day the exchange rate is taken"), when=("formula", DRAWN),
          help=_("For example: of the second business day after the closing.")),
    Field(name="decimals", label=_("Decimals of the points"), kind="number", most=7, help=_("Empty: two.")),
)
# fmt: on
SCORED = frozenset({"points", "quality_then_price", "own_manual"})


def rule_of(tender: Any) -> str:
    return str(tender.rulebook.evaluation.rule)


def price_points(content: Any) -> Decimal:
    return sum((row.points or Decimal(0) for row in content.factors if row.kind == "price"), Decimal())


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    seen: set[str] = set()
    for place, row in enumerate(content.factors):
        factor, at = FACTORS[row.kind], f"factors-{place}-"
        if row.kind in seen and not factor.repeats:
            twice = _("“%(factor)s” is there twice.") % {"factor": factor.title}
            yield Objection("factor_twice", twice, at + "kind")
        seen.add(row.kind)
        if not factor.advice and (objection := _out_of_range(row, factor, at + "points")):
            yield objection
        if row.kind == "price" and rule_of(tender) == "quality_then_price":
            sentence = _("In this method the price gives no points: it is agreed with whoever has the best quality.")
            yield Objection("price_scores", sentence, at + "kind", tender.rulebook.evaluation.legal_basis)


def _out_of_range(row: Any, factor: Factor, field: str) -> Objection | None:
    if row.points is None or factor.least <= row.points <= factor.most:
        return None
    told = {"factor": factor.title, "least": grouped(factor.least), "most": grouped(factor.most)}
    if factor.least == factor.most:
        sentence = _("“%(factor)s” gives %(most)s of the 100 points.")
    elif factor.least:
        sentence = _("“%(factor)s” gives from %(least)s to %(most)s of the 100 points.")
    else:
        sentence = _("“%(factor)s” gives at most %(most)s of the 100 points.")
    return Objection("points_out_of_range", sentence % told, field, factor.legal_basis)


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    basis = tender.rulebook.evaluation.legal_basis
    if rule_of(tender) != "own_manual" and not content.factors:
        yield Objection("missing", _("Write the factors that give points, and how many each."), "factors", basis)
        return
    for place, row in enumerate(content.factors):
        if not row.points:
            sentence = _("Write the points of “%(factor)s”.")
            yield Objection("missing", sentence % {"factor": name_of(row)}, f"factors-{place}-points")
    total = sum((row.points or Decimal(0) for row in content.factors), Decimal())
    if content.factors and total != WHOLE:
        sentence = _("The factors add up to %(total)s points and they must be 100.")
        yield Objection("points_do_not_add_up", sentence % {"total": grouped(total)}, "factors", basis)
    yield from _formula_is_missing(tender, content, basis)


def _formula_is_missing(tender: Any, content: Any, basis: str) -> Iterator[Objection]:
    if rule_of(tender) == "points" and not price_points(content):
        yield Objection("missing", _("The price gives points in this method: add it to the factors."), "factors", basis)
    elif price_points(content) and not content.formula:
        yield Objection("missing", _("Choose how the price is turned into points."), "formula", basis)
    if content.formula == "weighted_mean" and content.official_share is None:
        yield Objection("missing", _("Write the weight of the official estimate."), "official_share")
    if content.formula == DRAWN and not content.draw_day:
        yield Objection("missing", _("Write of which day the exchange rate is taken."), "draw_day")


def advice(tender: Any, content: Any) -> Iterator[Objection]:
    """What is worth a second look, and blocks nothing."""
    there = {row.kind for row in content.factors}
    if content.factors:
        for code in ("national", "disability"):
            if code not in there and rule_of(tender) != "own_manual":
                factor = FACTORS[code]
                sentence = _("Methods with points usually give some for “%(factor)s”.")
                yield Objection("usual_factor", sentence % {"factor": factor.title}, "", factor.legal_basis)
    for row in content.factors:
        if FACTORS[row.kind].advice and (objection := _out_of_range(row, FACTORS[row.kind], "")):
            yield objection


def name_of(row: Any) -> Text:
    return row.title or FACTORS[row.kind].title


# ---- the example ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worked:
    """A formula applied to five invented prices: the shared steps, and a row for each offer."""

    title: Text
    how: Text
    drawn_by: str
    shared: list[tuple[Text, str, str]]
    offers: list[tuple[str, str, str, str]]


def formula_of(content: Any, kind: str = "") -> Formula:
    """The formula that the content fixes; of the drawn ones, the one of that kind."""
    share = Decimal(50) if content.official_share is None else content.official_share
    return Formula(
        kind=kind or content.formula,
        most=price_points(content),
        decimals=2 if content.decimals is None else content.decimals,
        official_share=share,
    )


def example_official(tender: Any) -> Decimal:
    """The official estimate of the example: that of the process, unless it has none yet."""
    value = tender.value_amount
    return value if value and value >= LEAST_OFFICIAL else EXAMPLE_OFFICIAL


def worked(content: Any, official: Decimal = EXAMPLE_OFFICIAL) -> list[Worked]:
    """The example of each formula that may be applied; none while there is no formula or no points for the price."""
    if not content.formula or not price_points(content):
        return []
    kinds = formulas.DRAWN if content.formula == DRAWN else (content.formula,)
    prices = {code: (official * share / 100).quantize(Decimal(1)) for code, share in EXAMPLE.items()}
    return [_worked(content, kind, prices, official) for kind in kinds]


def _worked(content: Any, kind: str, prices: dict[str, Decimal], official: Decimal) -> Worked:
    formula, titles = formula_of(content, kind), dict(FORMULAS)
    steps = formulas.points(formula, prices, official)
    by_draw = ""
    if content.formula == DRAWN:
        first, last = formulas.RANGES[formulas.DRAWN.index(kind)]
        by_draw = f"0,{first:02} – 0,{last:02}"
    return Worked(
        title=titles[kind],
        how=HOW[kind],
        drawn_by=by_draw,
        shared=[(STEPS[step.name], _sum(step), _value(step)) for step in steps if step.offer == formulas.SHARED],
        offers=[
            (step.offer, _pesos(prices[step.offer]), _sum(step), _points(step, formula.decimals))
            for step in steps
            if step.offer != formulas.SHARED
        ],
    )


def _pesos(amount: Decimal) -> str:
    return format_money(Money(amount, "COP"))


def _sum(step: Step) -> str:
    """The sum with its numbers as the reader writes them."""
    return re.sub(r"\d+(?:\.\d+)?", lambda found: grouped(Decimal(found[0])), step.sum)


def _value(step: Step) -> str:
    return str(step.value) if step.name == "times" else _pesos(step.value)


def _points(step: Step, decimals: int) -> str:
    return f"{step.value:.{decimals}f}".replace(".", ",")


def ladder(tender: Any) -> Any:
    """What decides a tie, in order; none where nobody competes."""
    return catalogue.ladder_of(tender.rulebook) if tender.has_bidding else None


def shown(tender: Any, content: Any) -> dict[str, Any]:
    """The factors, the example and the ladder, for the page."""
    return {
        "factors": [
            (name_of(row), grouped(row.points or Decimal(0)), row.how, FACTORS[row.kind].legal_basis)
            for row in content.factors
        ],
        "worked": worked(content, example_official(tender)),
        "official": _pesos(example_official(tender)),
        "ladder": ladder(tender),
    }


CRITERIA = condition(
    code="criteria",
    title=_("Evaluation criteria"),
    path="criterios/",
    group="evaluation",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    notes=lambda tender, content, at: map(str, advice(tender, content)),
    applies=lambda tender: tender.has_bidding and rule_of(tender) in SCORED,
    lead=_("What gives points to an offer. Bidders see the same example as you, with every step."),
    shown=shown,
    block="conditions/criteria.html",
)

# ---- methods where the price alone decides -------------------------------------------------------------------------

SENTENCES: dict[str, Text] = {
    "lowest_price_that_complies": _("Only the price decides: the lowest one that complies with everything is awarded."),
    "lowest_bid": _("Only the price decides: the lowest bid of the auction is awarded."),
    "highest_bid": _("Only the price decides: the highest one is awarded."),
}


def no_objection(tender: Any, at: datetime) -> Iterator[Objection]:
    return iter(())


PRICE_DECIDES = Section(
    code="price_decides",
    title=_("Evaluation criteria"),
    path="criterios-de-precio/",
    group="evaluation",
    edits="conditions",
    rule=no_objection,
    started=lambda tender: True,
    applies=lambda tender: tender.has_bidding and rule_of(tender) in SENTENCES,
    is_amendable=False,
)


# ---- in the words of OCDS ------------------------------------------------------------------------------------------

AWARD_CRITERIA = {"points": "ratedCriteria", "own_manual": "ratedCriteria", "quality_then_price": "qualityOnly"}


def award_criteria(tender: Any) -> str | None:
    """The code of the standard's list for how this method awards; none where there are no offers to compare."""
    rule = rule_of(tender)
    return "priceOnly" if rule in SENTENCES else AWARD_CRITERIA.get(rule)


def award_details(tender: Any, content: Any) -> str:
    """The same in a sentence: what decides, or each factor with its points."""
    if content is None:
        return str(SENTENCES.get(rule_of(tender), ""))
    told = [f"{name_of(row)}: {grouped(row.points or Decimal(0))}" for row in content.factors]
    formula = [str(dict(FORMULAS)[content.formula])] if content.formula else []
    return "; ".join([*told, *formula])
