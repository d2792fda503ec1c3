"""Who lost every factor gets a new one: the person, two of the desk, the wait, the password; screens are counted."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pliego.accounts.reissuing import CHECKS
from pliego.demo import papers
from tests.browser.conftest import Site, Watched, copied, look
from tests.browser.test_people import PASSWORD, Person
from tests.browser.test_sign_suspension import attach, person, sign

SCREENS_OF_THE_PERSON = 3  # the address, the case, the new authenticator
SCREENS_OF_THE_DESK = 3  # the task, the case, the act
WHY = "Me robaron el teléfono, y con él la aplicación y los códigos."
FOUND = "La llamé al teléfono registrado y la vi en video con la cédula en la mano."
# What the worker does each five minutes.
EVERY_FIVE_MINUTES = "from pliego.accounts import letters; print(letters.new_factors())"


@pytest.fixture(scope="module")
def site(furnished: Path) -> Iterator[Site]:
    """An installation whose operator lets the link go out as soon as two people agree."""
    with copied(furnished, PLIEGO_REISSUE_HOURS="0") as site:
        yield site


@pytest.fixture
def nora(site: Site, browser: Browser) -> Iterator[Person]:
    """Somebody registered with a password and an authenticator, who has lost it, and whose browser knows nothing."""
    context = browser.new_context(locale="es-CO", timezone_id="America/Bogota")
    watched = Watched(context.new_page())
    found = Person(site, watched.page, "nora")
    found.register_with_password()
    context.clear_cookies()
    found.screens.clear()
    yield found
    context.close()
    assert not watched.faults, "\n".join(watched.faults)


def test_with_two_people_of_the_desk_and_the_password(
    browser: Browser, site: Site, nora: Person, pictures: Path | None, tmp_path: Path
) -> None:
    card, call = tmp_path / "cedula.pdf", tmp_path / "llamada.pdf"
    card.write_bytes(papers.pdf("Cédula", "Nora De Prueba"))
    call.write_bytes(papers.pdf("Registro de la llamada", FOUND))

    asked(nora, card, pictures)
    ines, saw_ines = person(browser, site, "Inés")
    case = proved(ines, site, call, pictures)
    irene, saw_irene = person(browser, site, "Irene")
    confirmed(irene, site, case, pictures)
    ines.goto(case)
    expect(ines.locator("main")).to_contain_text("Confirmada por dos")
    assert site.run("django", "shell", "-v0", "-c", EVERY_FIVE_MINUTES).split()[-1] in {
        "0",
        "1",
    }  # 0: the worker was first
    replaced(nora, pictures)

    assert len(nora.screens) == SCREENS_OF_THE_PERSON, nora.screens
    nora.sign_in(PASSWORD)
    nora.go("/cuenta/")
    expect(nora.page.locator("main")).to_contain_text("Reposición de factores perdidos")
    look(nora.page, "reposicion-cuenta", pictures)
    ines.reload()
    expect(ines.locator("main")).to_contain_text("Hecha")
    look(ines, "reposicion-mesa-terminada", pictures)
    assert not saw_ines.faults + saw_irene.faults, saw_ines.faults + saw_irene.faults


def asked(nora: Person, card: Path, pictures: Path | None) -> None:
    """From the page of the forgotten password to a case, refused once for what it lacks."""
    nora.go("/recuperar/")
    nora.page.get_by_role("link", name=re.compile("Tengo mi correo, pero no llave")).click()
    nora.fill(email=nora.email)
    nora.press("Enviarme el enlace")
    nora.go(nora.mail(r"https?://[^/]+(/reposicion/caso/\S+)"))
    nora.fill(reason=WHY)
    nora.press("Abrir el caso")
    look(nora.page, "reposicion-caso-errores", pictures)
    expect(nora.page.locator(".govuk-error-summary")).to_contain_text("Su documento de identidad, frente")
    expect(nora.page.locator("main [name=reason]")).to_have_value(WHY)
    nora.screens.pop()  # the same screen, again
    nora.page.locator("main [name=evidence]").set_input_files(card)
    nora.press("Abrir el caso")
    expect(nora.page.locator("body")).to_contain_text(re.compile(r"El caso REP-"))


def proved(ines: Page, site: Site, call: Path, pictures: Path | None) -> str:
    """The first person, from her task: refused while a check is undone; what she wrote stays. Answers the case."""
    passed = [on_task(ines, site)]
    case = ines.url
    look(ines, "reposicion-mesa-caso", pictures)
    passed.append(case)
    ines.get_by_role("button", name="Probar la identidad").click()
    ines.get_by_label("Lo que encontró y con quién habló").fill(FOUND)
    sign(ines, "Probar la identidad")
    expect(ines.locator(".govuk-error-summary")).to_contain_text("Lo que usted verificó")
    expect(ines.get_by_label("Lo que encontró y con quién habló")).to_have_value(FOUND)
    look(ines, "reposicion-mesa-probar-errores", pictures)
    for check in CHECKS:
        ines.locator(f"main [name=checks][value={check}]").check()
    attach(ines, call)
    passed.append(ines.url)
    sign(ines, "Probar la identidad")
    ines.wait_for_url(case)
    expect(ines.locator("main")).to_contain_text("Identidad probada por una persona")
    expect(ines.get_by_role("button", name="Confirmar la reposición")).to_have_count(0)
    look(ines, "reposicion-mesa-probada", pictures)
    assert len(passed) == SCREENS_OF_THE_DESK, passed
    return case


def confirmed(irene: Page, site: Site, case: str, pictures: Path | None) -> None:
    """The second person, from hers."""
    passed = [on_task(irene, site), case]
    assert irene.url == case
    irene.get_by_role("button", name="Confirmar la reposición").click()
    expect(irene.locator("h1")).to_contain_text("Nora De Prueba")
    look(irene, "reposicion-mesa-confirmar", pictures)
    passed.append(irene.url)
    sign(irene, "Confirmar la reposición")
    irene.wait_for_url(case)
    assert len(passed) == SCREENS_OF_THE_DESK, passed


def on_task(page: Page, site: Site) -> str:
    """Follow the task that names nora; answers where it was."""
    page.goto(site.url + "/escritorio/")
    url = page.url
    page.locator("main li, main tr").filter(has_text="Nora De Prueba").get_by_role("link").first.click()
    page.wait_for_url(re.compile("/mesa/reposiciones/REP-"))
    return url


def replaced(nora: Person, pictures: Path | None) -> None:
    """With the link, a password that is wrong once, and the code of the new authenticator."""
    nora.go(nora.mail(r"https?://[^/]+(/reposicion/factor/\S+)"))
    shown = nora.page.locator("dd", has_text=re.compile(r"^\s*[A-Z2-7 ]{16,}\s*$")).inner_text()
    nora.secret = re.sub(r"\s", "", shown)
    nora.fill(password="no es esta contraseña", code=nora.code())
    nora.press("Reponer mis factores")
    expect(nora.page.locator(".govuk-error-summary")).to_be_visible()
    look(nora.page, "reposicion-factor-errores", pictures)
    nora.screens.pop()
    nora.fill(password=PASSWORD, code=nora.code())
    nora.press("Reponer mis factores")
    expect(nora.page.locator("h1")).to_have_text("Sus códigos de recuperación")
    look(nora.page, "reposicion-codigos", pictures)
