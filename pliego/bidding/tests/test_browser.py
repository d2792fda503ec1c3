"""The page's script in a real browser: an offer sealed in Chromium opens in Python, and nothing of it stays behind."""

import json
import os
import shutil

import pyrage
import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from pliego.accounts.models import User
from pliego.bidding import agefiles, closing, opening, queries, sealing
from pliego.bidding.models import Bid, Part, SealedDraft
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.parties.models import Account
from pliego.tendering.models import OpeningKey
from pliego.tendering.tests import given as tenders

CHROMIUM = os.environ.get("PLIEGO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine; set PLIEGO_CHROMIUM to its path"),
]
PLANTED = "la frase plantada que nadie debe leer antes"
PHRASE = "frase larga del borrador 2026"


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, client_for, live_server, settings):
    """A page of a browser in which that person is signed in."""
    contexts = []

    def make(actor):
        account = Account.objects.get(pk=actor.account_id) if actor.account_id else None
        client = client_for(User.objects.get(pk=actor.user_id), account)
        session = client.session
        session["opened_by"] = "demo"
        session.save()
        context = chromium.new_context(base_url=live_server.url, locale="es-CO", accept_downloads=True)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        context.add_cookies([{**cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.on(
            "console", lambda said: page.faults.append(said.text) if "Content Security Policy" in said.text else None
        )
        return page

    yield make
    for context in contexts:
        context.close()


def url(name, tender):
    return reverse(f"bidding:{name}", args=[tender.code])


def fill(page, tender, prices=("1.200.000", "350000,50")):
    for row, price in zip(page.locator("[data-line] input").all(), prices, strict=True):
        row.fill(price)
    text = page.locator("textarea[id^=item-]")
    if text.count():
        text.first.fill(PLANTED)


def with_text(at):
    """A process whose questionnaire also asks for words, a yes or no and a date."""
    people = tenders.buyer(at)
    tender = tenders.draft_tender(at, people)
    envelope = tender.rulebook.envelopes[0].code
    for kind, title in (("text", "Propuesta técnica"), ("yes_no", "¿Acepta el plazo?"), ("date", "Fecha de entrega")):
        tenders.services.save_item(
            actor=people.ana, tender_id=tender.pk, at=at, envelope=envelope, kind=kind, title=title
        )
    tenders.services.submit_for_approval(actor=people.ana, tender_id=tender.pk, at=at)
    return tenders.services.publish_tender(actor=tenders.signed(people.beto, at), tender_id=tender.pk, at=at)


def answer_rest(page):
    page.locator("input[type=radio]").first.check()
    page.locator("input[type=date]").first.fill("2026-04-15")


class TestSealing:
    def test_in_chromium_opens_in_python_with_every_answer_price_and_file(self, visit, at, tmp_path):
        tender = with_text(at)
        carla = tenders.supplier(at)
        big = given.pdf("certificado") + b"\n%" + os.urandom(9 * 2**20).replace(b"%", b"x") + b"\n%%EOF\n"
        (tmp_path / "certificado.pdf").write_bytes(big)
        page = visit(carla)
        page.goto(url("prepare", tender))
        expect(page.locator("[data-part=tool]")).to_be_visible()
        fill(page, tender)
        answer_rest(page)
        page.locator("input[type=file]").first.set_input_files(tmp_path / "certificado.pdf")
        expect(page.locator("[data-files] li")).to_have_count(1, timeout=60_000)

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
        expect(first.locator("[data-files] li")).to_have_count(1)
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
        expect(second.locator("[data-files] li")).to_have_count(1, timeout=20_000)
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

    def test_survives_a_line_that_fails(self, visit, at, tmp_path):
        tender = given.published_tender(at)
        (tmp_path / "c.pdf").write_bytes(given.pdf("certificado"))
        page = visit(tenders.supplier(at))
        failures = []

        def cut(route):
            if len(failures) < 2:
                failures.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        page.route(
            "**/ofertas/partes/*", lambda route: cut(route) if route.request.method == "PUT" else route.continue_()
        )
        page.goto(url("prepare", tender))
        expect(page.locator("[data-part=tool]")).to_be_visible()

        page.locator("input[type=file]").first.set_input_files(tmp_path / "c.pdf")

        expect(page.locator("[data-files] li")).to_have_count(1, timeout=20_000)
        assert len(failures) == 2


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
        page.locator("[data-part=file]").set_input_files(key_file)
        page.locator("[data-part=proof-passphrase]").fill("contraseña de la llave")
        with page.expect_navigation(timeout=60_000):
            page.locator("[data-part=prove]").click()
        recipient = OpeningKey.objects.get(user_id=people.ana.user_id, is_active=True).recipient
        content = agefiles.dearmored(key_file.read_text())
        assert recipient in pyrage.passphrase.decrypt(content, "contraseña de la llave").decode()

        tender = given.published_tender(at, people)
        given.submitted_bid(tender)
        given.closed_tender(tender)
        given.released_halves(tender)
        given.released_shares(tender, people.beto)
        with clock.fixed(given.opening_time(tender)):
            page.goto(url("opening", tender))
            page.locator("[data-part=file]").set_input_files(key_file)
            page.locator("[data-part=passphrase]").fill("equivocada de verdad")
            page.locator("[data-part=open]").click()
            expect(page.locator("[data-part=status]")).to_have_attribute("data-kind", "error", timeout=60_000)
            page.locator("[data-part=passphrase]").fill("contraseña de la llave")
            with page.expect_navigation(timeout=60_000):
                page.locator("[data-part=open]").click()
            assert closing.envelopes_to_open(tender)[0].released.count() == 2
            opening.open_bids(actor=people.beto, tender_id=tender.pk, at=clock.now())

        assert Bid.objects.get(tender=tender).state == "opened"
        assert page.faults == []
