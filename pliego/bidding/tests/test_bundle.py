"""The script that seals: what is served is what was built from the source here and the packages named."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pyrage
import pytest
import qrcode

from pliego.bidding import browser
from tests.tools import NODE

STATIC = browser.BUNDLE.parent
MANIFEST = json.loads((STATIC / "vendor.json").read_text())
SOURCE = Path(browser.__file__).parent


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestBundle:
    def test_is_the_one_that_the_manifest_and_the_receipts_name(self):
        assert digest(browser.BUNDLE) == MANIFEST["bundle"]["sha256"] == browser.bundle_hash()
        assert browser.BUNDLE.stat().st_size == MANIFEST["bundle"]["bytes"]

    def test_was_built_from_the_source_as_it_is(self):
        """A changed source without a new bundle and manifest (README: “The bundle”) fails here."""
        assert {path.name: digest(path) for path in SOURCE.glob("*.js")} == MANIFEST["sources"]

    def test_ships_the_licence_of_every_package_in_it(self):
        inside = [package for package in MANIFEST["packages"] if "licence_file" in package]
        named = {package["licence_file"] for package in inside}

        assert {f"licences/{path.name}" for path in (STATIC / "licences").iterdir()} == named
        assert all(package["version"] and package["integrity"].startswith("sha512-") for package in inside)

    def test_reaches_no_other_host_and_needs_no_exception_of_the_csp(self):
        text = browser.BUNDLE.read_text().replace("http://www.w3.org/2000/svg", "")  # a name of XML, not an address

        assert not re.search(r"https?://", text)
        assert not re.search(r"\beval\(|new Function\(|innerHTML|document\.write|\.style\.cssText", text)

    def test_keeps_nothing_in_the_browser(self):
        own = "".join(path.read_text() for path in SOURCE.glob("*.js"))

        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\b|console\.\w+\(", own)


def test_the_qr_of_a_key_on_paper_says_the_key():
    """Drawn by the bundle as it is served, and compared with what another library draws."""
    key = str(pyrage.x25519.Identity.generate())
    page = "globalThis.HTMLElement = class {}; globalThis.customElements = { define() {} };"
    script = f"{page} import('{browser.BUNDLE}').then(m => console.log(JSON.stringify(m.format.onPaperAsQr('{key}'))))"
    answer = subprocess.run([NODE, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    squares = json.loads(answer.stdout)

    drawn = []
    for mask in range(8):
        quartile = qrcode.constants.ERROR_CORRECT_Q
        code = qrcode.QRCode(error_correction=quartile, border=4, mask_pattern=mask)
        code.add_data(key)
        code.make()
        drawn.append(code.get_matrix())
    assert squares in drawn


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("$ 4.120.000", "4120000.00"),
        ("4120000", "4120000.00"),
        ("1.234,50", "1234.50"),
        ("1,234.5", "1234.50"),
        ("0", "0.00"),
        ("350000,50", "350000.50"),
        ("1.234", "1234.00"),
        ("-5", None),
        ("abc", None),
        ("", None),
    ],
)
def test_prices_are_read_in_the_browser_as_the_house_reads_them(typed, read):
    from decimal import Decimal

    from pliego.kernel.money import parse_amount
    from pliego.kernel.objections import Refused

    script = f"import('{SOURCE}/amounts.js').then(m => console.log(JSON.stringify(m.readAmount({json.dumps(typed)}))))"
    answer = subprocess.run([NODE, "-e", script], capture_output=True, text=True, check=True).stdout

    assert json.loads(answer) == read
    if read is not None:
        assert parse_amount(typed) == Decimal(read)
    elif typed == "abc":
        with pytest.raises(Refused):
            parse_amount(typed)
