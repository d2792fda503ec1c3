"""The real custodian against the real API: what it believes, what it refuses, and when it gives its halves."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from pliego.bidding import sealing
from pliego.bidding.custodian import Custodian, Platform, Process, Refusal, appended, root_of
from pliego.bidding.models import Envelope
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.ledger import merkle
from pliego.ledger.tests.given import sealed as sealed_log
from pliego.tendering.models import CustodianKey
from pliego.tendering.tests import given as tenders

TOKEN = "demo-custodian"
NOW = datetime(2026, 4, 2, 15, tzinfo=UTC)


class InProcess:
    """The platform reached through Django's test client; `answers` replaces what it says for a path."""

    def __init__(self):
        self.client, self.answers, self.asked = Client(), {}, []

    def get(self, path):
        self.asked.append(path)
        if path in self.answers:
            return 200, self.answers[path]
        answer = self.client.get(path, headers={"X-Pliego-Custodian": TOKEN})
        return answer.status_code, answer.json()

    def post(self, path, body):
        self.asked.append(path)
        answer = self.client.post(
            path, json.dumps(body), content_type="application/json", headers={"X-Pliego-Custodian": TOKEN}
        )
        return answer.status_code, answer.json()


def test_the_price_of_those_found_fit_is_all_that_the_custodian_ever_opens():
    rule = {"at": "award", "after": ["evaluation.report_published"], "by_call": False, "of_fit": True}
    process = Process(number=1, is_closed=True, hours={"award": NOW.isoformat()}, envelopes={"second": rule})
    ranking = [{"bid": "PLG.OFE.1", "complies": True}, {"bid": "PLG.OFE.2", "complies": False}]

    Custodian._follow_act(process, "evaluation.report_published", {"ranking": ranking, "observations_due": ""})

    found = [process.opening_of("second", row["bid"]) for row in ranking]
    assert (found, process.due(NOW)) == (["award", ""], {"award"})


@pytest.fixture
def custodian(settings, tmp_path):
    settings.PLIEGO_CUSTODIAN_TOKEN = TOKEN
    return Custodian(tmp_path / "custodian", InProcess(), now=clock.now)


@pytest.fixture
def process(custodian, at, monkeypatch):
    """A process sealed to a key of the custodian under test, with one offer in it."""
    monkeypatch.setattr(tenders, "custodian_keys", lambda how_many=1: None)
    custodian.top_up()
    tender = given.published_tender(at)
    given.submitted_bid(tender)
    return tender


def moments_later(custodian, moment):
    sealed_log()
    with clock.fixed(moment):
        return custodian.turn()


@pytest.mark.django_db
class TestHalves:
    def test_are_given_when_the_log_shows_the_close_and_the_hour_has_come(self, custodian, process):
        given.closed_tender(process)

        assert moments_later(custodian, given.opening_time(process)) == [process.ocid]

        envelope = Envelope.objects.get()
        assert sealing.sha256(bytes.fromhex(envelope.custodian_half)) == envelope.header["custodian"]["commit"]
        assert moments_later(custodian, given.opening_time(process)) == []

    def test_are_given_at_the_hour_without_asking_anything_more_and_not_one_moment_before(self, custodian, process):
        given.closed_tender(process)
        before = process.due_at("opening") - timedelta(microseconds=1)

        assert moments_later(custodian, before) == []
        assert not Envelope.objects.get().custodian_half

        custodian.http.asked.clear()  # what is sealed was read meanwhile: at the hour only giving is left
        assert moments_later(custodian, given.opening_time(process)) == [process.ocid]
        assert [path for path in custodian.http.asked if process.code in path] == [
            f"/api/v1/custodian/tenders/{process.code}/halves"
        ]

    def test_are_not_given_without_the_closing_record_in_the_log(self, custodian, process):
        assert moments_later(custodian, given.opening_time(process) + timedelta(days=30)) == []
        assert not any("halves" in path for path in custodian.http.asked)

    def test_wait_for_the_latest_hour_ever_published(self, custodian, process):
        later = process.due_at("opening") + timedelta(days=2)
        custodian._hear(custodian.state, process.ocid, {"milestones": {"opening": later.isoformat()}})
        custodian._hear(
            custodian.state, process.ocid, {"milestones": {"opening": process.due_at("opening").isoformat()}}
        )
        custodian.state.write(custodian.state_path)
        given.closed_tender(process)

        assert moments_later(custodian, process.due_at("opening")) == []
        assert moments_later(custodian, later) == [process.ocid]

    def test_open_the_offers_together_with_the_members(self, custodian, process):
        given.closed_tender(process)
        moments_later(custodian, given.opening_time(process))
        people = tenders.people_of(process)
        given.released_shares(process, people.ana, people.beto)

        from pliego.bidding import opening

        opened = opening.open_bids(actor=people.beto, tender_id=process.pk, at=given.opening_time(process))

        assert opened.bids.get().state == "opened"

    def test_of_a_key_taken_twice_stay_with_the_first_process(self, custodian):
        taken = {"opening": {"custodian": {"number": 4}}, "milestones": {"opening": "2026-03-02T09:00:00Z"}}
        custodian._hear(custodian.state, "ocds-x-A", taken)
        custodian._hear(custodian.state, "ocds-x-B", taken)

        assert (custodian.state.processes["ocds-x-A"].number, custodian.state.processes["ocds-x-B"].number) == (4, 0)

    def test_of_a_bad_lock_do_not_keep_the_others_waiting(self, custodian, process, at):
        dario = tenders.supplier(at, "dario")
        manifest = given.sealed(process, dario, at)
        header = manifest["envelopes"][0]["header"]
        foreign = given.foreign_recipient()
        header["custodian"]["age"] = sealing.making._locked(foreign, bytes(32))
        given.services.submit_bid(actor=tenders.signed(dario, at), tender_id=process.pk, manifest=manifest, at=at)
        given.closed_tender(process)

        assert moments_later(custodian, given.opening_time(process)) == [process.ocid]

        people = tenders.people_of(process)
        given.released_shares(process, people.ana, people.beto)
        given.opening.open_bids(actor=people.beto, tender_id=process.pk, at=given.opening_time(process))
        states = dict(process.bids.values_list("supplier__organization__legal_name", "state"))
        assert sorted(states.values()) == ["opened", "unopenable"]
        assert process.bids.get(state="unopenable").fault["why"] == "lock_does_not_open"


@pytest.mark.django_db
class TestTheLog:
    def test_that_forgets_what_it_said_is_refused(self, custodian, process):
        moments_later(custodian, given.opening_time(process))
        known = custodian.state
        given.closed_tender(process)
        sealed_log()
        head = custodian.http.client.get("/api/v1/ledger/checkpoint").json()
        entries = custodian.http.client.get(f"/api/v1/ledger/entries?after={known.size - 1}").json()
        forged = json.loads(entries["entries"][0]["body"] or "{}") | {"code": "FORGED"}
        body = json.dumps(forged)
        entries["entries"][0] |= {"body": body, "leaf": merkle.leaf_hash(body.encode()).hex()}
        custodian.http.answers[f"/api/v1/ledger/entries?after={known.size - 1}"] = entries

        with pytest.raises(Refusal, match="a fork"):
            custodian.follow()
        assert head["size"] > known.size == custodian.state.size

    def test_with_an_act_that_is_not_the_logged_one_is_refused(self, custodian, process):
        sealed_log()
        path = "/api/v1/ledger/entries?after=-1"
        entries = custodian.http.client.get(path).json()
        public = next(entry for entry in entries["entries"] if entry["body"])
        public["body"] = public["body"].replace("{", "{ ", 1)
        custodian.http.answers[path] = entries

        with pytest.raises(Refusal, match="not the one that was logged"):
            custodian.follow()

    def test_signed_by_another_key_is_refused(self, custodian, process, settings, tmp_path):
        moments_later(custodian, given.opening_time(process))
        given.closed_tender(process)
        settings.PLIEGO_SIGNER_DIR = tmp_path / "another"
        sealed_log()
        head = dict(custodian.http.client.get("/api/v1/ledger/checkpoint").json())
        if head["vkey"] == custodian.state.vkey:
            head["note"] = head["note"][:-8] + "AAAAAA=\n"
        custodian.http.answers["/api/v1/ledger/checkpoint"] = head

        with pytest.raises(Refusal, match="no valid signature"):
            custodian.follow()

    def test_is_rebuilt_leaf_by_leaf_to_the_same_root(self):
        leaves = [merkle.leaf_hash(b"%d" % number) for number in range(70)]
        edge = []
        for size, leaf in enumerate(leaves, 1):
            edge = appended(edge, leaf)
            assert root_of(edge) == merkle.root_of(leaves[:size])


@pytest.mark.django_db
class TestKeys:
    def test_are_announced_in_advance_and_only_when_few_are_left(self, custodian):
        custodian.top_up()
        first = list(CustodianKey.objects.values_list("number", "recipient"))
        custodian.top_up()

        assert len(first) == 50
        assert list(CustodianKey.objects.values_list("number", "recipient")) == first
        assert first[6][1] == str(custodian.identity(7).to_public())

    def test_come_from_a_secret_that_only_its_owner_reads_and_that_survives(self, custodian):
        again = Custodian(custodian.folder, custodian.http)

        assert str(again.identity(3)) == str(custodian.identity(3)) != str(custodian.identity(4))
        assert stat.S_IMODE((custodian.folder / "secreto").stat().st_mode) == 0o600

    @pytest.mark.parametrize("path", ["custodian/keys", f"custodian/tenders/PLG.EXP.1/receipts/{64 * '0'}"])
    @pytest.mark.parametrize("token", ["", "wrong", "démo"])
    def test_and_locks_are_for_the_custodian_alone(self, client, path, token, settings):
        settings.PLIEGO_CUSTODIAN_TOKEN = TOKEN

        assert client.get(f"/api/v1/{path}", headers={"X-Pliego-Custodian": token}).status_code == 403

    def test_nobody_is_the_custodian_of_an_installation_without_a_token(self, client, settings):
        settings.PLIEGO_CUSTODIAN_TOKEN = ""

        assert client.get("/api/v1/custodian/keys", headers={"X-Pliego-Custodian": ""}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_command_speaks_over_the_network(live_server, settings, tmp_path):
    settings.PLIEGO_CUSTODIAN_TOKEN = TOKEN
    custodian = Custodian(tmp_path / "k", Platform(live_server.url, TOKEN), is_practice=True)

    assert custodian.turn() == []

    assert CustodianKey.objects.count() == 50
    with pytest.raises(Refusal, match="403"):
        Custodian(tmp_path / "other", Platform(live_server.url, "wrong")).turn()
