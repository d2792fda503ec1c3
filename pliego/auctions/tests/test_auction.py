"""An auction from the opening of the initial prices to its minutes, by the services."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from pliego.auctions import outcome, placing, queries, recording, rules, services, subjects
from pliego.auctions.models import Auction, AuctionBid
from pliego.auctions.tests import given
from pliego.documents import blobs
from pliego.evaluation import services as evaluations
from pliego.evaluation.ladder import Step
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering import services as drafting
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
MICRO = timedelta(microseconds=1)


def codes(refused) -> list[str]:
    return [objection.code for objection in refused.value.objections]


@pytest.fixture
def auction(at) -> Auction:
    return given.announced(at)


def test_is_announced_with_its_terms_and_the_best_initial_price_and_without_names(at, auction):
    told = Entry.objects.get(act="auction.announced")
    assert (auction.state, auction.best_amount, auction.best) == ("announced", Decimal(11_000_000), None)
    assert auction.starts_at == auction.tender.schedule["auction"] + timedelta(minutes=15)
    assert auction.ends_at - auction.starts_at == timedelta(minutes=30)
    assert (told.content["data"]["bidders"], told.content["data"]["best"]) == (2, "11000000.00")
    assert told.content["data"]["terms"]["margin"] == "1"
    assert sorted(row.alias for row in auction.participants.all()) == ["A", "B"]
    assert "supplier" not in told.body

    assert services.lay_out(tender_id=auction.tender_id, at=at) == []  # repeating changes nothing


class TestSubject:
    """Who needs an auction. No database."""

    def test_one_alone_needs_none_where_the_method_says_so_and_may_bid_where_it_says_nothing(self):
        one, two = (subjects.Bidder(n, f"PLG.OFE.{n}", n, Decimal(n)) for n in (1, 2))
        told = [
            subjects.Subject(None, bidders, alone_is_enough=enough).needs_auction
            for enough in (True, False)
            for bidders in ((), (one,), (one, two))
        ]
        sealed = replace(two, price=None)

        assert told == [False, False, True, False, True, True]
        assert not subjects.Subject(None, (one, sealed), alone_is_enough=True).needs_auction


class TestBid:
    def test_the_first_starts_the_auction_and_each_improves_the_best(self, auction):
        given.bid(auction, "carla", "10890000.00", auction.starts_at)
        second = given.bid(auction, "dario", "10781100.00", auction.starts_at + MICRO)

        now = given.now(auction)
        assert (now.state, now.bid_count, now.best_amount, now.best) == (
            "running", 2, Decimal(10_781_100), second.participant,
        )  # fmt: skip
        assert list(AuctionBid.objects.values_list("number", "amount")) == [
            (1, Decimal(10_890_000)), (2, Decimal(10_781_100)),
        ]  # fmt: skip
        started, one, two = Entry.objects.filter(act__startswith="auction.").order_by("pk")[1:]
        assert [e.act for e in (started, one, two)] == ["auction.started", "auction.bid_placed", "auction.bid_placed"]
        assert (one.is_public, two.is_public, second.receipt) == (False, False, two)

    def test_is_refused_without_the_margin_and_the_refusal_says_the_price_to_reach(self, auction):
        with pytest.raises(Refused) as refused:
            given.bid(auction, "carla", "10890000.01", auction.starts_at)

        assert codes(refused) == ["does_not_improve"]
        assert "10.890.000" in str(refused.value.objections[0].sentence)
        assert given.now(auction).state == "announced"  # what is refused changes nothing

    def test_is_received_from_the_start_to_the_last_instant_before_the_end(self, auction):
        with pytest.raises(Refused) as early:
            given.bid(auction, "carla", "10000000.00", auction.starts_at - MICRO)
        services.keep_time(auction_id=auction.pk, at=auction.starts_at)
        last = given.bid(auction, "carla", "10000000.00", auction.ends_at - MICRO)
        ends_at = given.now(auction).ends_at
        with pytest.raises(Refused) as late:
            given.bid(auction, "dario", "9900000.00", ends_at)

        assert (codes(early), codes(late)) == (["not_started"], ["too_late"])
        assert ends_at == auction.ends_at + timedelta(minutes=3) == last.ends_at  # its window prolonged it
        assert given.bid(auction, "dario", "9900000.00", ends_at - MICRO).number == 2

    def test_that_arrived_in_time_counts_although_its_turn_comes_after_the_end(self, auction):
        given.bid(auction, "carla", "10000000.00", auction.starts_at)
        services.keep_time(auction_id=auction.pk, at=auction.ends_at + rules.SETTLING - MICRO)

        assert given.bid(auction, "dario", "9900000.00", auction.ends_at - MICRO).number == 2

    def test_sent_twice_counts_once_and_its_key_serves_for_no_other(self, auction):
        first = given.bid(auction, "carla", "10000000.00", auction.starts_at, key="uno")
        again = given.bid(auction, "carla", "10000000.00", auction.ends_at + timedelta(days=1), key="uno")
        with pytest.raises(Refused) as refused:
            given.bid(auction, "carla", "9000000.00", auction.starts_at, key="uno")

        assert (again.pk, again.receipt) == (first.pk, first.receipt)
        assert codes(refused) == ["key_used"]

    def test_far_from_the_best_must_be_confirmed(self, auction):
        with pytest.raises(Refused) as refused:
            given.bid(auction, "carla", "1089000.00", auction.starts_at)

        assert codes(refused) == ["is_it_right"]
        assert given.bid(auction, "carla", "1089000.00", auction.starts_at, is_sure=True).number == 1

    def test_is_denied_to_those_who_did_not_qualify_and_to_the_entity(self, auction, at):
        with pytest.raises(Denied):
            given.bid(auction, "olga", "10000000.00", auction.starts_at)
        offer = placing.Offer(key="x", amount=Decimal(1))
        with pytest.raises(Denied):
            placing.place_bid(
                actor=given.beto(auction, at), tender_id=auction.tender_id, offer=offer, at=auction.starts_at
            )

    def test_needs_a_signature(self, auction):
        offer = placing.Offer(key="x", amount=Decimal(10_000_000))
        with pytest.raises(SignatureRequired):
            placing.place_bid(
                actor=given.bidder(auction, "carla"), tender_id=auction.tender_id, offer=offer, at=auction.starts_at
            )


class TestSuspension:
    def test_keeps_the_time_that_was_left_and_goes_on_by_itself(self, auction):
        stop, back = auction.starts_at + timedelta(minutes=10), auction.starts_at + timedelta(hours=5)
        given.bid(auction, "carla", "10000000.00", auction.starts_at)
        on = {"actor": given.beto(auction, stop), "tender_id": auction.tender_id}
        services.suspend_auction(reason="Se cayó la red", at=stop, resumes_at=back, **on)

        with pytest.raises(Refused) as refused:
            given.bid(auction, "dario", "9900000.00", back - MICRO)
        bid = given.bid(auction, "dario", "9900000.00", back)

        now = given.now(auction)
        assert codes(refused) == ["suspended"]
        assert (now.state, now.ends_at, bid.number) == ("running", back + timedelta(minutes=20), 2)
        [pause] = now.pauses.all()
        assert (pause.suspended_at, pause.resumed_at) == (stop, back)

    def test_without_an_hour_waits_for_the_entity(self, auction):
        stop, back = auction.starts_at + timedelta(minutes=29), auction.starts_at + timedelta(days=1)
        services.keep_time(auction_id=auction.pk, at=auction.starts_at)
        on = {"actor": given.beto(auction, stop), "tender_id": auction.tender_id}
        services.suspend_auction(reason="Se cayó la red", at=stop, **on)
        assert queries.phase(given.now(auction), back) == "suspended"

        with pytest.raises(Refused) as refused:
            services.resume_auction(at=back, resumes_at=back - MICRO, **on)
        services.resume_auction(at=back, **on)

        now = given.now(auction)
        assert codes(refused) == ["restart_past"]
        assert (now.state, now.ends_at) == ("running", back + timedelta(minutes=1))

    def test_is_refused_when_its_time_is_over_and_denied_to_a_bidder(self, auction):
        services.keep_time(auction_id=auction.pk, at=auction.starts_at)
        end = auction.ends_at
        with pytest.raises(Refused) as refused:
            services.suspend_auction(
                actor=given.beto(auction, end), tender_id=auction.tender_id, reason="Tarde", at=end
            )
        with pytest.raises(Denied):
            services.suspend_auction(
                actor=given.bidder(auction, "carla"), tender_id=auction.tender_id, reason="No", at=auction.starts_at
            )

        assert codes(refused) == ["too_late"]

    def test_of_the_process_stops_it_too(self, auction, at):
        services.keep_time(auction_id=auction.pk, at=auction.starts_at)

        services.stop_with_the_process(tender_id=auction.tender_id, reason="Lo ordenó un juez", at=auction.starts_at)

        assert (given.now(auction).state, given.now(auction).resumes_at) == ("suspended", None)


class TestMinutes:
    def over(self, auction):
        return given.now(auction).ends_at + rules.SETTLING

    def signed(self, auction, at):
        return recording.record_auction(actor=given.beto(auction, at), tender_id=auction.tender_id, at=at)

    def test_name_everybody_disclose_every_bid_and_give_the_order(self, auction):
        given.bid(auction, "carla", "10000000.00", auction.starts_at)
        evaluation = auction.tender.evaluation
        assert outcome.orders_of(evaluation) is None
        assert [bid.supplier for bid in queries.told_bids(given.now(auction))] == [""]
        with pytest.raises(Refused) as early:
            self.signed(auction, self.over(auction) - MICRO)

        done = self.signed(auction, self.over(auction))

        assert codes(early) == ["not_over"]
        first, second = outcome.orders_of(evaluation)[None]
        assert (first.price, second.price) == (Decimal(10_000_000), Decimal(11_000_000))
        assert Entry.objects.get(act="auction.bid_placed").is_disclosed
        told = Entry.objects.get(act="auction.recorded")
        assert [row["final"] for row in told.content["data"]["order"]] == ["10000000.00", "11000000.00"]
        assert [bid.supplier for bid in queries.told_bids(done)] == [given.bidder(auction, "carla").account_name]
        with blobs.open(done.record.sha256) as content:
            assert content.read(5) == b"%PDF-"

    def test_are_not_signed_twice_nor_by_whoever_prepares(self, auction):
        services.keep_time(auction_id=auction.pk, at=auction.starts_at)
        over = self.over(auction)
        with pytest.raises(Denied):
            recording.record_auction(
                actor=tenders.signed(tenders.people_of(auction.tender).ana, over), tender_id=auction.tender_id, at=over
            )
        self.signed(auction, over)
        with pytest.raises(Denied):
            self.signed(auction, over)


def test_equal_prices_that_nobody_improved_are_a_tie_that_the_ladder_decides(auction, at):
    auction.participants.update(initial=Decimal(11_000_000), price=Decimal(11_000_000))
    given.recorded(auction)
    evaluation = auction.tender.evaluation
    carla, dario = sorted(one.code for one in outcome.orders_of(evaluation)[None])
    assert [one.tied_with for one in outcome.orders_of(evaluation)[None]] == [(dario,), (carla,)]

    told = {"steps": [Step(1, (dario,), "Es de origen nacional: folio 8.")], "at": auction.ends_at}
    evaluations.break_tie(actor=given.beto(auction, at), tender_id=auction.tender_id, **told)

    assert [(one.code, one.rank) for one in outcome.orders_of(evaluation)[None]] == [(dario, 1), (carla, 2)]


def test_by_coefficient_waits_for_the_points_and_compares_with_them(auction, at):
    Auction.objects.filter(pk=auction.pk).update(compares="coefficient")
    carla, dario = (bid.code for bid in auction.tender.bids.order_by("received_at"))
    with pytest.raises(Refused) as early:
        given.bid(auction, "carla", "10000000.00", auction.starts_at)
    on = {"actor": given.beto(auction, at), "tender_id": auction.tender_id, "at": auction.announced_at}
    with pytest.raises(Refused) as wrong:
        services.grade_bidders(points={carla: Decimal(101)}, **on)
    on["at"] = auction.starts_at  # late: the start waits until bidders have had time with them
    services.grade_bidders(points={carla: Decimal(100), dario: Decimal(80)}, **on)
    auction = given.now(auction)
    assert auction.starts_at == on["at"] + timedelta(minutes=15)

    # 12.500.000 for 100 points is better than 11.000.000 for 80, which is 13.750.000 for a hundred.
    assert given.now(auction).best_amount == Decimal(12_500_000)
    with pytest.raises(Refused):  # 12.375.000 less than 1 %: for 80 points, 9.900.000
        given.bid(auction, "dario", "9900000.01", auction.starts_at)
    assert given.bid(auction, "dario", "9900000.00", auction.starts_at).value == Decimal(12_375_000)
    assert (codes(early), codes(wrong)) == (["quality_missing"], ["missing", "bad_points"])


def test_who_takes_part_does_not_change_once_the_initial_prices_are_open(auction, at):
    ana = tenders.people_of(auction.tender).ana
    with pytest.raises(Refused) as refused:
        evaluations.reopen_evaluation(
            actor=ana, tender_id=auction.tender_id, reason="Olvidé uno", at=auction.announced_at
        )

    assert codes(refused) == ["prices_are_open"]


def test_of_a_process_that_stopped_takes_no_bids(auction, at):
    services.keep_time(auction_id=auction.pk, at=auction.starts_at)
    beto = given.beto(auction, auction.starts_at)
    told = {
        "reason": "Lo ordenó un juez",
        "legal_basis": "Auto 12",
        "planned_on": auction.starts_at.date() + timedelta(9),
    }
    drafting.suspend_tender(actor=beto, tender_id=auction.tender_id, at=auction.starts_at, **told)

    with pytest.raises(Denied, match="suspendido"):
        given.bid(auction, "carla", "10000000.00", auction.starts_at + MICRO)
    assert services.due(auction.ends_at + timedelta(days=1)) == []


def test_that_nobody_could_start_at_its_hour_starts_later_and_is_not_lost(auction, at):
    back = auction.starts_at + rules.LATE_START + MICRO
    assert queries.phase(given.now(auction), back) == "announced"
    with pytest.raises(Refused) as refused:
        given.bid(auction, "carla", "10000000.00", back)

    services.keep_time(auction_id=auction.pk, at=back)

    now = given.now(auction)
    assert codes(refused) == ["not_started"]
    assert (now.state, now.starts_at) == ("announced", auction.starts_at + timedelta(minutes=18))
    assert now.ends_at - now.starts_at == timedelta(minutes=30)
    assert Entry.objects.get(act="auction.put_off").content["data"]["missed"]
    assert given.bid(auction, "carla", "10000000.00", now.starts_at).number == 1


def test_what_ends_the_process_leaves_the_auction_without_effect(auction, at):
    services.void_auctions(tender_id=auction.tender_id, reason="Se revocó", at=at)

    assert given.now(auction).state == "void"
    assert list(Auction.objects.of(auction.tender)) == []


def test_a_bidder_sees_its_place_and_price_and_nobody_sees_who_is_who(auction):
    given.bid(auction, "carla", "10000000.00", auction.starts_at)
    now = given.now(auction)
    carla, dario = (queries.participant_of(given.bidder(auction, name), now) for name in ("carla", "dario"))

    first, second = queries.own_of(now, carla), queries.own_of(now, dario)

    assert (first.place, first.is_best, second.place, second.is_best) == (1, True, 2, False)
    assert (second.price, second.to_reach) == (Decimal(11_000_000), Decimal(9_900_000))
    assert [task.url for task in queries.tasks_for(given.bidder(auction, "dario"), auction.starts_at)] == [
        queries.url_of(auction)
    ]
