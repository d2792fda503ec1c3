"""The reinforced mode: what its publication asks, how offers are sealed, and whose signatures the opening waits for."""

import io
import json
import shutil
import subprocess
import zipfile
from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace

import pyrage
import pytest
from django.conf import settings
from django.core.management import call_command
from hypothesis import given as examples
from hypothesis import strategies as st

from pliego.bidding import (
    bundles,
    minutes,
    moments,
    opening,
    queries,
    recording,
    replacing,
    sealing,
    services,
    witnessed,
)
from pliego.bidding.custodian import Custodian, Process
from pliego.bidding.models import Bid, BidDocument, Envelope
from pliego.bidding.sealing import BadSeal, BadShare, padding
from pliego.bidding.tests import given
from pliego.bidding.tests.sealed import Committee, contents
from pliego.bidding.tests.test_custodian import TOKEN, InProcess, moments_later
from pliego.kernel import clock
from pliego.kernel.objections import Refused
from pliego.ledger import log, merkle, notes, signer
from pliego.ledger.models import Checkpoint, Entry
from pliego.ledger.tests import given as ledger
from pliego.ledger.tests.given import CONTRALORIA, VEEDURIA
from pliego.parties.tests.given import pdf
from pliego.tendering.models import OpeningKey
from pliego.tendering.tests import given as tenders

KEEPER = "Procuraduría de prueba"


def codes(refused):
    return [objection.code for objection in refused.value.objections]


class TestSizes:
    @examples(st.integers(0, 2**40), st.integers(0, 2**12))
    def test_are_rounded_up_by_little_in_few_steps(self, size, more):
        found = padding.padded(size)

        assert max(size, padding.LEAST) <= found <= max(size, padding.LEAST) * 1.07
        assert padding.padded(found) == found <= padding.padded(size + more)
        assert found <= 1 << max(size, padding.LEAST).bit_length()

    def test_of_what_is_read_are_those_and_the_hash_is_of_the_content_alone(self):
        for size in (0, 1, 4096, 70_001):
            content = b"x" * size
            reader = padding.Reader(io.BytesIO(content), is_padded=True)
            read = io.BufferedReader(reader, 2**16).read()
            assert read == content + bytes(padding.padded(size) - size)
            assert (reader.size, reader.sent) == (size, len(read))
            assert reader.digest.hexdigest() == sealing.sha256(content)

    def test_of_an_offer_are_undone_at_its_opening_and_by_stock_age(self, tmp_path):
        committee = Committee(t=2, n=3)
        process, kept = {**committee.process, "reinforced": True}, {}
        file = b"%PDF-1.4 " + b"a" * 9001
        manifest = sealing.seal(
            process, "CTA-1", {"oferta": contents(file=file)}, kept.__setitem__, bundle="pliego-seal"
        )
        sealing.check_manifest(manifest, process, "CTA-1")
        envelope = manifest["envelopes"][0]
        key = sealing.recover(
            envelope["header"], committee.shares(envelope["header"]), committee.half(envelope["header"])
        )

        answers, files = sealing.open_envelope(envelope, key, kept.__getitem__)

        assert (files, answers["padded"], answers["files"][0]["size"]) == ({1: file}, True, len(file))
        assert [row["size"] for row in envelope["files"]] == [4096, padding.padded(len(file))]
        sealed = b"".join(kept[part] for part in envelope["files"][1]["parts"])
        clear = pyrage.decrypt(sealed, [key])
        if shutil.which("age"):
            (tmp_path / "llave.txt").write_text(f"{key}\n")
            said = ["age", "-d", "-i", str(tmp_path / "llave.txt")]
            assert subprocess.run(said, input=sealed, capture_output=True, check=True).stdout == clear
        assert clear == file + bytes(len(clear) - len(file))

        content = io.BytesIO(clear)
        content.seek(0, io.SEEK_END)
        with pytest.raises(BadShare, match="file_is_not_the_listed_one"):
            sealing.cut_to_size(answers, {**answers["files"][0], "size": len(clear) + 1}, content)

    def test_and_the_way_of_sealing_are_looked_at_before_the_opening(self):
        committee = Committee(t=2, n=3)
        process = {**committee.process, "reinforced": True}

        def checked(how, bundle):
            manifest = sealing.seal(how, "CTA-1", {"oferta": contents()}, lambda sha256, part: None, bundle=bundle)
            sealing.check_manifest(manifest, process, "CTA-1")

        checked(process, "otro-programa-1.0")
        for how, bundle, code in (
            (process, "ab" * 32, "sealed_by_the_page"),
            (process, "", "sealed_by_the_page"),
            (committee.process, "pliego-seal", "tells_the_sizes"),
        ):
            with pytest.raises(BadSeal, match=code):
                checked(how, bundle)


@pytest.mark.django_db
def test_a_usual_process_is_sealed_as_it_was_and_waits_for_no_witness(at):
    tender = tenders.published_tender(at)

    assert "reinforced" not in queries.process_file(tender)
    row = given.sealed(tender, tenders.supplier(at), at)["envelopes"][0]["files"][1]
    assert row["size"] == len(pdf("oferta"))
    assert witnessed.of_closing(tender) == []


@pytest.fixture
def custodian(settings, tmp_path):
    settings.PLIEGO_CUSTODIAN_TOKEN, settings.PLIEGO_CUSTODIAN_KEEPER = TOKEN, KEEPER
    return Custodian(tmp_path / "custodian", InProcess(), now=clock.now)


@pytest.fixture
def process(db, custodian, at, monkeypatch):
    """A reinforced process sealed to a key of the custodian under test."""
    monkeypatch.setattr(tenders, "custodian_keys", lambda how_many=1: None)
    custodian.top_up()
    return tenders.reinforced_tender(at)


def by_the_command(tender, supplier, folder):
    """The ZIP that `pliego seal` writes, from the process file alone."""
    path = folder / "proceso.json"
    path.write_text(json.dumps(queries.process_file(tender)))
    call_command("seal", path, folder / "oferta", "--template", verbosity=0)
    (folder / "oferta" / "certificado.pdf").write_bytes(pdf("certificado"))
    written = json.loads((folder / "oferta" / bundles.ANSWERS).read_text())
    written["files"]["1"] = ["certificado.pdf"]
    written["prices"] = dict.fromkeys(written["prices"], "1000.00")
    (folder / "oferta" / bundles.ANSWERS).write_text(json.dumps(written))
    call_command("seal", path, folder / "oferta", supplier=supplier.account_code, out=folder / "o.zip")
    return folder / "o.zip"


class TestOffers:
    def test_are_taken_from_the_command_and_not_from_the_page_and_open_when_two_witnesses_signed(
        self, process, custodian, at, tmp_path, browse
    ):
        carla, people = tenders.supplier(at), tenders.people_of(process)
        signed = tenders.signed(carla, at)
        browser = browse(carla)
        page = browser.get(f"/ofertas/{process.code}/", follow=True).content.decode()
        assert "Es una obra de gran valor" in page
        answer = browser.get(f"/ofertas/{process.code}/preparar/", follow=True)
        assert "pliego seal" in answer.content.decode()
        assert process_act(process).code in answer.content.decode()

        page_made = given.sealed(process, carla, at) | {"bundle": "ab" * 32}
        with pytest.raises(Refused) as refused:
            services.submit_bid(actor=signed, tender_id=process.pk, manifest=page_made, at=at)
        assert codes(refused) == ["sealed_by_the_page"]
        path = by_the_command(process, carla, tmp_path)
        with zipfile.ZipFile(path) as bundle:
            rows = json.loads(bundle.read("manifest.json"))["envelopes"][0]["files"]
        assert all(row["size"] == padding.padded(row["size"]) for row in rows)
        with path.open("rb") as file:
            services.present_bundle(actor=signed, tender_id=process.pk, file=file, at=at)

        seat = process.opening_members.select_related("user").first()
        OpeningKey.objects.filter(user_id=seat.user_id).update(kept_by="other")
        objections = replacing.cannot_replace(process, seat, "age1otra", at)
        assert "key_not_on_passkey" in [objection.code for objection in objections]

        given.closed_tender(process)
        hour = given.opening_time(process)
        assert moments_later(custodian, hour) == []
        waiting = witnessed.of_closing(process)
        assert [(row.name, row.at) for row in waiting] == [(CONTRALORIA, None), (VEEDURIA, None)]
        with pytest.raises(Refused) as refused:
            given.released_shares(process, people.ana)
        assert codes(refused) == ["waiting_for_witnesses"]
        assert "0 de 2" in str(refused.value.objections[0])

        ledger.cosigned(CONTRALORIA, "tarde.test/testigo", at=hour)  # one of them came after the publication
        assert moments_later(custodian, hour) == []
        planted(custodian, process, hour)
        assert moments_later(custodian, hour) == []
        custodian.http.answers.clear()
        room = browser.get(f"/procesos/{process.code}/apertura/").content.decode()
        assert "1 de 2" in room
        assert f"Institución {CONTRALORIA}" in room
        assert not Envelope.objects.exclude(custodian_half="").exists()

        ledger.cosigned(VEEDURIA, at=hour)
        assert moments_later(custodian, hour) == [process.ocid]

        given.released_shares(process, people.ana, people.beto)
        opening.open_bids(actor=people.beto, tender_id=process.pk, at=hour)
        [turn] = moments.turns_of(process)
        recording.record_opening(
            actor=tenders.signed(people.beto, hour), tender_id=process.pk, moment=turn.moment, at=hour
        )
        assert [CONTRALORIA in told for told in minutes._head(turn, hour)["witnesses"]] == [True, False]
        [document] = BidDocument.objects.select_related("document")
        assert (document.size, document.sha256) == (len(pdf("certificado")), document.document.sha256)
        assert document.document.sha256 == sealing.sha256(pdf("certificado"))
        bid = Bid.objects.get()
        again = browser.get(f"/procesos/{process.code}/apertura/{bid.code}/").content.decode()
        assert f"head -c {document.size}" in again
        told = browser.get(f"/api/v1/tenders/{process.code}/room").json()["witnesses"]
        assert [each["name"] for each in told if each["signed_at"]] == [CONTRALORIA, VEEDURIA]


def planted(custodian, process, hour):
    """What a platform without its second witness might show: a line of another key, an old head, one of another log."""
    index = process.closing.entry.index
    path = f"/api/v1/ledger/cosignatures?index={index}"
    true = custodian.http.client.get(path).json()
    second = Checkpoint.objects.order_by("-size").first()
    text, seconds = notes.parted(second.note)[0], int(hour.timestamp())
    own, other = ledger.witness_key(VEEDURIA), ledger.witness_key("otra")
    name = notes.Key.of(VEEDURIA, own, notes.COSIGNATURE).id + seconds.to_bytes(8, "big")
    forged = f"— {VEEDURIA} {b64encode(name + other.sign(notes._cosigned(text, seconds))).decode()}"
    early = Checkpoint.objects.filter(size__lte=index).order_by("-size").first()
    before = notes.cosign(notes.parted(early.note)[0], VEEDURIA, own, seconds)
    leaf = merkle.leaf_hash(b"otra")
    fork = notes.Checkpoint(text.split("\n")[0], log.tree_size(), leaf)
    of_fork = notes.sign(str(fork), fork.origin, signer.key(Path(settings.PLIEGO_SIGNER_DIR)))
    for note in (
        notes.with_lines(second.note, [forged]),
        notes.with_lines(early.note, [before]),
        notes.with_lines(of_fork, [notes.cosign(str(fork), VEEDURIA, own, seconds)]),
    ):
        head = {"size": second.size, "note": note}
        custodian.http.answers[path] = {**true, "heads": [*true["heads"], head]}
        with clock.fixed(hour):
            assert custodian.turn() == [], note
        asked = [path for path in custodian.http.asked if "halves" in path]
        assert (asked, len(custodian.state.processes[process.ocid].signed)) == ([], 1), note


def process_act(process):
    return Entry.objects.get(file=process.ocid, act="tender.published")


def test_a_witness_that_the_log_names_twice_counts_once_and_never_fewer_than_two_are_asked():
    key = str(notes.Key.of("uno/x", ledger.witness_key("x"), notes.COSIGNATURE))
    told = {"needed": 0, "witnesses": [{"vkey": key}, {"vkey": key}]}
    state = SimpleNamespace(processes={}, numbers={})

    Custodian._hear(state, "ocds-x-A", {"opening": {"custodian": {"number": 1}, "reinforced": told}})
    Custodian._hear(state, "ocds-x-A", {"opening": {"reinforced": {"needed": 5, "witnesses": []}}})

    process = state.processes["ocds-x-A"]
    assert (process.needed, process.witnesses, process.is_witnessed) == (2, [key, key], False)
    assert Process().is_witnessed
