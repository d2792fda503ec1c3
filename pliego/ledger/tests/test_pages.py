import asyncio
import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client

from pliego.kernel.actors import Actor
from pliego.ledger import canonical, expediente, log, merkle, notes, receipt_pdf, receipts, verify
from pliego.ledger.models import Entry
from pliego.ledger.policy import POLICY, Act
from pliego.ledger.tests import given
from pliego.ledger.tests.given import ANA, FileOpened, SecretKept, act
from tests.tools import NODE

PAPER = b"%PDF-1.7 pliego"


@pytest.fixture
def public(db, at):
    entry = act(documents=(sha256(PAPER).hexdigest(),), at=at)
    given.sealed()
    entry.refresh_from_db()
    return entry


@pytest.fixture
def secret(db, at):
    entry = act(SecretKept, at=at)
    given.sealed()
    entry.refresh_from_db()
    return entry


class TestReceiptPage:
    def test_shows_who_did_what_and_when(self, client, public):
        page = client.get(public.url)

        assert page.status_code == 200
        for text in (public.code, public.leaf_hex, "Ana", "Alcaldía", sha256(PAPER).hexdigest(), "09:00:00"):
            assert text in page.content.decode()

    def test_says_that_it_is_being_sealed_and_looks_again(self, client, db, at):
        entry = act(at=at)

        page = client.get(entry.url)

        assert (page.status_code, page["Refresh"]) == (200, "2")
        assert client.get(f"/recibos/{entry.code}.json").status_code == 422
        assert client.get(f"/recibos/{entry.code}.pdf").status_code == 422

    def test_gives_files_that_verify(self, client, public):
        key = notes.Key.parse(client.get("/bitacora/llave").content.decode())

        for name, kind in (("json", "application/json"), ("pdf", "application/pdf")):
            answer = client.get(f"/recibos/{public.code}.{name}")
            assert answer["Content-Type"] == kind
            assert answer["Content-Disposition"] == f'attachment; filename="recibo-{public.code}.{name}"'
            assert verify.verify_bytes(answer.content, key).is_authentic

    def test_is_sealed_and_verified_also_in_a_thread_that_runs_a_loop(self, client, public):
        key = notes.Key.parse(client.get("/bitacora/llave").content.decode())

        receipt = client.get(f"/recibos/{public.code}.json").json()

        def made_and_read():
            return verify.verify_bytes(receipt_pdf.render(public, receipt), key)

        async def in_a_loop():
            return made_and_read()

        try:
            asyncio.get_running_loop()  # the browser of an earlier test has left one running in this thread
        except RuntimeError:
            found = asyncio.run(in_a_loop())
        else:
            found = made_and_read()
        assert found.is_authentic

    def test_of_a_private_act_does_not_exist_for_others(self, client, secret):
        for path in (secret.url, f"/recibos/{secret.code}.json", f"/recibos/{secret.code}.pdf"):
            assert client.get(path).status_code == 404
        assert client.get(f"/api/v1/ledger/entries/{secret.code}").status_code == 404

    def test_costs_the_same_queries_for_any_log(self, client, public, at, django_assert_max_num_queries):
        for i in range(30):
            act(file=f"F{i}", at=at)
        given.sealed()

        with django_assert_max_num_queries(8):
            client.get(public.url)


class TestPolicy:
    @pytest.mark.parametrize(
        "actor", [Actor(), ANA, Actor(user_id=7), Actor(user_id=7, account_id=10), Actor(user_id=7, account_id=11)]
    )
    def test_agrees_with_visible_to(self, public, secret, actor):
        for entry in (public, secret):
            assert bool(POLICY.verdict(actor, Act.VIEW, entry)) == (entry in Entry.objects.visible_to(actor))
            assert bool(POLICY.verdict(actor, Act.VIEW, entry)) == entry.can_be_seen_by(actor)


class TestVerifyPage:
    def test_finds_a_code_as_people_type_it(self, client, public):
        typed = public.code.lower().replace("-", " ")

        answer = client.get("/verificar/", {"codigo": typed})

        assert (answer.status_code, answer["Location"]) == (302, public.url)

    def test_says_that_there_is_no_such_receipt_and_keeps_what_was_typed(self, client, secret):
        page = client.get("/verificar/", {"codigo": secret.code})

        assert page.status_code == 404
        assert f'value="{secret.code}"' in page.content.decode()

    def test_brings_the_key_and_no_inline_script(self, client, public):
        page = client.get("/verificar/").content.decode()

        assert notes.Key.parse(client.get("/bitacora/llave").content.decode()).name in page
        assert "<script>" not in page

    def test_can_be_kept_as_one_file(self, client, public):
        answer = client.get("/verificar/descargar")

        assert answer["Content-Disposition"].startswith("attachment")
        page = answer.content.decode()
        assert "verifyInclusion" in page
        assert "src=" not in page
        assert "href=" not in page


class TestLogFiles:
    def test_give_what_an_auditor_needs(self, client, db, at):
        for i in range(300):
            act(SecretKept if i % 7 == 0 else FileOpened, file=f"F{i % 9}", at=at)
        given.sealed()
        key = notes.Key.parse(client.get("/bitacora/llave").content.decode())
        head = notes.open_checkpoint(client.get("/bitacora/checkpoint").content.decode(), key)

        def read(level, n):
            return client.get(f"/bitacora/tile/{level}/{n}").content

        leaves, start = [], 0
        while found := client.get("/bitacora/entradas/", {"desde": start}).json()["entries"]:
            for row in found:
                assert row["body"] is None or merkle.leaf_hash(row["body"].encode()).hex() == row["leaf"]
            leaves += [bytes.fromhex(row["leaf"]) for row in found]
            start = found[-1]["index"] + 1
        assert head.size == 300
        assert merkle.root_of(leaves) == head.root == merkle.Tree(read).root(300)

    def test_give_parts_of_tiles_for_ever(self, client, public, at):
        full = client.get("/bitacora/tile/0/0")
        part = client.get("/bitacora/tile/0/0.p/1")

        assert part.content == full.content[:32]
        assert "immutable" in part["Cache-Control"]
        assert full["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize("path", ["tile/0/7", "tile/9/0", "tile/0/0.p/9", "tile/0/99999999999999999999"])
    def test_know_nothing_of_other_tiles(self, client, public, path):
        assert client.get(f"/bitacora/{path}").status_code == 404

    def test_wait_for_the_first_signature(self, client, db):
        assert client.get("/bitacora/llave").status_code == 404
        assert client.get("/bitacora/checkpoint").status_code == 404
        assert client.get("/bitacora/").status_code == 200

    def test_have_a_page(self, client, public, secret):
        page = client.get("/bitacora/").content.decode()

        assert public.code in page
        assert secret.code not in page

    @pytest.mark.parametrize("start", ["", "-1", "x", "²", "9" * 40])
    def test_start_at_zero_when_asked_nonsense(self, client, public, start):
        assert len(client.get("/bitacora/entradas/", {"desde": start}).json()["entries"]) == 1


class TestApi:
    def test_gives_the_signed_head(self, client, public):
        head = client.get("/api/v1/ledger/checkpoint").json()

        opened = notes.open_checkpoint(head["note"], notes.Key.parse(head["vkey"]))
        assert (opened.size, opened.root.hex()) == (head["size"], head["root"])

    def test_gives_an_act_with_its_receipt(self, client, public, at):
        found = client.get(f"/api/v1/ledger/entries/{public.code}").json()

        assert (found["status"], found["index"], found["at"]) == ("sealed", 0, canonical.instant(at))
        assert verify.verify_receipt(found["receipt"], None).is_authentic

    def test_says_that_an_act_is_being_sealed(self, client, db, at):
        found = client.get(f"/api/v1/ledger/entries/{act(at=at).code}").json()

        assert (found["status"], found["receipt"]) == ("being_sealed", None)

    def test_lists_acts_after_one(self, client, public, secret, at):
        found = client.get("/api/v1/ledger/entries", {"after": 0}).json()

        assert [(row["index"], row["code"]) for row in found["entries"]] == [(1, None)]
        assert found["next"] is None
        assert client.get("/api/v1/ledger/entries", {"after": "x"}).status_code == 422


SCRIPT = Path(log.__file__).parent / "static" / "ledger" / "verify.js"


class TestBrowserVerifier:
    """The verifier of the page, run outside a browser, says the same as the Python one."""

    def run(self, files, key, tmp_path):
        (tmp_path / "verify.mjs").write_text(SCRIPT.read_text())
        (tmp_path / "run.mjs").write_text(
            "import {verifyFiles, parseKey} from './verify.mjs'; import {readFile} from 'node:fs/promises';"
            "const [key, ...paths] = process.argv.slice(2);"
            "const files = await Promise.all(paths.map(async (p) => new File([await readFile(p)], p)));"
            "const found = await verifyFiles(files, key ? await parseKey(key) : null);"
            "console.log(JSON.stringify(found.map((f) => [f.kind, f.faults.map(([code]) => code)])));"
        )
        paths = []
        for i, content in enumerate(files):
            paths.append(tmp_path / f"file{i}")
            paths[-1].write_bytes(content)
        run = subprocess.run(
            [NODE, "--no-warnings", tmp_path / "run.mjs", key, *paths], capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def test_agrees_about_receipts(self, public, at, tmp_path):
        for i in range(9):
            act(file=f"F{i}", at=at)
        last = act(file="last", at=at)
        given.sealed()
        last.refresh_from_db()
        good = receipts.build(last)
        bad = [
            good | {"body": good["body"].replace("Ana", "Eva")},
            good | {"index": 2},
            good | {"checkpoint": good["checkpoint"].replace("\n11\n", "\n12\n")},
            good | {"code": "AAAA-AAAA-AAAA"},
            good | {"tlog_proof": ""},
            good | {"stamp": 1},
            good | {"leaf": "zz"},
            good | {"inclusion": None},
            {name: value for name, value in good.items() if name != "index"},
        ]

        found = self.run([json.dumps(r).encode() for r in [good, *bad]], good["vkey"], tmp_path)

        assert found[0] == ["receipt", []]
        assert all(faults for _kind, faults in found[1:])
        assert [faults[0] for _kind, faults in found[1:5]] == ["body", "inclusion", "checkpoint", "code"]

    def test_agrees_about_expedientes_and_documents(self, public, at, tmp_path):
        import io

        act(SecretKept, at=at)
        act(at=at)
        head = given.sealed()
        out = io.BytesIO()
        expediente.build(
            public.file, [("pliego ñ.pdf", public.documents[0], lambda: io.BytesIO(PAPER))], [("x.json", b"{}")], out
        )
        good = out.getvalue()
        forged = good.replace(PAPER, PAPER[:-1] + b"X")
        text = good.replace(b"given.file_opened", b"given.file_closed", 1)

        found = self.run([good, PAPER, forged, text, b"other"], head.vkey, tmp_path)

        assert found[:2] == [["expediente", []], ["expediente", ["document_altered"]]]
        assert "body" in found[2][1]
        assert found[3:] == [["document", []], ["document", ["unreadable"]]]

    def test_reads_the_receipt_inside_a_pdf(self, public, tmp_path):
        receipt = receipts.build(public)
        pdf = receipt_pdf.render(public, receipt)
        other = receipt_pdf.render(public, receipt | {"index": 7})

        found = self.run([pdf, other], receipt["vkey"], tmp_path)

        assert found[0] == ["receipt", []]
        assert "inclusion" in found[1][1]

    def test_refuses_another_log(self, public, tmp_path):
        stranger = str(notes.Key("127.0.0.1/bitacora", b"\x07" * 32))

        ((_kind, faults),) = self.run([json.dumps(receipts.build(public)).encode()], stranger, tmp_path)

        assert {"key", "checkpoint"} <= set(faults)


def test_every_page_opens_in_english_too(public):
    for path in (public.url, "/verificar/", "/bitacora/"):
        assert Client().get(f"/en{path}").status_code == 200
