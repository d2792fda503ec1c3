"""A suspension on its pages, from the proposal to the appeal that lifts it, for everybody at both widths."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pliego.demo import papers
from pliego.demo.cast import BY_NAME
from tests.browser.conftest import Site, Watched, look
from tests.browser.test_shell import enter

OPENS, APPROVES, ALSO = "Inés", "Irene", "Iván"  # the desk of the demo: one opens, two others approve


def person(browser: Browser, site: Site, name: str) -> tuple[Page, Watched]:
    page = browser.new_context(locale="es-CO", timezone_id="America/Bogota").new_page()
    page.set_default_timeout(20_000)
    seen = Watched(page)
    enter(page, site.url, name)
    return page, seen


def sign(page: Page, label: str) -> None:
    """Press the button of the act; sign with the practice signature where the page asks."""
    practice = page.get_by_label(re.compile("Firma de práctica"))
    if practice.count():
        practice.check()
    page.get_by_role("button", name=label, exact=True).click()


def attach(page: Page, path: Path) -> None:
    """Choose the document of evidence and wait until it has been sent."""
    page.locator("input[type=file][name=evidence]").set_input_files(path)
    expect(page.locator('pl-upload[name="evidence-carga"] input[type=hidden]')).to_have_value(re.compile(".+"))


def test_from_the_proposal_to_the_appeal_that_lifts_it(
    browser: Browser, site: Site, pictures: Path | None, tmp_path: Path
) -> None:
    proof = tmp_path / "prueba.pdf"
    proof.write_bytes(papers.pdf("Queja", "La aseguradora dice que la póliza es de otra empresa."))
    ines, saw_ines = person(browser, site, OPENS)

    ines.goto(site.url + "/mesa/suspensiones/nueva/")
    look(ines, "suspension-nueva", pictures)
    sign(ines, "Proponerla")
    expect(ines.get_by_role("alert")).to_contain_text("Elija una opción")
    look(ines, "suspension-nueva-errores", pictures)
    ines.get_by_label("Código o correo de la persona").fill(BY_NAME["carla"].email)
    ines.get_by_label(re.compile("Uso indebido: de forma preventiva")).check()
    ines.get_by_label(re.compile("Evento de uso indebido")).select_option(label_of(ines, "documentos de otra persona"))
    ines.get_by_role("radio", name="Provisional").check()
    ines.get_by_label(re.compile("Último día")).fill("30/06/2027")
    ines.get_by_label(re.compile("Quién la pidió")).fill("Alcaldía de Valle Sereno, que recibió la oferta")
    ines.get_by_label("Hechos").fill("La póliza de la oferta pertenece a otra empresa, según la aseguradora.")
    attach(ines, proof)
    sign(ines, "Proponerla")
    ines.wait_for_url(re.compile(r"/mesa/suspensiones/SUS-"))
    case = ines.url
    look(ines, "suspension-caso", pictures)

    for name in (APPROVES, ALSO):
        other, saw = person(browser, site, name)
        other.goto(site.url + "/escritorio/")
        other.get_by_role("link", name=re.compile("Aprobar o rechazar la suspensión")).first.click()
        other.goto(case + "aprobar/")
        look(other, "suspension-aprobar", pictures)
        sign(other, "Aprobar la suspensión")
        other.wait_for_url(case)
        assert not saw.faults, saw.faults

    carla, saw_carla = person(browser, site, "Carla")
    expect(carla.get_by_text(re.compile("Su usuario está suspendido desde")).first).to_be_visible()
    carla.goto(site.url + case.split("/mesa", 1)[1].join(["/cuenta", ""]))
    look(carla, "suspension-persona", pictures)
    carla.get_by_role("button", name="Responder o recurrir").click()
    look(carla, "recurso", pictures)
    carla.get_by_label("Lo que usted responde").fill("La póliza es de mi empresa: adjunto el original y su pago.")
    attach(carla, proof)
    carla.get_by_role("button", name="Enviar").click()
    expect(carla.get_by_text("Espera respuesta")).to_be_visible()

    ines.goto(case)
    expect(ines.get_by_text("Usted la abrió: deciden otras dos personas.").first).to_be_visible()
    ivan, saw_ivan = person(browser, site, ALSO)
    ivan.goto(case)
    ivan.get_by_role("button", name="Responder el recurso").click()
    look(ivan, "recurso-respuesta", pictures)
    ivan.get_by_label("Concederlo y levantar la suspensión").check()
    ivan.get_by_label("Motivos").fill("La aseguradora confirmó que la póliza es de esta empresa.")
    sign(ivan, "Responder el recurso")
    ivan.wait_for_url(case)

    carla.reload()
    expect(carla.get_by_text("Levantada").first).to_be_visible()
    expect(carla.get_by_text(re.compile("Su usuario está suspendido desde"))).to_have_count(0)
    look(carla, "suspension-levantada", pictures)
    for saw in (saw_ines, saw_carla, saw_ivan):
        assert not saw.faults, saw.faults


def label_of(page: Page, words: str) -> str:
    """The whole text of the option that holds these words."""
    options = page.get_by_label(re.compile("Evento de uso indebido")).locator("option").all_inner_texts()
    return next(text for text in options if words in text)
