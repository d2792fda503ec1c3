"""A process stops and goes on: what the approver signs, and what everybody reads meanwhile."""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from pliego.demo.processes import OPEN_REFERENCE
from tests.browser.conftest import Site, look
from tests.browser.test_sign_suspension import person, sign

SITE_OF_ITS_OWN = True
CODE = f"from pliego.tendering.models import Tender; print(Tender.objects.get(reference={OPEN_REFERENCE!r}).code)"
A_WEEK_LATER = (
    "from pliego.kernel import clock; from pliego.workspace.views import seconds_of; clock.move(seconds_of('week'))"
)
TOOK = re.compile("[56] días hábiles")  # on a day that is none it begins later
WHY = "El Juzgado 3 Administrativo ordenó suspender el proceso mientras decide una acción de tutela."


def test_from_the_suspension_to_the_resumption(browser: Browser, site: Site, pictures: Path | None) -> None:
    code = site.run("django", "shell", "-v0", "-c", CODE).strip().splitlines()[-1]
    beto, seen = person(browser, site, "Beto")
    planned = date.today() + timedelta(days=400)

    beto.goto(f"{site.url}/escritorio/procesos/{code}/suspender/")
    look(beto, "suspender", pictures)
    beto.get_by_label("Por qué se suspende el proceso").fill(WHY)
    beto.get_by_label("Reinicio previsto").fill(f"{planned:%d/%m/%Y}")
    sign(beto, "Firmar y suspender el proceso")
    expect(beto.get_by_role("alert")).to_contain_text("Acto y fundamento legal")
    expect(beto.get_by_label("Por qué se suspende el proceso")).to_have_value(WHY)  # what was typed stays
    beto.get_by_label("Acto y fundamento legal").fill("Auto 118 de 2026")
    sign(beto, "Firmar y suspender el proceso")
    expect(beto.locator("main")).to_contain_text("El proceso está suspendido desde el")
    look(beto, "suspendido-escritorio", pictures)

    everybody = browser.new_context(locale="es-CO", timezone_id="America/Bogota").new_page()
    everybody.goto(f"{site.url}/procesos/{code}/")
    expect(everybody.locator("main")).to_contain_text(WHY)
    expect(everybody.locator("main")).to_contain_text("debe reanudar el proceso")
    look(everybody, "suspendido-publico", pictures)

    site.run("django", "shell", "-v0", "-c", A_WEEK_LATER)
    beto, saw_later = person(browser, site, "Beto")
    beto.goto(f"{site.url}/escritorio/procesos/{code}/reanudar/")
    expect(beto.locator("main")).to_contain_text(TOOK)
    expect(beto.locator("main")).to_contain_text(re.compile("Antes: .* Lo más temprano: "))
    look(beto, "reanudar", pictures)
    beto.get_by_label("Por qué se reanuda el proceso").fill("La tutela fue negada.")
    sign(beto, "Firmar y reanudar el proceso")
    expect(beto.locator("main")).to_contain_text("El proceso se reanuda, con sus nuevas fechas")
    look(beto, "reanudado-escritorio", pictures)

    everybody.goto(f"{site.url}/procesos/{code}/")
    expect(everybody.locator("#adendas")).to_contain_text("La tutela fue negada.")
    expect(everybody.locator("#suspensiones")).to_contain_text(TOOK)
    look(everybody, "reanudado-publico", pictures)
    assert not seen.faults + saw_later.faults, seen.faults + saw_later.faults
