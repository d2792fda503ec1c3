"""A person at the door, in a real browser: registering, passkeys, recovery, one's own history. Screens are counted."""

import email
import re
import secrets
import time
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pliego.demo.play.person import PERIOD, one_time_code
from tests.browser.conftest import Site, Watched, look

PASSWORD, NEW_PASSWORD = "una frase larga de práctica", "otra frase larga de práctica"
SCREENS_TO_REGISTER = 4
MAIL_SECONDS = 60
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Person:
    """Somebody with a browser, a mailbox, and perhaps a device that keeps passkeys."""

    def __init__(self, site: Site, page: Page, name: str) -> None:
        self.site, self.page, self.name = site, page, name
        # A passkey belongs to a name, not to an address: "localhost" is one.
        self.url = site.url.replace("127.0.0.1", "localhost")
        self.email = f"{name}.{secrets.token_hex(3)}@pliego.example"
        self.read: set[Path] = set()
        self.screens: list[str] = []
        self.secret = ""
        self.period = 0

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, label: str) -> None:
        self.screens.append(self.page.url.removeprefix(self.url))
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=label, exact=True).click()

    def fill(self, **typed: str) -> None:
        for name, value in typed.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def mail(self, holding: str) -> str:
        """What the pattern finds in a mail to this person that was not read yet."""
        until = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < until:
            for file in sorted((self.site.var / "mail").glob("*.eml")):
                letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
                body = letter.get_body(("plain",))
                if file in self.read or self.email not in str(letter["To"]) or body is None:
                    continue
                if found := re.search(holding, body.get_content()):
                    self.read.add(file)
                    return found[1]
            time.sleep(0.2)
        raise AssertionError(f"no mail to {self.email} with {holding}")

    def code(self) -> str:
        """The next code of the authenticator: each is accepted once."""
        self.period = max(self.period + 1, int(time.time()) // PERIOD)
        until = time.monotonic() + 2 * PERIOD
        while self.period > int(time.time()) // PERIOD + 1 and time.monotonic() < until:
            time.sleep(0.5)
        return one_time_code(self.secret, self.period)

    def give_device(self) -> None:
        """A device with a fingerprint, made by the browser's own protocol."""
        wire = self.page.context.new_cdp_session(self.page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def begin(self, pictures: Path | None) -> None:
        """The first two screens of the registration."""
        self.go("/registro/")
        look(self.page, "registro", pictures)
        expect(self.page.locator("main [name=time_zone]")).to_have_value("America/Bogota")
        number = str(1_000_000_000 + secrets.randbelow(900_000_000))
        self.fill(full_name=f"{self.name.title()} De Prueba", document_number=number, email=self.email)
        self.page.locator("main [name=terms_accepted]").check()
        self.press("Enviarme el código")
        look(self.page, "registro-codigo", pictures)
        self.fill(code=self.mail(r"\b(\d{6})\b"))
        self.press("Confirmar")

    def register_with_password(self, pictures: Path | None = None) -> None:
        self.begin(pictures)
        shown = self.page.locator("dd", has_text=re.compile(r"^\s*[A-Z2-7 ]{16,}\s*$")).inner_text()
        self.secret = re.sub(r"\s", "", shown)
        self.fill(password=PASSWORD, code=self.code())
        self.press("Confirmar el código")
        assert self.page.locator("main ol.pl-code li").count() >= 8

    def sign_in(self, password: str) -> None:
        self.go("/ingresar/")
        self.fill(email=self.email, password=password)
        self.press("Ingresar")
        self.fill(code=self.code())
        self.press("Ingresar")


@pytest.fixture
def person(site: Site, browser: Browser):
    """`person(name)`: each with a browser of their own, whose faults count."""
    opened = []

    def make(name: str) -> Person:
        context = browser.new_context(locale="es-CO", timezone_id="America/Bogota")
        watched = Watched(context.new_page())
        opened.append((context, watched))
        return Person(site, watched.page, name)

    yield make
    for context, watched in opened:
        context.close()
        assert not watched.faults, "\n".join(watched.faults)


class TestRegisterAndSignIn:
    def test_with_a_passkey_in_four_screens_and_then_with_nothing_to_type(self, person, pictures):
        rosa = person("rosa")
        rosa.give_device()
        rosa.begin(pictures)
        look(rosa.page, "registro-como-ingresar", pictures)
        rosa.press("Crear una llave de acceso")
        expect(rosa.page.locator("h1")).to_have_text("Sus códigos de recuperación")
        rosa.screens.append(rosa.page.url)
        look(rosa.page, "registro-codigos", pictures)
        assert len(rosa.screens) == SCREENS_TO_REGISTER, rosa.screens

        rosa.go("/cuenta/")
        look(rosa.page, "cuenta", pictures)
        rosa.press("Salir")
        rosa.go("/ingresar/")
        look(rosa.page, "ingresar", pictures)
        rosa.press("Ingresar con una llave de acceso")
        rosa.go("/cuenta/")

        first = rosa.page.locator("main table tbody tr").first
        expect(first).to_contain_text("llave de acceso")

    def test_with_a_password_in_four_screens_and_its_strength_is_told_before_it_is_sent(self, person):
        saul = person("saul")
        saul.begin(None)
        field = saul.page.locator("main [name=password]")
        strength = saul.page.locator("pl-strength [role=status]")
        sent: list[str] = []
        saul.page.on("request", lambda request: sent.append(request.url))
        field.press_sequentially("aaaaaaaaaaaaa")
        expect(strength).to_have_text(re.compile("débil"))
        field.fill("")
        field.press_sequentially("caballo correcto bateria grapa")
        expect(strength).to_have_text("Muy fuerte.")
        asked = {url.rpartition("/")[2] for url in sent if not url.endswith("/web/img/pliego.svg")}  # the page's icon
        names = {name.split(".")[0] for name in asked} - {"hora"}  # the page's clock asks each minute
        assert names == {"core", "common"}  # what is typed goes nowhere

        shown = saul.page.locator("dd", has_text=re.compile(r"^\s*[A-Z2-7 ]{16,}\s*$")).inner_text()
        saul.secret = re.sub(r"\s", "", shown)
        saul.fill(password="pliego 2026 saul", code=saul.code())
        saul.press("Confirmar el código")
        look(saul.page, "registro-clave-mala", None)
        expect(saul.page.locator(".govuk-error-summary")).to_be_visible()
        saul.screens.pop()  # the same screen, again
        saul.fill(password=PASSWORD, code=saul.code())
        saul.press("Confirmar el código")
        saul.screens.append(saul.page.url)

        assert len(saul.screens) == SCREENS_TO_REGISTER, saul.screens
        assert saul.page.locator("main ol.pl-code li").count() >= 8


class TestRecovery:
    def test_gives_a_new_password_by_mail_keeps_the_factor_and_is_told(self, person, pictures):
        nora = person("nora")
        nora.register_with_password()
        stranger = person("extrano")
        stranger.go("/recuperar/")
        look(stranger.page, "recuperar", pictures)
        stranger.fill(email=nora.email)
        stranger.press("Enviarme el enlace")

        path = nora.mail(r"https?://[^/]+(/recuperar/\S+)")
        nora.page.context.clear_cookies()
        nora.go(path)
        look(nora.page, "clave-nueva", pictures)
        nora.fill(password=NEW_PASSWORD)
        nora.press("Cambiar la contraseña")
        nora.sign_in(NEW_PASSWORD)
        nora.go("/cuenta/")
        look(nora.page, "cuenta-avisos", pictures)

        expect(nora.page.locator("main")).to_contain_text("Alguien pidió recuperar su contraseña")
        nora.page.get_by_role("link", name=re.compile(r"No fui yo\s*: Recuperación")).first.click()
        look(nora.page, "no-fui-yo", pictures)
        nora.press("No fui yo: cerrar mi puerta")
        expect(nora.page).to_have_url(re.compile("/cuenta/clave/"))
        nora.go("/escritorio/")
        expect(nora.page).to_have_url(re.compile("/cuenta/clave/"))  # until there is a new password
        look(nora.page, "clave-obligada", pictures)


class TestTerms:
    def test_are_read_by_anybody(self, watched, site, pictures):
        watched.goto(site.url + "/terminos/")
        look(watched, "terminos", pictures)
        expect(watched.locator("main")).to_contain_text("Ley 527 de 1999")
