"""A person of a walk: their own browser, what they type and press, and how many screens each job took them."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Browser, Download, ElementHandle, Locator, Page, expect

from pliego.demo import papers
from pliego.demo.play.person import Stage
from pliego.demo.play.site import Site as Api
from pliego.kernel.calendar import BOGOTA
from tests.browser.conftest import Site, Watched, look

CODES = re.compile(
    r"/(?:REG|CAM|INV)(-[A-Z0-9]{4})+|/\d{15,}-[0-9a-f]+|/PLG\.[A-Z]+\.\d+|/[A-Z0-9]{4}(-[A-Z0-9]{4})+|/\d+(?=/|$)"
)
WRITTEN = {"ines": "inés", "dario": "darío"}
PATIENCE = 15_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# ux.md section 11: screens that a person must pass in each job.
BUDGETS = {
    "register user": 4, "register entity": 5, "request access": 2, "approve access": 2, "publish PAA": 3,
    "build and publish tender": 8, "ask": 2, "answer": 2, "submit offer": 5, "open envelopes": 3,
    "evaluate and award": 6, "sign contract": 4, "invoice (supplier)": 3, "invoice (buyer)": 3,
}  # fmt: skip


@dataclass
class World:
    """What the people of one walk share: the site, the folder of their papers, and what was counted."""

    site: Site
    browser: Browser
    folder: Path
    pictures: Path | None
    axe: bool = True
    seen: set[str] = field(default_factory=set)
    jobs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    people: dict[str, "Walker"] = field(default_factory=dict)
    entity: str = ""
    tender: str = ""
    contract: str = ""
    budgets: ClassVar[dict[str, int]] = BUDGETS
    counts_each: ClassVar[bool] = False  # the screens of each person apart, or those of all together

    def __post_init__(self) -> None:
        self.api = Api(self.site.url)
        self.stage = Stage(self.api, lambda _act: None)

    def __getattr__(self, name: str) -> "Walker":
        """`world.ana`: who has that name, coming in when first called."""
        if name.startswith("_") or name in {"api", "stage"}:
            raise AttributeError(name)
        if name not in self.people:
            self.people[name] = Walker(self, name)
            self.people[name].come_in()
        return self.people[name]

    def stranger(self) -> "Walker":
        """Somebody without an account."""
        return self.people.setdefault("stranger", Walker(self, "stranger"))

    def paper(self, title: str) -> Path:
        """A real PDF with that title."""
        path = self.folder / (re.sub(r"\W+", "-", title.lower()).strip("-") + ".pdf")
        path.write_bytes(papers.pdf(title))
        return path

    def today(self, plus: int = 0) -> str:
        return f"{self.stage.now().astimezone(BOGOTA) + timedelta(days=plus):%d/%m/%Y}"

    def milestone(self, code: str) -> datetime:
        return datetime.fromisoformat(self.api.api("GET", f"/tenders/{self.tender}")["milestones"][code])

    @contextmanager
    def job(self, name: str, of: str = "") -> Iterator[None]:
        """Count the screens that are passed within: no more than the budget of that job, each time that it is done."""
        done = f"{name}, {of}" if of else name
        counted = self.jobs.setdefault(done, [])
        before, self._counting = getattr(self, "_counting", None), counted
        try:
            yield
        finally:
            self._counting = before
        screens = self.screens(done)
        assert screens <= self.budgets[name], f"{name}: {screens} screens of {self.budgets[name]}: {counted}"

    def passed(self, who: str, path: str) -> None:
        """A screen that somebody left by a button or a link: they had to pass it."""
        counted, screen = getattr(self, "_counting", None), (who if self.counts_each else "", CODES.sub("/x", path))
        if counted is not None and screen not in counted:
            counted.append(screen)

    def screens(self, job: str) -> int:
        """How many whoever passed most of them had to pass."""
        return max(Counter(who for who, _path in self.jobs[job]).values(), default=0)

    def told(self) -> str:
        rows = []
        for done, screens in self.jobs.items():
            most, passed = self.budgets[done.split(", ")[0]], " ".join(who + path for who, path in screens)
            rows.append(f"{done:28} {self.screens(done):3} of {most:3}  {passed}")
        return "\n".join(["screens passed, of the budget", *rows])

    def close(self) -> None:
        self.api.connection.close()
        for who in self.people.values():
            who.page.context.close()


class Walker:
    """One person in one browser. Every distinct page they reach is looked at once, by axe and in pictures."""

    def __init__(self, world: World, name: str, *, script: bool = True) -> None:
        self.world, self.name = world, name
        context = world.browser.new_context(
            locale="es-CO", timezone_id="America/Bogota", accept_downloads=True, java_script_enabled=script
        )
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.watched = Watched(self.page)
        self.script = script
        self.key: Path = Path()
        self.form: ElementHandle | None = None  # that of the field last filled

    # ---- going and seeing --------------------------------------------------------------------------------------------

    def come_in(self) -> None:
        """Somebody of the cast, by the button of the practice room."""
        self.page.goto(self.world.site.url + "/demo/")
        self.page.get_by_role("button", name=re.compile(rf"\b{WRITTEN.get(self.name, self.name)}$", re.I)).first.click()
        self.page.wait_for_load_state("load")

    def go(self, path: str) -> None:
        answer = self.page.goto(self.world.site.url + path)
        assert answer is not None
        assert answer.status == 200, f"{self.name}: {path} {answer.status}"
        self.look()

    def look(self) -> None:
        """Look at this page, if no one of its kind was looked at before."""
        path = CODES.sub("/x", self.path)
        kind = path if self.name != "stranger" else f"publico{path}"
        if kind in self.world.seen or not self.script:
            return
        self.world.seen.add(kind)
        self._in_spanish()
        if self.world.axe:
            look(self.page, "camino" + kind.replace("/", "-").rstrip("-"), self.world.pictures)

    def _in_spanish(self) -> None:
        text = self.page.locator("main").inner_text()
        for word in ("Choose", "Send the", "Save the", "Write the", "Submit", "(optional)", "Untitled"):
            assert word not in text, f"{self.page.url} still says {word!r} in English"

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.world.site.url).split("?")[0].split("#")[0]

    # ---- typing and pressing -----------------------------------------------------------------------------------------

    def fill(self, **typed: Any) -> "Walker":
        """Each field by its name: words, a choice, a tick, or the path of a file."""
        for name, value in typed.items():
            self._put(name.replace("__", "-"), value)
        return self

    def _put(self, name: str, value: Any) -> None:
        found = self.page.locator(f'main [name="{name}"]')
        self.form = found.first.locator("xpath=ancestor::form").element_handle()
        kind = found.first.evaluate("e => e.localName === 'input' ? e.type : e.localName")
        if isinstance(value, Path):
            found.first.set_input_files(value)
            if self.script:
                kept = self.page.locator(f'pl-upload[name="{name}-carga"] input[type=hidden]')
                expect(kept).to_have_value(re.compile(".+"))
        elif kind == "select":
            found.select_option(str(value))
        elif kind in {"radio", "checkbox"}:
            for one in value if isinstance(value, list | tuple) else [value]:
                tick = found if one is True else self.page.locator(f'main [name="{name}"][value="{one}"]')
                tick.check()
        else:
            found.fill(str(value))

    def sign(self) -> "Walker":
        """The practice signature; who signed within the last minutes is not asked again."""
        return self.fill(**{"firma-demo": True}) if self.page.locator('main [name="firma-demo"]').count() else self

    def press(self, button: str | re.Pattern[str] | Locator = "") -> "Walker":
        """The button of the page's own form, which must lead on: to another page, or here again without an error."""
        main = self.page.locator("main")
        if isinstance(button, Locator):
            found = button.element_handle()
        elif button:
            found = main.get_by_role("button", name=button).element_handle()
        else:
            form = self.form or main.locator("form.pl-form[method=post]").first.element_handle()
            own = "button[type=submit]:not([aria-hidden])"  # the hidden one is for the Enter key
            found = form.query_selector(f"{own}:not([name])") or form.query_selector(own)
        self.form = None
        if self.name != "stranger":
            self.world.passed(self.name, self.path)
        with self.page.expect_navigation():
            found.click()
        self.page.wait_for_load_state("load")
        return self.arrived()

    def arrived(self) -> "Walker":
        wrong = self.page.locator(".govuk-error-summary")
        assert wrong.count() == 0, f"{self.name} at {self.page.url}: {wrong.inner_text()}"
        assert not re.search(r"\b404\b", self.page.title()), self.page.url
        self.look()
        return self

    def follow(self, name: str | re.Pattern[str]) -> "Walker":
        """A link of the page, as it is read."""
        if self.name != "stranger":
            self.world.passed(self.name, self.path)
        with self.page.expect_navigation():
            self.page.locator("main a", has_text=name).first.click()
        self.page.wait_for_load_state("load")
        return self.arrived()

    def on(self, path: str, /, **typed: Any) -> "Walker":
        """Go to a form, type and send it."""
        self.go(path)
        return self.fill(**typed).press()

    def signing(self, path: str, /, **typed: Any) -> "Walker":
        """The same for an act that binds."""
        self.go(path)
        return self.fill(**typed).sign().press()

    def save(self, download: Download) -> Path:
        path = self.world.folder / download.suggested_filename
        download.save_as(path)
        return path

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main")).to_contain_text(text)
