"""Steps 8 to 10: the contract, its guarantee, its payments and its end; and what a visitor sees and takes home."""

import re
import time

from pliego.kernel.calendar import BOGOTA, calendar
from tests.browser.walk import Walker, World


def contract(world: World) -> None:
    """Drafted from the award; completed by Ana, accepted by Carla, signed by Beto, insured, started."""
    ana, beto, carla = world.ana, world.beto, world.carla
    world.contract = drafted(ana)
    room = f"/escritorio/contratos/{world.contract}/"
    ana.go(room)
    with world.job("sign contract"):
        asked = {"covers__0__cover": "performance", "covers__0__percent": "10", "covers__0__months": "6"}
        ana.on(f"{room}secciones/condiciones/", payment_terms="Dos pagos iguales.", **asked)
        ana.on(f"{room}enviar/")
        carla.go(room)
        carla.signing(f"{room}aceptar/")
        world.stage.wait_until(world.milestone("contract_signed"))
        beto.signing(f"{room}firmar/", budget_commitment="RP-3310", budget_commitment_amount="32.800.000")
    guarantee(world, room)
    beto.go(f"{room}iniciar/")
    gloria = beto.page.locator('[name="supervisor"] option', has_text="Gloria").get_attribute("value")
    beto.fill(supervisor=gloria, starts_on=world.today())
    if beto.page.locator('main [name="firma-demo"]').count():
        beto.sign()
    beto.press()


def drafted(ana: Walker) -> str:
    """The contract that the platform drafts by itself, as the list shows it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        ana.page.goto(ana.world.site.url + "/escritorio/contratos/")
        if found := re.search(r"PLG\.CTO\.\d+", ana.page.locator("main").inner_html()):
            ana.look()
            return found[0]
        time.sleep(1)
    raise AssertionError("no contract was drafted")


def guarantee(world: World, room: str) -> None:
    world.carla.on(
        f"{room}garantias/nueva/",
        cover="performance",
        guarantee_class="policy",
        policy_number=f"POL-{world.stage.number}",
        insurer="Aseguradora de Práctica",
        amount="3.280.000",
        starts_on=world.today(),
        ends_on=world.today(540),
        document=world.paper(f"Póliza {world.stage.number}"),
    )
    world.beto.go(room)
    world.beto.on(f"{room}garantias/1/aprobar/")


def payment(world: World) -> None:
    """One invoice is returned with its reason, sent again, approved and paid; then the settlement and the end."""
    ana, gloria, carla = world.ana, world.gloria, world.carla
    room = f"/escritorio/contratos/{world.contract}/"
    ana.go(f"{room}plan-de-pagos/")
    ana.press()
    next_working_day(world)
    with world.job("invoice (supplier)"):
        returned = invoice(world, room, "FE-1")
    reason = "La factura no nombra el acta de entrega."
    gloria.on(f"{returned}devolver/", reason=reason)
    carla.go(returned)
    carla.sees(reason)
    sent = invoice(world, room, "FE-2")
    with world.job("invoice (buyer)"):
        gloria.on(f"{sent}aprobar/", is_received=True)
        world.hugo.go("/escritorio/pagos/")
        world.hugo.on(f"{sent}pagar/", paid_on=world.today(), proof=world.paper(f"Comprobante {world.stage.number}"))
    next_working_day(world)
    gloria.on(f"{room}terminar/", completed_on=world.today())
    if ana.page.goto(f"{world.site.url}{room}liquidacion/").status == 200:
        settlement(world, room, carla)
    world.beto.on(f"{room}cerrar/")
    world.beto.go(room)


def settlement(world: World, room: str, contractor: Walker) -> None:
    world.ana.on(f"{room}liquidacion/", statement="Las partes se declaran a paz y salvo por todo concepto.")
    world.beto.signing(f"{room}liquidacion/firmar/")
    contractor.signing(f"{room}liquidacion/aceptar/")


def next_working_day(world: World) -> None:
    today = world.stage.now().astimezone(BOGOTA).date()
    world.stage.wait_until(calendar.at(calendar.add(today, 1), 9))


def invoice(world: World, room: str, number: str) -> str:
    """Sent by Carla; the path of its page."""
    carla = world.carla
    carla.on(
        f"{room}facturas/nueva/",
        document=world.paper(f"Factura {number} {world.stage.number}"),
        number=number,
        issued_on=world.today(),
        amount="32.800.000",
        installment_number=1,
    )
    carla.go(room)
    paths = [a.get_attribute("href") for a in carla.page.locator("main a[href*='/facturas/']").all()]
    return next(path for path in reversed(paths) if not path.endswith("nueva/"))


def the_public(world: World) -> None:
    """A visitor reads the whole process and the contract, and the ZIP verifies without the site."""
    visitor = world.stranger()
    visitor.go(f"/procesos/{world.tender}/")
    for words in (
        "Cronograma", "con licencia perpetua", "SUMINISTROS DEL PARAMO", "COMERCIAL RIO CLARO", world.contract, "FE-2",
    ):  # fmt: skip
        visitor.sees(re.compile(words, re.I))
    visitor.go(f"/contratos/{world.contract}/")
    visitor.go(f"/procesos/{world.tender}/")
    time.sleep(5)  # the signer of the log signs each few seconds
    with visitor.page.expect_download() as taken:
        visitor.page.locator("main a", has_text="El expediente completo").click()
    said = world.site.run("verify", str(visitor.save(taken.value)))
    assert world.tender in said, said
