"""Two people of an entity write the same section in two browsers: each sees the other, and nothing typed is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Site, look
from tests.browser.walk import Walker, World

MAKE = """
from pliego.demo import world
from pliego.kernel import clock
from pliego.parties import access
from pliego.parties.models import Membership
from tests.browser import prepared
country, at = world.found(), clock.now()
seat = Membership.objects.get(user_id=country.actor("gloria").user_id, account=country.accounts["alcaldia"])
access.set_roles(actor=country.actor("beto", at=at), membership_id=seat.pk, roles={"preparer", *seat.roles}, at=at)
print(prepared.drafted(country, "DOS-1", at, "minima_cuantia").code)
"""
AFTER_A_POLL = 21_000  # milliseconds: the page asks every 20 seconds who else is there
HERS, MINE = "Lo que escribió Ana: cien computadores con garantía de tres años", "Carrera 9 # 10-11, donde dice Gloria"


@pytest.fixture(scope="module")
def world(
    site: Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory, pictures: Path | None
) -> Iterator[World]:
    """A draft of the demo, and Gloria as one more who prepares."""
    world = World(site, browser, tmp_path_factory.mktemp("papers"), pictures, axe=False)
    world.tender = site.run("django", "shell", "-v0", "-c", MAKE).split()[-1]
    yield world
    world.close()


def coming(world: World, name: str, *, script: bool = True) -> Walker:
    who = world.people[f"{name} {script}"] = Walker(world, name, script=script)
    who.come_in()
    return who


def says(who: Walker) -> Locator:
    """Who else the page says is at it."""
    return who.page.locator(".pl-presence")


def field(who: Walker, name: str) -> Locator:
    return who.page.locator(f'main [name="{name}"]')


def saved_as_draft(who: Walker, version: int) -> None:
    expect(who.page.locator("#guardado")).to_contain_text(re.compile(rf"Borrador guardado .* versión {version}\b"))


def send(who: Walker) -> None:
    """Press the button of the form, wherever it leads."""
    with who.page.expect_navigation():
        who.page.locator("main form.pl-form").get_by_role("button", name=re.compile("^Guardar")).click()


def compared(who: Walker, **both: tuple[str, str]) -> None:
    """The page that came back has, for each field by its label, what was saved and what this person typed."""
    expect(who.page.locator(".govuk-error-summary")).to_contain_text("No se escribió encima de nada")
    rows = who.page.locator("main table tbody tr", has=who.page.locator("td"))
    for label, versions in both.items():
        row = rows.filter(has_text=label.replace("_", " "))
        for words in versions:
            expect(row).to_contain_text(words)
    if who.world.pictures and who.script:
        look(who.page, f"choque-{who.path.strip('/').rsplit('/', 1)[-1]}", who.world.pictures)


def test_both_write_the_general_part_and_the_session_of_one_ends(world: World) -> None:
    ana, gloria, address = coming(world, "ana"), coming(world, "gloria"), f"/escritorio/procesos/{world.tender}/datos/"
    ana.page.clock.install()
    ana.go(address)
    gloria.go(address)
    expect(says(gloria)).to_contain_text("Ana Mora")
    ana.page.clock.fast_forward(AFTER_A_POLL)
    expect(says(ana)).to_contain_text("Gloria Niño")
    before = field(ana, "description").input_value()

    ana.fill(description=HERS)
    saved_as_draft(ana, 1)
    gloria.fill(delivery_address=MINE)
    expect(gloria.page.locator("#guardado")).to_contain_text("Ana Mora Prepara guardó otra versión")
    gloria.page.get_by_role("button", name="Conservar lo de esta página").click()
    saved_as_draft(gloria, 2)
    ana.press()
    gloria.page.context.clear_cookies(name="sesion")
    send(gloria)
    expect(gloria.page).to_have_url(re.compile(r"/ingresar/\?next="))

    gloria.come_in()
    gloria.go(address)
    expect(field(gloria, "delivery_address")).to_have_value(MINE)
    send(gloria)
    compared(gloria, Qué_se_va_a_contratar=(HERS, before), Dirección_de_ejecución=(MINE,))
    gloria.fill(description=HERS).press()
    ana.go(address)
    expect(field(ana, "description")).to_have_value(HERS)
    expect(field(ana, "delivery_address")).to_have_value(MINE)
    assert not [fault for who in world.people.values() for fault in who.watched.faults]


def test_both_write_a_question_and_one_has_no_script(world: World) -> None:
    ana, gloria = coming(world, "ana", script=False), coming(world, "gloria")
    question = f"/escritorio/procesos/{world.tender}/cuestionario/1/"
    ana.go(question)
    gloria.go(question)
    gloria.fill(title="Certificado de existencia, de este mes")
    saved_as_draft(gloria, 1)
    gloria.press()

    ana.fill(help="Expedido por la cámara de comercio")
    send(ana)
    compared(
        ana,
        Qué_se_pregunta=("Certificado de existencia, de este mes", "Certificado de existencia"),
        Explicación=("Expedido por la cámara de comercio",),
    )
    expect(ana.page.locator(".govuk-error-summary")).to_contain_text("Gloria Niño")
    ana.fill(title="Certificado de existencia, de este mes").press()
    gloria.go(question)
    expect(field(gloria, "title")).to_have_value("Certificado de existencia, de este mes")
    expect(field(gloria, "help")).to_have_value("Expedido por la cámara de comercio")
