"""A real act signed with a passkey in a real browser, and its receipt checked without the site.

The passkey is Chromium's virtual authenticator. Passkeys need a name, so that the site is visited as `localhost`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, Watched, look
from tests.browser.test_pages import places  # noqa: F401 - a fixture
from tests.browser.test_shell import enter

SITE_OF_ITS_OWN = True
A_DAY_PASSED = """
from django.utils import timezone
from pliego.accounts.models import Hold
Hold.objects.update(until=timezone.now())
"""
RECEIPT_OF = """
from pliego.ledger.models import Entry
print(Entry.objects.get(act="tender.published", file__endswith="%s").code)
"""


def make_page(browser: Browser) -> Page:
    """A page with a platform authenticator that verifies its person."""
    context = browser.new_context(locale="es-CO", timezone_id="America/Bogota", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = make_page(browser)
    yield made
    made.context.close()


def named(site: Site, address: str) -> str:
    return address.replace("127.0.0.1", "localhost")


def with_passkey(page: Page, site: Site) -> None:
    """Beto adds a passkey to his account, and a day passes."""
    enter(page, named(site, site.url), "Beto")
    page.goto(named(site, site.url) + "/registro/segundo-factor/")
    if "confirmar" in page.url:
        page.get_by_label(re.compile("Firma de práctica")).check()
        page.get_by_role("button", name="Continuar").click()
        page.goto(named(site, site.url) + "/registro/segundo-factor/")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("llave de acceso")).first.click()
    site.run("django", "shell", "-v0", "-c", A_DAY_PASSED)


def test_a_process_is_published_by_passkey_and_its_receipt_verifies_offline(
    site: Site,
    places: dict[str, str],  # noqa: F811
    page: Page,
    pictures: Path | None,
    tmp_path: Path,
) -> None:
    seen = Watched(page)
    with_passkey(page, site)
    page.context.clear_cookies()
    enter(page, named(site, site.url), "Beto")

    page.goto(named(site, site.url) + f"/escritorio/procesos/{places['sent']}/publicar/")
    page.get_by_role("button", name="Firmar y publicar").click()
    page.wait_for_selector("pl-sign")
    look(page, "firmar", pictures)
    hashed = page.locator("dt", has_text="Huella de lo que firma").locator("xpath=../dd").inner_text().strip()
    page.get_by_role("button", name="Firmar con mi llave de acceso").click()
    page.wait_for_url(lambda url: "publicar" not in url)

    receipt = downloaded(page, site, places["sent"], tmp_path)
    body = json.loads(json.loads(receipt.read_text())["body"])
    evidence = body["signature"]["evidence"]
    assert (body["act"], body["signature"]["method"]) == ("tender.published", "passkey")
    assert hashed == digest(evidence["intention"])
    key = tmp_path / "llave.txt"
    key.write_text(page.request.get(site.url + "/bitacora/llave").text())
    said = json.loads(site.run("verify", str(receipt), "--key", str(key), "--json"))
    assert said[0]["authentic"]
    assert said[0]["warnings"] == []

    page.goto(named(site, site.url) + "/verificar/")
    page.set_input_files("input[type=file]", str(receipt))
    page.get_by_text("Firmas con llave de acceso que se sostienen").wait_for()
    assert refused_in_the_browser(page, body)
    assert not seen.faults, seen.faults


def downloaded(page: Page, site: Site, tender: str, folder: Path) -> Path:
    """The JSON receipt of the publication."""
    code = site.run("django", "shell", "-v0", "-c", RECEIPT_OF % tender).strip()
    page.goto(named(site, site.url) + f"/recibos/{code}/")
    link = page.get_by_role("button", name=re.compile("JSON"))
    link.wait_for()
    with page.expect_download() as download:
        link.click()
    path = folder / "recibo.json"
    download.value.save_as(path)
    return path


def digest(intention: dict) -> str:
    from pliego.ledger import intentions

    return intentions.digest(intention)


ALTERATIONS = """async ([address, body]) => {
  const { checkSignature } = await import(address);
  const faults = async (change) => {
    const changed = structuredClone(body);
    change(changed, changed.signature.evidence);
    const found = { faults: [], signed: 0 };
    await checkSignature(found, changed, "acto");
    return found.faults.map(([kind]) => kind);
  };
  const flip = (text) => (text[20] === "A" ? "B" : "A");
  const bent = (text) => text.slice(0, 20) + flip(text) + text.slice(21);
  return {
    untouched: await faults(() => {}),
    data: await faults((body) => { body.data = { ...body.data, otro: 1 }; }),
    person: await faults((body) => { body.who.person = "otra"; }),
    intention: await faults((body, e) => { e.intention.nonce += "x"; }),
    ...Object.fromEntries(await Promise.all(Object.keys(body.signature.evidence.assertion).map(
      async (part) => [part, await faults((body, e) => { e.assertion[part] = bent(e.assertion[part]); })]))),
  };
}"""


def refused_in_the_browser(page: Page, body: dict) -> bool:
    """The verifier of the page finds each part that was altered."""
    address = page.locator("script[src*='ledger/verify']").first.get_attribute("src")
    found = page.evaluate(ALTERATIONS, [address, body])
    assert found.pop("untouched") == []
    assert found.pop("data") == ["intention"]
    assert "intention" in found.pop("person")
    assert all("signature" in faults for faults in found.values()), found
    return True
