"""Auctions for the tests of this room and of those above, made by services."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from pliego.auctions import placing, recording, services, subjects, training
from pliego.auctions.models import Auction, AuctionBid
from pliego.auctions.rules import SETTLING
from pliego.auctions.terms import Terms, alias
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.stages import opened
from pliego.conditions.tests.given import divide
from pliego.evaluation.tests import envelopes
from pliego.kernel.actors import Actor
from pliego.tendering import services as drafting
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from tests.furnishing import furnished

SALE = "enajenacion_subasta"
CARLA, DARIO, PABLO = ("1000000.00", "500000.00"), ("900000.00", "400000.00"), ("900000.00", "400000.00")
keys = count(1)


@furnished
def qualified(at: datetime) -> Tender:
    """A process that says who qualified, carla and dario; their initial prices are still sealed."""
    tender = envelopes.receiving(at, envelopes.AUCTION)
    arrival = tender.schedule["bids_due"] - timedelta(minutes=30)
    for name, offered in (("carla", CARLA), ("dario", DARIO)):
        bids.submitted_bid(tender, tenders.supplier(at, name), at=arrival, prices=offered)
    return envelopes.reported(envelopes.first_opened(tender))


def trained(tender: Tender, at: datetime, **told: Any) -> Auction:
    """A training that ana opens: in ten minutes, for ten minutes, from 20.000.000."""
    begins = at + timedelta(minutes=10)
    kept = {"starts_at": begins, "minutes": 10, "reference": Decimal(20_000_000)} | told
    return training.open_training(actor=tenders.people_of(tender).ana, tender_id=tender.pk, at=at, **kept)


@furnished
def priced(at: datetime, *prices: Sequence[str], method: str = envelopes.AUCTION) -> Tender:
    """A process whose initial prices are open: 10 and 5 units at those prices, of carla, dario and pablo in turn."""
    tender = envelopes.receiving(at, method)
    arrival = tender.schedule["bids_due"] - timedelta(minutes=30)
    for place, (name, offered) in enumerate(zip(("carla", "dario", "pablo"), prices, strict=False)):
        moment = arrival + timedelta(minutes=place)
        bids.submitted_bid(tender, tenders.supplier(at, name), at=moment, prices=offered)
    envelopes.reported(envelopes.first_opened(tender))
    envelopes.keys_given(tender)
    envelopes.opened_at(tender, "auction")
    return Tender.objects.get(pk=tender.pk)


@furnished
def announced(at: datetime, *prices: Sequence[str], method: str = envelopes.AUCTION) -> Auction:
    """The auction of carla (12.500.000) and dario (11.000.000), which waits for its hour."""
    tender = priced(at, *(prices or (CARLA, DARIO)), method=method)
    services.lay_out(tender_id=tender.pk, at=tender.schedule["auction"])
    return Auction.objects.get(tender=tender)


@furnished
def divided(at: datetime) -> Tender:
    """Three lots of 10 units, bids by items: carla and dario offer for the first, carla for the second, nobody for the
    third. The initial prices are open."""
    house = tenders.buyer(at)
    draft = divide(tenders.draft_tender(at, house, method=envelopes.AUCTION), at, offered="any")
    on: dict[str, Any] = {"actor": house.ana, "tender_id": draft.pk, "at": at}
    terms = {**tenders.CONDITIONS["auction"], "by": "items"}
    drafting.save_section(part="auction", content=terms, **on)
    drafting.submit_for_approval(**on)
    tender = drafting.publish_tender(actor=tenders.signed(house.beto, at), tender_id=draft.pk, at=at)
    tender = opened(tender, "offers")
    arrival = tender.schedule["bids_due"] - timedelta(minutes=30)
    for name, lots, prices in (("carla", (1, 2), ("1500000.00", "1000000.00")), ("dario", (1,), ("1400000.00",))):
        bids.submitted_bid(tender, tenders.supplier(at, name), at=arrival, lots=lots, prices=prices)
    envelopes.reported(envelopes.first_opened(tender))
    envelopes.keys_given(tender)
    envelopes.opened_at(tender, "auction")
    services.lay_out(tender_id=tender.pk, at=tender.schedule["auction"])
    return Tender.objects.get(pk=tender.pk)


def recorded(auction: Auction) -> Auction:
    """Its minutes, signed by beto as soon as it is over."""
    services.keep_time(auction_id=auction.pk, at=auction.starts_at)
    over = now(auction).ends_at + SETTLING
    return recording.record_auction(actor=beto(auction, over), tender_id=auction.tender_id, lot=auction.lot, at=over)


def laid_over(tender: Tender, at: datetime) -> Auction:
    """An auction that runs in any process with open offers, and a training for it, set by hand: for the tables of who
    may do what."""
    auction = _laid(tender, at, training=0)
    _laid(tender, at, training=1)
    return auction


def _laid(tender: Tender, at: datetime, *, training: int) -> Auction:
    terms = Terms()
    auction = Auction.objects.create(
        tender=tender,
        training=training,
        **{name: getattr(terms, name) for name in subjects.KEPT},
        announced_at=at,
        starts_at=at - timedelta(minutes=1),
        ends_at=at + timedelta(minutes=30),
        best_value=1_000_000,
        best_amount=1_000_000,
    )
    for place, one in enumerate(tender.bids.filter(state="opened").order_by("pk"), 1):
        told = {"alias": alias(place), "initial": 1_000_000, "price": 1_000_000}
        auction.participants.create(bid=one, account_id=one.supplier_id, **told)
    services.keep_time(auction_id=auction.pk, at=at)
    return now(auction)


def bidder(auction: Auction, name: str) -> Actor:
    return tenders.supplier(auction.tender.created_at, name)


def bid(auction: Auction, name: str, amount: str | None, at: datetime, **told: Any) -> AuctionBid:
    """A bid signed with the second factor."""
    told.setdefault("key", f"lance-{next(keys)}")
    offer = placing.Offer(amount=Decimal(amount) if amount else None, **told)
    actor = tenders.signed(bidder(auction, name), at)
    place = {"tender_id": auction.tender_id, "lot": auction.lot, "training": auction.training}
    return placing.place_bid(actor=actor, offer=offer, at=at, **place)


def beto(auction: Auction, at: datetime) -> Actor:
    return tenders.signed(tenders.people_of(auction.tender).beto, at)


def now(auction: Auction) -> Auction:
    """As it is in the database."""
    return Auction.every.select_related("tender").get(pk=auction.pk)
