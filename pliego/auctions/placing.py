"""Entering an auction and bidding in it. One row lock decides the order; the instant of arrival decides lateness."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from pliego.auctions import events, live, rules, services, signing, subjects
from pliego.auctions.models import Auction, AuctionBid, Participant, Session
from pliego.auctions.policy import POLICY, Act
from pliego.kernel.actors import Actor
from pliego.kernel.money import rounded
from pliego.kernel.objections import Objection, Refused, SignatureRequired, refuse_if_any
from pliego.ledger.canonical import instant
from pliego.tendering.services.locking import person

PATIENCE = "10s"  # as long as the end waits for bids that had arrived: see `rules.SETTLING`


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is bid: one amount or, where bids are by items, unit prices by key of line. `key` is the sender's own name
    of it. `is_sure`: that an amount far from the best one is no mistake."""

    key: str
    amount: Decimal | None = None
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    session: str = ""
    signature: str = ""
    is_sure: bool = False


@dataclass(frozen=True)
class Counted:
    """A bid that counts: who signed it, and what it comes to."""

    offer: Offer
    session: Session | None
    prices: dict[str, Decimal]
    amount: Decimal


@transaction.atomic
def enter_auction(
    *, actor: Actor, tender_id: int, at: datetime, public_key: str = "", lot: int | None = None, training: int = 0
) -> Session:
    """Take one's place in the auction, with second factor; the key that the browser made signs the bids that follow."""
    if public_key:
        signing.public_key(public_key)
    auction = services.opened_for(Act.ENTER, actor=actor, tender_id=tender_id, lot=lot, training=training, at=at)
    mine = auction.participants.get(account_id=actor.account_id or 0)
    session = Session(
        participant=mine,
        code=secrets.token_urlsafe(18),
        person_id=person(actor),
        public_key=public_key,
        entered_at=at,
    )
    told = {"alias": mine.alias, "session": session.code, "public_key": public_key}
    session.entry = session.receipt = services.announce(events.AuctionEntered, auction, actor, at, **told)
    session.save()
    return session


@transaction.atomic
def place_bid(
    *, actor: Actor, tender_id: int, offer: Offer, at: datetime, lot: int | None = None, training: int = 0
) -> AuctionBid:
    """Improve the best price. Sent twice it counts once; what is refused changes nothing."""
    auction = _in_turn(tender_id, lot, training)
    POLICY.require(actor, Act.BID, auction)
    mine = auction.participants.select_related("bid__tender").get(account_id=actor.account_id or 0)
    if kept := mine.bids.select_related("entry", "auction").filter(key=offer.key).first():
        return _same(kept, offer)
    session = _signed(auction, mine, actor, offer)
    services.advance(auction, at)
    refuse_if_any(rules.is_not_running(auction, at))
    asked = subjects.items_of(auction.tender, lot) if auction.by == "items" else {}
    refuse_if_any(rules.prices_are_wrong(auction, asked, offer.prices))
    prices, amount = _amount(auction, mine, offer)
    refuse_if_any(rules.amount_is_wrong(amount))
    assert amount is not None
    refuse_if_any(
        rules.does_not_improve(auction, mine, amount) or rules.is_too_good(auction, mine, amount, is_sure=offer.is_sure)
    )
    return _placed(auction, mine, Counted(offer, session, prices, amount), actor, at)


def _in_turn(tender_id: int, lot: int | None, training: int) -> Auction:
    """The auction, when the bids that came before have had their turn."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        return services.locked(tender_id, lot, training)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        sentence = _("Too many bids wait for their turn. Send yours again: the same bid counts once.")
        raise Refused(Objection("busy", sentence)) from error


def _same(kept: AuctionBid, offer: Offer) -> AuctionBid:
    """The same bid sent again gets the same answer; another one under its key is refused."""
    is_same = (
        kept.amount == offer.amount
        if offer.amount is not None
        else offer.prices.items() <= {key: Decimal(price) for key, price in kept.prices.items()}.items()
    )
    if not is_same:
        raise Refused(Objection("key_used", _("You already sent another bid with this name. Reload the page.")))
    kept.receipt = kept.entry
    return kept


def _signed(auction: Auction, mine: Participant, actor: Actor, offer: Offer) -> Session | None:
    """The entry whose key signed it; without one, the person's second factor of now."""
    if not offer.session:
        if actor.signature is None:
            raise SignatureRequired(_("Enter the auction with your second factor, or sign this bid with it."))
        return None
    session = mine.sessions.filter(code=offer.session, person_id=actor.user_id).exclude(public_key="").first()
    signed = signing.message(
        tender=auction.tender.code,
        lot=auction.lot,
        session=offer.session,
        key=offer.key,
        amount=offer.amount,
        prices=offer.prices,
    )
    if session is None or not signing.is_signed(session.public_key, signed, offer.signature):
        sentence = _("The signature of this bid is not of your entry to the auction. Enter again and send it again.")
        raise Refused(Objection("bad_signature", sentence, "signature"))
    return session


def _amount(auction: Auction, mine: Participant, offer: Offer) -> tuple[dict[str, Decimal], Decimal | None]:
    """What the bid comes to. Lines that it does not name keep the price of the bidder's bid before it."""
    if auction.by != "items":
        return {}, offer.amount
    first = subjects.starting_prices(auction, mine)
    told = {key: Decimal(price) for key, price in mine.prices.items()}
    prices = {key: unit for key, (_quantity, unit) in first.items()} | told | dict(offer.prices)
    return prices, rounded(sum((first[key][0] * price for key, price in prices.items()), Decimal()))


def _placed(auction: Auction, mine: Participant, counted: Counted, actor: Actor, at: datetime) -> AuctionBid:
    amount, offer = counted.amount, counted.offer
    terms, value = auction.terms, auction.terms.value(amount, mine.quality)
    later = terms.extended(at, auction.ends_at, auction.extensions)
    if later and not rules.is_in_the_way(later, subjects.limit_of(auction, at), ""):
        auction.ends_at, auction.extensions = later, auction.extensions + 1
    auction.bid_count += 1
    auction.best, auction.best_value, auction.best_amount = mine, value, amount
    auction.save(update_fields=["ends_at", "extensions", "bid_count", "best", "best_value", "best_amount"])
    kept = {key: str(price) for key, price in counted.prices.items()}
    mine.price, mine.prices, mine.bids_made = amount, kept, mine.bids_made + 1
    mine.save(update_fields=["price", "prices", "bids_made"])
    bid = AuctionBid(
        auction=auction,
        number=auction.bid_count,
        participant=mine,
        amount=amount,
        value=value,
        prices=kept,
        key=offer.key,
        session=counted.session,
        signature=offer.signature,
        placed_by_id=person(actor),
        received_at=at,
        ends_at=auction.ends_at,
    )
    bid.entry = bid.receipt = services.announce(events.BidPlaced, auction, actor, at, **_told(bid, offer))
    bid.save()
    live.ring(auction)
    return bid


def _told(bid: AuctionBid, offer: Offer) -> dict[str, Any]:
    """The bid as the log keeps it: with all that is needed to check its signature again."""
    told: dict[str, Any] = {
        "number": bid.number,
        "alias": bid.participant.alias,
        "amount": str(bid.amount),
        "value": str(bid.value),
        "key": bid.key,
        "received_at": instant(bid.received_at),
        "ends_at": instant(bid.ends_at),
    }
    if offer.prices:
        told["prices"] = {key: str(price) for key, price in offer.prices.items()}
    if bid.session:
        told |= {"session": bid.session.code, "signature": bid.signature}
    return told
