"""Bids that race: one order, no bid without its margin, and a stream that misses none."""

import asyncio
import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import transaction

from pliego.auctions import placing, services
from pliego.auctions.live import STREAM
from pliego.auctions.models import AuctionBid
from pliego.auctions.tests import given
from pliego.kernel import clock
from pliego.ledger.models import Entry
from pliego.web import live
from tests.racing import together

BIDDERS, BIDS_EACH = ("carla", "dario"), 12


def listened(auction, query=b"", headers=(), until=b"estado"):
    """What a listener of the stream gets until that word comes."""
    sent = []

    async def listen():
        done = asyncio.Event()

        async def receive():
            await done.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if until in message.get("body", b""):
                done.set()

        scope = {
            "method": "GET", "path": f"/vivo/subastas/{auction.tender.code}/0",
            "query_string": query, "headers": list(headers),
        }  # fmt: skip
        stream = asyncio.create_task(live.serve(scope, receive, send, [STREAM]))
        await asyncio.wait_for(done.wait(), 10)
        await asyncio.sleep(0)
        stream.cancel()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, listen()).result()
    return b"".join(message.get("body", b"") for message in sent).decode()


@pytest.mark.django_db(transaction=True)
def test_bids_that_race_have_one_order_and_whoever_listens_gets_each_once(at, held, monkeypatch):
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

    clock.hold(auction.starts_at)
    everything, rest, newest = (
        listened(auction),
        listened(auction, headers=[(b"last-event-id", b"1")]),
        listened(auction, query=f"desde={len(placed)}".encode()),
    )
    ids = [
        [int(line[4:]) for line in text.splitlines() if line.startswith("id: ")] for text in (everything, rest, newest)
    ]
    numbers = [number for number, _amount in placed]
    assert ids == [numbers, numbers[1:], []]
    state = next(line for line in newest.splitlines() if line.startswith("data: "))
    told = json.loads(state.removeprefix("data: "))
    assert (told["phase"], told["bids"]) == ("running", len(placed))
    names = [row.account.name for row in auction.participants.select_related("account__organization")]
    assert not [name for name in names if name in everything]

    monkeypatch.setattr(placing, "PATIENCE", "20ms")
    with transaction.atomic():
        services.locked(auction.tender_id, None)  # somebody whose turn does not end
        [late] = together(lambda: given.bid(auction, "carla", "1.00", auction.starts_at))
    assert late == {"busy"}
