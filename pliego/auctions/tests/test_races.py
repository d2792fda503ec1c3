"""Bids that race: one order, and no bid without its margin."""

import itertools
from decimal import Decimal

import pytest

from pliego.auctions.models import AuctionBid
from pliego.auctions.tests import given
from pliego.ledger.models import Entry
from tests.racing import together

BIDDERS, BIDS_EACH = ("carla", "dario"), 12


@pytest.mark.django_db(transaction=True)
def test_bids_that_race_have_one_order_and_each_improves_the_one_before_it(at, held):
    auction = given.announced(at)
    amounts = [f"{11_000_000 - 60_000 * step}.00" for step in range(1, BIDS_EACH + 1)]
    sent = [(name, amount) for amount in amounts for name in BIDDERS]

    answers = together(
        *(
            lambda name=name, amount=amount: given.bid(auction, name, amount, auction.starts_at, key=f"{name}{amount}")
            for name, amount in sent
        )
    )

    placed = list(AuctionBid.objects.order_by("number").values_list("number", "amount"))
    assert [number for number, _amount in placed] == list(range(1, len(placed) + 1))
    standing = [Decimal(11_000_000), *(amount for _number, amount in placed)]
    assert all(after <= before * 99 / 100 for before, after in itertools.pairwise(standing))
    accepted = [answer for answer in answers if isinstance(answer, AuctionBid)]
    refused = [answer for answer in answers if not isinstance(answer, AuctionBid)]
    assert len(accepted) == len(placed) >= 1
    assert refused == [{"does_not_improve"}] * (len(sent) - len(placed))
    now = given.now(auction)
    assert (now.bid_count, now.best_amount) == (len(placed), placed[-1][1])
    assert Entry.objects.filter(act="auction.bid_placed").count() == len(placed)
    assert Entry.objects.filter(act="auction.started").count() == 1
