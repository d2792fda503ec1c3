"""What the door keeps, for whom, and until when."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pliego.enquiries import services as enquiries
from pliego.publication import caching, places
from pliego.publication.models import Process
from pliego.publication.tests import given
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory():
    caching.forget()


@pytest.fixture
def tender(at):
    return tenders.published_tender(at)


def address(tender):
    return f"/procesos/{tender.code}/"


class TestTheDoor:
    def test_gives_the_page_again_with_all_its_headers(self, tender):
        made, kept = Client().get(address(tender)), Client().get(address(tender))

        assert kept.content == made.content
        own = {"X-Request-Id"}
        assert {n: v for n, v in kept.items() if n not in own} == {n: v for n, v in made.items() if n not in own}
        assert kept["Content-Security-Policy"]
        assert kept["X-Request-Id"] != made["X-Request-Id"]

    def test_asks_the_database_one_thing(self, tender, at):
        Client().get(address(tender))
        Client().get("/procesos/")

        for url in (address(tender), "/procesos/"):
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(url).status_code == 200
            assert len(captured) <= 1, url

    def test_shows_what_another_process_wrote(self, tender, at):
        client = Client()
        before = client.get(address(tender)).content.decode()
        enquiries.ask_enquiry(actor=tenders.supplier(at), tender_id=tender.pk, text="¿Y los cables?", at=at)

        assert "¿Y los cables?" not in before
        assert "¿Y los cables?" in client.get(address(tender)).content.decode()

    def test_lets_no_kept_page_outlive_its_process(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process(2)]))
        url = "/procesos/CO1.BDOS.5002/"
        assert Client().get(url).status_code == 200
        Process.objects.all().delete()

        assert Client().get(url).status_code == 404

    def test_makes_the_page_again_when_a_date_passes(self, tender):
        from pliego.kernel import clock

        before = Client().get(address(tender))["ETag"]
        with clock.fixed(tender.due_at("bids_due")):
            assert Client().get(address(tender))["ETag"] != before

    def test_makes_the_page_again_when_the_buyer_changed(self, tender, at):
        from pliego.ledger.models import FileHead

        before = places.native(tender.code, at)
        FileHead.objects.filter(file=tender.buyer.file).update(folio=10_000)

        assert before.asked_again(at) != before.version

    @pytest.mark.parametrize("name", ["messages", settings.SESSION_COOKIE_NAME])
    def test_keeps_nothing_for_who_carries_something_of_their_own(self, tender, name):
        Client().get(address(tender))
        client = Client()
        client.cookies[name] = "algo"
        answer = client.get(address(tender))

        assert "private" in answer["Cache-Control"]
        assert answer["X-Request-Id"] in answer.content.decode()
        assert len(caching.memory) == 1

    def test_serves_no_page_to_a_host_that_is_not_ours(self, tender):
        Client().get(address(tender))

        assert Client().get(address(tender), headers={"host": "otra.example"}).status_code == 400

    def test_keeps_apart_what_is_drawn_apart(self, tender):
        plain = Client().get(address(tender)).content.decode()
        thrifty = Client().get(address(tender), headers={"Save-Data": "on"}).content.decode()

        assert "woff2" in plain
        assert "woff2" not in thrifty

    def test_says_no_number_of_a_request_in_a_kept_page(self, tender):
        answer = Client().get(address(tender))

        assert not re.search(r"PL-[0-9A-F]{10}", answer.content.decode())
        assert settings.SESSION_COOKIE_NAME not in answer.cookies

    def test_forgets_what_was_asked_for_longest_ago(self, tender, monkeypatch):
        url = address(tender)
        monkeypatch.setattr(caching, "MOST_BYTES", 2 * len(Client().get(url).content) + 1_000)
        for number in range(4):
            Client().get(f"{url}?campana={number}")

        assert len(caching.memory) == 2

    def test_knows_no_process_that_is_not_public(self, at):
        tender = tenders.submitted_tender(at)

        assert places.native(tender.code, at) is None
        assert Tender.objects.get(pk=tender.pk).published_at is None
