"""The page's script in a real browser: an offer sealed in Chromium opens in Python, and nothing of it stays behind."""

import io
import json
import os
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pyrage
from django.urls import reverse
from playwright.sync_api import expect

from pliego.authority import library
from pliego.bidding import agefiles, opening, queries, sealing
from pliego.bidding.models import Bid, Envelope, KeyTest, Part, SealedDraft
from pliego.bidding.tests import given
from pliego.bidding.tests.browsing import DONE, NEEDS_CHROMIUM, PLANTED, answer_rest, fill, url, with_text
from pliego.bidding.tests.test_answers import asking
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM
from pliego.tendering import price_lists
from pliego.tendering.models import OpeningKey
from pliego.tendering.tests import given as tenders

pytestmark = NEEDS_CHROMIUM
AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True, "hasPrf": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
PHRASE = "frase larga del borrador 2026"


class TestSealing:
    def test_in_chromium_opens_in_python_with_every_answer_price_and_file(self, visit, at, tmp_path):
        tender = with_text(at)
        carla = tenders.supplier(at)
        # As they fall, the bytes would now and then name a script of a PDF, which is refused.
        noise = os.urandom(9 * 2**20).translate(bytes.maketrans(b"%/", b"xx"))
        big = given.pdf("certificado") + b"\n%" + noise + b"\n%%EOF\n"
        (tmp_path / "certificado.pdf").write_bytes(big)
        page = visit(carla)
        page.goto(url("prepare", tender))
        expect(page.locator("[data-part=tool]")).to_be_visible()
        fill(page, tender)
        answer_rest(page)
        page.locator("input[type=file]").first.set_input_files(tmp_path / "certificado.pdf")
        expect(page.locator(DONE)).to_have_count(1, timeout=60_000)

        page.locator("[data-part=seal]").click()
        expect(page.locator("#presentar-bloque")).to_be_visible(timeout=30_000)
        page.locator("#presentar input[name=firma-demo]").check()
        page.locator("#presentar button[data-prevent-double-click], #presentar button[type=submit]").first.click()
        page.wait_for_url(f"**{url('offer', tender)}")

        bid = Bid.objects.get(tender=tender)
        assert bid.state == "submitted"
        assert sealing.hash_of(bid.manifest) == bid.manifest_sha256
        opened = given.opened_tender(tender)
        found = queries.opened_bids(opened)[0]
        assert [(number, str(price)) for number, _quantity, price in found.price_lines] == [
            (1, "1200000.00"),
            (2, "350000.50"),
        ]
        assert sorted(found.answers.values()) == sorted([PLANTED, "yes", "2026-04-15"])
        bid.refresh_from_db()
        assert bid.envelopes.get().answers["total"] == str(bid.total_amount) == "13750002.50"
        identity = pyrage.x25519.Identity.from_str(bid.envelopes.get().identity)
        envelope = bid.manifest["envelopes"][0]
        _answers, files = sealing.open_envelope(envelope, identity, opening.parts.get)
        assert files[1] == big
        assert len(envelope["files"][1]["parts"]) == 2
        assert page.faults == []

    def test_leaves_nothing_in_the_browser_and_sends_nothing_clear(self, visit, at, tmp_path):
        tender = with_text(at)
        page = visit(tenders.supplier(at))
        sent = []
        page.on("request", lambda request: sent.append((request.post_data_buffer or b"") + request.url.encode()))
        page.goto(url("prepare", tender))
        fill(page, tender, prices=("7.654.321", "1"))
        page.locator("[data-part=phrase]").fill(PHRASE)
        page.locator("[data-part=keep]").click()
        expect(page.locator("[data-part=status]")).to_contain_text("1", timeout=20_000)
        expect(page.locator("[data-part=status]")).not_to_contain_text("…")

        kept = page.evaluate(
            "async () => JSON.stringify([{...localStorage}, await indexedDB.databases(), await caches.keys(),"
            " {...sessionStorage}, document.cookie, history.state])"
        )

        assert len(sent) > 1
        for clear in (PLANTED.encode(), b"7.654.321", b"7654321", PHRASE.encode()):
            assert not any(clear in message for message in sent)
            assert clear.decode() not in kept
        assert kept.startswith("[{},[],[],")
        assert PLANTED not in SealedDraft.objects.get().ciphertext

    def test_goes_on_elsewhere_with_the_phrase_and_without_choosing_the_files_again(self, visit, at, tmp_path):
        tender = with_text(at)
        carla = tenders.supplier(at)
        (tmp_path / "c.pdf").write_bytes(given.pdf("certificado"))
        first = visit(carla)
        first.goto(url("prepare", tender))
        fill(first, tender)
        answer_rest(first)
        first.locator("input[type=file]").first.set_input_files(tmp_path / "c.pdf")
        expect(first.locator(DONE)).to_have_count(1)
        first.locator("[data-part=phrase]").fill(PHRASE)
        first.locator("[data-part=keep]").click()
        expect(first.locator("[data-part=status]")).to_contain_text("1", timeout=20_000)
        expect(first.locator("[data-part=status]")).not_to_contain_text("…", timeout=20_000)
        first.close(run_before_unload=False)
        sent_before = Part.objects.count()

        second = visit(carla)
        second.goto(url("prepare", tender))
        second.locator("[data-part=resume-phrase]").fill("otra frase cualquiera")
        second.locator("[data-part=resume]").click()
        expect(second.locator("[data-part=status]")).to_have_attribute("data-kind", "error", timeout=20_000)
        second.locator("[data-part=resume-phrase]").fill(PHRASE)
        second.locator("[data-part=resume]").click()
        expect(second.locator(DONE)).to_have_count(1, timeout=20_000)
        assert second.locator("textarea[id^=item-]").first.input_value() == PLANTED
        assert second.locator("[data-line] input").first.input_value() == "1.200.000"
        second.locator("[data-part=seal]").click()
        expect(second.locator("#presentar-bloque")).to_be_visible(timeout=30_000)

        manifest = json.loads(second.locator("input[name=manifest]").input_value())
        assert [len(envelope["files"]) for envelope in manifest["envelopes"]] == [2]
        assert Part.objects.count() == sent_before + 1  # only the answers were new

    def test_says_all_that_is_missing_at_once(self, visit, at):
        tender = with_text(at)
        page = visit(tenders.supplier(at))
        page.goto(url("prepare", tender))
        expect(page.locator("[data-part=tool]")).to_be_visible()

        page.locator("[data-part=seal]").click()

        expect(page.locator(".govuk-form-group--error")).to_have_count(5)
        expect(page.locator("#presentar-bloque")).to_be_hidden()


class TestVariant:
    def test_is_written_beside_the_base_kept_in_the_draft_and_sealed_with_it_at_320_pixels(self, visit, at, tmp_path):
        tender, carla = given.with_variants(at), tenders.supplier(at)
        (tmp_path / "c.pdf").write_bytes(given.pdf("certificado"))
        (tmp_path / "v.pdf").write_bytes(given.pdf("variante"))
        page = visit(carla)
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto(url("prepare", tender))
        base, varied = "[data-item]:not([data-variant])", "[data-item][data-variant]"
        page.locator(f"{base} [data-line] input").first.fill("1.000.000")
        page.locator(f"{base} [data-line] input").last.fill("500.000")
        page.locator(f"{base} [data-file]").set_input_files(tmp_path / "c.pdf")
        page.locator("[data-variant-on]").check()
        status = page.locator("[data-part=status]")
        page.locator("[data-part=seal]").click()
        expect(status).to_have_text("Escriba qué cambia la variante y por qué.")
        page.locator("[data-summary]").fill("Monitores de otra marca")
        page.locator("[data-part=seal]").click()
        expect(status).to_contain_text("La variante no cambia nada")
        page.locator(f"{varied} [data-line] input").last.fill("300.000")
        page.locator(f"{varied} [data-file]").set_input_files(tmp_path / "v.pdf")
        expect(page.locator(DONE)).to_have_count(2, timeout=60_000)
        expect(page.locator("[data-part=variant-total]")).to_contain_text("11.500.000")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.locator("[data-part=phrase]").fill(PHRASE)
        page.locator("[data-part=keep]").click()
        expect(status).to_contain_text("versión", timeout=20_000)
        page.reload()
        page.locator("[data-part=resume-phrase]").fill(PHRASE)
        page.locator("[data-part=resume]").click()
        expect(page.locator(f"{varied} {DONE}")).to_have_count(1, timeout=20_000)
        expect(page.locator("[data-summary]")).to_have_value("Monitores de otra marca")
        page.locator("[data-part=seal]").click()
        expect(page.locator("#presentar-bloque")).to_be_visible(timeout=30_000)
        page.locator("#presentar input[name=firma-demo]").check()
        page.locator("#presentar button[type=submit]").first.click()
        page.wait_for_url(f"**{url('offer', tender)}")

        bid = Bid.objects.get(tender=tender)
        assert [row["item"] for row in bid.manifest["envelopes"][0]["files"]] == ["", "", ""]
        found = queries.opened_bids(given.opened_tender(tender))[0]
        assert (found.total, found.variant.total) == (Decimal(12_500_000), Decimal(11_500_000))
        assert [row.name for row in (*found.documents, *found.variant.documents)] == ["c.pdf", "v.pdf"]
        assert (found.variant.summary, page.faults) == ("Monitores de otra marca", [])


class TestKeysAndOpening:
    def test_a_key_made_in_the_browser_opens_its_shares_in_the_browser(self, visit, at, tmp_path):
        people = tenders.buyer(at)
        page = visit(people.ana)
        page.goto(reverse("bidding:keys"))
        page.locator("[data-part=passphrase]").fill("contraseña de la llave")
        page.locator("[data-part=again]").fill("contraseña de la llave")
        with page.expect_download(timeout=60_000) as download:
            page.locator("[data-part=make]").click()
        key_file = tmp_path / "llave.age"
        download.value.save_as(key_file)
        words = page.locator("[data-part=words]").inner_text()
        page.locator("[data-part=file]").set_input_files(key_file)
        page.locator("[data-part=proof-passphrase]").fill("contraseña de la llave")
        with page.expect_navigation(timeout=60_000):
            page.locator("[data-part=prove]").click()
        key = OpeningKey.objects.get(user_id=people.ana.user_id, is_active=True)
        recipient, kept_by = key.recipient, key.kept_by
        assert kept_by == "passphrase"  # what the page read in the header of the file
        content = agefiles.dearmored(key_file.read_text())
        assert recipient in pyrage.passphrase.decrypt(content, "contraseña de la llave").decode()

        tender = given.published_tender(at, people)
        with clock.fixed(at):
            page = visit(people.ana)
            page.goto(url("rehearse", tender))
            page.locator("summary", has_text="papel").click()
            page.locator("[data-part=paper]").fill(words.lower().replace(" ", "\n"))
            with page.expect_navigation(timeout=60_000):
                page.locator("[data-part=prove]").click()
        assert KeyTest.objects.get(member__tender=tender).proved_at == at
        given.submitted_bid(tender)
        given.closed_tender(tender)
        given.released_halves(tender)
        given.released_shares(tender, people.beto)
        with clock.fixed(given.opening_time(tender)):
            page = visit(people.ana)  # days later: the session of that morning is over
            page.goto(url("opening", tender))
            page.locator("[data-part=file]").set_input_files(key_file)
            page.locator("[data-part=passphrase]").fill("equivocada de verdad")
            page.locator("[data-part=open]").click()
            expect(page.locator("[data-part=status]")).to_have_attribute("data-kind", "error", timeout=60_000)
            page.locator("[data-part=passphrase]").fill("contraseña de la llave")
            with page.expect_navigation(timeout=60_000):
                page.locator("[data-part=open]").click()
            assert Envelope.objects.get(bid__tender=tender).released.count() == 2
            opening.open_bids(actor=people.beto, tender_id=tender.pk, at=clock.now())

        assert Bid.objects.get(tender=tender).state == "opened"
        assert page.faults == []


class TestPasskeys:
    def test_one_keeps_the_key_file_and_opens_it_again_without_a_passphrase(self, visit, at, tmp_path):
        people = tenders.buyer(at)
        page = visit(people.ana)
        wire = page.context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        page.goto(reverse("bidding:keys"))
        page.locator("summary", has_text="llave de acceso").first.click()
        with page.expect_download(timeout=60_000) as download:
            page.locator("[data-part=make-passkey]").click()
        key_file = tmp_path / "llave.age"
        download.value.save_as(key_file)
        assert b"fido2prf" in agefiles.dearmored(key_file.read_text())
        page.locator("[data-part=file]").set_input_files(key_file)
        with page.expect_navigation(timeout=60_000):
            page.locator("[data-part=prove]").click()

        assert OpeningKey.objects.get(user_id=people.ana.user_id, is_active=True).kept_by == "passkey"
        assert page.faults == []


class TestEveryKindOfQuestion:
    def test_is_answered_in_the_page_with_the_prices_of_a_spreadsheet(self, visit, at, tmp_path):
        """A list of 120 lines, filled in elsewhere; a table, several options, a proof and a request of reserve."""
        tender = asking(at, lines=120)
        numbers = {item.kind: item.number for item in tender.items.all()}
        sheet = openpyxl.load_workbook(io.BytesIO(price_lists.to_xlsx(lines_of(tender), price_lists.OFFER_HEADER)))
        for row in sheet.active.iter_rows(min_row=2):
            row[5].value = "mil" if row[0].value == 7 else row[0].value * 1000.125
        sheet.save(tmp_path / "precios.xlsx")
        (tmp_path / "c.pdf").write_bytes(given.pdf("certificado"))
        carla, paper = tenders.supplier(at), tenders.pdf("camara.pdf")
        library.add_to_library(actor=carla, title="Cámara de Comercio", document=paper, at=at)
        page = visit(carla)
        page.goto(url("prepare", tender))
        expect(page.locator("[data-line]")).to_have_count(50)

        page.locator("[data-sheet]").set_input_files(tmp_path / "precios.xlsx")
        expect(page.locator("[data-faults] li")).to_have_count(1)
        page.locator("[data-put]").click()
        page.locator(f"#item-{numbers['number']}").fill("muchos")
        page.locator("[data-part=seal]").click()
        item = page.locator(f"[data-item='{numbers['number']}']")
        expect(item.locator("[data-error]")).to_contain_text("1.200")
        expect(page.locator("[data-line='7'] input")).to_have_value("")
        page.locator("[data-line='7'] input").fill("7.000,88")
        page.locator("[data-after]").click()
        page.locator("[data-about=reference]").fill("OF-2026-17")
        expect(page.locator("[data-line='51'] input")).to_have_value("51006,38")
        fill_in(page, numbers, tmp_path / "c.pdf")
        page.locator("[data-part=seal]").click()
        expect(page.locator("#presentar-bloque")).to_be_visible(timeout=30_000)
        page.locator("#presentar input[name=firma-demo]").check()
        page.locator("#presentar button[type=submit]").first.click()
        page.wait_for_url(f"**{url('offer', tender)}")

        opened = given.opened_tender(tender)
        bid = queries.opened_bid_rows(opened).get()
        public = {one.item.kind: one for one in queries.answers_of(bid, opened.items.all())}
        said = {one.item.kind: one for one in queries.answers_of(bid, opened.items.all(), SYSTEM)}
        assert [kind for kind, one in public.items() if one.is_withheld] == ["text", "number"]
        assert (public["number"].text, public["number"].documents, said["text"].shown) == ("", [], "Con fórmula")
        assert (said["choices"].shown, said["table"].shown) == ("A; C", "Ingeniera | 12\nTopógrafo | 3,5")
        assert (said["number"].shown, said["text"].asked) == ("1.200,5", "Secreto empresarial")
        assert len(said["number"].documents) == 1
        assert [document.name for document in said["file"].documents] == ["camara.pdf"]
        assert queries.opened_bids(opened)[0].about == {"reference": "OF-2026-17"}
        prices = (Decimal(n) * Decimal("1000.125") for n in range(1, 121))
        assert bid.total_amount == sum(price.quantize(Decimal("0.01"), ROUND_HALF_UP) for price in prices)
        assert page.faults == []


def fill_in(page, numbers, proof):
    for kind, typed in (("text", "Con fórmula"), ("number", "1.200,5"), ("money", "$ 4.000"), ("date", "2026-11-21")):
        page.locator(f"#item-{numbers[kind]}").fill(typed)
    for kind, place in (("yes_no", 1), ("choice", 2), ("choices", 3), ("choices", 1)):
        page.locator(f"#item-{numbers[kind]}-{place}").check()
    table = page.locator(f"[data-item='{numbers['table']}']")
    table.locator("[data-add-row]").click()
    for row, cells in ((0, ("Ingeniera", "12")), (3, ("Topógrafo", "3,5"))):
        for place, typed in enumerate(cells):
            table.locator("[data-rows] > tr").nth(row).locator("input").nth(place).fill(typed)
    text = page.locator(f"[data-item='{numbers['text']}']")
    text.locator("summary").click()
    text.locator("[data-confidential]").check()
    text.locator("[data-reason]").fill("Secreto empresarial")
    page.locator(f"[data-item='{numbers['number']}'] [data-file]").set_input_files(proof)
    page.locator(f"[data-item='{numbers['file']}'] summary").click()
    page.locator(f"[data-item='{numbers['file']}'] [data-library]").select_option(label="Cámara de Comercio")
    expect(page.locator(DONE)).to_have_count(2, timeout=60_000)
    number = page.locator(f"[data-item='{numbers['number']}']")
    number.locator("summary").last.click()
    number.locator("[data-confidential]").check()  # its file is sealed again, apart
    number.locator("[data-reason]").fill("Secreto empresarial")
    expect(page.locator(DONE)).to_have_count(2, timeout=60_000)


def lines_of(tender):
    return list(tender.price_lines.all())
