"""A training auction: the same room, and nothing of it that anybody else sees or that decides anything."""

import ast
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps

import pliego
from pliego.accounts.models import User
from pliego.auctions import events as said
from pliego.auctions import live, outcome, queries, recording, services, signing, subjects, training
from pliego.auctions.models import Auction, Session
from pliego.auctions.rules import SETTLING, is_in_the_way, nobody_trains, training_is_wrong
from pliego.auctions.tests import given
from pliego.documents.models import Document
from pliego.kernel import clock
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.events import REACTIONS
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

MINUTE = timedelta(minutes=1)
ROOM = Path(pliego.__file__).parent


def codes(refused) -> list[str]:
    return [objection.code for objection in refused.value.objections]


# ---- tables, without a database --------------------------------------------------------------------------------------

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


# fmt: off
ASKED = [
    (timedelta(minutes=5),             30,  Decimal(1),        []),
    (timedelta(minutes=4, seconds=59), 30,  Decimal(1),        ["too_soon"]),
    (timedelta(hours=1),               4,   Decimal("0.001"),  ["bad_minutes", "not_an_amount"]),
    (timedelta(hours=1),               601, Decimal(0),        ["bad_minutes", "not_an_amount"]),
]
TIMES = [
    (2, True,  False, False, []),
    (2, False, False, False, ["nobody_qualified"]),
    (0, True,  False, False, ["nobody_qualified"]),
    (1, True,  False, False, ["one_alone"]),
    (2, True,  True,  True,  ["started"]),
    (2, True,  False, True,  ["one_is_open"]),
]
# fmt: on


@pytest.mark.parametrize(("starts_in", "minutes", "reference", "expected"), ASKED)
def test_its_hour_length_and_price_are_looked_at(starts_in, minutes, reference, expected):
    found = training_is_wrong(AT + starts_in, minutes, reference, AT)

    assert [objection.code for objection in found] == expected


def test_it_may_end_at_the_very_start_of_the_auction_that_counts_and_no_later():
    assert is_in_the_way(AT, None, "") is None
    assert is_in_the_way(AT, AT, "") is None
    assert is_in_the_way(AT + timedelta(microseconds=1), AT, "starts_at").field == "starts_at"


@pytest.mark.parametrize(("bidders", "is_reported", "has_started", "is_one_open", "expected"), TIMES)
def test_it_is_opened_once_somebody_is_known_to_take_part_and_until_the_auction_starts(
    bidders, is_reported, has_started, is_one_open, expected
):
    told = {"is_reported": is_reported, "has_started": has_started, "is_one_open": is_one_open}
    people = tuple(subjects.Bidder(n, f"PLG.OFE.{n}", n, None) for n in range(bidders))

    found = nobody_trains(subjects.Subject(None, people, alone_is_enough=True), **told)

    assert [objection.code for objection in found] == expected


def test_letters_are_drawn_anew_each_time():
    people = [subjects.Bidder(n, f"PLG.OFE.{n}", n, Decimal(n)) for n in range(8)]
    drawn = [tuple((letters, who.bid_id) for letters, who in subjects.lettered(people)) for _time in range(4)]

    assert len(set(drawn)) == 4  # 1 in 40.320 that two are equal
    assert all([letters for letters, _who in one] == list("ABCDEFGH") for one in drawn)


def test_no_room_outside_finds_a_training():
    """`Auction.objects`, and `tender.auctions`, know only those that count: outside this room nothing else is asked."""
    sources = [path for path in ROOM.rglob("*.py") if "auctions" not in path.relative_to(ROOM).parts]
    asked = [
        (path.name, node.attr)
        for path in sources
        if "pliego.auctions" in (text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"Auction.every", "Auction._base_manager"}
    ]
    inner = [
        (path.name, alias.name)
        for path in sources
        if "pliego.auctions.models" in (text := path.read_text()) and "tests" not in path.parts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "pliego.auctions.models"
        for alias in node.names
        if alias.name != "Auction"  # who takes part, enters and bids is read through its auction
    ]

    assert Auction._default_manager is Auction.objects
    assert (asked, inner) == ([], [])


def test_its_acts_are_private_and_only_the_notices_hear_of_them():
    """Neither the releases of OCDS, nor the search, nor what follows a process."""
    heard = {
        (kind.public, reaction.split(".")[1])
        for kind in (said.TrainingOpened, said.TrainingCancelled, said.TrainingAct)
        for reaction in REACTIONS.get(kind.code, {})
    }
    assert heard == {(False, "notifications")}


# ---- one world -------------------------------------------------------------------------------------------------------


@pytest.fixture
def tender(at) -> Tender:
    return given.qualified(at)


@pytest.fixture
def moment(tender):
    """A day on which the report is public and the initial prices are sealed."""
    return tender.schedule["report_published"] + timedelta(hours=1)


@pytest.mark.django_db
class TestTraining:
    def test_is_the_same_room_with_invented_prices_and_stays_among_the_invited(self, tender, moment):
        folios = Entry.objects.of_file(tender.ocid).count()
        opened = given.trained(tender, moment)
        rows = list(opened.participants.select_related("account"))

        assert (opened.training, opened.state, [row.alias for row in rows]) == (1, "announced", ["A", "B"])
        assert {(row.initial, row.price) for row in rows} == {(Decimal(20_000_000), Decimal(20_000_000))}
        carla, dario, olga = (given.bidder(opened, name) for name in ("carla", "dario", "olga"))
        assert {task.title for actor in (carla, dario) for task in queries.tasks_for(actor, moment)} == {
            "Participar en la subasta de prueba"
        }
        assert not queries.trainings_of(olga, tender)
        assert [one.pk for one in queries.trainings_of(carla, tender)] == [opened.pk]

        begins = opened.starts_at
        first = given.bid(opened, "carla", "19000000.00", begins)
        with pytest.raises(Refused) as refused:
            given.bid(opened, "dario", "18900000.00", begins + MINUTE)
        with pytest.raises(Unknown):
            given.bid(opened, "olga", "10000000.00", begins + MINUTE)
        given.bid(opened, "dario", "18000000.00", opened.ends_at - MINUTE)
        now = given.now(opened)
        assert codes(refused) == ["does_not_improve"]
        assert (now.bid_count, now.ends_at) == (2, opened.ends_at + 3 * MINUTE)  # prolonged, as in the one that counts
        assert first.receipt.content["data"]["act"] == "auction.bid_placed"

        over = now.ends_at + SETTLING
        done = recording.record_auction(actor=given.beto(opened, over), tender_id=tender.pk, training=1, at=over)
        names = {one.supplier for one in queries.told_bids(done)}
        assert (done.state, done.is_named, names) == ("recorded", False, {""})
        assert [done.record in Document.objects.visible_to(who) for who in (carla, dario, olga)] == [True, True, False]
        self.is_nowhere_else(tender, folios)

    def is_nowhere_else(self, tender, folios):
        """No act on the file of the process, no auction of it, no order, no price; notices to the invited alone."""
        assert Entry.objects.of_file(tender.ocid).count() == folios
        assert list(Auction.objects.of(tender)) == list(tender.auctions.all()) == []
        assert outcome.orders_of(tender.evaluation) is None
        assert outcome.final_prices(tender, tender.bids.first().pk, []) == {}
        told = Entry.objects.get(act="auction.training_opened")
        for reaction in REACTIONS[told.act]:
            outbox.run_reaction(entry_id=told.pk, reaction=reaction)
        written = apps.get_model("notifications", "Notice").objects.select_related("user")
        notices = written.filter(url=f"/procesos/{tender.code}/subasta/pruebas/")
        assert {one.user.email.partition("@")[0] for one in notices} == {"carla", "dario"}

    def test_makes_way_for_the_auction_that_counts(self, tender, moment):
        due = tender.schedule["auction"]
        with pytest.raises(Refused) as late:
            given.trained(tender, moment, starts_at=due - 9 * MINUTE)
        last = given.trained(tender, moment, starts_at=due - 10 * MINUTE)
        with pytest.raises(Refused) as second:
            given.trained(tender, moment)
        services.keep_time(auction_id=last.pk, at=last.starts_at)
        given.bid(last, "carla", "19000000.00", due - MINUTE)  # the one that counts cannot start before due + 14
        assert (codes(late), codes(second)) == (["overlaps"], ["one_is_open"])
        assert (given.now(last).state, given.now(last).ends_at) == ("running", due + 3 * MINUTE)

        given.envelopes.keys_given(tender)
        given.envelopes.opened_at(tender, "auction")
        services.lay_out(tender_id=tender.pk, at=due)
        services.keep_time(auction_id=last.pk, at=due + 3 * MINUTE + SETTLING)
        real = Auction.objects.get(tender=tender)
        assert (real.training, real.best_amount, given.now(last).state) == (0, Decimal(11_000_000), "ended")
        assert real.starts_at == due + 15 * MINUTE

        between = given.trained(tender, due + MINUTE, starts_at=due + 6 * MINUTE, minutes=9)
        services.keep_time(auction_id=between.pk, at=between.starts_at)
        given.bid(between, "dario", "19000000.00", due + 13 * MINUTE)  # in its last minutes, and it is not prolonged
        assert given.now(between).ends_at == real.starts_at
        stop = {"actor": tenders.people_of(tender).ana, "tender_id": tender.pk, "training": 2, "at": due + 14 * MINUTE}
        with pytest.raises(Refused) as restart:
            services.suspend_auction(reason="Prueba", resumes_at=due + 15 * MINUTE, **stop)
        services.suspend_auction(reason="Prueba", **stop)
        given.bid(real, "carla", "10000000.00", real.starts_at)
        states = given.now(between).state, given.now(real).state
        assert (codes(restart), states) == (["overlaps"], ("void", "running"))

        with pytest.raises(Refused) as started:
            given.trained(tender, real.starts_at)
        assert codes(started) == ["started"]

    def test_is_opened_and_called_off_by_the_entity_and_seen_by_the_invited(self, tender, moment, client_for):
        def acting(actor):
            return client_for(User.objects.get(pk=actor.user_id), Account.objects.get(pk=actor.account_id))

        ana, carla, olga = (
            tenders.people_of(tender).ana,
            *(tenders.supplier(moment, name) for name in ("carla", "olga")),
        )
        home = f"/procesos/{tender.code}/subasta/pruebas/"
        typed = {"starts_at_0": "", "starts_at_1": "", "minutes": "10", "reference": "20.000.000"}
        with clock.fixed(moment):
            begins = (moment + 10 * MINUTE).astimezone(BOGOTA)
            typed |= {"starts_at": f"{begins:%d/%m/%Y %H:%M}"}
            done = acting(ana).post(f"{home}abrir/", {name: told for name, told in typed.items() if told})
            room = done.url
            places = (home, room, f"{room}estado/", f"{room}lances.csv")
            pages = [acting(carla).get(path) for path in places]
            denied = [acting(olga).get(path).status_code for path in places]
            public = [client_for(None).get(path).status_code for path in (room, f"{room}lances.csv")]
            api = f"/api/v1/tenders/{tender.code}/auctions/0"
            asked = [acting(who).get(f"{api}?training=1").status_code for who in (carla, olga)]
            listed = acting(carla).get(f"{api}/trainings").json()

        assert (done.status_code, room) == (303, f"/procesos/{tender.code}/subasta/0/prueba/1/")
        assert [page.status_code for page in pages] == [200] * 4
        assert "sin valor legal" in pages[1].content.decode()
        assert (denied, public, asked) == ([404] * 4, [404] * 2, [200, 404])
        assert [one["training"] for one in listed] == [1]

        auction = Auction.every.get(tender=tender)
        heard = live.path_of(auction).removeprefix(live.PREFIX)
        assert f"/vivo/{live.path_of(auction)}" in pages[1].content.decode()
        assert live.read(heard) == auction
        for other in (f"{tender.code}/0", f"{tender.code}/0/1/", f"{tender.code}/0/1/{'0' * 32}", f"{heard}/x"):
            with pytest.raises(Unknown):
                live.read(other)

        with pytest.raises(Denied):
            training.cancel_training(actor=carla, tender_id=tender.pk, training=1, reason="No", at=moment)
        training.cancel_training(actor=ana, tender_id=tender.pk, training=1, reason="Se hará otra.", at=moment)
        assert given.now(auction).state == "void"
        assert given.trained(tender, moment).training == 2

    def test_is_entered_and_bid_in_with_the_key_of_the_browser(self, tender, moment, client_for):
        room = given.trained(tender, moment)
        carla, key = given.bidder(room, "carla"), ec.generate_private_key(ec.SECP256R1())
        browser = client_for(User.objects.get(pk=carla.user_id), Account.objects.get(pk=carla.account_id))
        kept = browser.session
        kept["opened_by"] = "demo"  # a practice session may sign with the practice signature
        kept.save()
        path, api = queries.url_of(room), f"/api/v1/tenders/{tender.code}/auctions/0/bids"
        with clock.fixed(moment):
            typed = {"public_key": signing.exported(key.public_key()), "firma-demo": "on"}
            entered = browser.post(f"{path}entrar/", typed)
        told = {"session": Session.objects.get().code, "key": "uno", "amount": Decimal(19_000_000), "prices": {}}
        text = signing.message(tender=tender.code, lot=None, **told)
        body = told | {"amount": "19000000.00", "signature": signing.signed(key, text)}
        with clock.fixed(room.starts_at):
            real = browser.post(api, body, content_type="application/json")
            done = browser.post(f"{api}?training=1", body, content_type="application/json")
            page = browser.get(path).content.decode()

        assert (entered.status_code, entered.url) == (303, path)
        assert (real.status_code, done.status_code, done.json()["number"]) == (404, 201, 1)
        assert all(word in page for word in ("sin valor legal", "Va de primero", "19.000.000", f"{path}lance/"))


@pytest.mark.django_db
def test_by_items_it_goes_on_from_unit_prices_that_no_offer_said(at):
    tender = given.qualified(at)
    prices = subjects.invented(tender, None, Decimal(20_000_000))
    assert sum(line.quantity * prices[key] for key, line in subjects.items_of(tender, None).items()) <= 20_000_000
    room = given.trained(tender, tender.schedule["report_published"] + timedelta(hours=1))
    Auction.every.update(by="items")
    room.participants.update(prices={key: str(price) for key, price in prices.items()})

    placed = given.bid(given.now(room), "carla", None, room.starts_at, prices={"1": Decimal(900_000)})

    assert {key: Decimal(price) for key, price in placed.prices.items()} == {"1": Decimal(900_000), "2": prices["2"]}
    assert placed.amount == 10 * Decimal(900_000) + 5 * prices["2"]
