"""The rehearsal of an opening: a lost key is found while something can still be done."""

import pyrage
import pytest

from pliego.accounts.models import User
from pliego.bidding import agefiles, queries, rehearsing, services
from pliego.bidding.models import KeyTest
from pliego.bidding.tests import given
from pliego.kernel.objections import Denied, Refused
from pliego.tendering.models import OpeningKey
from pliego.tendering.tests import given as tenders


def answered(actor, tender, with_key=None):
    """What the member writes back: the challenge of their key of that process, opened with it."""
    member = tender.opening_members.get(user_id=actor.user_id)
    sealed, ticket = services.challenge(actor=actor, recipient=member.recipient)
    key = with_key or tenders.IDENTITIES[actor.user_id]
    return {"answer": pyrage.decrypt(agefiles.dearmored(sealed), [key]).decode(), "ticket": ticket}


class TestRehearsal:
    def test_shows_who_holds_their_key_and_who_has_not_tried_it(self, tender, people, at):
        assert "Ensaye la apertura con su llave" in [str(task.title) for task in queries.tasks_for(people.ana, at)]

        test = rehearsing.rehearse(actor=people.ana, tender_id=tender.pk, at=at, **answered(people.ana, tender))

        said = test.entry.content["data"]
        assert (test.entry.is_public, said["member"]["number"], test.proved_at, test.lost_at) == (
            True,
            test.member.number,
            at,
            None,
        )
        assert "Ensaye la apertura con su llave" not in [str(task.title) for task in queries.tasks_for(people.ana, at)]
        assert queries.opening_status(tender, None).left == 3

    def test_is_refused_with_another_key_another_persons_test_or_by_who_is_no_member(self, tender, people, carla, at):
        betos = answered(people.beto, tender)
        for actor, answer in ((people.ana, betos), (people.ana, {**betos, "answer": "no"})):
            with pytest.raises(Refused) as refused:
                rehearsing.rehearse(actor=actor, tender_id=tender.pk, at=at, **answer)
            assert [objection.code for objection in refused.value.objections] == ["key_not_proved"]
        with pytest.raises(Denied):
            rehearsing.rehearse(actor=carla, tender_id=tender.pk, at=at, **betos)
        assert not KeyTest.objects.exists()

    def test_finds_that_too_few_keys_are_left_and_a_found_key_counts_again(self, tender, people, at, client_for):
        first = rehearsing.declare_lost(actor=people.ana, tender_id=tender.pk, at=at)
        again = rehearsing.declare_lost(actor=people.ana, tender_id=tender.pk, at=at)
        rehearsing.declare_lost(actor=people.beto, tender_id=tender.pk, at=at)

        status = queries.opening_status(tender, None)
        assert (first.pk, first.entry_id) == (again.pk, again.entry_id)
        assert (status.left, status.threshold, status.cannot_open) == (1, 2, True)
        assert not OpeningKey.objects.filter(user_id=people.ana.user_id, is_active=True).exists()
        room = client_for(User.objects.get(pk=people.ana.user_id), tender.buyer)
        shown = room.get(f"/escritorio/procesos/{tender.code}/apertura/").content.decode()
        assert "Se perdieron demasiadas llaves" in shown

        pages = [
            room.get(f"/escritorio/procesos/{tender.code}/apertura/{path}/") for path in ("ensayo", "llave-perdida")
        ]
        assert [page.status_code for page in pages] == [200, 200]
        told = pages[0].context
        answer = pyrage.decrypt(
            agefiles.dearmored(told["challenge"]), [tenders.IDENTITIES[people.ana.user_id]]
        ).decode()
        back = room.post(
            f"/escritorio/procesos/{tender.code}/apertura/ensayo/",
            {"answer": answer, "ticket": told["fresh_ticket"], "recipient": ""},
        )
        assert back.status_code == 303
        assert not queries.opening_status(tender, None).cannot_open
        api, told = f"/api/v1/tenders/{tender.code}", {"answer": "no", "ticket": "no"}
        assert room.post(f"{api}/rehearsal", told, content_type="application/json").status_code == 422
        said = room.post(f"{api}/lost-key", content_type="application/json").json()
        assert (said["member"], said["proved_at"] is None, said["lost_at"] is None) == (1, False, False)

    def test_of_the_rest_still_opens(self, tender, people, at):
        given.submitted_bid(tender)
        hugo = tender.opening_members.exclude(user_id__in=[people.ana.user_id, people.beto.user_id]).get()
        rehearsing.declare_lost(actor=tenders.parties.actor(hugo.user), tender_id=tender.pk, at=at)

        assert given.opened_tender(tender).state == "opened"
