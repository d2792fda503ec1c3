"""The minutes of an opening: made of its acts, signed by who led it, public."""

import json
from datetime import timedelta

import pytest
import typst

from pliego.accounts.models import User
from pliego.bidding import minutes, moments, opening, queries, recording, rules
from pliego.bidding.models import OpeningMinutes
from pliego.bidding.tests import given
from pliego.documents import blobs
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders


@pytest.fixture
def told(monkeypatch):
    """What the paper is made of."""
    kept, render = {}, typst.compile

    def compiled(source, *, sys_inputs, **options):
        kept.update(json.loads(sys_inputs["shown"]))
        return render(source, sys_inputs=sys_inputs, **options)

    monkeypatch.setattr(minutes.typst, "compile", compiled)
    return kept


def sign(actor, tender, at, **what):
    return recording.record_opening(
        actor=tenders.signed(actor, at), tender_id=tender.pk, moment="opening", at=at, **what
    )


class TestMinutes:
    def test_say_what_the_acts_say_and_are_public(self, tender, dario, told, client, client_for):
        people = tenders.people_of(tender)
        bad = given.submitted_bid(tender, dario)
        good = given.submitted_bid(tender)
        when = given.ready_to_open(tender)
        bad.envelopes.update(custodian_half="", custodian_proof="no-abre")
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=when)
        assert "Firme el acta de la apertura" in [str(task.title) for task in queries.tasks_for(people.beto, when)]

        signed = sign(people.beto, tender, when, note="Asistió la veeduría.\nSin objeciones.")

        assert signed == sign(people.beto, tender, when)
        record = given.closed_tender(tender)
        assert (told["root"], told["presented"], told["standing"]) == (record.entry.leaf_hex, 2, 2)
        assert [bool(member["gave"]) for member in told["members"]] == [True, True, False]
        assert [row["bid"] for row in told["bidders"]] == [bad.code, good.code]
        assert told["sealed"][0]["result"].startswith("No se pudo abrir")
        assert told["sealed"][1]["result"] == "Abierto"
        assert (told["opener"], told["note"]) == (people.beto.name, "Asistió la veeduría.\nSin objeciones.")
        with blobs.open(signed.document.sha256) as content:
            assert content.read(5) == b"%PDF-"
        assert (signed.document.audience, signed.entry.documents) == ("public", [signed.document.sha256])
        assert signed.document.get_absolute_url() in client.get(f"/procesos/{tender.code}/apertura/").content.decode()
        shown = client.get(f"/api/v1/tenders/{tender.code}/minutes").json()
        assert [(each["sha256"], each["moment"]) for each in shown] == [(signed.document.sha256, "opening")]
        assert queries.tasks_for(people.beto, when) == []
        room = client_for(User.objects.get(pk=people.beto.user_id), tender.buyer)
        assert "4. Acta" in room.get(f"/escritorio/procesos/{tender.code}/apertura/").content.decode()

    def test_are_signed_by_who_opened_and_a_day_later_by_any_member(self, tender, people, carla):
        when = given.ready_to_open(tender)
        with pytest.raises(Denied):
            sign(people.beto, tender, when)
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=when)

        with pytest.raises(Denied):
            sign(carla, tender, when)
        with pytest.raises(Denied):  # without a signature nothing binds
            recording.record_opening(actor=people.beto, tender_id=tender.pk, moment="opening", at=when)
        with pytest.raises(Refused) as refused:
            sign(people.ana, tender, when + rules.LED - timedelta(microseconds=1))
        assert [objection.code for objection in refused.value.objections] == ["another_leads"]
        with pytest.raises(Unknown):
            recording.record_opening(
                actor=tenders.signed(people.beto, when), tender_id=tender.pk, moment="nunca", at=when
            )
        assert sign(people.ana, tender, when + rules.LED).signed_by_id == people.ana.user_id
        assert OpeningMinutes.objects.count() == 1
        assert recording.turns_to_record(Tender.objects.get(pk=tender.pk)) == []
        assert moments.turns_of(tender)[0].record.minutes
