"""The evaluation of a process with lots: each is priced, judged and put in order by itself.

An offer is assessed once, requirement by requirement. What is asked of the whole counts for every lot of the offer;
what is asked of a lot counts for that one. An offer complies when it complies for at least one of its lots.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pliego.bidding import disclosed
from pliego.bidding import queries as bidding
from pliego.bidding import rules as bid_rules
from pliego.conditions.dividing import Division, division_of
from pliego.evaluation import queries, rules, scoring
from pliego.evaluation.models import Assessment, LotAssessment
from pliego.evaluation.rules import FindingIn
from pliego.tendering.lots import concerns
from pliego.tendering.models import Tender

Columns = dict[str, Any]


def lay_out(tender: Tender, assessments: Sequence[Assessment], opened: Sequence[disclosed.OpenedBid]) -> None:
    """Write what each of those offers comes to in each of its lots; nothing where the process is one whole. A price
    that is still sealed is computed when its envelope opens."""
    division = division_of(tender)
    if division is None:
        return
    of_bid, told = {bid.bid_id: bid for bid in opened}, _prices(tender, division, opened)
    for assessment in assessments:
        bid = of_bid[assessment.bid_id]
        assessment.price_faults = [*assessment.price_faults, *_choice_faults(division, bid)]
        assessment.save(update_fields=["price_faults"])
        for number in bid.lots:
            priced = told.get((bid.bid_id, number), {})
            made, _new = LotAssessment.objects.update_or_create(assessment=assessment, number=number, defaults=priced)
            if made.complies and any(fault["blocking"] for fault in made.price_faults):
                made.complies = False  # its price was opened after the report, and cannot be awarded
                made.save(update_fields=["complies"])


def _choice_faults(division: Division, bid: disclosed.OpenedBid) -> list[Columns]:
    """More lots than the pliego lets one offer for, or none: the offer cannot be awarded any."""
    wrong = bid_rules.lots_are_wrong(bid.lots, division.least, division.most)
    return [{"code": wrong.code, "blocking": True, "n": len(bid.lots), "most": division.most}] if wrong else []


def _prices(
    tender: Tender, division: Division, opened: Sequence[disclosed.OpenedBid]
) -> dict[tuple[int, int], Columns]:
    """By offer and lot: the price of its lines there, within the value of the lot, and whether it looks too low."""
    keys: dict[int, list[str]] = {}
    for key, line in bidding.price_keys(tender).items():
        for number in line.item.lots:
            keys.setdefault(number, []).append(key)
    found: dict[tuple[int, int], Columns] = {}
    is_sale = rules.is_sale(tender)
    for lot in division.lots:
        bidders = [bid for bid in opened if lot.number in bid.lots and bid.has_price]
        checks = {
            bid.bid_id: scoring.check_price(
                keys.get(lot.number, []), bid.lot_lines[lot.number], budget=lot.value_amount, is_sale=is_sale
            )
            for bid in bidders
        }
        prices = {str(bid_id): check.total for bid_id, check in checks.items() if check.total is not None}
        low = scoring.low_prices(prices, lot.value_amount, tender.rulebook.evaluation.low_price)
        for bid_id, check in checks.items():
            found[bid_id, lot.number] = {
                "price_amount": check.total,
                "price_faults": queries.faults_of(check),
                "low_price": queries.low_price_json(low.get(str(bid_id))),
            }
    return found


def judge(assessment: Assessment, findings: Sequence[FindingIn], asked: Mapping[int, Sequence[int]]) -> bool:
    """Whether the offer complies for each of its lots; answers whether it does for any. `asked`: the lots of each
    requirement, by its number."""
    is_out = any(fault["code"] in queries.CHOICE_FAULTS for fault in assessment.price_faults)
    for lot in assessment.lots.all():
        met = all(f.complies for f in findings if concerns(asked[f.item], [lot.number]))
        blocked = any(fault["blocking"] for fault in lot.price_faults)
        lot.complies, lot.rank = met and not blocked and not is_out, None
        lot.save(update_fields=["complies", "rank"])
    return any(lot.complies for lot in assessment.lots.all())
