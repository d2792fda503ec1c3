"""The time custodian and envelopes of several moments: it gives each half in its own time, whoever asks."""

import json
from datetime import timedelta

import pytest

from pliego.bidding import opening, sealing
from pliego.bidding.custodian import Custodian, Process, State
from pliego.bidding.models import Envelope
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.test_custodian import TOKEN, InProcess, moments_later
from pliego.evaluation import services
from pliego.evaluation.tests.envelopes import (
    MERIT,
    WORKS,
    called,
    offered,
    receiving,
    reported,
)
from pliego.kernel import clock
from pliego.ledger import merkle
from pliego.tendering.models import CustodianKey
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.usefixtures("people_are_found_once")


class TestTheCustodian:
    @pytest.fixture
    def custodian(self, settings, tmp_path, monkeypatch, db):
        settings.PLIEGO_CUSTODIAN_TOKEN = TOKEN
        made = Custodian(tmp_path / "custodian", InProcess(), now=clock.now)
        monkeypatch.setattr(tenders, "custodian_keys", lambda how_many=1: None)
        made.top_up()
        for key in CustodianKey.objects.all():
            tenders.CUSTODIAN[key.number] = made.identity(key.number)
        return made

    def halves(self, tender) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {bid.code: set() for bid in tender.bids.all()}
        for envelope in Envelope.objects.filter(bid__tender=tender).exclude(custodian_half="").select_related("bid"):
            found[envelope.bid.code].add(envelope.code)
        return found

    def test_gives_the_second_half_only_after_its_hour_and_its_acts(self, custodian, at):
        tender = receiving(at, WORKS)
        replaced, standing = offered(tender, "carla", "carla")
        bids.closed_tender(tender)
        award, people = tender.schedule["award"], tenders.people_of(tender)

        assert moments_later(custodian, award + timedelta(days=9)) == [tender.ocid]
        assert self.halves(tender) == {replaced.code: set(), standing.code: {"first"}}
        bids.released_shares(tender, people.ana, people.beto)
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=bids.opening_time(tender))
        assert moments_later(custodian, award + timedelta(days=9)) == []  # there is no report yet
        evaluation = services.start_evaluation(tender_id=tender.pk, at=bids.opening_time(tender))
        reported(evaluation)
        services.reopen_evaluation(actor=people.ana, tender_id=tender.pk, reason="Hubo un error", at=award)
        assert moments_later(custodian, award) == []
        reported(evaluation)
        assert moments_later(custodian, award - timedelta(microseconds=1)) == []
        assert moments_later(custodian, award) == [tender.ocid]
        assert self.halves(tender) == {replaced.code: set(), standing.code: {"first", "second"}}
        assert moments_later(custodian, award) == []

    def test_gives_the_half_of_the_called_offer_alone(self, custodian, at):
        tender = receiving(at, MERIT)
        carla, dario = (bid.code for bid in offered(tender, "carla", "dario"))
        bids.closed_tender(tender)
        people, hour = tenders.people_of(tender), tender.schedule["price_opened"]
        moments_later(custodian, bids.opening_time(tender))
        bids.released_shares(tender, people.ana, people.beto)
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=bids.opening_time(tender))
        reported(services.start_evaluation(tender_id=tender.pk, at=bids.opening_time(tender)), dario, carla)

        assert moments_later(custodian, hour + timedelta(days=9)) == []
        called(tender, dario, hour)
        assert moments_later(custodian, hour - timedelta(microseconds=1)) == []
        assert moments_later(custodian, hour) == [tender.ocid]

        assert self.halves(tender) == {carla: {"technical"}, dario: {"technical", "price"}}

    def test_is_not_led_by_a_platform_that_shows_another_offer_or_other_envelopes(self, custodian, at):
        """Whoever answers cannot put the second lock in the place of the first: the receipt names the manifest."""
        tender = receiving(at, WORKS)
        [bid] = offered(tender, "carla")
        bids.closed_tender(tender)
        leaf, hour = bid.receipt.leaf_hex, bids.opening_time(tender)
        path = f"/api/v1/custodian/tenders/{tender.code}/receipts/{leaf}"
        swapped = json.loads(json.dumps(bid.manifest))
        first, second = (envelope["header"] for envelope in swapped["envelopes"])
        first["envelope"], second["envelope"] = second["envelope"], first["envelope"]
        body = json.loads(bid.receipt.body)
        body["data"]["manifest_sha256"] = sealing.hash_of(swapped)

        for lie in ({"body": bid.receipt.body, "manifest": swapped}, {"body": json.dumps(body), "manifest": swapped}):
            custodian.http.answers[path] = lie
            assert moments_later(custodian, hour) == []
            assert self.halves(tender) == {bid.code: set()}
        del custodian.http.answers[path]
        assert moments_later(custodian, hour) == [tender.ocid]

    def test_opens_no_lock_that_stands_in_two_envelopes(self, custodian, at):
        """A lock of a second envelope, presented again as somebody's first, would be given too early."""
        tender = receiving(at, WORKS)
        victim, thief = offered(tender, "carla", "dario")
        stolen = victim.manifest["envelopes"][1]["header"]["custodian"]
        thief.manifest["envelopes"][0]["header"]["custodian"] = stolen
        process = Process(number=tender.custodian_number, is_closed=True, hours={"opening": at.isoformat()})
        process.envelopes = {"first": {"at": "opening", "after": [], "by_call": False, "of_fit": False}}
        told = {}
        for bid in (victim, thief):
            data = {"bid": bid.code, "manifest_sha256": sealing.hash_of(bid.manifest)}
            body = json.dumps({"data": data})
            leaf = merkle.leaf_hash(body.encode()).hex()
            process.receipts[leaf] = "submitted"
            custodian.http.answers[f"/api/v1/custodian/tenders/{tender.code}/receipts/{leaf}"] = {
                "body": body, "manifest": bid.manifest,
            }  # fmt: skip
        custodian.http.post = lambda path, body: told.update({h["recipient"]: h for h in body["halves"]}) or (200, {})

        custodian._give(tender.ocid, process, process.due(at))

        first, robbed = (bid.manifest["envelopes"][0]["header"]["recipient"] for bid in (victim, thief))
        assert (told[first].keys(), told[robbed]) == ({"recipient", "half"}, {"recipient": robbed})
        assert len(told) == 2

    def test_reads_the_log_again_when_another_version_kept_its_state(self, custodian, at):
        tender = receiving(at, WORKS)
        moments_later(custodian, at)
        kept = json.loads(custodian.state_path.read_text())
        old = {name: kept[name] for name in ("vkey", "size", "frontier", "note", "numbers")} | {"processes": {}}
        custodian.state_path.write_text(json.dumps(old))
        custodian.state = State.read(custodian.state_path)
        assert (custodian.state.size, custodian.state.processes) == (0, {})

        moments_later(custodian, at)

        assert custodian.state.size >= kept["size"]
        assert custodian.state.processes[tender.ocid].envelopes.keys() == {"first", "second"}
