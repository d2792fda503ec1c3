"""Step 6 without JavaScript: the page explains the road of the file, and the offer arrives sealed all the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pliego.demo import papers
from pliego.demo.play import PLAYS, Stage, Story
from pliego.demo.play.site import Site as Api
from tests.browser.conftest import Site
from tests.browser.walk import Walker, World

SITE_OF_ITS_OWN = True


@pytest.fixture
def world(site: Site, browser: Browser, tmp_path: Path) -> Iterator[World]:
    """A process that receives offers, made through the API; in the browser, its supplier without script."""
    world = World(site, browser, tmp_path, None)
    story = Story("minima-cuantia", Stage(Api(site.url), lambda _act: None), lambda: desk_link(site), tmp_path)
    for step, title, scene in PLAYS["minima-cuantia"][:4]:
        story.stage.scene(step, title)
        scene(story.world)
    world.tender = story.world.tender
    yield world
    world.close()


def desk_link(site: Site) -> str:
    return str(json.loads(site.run("demo", "links", "--json"))["ines"])


def test_an_offer_is_presented_as_a_file_sealed_on_the_supplier_s_computer(world: World) -> None:
    carla = world.people["carla"] = Walker(world, "carla", script=False)
    carla.come_in()
    carla.go(f"/ofertas/{world.tender}/")
    carla.follow("Preparar la oferta")
    expect(carla.page.get_by_text("necesita JavaScript").first).to_be_visible()
    carla.follow("Presentar un archivo sellado")
    supplier = account(carla)
    sealed = seal(world, carla, supplier)
    carla.fill(bundle=sealed).sign().press()

    carla.sees("Su oferta fue recibida")
    assert carla.page.locator(".pl-receipt a").first.get_attribute("href")


def account(who: Walker) -> str:
    """The code of the account, as the page itself says it in the command to type."""
    command = who.page.locator("main code", has_text="--supplier").inner_text()
    return command.rsplit(" ", 1)[1]


def seal(world: World, who: Walker, supplier: str) -> Path:
    """What the page says to do: the process file, `pliego seal`, the answers, and the ZIP."""
    with who.page.expect_download() as taken:
        who.page.locator("main a[download]").first.click()
    process, folder = who.save(taken.value), world.folder / "oferta"
    world.site.run("seal", str(process), str(folder), "--template")
    path = folder / "respuestas.json"
    answers = json.loads(path.read_text(encoding="utf-8"))
    for item in answers["files"]:
        (folder / "experiencia.pdf").write_bytes(papers.pdf("Experiencia"))
        answers["files"][item] = ["experiencia.pdf"]
    answers["prices"] = dict.fromkeys(answers["prices"], "900000")
    path.write_text(json.dumps(answers), encoding="utf-8")
    world.site.run("seal", str(process), str(folder), "--supplier", supplier)
    return folder.with_name("oferta-sellada.zip")
