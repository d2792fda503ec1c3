"""A publication that waits for its flow, and is done at last by delegation: in browsers, looked at by axe."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.walk import World

SITE_OF_ITS_OWN = True
ROOM = "/escritorio/cuenta/"
MAKE = (
    "from pliego.demo import world; from pliego.kernel import clock; from tests.browser import prepared;"
    "print(prepared.drafted(world.found(), 'AUT-1', clock.now(), 'minima_cuantia', send=True).code)"
)


@pytest.fixture
def world(site: Site, browser: Browser, tmp_path: Path, pictures: Path | None) -> Iterator[World]:
    """A process of the demo that ana sent for approval."""
    world = World(site, browser, tmp_path, pictures)
    world.tender = site.run("django", "shell", "-v0", "-c", MAKE).split()[-1]
    yield world
    world.close()


def test_a_publication_waits_for_its_flow_and_is_done_by_delegation(world: World) -> None:
    configure(world)
    wait(world)
    approve(world)
    delegate(world)
    publish_by_delegation(world)

    assert not [fault for who in world.people.values() for fault in who.watched.faults]


def code_of(world: World, name: str) -> str:
    """The value with which that person is chosen in a form of this account."""
    choice = world.beto.page.locator("main label", has_text=name).first
    return world.beto.page.locator(f"#{choice.get_attribute('for')}").get_attribute("value") or ""


def configure(world: World) -> None:
    """Beto gives a profile, makes a group, and puts publications under its approval."""
    beto = world.beto
    beto.go(ROOM)
    beto.follow("Perfiles de usuario")
    beto.follow("Crear un perfil")
    gloria, hugo = code_of(world, "Gloria"), code_of(world, "Hugo")
    beto.fill(name="Apoyo a la evaluación", roles=["evaluator"], people=[hugo]).press()
    beto.sees("Apoyo a la evaluación")
    beto.go(ROOM + "grupos/")
    beto.follow("Crear un grupo")
    beto.fill(name="Revisión jurídica", members=[gloria, hugo]).press()
    beto.go(ROOM + "flujos/")
    beto.follow(re.compile("Definir.*Publicar el proceso"))
    group = beto.page.locator('[name="who_1"] option', has_text="Revisión jurídica").get_attribute("value")
    beto.fill(name_1="Visto bueno jurídico", who_1=group).press()
    beto.sees("1. Visto bueno jurídico (Revisión jurídica)")


def wait(world: World) -> None:
    """The button is off and says whose approval is missing; Ana asks for it."""
    beto, ana = world.beto, world.ana
    hub = f"/escritorio/procesos/{world.tender}/"
    beto.go(hub)
    expect(beto.page.locator(".pl-off", has_text="Revisar y publicar")).to_contain_text(
        "Falta la aprobación de Revisión jurídica"
    )
    ana.go(hub)
    ana.follow("Pedir la aprobación")
    ana.follow("Pedir la aprobación")
    ana.fill(note="Lista para publicar").press()
    ana.sees("Visto bueno jurídico")


def approve(world: World) -> None:
    """Gloria, of the group, finds the task among hers and does it."""
    gloria = world.gloria
    gloria.go("/escritorio/")
    gloria.follow("Visto bueno jurídico")
    gloria.follow("Aprobar")
    gloria.fill(note="Conforme").press()
    gloria.sees("Autorizado exactamente para este contenido")


def delegate(world: World) -> None:
    """Beto entrusts his role to Hugo for a month, with the act on file."""
    beto = world.beto
    beto.go(ROOM + "delegaciones/nueva/")
    hugo = beto.page.locator('[name="delegate"] option', has_text="Hugo").get_attribute("value")
    beto.fill(
        delegate=hugo,
        roles=["approver"],
        kinds=["publication"],
        limit="100.000.000",
        ends_at=f"{world.today(30)} 17:00",
        document=world.paper("Acto de delegación"),
    )
    beto.sign().press()
    beto.sees("Vigente")


def publish_by_delegation(world: World) -> None:
    """Hugo acts by delegation in sight of everybody, and the receipt says for whom."""
    hugo = world.hugo
    hugo.go(ROOM + "delegaciones/")
    hugo.press(re.compile("Actuar por delegación de Beto"))
    expect(hugo.page.locator("[data-mandate]")).to_contain_text("por delegación de Beto")
    hugo.go(f"/escritorio/procesos/{world.tender}/publicar/")
    hugo.sign().press()
    acts = world.stranger()
    acts.go(f"/procesos/{world.tender}/")
    expect(acts.page.locator("main")).to_contain_text(re.compile(r"Hugo .*por delegación de Beto"))
    acts.go(receipt_of(world))
    acts.sees(re.compile(r"Hugo .*por delegación de Beto"))
    hugo.page.get_by_role("button", name="Actuar de nuevo en nombre propio").click()
    expect(hugo.page.locator("[data-mandate]")).to_have_count(0)


def receipt_of(world: World) -> str:
    """The address of the receipt of the publication."""
    asked = (
        "from pliego.ledger.models import Entry; from pliego.tendering.models import Tender;"
        f"print(Entry.objects.get(act='tender.published', file=Tender.objects.get(code='{world.tender}').ocid).code)"
    )
    return f"/recibos/{world.site.run('django', 'shell', '-v0', '-c', asked).split()[-1]}/"
