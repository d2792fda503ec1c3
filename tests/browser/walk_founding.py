"""Steps 1 to 3: a person, an entity, suppliers, a team, and the annual plan."""

import re
import secrets
import time

from playwright.sync_api import expect

from pliego.demo.play.person import PERIOD, one_time_code
from pliego.demo.play.world import invented_nit
from tests.browser.walk import Walker, World

PASSWORD = "una frase larga de práctica"
PAPERS = ("structure_act", "appointment_act", "administrator_authorisation", "tax_register")
TEAM = {"ana": ["preparer", "evaluator"], "beto": ["approver"], "gloria": ["supervisor"], "hugo": ["treasurer"]}
VALUE = "38.000.000"


def register(world: World) -> None:
    """Rosa makes her user: the code comes by mail, the second factor from an authenticator."""
    world.stage.working_hours()
    rosa = world.people["rosa"] = Walker(world, "rosa")
    email = f"rosa.{world.stage.number}@pliego.example"
    with world.job("register user"):
        rosa.on(
            "/registro/",
            full_name="Rosa Ariza Funda",
            document_type="CC",
            document_number=str(1_000_000_000 + secrets.randbelow(900_000_000)),
            email=email,
            phone="3000000000",
            terms_accepted=True,
        )
        rosa.fill(code=mailed_code(world, email)).press("Confirmar")
        secret = re.sub(r"\s", "", rosa.page.locator("dd", has_text=re.compile(r"^\s*[A-Z2-7 ]{16,}\s*$")).inner_text())
        code = one_time_code(secret, int(time.time()) // PERIOD)
        rosa.fill(password=PASSWORD, code=code).press("Confirmar el código")
        assert rosa.page.locator("main ol.pl-code li").count() >= 8
        world.passed(rosa.name, rosa.path)
        rosa.follow("Ya los guardé")


def mailed_code(world: World, email: str) -> str:
    """The six digits, read in the page that shows what the installation mailed."""
    reader, until = world.stranger(), time.monotonic() + 120
    reader.go("/demo/correo/")
    while time.monotonic() < until:
        reader.fill(para=email).press("Filtrar")
        mails = reader.page.locator("main td a")
        if mails.count():
            mails.first.click()
            reader.page.wait_for_url("**/demo/correo/*/")
            reader.arrived()
            if found := re.search(r"\b(\d{6})\b", reader.page.locator("main").inner_text()):
                return found[1]
            reader.go("/demo/correo/")
        time.sleep(0.5)
    raise AssertionError(f"no mail came to {email}")


def entity(world: World) -> None:
    """Rosa registers her entity with its papers; Inés of the service desk activates it."""
    rosa, nit, number = world.rosa, invented_nit(), world.stage.number
    name = f"Alcaldía del Camino {number}"
    with world.job("register entity"):
        rosa.go("/entidades/registrar/")
        rosa.fill(nit=nit, legal_name=name).press("Buscar")
        rosa.press("Registrar la entidad")
        rosa.fill(
            short_name=f"Camino {number}",
            kind="state_entity",
            business_area="public",
            order="territorial",
            branch="executive",
            sector="public_service",
            entity_type="municipality",
        ).press()
        rosa.fill(
            municipality="Ibagué, Tolima",
            address="Calle 1 # 2-34",
            phone="6080000000",
            email=f"contratacion.{number}@pliego.example",
            notification_email=f"avisos.{number}@pliego.example",
        ).press()
        rosa.fill(**{paper: world.paper(f"{paper} {number}") for paper in PAPERS}).press()
        rosa.press("Registrar y solicitar la activación")
    rosa.go("/cuenta/registros/")
    world.entity = re.search(r"PLG\.CTA\.\d+", rosa.page.locator("main").inner_text())[0]
    ines = world.ines
    ines.go("/mesa/")
    ines.go(f"/mesa/cuentas/{world.entity}/")
    ines.follow("Tomarla")
    ines.press()
    ines.on(f"/mesa/cuentas/{world.entity}/", rest=True)
    ines.on(f"/mesa/cuentas/{world.entity}/activar/")
    rosa.go("/cuenta/registros/")
    act_for(rosa, world.entity)


def act_for(who: Walker, account: str) -> None:
    """Act from now on for that account."""
    who.go("/cuenta/registros/")
    card = who.page.locator("main li.pl-card", has_text=account)
    if card.get_by_role("button").count():
        who.press(card.get_by_role("button"))


def supplier(world: World) -> None:
    """Fabio registers his firm."""
    world.fabio.on(
        "/proveedores/registrar/",
        kind="sas",
        nit=invented_nit(),
        legal_name=f"Ferretería del Camino {world.stage.number} SAS",
        representative_name="Fabio Gil Ciudadano",
        representative_document_type="CC",
        representative_document_number="79990006",
        municipality="11001",
        phone="6010000000",
        notification_email="fabio@pliego.example",
    )


def team(world: World) -> None:
    """Four people ask for access and get their roles."""
    for name, roles in TEAM.items():
        who = getattr(world, name)
        with world.job("request access"):
            who.go("/acceso/")
            who.fill(q=f"camino {world.stage.number}").press("Buscar")
            who.follow(re.compile("Solicitar acceso"))
            who.fill(note="Para el proceso del camino").press()
        with world.job("approve access"):
            world.rosa.go("/escritorio/equipo/")
            world.passed(world.rosa.name, world.rosa.path)
            world.rosa.page.locator("main tr", has_text=re.compile(name, re.I)).get_by_role("link").click()
            world.rosa.arrived()
            world.rosa.fill(roles=roles).press()
        act_for(who, world.entity)


def plan(world: World) -> None:
    """Ana writes a line of the annual plan; Beto publishes it."""
    ana, now = world.ana, world.stage.now()
    ana.go("/escritorio/paa/")
    with world.job("publish PAA"):
        ana.on(
            "/escritorio/paa/nuevo/",
            year=now.year,
            contact_name="Ana Mora Prepara",
            contact_email="ana@pliego.example",
            contact_phone="6080000000",
        )
        ana.go(f"/escritorio/paa/{now.year}/lineas/nueva/")
        ana.fill(
            description="Compra de computadores",
            unspsc="43211500",
            start_month=now.month,
            bids_month=now.month,
            duration=2,
            duration_unit="months",
            method="minima_cuantia",
            funding_source="own",
            total_amount=VALUE,
            budget_amount=VALUE,
            responsible_name="Ana Mora Prepara",
        ).press()
        world.beto.go(f"/escritorio/paa/{now.year}/")
        world.beto.signing(f"/escritorio/paa/{now.year}/publicar/", reason="Primera versión")
    stranger = world.stranger()
    stranger.go(f"/paa/{world.entity}/{now.year}/")
    expect(stranger.page.locator("main")).to_contain_text("Compra de computadores")
