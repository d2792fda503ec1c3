"""A disk or a quota that is full, for real (a limit of the operating system) and at each place that writes."""

import errno
import io
import os
import resource

import pytest

from pliego.documents import blobs, receiving, services, tus
from pliego.documents.models import Document, Upload
from pliego.documents.tests import given
from pliego.kernel.objections import Refused

MIB = 1 << 20


@pytest.fixture
def small_disk():
    """No file of this process grows beyond one mebibyte, until it is given back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, hard))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def codes(refused):
    return {objection.code for objection in refused.value.objections}


def send(upload, offset, content, at):
    with receiving.Writer(upload, offset, at=at) as writer:
        writer.write(content)
        return writer.finish()


@pytest.mark.django_db
class TestAFullDisk:
    def test_keeps_what_was_acknowledged_of_an_upload_and_lets_it_go_on(self, carla, at, small_disk):
        content = b"nombre;valor\n" * (2 * MIB // 13)
        size = len(content)
        upload = receiving.begin(user_id=carla.user_id, name="datos.csv", size=size, purpose="other", at=at)
        send(upload, 0, content[: MIB // 2], at)
        with pytest.raises(Refused) as refused:
            send(upload, MIB // 2, content[MIB // 2 :], at)
        assert codes(refused) == {"no_room"}
        assert "datos.csv" in str(refused.value.objections[0].sentence)
        assert Upload.objects.get().offset == MIB // 2

        small_disk()
        assert send(upload, MIB // 2, content[MIB // 2 :], at).state == "complete"

    @pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
    def test_refuses_a_document_at_its_field_and_leaves_nothing(self, carla, at, monkeypatch, full):
        def no_room(_file):
            raise OSError(full, os.strerror(full))

        monkeypatch.setattr(blobs, "flush", no_room)
        with pytest.raises(Refused) as refused:
            services.store(
                actor=carla,
                content=io.BytesIO(given.pdf()),
                name="a.pdf",
                kind="other",
                file="x",
                audience="account",
                at=at,
                field="document",
            )

        assert [(o.code, o.field) for o in refused.value.objections] == [("no_room", "document")]
        assert not Document.objects.exists()
        assert list(blobs.all_hashes()) == []
        assert not list((blobs.path_of("0" * 64).parents[2] / "incoming").iterdir())

    def test_answers_507_over_tus_so_that_the_sender_tries_later(self):
        from pliego.documents.refusals import refusal

        assert tus.failed(Refused(refusal("no_room", "a.pdf", "file"))).status_code == 507

    def test_hides_no_other_fault_of_the_disk(self, carla, at, monkeypatch):
        def broken(_file):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(blobs, "flush", broken)
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            services.store(
                actor=carla,
                content=io.BytesIO(given.pdf()),
                name="a.pdf",
                kind="other",
                file="x",
                audience="account",
                at=at,
            )
