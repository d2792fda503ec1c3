"""What everybody may follow of an auction while it runs (`web.live`). Nothing in the stream names a bidder."""

from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

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
    """Its address after /vivo/. That of a training has a word that only its page tells: a stream asks nobody who they
    are, and a training is of those invited alone."""
    place = f"{PREFIX}{auction.tender.code}/{auction.lot or 0}"
    return f"{place}/{auction.training}/{_word(auction)}" if auction.is_training else place


def _word(auction: Auction) -> str:
    return salted_hmac("pliego.auctions.live", str(auction.pk), algorithm="sha256").hexdigest()[:32]


def ring(auction: Auction) -> None:
    """Tell whoever follows that there is a bid, at its commit: auctions are few (design: Act)."""
    live.ring(path_of(auction))


def told(name: str, after: int) -> live.Told:
    auction, at = read(name), clock.now()
    bids = queries.told_bids(auction, after) if auction.bid_count > after else []
    return live.Told([(bid.number, told_bid(bid, auction)) for bid in bids], told_state(auction, at))


def read(name: str) -> Auction:
    code, lot, training, _secret = [*name.split("/"), *("0", "")][:4] if name.count("/") in (1, 3) else ("", "", "", "")
    if not all(_is_number(text) for text in (lot, training)):
        raise Unknown()
    tender = Tender.objects.public().filter(code=code).first()
    rows = (
        Auction.every.of(tender).select_related("best", "tender").filter(lot=int(lot) or None, training=int(training))
    )
    found = rows.first() if tender else None
    if found is None or not constant_time_compare(path_of(found), PREFIX + name):
        raise Unknown()
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 7 and text == str(int(text))


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
