"""Accounts in browsers: an entity from two computers, returned once; access, a supplier, a plural bidder."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pliego.demo.play.world import invented_nit
from tests.browser.conftest import Site, look
from tests.browser.walk import BUDGETS, Walker, World

PAPERS = ("structure_act", "appointment_act", "administrator_authorisation", "tax_register")
IDENTITY = {
    "kind": "state_entity", "business_area": "public", "order": "territorial", "branch": "executive",
    "sector": "public_service", "entity_type": "municipality",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(
    site: Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory, pictures: Path | None
) -> Iterator[World]:
    world = World(site, browser, tmp_path_factory.mktemp("papers"), pictures)
    world.stage.working_hours()
    yield world
    world.close()
    print(world.told())
    faults = [fault for who in world.people.values() for fault in who.watched.faults]
    assert not faults, "\n".join(faults)


def another_browser(world: World, name: str) -> Walker:
    """The same person at another computer."""
    who = world.people[f"{name} elsewhere"] = Walker(world, name)
    who.come_in()
    return who


def within_budget(world: World, job: str) -> None:
    assert len(world.jobs[job]) <= BUDGETS[job], world.jobs[job]


@pytest.fixture(scope="module")
def entity(world: World) -> str:
    """An account opened from two computers and returned once, for whichever test comes first."""
    number, fabio = world.stage.number, world.fabio
    with world.job("register entity"):
        fabio.go("/entidades/registrar/")
        fabio.fill(nit=invented_nit(), legal_name=f"Alcaldía de Dos Equipos {number}").press("Buscar")
        fabio.press("Registrar la entidad")
        fabio.fill(**IDENTITY).press()
        fabio.fill(phone="6080000000", email="contratacion@dosequipos.example").press()
        fabio.fill(structure_act=world.paper(f"acto {number}")).press()
        expect(fabio.page.locator("main")).to_contain_text("Se puede enviar cuando todas las partes estén listas")

        there = another_browser(world, "fabio")
        there.go("/entidades/registrar/")
        there.follow(re.compile("ALCALDIA|Alcaldía de Dos Equipos"))
        expect(there.page.locator("main")).to_contain_text("Elija el municipio")
        there.go(f"{there.path}contacto/")
        assert there.page.input_value('[name="phone"]') == "6080000000"
        there.fill(municipality="Ibagué, Tolima", notification_email="fabio@pliego.example")
        there.press("Guardar y ver todas las partes")
        there.go(f"{there.path}documentos/")
        expect(there.page.locator(".govuk-error-summary")).to_contain_text("Autorización del administrador: Adjunte")
        expect(there.page.locator("main")).to_contain_text("Se reciben: pdf")
        look(there.page, "registro-documentos-errores", world.pictures)
        expect(there.page.locator("main")).to_contain_text(f"acto-{number}.pdf")
        there.fill(**{paper: world.paper(f"{paper} {number}") for paper in PAPERS[1:]}).press()
        expect(there.page.locator("main")).to_contain_text("está confirmado")
        there.press("Registrar y solicitar la activación")
    within_budget(world, "register entity")
    there.go("/cuenta/registros/")
    world.entity = re.search(r"PLG\.CTA\.\d+", there.page.locator("main").inner_text())[0]  # type: ignore[index]
    returned_and_activated(world, there)
    return world.entity


def test_an_entity_is_registered_from_two_browsers_and_returned_once(world: World, entity: str) -> None:
    world.people["fabio elsewhere"].go(f"/cuenta/registros/{entity}/")
    expect(world.people["fabio elsewhere"].page.locator("main")).to_contain_text(re.compile("Activ[oa]"))


def returned_and_activated(world: World, applicant: Walker) -> None:
    """Inés returns it with a reason at the phone; the applicant corrects it there; she opens the account."""
    ines, desk = world.ines, f"/mesa/cuentas/{world.entity}/"
    ines.go("/mesa/")
    ines.go(desk)
    ines.follow("Tomarla")
    ines.press()
    ines.go(desk)
    ines.fill(**{"phone-mark": "wrong", "phone-reason": "No contesta", "rest": True}).press()
    ines.follow("Devolver con razones")
    ines.press()
    applicant.go("/cuenta/registros/")
    applicant.go(f"/entidades/corregir/{world.entity}/")
    applicant.go(f"{applicant.path}contacto/")
    expect(applicant.page.locator("main")).to_contain_text("No contesta")
    applicant.fill(phone="6081111111").press()
    applicant.go(f"/entidades/corregir/{world.entity}/")
    applicant.press("Enviar de nuevo")
    ines.on(desk, rest=True)
    ines.on(f"{desk}activar/")
    applicant.go(f"/cuenta/registros/{world.entity}/")
    expect(applicant.page.locator("main")).to_contain_text(re.compile("Activ[oa]"))


def test_access_is_asked_for_and_given_in_four_screens(world: World, entity: str) -> None:
    who, boss = world.carla, world.people["fabio elsewhere"]
    with world.job("request access"):
        who.go("/acceso/")
        who.fill(q="dos equipos").press("Buscar")
        who.follow(re.compile("Solicitar acceso"))
        who.fill(note="Soy la nueva abogada").press()
    with world.job("approve access"):
        boss.go("/escritorio/equipo/")
        world.passed(boss.name, boss.path)
        boss.page.locator("main tr", has_text="Carla").get_by_role("link").first.click()
        boss.arrived()
        boss.fill(roles=["control"]).press()
    within_budget(world, "request access")
    within_budget(world, "approve access")
    boss.go("/escritorio/equipo/invitar/")
    boss.fill(email="alguien@pliego.example", roles=["preparer"]).press()
    expect(boss.page.locator("main")).to_contain_text("alguien@pliego.example")
    boss.go(f"/cuenta/registros/{entity}/datos/")
    boss.fill(address="Calle 9 # 8-76").press()
    expect(boss.page.locator("main")).to_contain_text("Calle 9 # 8-76")


def test_a_supplier_is_active_at_once_and_fills_in_its_profile(world: World) -> None:
    omar = world.people["gloria"] = Walker(world, "gloria")
    omar.come_in()
    omar.on(
        "/proveedores/registrar/",
        kind="sas",
        nit=invented_nit(),
        legal_name=f"Papelería Dos Equipos {world.stage.number} SAS",
        representative_name="Gloria Niño",
        representative_document_type="CC",
        representative_document_number="79990011",
        municipality="Bogotá, D.C.",
        phone="6010000000",
        notification_email="gloria@pliego.example",
    )
    expect(omar.page.locator("main")).to_contain_text(re.compile("Activ[oa]"))
    omar.on("/escritorio/perfil/datos/", activity="commerce", income_year="2025", income_amount="900.000.000")
    expect(omar.page.locator("main")).to_contain_text("Micro")
    omar.on(
        "/escritorio/perfil/experiencia/", client="Alcaldía", title="Suministro de papel", amount="12.000.000",
        starts_on="01/02/2024", ends_on="30/06/2024",
    )  # fmt: skip
    omar.signing(
        "/escritorio/perfil/banco/", bank="Banco de Prueba", kind="savings", number="123456789", holder="Papelería"
    )
    expect(omar.page.locator("main")).to_contain_text("123456789")


def test_a_plural_bidder_is_accepted_by_its_two_members(world: World) -> None:
    carla, dario = world.carla, world.dario
    act_for(carla, "Páramo")
    carla.go("/consorcios/")
    carla.on("/consorcios/nuevo/", kind="temporary_union", name=f"Unión Dos Equipos {world.stage.number}")
    code = re.search(r"PLG\.CTA\.\d+", carla.path)[0]  # type: ignore[index]
    carla.fill(
        **{
            "share-0": "66,666667", "activities-0": "Suministro", "supplier-1": "COMERCIAL RIO CLARO",
            "share-1": "33,333333", "activities-1": "Transporte", "representative": "carla@pliego.example",
            "paper": world.paper(f"constitucion {world.stage.number}"),
        }
    ).press()  # fmt: skip
    carla.signing(f"/consorcios/{code}/invitar/")
    dario.go("/escritorio/")
    expect(dario.page.locator("main")).to_contain_text("proponente plural")
    dario.signing(f"/consorcios/{code}/responder/", verdict="accept")
    expect(dario.page.locator("main")).to_contain_text(re.compile("Activ[oa]"))
    carla.go("/cuenta/registros/")
    expect(carla.page.locator("main")).to_contain_text(code)


def act_for(who: Walker, name: str) -> None:
    who.go("/cuenta/registros/")
    card = who.page.locator("main li.pl-card", has_text=re.compile(name, re.I))
    if card.get_by_role("button").count():
        who.press(card.get_by_role("button"))
