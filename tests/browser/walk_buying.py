"""Steps 4 and 5: the pliego of two people, their opening keys, a question and an amendment."""

import re
import secrets
from datetime import timedelta

from playwright.sync_api import expect

from pliego.kernel.calendar import BOGOTA
from tests.browser.walk import Walker, World

PASSPHRASE = "frase de la llave de práctica"
ROWS = "43211500\tComputador portátil de 14 pulgadas\t8\tunidad\n43211500\tMonitor de 24 pulgadas\t8\tunidad\n"


def keys(world: World) -> None:
    """Each opening member makes a key in their browser: the file is downloaded and proves itself."""
    for name in ("ana", "beto"):
        make_key(getattr(world, name))


def make_key(who: Walker) -> None:
    who.go("/escritorio/llaves/")
    part = who.page.locator("pl-keymaker")
    part.locator("[data-part=passphrase]").fill(PASSPHRASE)
    part.locator("[data-part=again]").fill(PASSPHRASE)
    with who.page.expect_download() as made:
        part.locator("[data-part=make]").click()
    who.key = who.save(made.value)
    assert "AGE-SECRET-KEY" not in who.key.read_bytes().decode(errors="replace")
    part.locator("[data-part=file]").set_input_files(who.key)
    part.locator("[data-part=proof-passphrase]").fill(PASSPHRASE)
    who.press(part.locator("[data-part=prove]"))
    who.sees("Llave vigente")


def pliego(world: World) -> None:
    """Ana builds the process, each section leading to the next; Beto approves and publishes it."""
    ana, beto = world.ana, world.beto
    ana.go("/escritorio/procesos/")
    with world.job("build and publish tender"):
        ana.go("/escritorio/procesos/nuevo/")
        line = ana.page.locator('[name="plan_lines"] option', has_text="Compra de computadores").get_attribute("value")
        ana.fill(title="Compra de computadores", reference=f"MC-{secrets.token_hex(3)}", plan_lines=line).press()
        world.tender = re.search(r"PLG\.EXP\.\d+", ana.page.url)[0]
        room = f"/escritorio/procesos/{world.tender}/"
        general(ana, room)
        assert ana.path == f"{room}cronograma/"
        ana.press("Guardar y seguir")
        questionnaire(ana, room)
        documents(world, ana, room)
        assert ana.path == f"{room}enviar/"
        ana.sees(re.compile("Ana Mora.*Beto Rincón", re.S))  # who opens the offers was proposed, and is right
        ana.press()
        beto.go("/escritorio/")
        beto.follow("Apruebe o devuelva el proceso")
        assert beto.path == f"{room}publicar/"
        beto.sign().press()
    stranger = world.stranger()
    stranger.go(f"/procesos/{world.tender}/")
    expect(stranger.page.locator("h1")).to_contain_text("Compra de computadores")


def general(ana: Walker, room: str) -> None:
    assert ana.path == f"{room}datos/"
    expect(ana.page.locator('[name="value_amount"]')).to_have_value(re.compile("38.000.000"))  # the plan said it
    ana.fill(
        description="Compra de computadores y monitores para la sede",
        contract_type="goods",
        duration=2,
        duration_unit="months",
        delivery_municipality="73001",
        delivery_address="Calle 1 # 2-34",
        number="CDP-2041",
        amount="38.000.000",
        funding_source="own",
    ).press()


def questionnaire(ana: Walker, room: str) -> None:
    """Two questions, the second with its lines; what belongs to another kind of question stays out of sight."""
    assert ana.path == f"{room}cuestionario/"
    expect(ana.page.locator("[name=text]")).to_be_hidden()
    ana.fill(kind="file", title="Certificado de experiencia", is_requirement=True).press()
    ana.fill(kind="price_list", title="Lista de precios", text=ROWS).press()
    ana.sees("2 líneas")
    ana.follow("Seguir:")


def documents(world: World, ana: Walker, room: str) -> None:
    """What the method asks for: the page has a place for each."""
    assert ana.path == f"{room}documentos/"
    places = ana.page.locator('main input[type=file][name^="falta_"]').evaluate_all("all => all.map(e => e.name)")
    assert len(places) > 1
    ana.fill(**{place: world.paper(f"{place} {world.stage.number}") for place in places}).press()
    assert ana.page.locator('main input[type=file][name^="falta_"]').count() == 0
    ana.follow("Seguir:")


def question_and_amendment(world: World) -> None:
    """Carla asks, Ana answers; an amendment of Ana, published by Beto, moves the deadline."""
    carla, ana, room = world.carla, world.ana, f"/escritorio/procesos/{world.tender}/"
    carla.go("/oportunidades/")
    with world.job("ask"):
        carla.on(f"/procesos/{world.tender}/preguntar/", text="¿Deben traer sistema operativo instalado?")
    with world.job("answer"):
        ana.go(f"{room}observaciones/")
        ana.follow("Responder")
        ana.fill(answer="Sí, con licencia perpetua.").press()
    later = (world.milestone("bids_due") + timedelta(minutes=15)).astimezone(BOGOTA)
    ana.go(f"{room}adenda/")
    ana.on(
        f"{room}adenda/escribir/",
        reason="Se amplía el plazo para presentar ofertas",
        bids_due=f"{later:%d/%m/%Y %H:%M}",
    )
    world.beto.go(f"{room}adenda/")
    world.beto.sign().press()
    stranger = world.stranger()
    stranger.go(f"/procesos/{world.tender}/")
    stranger.sees("Sí, con licencia perpetua.")
    assert world.milestone("bids_due") == later
