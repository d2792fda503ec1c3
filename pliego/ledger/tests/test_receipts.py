import copy
import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command

from pliego.kernel.actors import Signature
from pliego.kernel.objections import Refused
from pliego.ledger import expediente, notes, outbox, receipt_pdf, receipts, verify, zips
from pliego.ledger.tests import given
from pliego.ledger.tests.given import ANA, SecretKept, act

PAPER = b"%PDF-1.7 pliego de condiciones"
PAPER_SHA = sha256(PAPER).hexdigest()


@pytest.fixture
def entry(db, at):
    for i in range(3):
        act(file=f"other{i}", at=at)
    signed = ANA.with_signature(Signature("demo", at, {}))
    found = act(data={"título": "Compra de útiles"}, documents=(PAPER_SHA,), actor=signed, at=at)
    given.sealed()
    found.refresh_from_db()
    return found


@pytest.fixture
def receipt(entry):
    return receipts.build(entry)


def key_of(receipt):
    return notes.Key.parse(receipt["vkey"])


def parts(report):
    return {finding.part for finding in report.findings}


def every_value(value, path=()):
    """(path, value) of every scalar of a JSON value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from every_value(inner, (*path, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from every_value(inner, (*path, i))
    else:
        yield path, value


def with_value(value, path, new):
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return changed


class TestReceipt:
    def test_waits_for_the_seal(self, db, at):
        assert receipts.build(act(at=at)) is None

    def test_verifies_under_the_trusted_key(self, receipt):
        report = verify.verify_bytes(json.dumps(receipt).encode(), key_of(receipt))

        assert report.is_authentic
        assert report.warnings == []
        assert report.acts[0]["data"] == {"título": "Compra de útiles"}

    def test_warns_when_it_is_its_own_witness(self, receipt):
        report = verify.verify_bytes(json.dumps(receipt).encode(), None)

        assert report.is_authentic
        assert [warning.part for warning in report.warnings] == ["key"]

    def test_stays_the_same_while_the_log_grows(self, entry, receipt, at):
        act(at=at)
        given.sealed()

        assert receipts.build(entry) == receipt

    def test_is_refused_with_any_character_changed(self, receipt):
        text, key = json.dumps(receipt, ensure_ascii=False), key_of(receipt)
        for place in range(0, len(text), 3):
            changed = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
            try:
                assert not verify.verify_bytes(changed.encode(), key).is_authentic, place
            except verify.NotReadable:
                continue

    def test_survives_any_other_value(self, receipt):
        key = key_of(receipt)
        for path, value in every_value(receipt):
            for new in (None, True, 5, -1, "x", "", [], {}, [1], 10**30):
                if new != value:
                    report = verify.verify_receipt(with_value(receipt, path, new), key)
                    assert not report.is_authentic, (path, new)

    @pytest.mark.parametrize(
        ("name", "change", "part"),
        [
            ("body", lambda r: r["body"].replace("Ana", "Eva"), "body"),
            ("leaf", lambda r: "00" * 32, "leaf"),
            ("index", lambda r: r["index"] - 1, "inclusion"),
            ("checkpoint", lambda r: r["checkpoint"].replace("\n4\n", "\n5\n"), "checkpoint"),
            ("code", lambda r: "2222-2222-2222", "code"),
            ("tlog_proof", lambda r: r["tlog_proof"] + " ", "proof"),
        ],
    )
    def test_names_what_was_altered(self, receipt, name, change, part):
        report = verify.verify_receipt(receipt | {name: change(receipt)}, key_of(receipt))

        assert part in parts(report)

    def test_of_another_log_is_refused(self, receipt):
        stranger = notes.Key("other.co/bitacora", b"\x07" * 32)

        assert parts(verify.verify_receipt(receipt, stranger)) >= {"key", "checkpoint"}

    def test_says_nothing_that_was_added(self, receipt):
        assert parts(verify.verify_receipt(receipt | {"stamp": "official"}, key_of(receipt))) == {"list"}
        with pytest.raises(verify.NotReadable):
            verify.verify_bytes(b'{"format": "pliego.recibo/1", "format": "pliego.recibo/1"}', None)


class TestPdf:
    def test_verifies_by_itself(self, entry, receipt):
        pdf = receipt_pdf.render(entry, receipt)

        report = verify.verify_bytes(pdf, key_of(receipt))

        assert report.findings == []
        assert report.subject == entry.code

    def test_is_refused_with_a_byte_changed(self, entry, receipt):
        pdf, key = receipt_pdf.render(entry, receipt), key_of(receipt)
        seal = pdf.index(b"/Contents <") + len("/Contents ")
        for place in (*range(20, len(pdf), len(pdf) // 70), *range(seal, pdf.index(b"00000000", seal), 5)):
            changed = bytearray(pdf)
            changed[place] ^= 1
            try:
                assert not verify.verify_bytes(bytes(changed), key).is_authentic, place
            except verify.NotReadable:
                continue

    def test_is_refused_with_something_added(self, entry, receipt):
        pdf = receipt_pdf.render(entry, receipt)

        try:
            report = verify.verify_bytes(pdf + b"\n% more\n", key_of(receipt))
        except verify.NotReadable:
            return
        assert "pdf" in parts(report)

    def test_of_another_installation_is_refused(self, entry, receipt, settings, tmp_path):
        pdf = receipt_pdf.render(entry, receipt)
        trusted = notes.Key(settings.PLIEGO_LEDGER_ORIGIN, b"\x07" * 32)

        assert parts(verify.verify_bytes(pdf, trusted)) >= {"pdf", "key"}

    def test_shows_a_very_long_act(self, db, at):
        entry = act(data={"lista": ["ñandú " * 40] * 60}, documents=(PAPER_SHA,) * 30, at=at)
        given.sealed()
        entry.refresh_from_db()

        pdf = receipt_pdf.render(entry, receipts.build(entry))

        assert verify.verify_bytes(pdf, None).is_authentic


FILE = "ocds-pl1ego-PLG.EXP.9"


@pytest.fixture
def made(db, at):
    """An expediente of three public acts and a private one, as ZIP bytes and the trusted key."""
    act(file=FILE, documents=(PAPER_SHA,), at=at)
    act(SecretKept, file=FILE, at=at)
    act(file="another", at=at)
    act(file=FILE, at=at)
    act(file=FILE, at=at)
    head = given.sealed()
    return zipped(), notes.Key.parse(head.vkey)


def zipped(documents=(("pliego.pdf", PAPER_SHA, lambda: io.BytesIO(PAPER)),), extra=(("ocds.json", b"{}"),)):
    out = io.BytesIO()
    expediente.build(FILE, documents, extra, out)
    return out.getvalue()


def rewritten(zip_bytes, *, change=None, replace=None, add=None, drop=None, with_digest=True):
    """The ZIP made anew: `change(manifest)`, members replaced, added or dropped."""
    out = io.BytesIO()
    new = zips.Writer(out)
    with zipfile.ZipFile(io.BytesIO(zip_bytes)) as old:
        for name in old.namelist():
            data = (replace or {}).get(name, old.read(name))
            if name == drop:
                continue
            if name == "expediente.json" and change:
                manifest = json.loads(data)
                change(manifest)
                manifest["sha256"] = verify.own_digest(manifest) if with_digest else manifest["sha256"]
                data = json.dumps(manifest).encode()
            new.add_bytes(name, data)
        for name, data in (add or {}).items():
            new.add_bytes(name, data)
        new.close()
    return out.getvalue()


def verified(zip_bytes, key):
    return verify.verify_zip(io.BytesIO(zip_bytes), key)


class TestExpediente:
    def test_verifies_offline(self, made):
        report = verified(*made)

        assert report.findings == []
        assert report.documents == ["documentos/pliego.pdf"]
        assert len(report.acts) == 3

    def test_keeps_private_acts_private(self, made):
        with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
            manifest = json.loads(archive.read("expediente.json"))

        assert [act["body"] is None for act in manifest["acts"]] == [False, True, False, False]

    def test_says_them_whole_once_disclosed(self, made, at):
        from pliego.ledger.models import Entry

        outbox.disclose(Entry.objects.filter(file=FILE).values_list("pk", flat=True), at)

        report = verified(zipped(), made[1])

        assert report.is_authentic
        assert len(report.acts) == 4

    def test_leaves_out_what_is_not_sealed_and_says_so(self, made, at):
        act(file=FILE, at=at)

        report = verified(zipped(), made[1])

        assert report.is_authentic
        assert [warning.part for warning in report.warnings if warning.part == "chain"] == ["chain"]

    def test_waits_until_something_is_sealed(self, db, at):
        act(file=FILE, at=at)

        with pytest.raises(Refused, match="not_sealed"):
            zipped()

    def test_never_ships_a_document_with_other_bytes(self, made):
        with pytest.raises(ValueError, match="other bytes"):
            zipped([("pliego.pdf", PAPER_SHA, lambda: io.BytesIO(b"other"))])

    def test_gives_documents_harmless_and_different_names(self, made):
        same = [("../../etc/p.pdf", PAPER_SHA, lambda: io.BytesIO(PAPER))] * 2
        with zipfile.ZipFile(io.BytesIO(zipped(same))) as archive:
            assert {"documentos/p.pdf", "documentos/p (2).pdf"} <= set(archive.namelist())

    def test_does_not_vouch_for_what_no_act_names(self, made):
        other = sha256(b"other").hexdigest()
        report = verified(zipped([("otro.pdf", other, lambda: io.BytesIO(b"other"))]), made[1])

        assert report.is_authentic
        assert "otros/otro.pdf" in [warning.values.get("name") for warning in report.warnings]

    @pytest.mark.parametrize(
        ("name", "change", "said"),
        [
            ("remove", lambda m: m["acts"].pop(1), "folio 2"),
            ("swap", lambda m: m["acts"].insert(0, m["acts"].pop(1)), "folio 1"),
            ("body", lambda m: m["acts"][2].update(body=m["acts"][2]["body"].replace("Ana", "Eva")), "folio 3"),
            ("leaf", lambda m: m["acts"][1].update(leaf="00" * 32), "folio 2"),
            ("folio", lambda m: m["acts"][1].update(folio=3), "folio 2"),
            ("previous", lambda m: m["acts"][1].update(previous="00" * 32), "folio 2"),
            ("hide", lambda m: m["acts"][0].update(body=None), "documentos/pliego.pdf"),
            ("file", lambda m: m.update(file="otro"), "another file"),
            ("checkpoint", lambda m: m.update(checkpoint=m["checkpoint"].replace("\n5\n", "\n6\n")), "signed head"),
        ],
    )
    def test_names_the_act_that_was_tampered_with(self, made, name, change, said):
        report = verified(rewritten(made[0], change=change), made[1])

        assert said in "; ".join(map(str, report.findings)), name

    def test_names_the_document_that_was_replaced(self, made):
        forged = {"documentos/pliego.pdf": b"forged"}

        def and_say_so(manifest):
            manifest["documents"][0]["sha256"] = sha256(b"forged").hexdigest()

        for zip_bytes in (rewritten(made[0], replace=forged), rewritten(made[0], replace=forged, change=and_say_so)):
            report = verified(zip_bytes, made[1])
            assert "document documentos/pliego.pdf: it was altered" in "; ".join(map(str, report.findings))

    def test_names_what_was_added_or_dropped(self, made):
        added = verified(rewritten(made[0], add={"documentos/x.pdf": b"x"}), made[1])
        dropped = verified(rewritten(made[0], drop="documentos/pliego.pdf"), made[1])

        assert "document documentos/x.pdf: it does not belong" in str(added.findings[0])
        assert "document documentos/pliego.pdf: it is missing" in str(dropped.findings[0])

    def test_survives_any_other_value(self, made):
        with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
            manifest = json.loads(archive.read("expediente.json"))
        for path, value in every_value(manifest):
            for new in (None, True, 5, -1, "x", "", [], {}, [1]):
                if new != value:
                    zip_bytes = rewritten(
                        made[0], change=lambda m, p=path, n=new: m.update(with_value(m, p, n)), with_digest=False
                    )
                    assert not verified(zip_bytes, made[1]).is_authentic, (path, new)

    def test_is_refused_with_any_byte_changed(self, made):
        zip_bytes, key = made
        for place in range(0, len(zip_bytes), 7):
            changed = bytearray(zip_bytes)
            changed[place] ^= 0x55
            try:
                assert not verified(bytes(changed), key).is_authentic, place
            except verify.NotReadable:
                continue

    def test_can_be_opened_by_other_tools(self, made):
        with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
            assert archive.testzip() is None
            assert archive.read("documentos/pliego.pdf") == PAPER


def authentic(out):
    """How many files were found authentic, in Spanish or where the catalogue is not compiled."""
    return sum(line.startswith(("AUTÉNTICO ", "AUTHENTIC ")) for line in out.splitlines())


class TestCommand:
    @pytest.fixture
    def files(self, entry, receipt, tmp_path):
        (tmp_path / "r.json").write_text(json.dumps(receipt))
        (tmp_path / "r.pdf").write_bytes(receipt_pdf.render(entry, receipt))
        (tmp_path / "pliego.pdf").write_bytes(PAPER)
        (tmp_path / "key").write_text(receipt["vkey"] + "\n")
        return tmp_path

    def test_accepts_receipts_and_the_documents_they_name(self, files, capsys):
        call_command("verify", files / "r.json", files / "r.pdf", files / "pliego.pdf")

        out = capsys.readouterr().out
        assert authentic(out) == 3

    def test_refuses_an_altered_one_and_names_it(self, files, receipt, capsys):
        (files / "r.json").write_text(json.dumps(receipt | {"body": receipt["body"].replace("Ana", "Eva")}))

        with pytest.raises(SystemExit, match="1"):
            call_command("verify", files / "r.json", "--key", files / "key")

        assert receipt["code"] in capsys.readouterr().out

    def test_answers_json(self, files, receipt, capsys):
        call_command("verify", files / "r.json", "--key", receipt["vkey"], "--json")

        (answer,) = json.loads(capsys.readouterr().out)
        assert (answer["authentic"], answer["subject"]) == (True, receipt["code"])

    def test_refuses_a_key_that_cannot_be_read(self, files):
        with pytest.raises(CommandError, match="vkey"):
            call_command("verify", files / "r.json", "--key", "nonsense")

    def test_needs_no_server_and_no_database(self, files, receipt):
        run = subprocess.run(
            [sys.executable, "-m", "pliego", "verify", files / "r.json", files / "r.pdf", "--key", files / "key"],
            env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PATH": "", "PLIEGO_VAR": str(files)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (run.returncode, run.stderr) == (0, "")
        assert authentic(run.stdout) == 2

    def test_verifier_imports_no_framework(self):
        code = "import sys, pliego.ledger.verify, pliego.ledger.verify_pdf; sys.exit('django' in sys.modules)"

        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
