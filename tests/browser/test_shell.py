"""What every page is made of, in a real browser: drafts, files, clocks, errors, menus; by keyboard, without script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look

PUBLIC = ["/", "/ayuda/", "/ayuda/proveedor/", "/accesibilidad/", "/privacidad/", "/mapa-del-sitio/", "/nada/"]


def enter(page: Page, url: str, person: str) -> None:
    page.goto(url + "/demo/")
    page.locator("li.pl-card", has_text=person).get_by_role("button").click()
    page.wait_for_load_state("load")


@pytest.fixture
def a_pdf(tmp_path: Path) -> Path:
    path = tmp_path / "anexo.pdf"
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    path.write_bytes(b"%PDF-1.4\n" + objects + b"%" * 200_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return path


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_for_everybody(watched: Page, site, pictures, path: str) -> None:
    watched.goto(site.url + path)

    look(watched, "publico" + path.replace("/", "-").rstrip("-"), pictures)


def test_every_component_is_for_everybody_also_with_errors(watched: Page, site, pictures) -> None:
    watched.goto(site.url + "/componentes/")
    look(watched, "componentes", pictures)
    watched.get_by_role("button", name="Guardar y seguir").click()

    expect(watched.locator(".govuk-error-summary")).to_be_focused()
    assert watched.title().startswith("Error: ")
    look(watched, "componentes-con-errores", pictures)


def test_an_error_leads_to_its_field_and_keeps_what_was_typed(watched: Page, site) -> None:
    watched.goto(site.url + "/componentes/")
    watched.get_by_label("Título del proceso").fill("Sillas para la sede")
    watched.get_by_label("Presupuesto oficial").fill("mucho")
    watched.get_by_role("button", name="Guardar y seguir").click()
    watched.locator(".govuk-error-summary a", has_text="Qué se compra").click()

    expect(watched.locator("#id_kind_0")).to_be_focused()
    expect(watched.get_by_label("Título del proceso")).to_have_value("Sillas para la sede")
    expect(watched.get_by_label("Presupuesto oficial")).to_have_value("mucho")


def test_a_draft_is_saved_while_typing_and_two_tabs_do_not_overwrite_each_other(watched: Page, site) -> None:
    enter(watched, site.url, "Ana")
    watched.goto(site.url + "/componentes/")
    other = watched.context.new_page()
    other.goto(site.url + "/componentes/")
    watched.get_by_label("Título del proceso").press_sequentially("Sillas")
    expect(watched.locator("#guardado")).to_contain_text(
        re.compile(r"Borrador guardado a las \d\d:\d\d:\d\d · versión \d")
    )

    other.get_by_label("Título del proceso").press_sequentially("Mesas")
    expect(other.locator("#guardado")).to_contain_text("guardó otra versión")
    other.get_by_role("button", name="Conservar lo de esta página").click()
    expect(other.locator("#guardado")).to_contain_text("Borrador guardado")
    watched.reload()

    expect(watched.get_by_label("Título del proceso")).to_have_value("Mesas")


def test_a_file_goes_up_by_itself_and_shows_its_hash(watched: Page, site, a_pdf: Path) -> None:
    enter(watched, site.url, "Ana")
    watched.goto(site.url + "/componentes/")
    watched.locator("input[type=file]").set_input_files(a_pdf)

    expect(watched.locator(".pl-upload__line")).to_contain_text(re.compile("SHA-256: [0-9a-f]{64}"))
    assert watched.locator("input[name=document-carga]").input_value()


def test_a_wrong_file_is_refused_before_it_is_sent(watched: Page, site, tmp_path: Path) -> None:
    enter(watched, site.url, "Ana")
    watched.goto(site.url + "/componentes/")
    disguised = tmp_path / "anexo.pdf"
    disguised.write_bytes(b"MZ" + b"\0" * 100)
    sent: list[str] = []
    watched.on("request", lambda request: sent.append(request.url) if "/cargas/" in request.url else None)
    watched.locator("input[type=file]").set_input_files(disguised)

    expect(watched.locator(".pl-upload__line")).to_contain_text("no es lo que dice su nombre")
    assert sent == []


def test_the_clock_of_the_page_is_the_server_s(watched: Page, site) -> None:
    watched.add_init_script("const real = Date.now; Date.now = () => real() + 7 * 60 * 1000;")
    watched.goto(site.url + "/componentes/")
    expect(watched.locator("pl-countdown")).to_contain_text("1 día 01:59")


def test_the_menu_of_a_person_opens_and_closes_by_keyboard(watched: Page, site, pictures) -> None:
    enter(watched, site.url, "Beto")
    watched.locator(".pl-who > summary").focus()
    watched.keyboard.press("Enter")
    expect(watched.get_by_role("button", name="Salir")).to_be_visible()
    look(watched, "menu-de-la-persona", pictures)
    watched.locator(".pl-who > summary").focus()
    watched.keyboard.press("Escape")

    expect(watched.get_by_role("button", name="Salir")).to_be_hidden()


def test_the_first_tab_leads_to_the_content(watched: Page, site) -> None:
    watched.goto(site.url + "/")
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")

    assert watched.url.endswith("#contenido")


def test_everything_can_be_read_and_sent_without_script(no_script, site) -> None:
    page = no_script.new_page()
    page.goto(site.url + "/componentes/")
    page.get_by_role("button", name="Guardar y seguir").click()

    expect(page.locator(".govuk-error-summary")).to_contain_text("Complete «Título del proceso».")
    expect(page.locator("input[type=file]")).to_be_visible()


def test_pages_stay_small(watched: Page, site) -> None:
    sizes: dict[str, int] = {}
    watched.on("response", lambda answer: sizes.update({answer.url: answer.request.sizes()["responseBodySize"]}))
    watched.goto(site.url + "/")
    watched.wait_for_load_state("networkidle")

    assert len(sizes) <= 15, sorted(sizes)
    assert all(url.startswith(site.url) for url in sizes)
