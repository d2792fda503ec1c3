import hashlib
import io

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pliego.documents import blobs
from pliego.documents.tests import given as documents_given


class TestBlobs:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
    @given(content=st.binary(max_size=5000))
    def test_give_back_what_was_put_under_its_hash(self, content):
        found = blobs.put(io.BytesIO(content))

        assert found == (hashlib.sha256(content).hexdigest(), len(content))
        with blobs.open(found.sha256) as file:
            assert file.read() == content

    def test_keep_the_same_bytes_once(self, settings):
        first = blobs.put(io.BytesIO(b"igual"))

        again = blobs.put(io.BytesIO(b"igual"))

        assert again == first
        assert len([path for path in settings.PLIEGO_BLOBS.rglob("*") if path.is_file()]) == 1

    def test_leave_nothing_half_written_when_the_stream_breaks(self, settings):
        class Broken(io.BytesIO):
            def read(self, size=-1):
                raise ConnectionError

        with pytest.raises(ConnectionError):
            blobs.put(Broken())

        assert [path for path in settings.PLIEGO_BLOBS.rglob("*") if path.is_file()] == []

    def test_know_when_a_file_was_altered(self):
        found = blobs.put(io.BytesIO(b"original"))
        path = blobs.path_of(found.sha256)
        path.chmod(0o600)
        path.write_bytes(b"originaL")

        assert blobs.verify(found.sha256) is False

    def test_never_leave_their_folder(self):
        with pytest.raises(ValueError, match="64"):
            blobs.open("../../etc/passwd")


@pytest.mark.django_db
class TestCheck:
    def test_finds_the_store_good(self, ana, at, capsys):
        documents_given.document(actor=ana)

        call_command("documents", "check")

        assert "1 files are what their names say; 0 need a look" in capsys.readouterr().out

    def test_names_what_is_missing_and_what_was_altered(self, ana, at, capsys):
        gone = documents_given.document(actor=ana, text="uno")
        changed = documents_given.document(actor=ana, text="dos")
        blobs.path_of(gone.sha256).unlink()
        blobs.path_of(changed.sha256).chmod(0o600)
        blobs.path_of(changed.sha256).write_bytes(b"otra cosa")

        with pytest.raises(CommandError, match="2 stored files"):
            call_command("documents", "check", "--json")

        said = capsys.readouterr().out
        assert f'"sha256": "{gone.sha256}", "reason": "missing"' in said
        assert f'"sha256": "{changed.sha256}", "reason": "altered"' in said
