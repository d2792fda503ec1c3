"""What an auction decided, for the rooms above: the order of the offers, and the last price of each."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pliego.auctions import subjects
from pliego.auctions.models import Auction, Participant
from pliego.auctions.terms import Standing, order
from pliego.evaluation import comparing
from pliego.evaluation.comparing import Orders
from pliego.evaluation.models import Evaluation
from pliego.evaluation.scoring import Ranked
from pliego.kernel.money import rounded
from pliego.tendering.models import Tender


def order_of(auction: Auction, decided: Iterable[Sequence[str]] = ()) -> list[Ranked]:
    """How its bidders stand: by the last valid price of each, the initial one where there was no bid."""
    rows = auction.participants.select_related("bid")
    return order([Standing(r.bid.code, r.initial, r.price, r.quality) for r in rows], auction.terms, decided)


def orders_of(evaluation: Evaluation) -> Orders | None:
    """The order that awards the process, by lot; None while an auction is to be held or has no minutes."""
    tender = evaluation.tender
    if "auction" not in tender.rulebook.kinds:
        return None
    auctions = {auction.lot: auction for auction in Auction.objects.of(tender)}
    found: Orders = {}
    for subject in subjects.of(tender):
        auction = auctions.get(subject.lot)
        if auction is not None and auction.state == "recorded":
            breaks = evaluation.tie_breaks.filter(lot=subject.lot).values_list("bids", flat=True)
            found[subject.lot] = order_of(auction, list(breaks))
        elif auction is None and subject.is_open and not subject.needs_auction:
            found[subject.lot] = [Ranked(one.code, one.price, 1) for one in subject.bidders]
        else:
            return None
    return found


def final_prices(tender: Tender, bid_id: int, lots: Sequence[int]) -> dict[str, Decimal | None]:
    """By line of the price list, the unit price of that offer after its auctions; nothing where none was held.

    Where bids were of the whole, all prices fall by the same proportion. If that does not add up to the cent, the
    prices of those lines are left for the contract to say (None).
    """
    rows = Auction.objects.of(tender).filter(state="recorded")
    found: dict[str, Decimal | None] = {}
    for auction in rows.filter(lot__in=lots) if lots else rows.filter(lot=None):
        if mine := auction.participants.filter(bid_id=bid_id).select_related("bid__tender").first():
            found |= _prices(auction, mine)
    return found


def _prices(auction: Auction, mine: Participant) -> dict[str, Decimal | None]:
    offered = subjects.unit_prices(mine.bid, auction.lot)
    if mine.prices:
        told = {key: Decimal(price) for key, price in mine.prices.items()}
        return {key: told.get(key, price) for key, (_quantity, price) in offered.items()}
    if mine.price == mine.initial:
        return {key: price for key, (_quantity, price) in offered.items()}
    lower = {key: (quantity, rounded(price * mine.price / mine.initial)) for key, (quantity, price) in offered.items()}
    adds_up = rounded(sum((q * price for q, price in lower.values()), Decimal())) == mine.price
    return {key: price if adds_up else None for key, (_quantity, price) in lower.items()}


comparing.register(orders_of)
