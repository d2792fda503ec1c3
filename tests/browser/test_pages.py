"""Every page of the product, as who sees it: for everybody, at every width, quiet, and in one language."""

import json
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver
from playwright.sync_api import Browser, Page, Request

from pliego.config import messages
from tests.browser import pages
from tests.browser.conftest import ASKED, NARROW, Watched, look
from tests.browser.test_shell import enter
from tests.routes import page_routes

PEOPLE = list(dict.fromkeys(shown.person for shown in [*pages.PAGES, *pages.REFUSED]))
# Words of English that Spanish does not have: what nobody wrapped in gettext shows itself by them.
ENGLISH = re.compile(r"\b(the|of|and|this|with|from|must|your|are|has|by|to|goods|day|hour|week)\b")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]")
TEXTS = """() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest('script, style, code, pre, kbd, .pl-code, [lang=en]')) continue;
    if (node.textContent.trim()) found.push(node.textContent);
  }
  for (const element of document.querySelectorAll('[aria-label],[placeholder],[title],[alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (element.hasAttribute(name) && !element.closest('[lang=en]')) found.push(element.getAttribute(name));
  return found.map(text => text.replace(/\\s+/g, ' ').trim());
}"""

NAMES = "() => [...document.querySelectorAll('main [name]')].map(field => field.name)"  # the label nobody gave them


@pytest.fixture(scope="module")
def places(site) -> dict[str, str]:
    """The codes of this installation's demo, by the names that pages.py gives them."""
    said = site.run(
        "django",
        "shell",
        "-v0",
        "-c",
        "import json; from tests.browser import prepared; print(json.dumps(prepared.prepare()))",
    )
    return json.loads(said.splitlines()[-1])


@cache
def english() -> tuple[set[str], list[re.Pattern[str]]]:
    """What the catalogue translates: whole texts, and patterns of those with a place in them."""
    whole, shaped = set(), []
    for room in messages.rooms():
        for message in messages.load(room):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in ids:
                if not text or text in said:
                    continue
                if not PLACE.search(text):
                    whole.add(" ".join(text.split()).replace("%%", "%"))
                elif len(re.findall(r"[a-z]{2,}", PLACE.sub("", text))) >= 2:
                    parts = [re.escape(" ".join(part.split())) for part in PLACE.split(text)]
                    shaped.append(re.compile(r"\s*.+?\s*".join(parts)))
    spanish = {
        text for room in messages.rooms() for m in messages.load(room) for text in messages._texts(m.string or "")
    }
    return whole - spanish, shaped


def leftovers(page: Page) -> list[str]:
    """The texts of a Spanish page that are English: messages that were not translated, and words nobody wrapped."""
    whole, shaped = english()
    found = []
    whole = whole | {name.replace("_", " ").capitalize() for name in page.evaluate(NAMES) if name and "_" in name}
    for text in page.evaluate(TEXTS):
        pieces = {text, text.rstrip(":."), *(piece.strip() for piece in re.split(r": | · |\. ", text))}
        if pieces & whole or any(shape.fullmatch(text) for shape in shaped) or len(set(ENGLISH.findall(text))) >= 2:
            found.append(text)
    return found


def visit(
    page: Page, shown: pages.Shown, url: str, places: dict[str, str], pictures, *, spanish: bool
) -> Iterator[str]:
    """Go there, look, and say everything that is wrong with it."""
    path = shown.path.format(**places)
    answer = page.goto(url + path)
    if answer is None or answer.status != shown.status:
        yield f"{shown.person} {path}: {answer and answer.status}"
        return
    if page.url.rstrip("/") != (url + path).rstrip("/"):
        yield f"{shown.person} {path}: went to {page.url}"
        return
    try:
        name, narrow = f"{shown.person.lower() or 'publico'}-{shown.name}", NARROW if shown.person else ASKED
        look(page, name, pictures, narrow=narrow)
    except AssertionError as fault:
        yield str(fault)
    if page.locator("h1").count() != 1:
        yield f"{path}: {page.locator('h1').count()} headings of the first level"
    if spanish:
        yield from (f"{path} says in English: {text}" for text in leftovers(page))


def tour(browser: Browser, person: str, shown: list[pages.Shown], *, site, places, pictures, spanish: bool) -> None:
    """One browser of one person, page after page; everything wrong is told at once."""
    context = browser.new_context(locale="es-CO", timezone_id="America/Bogota")
    page = context.new_page()
    watched, hosts = Watched(page), set()
    page.on("request", lambda request: hosts.add(host_of(request)))
    if person:
        enter(page, site.url, person)
    wrong = [fault for one in shown for fault in visit(page, one, site.url, places, pictures, spanish=spanish)]
    context.close()
    assert not wrong + watched.faults, "\n".join(wrong + watched.faults)
    assert hosts - {""} == {urlsplit(site.url).netloc}


def host_of(request: Request) -> str:
    return urlsplit(request.url).netloc


@pytest.mark.parametrize("person", PEOPLE)
def test_the_pages_of_each_person(browser: Browser, site, places, pictures, person: str) -> None:
    mine = [shown for shown in [*pages.PAGES, *pages.REFUSED] if shown.person == person]
    tour(browser, person, mine, site=site, places=places, pictures=pictures, spanish=True)


def test_the_english_twins(browser: Browser, site, places, pictures) -> None:
    tour(browser, pages.NOBODY, pages.ENGLISH, site=site, places=places, pictures=pictures, spanish=False)


def test_no_page_is_forgotten() -> None:
    known = {shown.route for shown in pages.PAGES} | pages.listed(pages.WALKED) | pages.listed(pages.NOT_PAGES)
    assert set(page_routes(get_resolver().url_patterns)) == known
