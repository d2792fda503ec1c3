"""An auction of five bidders, each in a browser of their own, seen by the entity and by anybody, to its award. One of
the five loses the line and comes back without having lost anything."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pliego.auctions.rules import SETTLING
from pliego.demo.play import Stage, Story, founding, offering
from pliego.demo.play.buying import milestone
from pliego.demo.play.person import Person
from pliego.demo.play.site import Site as Played
from pliego.demo.play.story import World
from pliego.kernel.calendar import BOGOTA
from tests.browser.conftest import Site, Watched, look

SITE_OF_ITS_OWN = True
OFFERS_ARE_IN, PRICES_ARE_OPEN = 6, 7  # the scenes of the play with which it begins
# Who offers besides carla (32.800.000) and dario (29.600.000), and for how much each of eight computers and monitors.
OTHERS = {
    "eva": ("3300000.00", "900000.00"),
    "felipe": ("3400000.00", "900000.00"),
    "gina": ("3500000.00", "900000.00"),
}


def staged(site: Site, folder: Path) -> World:
    """The play up to the opening of the initial prices, with three bidders more."""
    links = json.loads(site.run("demo", "links", "--json"))
    story = Story("subasta-inversa", Stage(Played(site.url), lambda act: None), lambda: links["ines"], folder)
    story.run(until=OFFERS_ARE_IN)
    world = story.world
    for name, prices in OTHERS.items():
        who = world.people[name] = Person(world.stage, name, f"{name.title()} Ofrece").register()
        founding.supplier(world, name, f"Suministros de {name.title()}")
        offering.offer(world, who, prices, ())
    story.run(after=OFFERS_ARE_IN, until=PRICES_ARE_OPEN)
    return world


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


def enter(page: Page, who: Person, path: str) -> None:
    page.goto(path)
    page.get_by_role("button", name="Entrar a la subasta").click()
    expect(page.locator("[name=public_key]")).to_have_value(re.compile(".{80,}"))
    sign(page, who, "Entrar")
    expect(page.locator("main")).to_contain_text("Está en la subasta")


def bid(page: Page, amount: str) -> None:
    """With the keyboard: the key of the entry signs it."""
    page.get_by_label("Su lance").fill(amount)
    page.keyboard.press("Enter")


def placed(page: Page, amount: str, number: int) -> None:
    bid(page, amount)
    expect(page.locator("main")).to_contain_text(f"es el número {number}")


def in_place(page: Page, place: int) -> None:
    told = "Va de primero" if place == 1 else f"Va en el puesto {place}"
    expect(page.locator("[data-own]")).to_contain_text(told)


def test_five_browsers_bid_in_an_auction_to_its_award(
    browser: Browser, site: Site, pictures: Path | None, tmp_path: Path
) -> None:
    world = staged(site, tmp_path)
    path = f"{site.url}/procesos/{world.tender}/subasta/0/"
    announced = world.ana.wait_for(f"{world.path}/auctions/0")
    bidders = {name: watching(browser, site, world.people[name]) for name in ("carla", "dario", *OTHERS)}
    carla, dario, eva, felipe, gina = (one.page for one in bidders.values())
    seen = [*bidders.values(), watching(browser, site, world.beto), watching(browser, site)]
    beto, anybody = (one.page for one in seen[-2:])
    for name, one in bidders.items():
        enter(one.page, world.people[name], path)
    anybody.goto(path)
    look(anybody, "subasta-convocada", pictures)

    world.stage.wait_until(datetime.fromisoformat(announced["starts_at"]))
    for one in (*bidders.values(), seen[-1]):
        expect(one.page.locator("[data-phase]")).to_have_text("Se reciben lances")
    for page, place in ((dario, 1), (carla, 2), (eva, 3), (felipe, 4), (gina, 5)):
        in_place(page, place)
    expect(carla.locator("[data-keyed]")).to_be_visible()
    look(carla, "subasta-en-curso-proponente", pictures)
    bid(carla, "29.599.999")
    expect(carla.get_by_role("alert")).to_contain_text("ofrezca $\N{NO-BREAK SPACE}29.304.000 o menos")
    expect(carla.get_by_label("Su lance")).to_have_value("29.599.999")
    look(carla, "subasta-lance-rehusado", pictures)
    placed(carla, "29.300.000", 1)

    expect(anybody.locator('[data-number="1"]')).to_contain_text("29.300.000")
    in_place(dario, 2)
    assert not [name for name in bidders if world.people[name].account in anybody.content()]
    dario.context.set_offline(True)
    bid(dario, "28.000.000")
    expect(dario.locator("[data-status]")).to_contain_text("no salió")
    placed(gina, "29.000.000", 2)
    placed(eva, "28.700.000", 3)
    dario.context.set_offline(False)
    for number in (2, 3):
        expect(dario.locator(f'[data-number="{number}"]')).to_have_count(1)
    in_place(dario, 4)
    expect(dario.get_by_label("Su lance")).to_have_value("28.000.000")

    ends_at = datetime.fromisoformat(world.ana.get(f"{world.path}/auctions/0")["ends_at"])
    world.stage.wait_until(ends_at - timedelta(minutes=2))
    dario.get_by_label("Su lance").press("Enter")
    expect(dario.locator("main")).to_contain_text("es el número 4")
    in_place(dario, 1)
    prolonged = ends_at + timedelta(minutes=3)
    for page in (anybody, felipe):
        expect(page.locator("[data-end]")).to_have_attribute(
            "datetime", re.compile(f"{prolonged.astimezone(BOGOTA):T%H:%M}")
        )
    in_place(felipe, 5)
    look(anybody, "subasta-en-curso", pictures)

    world.stage.wait_until(prolonged + SETTLING + timedelta(seconds=1))
    beto.goto(f"{path}acta/")
    look(beto, "subasta-acta", pictures)
    sign(beto, world.beto, "Firmar el acta")
    expect(beto.locator("main")).to_contain_text("El acta es pública")
    expect(anybody.locator("main table").first).to_contain_text("28.000.000")
    expect(anybody.locator("svg[role=img]")).to_be_visible()
    look(anybody, "subasta-terminada", pictures)
    awarded(beto, world, site)
    faults = [fault for one in seen for fault in one.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert not faults, faults


def awarded(beto: Page, world: World, site: Site) -> None:
    """To whoever gave the last price, for it."""
    world.stage.wait_until(milestone(world, "award") + timedelta(minutes=1))
    beto.goto(f"{site.url}/escritorio/procesos/{world.tender}/adjudicar/")
    expect(beto.locator("main [name=bid]").first).to_be_checked()
    sign(beto, world.beto, "Adjudicar el proceso")
    expect(beto.locator("main")).to_contain_text("28.000.000")
    told = world.now
    assert told["state"] == "awarded"
