"""Reading an evaluation: the matrix of offers by requirements, the order, and what waits for somebody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pliego.bidding import disclosed
from pliego.bidding.models import BidDocument
from pliego.evaluation import comparing, points, rules, scoring, weighing
from pliego.evaluation.comparing import Orders
from pliego.evaluation.models import Assessment, Evaluation, LotAssessment
from pliego.evaluation.todo import tasks_for  # noqa: F401 -- "Mis tareas" asks this module
from pliego.kernel.actors import SYSTEM
from pliego.kernel.money import cop, format_money
from pliego.tendering import kinds
from pliego.tendering.lots import concerns
from pliego.tendering.models import QuestionnaireItem, Tender


def requirements_of(tender: Tender, lots: Collection[int] | None = None) -> list[QuestionnaireItem]:
    """What every offer is held against, in the order of the pliego; of those, what one for these lots is."""
    items = tender.items.filter(is_requirement=True).order_by("number")
    return [item for item in items if lots is None or concerns(item.lots, lots)]


# ---- prices --------------------------------------------------------------------------------------------------------


def faults_of(check: scoring.PriceCheck) -> list[dict[str, Any]]:
    """What is wrong with a price, as it is kept beside the assessment."""
    found: list[dict[str, Any]] = []
    if check.total is None:
        found.append({"code": "no_prices", "blocking": True})
    elif check.missing:
        found.append({"code": "lines_missing", "blocking": True, "lines": list(check.missing)})
    if check.above_budget:
        found.append({"code": "above_budget", "blocking": True})
    if check.below_minimum:
        found.append({"code": "below_minimum", "blocking": True})
    if check.announced_is_wrong:
        found.append({"code": "announced_differs", "blocking": False, "announced": str(check.announced)})
    return found


def low_price_json(flag: scoring.LowPriceFlag | None) -> dict[str, str]:
    """How a price that looks artificially low is kept."""
    return {"threshold": str(flag.threshold), "method": flag.method} if flag else {}


CHOICE_FAULTS = frozenset({"no_lot", "too_few_lots", "too_many_lots"})  # codes of bidding.rules.lots_are_wrong


def is_blocked(assessment: Assessment) -> bool:
    """Whether the price alone already keeps the offer from complying."""
    return any(fault["blocking"] for fault in assessment.price_faults)


def price_sentences(assessment: Assessment | LotAssessment) -> list[str]:
    """What is wrong with the price, for people."""
    found: list[str] = []
    for fault in assessment.price_faults:
        match fault["code"]:
            case "no_prices":
                found.append(_("The offer has no prices."))
            case "lines_missing":
                lines = ", ".join(str(number) for number in fault["lines"])
                found.append(_("The price list lacks lines %(lines)s.") % {"lines": lines})
            case "above_budget":
                found.append(_("The price is above the official budget."))
            case "below_minimum":
                found.append(_("The price is below the minimum price of the sale."))
            case rules.LOW_PRICE_REJECTED:
                sentence = _("The artificially low price was not explained: %(reason)s")
                found.append(sentence % {"reason": fault["reason"]})
            case "no_lot":
                found.append(_("The offer names no lot of the process."))
            case "too_few_lots":
                found.append(_("The pliego asks for offers for all the lots, and this one is for %(n)s.") % fault)
            case "too_many_lots":
                found.append(_("The pliego lets one offer for at most %(most)s lots, and this is for %(n)s.") % fault)
            case "announced_differs":
                amount = format_money(cop(fault["announced"]))
                found.append(_("The bidder announced %(amount)s; the sum of the lines decides.") % {"amount": amount})
    return found


def low_price_sentence(assessment: Assessment | LotAssessment) -> str:
    """Why the price must be explained, or nothing."""
    if not assessment.low_price:
        return ""
    threshold = format_money(cop(assessment.low_price["threshold"]))
    if assessment.low_price["method"] == "statistics":
        sentence = _("It is below %(threshold)s, the median of the offers less one standard deviation.")
    else:
        sentence = _("It is below %(threshold)s, the official budget less the reference percentage.")
    return sentence % {"threshold": threshold}


# ---- order ---------------------------------------------------------------------------------------------------------


def orders_of(evaluation: Evaluation) -> Orders:
    """The order of each lot, by its number; of a process that is one whole, under None."""
    if (compared := comparing.orders_of(evaluation)) is not None:
        return compared
    numbers = evaluation.tender.lot_numbers
    later = len(evaluation.tender.rulebook.openings) > 1 and not weighing.factors_of(evaluation.tender)
    if not numbers or later:
        return {None: order_of(evaluation)}
    broken = ties_broken(evaluation)
    worth = {table.lot: table.totals for table in weighing.tables_of(evaluation, assessments_of(evaluation))}
    offers: dict[int, list[scoring.Offer]] = {number: [] for number in numbers}
    rows = LotAssessment.objects.filter(assessment__evaluation=evaluation, price_amount__isnull=False)
    for row in rows.select_related("assessment__bid"):
        code = row.assessment.bid.code
        given = worth.get(row.number, {}).get(code)
        if worth and given is None and row.complies:
            continue  # nobody has points yet
        offer = scoring.Offer(code, row.price_amount or Decimal(), bool(row.complies), given)
        offers.setdefault(row.number, []).append(offer)
    is_upward = rules.is_sale(evaluation.tender)
    return {n: scoring.rank(found, broken.get(n, []), is_upward=is_upward) for n, found in sorted(offers.items())}


def ties_broken(evaluation: Evaluation) -> dict[int | None, list[list[str]]]:
    """The decisions on ties, by lot."""
    broken: dict[int | None, list[list[str]]] = {}
    for number, bids in evaluation.tie_breaks.values_list("lot", "bids"):
        broken.setdefault(number, []).append(bids)
    return broken


def ties_of(evaluation: Evaluation) -> list[tuple[int | None, list[str]]]:
    """The groups of offers that share a place, each with its lot."""
    orders = orders_of(evaluation)
    return [(lot, tied) for lot, ranking in orders.items() for tied in scoring.ties(ranking)]


def tie_of(evaluation: Evaluation, lot: int | None) -> tuple[int | None, list[str]]:
    """The first tie to decide: of that lot, or of the first one that has one."""
    found = [tie for tie in ties_of(evaluation) if lot is None or tie[0] == lot]
    return found[0] if found else (lot, [])


def order_of(evaluation: Evaluation) -> list[scoring.Ranked]:
    """The complying offers from the most points down, or from the best price on, with the ties that were decided;
    what an auction says, once it is over. While what decides is sealed nothing is ranked by it."""
    if (compared := comparing.orders_of(evaluation)) is not None:
        return compared.get(None, [])
    rulebook, rows = evaluation.tender.rulebook, list(assessments_of(evaluation))
    if len(rulebook.openings) > 1 and rulebook.evaluation.alone_legal_basis and rules.complies_alone(evaluation):
        return [scoring.Ranked(row.bid.code, row.price_amount, 1) for row in rows if row.complies]
    broken = ties_broken(evaluation).get(None, [])
    if weighing.factors_of(evaluation.tender):
        [table] = weighing.tables_of(evaluation, rows)
        prices = {offer.code: offer.price for offer in table.offers}
        return scoring.rank([scoring.Offer(code, prices[code], True, n) for code, n in table.totals.items()], broken)
    if len(rulebook.openings) > 1:
        return []
    offers = [scoring.Offer(r.bid.code, r.price_amount, bool(r.complies)) for r in rows if r.price_amount is not None]
    return scoring.rank(offers, broken, is_upward=rules.is_sale(evaluation.tender))


@dataclass(frozen=True)
class Row:
    """One offer as the report shows it."""

    bid: str
    supplier: str
    supplier_name: str
    nit: str
    received_at: datetime
    price: Decimal | None
    complies: bool | None
    rank: int | None
    tied_with: tuple[str, ...] = ()
    reasons: list[str] = field(default_factory=list)
    low_price: str = ""
    price_is_sealed: bool = False
    lot: int | None = None
    lot_title: str = ""
    points: str = ""  # exact; none where nothing gives points
    scores: list[dict[str, Any]] = field(default_factory=list)
    variant: dict[str, Any] = field(default_factory=dict)  # {"price", "is_looked_at"}, where it presented one

    def as_json(self) -> dict[str, Any]:
        return {
            "bid": self.bid,
            "supplier": self.supplier,
            "supplier_name": self.supplier_name,
            "price": str(self.price) if self.price is not None else "",
            "complies": self.complies,
            "rank": self.rank,
            "tied_with": list(self.tied_with),
            "reasons": self.reasons,
            **({"lot": self.lot, "lot_title": self.lot_title} if self.lot else {}),
            **({"points": self.points, "scores": self.scores} if self.points else {}),
            **({"variant": self.variant} if self.variant else {}),
        }


def ranking_of(evaluation: Evaluation) -> list[Row]:
    """Every offer: those that comply in their order, then the others in order of arrival; where there are lots, so for
    each of them, and last the offers that are for none."""
    if evaluation.tender.lot_numbers:
        return _ranking_by_lot(evaluation)
    order, told = {ranked.code: ranked for ranked in order_of(evaluation)}, scores_told(evaluation)
    rows = [
        replace(_row(assessment, order.get(assessment.bid.code)), **told.get((None, assessment.bid.code), {}))
        for assessment in assessments_of(evaluation)
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.received_at))


def scores_told(evaluation: Evaluation) -> dict[tuple[int | None, str], dict[str, Any]]:
    """By lot and offer: its points, where each of them comes from, and why they were agreed."""
    found: dict[tuple[int | None, str], dict[str, Any]] = {}
    rows = list(assessments_of(evaluation))
    why = {(row.bid.code, one.factor): one.reason for row in rows for one in row.agreed.all()}
    why |= {(row.bid.code, points.FINE): row.fined for row in rows}
    for table in weighing.tables_of(evaluation, rows):
        names = {factor.number: factor.title for factor in table.factors}
        for code, total in table.totals.items():
            sums = [
                {
                    "factor": s.factor,
                    "title": names.get(s.factor, ""),
                    "sum": s.sum,
                    "points": points.text(s.points),
                    "reason": why.get((code, s.factor), ""),
                }
                for s in table.scores
                if s.offer == code
            ]
            found[table.lot, code] = {"points": points.text(total), "scores": sums}
    return found


def _ranking_by_lot(evaluation: Evaluation) -> list[Row]:
    orders, titles = orders_of(evaluation), {lot.number: lot.title for lot in evaluation.tender.lots.all()}
    order = {(lot, ranked.code): ranked for lot, ranking in orders.items() for ranked in ranking}
    rows, told = [], scores_told(evaluation)
    for assessment in assessments_of(evaluation):
        whole = _row(assessment, None)
        parts = list(assessment.lots.all())
        rows += [
            replace(
                _row_of_lot(whole, a_lot, order.get((a_lot.number, whole.bid)), titles),
                **told.get((a_lot.number, whole.bid), {}),
            )
            for a_lot in parts
        ] or [whole]
    last = len(titles) + 1
    places = {number: place for place, number in enumerate(titles)}
    return sorted(rows, key=lambda r: (places.get(r.lot or 0, last), r.rank is None, r.rank or 0, r.received_at))


def _row_of_lot(whole: Row, lot: LotAssessment, ranked: scoring.Ranked | None, titles: dict[int, str]) -> Row:
    assessment = lot.assessment
    unmet = [f for f in assessment.findings.all() if not f.complies and concerns(f.item.lots, [lot.number])]
    return replace(
        whole,
        lot=lot.number,
        lot_title=titles.get(lot.number, ""),
        price=final_price(ranked, lot.price_amount),
        complies=lot.complies,
        rank=ranked.rank if ranked else None,
        tied_with=ranked.tied_with if ranked else (),
        reasons=[f"{f.item.title}: {f.reason}" for f in unmet] + price_sentences(assessment) + price_sentences(lot),
        low_price=low_price_sentence(lot),
    )


def final_price(ranked: scoring.Ranked | None, offered: Decimal | None) -> Decimal | None:
    """The price with which an offer stands in the order, or the one that it offered."""
    return offered if ranked is None or ranked.price is None else ranked.price


def price_of(order: Sequence[scoring.Ranked], assessment: Assessment | LotAssessment) -> Decimal | None:
    """The price at which an offer can be awarded: that of the order, where something followed the report."""
    bid = assessment.bid if isinstance(assessment, Assessment) else assessment.assessment.bid
    return final_price(next((one for one in order if one.code == bid.code), None), assessment.price_amount)


def assessments_of(evaluation: Evaluation) -> Iterable[Assessment]:
    rows = evaluation.assessments.select_related("bid__supplier__organization")
    return rows.prefetch_related("findings__item", "lots", "agreed", "scores").order_by("bid__received_at", "id")


def _row(assessment: Assessment, ranked: scoring.Ranked | None) -> Row:
    bid = assessment.bid
    return Row(
        bid=bid.code,
        supplier=bid.supplier.code,
        supplier_name=bid.supplier.name,
        nit=bid.supplier.nit,
        received_at=bid.received_at,
        price=final_price(ranked, assessment.price_amount),
        complies=assessment.complies,
        rank=ranked.rank if ranked else None,
        tied_with=ranked.tied_with if ranked else (),
        reasons=[f"{f.item.title}: {f.reason}" for f in assessment.findings.all() if not f.complies]
        + price_sentences(assessment),
        low_price=low_price_sentence(assessment) or _low_in_lots(assessment),
        price_is_sealed=assessment.price_is_sealed,
        variant=_variant(assessment, ranked),
    )


def _variant(assessment: Assessment, ranked: scoring.Ranked | None) -> dict[str, Any]:
    """What the report says of the variant of an offer: it is looked at only if its base complies, and only that of the
    first place may be awarded (the law is in `conditions/variants.py`)."""
    bid = assessment.bid
    if not bid.has_variant:
        return {}
    is_first = ranked is not None and ranked.rank == 1 and not ranked.tied_with
    price = "" if bid.variant_amount is None else str(bid.variant_amount)
    return {"price": price, "is_looked_at": bool(is_first and assessment.complies)}


def _low_in_lots(assessment: Assessment) -> str:
    found = [(lot.number, low_price_sentence(lot)) for lot in assessment.lots.all()]
    return " ".join(_("Lot %(n)s: %(text)s") % {"n": number, "text": text} for number, text in found if text)


# ---- the matrix ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """What was found for one requirement of one offer. `complies` is None while nobody has said."""

    item: QuestionnaireItem
    complies: bool | None
    reason: str
    answer: str
    documents: list[BidDocument]


@dataclass(frozen=True)
class Column:
    """One offer of the matrix."""

    row: Row
    assessment: Assessment
    cells: list[Cell]

    @property
    def lots(self) -> list[LotAssessment]:
        """What it comes to in each lot."""
        return list(self.assessment.lots.all())

    @property
    def asked(self) -> list[Cell]:
        """What this offer is held against: of the questions of other lots nothing is said."""
        return [cell for cell in self.cells if concerns(cell.item.lots, self.assessment.bid.lots)]


def matrix_of(evaluation: Evaluation) -> list[Column]:
    """Each offer with its answer, documents and finding for each requirement. The same queries for any number."""
    items = requirements_of(evaluation.tender)
    order = {ranked.code: ranked for ranked in orders_of(evaluation).get(None, [])}
    rows = evaluation.assessments.select_related("bid__supplier__organization").order_by("bid__received_at", "id")
    rows = rows.prefetch_related(
        "findings__item", "lots", "bid__envelopes__documents__document", "bid__envelopes__reserve"
    )
    return [Column(_row(a, order.get(a.bid.code)), a, _cells(a, items)) for a in rows]


def column_of(evaluation: Evaluation, bid: str) -> Column | None:
    return next((column for column in matrix_of(evaluation) if column.row.bid == bid), None)


def _cells(assessment: Assessment, items: list[QuestionnaireItem]) -> list[Cell]:
    found = {finding.item_id: finding for finding in assessment.findings.all()}
    envelopes = disclosed.readable(assessment.bid, SYSTEM)  # also what is kept from the public: this is for evaluators
    answers = disclosed.said_in(envelopes, "answers")
    documents: list[BidDocument] = [
        row for envelope in envelopes for row in envelope.documents.all() if not row.in_variant
    ]
    return [
        Cell(
            item=item,
            complies=found[item.pk].complies if item.pk in found else None,
            reason=found[item.pk].reason if item.pk in found else "",
            answer=kinds.shown(item, str(answers.get(str(item.number), ""))),
            documents=[document for document in documents if document.item == str(item.number)],
        )
        for item in items
    ]


# ---- dates and turns -----------------------------------------------------------------------------------------------


def observations_due_for(tender: Tender, *, at: datetime) -> datetime:
    """When observations on a report published now would end: as scheduled, or later if the law asks."""
    earliest = rules.earliest_observations_due(tender.rulebook, at)
    planned = tender.due_at(rules.OBSERVED)
    if planned is None or list(rules.observations_end_too_soon(tender.rulebook, at, planned)):
        return earliest
    return planned
