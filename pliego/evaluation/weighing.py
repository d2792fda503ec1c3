"""What of an evaluation gives points: the factors of the pliego, its formula, and each offer as `points` takes it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pliego.conditions import criteria, formulas
from pliego.conditions.formulas import Formula, Step
from pliego.evaluation import points
from pliego.evaluation.points import Factor, Given, Offer, Score
from pliego.kernel.calendar import BusinessCalendar

# What the rooms above know: the fines of a bidder that count on the day on which offers are due, each as a sentence.
KNOWN_FINES: list[Callable[[Any, date], Iterable[str]]] = []


def factors_of(tender: Any) -> list[Factor]:
    """In the order of the pliego, from 1; none where the price alone decides."""
    if criteria.rule_of(tender) not in criteria.SCORED:
        return []
    rows = criteria.CRITERIA.content(tender).factors
    return [
        Factor(number=number, kind=row.kind, most=row.points or Decimal(0), title=str(criteria.name_of(row)))
        for number, row in enumerate(rows, 1)
    ]


def judged_of(tender: Any) -> list[Factor]:
    """What each member scores for themselves."""
    return [factor for factor in factors_of(tender) if factor.kind in points.JUDGED]


def given_of(tender: Any) -> list[Factor]:
    """What people agree on: all but the price, which is computed."""
    return [factor for factor in factors_of(tender) if factor.kind != "price"]


def loses_by_fines(tender: Any) -> bool:
    """Whether a fine takes points away: in the methods of the general statute (Ley 2195 de 2022, art. 58)."""
    return criteria.rule_of(tender) in {"points", "quality_then_price"}


def known_fines(tender: Any, supplier: Any) -> str:
    """What the register of sanctions knows that takes points away from that bidder, as the committee writes it."""
    due = tender.due_at("bids_due")
    if due is None or not loses_by_fines(tender):
        return ""
    day = BusinessCalendar.day_of(due)
    return "; ".join(line for known in KNOWN_FINES for line in known(supplier, day))


def needs_rate(tender: Any) -> bool:
    """Whether the pliego lets the exchange rate draw the formula of its price."""
    return bool(factors_of(tender)) and criteria.CRITERIA.content(tender).formula == criteria.DRAWN


def formula_of(evaluation: Any) -> Formula | None:
    """How the price is turned into points; none where it gives none, or while the rate that draws it is not known."""
    content = criteria.CRITERIA.content(evaluation.tender)
    if not criteria.price_points(content) or not content.formula:
        return None
    if content.formula != criteria.DRAWN:
        return criteria.formula_of(content)
    rate = evaluation.exchange_rate
    return None if rate is None else criteria.formula_of(content, formulas.drawn(rate))


@dataclass(frozen=True)
class Table:
    """The whole of it, or one lot: the offers that take part, and every sum from their prices to their points."""

    lot: int | None
    official: Decimal
    formula: Formula | None
    factors: list[Factor]
    offers: list[Offer]
    shared: list[Step] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)

    @property
    def totals(self) -> Mapping[str, Fraction]:
        return points.totals(self.scores)


def tables_of(evaluation: Any, assessments: Iterable[Any]) -> list[Table]:
    """The table of the whole, or of each lot; none where nothing gives points. `assessments` come with what was agreed
    and with their lots. Where the price gives points nobody has them before all the prices are known."""
    tender = evaluation.tender
    if not (factors := factors_of(tender)):
        return []
    formula, rows = formula_of(evaluation), list(assessments)
    lots = {lot.number: lot.value_amount for lot in tender.lots.all()} if tender.lot_numbers else {None: None}
    found = []
    for number, value in lots.items():
        priced = [(row, _part(row, number)) for row in rows]
        offers = [_offer(row, part) for row, part in priced if part is not None and part.complies]
        official = value or tender.value_amount or Decimal(0)
        sums = points.worked(factors, offers, formula, official)
        found.append(Table(number, official, formula, factors, offers, *sums))
    return found


def _part(assessment: Any, lot: int | None) -> Any:
    """The assessment itself, or what it comes to in that lot."""
    return assessment if lot is None else next((row for row in assessment.lots.all() if row.number == lot), None)


def _offer(assessment: Any, part: Any) -> Offer:
    given = {
        row.factor: Given(points=row.points, staff=row.staff, with_disability=row.with_disability)
        for row in assessment.agreed.all()
    }
    is_fined = bool(assessment.fined) and loses_by_fines(assessment.evaluation.tender)
    return Offer(code=assessment.bid.code, price=part.price_amount, given=given, is_fined=is_fined)
