"""A contract of services of twelve months with a natural person, whose first month goes by a chain of four owners.

And a file of three hundred contracts, seven of them wrong.
"""

import csv
import re
from pathlib import Path

from pliego.contracts.loading.columns import COLUMNS
from pliego.demo.cast import FIRMS
from tests.browser.walk_contracts import Contracted, asked, brought, planned_payments, signed, supervisor

SOCIAL = "Afiliación y pago a la seguridad social y parafiscales"
SERVICE = "Apoyo a la gestión del archivo de la Secretaría General"
MONTHLY = f"""given.awarded(country, prepared.drafted, "CPS-1", given.natural_person("fabio"), title="{SERVICE}",
    description="{SERVICE}", contract_type="services", unspsc_main="80111600", causal="servicios_profesionales",
    value_amount=36_000_000, duration=12)"""
DIRECT = """given.direct(country, prepared.drafted, "CPS-300", country.accounts["paramo"], title="Servicios de apoyo",
    description="Servicios de apoyo a la gestión de todas las dependencias", contract_type="services",
    unspsc_main="80111600", causal="servicios_profesionales", value_amount=900_000_000)"""
LAWYERS = "Jurídica"
PAYROLL = "Planilla de aportes a la seguridad social"
STEPS_OF_CHAIN = (
    ("Supervisión", "r:supervisor", "3", "El informe del mes corresponde a lo contratado"),
    ("Aval jurídico", LAWYERS, "2", "La planilla es del mes y del contratista"),
    ("Financiera", "Beto Rincón Aprueba", "2", "Hay registro presupuestal"),
    ("Tesorería", "r:treasurer", "5", ""),
)
WRONG_MONTH = "La planilla es del mes anterior: pídale al contratista la de este mes."


def chain(world: Contracted) -> None:
    """Beto writes the chain of the letter: supervisor, endorsement of the lawyers, finance, treasury; and the document
    that each request of services brings."""
    beto = world.beto
    with world.job("set the chain"):
        beto.go("/escritorio/cuenta/grupos/")
        beto.follow("Crear un grupo")
        ana = beto.page.locator("main label", has_text="Ana Mora").first.get_attribute("for")
        member = beto.page.locator(f"#{ana}").get_attribute("value")
        beto.fill(name=LAWYERS, members=[member]).press()
        beto.go("/escritorio/cuenta/cadena-de-pagos/cambiar/")
        for n, (name, who, days, checks) in enumerate(STEPS_OF_CHAIN, 1):
            named = beto.page.locator(f'[name="who_{n}"] option', has_text=who).first
            owner = who if who.startswith("r:") else named.get_attribute("value")
            beto.fill(**{f"name_{n}": name, f"who_{n}": owner, f"term_{n}": days, f"checks_{n}": checks})
        beto.fill(support_1=PAYROLL, support_type_1="services").sign().press()
    beto.sees("Aval jurídico")


def begun(world: Contracted) -> None:
    """The contract is completed, signed by both and started, with its twelve payments planned."""
    world.begin(MONTHLY, "fabio")
    ana = world.ana
    with world.job("write contract"):
        ana.on(f"{world.room}secciones/informacion-general/", environmental="no")
        ana.on(f"{world.room}secciones/condiciones/", price_kind="fees", payment_terms="Doce pagos mensuales iguales.")
        ana.on(f"{world.room}secciones/ejecucion/", tracking="percent", social_security="yes")
        ana.on(f"{world.room}enviar/")
    signed(world, "36.000.000")
    brought(world, SOCIAL)
    with world.job("start"):
        supervisor(world, f"{world.room}iniciar/")
    planned_payments(world, "?pagos=12")


def first_month(world: Contracted) -> None:
    """The request of the first month, with its account of charges and its payroll, through the four steps."""
    fabio, gloria, ana, beto, hugo = world.fabio, world.gloria, world.ana, world.beto, world.hugo
    world.pass_days(31)
    told = {"amount": "3.000.000", "installment_number": "1"}
    one = asked(world, "CC-1", **told, support_1=world.paper(PAYROLL))
    with world.job("invoice (buyer)"):
        gloria.on(f"{one}aprobar/", is_received=True)
        ana.on(f"{one}devolver/", to="1", reason=WRONG_MONTH)
        gloria.go(one)
        gloria.sees(WRONG_MONTH)
        gloria.on(f"{one}aprobar/", is_received=True, note="Se verificó la planilla del mes.")
        ana.on(f"{one}aprobar/", is_received=True)
        beto.on(f"{one}aprobar/", is_received=True)
        hugo.go(f"{one}pagar/")
        withheld = {"concept_1": "income", "base_1": "3.000.000", "rate_1": "6", "detail_1": "Tarifa de honorarios"}
        ica = {"concept_2": "ica", "base_2": "3.000.000", "rate_2": "1"}
        hugo.fill(paid_on=world.today(), proof=world.paper("Comprobante CC-1"), **withheld, **ica).press()
    fabio.go(one)
    for words in ("210.000", "2.790.000", "Retención en la fuente|retefuente|renta"):
        fabio.sees(re.compile(words, re.I))


def followed(world: Contracted) -> None:
    """Anybody follows the payment like a parcel: each step, its owner, the return and its reason; and the days that
    this entity takes to pay."""
    code = re.findall(r"PLG\.FAC\.\d+", world.fabio.path)[-1]
    visitor = world.stranger()
    visitor.go(f"/pagos/{code}/")
    for words in (*(name for name, *_rest in STEPS_OF_CHAIN), WRONG_MONTH):
        visitor.sees(words)
    visitor.go("/pagos/")
    visitor.sees(re.compile("Valle Sereno", re.I))
    visitor.go(f"/contratos/{world.contract}/")
    visitor.sees("CC-1")


# ---- a file of many contracts ----------------------------------------------------------------------------------------

GOOD = {
    "Documento del proveedor": FIRMS["paramo"].number,
    "Objeto": "Apoyar el archivo",
    "Valor": "1.000.000",
    "Duración": "6",
}
# What is wrong in each of the seven rows, and what the page says of it.
BAD = (
    ({"Documento del proveedor": "900999999"}, "Documento del proveedor"),
    ({"Objeto": ""}, "Escriba el objeto del contrato."),
    ({"Valor": "mucho"}, "Valor:"),
    ({"Valor": "0"}, "Valor:"),
    ({"Duración": "medio año"}, "Duración:"),
    ({"Fuente de los recursos": "la suerte"}, "Fuente de los recursos:"),
    ({"Correo del supervisor": "nadie@pliego.example"}, "Correo del supervisor:"),
)


def many(world: Contracted) -> None:
    """Ana sends three hundred rows; the seven wrong ones say what to mend; she drops the file."""
    ana, tender = world.ana, world.made(DIRECT)[-1]
    with world.job("load contracts"):
        ana.go(f"/escritorio/procesos/{tender}/contratos/cargar/")
        ana.page.locator('main input[type=file][name="file"]').set_input_files(spreadsheet(world.folder))
        ana.press("Leer el archivo")
        ana.sees("7 filas tienen errores")
        ana.go(f"{ana.path}?ver=errores")
        rows = ana.page.locator("main tbody tr")
        assert rows.count() == len(BAD)
        for row, (_wrong, said) in zip(rows.all(), BAD, strict=True):
            assert said in row.inner_text(), (said, row.inner_text())
        ana.press("Descartar el archivo")
    ana.go(f"/escritorio/procesos/{tender}/contratos/cargar/")


def spreadsheet(folder: Path) -> Path:
    path = folder / "contratos.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        sheet = csv.DictWriter(out, [column.title for column in COLUMNS], restval="")
        sheet.writeheader()
        sheet.writerows([GOOD] * (300 - len(BAD)) + [{**GOOD, **wrong} for wrong, _said in BAD])
    return path


STEPS = (chain, begun, first_month, followed, many)
