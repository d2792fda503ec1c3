"""A real installation for the browser: `pliego run` with its own folder, database, worker, custodian and mail."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, Page

from pliego.config.postgres import Embedded, free_port, home_for
from pliego.config.supervisor import DATABASE_SETTINGS, DEMO_IS_WHOLE
from tests.postgres import migrated_template, url_of
from tests.tools import CHROMIUM, copy_database

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is right need not be described node by node, and every style sheet is here already.
ASKED = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
# The colours are those of the wide page: they are half of the work, and looked at twice where everybody comes.
NARROW = {**ASKED, "rules": {"color-contrast": {"enabled": False}}}
START_SECONDS = int(os.environ.get("PLIEGO_START_SECONDS", "240"))  # a busy machine is not a fault


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine; set PLIEGO_CHROMIUM to its path"))


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "es-CO", "timezone_id": "America/Bogota"}


@dataclass
class Site:
    url: str
    var: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """A command of the installation, as its operator would type it."""
        command = [sys.executable, "-m", "pliego", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def furnished() -> Path:
    """An installation with its demo country, at rest: made once a run, by whichever worker needs it first."""
    folder = Path(os.environ["PLIEGO_TEST_FURNISHED"])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            _with_tables(folder / "var")
            with running(folder / "var"):
                pass
            (folder / "whole").touch()
    return folder / "var"


def _with_tables(var: Path) -> None:
    """Give the installation its database before it starts, with every migration: the run applies them in one place."""
    var.mkdir(mode=0o755)
    database = Embedded(home_for(var), DATABASE_SETTINGS)
    copy_database(url_of(migrated_template()), database.start())
    database.stop()


@pytest.fixture(scope="package")
def shared_site(furnished: Path) -> Iterator[Site]:
    with copied(furnished) as site:
        yield site


@pytest.fixture(scope="module")
def own_site(furnished: Path) -> Iterator[Site]:
    with copied(furnished) as site:
        yield site


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Site:
    """The one of all modules, or one of its own where a walk moves the clock past the terms of others, or takes their
    processes further."""
    own = getattr(request.module, "SITE_OF_ITS_OWN", False)
    return request.getfixturevalue("own_site" if own else "shared_site")


@contextmanager
def copied(furnished: Path, **settings: str) -> Iterator[Site]:
    """An installation of its own like that one, with those settings of its operator."""
    folder = Path(tempfile.mkdtemp(prefix="pliego-site-"))
    folder.chmod(0o755)
    subprocess.run(["cp", "-a", f"{furnished}/.", folder], check=True)
    try:
        with running(folder, **settings) as site:
            yield site
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Site]:
    """`pliego run` in that folder, its demo country whole, until it has stopped."""
    folder.mkdir(mode=0o755, exist_ok=True)
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}}
    environment = {
        **kept,
        "PLIEGO_VAR": str(folder),
        "PORT": str(port),
        "PLIEGO_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        "PLIEGO_CATCH_MAIL": "1",
        **settings,
    }
    log = (folder / "log.txt").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "pliego", "run"], env=environment, stdout=log, stderr=log, start_new_session=True
    )
    site = Site(f"http://localhost:{port}", folder, environment)
    try:
        _wait(site, process, folder / "log.txt")
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        log.close()


def _wait(site: Site, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until it serves and its demo country is whole: then nothing of the start holds a lock any more."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(site.url + "/-/listo", timeout=5):
                if DEMO_IS_WHOLE in log.read_text():
                    return
        except OSError:
            pass  # not yet
        time.sleep(0.2)
    raise AssertionError("the site did not start:\n" + log.read_text()[-4000:])


class Watched:
    """A page whose faults count: console errors, exceptions, CSP violations, failed requests."""

    def __init__(self, page: Page) -> None:
        self.page, self.faults = page, []
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._console)

    def _console(self, message) -> None:
        expected = ("422", "403", "404", "409")  # a refused form or page is not a fault of the page
        was_left = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))  # its autosave was on its way
        if message.type == "error" and not was_left and not any(f"status of {c}" in message.text for c in expected):
            self.faults.append(f"{self.page.url}: {message.text}")


def look(page: Page, name: str, folder: Path | None, *, narrow: dict[str, Any] = NARROW) -> None:
    """Axe at 1280 and 320 px, no sideways scroll, and a picture of both for whoever wants to look."""
    page.evaluate(AXE_SCRIPT)
    for width, height, asked in ((1280, 900, ASKED), (320, 640, narrow)):
        page.set_viewport_size({"width": width, "height": height})
        found = AxeResults(page.evaluate("asked => axe.run(asked)", asked))
        assert found.violations_count == 0, f"{page.url} at {width} px\n{found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} scrolls sideways at {width} px: {wide}"
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots go: PLIEGO_PICTURES, outside the repository; nowhere when it is not set."""
    return Path(os.environ["PLIEGO_PICTURES"]) if "PLIEGO_PICTURES" in os.environ else None


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    seen = Watched(page)
    yield page
    assert not seen.faults, "\n".join(seen.faults)


@pytest.fixture
def no_script(browser) -> Iterator[BrowserContext]:
    """A browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="es-CO", timezone_id="America/Bogota")
    yield context
    context.close()
