"""A works contract from its draft to the end of its file, by whoever does each thing.

The process before it is made by the services; everything that happens to the contract is done in browsers.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from playwright.sync_api import expect

from pliego.demo.cast import FIRMS
from pliego.kernel.calendar import BOGOTA
from tests.browser.walk import BUDGETS, Walker, World
from tests.browser.walk_performing import next_working_day, settlement

MAKE = "from tests.browser import given, prepared; from pliego.demo import world; country = world.found();"
MENDED = "La factura no resta la amortización del anticipo: restela y envíela otra vez."


@dataclass
class Contracted(World):
    """The people of one contract. `party` is who performs it now."""

    party: str = "carla"
    ocid: str = ""  # of its process
    insured: int = 0  # guarantees sent so far
    changed: int = 0  # modifications so far
    counts_each: ClassVar[bool] = True
    budgets: ClassVar[dict[str, int]] = {
        **BUDGETS, "write contract": 9, "start": 3, "guarantee": 2, "plan deliveries": 1, "receive": 1,
        "modify": 3, "hearing": 6, "settle and close": 2, "load contracts": 2, "set the chain": 3,
    }  # fmt: skip

    @property
    def room(self) -> str:
        return f"/escritorio/contratos/{self.contract}/"

    @property
    def contractor(self) -> Walker:
        return getattr(self, self.party)  # type: ignore[no-any-return]

    def made(self, code: str, told: str = "made.code") -> list[str]:
        """What is told of that piece of the services, done in the site as it runs."""
        return self.site.run("django", "shell", "-v0", "-c", f"{MAKE} made = {code}; print({told})").split()

    def begin(self, code: str, party: str) -> None:
        """The contract that it makes, in office hours."""
        self.stage.working_hours()
        *_said, self.ocid, self.contract = self.made(code, "made.tender.ocid, made.code")
        self.party = party

    def pass_days(self, days: int) -> None:
        self.stage.wait_until(self.stage.now() + timedelta(days=days))
        self.stage.working_hours()


# ---- the text, the signatures, the start -----------------------------------------------------------------------------

BRIDGE = "Reparación del puente peatonal de la quebrada La Honda"
WORKS = f"""given.awarded(country, prepared.drafted, "OBRA-1", country.accounts["paramo"], title="{BRIDGE}",
    description="{BRIDGE}, en la vereda El Alto", contract_type="works", unspsc_main="72141100",
    causal="urgencia_manifiesta", value_amount=100_000_000, duration=4)"""
GENERAL = {"environmental": "no", "post_consumption": "no", "reversion": "no"}
TERMS: dict[str, Any] = {
    "price_kind": "global",
    "advance_kind": "advance", "advance_percent": "40", "has_trust": "yes",
    "milestones-0-title": "Estribos terminados", "milestones-0-percent": "50", "milestones-0-due_days": "60",
    "milestones-1-title": "Puente en servicio", "milestones-1-percent": "50", "milestones-1-due_days": "120",
    "covers-0-cover": "performance", "covers-0-percent": "10", "covers-0-months": "6",
    "covers-1-cover": "advance", "covers-1-percent": "100", "covers-1-months": "6",
}  # fmt: skip
GOODS = {
    "lines-0-description": BRIDGE, "lines-0-quantity": "1", "lines-0-unit": "global",
    "lines-0-unit_price": "100.000.000",
}  # fmt: skip
RESUME = "Hoja de vida del residente de obra"
PAPERS = {"asked-0-title": RESUME, "asked-0-moment": "start", "asked-0-required": "yes"}
PERFORMANCE = {
    "tracking": "percent",
    "deliveries-0-title": "Estribos", "deliveries-0-percent": "50", "deliveries-0-due_days": "50",
    "deliveries-1-title": "Puente en servicio", "deliveries-1-percent": "100", "deliveries-1-due_days": "110",
    "social_security": "yes", "start_record": "yes",
}  # fmt: skip
VALUES = (
    "Vereda El Alto, sobre la quebrada La Honda",
    "la supervisión",
    "Un residente y un maestro de obra",
    "5",
    "10",
)


def begun(world: Contracted) -> None:
    world.begin(WORKS, "carla")


def written(world: Contracted) -> None:
    """Ana completes the sections of what the award drafted, and sends it."""
    ana = world.ana
    with world.job("write contract"):
        ana.go(f"{world.room}editar/")
        ana.on(f"{world.room}secciones/informacion-general/", **GENERAL)
        ana.on(f"{world.room}secciones/condiciones/", **TERMS)
        ana.on(f"{world.room}secciones/bienes-y-servicios/", **GOODS)
        ana.on(f"{world.room}secciones/documentos-del-proveedor/", **PAPERS)
        ana.on(f"{world.room}secciones/documentos-del-contrato/", template="obra-2026")
        ana.fill(**{f"variables-{n}-value": value for n, value in enumerate(VALUES)}).press()
        ana.go(f"{world.room}secciones/informacion-presupuestal/")
        ana.press()
        ana.on(f"{world.room}secciones/ejecucion/", **PERFORMANCE)
        ana.on(f"{world.room}enviar/")


def signed(world: Contracted, value: str) -> None:
    with world.job("sign contract"):
        world.contractor.go(world.room)
        world.contractor.signing(f"{world.room}aceptar/")
        world.beto.go(world.room)
        told = {"budget_commitment": "RP-3310", "budget_commitment_amount": value}
        world.beto.signing(f"{world.room}firmar/", **told)


def insured(world: Contracted, cover: str, amount: str) -> None:
    """One more guarantee, sent by who performs the contract and approved by Beto."""
    world.insured += 1
    with world.job("guarantee", str(world.insured)):
        world.contractor.on(
            f"{world.room}garantias/nueva/",
            cover=cover,
            guarantee_class="policy",
            policy_number=f"POL-{world.insured}",
            insurer="Aseguradora de Práctica",
            amount=amount,
            starts_on=world.today(),
            ends_on=world.today(700),
            document=world.paper(f"Póliza {world.insured}"),
        )
        world.beto.on(f"{world.room}garantias/{world.insured}/aprobar/")


def brought(world: Contracted, title: str) -> None:
    """The contractor attaches what the contract asks for before its start."""
    who = world.contractor
    who.on(f"{world.room}documentos/nuevo/", asked=title, document=world.paper(title))


def supervisor(world: Contracted, path: str) -> None:
    """Beto names Gloria on the page of that act."""
    beto = world.beto
    beto.go(path)
    gloria = beto.page.locator('[name="supervisor"] option', has_text="Gloria").get_attribute("value")
    beto.fill(supervisor=gloria, starts_on=world.today()).sign().press()


def started(world: Contracted) -> None:
    """With its conditions met, the record is drawn and both sign it."""
    insured(world, "performance", "10.000.000")
    insured(world, "advance", "40.000.000")
    brought(world, "Afiliación y pago a la seguridad social y parafiscales")
    brought(world, RESUME)
    with world.job("start"):
        supervisor(world, f"{world.room}acta-de-inicio/")
        world.gloria.signing(f"{world.room}acta-de-inicio/firmar/")
        world.carla.signing(f"{world.room}acta-de-inicio/aceptar/")


# ---- deliveries and payments -----------------------------------------------------------------------------------------


def planned(world: Contracted) -> None:
    """Both plans, as the contract proposes them."""
    with world.job("plan deliveries"):
        world.ana.on(f"{world.room}entregas/plan/")
    planned_payments(world)


def planned_payments(world: Contracted, asked: str = "", **typed: Any) -> None:
    world.ana.go(f"{world.room}plan-de-pagos/{asked}")
    world.ana.fill(**typed).press()


def received(world: Contracted, number: int) -> None:
    with world.job("receive", str(number)):
        world.gloria.on(f"{world.room}entregas/{number}/recibir/", remarks="Se recibe a satisfacción.")
    paper = world.paper(f"Acta de recibo {number}")
    world.gloria.on(f"{world.room}entregas/{number}/documentos/", slot="reception", document=paper)


def asked(world: Contracted, number: str, **typed: Any) -> str:
    """A request of payment by who performs the contract; the path of its page."""
    who = world.contractor
    with world.job("invoice (supplier)", number):
        told = {"number": number, "issued_on": world.today(), **typed}
        who.on(f"{world.room}facturas/nueva/", document=world.paper(f"Factura {number}"), **told)
    who.go(world.room)
    paths = [a.get_attribute("href") or "" for a in who.page.locator("main a[href*='/facturas/']").all()]
    found = [path for path in paths if re.search(r"/facturas/PLG\.FAC\.\d+/$", path)]
    return max(found, key=lambda path: int(re.findall(r"\d+", path)[-1]))


def paid(world: Contracted, invoice: str, number: str) -> None:
    with world.job("invoice (buyer)", number):
        world.gloria.on(f"{invoice}aprobar/", is_received=True)
        world.hugo.go("/escritorio/pagos/")
        proof = world.paper(f"Comprobante {number}")
        world.hugo.on(f"{invoice}pagar/", paid_on=world.today(), proof=proof)


def advanced(world: Contracted) -> None:
    paid(world, asked(world, "ANT-1", kind="advance", amount="40.000.000"), "ANT-1")
    world.carla.go(world.room)


def delivered(world: Contracted) -> None:
    """The first delivery; its invoice is returned, mended and paid."""
    world.pass_days(45)
    received(world, 1)
    told = {"amount": "50.000.000", "installment_number": "1", "delivery_number": "1"}
    returned = asked(world, "FE-1", **told)
    world.gloria.on(f"{returned}devolver/", reason=MENDED)
    world.carla.go(returned)
    world.carla.sees(MENDED)
    paid(world, asked(world, "FE-2", **told, amortised="20.000.000"), "FE-2")


# ---- what changes on the way -----------------------------------------------------------------------------------------


def modified(world: Contracted, kind: str, **typed: Any) -> None:
    """Ana writes it and sends it, the contractor accepts it, Beto publishes it."""
    world.changed += 1
    one = f"{world.room}modificaciones/{world.changed}/"
    with world.job("modify", kind):
        world.ana.on(f"{world.room}modificaciones/nueva/", kind=kind)
        act = world.paper(f"Otrosí {world.changed}")
        world.ana.fill(document=act, **typed).press()
        world.ana.on(f"{one}enviar/")
        world.contractor.go(one)
        world.contractor.signing(f"{one}aceptar/")
        if "to" in typed:
            world.dario.signing(f"{one}asumir/")
        world.beto.signing(f"{one}publicar/")


def added(world: Contracted) -> None:
    """More works: the value, its guarantee and its plan grow. In the year of the signature, whose minimum wage the
    platform knows."""
    reason = "Hay que reforzar el estribo oriental, que el estudio de suelos encontró socavado."
    told = {"amount": "20.000.000", "budget_commitment": "RP-3388", "reason": reason, "needs_supplier": True}
    modified(world, "addition", **told)
    world.carla.go(world.room)
    insured(world, "performance", "12.000.000")
    planned_payments(
        world,
        "?pagos=2",
        **{"parts-0-title": "Estribos terminados", "parts-0-amount": "50.000.000"},
        **{"parts-1-title": "Puente en servicio y refuerzo", "parts-1-amount": "70.000.000"},
    )


def suspended(world: Contracted) -> None:
    """Ten days of rain: the end moves by them."""
    ends = ends_on(world)
    reason = "La creciente de la quebrada impide trabajar."
    told = {"effective_on": world.today(), "resumes_on": world.today(20), "needs_supplier": True}
    modified(world, "suspension", reason=reason, **told)
    world.gloria.go(world.room)
    began = world.stage.now().astimezone(BOGOTA).date()
    world.pass_days(10)
    modified(world, "resumption", reason="Cesó la creciente.", effective_on=world.today(), needs_supplier=True)
    stopped = world.stage.now().astimezone(BOGOTA).date() - began
    assert ends_on(world) - ends == stopped, (ends, ends_on(world), stopped)


def ends_on(world: Contracted) -> date:
    return date.fromisoformat(now(world)["ends_on"])


def now(world: Contracted) -> Any:
    """What the API tells everybody of the contract."""
    return world.api.api("GET", f"/contracts/{world.contract}")


def assigned(world: Contracted) -> None:
    """Another supplier takes it over, with guarantees of its own."""
    reason = "El contratista pide ceder el contrato: vendió su equipo de obra."
    told = {"to": FIRMS["rioclaro"].number, "effective_on": world.today(), "reason": reason}
    modified(world, "assignment", **told)
    world.party = "dario"
    world.dario.go(world.room)
    insured(world, "performance", "12.000.000")
    insured(world, "advance", "40.000.000")


def fined(world: Contracted) -> None:
    """The hearing of art. 86 by its short road: called, held, decided, in force; and the fine is paid."""
    room, one = f"{world.room}incumplimientos/", f"{world.room}incumplimientos/1/"
    facts = "La obra lleva quince días sin maestro de obra y el cronograma tiene veinte días de atraso."
    clauses = "Cláusula de personal y seguridad del contrato."
    with world.job("hearing"):
        informe = world.paper("Informe de supervisión")
        told = {"source": "supervisor", "proofs": "Acta de visita y bitácora.", "document": informe}
        world.gloria.on(f"{room}informar/", facts=facts, clauses=clauses, **told)
        called(world, one)
        world.beto.on(f"{one}comenzar/")
        world.dario.on(f"{one}asistir/")
        world.dario.on(f"{one}descargos/", text="El maestro renunció; el nuevo llega el lunes.")
        told = {"resolution": "118 de 2027", "grounds": "Se probó el atraso y no hubo causa que lo justifique."}
        world.beto.signing(f"{one}decidir/", measure_fine="1.500.000", **told)
        world.dario.go(one)
        world.beto.signing(f"{one}acta/", development="Asistió el contratista, que fue oído.")
        paid_fine = {"amount": "1.500.000", "means": "payment", "on": world.today(), "note": "Recibo 77"}
        world.hugo.on(f"{one}recaudo/", **paid_fine)
    world.dario.go(one)


def called(world: Contracted, one: str) -> None:
    """Beto calls the contractor and every insurer of its guarantees, and the hour comes."""
    begins = world.stage.now().astimezone(BOGOTA) + timedelta(days=7)
    beto = world.beto
    beto.go(f"{one}citar/")
    mails = beto.page.locator('main [name^="guarantor-"][name$="-email"]').all()
    told = {str(mail.get_attribute("name")): "garante@pliego.example" for mail in mails}
    beto.fill(consequences=["fine"], begins_at=f"{begins:%d/%m/%Y %H:%M}", place="Sala 2", **told).sign().press()
    beto.go(one)
    world.stage.wait_until(begins + timedelta(minutes=1))


# ---- the end ---------------------------------------------------------------------------------------------------------


def finished(world: Contracted) -> None:
    """The second delivery and its payment; everything received, settled by both, and the file closed."""
    world.pass_days(30)
    received(world, 2)
    told = {"amount": "70.000.000", "installment_number": "2", "delivery_number": "2"}
    paid(world, asked(world, "RC-1", **told, amortised="20.000.000"), "RC-1")
    next_working_day(world)
    world.gloria.on(f"{world.room}terminar/", completed_on=world.today())
    with world.job("settle and close"):
        settlement(world, world.room, world.contractor)
        world.beto.go(f"{world.room}liquidacion/cierre/")
        world.beto.on(f"{world.room}cerrar/")
    world.beto.go(world.room)


def the_public(world: Contracted) -> None:
    """Anybody reads what happened, in one page; and the register of sanctions."""
    visitor = world.stranger()
    visitor.go(f"/contratos/{world.contract}/")
    for words in SEEN:
        visitor.sees(re.compile(words, re.I))
    expect(visitor.page.locator("main tr", has_text="ANT-1")).to_contain_text("Anticipo")
    visitor.go(f"/contratos/{world.contract}/versiones/")
    visitor.go("/sanciones/")
    visitor.sees(re.compile("R[ií]o Claro", re.I))


SEEN = (
    BRIDGE, "adici[oó]n", "suspen", "cesi[oó]n|cedi", "multa", "FE-2", "RC-1", "ANT-1", "liquida", "R[ií]o Claro",
    "cerrad",
)  # fmt: skip
STEPS = (
    begun, written, lambda world: signed(world, "100.000.000"), started, planned, advanced, added, delivered, suspended,
    assigned, fined, finished, the_public,
)  # fmt: skip
