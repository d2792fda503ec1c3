"""A lost key of an opening is replaced while offers are received, and what was sealed before is not forgotten."""

from datetime import timedelta

import pyrage
import pytest

from pliego.accounts.models import User
from pliego.bidding import agefiles, closing, opening, queries, reach, rehearsing, replacing, services
from pliego.bidding.models import KeyReplacement
from pliego.bidding.tests import given
from pliego.kernel.objections import Denied, Refused
from pliego.tendering.models import Milestone, OpeningMember, Tender
from pliego.tendering.tests import given as tenders

HOUR = timedelta(hours=1)


def proof(actor, key):
    sealed, ticket = services.challenge(actor=actor, recipient=str(key.to_public()))
    return {"answer": pyrage.decrypt(agefiles.dearmored(sealed), [key]).decode(), "ticket": ticket}


def new_key(actor, at):
    key = pyrage.x25519.Identity.generate()
    services.register_opening_key(actor=actor, recipient=str(key.to_public()), at=at, **proof(actor, key))
    return key


def replaced(actor, tender, at, monkeypatch):
    """The member loses the key, makes another and puts it in its place."""
    rehearsing.declare_lost(actor=actor, tender_id=tender.pk, at=at)
    key = new_key(actor, at)
    replacing.replace_key(actor=tenders.signed(actor, at), tender_id=tender.pk, at=at, **proof(actor, key))
    monkeypatch.setitem(tenders.IDENTITIES, actor.user_id, key)
    return key


def third_of(tender, people):
    seat = tender.opening_members.exclude(user_id__in=[people.ana.user_id, people.beto.user_id]).get()
    return tenders.parties.actor(seat.user)


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestReplaceKey:
    def test_of_one_leaves_what_was_sealed_before_to_be_opened_with_the_keys_left(
        self, tender, people, dario, monkeypatch
    ):
        at, hugo = tender.published_at, third_of(tender, people)
        early = given.submitted_bid(tender)
        slow = given.sealed(tender, dario, at)  # sealed before the key was replaced, presented after

        key = replaced(people.ana, tender, at, monkeypatch)

        seat = OpeningMember.objects.get(tender=tender, user_id=people.ana.user_id)
        said = KeyReplacement.objects.get().entry
        assert (seat.recipient, seat.key_test.lost_at) == (str(key.to_public()), None)
        assert (said.is_public, said.content["data"]["left"], said.content["data"]["threshold"]) == (True, 2, 2)
        assert queries.sealing_process(tender)["members"][seat.number - 1]["recipient"] == seat.recipient
        assert reach.to_seal_again(tender) == []
        late = services.submit_bid(actor=dario, tender_id=tender.pk, manifest=slow, at=at)
        third = given.submitted_bid(tender, tenders.supplier(at, "fabio"))
        given.closed_tender(tender)
        given.released_halves(tender)
        shown = queries.locks_for(actor=people.ana, tender=given.as_it_is(tender))
        assert [lock["bid"] for lock in shown] == [third.code]
        with pytest.raises(Refused):  # of a lock that her new key was not given, she says nothing
            closing.release_share(
                actor=people.ana, tender_id=tender.pk, at=given.opening_time(tender),
                shares=[{"recipient": early.envelopes.get().recipient}],
            )  # fmt: skip
        given.released_shares(tender, people.beto, hugo)
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=given.opening_time(tender))
        assert set(tender.bids.values_list("code", "state")) == {(b.code, "opened") for b in (early, late, third)}

    def test_is_refused_while_the_key_is_not_lost_without_another_one_after_the_term_and_to_others(
        self, tender, people, carla
    ):
        at, ana = tender.published_at, tenders.signed(people.ana, tender.published_at)
        on = {"tender_id": tender.pk, "answer": "no", "ticket": "no"}

        with pytest.raises(Refused) as refused:
            replacing.replace_key(actor=ana, at=at, **on)
        assert codes(refused) == {"not_lost", "no_other_key"}
        with pytest.raises(Denied):
            replacing.replace_key(actor=people.ana, at=at, **on)  # without a signature
        with pytest.raises(Denied):
            replacing.replace_key(actor=carla, at=at, **on)
        rehearsing.declare_lost(actor=people.ana, tender_id=tender.pk, at=at)
        key = new_key(people.ana, at)
        with pytest.raises(Refused) as refused:
            replacing.replace_key(actor=ana, at=at, **on)
        assert codes(refused) == {"key_not_proved"}
        with pytest.raises(Refused) as refused:
            replacing.replace_key(actor=ana, tender_id=tender.pk, at=given.due(tender), **proof(ana, key))
        assert codes(refused) == {"too_late"}

    def test_of_too_many_has_their_suppliers_seal_again_and_what_they_leave_lapses_once_the_closing_moves(
        self, tender, dario, monkeypatch, client_for
    ):
        at, people = tender.published_at, tenders.people_of(tender)
        hugo = third_of(tender, people)
        carla = tenders.signed(tenders.supplier(at), at)
        first = given.submitted_bid(tender)
        slow = given.sealed(tender, dario, at)
        replaced(people.ana, tender, at, monkeypatch)
        replaced(hugo, tender, at, monkeypatch)

        assert reach.to_seal_again(tender) == [first]
        assert reach.left_of_the_first(tender) == 1
        page = client_for(User.objects.get(pk=carla.user_id), first.supplier).get(f"/ofertas/{tender.code}/")
        assert "Selle de nuevo su oferta" in page.content.decode()
        with pytest.raises(Refused) as refused:
            services.submit_bid(actor=dario, tender_id=tender.pk, manifest=slow, at=at)
        assert codes(refused) == {"too_few_keys"}
        same = services.submit_bid(actor=carla, tender_id=tender.pk, manifest=first.manifest, at=at)
        assert same.receipt == first.receipt
        second = given.submitted_bid(tender, dario)
        assert reach.sealed_too_early(tender) == []  # the closing was not moved: nothing is taken from anybody

        Milestone.objects.filter(tender=tender, code="bids_due").update(due_at=given.due(tender) + HOUR)
        moved = Tender.objects.get(pk=tender.pk)
        given.closed_tender(moved)

        assert set(tender.bids.values_list("code", "state")) == {(first.code, "lapsed"), (second.code, "submitted")}
        Milestone.objects.filter(tender=tender, code="opening").update(due_at=given.after_close(moved))
        given.released_halves(moved)
        given.released_shares(moved, people.ana, hugo)
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=given.opening_time(moved))
        assert tender.bids.get(pk=second.pk).state == "opened"

    def test_is_done_on_its_page_and_over_the_api(self, tender, people, client_for):
        at = tender.published_at
        ana = client_for(User.objects.get(pk=people.ana.user_id), tender.buyer)
        address = f"/escritorio/procesos/{tender.code}/apertura/reemplazar-llave/"
        assert "Diga primero" in ana.get(address).content.decode()
        rehearsing.declare_lost(actor=people.ana, tender_id=tender.pk, at=at)
        key = new_key(people.ana, at)
        shown = ana.get(address)
        assert str(key.to_public()) in shown.content.decode()
        unsigned = ana.post(address, {**proof(people.ana, key), "recipient": ""})
        assert (unsigned.status_code, KeyReplacement.objects.count()) == (422, 0)
        answer = ana.post(
            f"/api/v1/tenders/{tender.code}/replaced-key", {"answer": "no", "ticket": "no"}, "application/json"
        )
        assert answer.status_code == 403
