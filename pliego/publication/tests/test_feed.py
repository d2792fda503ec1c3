"""The acts of a process for readers of feeds (RFC 4287)."""

from datetime import datetime

import pytest
from django.test import Client
from lxml import etree

from pliego.enquiries import services as enquiries
from pliego.ledger.models import Entry
from pliego.publication import caching
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(response):
    return etree.fromstring(response.content)


def must_have(element):
    """What RFC 4287 asks of a feed and of each entry: one id, one title, one moment of change with its zone."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(ATOM + name)) == 1, name
        assert element.findtext(ATOM + name)
    assert datetime.fromisoformat(element.findtext(ATOM + "updated")).tzinfo


def test_the_public_acts_are_a_feed_that_keeps_its_ids_and_is_not_sent_twice(at):
    caching.forget()
    tender, client = tenders.published_tender(at), Client()
    address = f"/procesos/{tender.code}/actos.atom"
    first = client.get(address)
    before = {entry.findtext(ATOM + "id") for entry in parsed(first).findall(ATOM + "entry")}

    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    enquiries.ask_enquiry(actor=tenders.supplier(at), tender_id=tender.pk, text="¿<b> & «comillas»?", at=at)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    feed = parsed(again)
    entries = feed.findall(ATOM + "entry")

    must_have(feed)
    links = {link.get("rel", "alternate"): link.get("href") for link in feed.findall(ATOM + "link")}
    assert (links["self"][-len(address) :], links["alternate"].endswith(f"/procesos/{tender.code}/")) == (address, True)
    for entry in entries:
        must_have(entry)
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(ATOM + "link").get("href").startswith("http")
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    public = Entry.objects.disclosed().of_file(tender.ocid)
    assert len(ids) == len(set(ids)) == public.count()
    assert before < set(ids)
    assert ids[0] == f"urn:uuid:{public.last().uuid}"
    assert entries[0].findtext(ATOM + "title") == "Observación recibida"
    assert not Entry.objects.of_file(tender.ocid).exclude(pk__in=public).filter(uuid__in=[i[9:] for i in ids]).exists()


def test_a_draft_and_another_name_have_no_feed(at):
    draft, published = tenders.submitted_tender(at), tenders.published_tender(at)

    for code in (draft.code, published.ocid, "CO1.REQ.1"):
        assert Client().get(f"/procesos/{code}/actos.atom").status_code == 404
