"""What nobody used is forgotten after its term, and never anything that an offer or a living draft counts on."""

import errno
import io
import os
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from pliego.bidding import parts, sealing, services, sweeping
from pliego.bidding.models import Part, SealedDraft
from pliego.bidding.tests import given
from pliego.documents import receiving
from pliego.kernel.objections import Denied, Refused

TERM = timedelta(days=31)


def send(supplier, content, at):
    name = sealing.sha256(content)
    services.keep_part(actor=supplier, sha256=name, stream=io.BytesIO(content), at=at)
    return name


@pytest.mark.django_db
class TestSweeping:
    def test_forgets_a_part_that_nobody_used_after_its_term_and_not_before(self, carla, at):
        name = send(carla, b"x" * 30, at)

        assert sweeping.sweep(at=at + TERM - timedelta(days=2))["parts"] == 0
        assert parts.exists(name)
        assert sweeping.sweep(at=at + TERM)["parts"] == 1
        assert not parts.exists(name)
        assert not Part.objects.exists()

    def test_has_its_term_as_a_setting(self, carla, at, settings):
        settings.PLIEGO_BID_PART_DAYS = 2
        send(carla, b"x" * 30, at)

        assert sweeping.sweep(at=at + timedelta(days=3))["parts"] == 1

    def test_counts_the_term_from_the_last_time_it_was_sent(self, carla, at):
        name = send(carla, b"x" * 30, at)
        send(carla, b"x" * 30, at + timedelta(days=20))

        assert sweeping.sweep(at=at + TERM)["parts"] == 0
        assert parts.exists(name)

    @pytest.mark.parametrize("ending", ["submitted", "replaced", "withdrawn"])
    def test_keeps_for_ever_what_an_offer_names(self, tender, carla, at, ending):
        bid = given.submitted_bid(tender)
        if ending == "replaced":
            given.submitted_bid(tender)
        if ending == "withdrawn":
            services.withdraw_bid(actor=carla, bid_id=bid.pk, at=at)
        names = {part for e in bid.manifest["envelopes"] for row in e["files"] for part in row["parts"]}

        assert sweeping.sweep(at=at + 100 * TERM)["parts"] == 0
        assert names
        assert all(parts.exists(name) for name in names)

    def test_keeps_what_a_living_draft_names_and_forgets_it_with_the_draft(self, tender, carla, at):
        name = send(carla, b"x" * 30, at)
        services.save_draft(actor=carla, tender_id=tender.pk, ciphertext="{}", version=0, names=[name], at=at)

        assert sweeping.sweep(at=at + TERM)["parts"] == 0
        assert parts.exists(name)

        given.closed_tender(tender)
        assert sweeping.sweep(at=at + TERM) == {"drafts": 1, "parts": 1, "halves": 0}
        assert not SealedDraft.objects.exists()
        assert not parts.exists(name)

    def test_keeps_the_bytes_while_another_supplier_sent_the_same(self, carla, dario, at):
        name = send(carla, b"x" * 30, at)
        send(dario, b"x" * 30, at + timedelta(days=20))

        assert sweeping.sweep(at=at + TERM)["parts"] == 1
        assert parts.exists(name)

    def test_forgets_what_a_request_that_died_left_half_written(self, carla, at):
        folder = parts.path_of(send(carla, b"x" * 30, at)).parent
        old, fresh = folder / f"{parts.PASSING}1", folder / f"{parts.PASSING}2"
        for path in (old, fresh):
            path.write_bytes(b"half")
        os.utime(old, (at.timestamp() - 2 * 86_400,) * 2)
        os.utime(fresh, (at.timestamp(),) * 2)

        assert sweeping.sweep(at=at)["halves"] == 1
        assert (old.exists(), fresh.exists()) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_a_part_that_is_being_presented_at_this_moment_is_left_alone(at):
    tender = given.published_tender(at)
    supplier = given.tenders.signed(given.tenders.supplier(at, "carla"), at)
    manifest = given.sealed(tender, supplier, at - TERM)
    held, swept, found = threading.Event(), threading.Event(), []

    def present():
        with transaction.atomic():
            services.submit_bid(actor=supplier, tender_id=tender.pk, manifest=manifest, at=at)
            held.set()
            swept.wait(20)
        connection.close()

    thread = threading.Thread(target=present)
    thread.start()
    assert held.wait(20)
    found.append(sweeping.sweep(at=at)["parts"])
    swept.set()
    thread.join()

    assert found == [0]
    assert sweeping.sweep(at=at)["parts"] == 0
    assert all(parts.exists(p) for e in manifest["envelopes"] for row in e["files"] for p in row["parts"])


@pytest.mark.django_db
class TestPartsOfUploads:
    """The road of the browser: each part comes by a resumable upload, and is taken under its hash."""

    def upload(self, supplier, content, at, purpose="sealed_part"):
        upload = receiving.begin(user_id=supplier.user_id, name="parte", size=len(content), purpose=purpose, at=at)
        with receiving.Writer(upload, 0, at=at) as writer:
            writer.write(content)
            return writer.finish().code

    def take(self, supplier, content, upload, at):
        name = sealing.sha256(content)
        return services.keep_part_of_upload(actor=supplier, sha256=name, upload_id=upload, at=at)

    def test_are_taken_once_and_asking_again_changes_nothing(self, carla, at, django_capture_on_commit_callbacks):
        content = b"no age here" * 9
        code = self.upload(carla, content, at)

        with django_capture_on_commit_callbacks(execute=True):
            part = self.take(carla, content, code, at)

        assert (part.size, parts.get(part.sha256)) == (len(content), content)
        assert self.take(carla, content, code, at) == part
        assert not list(receiving.path_of(receiving.Upload.objects.get()).parent.glob("up-*"))

    def test_are_refused_under_another_hash(self, carla, at):
        code = self.upload(carla, b"x" * 30, at)

        with pytest.raises(Refused) as refused:
            self.take(carla, b"y" * 30, code, at)

        assert {o.code for o in refused.value.objections} == {"wrong_hash"}

    def test_belong_to_who_sent_them_and_to_suppliers(self, carla, dario, people, at):
        code = self.upload(carla, b"x" * 30, at)

        with pytest.raises(Refused, match="upload_unknown"):
            self.take(dario, b"x" * 30, code, at)
        with pytest.raises(Denied):
            self.take(people.ana, b"x" * 30, self.upload(people.ana, b"x" * 30, at), at)

    def test_have_at_most_eight_mebibytes_before_any_byte_flows(self, carla, at):
        with pytest.raises(Refused) as refused:
            receiving.begin(
                user_id=carla.user_id, name="parte", size=sealing.PART_SIZE + 1, purpose="sealed_part", at=at
            )

        assert {o.code for o in refused.value.objections} == {"file_too_large"}

    def test_never_become_a_document(self, carla, at):
        from pliego.documents import services as documents

        with pytest.raises(Refused):
            documents.from_upload(
                actor=carla,
                upload_id=self.upload(carla, b"x" * 30, at),
                kind="sealed_part",
                file="x",
                audience="public",
                at=at,
            )


@pytest.mark.django_db
def test_a_full_disk_refuses_a_part_and_keeps_nothing_of_it(carla, at, monkeypatch):
    def no_room(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(Refused) as refused:
        send(carla, b"x" * 30, at)

    assert {o.code for o in refused.value.objections} == {"no_room"}
    assert not Part.objects.exists()
    assert not list(parts.path_of(sealing.sha256(b"x" * 30)).parent.iterdir())


@pytest.mark.django_db
def test_a_part_that_was_taken_is_on_the_disk_under_its_name(carla, at, monkeypatch):
    flushed, place = [], parts.path_of(sealing.sha256(b"x" * 30))
    monkeypatch.setattr(os, "fsync", lambda file: flushed.append((os.fstat(file).st_ino, place.exists())))

    send(carla, b"x" * 30, at)

    inodes = [path.stat().st_ino for path in (place, place.parent, place.parent.parent)]
    assert flushed == list(zip(inodes, (False, True, True), strict=True))
