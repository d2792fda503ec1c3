"""Writing about a process and following it, in browsers: the entity, a supplier, and somebody without an account."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.walk import Walker, World

WAIT_SECONDS = 90
ADDRESS = "vecina@example.org"


@pytest.fixture(scope="module")
def world(
    site: Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory, pictures: Path | None
) -> Iterator[World]:
    world = World(site, browser, tmp_path_factory.mktemp("papers"), pictures)
    world.axe = pictures is not None  # test_pages.py looks at each of these pages
    world.stage.working_hours()
    world.tender = eventually(lambda: open_process(world), "process in the search")
    yield world
    world.close()
    faults = [fault for who in world.people.values() for fault in who.watched.faults]
    assert not faults, "\n".join(faults)


def eventually(ask: Callable[[], str], what: str) -> str:
    """What the worker makes a moment later."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if found := ask():
            return found
        time.sleep(0.5)
    raise AssertionError(f"no {what}")


def open_process(world: World) -> str:
    rows = world.api.api("GET", "/processes", q="computadores portátiles")["results"]
    return next((str(row["code"]) for row in rows if row["source"] == "pliego"), "")


def mailed(world: World, title: str) -> str:
    """The text of the mail with that title, once it was sent."""

    def caught() -> str:
        mails = world.api.api("GET", "/practice/mail", to=ADDRESS)["mail"]
        return next((str(mail["text"]) for mail in mails if title in mail["subject"]), "")

    return eventually(caught, f"mail about {title!r}")


def test_the_entity_writes_to_all_and_a_supplier_gets_an_answer(world: World) -> None:
    ana, carla, process = world.ana, world.carla, f"/procesos/{world.tender}/"
    ana.go(f"{process}mensajes/")
    ana.follow("Escribir un mensaje")
    ana.fill(group="bidders", subject="Visita", text="La visita es el jueves.")
    ana.page.locator("main form.pl-form button[type=submit]").first.click()
    expect(ana.page.locator(".govuk-error-summary")).to_contain_text("Escríbales a todos los interesados")
    assert ana.page.input_value('[name="text"]') == "La visita es el jueves."
    ana.fill(group="public", document=world.paper("Plano de la sede")).press()
    ana.sees("Recibo")
    ana.sees("plano-de-la-sede.pdf")

    carla.go(process)
    carla.sees("La visita es el jueves.")
    carla.follow("Mensajes y escribir a la entidad").follow("Escribir a la entidad")
    carla.fill(subject="Parqueadero", text="¿Hay parqueadero para el camión?").press()
    carla.sees("Sin respuesta")
    ana.go("/escritorio/mensajes/?q=camion")
    ana.follow("Parqueadero")
    ana.fill(text="Sí, por la calle 5.").press()
    ana.sees("Respondid")
    carla.go("/escritorio/mensajes/")
    carla.sees("Parqueadero")
    carla.follow("Parqueadero")
    carla.sees("Sí, por la calle 5.")


def test_one_follows_in_notices_and_another_by_mail_without_an_account(world: World) -> None:
    fabio, visitor, process = world.fabio, world.stranger(), f"/procesos/{world.tender}/"
    fabio.go(process)
    fabio.follow("Seguir este proceso")
    fabio.fill(delivery="inbox").press()
    fabio.sees("Solo en mis avisos")

    visitor.go(process)
    visitor.follow("Seguir este proceso")
    visitor.fill(address=ADDRESS, delivery="at_once").press()
    link = re.search(r"/seguimientos/[\w-]+/", mailed(world, "¿Quiere seguir"))
    assert link
    visitor.go(link[0])
    visitor.press("Seguir este proceso")
    visitor.sees("Un correo de inmediato")

    write(world.ana, world, "Aviso para quienes siguen")
    told = mailed(world, "Mensaje público de la entidad")
    assert "Aviso para quienes siguen" in told
    stop = re.search(r"/seguimientos/[\w-]+/baja/", told)
    assert stop
    visitor.go(stop[0])
    visitor.press("Dejar de recibir estos correos")
    visitor.sees("No recibirá más estos correos")
    fabio.go("/avisos/")
    fabio.sees("Mensaje público de la entidad")


def write(who: Walker, world: World, subject: str) -> None:
    who.go(f"/escritorio/procesos/{world.tender}/mensajes/nuevo/")
    who.fill(group="public", subject=subject, text="Para todos.").press()
