"""A failure of the platform, as its journal tells it, gives back the time that it took."""

from datetime import timedelta

import pytest

from pliego.auctions import failures, services
from pliego.auctions.models import Auction
from pliego.auctions.rules import SETTLING
from pliego.auctions.tests import given
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def auction(at) -> Auction:
    return given.announced(at)


def told(act: str) -> int:
    return Entry.objects.filter(act=act).count()


def test_stops_what_runs_and_gives_it_back_its_time_when_it_ends(auction):
    begins = auction.starts_at
    given.bid(auction, "carla", "10000000.00", begins)
    failure = {"failure": "PLG.FAL.1", "began_at": begins + 10 * MINUTE}
    given.bid(auction, "dario", "9900000.00", begins + 11 * MINUTE)  # it came through all the same: it counts

    for _again in range(2):
        [stopped] = failures.reckon_failure(**failure, at=begins + 12 * MINUTE)
    now = given.now(auction)
    assert (stopped.pk, now.state, now.left, now.resumes_at) == (auction.pk, "suspended", 20 * MINUTE, None)
    assert (now.bid_count, told("auction.suspended"), told("auction.resumption_set")) == (2, 1, 0)
    act = Entry.objects.get(act="auction.suspended")
    assert (act.is_public, act.content["data"]["failure"], act.actor_user_id) == (True, "PLG.FAL.1", None)
    with pytest.raises(Refused):
        given.bid(auction, "carla", "9000000.00", begins + 13 * MINUTE)

    over = begins + 40 * MINUTE + timedelta(seconds=20)
    for _again in range(2):
        failures.reckon_failure(**failure, ended_at=over - MINUTE, at=over)
    back = begins + 56 * MINUTE  # a quarter of an hour to come back, at a whole minute
    now = given.now(auction)
    assert (now.resumes_at, now.ends_at, told("auction.resumption_set")) == (back, back + 20 * MINUTE, 1)
    assert given.bid(auction, "carla", "9000000.00", back + 19 * MINUTE).number == 3
    assert failures.reckon_failure(**failure, ended_at=over - MINUTE, at=back + 19 * MINUTE) == []
    assert given.now(auction).state == "running"


def test_that_took_the_end_too_undoes_it_and_leaves_alone_what_it_did_not_touch(auction):
    services.keep_time(auction_id=auction.pk, at=auction.starts_at)
    end = auction.ends_at
    services.keep_time(auction_id=auction.pk, at=end + 5 * MINUTE)
    assert given.now(auction).state == "ended"
    later = {"failure": "PLG.FAL.1", "began_at": end, "ended_at": end + MINUTE, "at": end + 5 * MINUTE}
    assert failures.reckon_failure(**later) == []

    lost = {"failure": "PLG.FAL.2", "began_at": end - 10 * MINUTE, "ended_at": end + 4 * MINUTE, "at": end + 5 * MINUTE}
    [stopped] = failures.reckon_failure(**lost)
    now = given.now(auction)
    assert (stopped.pk, now.state, now.left, now.ended_at) == (auction.pk, "suspended", 10 * MINUTE, None)
    assert (now.resumes_at, now.ends_at) == (end + 20 * MINUTE, end + 30 * MINUTE)
    given.bid(auction, "carla", "10000000.00", end + 25 * MINUTE)

    over = end + 30 * MINUTE + SETTLING
    beto = tenders.signed(tenders.people_of(auction.tender).beto, over)
    given.recording.record_auction(actor=beto, tender_id=auction.tender_id, at=over)
    assert failures.reckon_failure(failure="PLG.FAL.3", began_at=end + 26 * MINUTE, at=over) == []  # it has its minutes
    with pytest.raises(ValueError, match=r"PLG\.FAL\.4"):
        failures.reckon_failure(failure="PLG.FAL.4", began_at=over, ended_at=over - MINUTE, at=over)
