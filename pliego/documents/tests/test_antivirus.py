"""Against a small real server that speaks clamd's INSTREAM over TCP."""

import socketserver
import struct
import threading

import pytest

from pliego.documents import antivirus, blobs, services, tasks
from pliego.documents.models import Document
from pliego.documents.tests import given
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db
THREAT = b"AMENAZA-DE-PRUEBA"


class Clamd(socketserver.StreamRequestHandler):
    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        if self.server.is_broken:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: Prueba.Amenaza FOUND\0" if THREAT in content else b"stream: OK\0")


@pytest.fixture
def clamd(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.seen, server.is_broken = [], False
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        settings.PLIEGO_CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


class TestAntivirus:
    def test_sees_every_byte_and_lets_a_clean_file_in(self, clamd, ana, at):
        document = given.document(actor=ana, text="limpio")

        assert document.scan == "clean"
        assert clamd.seen == [given.pdf("limpio")]

    def test_refuses_an_infected_file_by_the_name_of_the_threat(self, clamd, ana, at):
        with pytest.raises(Refused, match=r"Prueba\.Amenaza"):
            given.document(actor=ana, text=THREAT.decode())

        assert not Document.objects.exists()

    def test_stores_unexamined_when_it_does_not_answer_and_looks_later(self, clamd, ana, at, settings):
        working, settings.PLIEGO_CLAMD = settings.PLIEGO_CLAMD, "127.0.0.1:1"
        document = given.document(actor=ana)
        assert document.scan == "unscanned"

        settings.PLIEGO_CLAMD = working
        tasks.scan_unseen(timestamp=0)

        document.refresh_from_db()
        assert document.scan == "clean"

    def test_stores_unexamined_when_it_answers_with_an_error(self, clamd, ana, at):
        clamd.is_broken = True

        assert given.document(actor=ana).scan == "unscanned"

    def test_puts_in_quarantine_what_it_finds_later_and_the_ledger_says_so(self, ana, at, settings, request):
        document = given.document(actor=ana, text=THREAT.decode())
        request.getfixturevalue("clamd")

        services.scan(document_id=document.pk, at=at)

        document.refresh_from_db()
        entry = Entry.objects.get(act="document.quarantined")
        assert (document.scan, document.scan_finding) == ("quarantined", "Prueba.Amenaza")
        assert (entry.file, entry.documents) == (document.file, [document.sha256])
        assert blobs.verify(document.sha256)

    def test_says_nothing_of_a_file_it_could_not_see(self, settings, ana, at):
        settings.PLIEGO_CLAMD = "127.0.0.1:1"
        document = given.document(actor=ana)

        with blobs.open(document.sha256) as file, pytest.raises(antivirus.Unavailable):
            antivirus.find(file)
