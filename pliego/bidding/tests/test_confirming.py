"""An amendment that affects the offers voids those presented before it, until their owners confirm them."""

from datetime import timedelta

import pytest

from pliego.bidding import queries, services
from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering import sections
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders


@pytest.fixture
def carla(db, at):
    return tenders.supplier(at)


@pytest.fixture
def tender(carla, at):
    return tenders.published_tender(at)


@pytest.fixture
def bid(tender, carla, at):
    return given.submitted_bid(tender, carla, at=at)


def amend(tender, at, *, part="general", **fields):
    """An amendment inside its window that changes a section, published by beto."""
    people = tenders.people_of(tender)
    tenders.amendment(tender, at)
    when = tender.schedule["amendments_due"] - timedelta(hours=2)
    if fields:
        content = sections.get(part).plain(tender)
        tendering.save_section(actor=people.ana, tender_id=tender.pk, part=part, content={**content, **fields}, at=when)
    tendering.publish_amendment(actor=tenders.signed(people.beto, when), tender_id=tender.pk, at=when)
    return when


def fresh(bid):
    return Bid.objects.select_related("tender").get(pk=bid.pk)


class TestConfirm:
    def test_is_not_asked_after_a_change_of_dates_alone(self, tender, carla, bid, at):
        when = amend(tender, at)

        assert not fresh(bid).is_unconfirmed
        with pytest.raises(Refused) as refused:
            services.confirm_bid(actor=tenders.signed(carla, when), bid_id=bid.pk, at=when)
        assert {o.code for o in refused.value.objections} == {"already_confirmed"}

    def test_makes_the_offer_count_again_with_a_receipt(self, tender, carla, bid, at):
        when = amend(tender, at, description="Otra cosa")
        assert fresh(bid).is_unconfirmed
        assert [str(task.title) for task in queries.tasks_for(carla, when)] == ["Confirme su oferta"]

        with pytest.raises(Denied):
            services.confirm_bid(actor=carla, bid_id=bid.pk, at=when)
        _bid, entry = services.confirm_bid(actor=tenders.signed(carla, when), bid_id=bid.pk, at=when)

        assert not fresh(bid).is_unconfirmed
        assert (entry.act, entry.content["data"]["version"]) == ("bid.confirmed", 2)
        given.closed_tender(Tender.objects.get(pk=tender.pk))
        assert fresh(bid).state == "submitted"

    def test_is_too_late_at_the_deadline(self, tender, carla, bid, at):
        amend(tender, at, description="Otra cosa")
        due = given.due(Tender.objects.get(pk=tender.pk))

        with pytest.raises(Refused) as refused:
            services.confirm_bid(actor=tenders.signed(carla, due), bid_id=bid.pk, at=due)
        assert "too_late" in {o.code for o in refused.value.objections}

    def test_is_not_needed_by_an_offer_presented_after_the_amendment(self, tender, carla, bid, at):
        when = amend(tender, at, description="Otra cosa")

        another = given.submitted_bid(Tender.objects.get(pk=tender.pk), carla, at=when)

        assert (fresh(another).is_unconfirmed, fresh(bid).state) == (False, "replaced")


class TestClosing:
    def test_lets_what_nobody_confirmed_lapse_and_says_so_in_the_record(self, tender, carla, bid, at):
        dario = tenders.supplier(at, "dario")
        given.submitted_bid(tender, dario, at=at)
        when = amend(tender, at, description="Otra cosa")
        services.confirm_bid(actor=tenders.signed(carla, when), bid_id=bid.pk, at=when)

        given.closed_tender(Tender.objects.get(pk=tender.pk))

        assert sorted(tender.bids.values_list("state", flat=True)) == ["lapsed", "submitted"]
        record = Entry.objects.get(file=tender.ocid, act="bids.closed").content["data"]
        assert record["standing"] == 1
        assert sorted(row["state"] for row in record["receipts"]) == ["lapsed", "submitted"]
        assert [e.bid_id for e in given.closing.envelopes_to_open(Tender.objects.get(pk=tender.pk))] == [bid.pk]


class TestPage:
    def test_shows_what_changed_and_confirms_with_one_signature(self, tender, carla, bid, at, client_for):
        from pliego.accounts.models import User
        from pliego.parties.models import Account

        when = amend(tender, at, description="Otra cosa distinta")
        page = client_for(User.objects.get(pk=carla.user_id), Account.objects.get(pk=carla.account_id))

        shown = page.get(f"/ofertas/{tender.code}/")
        asked = page.get(f"/ofertas/{tender.code}/confirmar/")

        assert "no cuenta hasta que la confirme" in shown.content.decode()
        assert "Otra cosa distinta" in asked.content.decode()
        assert when < given.due(tender)
