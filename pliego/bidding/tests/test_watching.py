"""The opening as everybody follows it: each act as it is done, and before the closing nothing of the offers."""

import json
import re
import shutil
import subprocess

import pytest
from django.db import connection

from pliego.bidding import live, opening, queries
from pliego.bidding.models import BidDocument
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Unknown
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from pliego.web.live import BELL


@pytest.fixture
def room(client, tender):
    """What the page, the API and the stream tell at an instant, with nothing that differs from one visit to another."""

    def told(at, after=0):
        with clock.fixed(at):
            page = client.get(f"/procesos/{tender.code}/apertura/")
            assert page.status_code == 200
            text = re.sub(r"PL-[0-9A-F]{10}", "", page.content.decode())
            api = client.get(f"/api/v1/tenders/{tender.code}/room").json()
            stream = live.told(tender.code, after)
        return text, api, stream

    return told


def state_of(stream):
    return json.loads(stream.state.decode().split("data: ")[1])


def texts(stream):
    return [json.loads(text.decode().split("data: ")[1])["text"] for _number, text in stream.events]


class TestTheRoom:
    def test_is_the_same_before_the_closing_whatever_was_presented(self, room, tender, dario):
        empty = [room(moment) for moment in (given.last_moment(tender), given.due(tender))]
        given.submitted_bid(tender)
        given.submitted_bid(tender, dario)

        assert [room(moment) for moment in (given.last_moment(tender), given.due(tender))] == empty
        assert [api["phase"] for _page, api, _stream in empty] == ["receiving", "closing"]
        assert (empty[0][1]["envelopes"], empty[0][1]["acts"], empty[0][2].events) == (0, [], [])
        assert empty[0][1]["due_at"] is not None

    def test_is_silent_about_the_offers_of_a_process_that_is_suspended_before_its_closing(self, tender, people, at):
        given.submitted_bid(tender)
        tendering.suspend_tender(
            actor=tenders.signed(people.beto, at), tender_id=tender.pk, at=at, reason="Un juez lo ordenó",
            legal_basis="Auto 12 de 2026", planned_on=given.due(tender).date(),
        )  # fmt: skip
        halted = Tender.objects.get(pk=tender.pk)

        assert queries.opening_status(halted, given.moments.turns_of(halted)[0]).envelopes == 0

    def test_tells_each_act_once_and_in_order_until_everything_is_open(self, room, tender, people, dario, client):
        given.submitted_bid(tender)
        given.submitted_bid(tender, dario)
        record = given.closed_tender(tender)
        page, api, closed = room(record.closed_at)
        assert (api["phase"], texts(closed)) == ("waiting", ["Se cerró la recepción. 2 ofertas cuentan."])
        assert record.entry.leaf_hex in page

        when = given.opening_time(tender)
        given.released_halves(tender)
        given.released_shares(tender, people.ana)
        _page, api, giving = room(when, after=closed.events[-1][0])
        assert (api["phase"], api["halves"], api["envelopes"]) == ("giving", 2, 2)
        assert texts(giving)[1].startswith(people.ana.name)
        words = [what for _number, what in state_of(giving)["given"]]
        assert [word.startswith("entregó") for word in words] == [True, False, False]

        given.released_shares(tender, people.beto)
        assert room(when)[1]["phase"] == "ready"
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=when)
        page, api, everything = room(when)
        assert (api["phase"], len(api["bidders"])) == ("opened", 2)
        assert all(bidder["identities"] and bidder["manifest_sha256"] in page for bidder in api["bidders"])
        numbers = [number for number, _text in everything.events]
        assert numbers == sorted(set(numbers))
        assert texts(live.told(tender.code, numbers[-2])) == texts(everything)[-1:] == ["Se abrieron 2 ofertas."]
        with pytest.raises(Unknown):
            live.told("PLG.NADA", 0)

    def test_of_a_process_that_is_not_public_does_not_exist(self, db, client, at):
        draft = tenders.draft_tender(at)

        assert client.get(f"/procesos/{draft.code}/apertura/").status_code == 404
        with pytest.raises(Unknown):
            live.told(draft.code, 0)


class TestAnOpening:
    def heard(self, work, many):
        """What is told aside while that is done, and nothing of it committed."""
        line = connection.copy()
        with line.cursor() as cursor:
            cursor.execute(f"LISTEN {BELL}")
        try:
            work()
        finally:
            notices = list(line.connection.notifies(timeout=1, stop_after=many))
            line.close()
        return [notice.payload.partition("\n")[::2] for notice in notices]

    def test_is_told_envelope_by_envelope_before_its_commit(self, tender, people, dario):
        given.submitted_bid(tender)
        given.submitted_bid(tender, dario)
        when = given.ready_to_open(tender)

        told = self.heard(lambda: opening.open_bids(actor=people.beto, tender_id=tender.pk, at=when), 2)

        assert {path for path, _text in told} == {f"aperturas/{tender.code}"}
        places = [json.loads(text.split("data: ")[1]) for _path, text in told]
        assert [(each["place"], each["all"]) for each in places] == [(1, 2), (2, 2)]
        assert [each["bid"] for each in places] == list(tender.bids.values_list("code", flat=True))

    def test_that_stops_says_so_and_opens_nothing(self, tender, people, monkeypatch):
        given.submitted_bid(tender)
        when = given.ready_to_open(tender)
        monkeypatch.setattr("pliego.bidding.opening.outbox.disclose", lambda ids, at: 1 / 0)

        def broken():
            with pytest.raises(ZeroDivisionError):
                opening.open_bids(actor=people.beto, tender_id=tender.pk, at=when)

        told = self.heard(broken, 2)

        assert told[-1][1].startswith("event: cortada")
        assert not tender.bids.filter(state="opened").exists()


class TestAnOpenedOffer:
    def test_is_opened_again_by_anybody_with_stock_age_and_what_the_page_says(self, tender, client, tmp_path):
        bid = given.submitted_bid(tender)
        address = f"/procesos/{tender.code}/apertura/{bid.code}/"
        assert client.get(address).status_code == 404
        given.opened_tender(tender)

        page = client.get(address).content.decode()
        envelope = bid.envelopes.get()
        kept = BidDocument.objects.filter(envelope=envelope).first()
        [key] = re.findall(r"echo (AGE-SECRET-KEY-1\w+) &gt; ([\w.-]+)", page)
        sealed = b"".join(client.get(f"{address}{envelope.recipient}/0001.age").streaming_content)
        assert kept.sha256 in page
        assert client.get(f"{address}{envelope.recipient}/9999.age").status_code == 404
        if shutil.which("age"):
            (tmp_path / key[1]).write_text(key[0])
            (tmp_path / "0001.age").write_bytes(sealed)
            command = next(line for line in re.findall(r"<pre[^>]*>(age [^<|]*)", page) if "0001" in line)
            clear = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=True).stdout
            assert opening.hashlib.sha256(clear).hexdigest() == kept.sha256

        BidDocument.objects.filter(pk=kept.pk).first().document.__class__.objects.filter(pk=kept.document_id).update(
            scan="quarantined"
        )
        assert client.get(f"{address}{envelope.recipient}/0001.age").status_code == 404
        assert "En cuarentena" in client.get(address).content.decode()
