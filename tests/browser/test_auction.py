"""An auction seen by four browsers at once: two bidders, the entity and anybody. One of them loses the line and comes
back without having missed a bid."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pliego.auctions.rules import SETTLING
from pliego.demo.play import Stage, Story
from pliego.demo.play.person import Person
from pliego.demo.play.site import Site as Played
from pliego.demo.play.story import World
from tests.browser.conftest import Site, Watched, look

SITE_OF_ITS_OWN = True
PRICES_ARE_OPEN = 7  # the scene of the play with which it begins


def staged(site: Site, folder: Path) -> World:
    """The play up to the opening of the initial prices: 32.800.000 of carla, 29.600.000 of dario."""
    links = json.loads(site.run("demo", "links", "--json"))
    story = Story("subasta-inversa", Stage(Played(site.url), lambda act: None), lambda: links["ines"], folder)
    story.run(until=PRICES_ARE_OPEN)
    return story.world


def watching(browser: Browser, site: Site, who: Person | None = None) -> Watched:
    """A browser of its own; of that person, who signs in with their factors."""
    page = browser.new_context(locale="es-CO", timezone_id="America/Bogota").new_page()
    page.set_default_timeout(30_000)
    seen = Watched(page)
    if who is not None:
        page.goto(f"{site.url}/ingresar/")
        page.locator("main [name=email]").fill(who.email)
        page.locator("main [name=password]").fill(who.password)
        page.get_by_role("button", name="Ingresar", exact=True).click()
        page.locator("main [name=code]").fill(who._code())
        page.get_by_role("button", name="Ingresar", exact=True).click()
        expect(page).to_have_url(re.compile("/escritorio/|/oportunidades/|/$"))
    return seen


def sign(page: Page, who: Person, label: str) -> None:
    """Again with the factors, where the page asks: whoever has just signed in need not."""
    if page.locator("main [name=firma-password]").count():
        page.locator("main [name=firma-password]").fill(who.password)
        page.locator("main [name=firma-code]").fill(who._code())
    page.get_by_role("button", name=label, exact=True).click()


def enter(page: Page, who: Person, path: str, pictures: Path | None) -> None:
    page.goto(path)
    page.get_by_role("button", name="Entrar a la subasta").click()
    expect(page.locator("[name=public_key]")).to_have_value(re.compile(".{80,}"))
    look(page, f"subasta-entrar-{who.name}", pictures)
    sign(page, who, "Entrar")
    expect(page.locator("main")).to_contain_text("Está en la subasta")


def bid(page: Page, amount: str) -> None:
    """With the keyboard: the key of the entry signs it."""
    page.get_by_label("Su lance").fill(amount)
    page.keyboard.press("Enter")


def test_four_browsers_follow_an_auction_to_its_minutes(
    browser: Browser, site: Site, pictures: Path | None, tmp_path: Path
) -> None:
    world = staged(site, tmp_path)
    path = f"{site.url}/procesos/{world.tender}/subasta/0/"
    announced = world.ana.wait_for(f"{world.path}/auctions/0")
    seen = [watching(browser, site, who) for who in (world.carla, world.dario, world.beto, None)]
    carla, dario, beto, anybody = (one.page for one in seen)
    enter(carla, world.carla, path, pictures)
    enter(dario, world.dario, path, pictures)
    anybody.goto(path)
    look(anybody, "subasta-convocada", pictures)

    world.stage.wait_until(datetime.fromisoformat(announced["starts_at"]))
    for page in (carla, dario, anybody):
        expect(page.locator("[data-phase]")).to_have_text("Se reciben lances")
    expect(carla.locator("[data-keyed]")).to_be_visible()
    look(carla, "subasta-en-curso-proponente", pictures)
    bid(carla, "29.599.999")
    expect(carla.get_by_role("alert")).to_contain_text("ofrezca $\N{NO-BREAK SPACE}29.304.000 o menos")
    expect(carla.get_by_label("Su lance")).to_have_value("29.599.999")
    look(carla, "subasta-lance-rehusado", pictures)
    bid(carla, "29.300.000")
    expect(carla.locator("main")).to_contain_text("es válido: es el número 1")

    expect(anybody.locator('[data-number="1"]')).to_contain_text("29.300.000")
    expect(dario.locator("[data-own]")).to_contain_text("Va en el puesto 2")
    assert world.carla.account not in anybody.content()
    dario.context.set_offline(True)
    bid(carla, "29.000.000")
    expect(carla.locator("main")).to_contain_text("es el número 2")
    bid(carla, "28.700.000")
    expect(carla.locator("main")).to_contain_text("es el número 3")
    dario.context.set_offline(False)
    for number in (2, 3):
        expect(dario.locator(f'[data-number="{number}"]')).to_have_count(1)
    look(anybody, "subasta-en-curso", pictures)

    ends_at = datetime.fromisoformat(world.ana.get(f"{world.path}/auctions/0")["ends_at"])
    world.stage.wait_until(ends_at + SETTLING + timedelta(seconds=1))
    beto.goto(f"{path}acta/")
    look(beto, "subasta-acta", pictures)
    sign(beto, world.beto, "Firmar el acta")
    expect(beto.locator("main")).to_contain_text("El acta es pública")
    anybody.goto(path)
    expect(anybody.locator("main table").first).to_contain_text("28.700.000")
    expect(anybody.locator("svg[role=img]")).to_be_visible()
    look(anybody, "subasta-terminada", pictures)
    faults = [fault for one in seen for fault in one.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert not faults, faults
