"""What the approval of a decision is about: to whom and for how much, or that the process is void."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.authority.cases import Case, Option, register
from pliego.evaluation.models import Assessment, Evaluation
from pliego.evaluation.queries import order_of, orders_of, price_of
from pliego.evaluation.scoring import Ranked
from pliego.evaluation.turns import agreement_of, value_of
from pliego.kernel.money import cop, format_money
from pliego.tendering.approvals import case_of, source
from pliego.tendering.models import Tender

VOID, BY_LOTS = "desert", "lots"
VARIANT = ":variant"  # after the code of an offer: its variant is awarded instead of its base


def void_of(lot: int) -> str:
    """The option of declaring one lot void."""
    return f"{VOID}:{lot}"


def _options(tender: Tender) -> list[Option]:
    """The offers that comply, or the suppliers invited to a direct contract; and declaring it void."""
    if not tender.has_bidding:
        return [(i.supplier.code, i.supplier.name) for i in _invitations(tender)]
    rows = _assessments(tender).filter(complies=True, price_is_sealed=False).order_by("rank", "pk")
    if tender.lot_numbers:
        lots = tender.lots.filter(state="open")
        by_lot = [(void_of(lot.number), _("Declare the lot %(n)s void") % {"n": lot.number}) for lot in lots]
        return [(BY_LOTS, _("Award each lot to its first place")), *by_lot, (VOID, _("Declare the process void"))]
    order, agreed = _order(tender), _agreed(tender)
    prices = {row.bid_id: agreed.get(row.bid_id, price_of(order, row)) for row in rows}
    bids = [(r.bid.code, f"{r.bid.supplier.name} · {format_money(cop(prices[r.bid_id] or 0))}") for r in rows]
    first = [r.bid for r in rows if order and r.bid.code == order[0].code and r.bid.variant_amount is not None]
    varied = [variant_of(bid.code, bid.supplier.name, bid.variant_amount) for bid in first]
    return [*bids, *varied, (VOID, _("Declare the process void"))]


def variant_of(bid: str, name: str, amount: Decimal) -> tuple[str, str]:
    """The option of awarding the variant of the first place instead of its base offer."""
    return f"{bid}{VARIANT}", _("Variant of %(name)s · %(price)s") % {"name": name, "price": format_money(cop(amount))}


def _invitations(tender: Tender) -> Any:
    return tender.invitations.select_related("supplier__organization")


def _assessments(tender: Tender) -> Any:
    rows = Assessment.objects.filter(evaluation__tender=tender)
    return rows.select_related("bid__supplier__organization")


def _order(tender: Tender) -> list[Ranked]:
    """The order of a process that is one whole."""
    evaluation = Evaluation.objects.select_related("tender").filter(tender=tender).first()
    return order_of(evaluation) if evaluation else []


def _agreed(tender: Tender) -> dict[int, Decimal]:
    """What was agreed with the offer that was called, where prices are negotiated: it is what would be awarded."""
    evaluation = Evaluation.objects.select_related("tender").filter(tender=tender).first()
    agreement = agreement_of(evaluation) if evaluation else None
    return {agreement.call.bid_id: agreement.value_amount} if agreement else {}


def _first_places(tender: Tender) -> dict[str, list[str]]:
    """By lot, the offer in its first place and its price."""
    evaluation = Evaluation.objects.select_related("tender").filter(tender=tender).first()
    orders = orders_of(evaluation) if evaluation else {}
    return {str(lot): [order[0].code, str(order[0].price)] for lot, order in orders.items() if order}


def _decision(tender: Tender, option: str) -> Case:
    content: dict[str, Any] = {"code": tender.code, "choice": option}
    chosen = _assessments(tender).filter(bid__code=option.removesuffix(VARIANT)).first()
    if chosen is not None:
        is_variant = option.endswith(VARIANT)
        value = chosen.bid.variant_amount if is_variant else value_of(_order(tender), chosen)
        content |= {"supplier": chosen.bid.supplier.code, "value": str(value)}
    elif option == BY_LOTS:
        content |= {"lots": _first_places(tender)}
    elif not option.startswith(VOID):
        content |= {"up_to": str(tender.value_amount)}
    assessors = _assessments(tender).exclude(assessed_by=None).values_list("assessed_by_id", flat=True)
    people = {"evaluator": frozenset(assessors)}
    return case_of(tender, content, "awards:decide" if tender.has_bidding else "awards:directly", people=people)


register("award", source("award", _decision, options=_options))
