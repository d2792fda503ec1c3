"""A suspension on its pages, from the proposal to the appeal that lifts it, for everybody at both widths."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pliego.demo import papers
from tests.browser.conftest import Site, Watched, look
from tests.browser.test_shell import enter

# The desk of the demo has one person: two more, who approve.
DESK = """
from pliego.accounts.models import User
for name in ("Fabio", "Hugo"):
    user = User.objects.filter(full_name__startswith=name).first()
    user.platform_roles = ["desk"]
    user.save()
print(User.objects.filter(full_name__startswith="Carla").first().email)
"""


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
    email = site.run("django", "shell", "-v0", "-c", DESK).strip().splitlines()[-1]
    proof = tmp_path / "prueba.pdf"
    proof.write_bytes(papers.pdf("Queja", "La aseguradora dice que la póliza es de otra empresa."))
    ines, saw_ines = person(browser, site, "Inés")

    ines.goto(site.url + "/mesa/suspensiones/nueva/")
    look(ines, "suspension-nueva", pictures)
    sign(ines, "Proponerla")
    expect(ines.get_by_role("alert")).to_contain_text("Elija una opción")
    look(ines, "suspension-nueva-errores", pictures)
    ines.get_by_label("Código o correo de la persona").fill(email)
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

    for name in ("Fabio", "Hugo"):
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
    hugo, saw_hugo = person(browser, site, "Hugo")
    hugo.goto(case)
    hugo.get_by_role("button", name="Responder el recurso").click()
    look(hugo, "recurso-respuesta", pictures)
    hugo.get_by_label("Concederlo y levantar la suspensión").check()
    hugo.get_by_label("Motivos").fill("La aseguradora confirmó que la póliza es de esta empresa.")
    sign(hugo, "Responder el recurso")
    hugo.wait_for_url(case)

    carla.reload()
    expect(carla.get_by_text("Levantada").first).to_be_visible()
    expect(carla.get_by_text(re.compile("Su usuario está suspendido desde"))).to_have_count(0)
    look(carla, "suspension-levantada", pictures)
    for saw in (saw_ines, saw_carla, saw_hugo):
        assert not saw.faults, saw.faults


def label_of(page: Page, words: str) -> str:
    """The whole text of the option that holds these words."""
    options = page.get_by_label(re.compile("Evento de uso indebido")).locator("option").all_inner_texts()
    return next(text for text in options if words in text)
