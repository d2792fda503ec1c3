"""What a native process becomes in public: a row of the search, its releases, its names."""

import json

import pytest
from django.test import Client

from pliego.bidding.tests import given as bids
from pliego.kernel.events import Event
from pliego.publication import reactions
from pliego.publication.models import Process, Release
from pliego.publication.names import find
from pliego.publication.search import Question, search
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


class TestPublishAct:
    def test_puts_a_published_process_into_the_search(self, at, run_reactions):
        tender = tenders.published_tender(at)

        run_reactions()

        process = Process.objects.get(ocid=tender.ocid)
        assert (process.code, process.source, process.state) == (tender.code, "pliego", "open")
        assert process.closes_at == tender.due_at("bids_due")
        assert [row["code"] for row in search(question=Question(text=tender.title), at=at).rows] == [tender.code]

    def test_answers_to_each_of_its_names(self, at, run_reactions):
        tender = tenders.published_tender(at)
        run_reactions()

        for name in (tender.code, tender.notice_code, tender.phase_code, tender.ocid, tender.reference):
            assert find(name).code == tender.code, name

    def test_shows_nothing_of_a_draft(self, at, run_reactions):
        tender = tenders.submitted_tender(at)
        run_reactions()

        assert not Process.objects.exists()
        assert Client().get(f"/procesos/{tender.code}/").status_code == 404

    def test_writes_one_release_however_often_it_is_told(self, at, run_reactions):
        from pliego.ledger.models import Entry
        from pliego.publication.services import publish_act

        tender = tenders.published_tender(at)
        run_reactions()
        count = Release.objects.count()
        entry = Entry.objects.get(act="tender.published")

        publish_act(file=tender.ocid, entry_id=entry.pk, tag="tender", at=at)

        assert Release.objects.count() == count
        assert Release.objects.filter(tag="tender").count() == 1

    def test_keeps_sealed_offers_out_until_they_are_opened(self, at, run_reactions):
        tender = tenders.published_tender(at)
        bids.submitted_bid(tender)
        run_reactions()
        assert "bids" not in json.loads(Release.objects.order_by("-pk")[0].text)

        bids.closed_tender(tender)
        bids.opened_tender(tender)
        run_reactions()

        release = json.loads(Release.objects.order_by("-pk")[0].text)
        assert len(release["bids"]["details"]) == 1
        assert release["tender"]["numberOfTenderers"] == 1
        assert Process.objects.get(ocid=tender.ocid).state == "evaluation"

    def test_has_a_tag_of_the_standard_for_every_public_act(self):
        for event in reactions.rooms_events():
            assert reactions.tag_of(event.code) in TAGS

    def test_hears_every_public_act_of_a_process(self):
        from pliego.kernel.events import REACTIONS

        for event in Event.registry.values():
            room = event.__module__.split(".")[1]
            if event.public and room in reactions.TAG_OF_ROOM:
                assert "pliego.publication.reactions.publish_the_act" in REACTIONS[event.code], event.code


TAGS = {
    "planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award",
    "awardUpdate", "awardCancellation", "contract", "contractUpdate", "contractAmendment", "implementation",
    "implementationUpdate", "contractTermination",
}  # fmt: skip
