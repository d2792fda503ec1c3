"""A large file of an offer, sealed in a real browser and sent over a line that is cut three times, until its opening.

Beside it: the same bytes sent by a program over the same road, unsealed and uncut.
"""

import base64
import hashlib
import http.client
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.ground import Serving, table
from benchmarks.worlds import MONDAY, published_process, turned_to

CUTS, STRETCH = 3, 2 * 2**20
MB = 10**6


def run(megabytes: int) -> None:
    from pliego.bidding import opening
    from pliego.bidding.tests import given as bids
    from pliego.bidding.tests.cutting import CutLine
    from pliego.kernel import clock
    from pliego.tendering.tests import given as tenders

    tender = published_process()
    with clock.fixed(MONDAY):
        supplier = tenders.supplier(MONDAY)
    turned_to(MONDAY)
    stretches = megabytes * MB // STRETCH
    with tempfile.TemporaryDirectory() as folder, Serving() as server:
        paper = _paper(Path(folder) / "grande.pdf", megabytes * MB)
        idle = server.peak_mib()
        cookie = _signed_in(supplier)
        plain = _unsealed(server.port, cookie, paper)
        line = CutLine(("127.0.0.1", server.port), cuts=CUTS, after=STRETCH // 2, between=stretches // CUTS - 1)
        sealed, browser = _in_the_browser(line.url, cookie, tender, paper)
        line.close()
        peak = server.peak_mib()
        assert line.cuts == 0, f"{line.cuts} cuts were not made"
        with paper.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    with clock.fixed(MONDAY):
        bids.opened_tender(tender)
    (row,) = opening.BidDocument.objects.filter(envelope__bid__tender=tender)
    assert row.document is not None
    assert row.document.sha256 == digest, "it did not arrive whole"
    size = megabytes * MB
    table(
        f"a file of {megabytes} MB over a line cut {CUTS} times, opened whole; {line.carried / size:.3f} of it carried",
        ("", "seconds", "MB/s", "ratio"),
        [
            ("sealed in Chromium, cut", f"{sealed:.1f}", f"{megabytes / sealed:.1f}", f"{plain / sealed:.2f}"),
            ("limit: a program, unsealed, not cut", f"{plain:.1f}", f"{megabytes / plain:.1f}", "1"),
        ],
    )
    table(
        "memory, MiB",
        ("", "before", "at most", "more"),
        [
            ("browser: its largest process (PSS)", *_grown(browser.idle, browser.peak)),
            ("browser: all its processes (PSS)", *_grown(browser.idle_all, browser.peak_all)),
            ("server: its worker (RSS)", *_grown(idle, peak)),
        ],
    )


def _grown(before: float, after: float) -> tuple[str, str, str]:
    return f"{before:.0f}", f"{after:.0f}", f"{after - before:.0f}"


def _paper(path: Path, size: int) -> Path:
    """A PDF of that size that no compression makes smaller."""
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n%")
        while (left := size - file.tell() - 7) > 0:
            file.write(os.urandom(min(left, MB) // 2 + 1).hex().encode()[: min(left, MB)])
        file.write(b"\n%%EOF\n")
    return path


def _signed_in(actor: Any) -> str:
    """The cookie of a practice session of that person."""
    from django.conf import settings
    from django.test import Client

    from pliego.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="pliego.accounts.sessions.Backend")
    session = client.session
    session["account_id"], session["opened_by"] = actor.account_id, "demo"
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _unsealed(port: int, cookie: str, paper: Path) -> float:
    """The road of the browser without it: uploads of 8 MiB in stretches of 2 MiB, each offered as a part."""
    from django.conf import settings

    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Tus-Resumable": "1.0.0"}
    headers["Sec-Fetch-Site"] = "same-origin"
    name, purpose = (base64.b64encode(word).decode() for word in (b"parte", b"sealed_part"))
    start = time.perf_counter()
    with paper.open("rb") as file:
        while part := file.read(4 * STRETCH):
            sent = {"Upload-Length": str(len(part)), "Upload-Metadata": f"filename {name},purpose {purpose}"}
            answer = _ask(line, "POST", "/cargas/", b"", headers | sent)
            place = answer.headers["Location"]
            for offset in range(0, len(part), STRETCH):
                told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                _ask(line, "PATCH", place, part[offset : offset + STRETCH], headers | told)
            hashlib.sha256(part).digest()
    return time.perf_counter() - start


def _ask(line: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
    line.request(method, path, body, headers)
    answer = line.getresponse()
    said = answer.read()
    assert answer.status < 300, f"{method} {path}: {answer.status} {said[:300]!r}"
    return answer


class Watched:
    """The memory of the browser's processes, looked at twice a second."""

    def __init__(self) -> None:
        self.idle = self.idle_all = self.peak = self.peak_all = 0.0
        self.over = threading.Event()

    def look(self) -> tuple[float, float]:
        import psutil

        sizes = []
        for process in psutil.Process().children(recursive=True):
            try:
                if "chrom" in process.name() or "headless" in process.name():
                    sizes.append(process.memory_full_info().pss / 2**20)
            except psutil.Error:
                continue
        return max(sizes, default=0.0), sum(sizes)

    def __enter__(self) -> "Watched":
        self.idle, self.idle_all = self.look()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()
        return self

    def _watch(self) -> None:
        while not self.over.wait(0.5):
            largest, together = self.look()
            self.peak, self.peak_all = max(self.peak, largest), max(self.peak_all, together)

    def __exit__(self, *_told: object) -> None:
        self.over.set()
        self.watcher.join()


def _in_the_browser(url: str, cookie: str, tender: Any, paper: Path) -> tuple[float, Watched]:
    """Seconds from the choice of the file until its last part has arrived; then the offer is presented."""
    from django.conf import settings
    from django.urls import reverse
    from playwright.sync_api import expect, sync_playwright

    from tests.tools import CHROMIUM

    patience = 30 * 60_000
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        context = browser.new_context(base_url=url, locale="es-CO")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page = context.new_page()
        page.goto(reverse("bidding:prepare", args=[tender.code]))
        expect(page.locator("[data-part=tool]")).to_be_visible(timeout=60_000)
        rows = page.locator("[data-line] input")
        expect(rows).to_have_count(2)
        for row in rows.all():
            row.fill("1000")
        with Watched() as watched:
            start = time.perf_counter()
            page.locator("[data-kind=file] input[type=file]").first.set_input_files(paper)
            expect(page.locator("[data-files] li[data-state=done]")).to_have_count(1, timeout=patience)
            seconds = time.perf_counter() - start
            page.locator("[data-part=seal]").click()
            expect(page.locator("#presentar-bloque")).to_be_visible(timeout=patience)
            page.locator("#presentar input[name=firma-demo]").check()
            page.locator("#presentar button[type=submit]").first.click()
            page.wait_for_url(f"**{reverse('bidding:offer', args=[tender.code])}", timeout=patience)
        browser.close()
    return seconds, watched
