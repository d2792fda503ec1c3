"""An auction held outside the platform: announced, recorded, and counted as one held here."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pliego.accounts.models import User
from pliego.auctions import outcome, outside, queries, services
from pliego.auctions.models import Auction
from pliego.auctions.rules import finals_are_wrong
from pliego.auctions.tests import given
from pliego.kernel import clock
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.tendering.tests import given as tenders

HOUR = timedelta(hours=1)
D = Decimal


def codes(refused) -> list[str]:
    return [objection.code for objection in refused.value.objections]


# fmt: off
FINALS = [
    ({"1": 90, "2": 80}, set(),      []),
    ({"1": 90},          {"2"},      []),
    ({"1": 90},          set(),      ["missing"]),
    ({"1": 90, "2": 80}, {"2"},      ["both"]),
    ({"1": 101},         {"2", "3"}, ["unknown_bid", "worse_than_initial"]),
    ({"1": 0, "9": 1},   {"2"},      ["unknown_bid", "not_an_amount"]),
]
# fmt: on


@pytest.mark.parametrize(("finals", "absent", "expected"), FINALS)
def test_everybody_has_a_last_price_or_did_not_attend(finals, absent, expected):
    auction = Auction(is_upward=False)
    told = {code: D(price) for code, price in finals.items()}

    found = finals_are_wrong(auction, {"1": D(100), "2": D(100)}, told, absent)

    assert [objection.code for objection in found] == expected


@pytest.fixture
def auction(at) -> Auction:
    return given.announced(at)


def held(auction, **told) -> outside.Held:
    kept = {
        "prices": {},
        "place": "Sala de juntas",
        "held_at": auction.announced_at,
        "reason": "La red de la entidad no responde.",
        "signers": "El ordenador del gasto y los dos proponentes.",
        "document": tenders.pdf(),
    }
    return outside.Held(**(kept | told))


@pytest.mark.django_db
class TestOutside:
    def test_is_announced_so_that_nobody_bids_here_and_its_record_gives_the_order_and_the_prices(self, auction, at):
        carla, dario = (bid.code for bid in auction.tender.bids.order_by("received_at"))
        beto, begins = given.beto(auction, at), auction.starts_at + HOUR
        on = {"actor": beto, "tender_id": auction.tender_id, "at": auction.announced_at}
        place = {"place": "Sala de juntas", "reason": "La red de la entidad no responde."}
        with pytest.raises(Refused) as wrong:
            outside.move_outside(place=" ", reason="", held_at=auction.announced_at, **on)
        with pytest.raises(SignatureRequired):
            outside.move_outside(held_at=begins, **place, **on | {"actor": tenders.people_of(auction.tender).beto})
        outside.move_outside(held_at=begins, **place, **on)
        services.keep_time(auction_id=auction.pk, at=begins + HOUR)
        with pytest.raises(Refused) as refused:
            given.bid(auction, "carla", "10000000.00", begins)
        assert (codes(wrong), codes(refused)) == (["missing", "missing", "past"], ["outside"])
        assert (given.now(auction).state, Entry.objects.get(act="auction.moved_outside").is_public) == ("outside", True)
        assert queries.tasks_for(given.bidder(auction, "carla"), begins) == []

        told = [[task.title for task in queries.tasks_for(beto, moment)] for moment in (begins - HOUR, begins)]
        assert told == [[], ["Registrar una subasta hecha fuera"]]

        on["at"] = begins + HOUR
        with pytest.raises(Refused) as early:
            outside.record_outside(held=held(auction, held_at=begins + 2 * HOUR, signers=" "), **on)
        close = {"prices": {carla: D("10890000.01"), dario: D("10890000.00")}, "held_at": begins}
        with pytest.raises(Refused) as asked:
            outside.record_outside(held=held(auction, **close), **on)
        assert codes(early) == ["missing", "missing", "missing", "not_held"]
        assert codes(asked) == ["is_it_right"]  # a room may have gone by rounds: it is asked, and not refused
        done = outside.record_outside(held=held(auction, **close, is_sure=True), **on)

        order = outcome.orders_of(auction.tender.evaluation)[None]
        assert [(one.code, one.rank, one.price) for one in order] == [
            (dario, 1, D(10_890_000)), (carla, 2, D("10890000.01")),
        ]  # fmt: skip
        bid = auction.tender.bids.get(code=dario)
        assert outcome.final_prices(auction.tender, bid.pk, []) == {"1": D(891_000), "2": D(396_000)}
        act = Entry.objects.get(act="auction.recorded")
        assert (act.is_public, act.documents) == (True, [done.record.sha256])
        assert [act.content["data"][name] for name in ("outside", "place", "signers")] == [
            True, "Sala de juntas", "El ordenador del gasto y los dos proponentes.",
        ]  # fmt: skip
        with pytest.raises(Denied):
            outside.record_outside(held=held(auction, **close), **on)

    def test_is_recorded_by_its_page_and_shown_as_held_elsewhere(self, auction, at, client_for, client):
        carla, dario = (bid.code for bid in auction.tender.bids.order_by("received_at"))
        beto = given.beto(auction, at)
        theirs = client_for(User.objects.get(pk=beto.user_id), Account.objects.get(pk=beto.account_id))
        session = theirs.session
        session["opened_by"] = "demo"
        session.save()
        path = f"/procesos/{auction.tender.code}/subasta/0/"
        when = auction.announced_at.astimezone(BOGOTA)
        typed = {
            f"prices.{carla}": "10.000.000", f"prices.{dario}": "", "absent": [dario], "place": "Sala de juntas",
            "held_at": f"{when:%d/%m/%Y %H:%M}", "reason": "La red no responde.", "signers": "Beto y Carla",
            "firma-demo": "on",
        }  # fmt: skip
        with clock.fixed(auction.announced_at + timedelta(minutes=1)):
            assert theirs.get(f"{path}fuera/").status_code == 200
            blank = theirs.get(f"{path}registro/").content.decode()
            refused = theirs.post(f"{path}registro/", typed)
            done = theirs.post(f"{path}registro/", {**typed, "document": tenders.pdf().file})
            page = client.get(path).content.decode()

        assert "12.500.000" in blank  # the initial price stands beside the last one
        assert "is_sure" not in blank
        assert (refused.status_code, "Sala de juntas" in refused.content.decode()) == (422, True)
        assert (done.status_code, done.url) == (303, path)
        assert all(word in page for word in ("fuera de la plataforma", "Beto y Carla", "10.000.000", "no asistió"))
        assert "data-bids" not in page

    def test_has_trainings_make_way_for_it(self, auction, at):
        hour, minute = auction.announced_at, timedelta(minutes=1)
        room = given.trained(auction.tender, hour, starts_at=hour + 5 * minute, minutes=5)
        on = {"actor": given.beto(auction, at), "tender_id": auction.tender_id, "at": hour}

        outside.move_outside(place="Sala", reason="La red no responde", held_at=hour + 9 * minute, **on)

        assert given.now(room).state == "void"
        with pytest.raises(Refused) as late:
            given.trained(auction.tender, hour, starts_at=hour + 5 * minute, minutes=5)
        assert codes(late) == ["overlaps"]

    def test_replaces_none_that_began_here(self, auction, at):
        given.bid(auction, "carla", "10000000.00", auction.starts_at)
        on = {"actor": given.beto(auction, at), "tender_id": auction.tender_id}
        stop = auction.starts_at + timedelta(minutes=1)
        services.suspend_auction(reason="Se cayó la red", at=stop, **on)

        with pytest.raises(Denied, match="comenzó aquí"):
            outside.record_outside(held=held(auction), at=stop, **on)
        with pytest.raises(Denied, match="comenzó aquí"):
            outside.move_outside(place="Sala", reason="No", held_at=stop + HOUR, at=stop, **on)
