"""What everybody may follow of an auction while it runs (`web.live`). Nothing in the stream names a bidder."""

from datetime import datetime

from pliego.auctions import queries
from pliego.auctions.models import Auction
from pliego.kernel import clock
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Unknown
from pliego.ledger.canonical import instant
from pliego.tendering.models import Tender
from pliego.web import live

PREFIX = "subastas/"


def path_of(auction: Auction) -> str:
    return f"{PREFIX}{auction.tender.code}/{auction.lot or 0}"


def ring(auction: Auction) -> None:
    """Tell whoever follows that there is a bid, at its commit: auctions are few (design: Act)."""
    live.ring(path_of(auction))


def told(name: str, after: int) -> live.Told:
    auction, at = read(name), clock.now()
    bids = queries.told_bids(auction, after) if auction.bid_count > after else []
    return live.Told([(bid.number, told_bid(bid, auction)) for bid in bids], told_state(auction, at))


def read(name: str) -> Auction:
    code, _slash, lot = name.partition("/")
    if not (lot.isascii() and lot.isdecimal() and len(lot) < 7 and lot == str(int(lot))):
        raise Unknown()
    tender = Tender.objects.public().filter(code=code).first()
    found = Auction.objects.of(tender).select_related("best").filter(lot=int(lot) or None).first() if tender else None
    if found is None:
        raise Unknown()
    return found


def told_bid(bid: queries.Told, auction: Auction) -> bytes:
    told = {
        "number": bid.number,
        "alias": bid.alias,
        "amount": str(bid.amount),
        "money": format_money(Money(bid.amount, auction.currency)),
        "at": instant(bid.received_at),
        "instant": bid.instant,
        "ends": instant(bid.ends_at),
    }
    return live.event("lance", told, bid.number)


def told_state(auction: Auction, at: datetime) -> bytes:
    reach = queries.to_reach(auction)
    told = {
        "phase": queries.phase(auction, at),
        "ends": instant(auction.due_end(at)),
        "best": format_money(Money(auction.best_amount, auction.currency)),
        "alias": auction.best.alias if auction.best else "",
        "bids": auction.bid_count,
        "to_reach": format_money(Money(reach, auction.currency)) if reach else "",
    }
    return live.event("estado", told)


STREAM = live.Stream(PREFIX, told, look=1.0)
