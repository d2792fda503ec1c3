"""Witnesses: what one signs and what it refuses for ever, and which cosignatures the platform keeps and shows."""

import json
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import CommandError, call_command

from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.objections import Denied, Refused
from pliego.ledger import merkle, notes, receipt_pdf, receipts, signer, verify, witnessing
from pliego.ledger.management.commands import witness as command
from pliego.ledger.models import Cosignature, Entry
from pliego.ledger.tests import given
from pliego.ledger.tests.given import CONTRALORIA, VEEDURIA, act
from pliego.ledger.witness import NotTheSameLog, Refusal, Witness

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TEXT = str(notes.Checkpoint("example.co/bitacora", 7, bytes(32)))


class TestCosignature:
    """C2SP tlog-cosignature, without a database."""

    KEY = notes.Key.of("example.co/testigo", PRIVATE, notes.COSIGNATURE)

    def test_is_one_line_with_the_hour_and_signs_what_the_specification_says(self):
        line = notes.cosign(TEXT, self.KEY.name, PRIVATE, 1_700_000_000)

        assert notes.cosigned_at(line, TEXT, self.KEY) == 1_700_000_000
        raw = notes._of(line, self.KEY)
        assert (len(raw), int.from_bytes(raw[:8], "big")) == (72, 1_700_000_000)
        PRIVATE.public_key().verify(raw[8:], f"cosignature/v1\ntime 1700000000\n{TEXT}".encode())
        assert notes.Key.parse(str(self.KEY), notes.COSIGNATURE) == self.KEY

    def test_is_refused_with_any_character_changed_and_of_another_text_key_or_kind(self):
        line = notes.cosign(TEXT, self.KEY.name, PRIVATE, 1_700_000_000)
        for place in range(len(line)):
            changed = line[:place] + ("A" if line[place] != "A" else "B") + line[place + 1 :]
            assert notes.cosigned_at(changed, TEXT, self.KEY) is None, place
        assert notes.cosigned_at(line, TEXT.replace("7", "8"), self.KEY) is None
        assert notes.cosigned_at(line, TEXT, notes.Key.of(self.KEY.name, PRIVATE)) is None
        with pytest.raises(notes.NotSigned):
            notes.Key.parse(str(self.KEY))

    def test_is_never_a_signature_of_the_log_nor_the_other_way_round(self):
        plain = notes.sign(TEXT, self.KEY.name, PRIVATE)
        with pytest.raises(notes.NotSigned):
            notes.open_note(plain, self.KEY)
        assert notes.cosigners(plain, [self.KEY]) == {}
        assert notes.open_note(notes.with_lines(plain, ["— other.co/x YWJj"]), notes.Key.of(self.KEY.name, PRIVATE))


def log_key():
    return signer.key(Path(settings.PLIEGO_SIGNER_DIR))


def head_of(size, root):
    """A head that the log itself signed."""
    origin = settings.PLIEGO_LEDGER_ORIGIN
    note = notes.sign(str(notes.Checkpoint(origin, size, root)), origin, log_key())
    return {"size": size, "note": note, "vkey": str(notes.Key.of(origin, log_key()))}


@pytest.fixture
def world(db, at, tmp_path):
    """A log of three acts, and a witness that is registered and has signed its head."""
    for i in range(3):
        act(file=f"F{i}", at=at)
    given.sealed()
    witness = Witness(tmp_path / "testigo", given.InProcess(), name="universidad.test/testigo", now=at.timestamp)
    witness.key()
    vkey = (tmp_path / "testigo" / "testigo.vkey").read_text()
    witnessing.register_witness(actor=SYSTEM, vkey=vkey.strip(), institution="Universidad", at=at)
    assert witness.turn().size == 3  # the registration is an act that no head holds yet
    return witness


class TestWitness:
    def test_signs_each_head_that_follows_and_everybody_can_check_it(self, world, client):
        key = notes.Key.parse((world.folder / "testigo.vkey").read_text(), notes.COSIGNATURE)
        note = client.get("/bitacora/checkpoint").content.decode()
        log = notes.Key.parse(client.get("/bitacora/llave").content.decode())
        assert notes.open_checkpoint(note, log).size == 3
        assert notes.cosigners(note, [key]) == {key.name: int(world.now())}
        assert client.get("/api/v1/ledger/witnesses").json()[0]["size"] == 3
        assert "Universidad" in client.get("/bitacora/").content.decode()

        assert (world.turn(), len(world.http.posted)) == (None, 1)
        given.sealed()
        world.http.answers["/api/v1/ledger/cosigning"] = client.get("/api/v1/ledger/checkpoint").json()
        assert (world.turn().size, len(world.http.posted)) == (4, 2)

    def test_refuses_for_ever_a_log_that_was_cut_and_one_that_is_another(self, world, monkeypatch, at):
        act(at=at)
        given.sealed()
        other = [merkle.leaf_hash(b"%d" % i) for i in range(5)]
        leaves = [bytes(leaf) for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)]
        planted = {
            "it was cut": head_of(2, merkle.root_of(leaves[:2])),
            "a fork": head_of(5, merkle.root_of(other)),
            "does not contain": head_of(3, merkle.root_of(other[:3])),
        }
        for why, head in planted.items():
            world.http.answers["/api/v1/ledger/cosigning"] = head
            for _again in range(2):
                with pytest.raises(NotTheSameLog, match=why):
                    world.turn()
        assert len(world.http.posted) == 1
        kept = (world.folder / "desacuerdo-3-5.txt").read_text()
        assert planted["a fork"]["note"] in kept
        assert head_of(3, merkle.root_of(leaves[:3]))["note"] in kept
        monkeypatch.setattr(command, "Site", lambda url: world.http)
        with pytest.raises(CommandError, match="NOT COSIGNED"):
            call_command("witness", "https://pliego.test", str(world.folder), "--once")

        stranger = Ed25519PrivateKey.generate()
        note = notes.sign(head_of(5, other[0])["note"].split("\n\n")[0] + "\n", settings.PLIEGO_LEDGER_ORIGIN, stranger)
        world.http.answers["/api/v1/ledger/cosigning"] = {**planted["a fork"], "note": note}
        with pytest.raises(NotTheSameLog, match="not signed by the log"):
            world.turn()

    def test_remembers_before_it_shows_and_wants_its_own_key(self, world, monkeypatch):
        given.sealed()
        world.http.answers["/api/v1/ledger/cosigning"] = world.http.client.get("/api/v1/ledger/checkpoint").json()
        monkeypatch.setattr(world.http, "post", lambda path, body: (502, None))
        with pytest.raises(Refusal, match="502"):
            world.turn()
        assert json.loads((world.folder / "visto.json").read_text())["size"] == 4

        monkeypatch.undo()
        assert world.turn().size == 4  # what did not arrive is brought again
        assert world.turn() is None

        (world.folder / "testigo.key").unlink()
        with pytest.raises(Refusal, match="its key is gone"):
            world.turn()
        with pytest.raises(Refusal, match="needs a name"):
            Witness(world.folder / "otra", world.http).key()
        with pytest.raises(Refusal, match="not the one that this folder was begun with"):
            Witness(world.folder, world.http, vkey="x+00000000+AA==").seen("")


@pytest.mark.django_db
class TestAccepting:
    def test_refuses_an_unknown_key_another_tree_and_a_head_that_was_not_published(self, at, client):
        act(at=at)
        head = given.sealed()
        text, _lines = notes.parted(head.note)
        given.registered_witness(at=at)
        forged = str(notes.Checkpoint(settings.PLIEGO_LEDGER_ORIGIN, 1, bytes(32)))
        seconds = int(at.timestamp())

        def brought(text, name, private, size=1):
            line = notes.cosign(text, name, private, seconds)
            answer = client.post("/api/v1/ledger/cosignatures", {"size": size, "line": line}, "application/json")
            return answer.status_code, answer.json().get("errors", [{}])[0].get("code")

        own = given.witness_key(CONTRALORIA)
        assert brought(text, VEEDURIA, given.witness_key(VEEDURIA)) == (422, "unknown_witness")
        assert brought(text, CONTRALORIA, PRIVATE) == (422, "bad_cosignature")
        assert brought(forged, CONTRALORIA, own) == (422, "bad_cosignature")
        assert brought(text, CONTRALORIA, own, size=2) == (422, "unknown_head")
        assert not Cosignature.objects.exists()
        assert brought(text, CONTRALORIA, own) == brought(text, CONTRALORIA, own) == (200, None)
        assert Cosignature.objects.count() == 1
        assert client.post("/api/v1/ledger/cosignatures", {"size": 1, "x": 1}, "application/json").status_code == 422

        witnessing.retire_witness(actor=SYSTEM, name=CONTRALORIA, reason="Perdió su llave", at=at)
        assert brought(text, CONTRALORIA, own) == (422, "unknown_witness")
        assert Entry.objects.filter(file="testigos").count() == 2

    def test_counts_as_awake_who_signed_in_the_last_day_and_an_old_line_wakes_nobody(self, at):
        act(at=at)
        [signed] = given.cosigned(CONTRALORIA, at=at)
        given.registered_witness(VEEDURIA, at=at)
        assert [witness.name for witness in witnessing.awake(at)] == [CONTRALORIA]

        tomorrow = at + timedelta(hours=24)
        witnessing.accept_cosignature(actor=Actor(), size=signed.size, line=signed.line, at=tomorrow)

        assert witnessing.awake(tomorrow) == []
        assert given.cosigned(CONTRALORIA, at=tomorrow)[0].cosigned_at == tomorrow.astimezone(UTC)
        assert len(witnessing.awake(tomorrow)) == 1
        assert witnessing.state(tomorrow).startswith("1 of 2 ")
        with pytest.raises(Refused, match="not_outside"):
            witnessing.register_witness(
                actor=SYSTEM, vkey=signed.witness.vkey, institution=settings.PLIEGO_OPERATOR, at=at
            )
        with pytest.raises(Denied):
            witnessing.retire_witness(actor=Actor(user_id=1), name=CONTRALORIA, reason="x", at=at)

    def test_gives_all_witnesses_the_same_head_for_a_while_and_never_a_smaller_one(self, at):
        act(at=at)
        [signed] = given.cosigned(CONTRALORIA, at=at)
        act(at=at)
        given.sealed()

        assert witnessing.head_to_cosign(at=at) == signed.checkpoint
        assert witnessing.head_to_cosign(at=at + witnessing.TOGETHER).size > signed.size

    def test_is_a_command_of_the_operator(self, at, capsys):
        vkey = str(notes.Key.of(VEEDURIA, given.witness_key(VEEDURIA), notes.COSIGNATURE))
        call_command("witnesses", "add", vkey, "--institution", "Veeduría Ciudadana")
        with pytest.raises(CommandError):
            call_command("witnesses", "add", vkey, "--institution", "Veeduría Ciudadana")
        call_command("witnesses", "list", "--json")
        assert json.loads(capsys.readouterr().out.splitlines()[-1])[0]["institution"] == "Veeduría Ciudadana"
        call_command("witnesses", "retire", VEEDURIA, "--reason", "Se acabó el convenio")
        assert witnessing.witnesses() == []


@pytest.mark.django_db
class TestReceipts:
    def test_rest_on_the_first_head_that_two_witnesses_cosigned_and_verify_shows_them(
        self, at, client, tmp_path, capsys
    ):
        entry = act(at=at)
        given.sealed()
        entry.refresh_from_db()
        before = receipts.build(entry)
        given.cosigned(CONTRALORIA, at=at)
        assert receipts.build(entry) == before
        given.cosigned(CONTRALORIA, VEEDURIA, at=at)

        receipt = receipts.build(entry)

        key = notes.Key.parse(receipt["vkey"])
        keys = [notes.Key.of(n, given.witness_key(n), notes.COSIGNATURE) for n in (CONTRALORIA, VEEDURIA)]
        for content in (json.dumps(receipt).encode(), receipt_pdf.render(entry, receipt)):
            report = verify.verify_bytes(content, key)
            verify.check_witnesses(report, keys)
            assert report.is_authentic
            assert list(report.cosigned) == [CONTRALORIA, VEEDURIA]
        page = client.get(entry.url).content.decode()
        assert CONTRALORIA in page
        assert VEEDURIA in page
        assert verify.verify_bytes(json.dumps(before).encode(), key).is_authentic

        last = receipt["checkpoint"].splitlines()[-1]
        bad = json.loads(json.dumps(receipt).replace(json.dumps(last)[1:-1], json.dumps(last[:-6] + "AAAAA=")[1:-1]))
        report = verify.verify_receipt(bad, key)
        verify.check_witnesses(report, keys)
        assert [finding.part for finding in report.findings] == ["witness"]

        path = tmp_path / "recibo.json"
        path.write_text(json.dumps(receipt))
        call_command("verify", str(path), "--key", str(key), "--witness", str(keys[0]))
        said = capsys.readouterr().out
        assert f"testigo {CONTRALORIA}" in said
        assert f"nombra al testigo {VEEDURIA}" in said

    def test_are_read_by_the_verifier_of_the_browser_too(self, at, tmp_path):
        from pliego.ledger.tests.test_pages import TestBrowserVerifier

        entry = act(at=at)
        given.cosigned(CONTRALORIA, VEEDURIA, at=at)
        entry.refresh_from_db()
        receipt = receipts.build(entry)

        found = TestBrowserVerifier().run([json.dumps(receipt).encode()], receipt["vkey"], tmp_path)

        assert found == [["receipt", []]]
