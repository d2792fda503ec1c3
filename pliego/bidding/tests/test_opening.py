import os
import shutil
import signal
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.db import connection

from pliego.bidding import closing, disclosed, opening, queries, sealing
from pliego.bidding.models import Bid, Closing, Envelope, ReleasedShare
from pliego.bidding.tests import given
from pliego.documents import blobs
from pliego.kernel.actors import SYSTEM
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering.models import OpeningMember
from pliego.tendering.tests import given as tenders


def codes(refused):
    return {objection.code for objection in refused.value.objections}


def open_it(tender, actor):
    return opening.open_bids(actor=actor, tender_id=tender.pk, at=given.opening_time(tender))


class TestCloseTender:
    def test_writes_a_record_with_the_receipt_of_everything_presented(self, tender, carla, dario):
        replaced = given.submitted_bid(tender)
        standing = given.submitted_bid(tender)
        other = given.submitted_bid(tender, dario)

        record = given.closed_tender(tender)

        said = record.entry.content["data"]
        assert (record.entry.is_public, said["standing"]) == (True, 2)
        assert [line["receipt"] for line in said["receipts"]] == [b.receipt.code for b in (replaced, standing, other)]
        assert [line["leaf"] for line in said["receipts"]] == [b.receipt.leaf_hex for b in (replaced, standing, other)]
        assert carla.account_code not in record.entry.body

    def test_is_refused_before_the_deadline_and_while_the_last_offers_settle(self, tender, people):
        for moment, code in ((given.last_moment(tender), "too_early"), (given.due(tender), "still_settling")):
            with pytest.raises(Refused) as refused:
                closing.close_tender(actor=people.ana, tender_id=tender.pk, at=moment)
            assert codes(refused) == {code}

    def test_happens_once(self, tender):
        first = given.closed_tender(tender)

        assert given.closed_tender(tender).pk == first.pk
        assert Closing.objects.count() == 1

    def test_is_done_by_the_clock_for_every_process_whose_term_is_over(self, tender, at):
        later = given.published_tender(at, tenders.people_of(tender))

        assert closing.close_due(at=given.due(tender)) == []
        assert set(closing.close_due(at=given.after_close(tender))) == {tender.code, later.code}
        assert closing.close_due(at=given.after_close(tender)) == []


class TestRelease:
    def test_is_refused_before_the_hour_of_the_opening(self, tender, people):
        given.submitted_bid(tender)
        record = given.closed_tender(tender)
        shares = given.member_shares(tender, people.ana.user_id)

        with pytest.raises(Refused) as refused:
            closing.release_share(actor=people.ana, tender_id=tender.pk, shares=shares, at=record.closed_at)

        assert codes(refused) == {"too_early"}

    def test_of_an_altered_share_is_refused_and_keeps_nothing(self, tender, people):
        given.submitted_bid(tender)
        given.closed_tender(tender)
        shares = given.member_shares(tender, people.ana.user_id)
        first = int(shares[0]["share"][:2], 16) ^ 1
        shares[0]["share"] = f"{first:02x}{shares[0]['share'][2:]}"

        with pytest.raises(Refused) as refused:
            closing.release_share(actor=people.ana, tender_id=tender.pk, shares=shares, at=given.opening_time(tender))

        assert codes(refused) == {"piece_is_not_the_promised_one"}
        assert not ReleasedShare.objects.exists()

    def test_is_for_opening_members_and_halves_for_the_custodian(self, tender, people, carla):
        given.submitted_bid(tender)
        given.closed_tender(tender)
        at = given.opening_time(tender)

        for outsider in (people.elena, carla):
            with pytest.raises(Denied):
                closing.release_share(actor=outsider, tender_id=tender.pk, shares=[], at=at)
        with pytest.raises(Denied):
            closing.release_custodian_half(actor=people.ana, tender_id=tender.pk, halves=[], at=at)

    def test_is_public_and_repeating_it_changes_nothing(self, tender, people):
        given.submitted_bid(tender)
        given.closed_tender(tender)
        for _again in range(2):
            given.released_shares(tender, people.ana)
            given.released_halves(tender)

        acts = list(Entry.objects.filter(file=tender.ocid).values_list("act", "is_public"))
        assert acts.count(("bids.shares_released", True)) == acts.count(("bids.custodian_released", True)) == 1

    def test_lets_nobody_see_a_lock_before_the_close(self, tender, people):
        given.submitted_bid(tender)

        with pytest.raises(Denied):
            queries.locks_for(actor=people.ana, tender=tender)
        leaf = tender.bids.get().receipt.leaf_hex
        assert queries.receipt_with_manifest(tender, leaf) is None


class TestOpenBids:
    def test_needs_the_members_and_the_custodian(self, tender, people):
        given.submitted_bid(tender)
        given.closed_tender(tender)
        given.released_shares(tender, people.ana)

        with pytest.raises(Refused) as refused:
            open_it(tender, people.ana)
        assert codes(refused) == {"waiting_for_members", "waiting_for_custodian"}
        given.released_shares(tender, people.beto)
        with pytest.raises(Refused) as refused:
            open_it(tender, people.ana)
        assert codes(refused) == {"waiting_for_custodian"}
        given.released_halves(tender)

        assert open_it(tender, people.ana).state == "opened"

    @pytest.mark.django_db
    def test_opens_with_any_two_of_the_three_members(self, at):
        for pair in ((1, 2), (1, 3), (2, 3)):
            tender = given.published_tender(at)
            given.submitted_bid(tender)
            given.closed_tender(tender)
            given.released_halves(tender)
            for member in OpeningMember.objects.filter(tender=tender, number__in=pair).select_related("user"):
                given.released_shares(tender, tenders.parties.actor(member.user))
            assert open_it(tender, SYSTEM).bids.get().state == "opened"

    def test_waits_for_the_threshold_takes_no_false_share_and_gives_what_stock_age_gives(
        self, tender, people, tmp_path
    ):
        given.submitted_bid(tender, file=b"%PDF-1.7\n" + os.urandom(2**16).replace(b"/", b"x") + b"\n%%EOF\n")
        given.closed_tender(tender)
        given.released_halves(tender)
        given.released_shares(tender, people.ana)
        with pytest.raises(Refused) as refused:
            open_it(tender, people.ana)
        assert codes(refused) == {"waiting_for_members"}
        false = given.member_shares(tender, people.ana.user_id)  # ana's share, posted as beto's
        with pytest.raises(Refused) as refused:
            closing.release_share(actor=people.beto, tender_id=tender.pk, shares=false, at=given.opening_time(tender))
        assert codes(refused) == {"piece_is_not_the_promised_one"}
        with pytest.raises(Refused) as refused:
            open_it(tender, people.ana)
        assert codes(refused) == {"waiting_for_members"}
        given.released_shares(tender, people.beto)

        open_it(tender, people.ana)

        envelope = Envelope.objects.get()
        kept = envelope.documents.get().document
        if shutil.which("age"):
            (tmp_path / "llave").write_text(envelope.identity)
            sealed = b"".join(given.parts.get(part) for part in envelope.file_rows[1]["parts"])
            command = ["age", "-d", "-i", tmp_path / "llave"]
            opened = subprocess.run(command, input=sealed, capture_output=True, check=True).stdout
            assert opened == blobs.open(kept.sha256).read()

    def test_publishes_the_list_the_keys_and_what_was_private(self, tender, people, dario, at):
        first = given.submitted_bid(tender)
        second = given.submitted_bid(tender, dario, prices=("1.00", "2.00"))

        given.opened_tender(tender)

        act = queries.opening_act(tender)
        listed = act.content["data"]["bids"]
        assert [(line["bid"], line["total"]) for line in listed] == [
            (first.code, "12500000.00"),
            (second.code, "20.00"),
        ]
        for bid, line in zip((first, second), listed, strict=True):
            bid.receipt.refresh_from_db()
            assert bid.receipt.is_disclosed
            envelope = bid.envelopes.get()
            assert line["identities"] == {"offer": envelope.identity}
            identity = sealing.opening.pyrage.x25519.Identity.from_str(envelope.identity)
            assert str(identity.to_public()) == envelope.recipient
        found = disclosed.opened_bids(tender)
        assert [bid.total for bid in found] == [12_500_000, 20]
        assert [row.document.audience for bid in found for row in bid.documents] == ["public", "public"]

    def test_happens_once(self, tender, people):
        given.submitted_bid(tender)
        given.opened_tender(tender)

        open_it(tender, people.ana)

        assert Entry.objects.filter(act="bids.opened").count() == 1

    def test_with_no_offers_needs_no_keys(self, tender, people):
        given.closed_tender(tender)

        assert open_it(tender, people.ana).state == "opened"
        assert queries.opening_act(tender).content["data"]["bids"] == []

    def test_keeps_a_file_that_the_inspection_refuses_out_and_says_so(self, tender):
        bid = given.submitted_bid(tender, file=b"MZ\x90\x00 this is a program")

        given.opened_tender(tender)

        row = disclosed.opened_bids(tender)[0].documents[0]
        assert row.document is None
        assert row.refusal
        act = Entry.objects.get(act="bid.file_refused")
        assert (act.is_public, act.content["data"]["bid"]) == (True, bid.code)


class TestUnopenable:
    def corrupt(self, tender, supplier, at, change):
        """An offer that passes every check of the outside and is rotten inside."""
        manifest = given.sealed(tender, supplier, at)
        change(manifest["envelopes"][0])
        return given.services.submit_bid(actor=supplier, tender_id=tender.pk, manifest=manifest, at=at)

    def test_does_not_stop_the_others_and_names_who_is_at_fault_with_a_proof(self, tender, carla, dario, people, at):
        def lie(envelope):
            for lock in envelope["header"]["locks"]:
                lock["commit"] = sealing.sha256(b"another share")

        bad, good = self.corrupt(tender, carla, at, lie), given.submitted_bid(tender, dario)
        given.closed_tender(tender)
        given.released_halves(tender)
        everybody = [tenders.parties.actor(m.user) for m in tender.opening_members.select_related("user")]
        given.released_shares(tender, *everybody)

        open_it(tender, people.ana)

        bad.refresh_from_db()
        good.refresh_from_db()
        assert (bad.state, good.state) == ("unopenable", "opened")
        assert (bad.fault["who"], bad.fault["why"]) == ("supplier", "locks_do_not_open")
        assert sealing.proves_bad_lock(bad.envelopes.get().header["locks"][0], bad.fault["file_key"])
        assert Entry.objects.get(act="bid.unopenable").is_public
        assert "proveedor" in opening.blame(bad) or "supplier" in opening.blame(bad)
        assert disclosed.unopenable_bids(tender) == [bad]

    def test_waits_for_the_other_members_before_giving_up(self, tender, carla, people, at):
        def lie(envelope):
            envelope["header"]["locks"][0]["commit"] = sealing.sha256(b"another share")

        bid = self.corrupt(tender, carla, at, lie)
        given.closed_tender(tender)
        given.released_halves(tender)
        everybody = [tenders.parties.actor(m.user) for m in tender.opening_members.select_related("user")]
        given.released_shares(tender, everybody[0], everybody[1])
        with pytest.raises(Refused) as refused:
            open_it(tender, people.ana)
        assert codes(refused) == {"waiting_for_members"}

        given.released_shares(tender, everybody[2])

        open_it(tender, people.ana)
        bid.refresh_from_db()
        assert bid.state == "opened"  # two honest locks are enough

    def test_is_never_half_open(self, tender, carla, at):
        def swap(envelope):
            envelope["files"][1]["size"] += 1
            envelope["files"][1]["parts"] = envelope["files"][0]["parts"]
            envelope["files"][1]["sealed"] = envelope["files"][0]["sealed"]

        bid = self.corrupt(tender, carla, at, swap)

        given.opened_tender(tender)

        bid.refresh_from_db()
        envelope = bid.envelopes.get()
        assert (bid.state, bid.fault["why"]) == ("unopenable", "file_is_not_the_listed_one")
        assert (envelope.identity, envelope.answers, envelope.documents.count()) == ("", None, 0)


@pytest.mark.django_db
class TestTheDatabase:
    def test_refuses_moves_that_no_table_has_and_changes_of_what_was_received(self, tender):
        from django.db import IntegrityError, transaction

        bid = given.submitted_bid(tender)

        for change in ({"state": "draft"}, {"manifest_sha256": "0" * 64}, {"received_at": given.due(tender)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Bid.objects.filter(pk=bid.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Envelope.objects.filter(bid=bid).update(header={})

    def test_sees_what_the_policy_sees(self, tender, carla, dario, people):
        from pliego.bidding.policy import BID_POLICY, BidAct

        given.submitted_bid(tender)
        given.submitted_bid(tender, dario)
        for _moment in ("sealed", "opened"):
            for actor in (carla, dario, people.ana, people.elena, SYSTEM):
                allowed = {bid.pk for bid in Bid.objects.all() if BID_POLICY.verdict(actor, BidAct.VIEW, bid)}
                assert set(Bid.objects.visible_to(actor).values_list("pk", flat=True)) == allowed
            given.opened_tender(tender)


DYING = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[4]
django.setup()
from datetime import datetime
from pliego.bidding import opening
from pliego.kernel.actors import SYSTEM
tender, die_at = int(sys.argv[1]), int(sys.argv[3])
whole, done = opening.open_envelope, []

def dying(*told):
    whole(*told)
    done.append(1)
    if len(done) == die_at:
        os.kill(os.getpid(), signal.SIGKILL)

opening.open_envelope = dying
opening.open_bids(actor=SYSTEM, tender_id=tender, at=datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
class TestAProcessThatDies:
    def test_in_the_middle_of_the_opening_leaves_nothing_open_and_the_next_one_opens_all(self, at):
        tender = given.published_tender(at)
        for name in ("carla", "dario", "eva"):
            given.submitted_bid(tender, tenders.signed(tenders.supplier(at, name), at))
        moment = given.ready_to_open(tender)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PLIEGO_BLOBS": str(django_settings.PLIEGO_BLOBS),
        }

        died = subprocess.run(
            [sys.executable, "-c", DYING, str(tender.pk), moment.isoformat(), "2", connection.settings_dict["NAME"]],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert died.returncode == -signal.SIGKILL, died.stderr
        assert set(tender.bids.values_list("state", flat=True)) == {"submitted"}
        assert not Envelope.objects.exclude(identity="").exists()
        assert queries.opening_act(tender) is None

        opening.open_bids(actor=tenders.people_of(tender).ana, tender_id=tender.pk, at=moment)

        assert set(tender.bids.values_list("state", flat=True)) == {"opened"}
        assert Entry.objects.filter(file=tender.ocid, act="bids.opened").count() == 1
        again = opening.open_bids(actor=tenders.people_of(tender).beto, tender_id=tender.pk, at=moment)
        assert again.state == "opened"
        assert Entry.objects.filter(file=tender.ocid, act="bids.opened").count() == 1
