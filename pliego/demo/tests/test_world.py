"""The demo country."""

import io

import pytest
from django.core.management import call_command

from pliego.accounts.models import User
from pliego.demo import keys, processes, world
from pliego.demo.cast import CAST
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.parties import access
from pliego.parties.models import Account, Membership
from pliego.tendering.models import OpeningKey, Tender


@pytest.mark.django_db
class TestLoad:
    def test_seats_the_cast_decides_a_process_and_repeating_it_adds_nothing(self, client):
        country = world.load()

        assert {member.name: set(country.actor(member.name).roles) for member in CAST} == {
            member.name: set(member.roles) for member in CAST
        }
        states = dict(Tender.objects.values_list("reference", "state"))
        assert states == {processes.OPEN_REFERENCE: "published", processes.DONE_REFERENCE: "finished"}
        done = Tender.objects.get(reference=processes.DONE_REFERENCE)
        assert done.bids.filter(state="opened").count() == len(processes.OFFERS)
        assert done.contracts.get().state == "closed"
        assert done.buyer.name == "ALCALDIA DE VALLE SERENO"
        [line] = done.planned
        assert client.get(f"/paa/{done.buyer.code}/{line.plan.year}/").status_code == 200
        for name in processes.MEMBERS:
            assert (keys.folder() / f"{name}.age").read_bytes().startswith(b"age-encryption.org/v1")
            key = OpeningKey.objects.get(user__email=f"{name}@pliego.example")
            assert str(keys.identity_of(name).to_public()) == key.recipient

        before = (User.objects.count(), Account.objects.count(), Membership.objects.count(), Entry.objects.count())
        world.load()
        after = (User.objects.count(), Account.objects.count(), Membership.objects.count(), Entry.objects.count())
        assert before == after

    def test_prints_a_link_for_each_and_keeps_the_roles_that_somebody_was_given_besides(self, client, at):
        country = world.found()
        seat = Membership.objects.get(user_id=country.actor("gloria").user_id)
        boss = country.actor("beto")
        access.set_roles(actor=boss, membership_id=seat.pk, roles=["supervisor", "preparer"], at=at)

        assert world.found().actor("gloria").roles == {"supervisor", "preparer", "evaluator"}

        printed = io.StringIO()

        call_command("demo", "links", stdout=printed)

        paths = [line.split("localhost:8000")[1] for line in printed.getvalue().splitlines() if "http" in line]
        assert len(paths) == len(CAST)
        assert client.post(paths[0].strip()).status_code == 303

    def test_is_refused_in_production(self, settings):
        settings.PLIEGO_PRACTICE = False

        with pytest.raises(Refused, match="not_a_practice"):
            world.load()
        with pytest.raises(Refused, match="not_a_practice"):
            world.links()
