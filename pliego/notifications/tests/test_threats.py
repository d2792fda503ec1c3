"""A threat in a file of an offer: it stays out of the public, an act says so and the supplier is told."""

import pytest

from pliego.bidding import disclosed, opening
from pliego.bidding.tests import given
from pliego.documents import tasks
from pliego.documents.tests.test_antivirus import THREAT, clamd
from pliego.ledger.models import Entry
from pliego.notifications.models import Notice
from pliego.tendering.tests import given as tenders

__all__ = ["clamd"]
pytestmark = pytest.mark.django_db
INFECTED = tenders.parties.pdf(THREAT.decode())


class TestAThreat:
    def test_found_at_the_opening_stops_only_its_file(self, at, clamd, client):
        tender = given.published_tender(at)
        bid = given.submitted_bid(tender, file=INFECTED)

        given.opened_tender(tender)

        row = disclosed.opened_bids(tender)[0].documents[0]
        act = Entry.objects.get(act="bid.file_refused")
        assert (row.document, "Prueba.Amenaza" in row.refusal) == (None, True)
        assert (act.content["data"]["bid"], act.content["data"]["sha256"]) == (bid.code, row.sha256)
        assert "En cuarentena" in client.get(f"/procesos/{tender.code}/oferentes/").content.decode()

    def test_found_after_it_closes_the_file_and_tells_the_supplier(self, at, client, run_reactions, request):
        tender = given.published_tender(at)
        given.submitted_bid(tender, file=INFECTED)
        given.opened_tender(tender)  # no antivirus answered
        row = disclosed.opened_bids(tender)[0].documents[0]
        request.getfixturevalue("clamd")

        tasks.scan_unseen(timestamp=0)
        run_reactions()
        opening.tell_of_threat(document_id=row.document_id, finding="Prueba.Amenaza", at=given.opening_time(tender))

        act = Entry.objects.get(act="bid.file_refused")
        assert act.content["data"]["document"] == row.document.code
        assert client.get(row.document.get_absolute_url()).status_code == 403
        assert "En cuarentena" in client.get(f"/procesos/{tender.code}/oferentes/").content.decode()
        told = Notice.objects.filter(title__contains="cuarentena").values_list("user__email", flat=True)
        assert list(told) == ["carla@pliego.example"]
