"""Steps 6 and 7: offers sealed in browsers, the closing, the opening with the members' files, the report, the award."""

import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
from playwright.sync_api import expect

from pliego.config.postgres import installed
from tests.browser.walk import Walker, World
from tests.browser.walk_buying import PASSPHRASE

PRICES = {"carla": ("3200000", "900000"), "dario": ("2900000", "800000")}
PLANTED = "la frase que nadie lee antes de la apertura: el dragón duerme bajo el puente\n".encode()
PUBLIC = (
    "/procesos/{code}/", "/procesos/{code}/apertura/", "/procesos/{code}/oferentes.csv", "/api/v1/processes/{code}",
    "/api/v1/tenders/{code}/room", "/ocds/api/v1/records/{ocid}", "/bitacora/entradas/?desde=0",
)  # fmt: skip


def offers(world: World) -> None:
    """Two suppliers seal here what nobody can read, and take their receipts home."""
    for name, prices in PRICES.items():
        who = getattr(world, name)
        with world.job("submit offer"):
            offer(world, who, prices)
        receipt(world, who)


def offer(world: World, who: Walker, prices: tuple[str, ...], lots: tuple[int, ...] = ()) -> None:
    sent: list[bytes] = []
    who.page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    who.go(f"/ofertas/{world.tender}/")
    who.follow(re.compile("^Preparar la (oferta|respuesta)"))
    seal = who.page.locator("pl-seal:not([aria-busy])")
    expect(seal.locator("[data-part=tool]")).to_be_visible()
    for lot in lots:
        seal.locator(f'[data-lot][value="{lot}"]').check()
    paper = world.paper(f"Experiencia de {who.name}")
    paper.write_bytes(paper.read_bytes() + b"%" + PLANTED)  # a comment after the end of the document
    seal.locator("[data-kind=file] input[type=file]").set_input_files(paper)
    expect(seal.locator("[data-files] li")).to_contain_text("cifrado y recibido")
    for guarantee in seal.locator("[data-about=guarantee]").all():
        guarantee.fill("45-44-101010")
    for line, price in zip(seal.locator("tr[data-line] input:visible").all(), prices, strict=True):
        line.fill(price)
    seal.locator("[data-part=seal]").click()
    expect(seal.locator("[data-part=status]")).to_contain_text("Sellada")
    who.sign().press()
    assert any(b"manifest" in body for body in sent)
    assert not any(price.encode() in body for body in sent for price in prices)
    who.sees(re.compile("Su (oferta|respuesta) fue recibida"))


def receipt(world: World, who: Walker) -> None:
    """The receipt as a page, as JSON and as PDF; both files verify without the site."""
    who.follow(re.compile(r"^[A-Z0-9]{4}-"))
    page = who.page.url
    button = who.page.locator("main a", has_text="Descargar el JSON")
    until = time.monotonic() + 60
    while not button.count() and time.monotonic() < until:
        time.sleep(1)
        who.page.goto(page)
    who.look()
    for title in ("Descargar el JSON", "Descargar el PDF"):
        with who.page.expect_download() as taken:
            who.page.locator("main a", has_text=title).click()
        kept = who.save(taken.value)
        world.site.run("verify", str(kept))


def everything(world: World) -> Iterator[tuple[str, bytes]]:
    """All that whoever holds the installation could read: its files, logs and mail, the database's own files with the
    write-ahead log, a backup, and what everybody is shown."""
    url = (world.site.var / "postgres.url").read_text().strip()
    with psycopg.connect(url) as connection:
        connection.execute("CHECKPOINT")  # what is in memory only is written
        ((data,),) = connection.execute("SHOW data_directory").fetchall()
        ((ocid,),) = connection.execute("SELECT ocid FROM tendering_tender WHERE code = %s", [world.tender]).fetchall()
    for path in {*world.site.var.rglob("*"), *Path(data).rglob("*")}:
        if path.is_file():
            yield str(path), path.read_bytes()
    yield "backup", subprocess.run([installed() / "bin" / "pg_dump", url], check=True, capture_output=True).stdout
    for path in PUBLIC:
        with urllib.request.urlopen(world.site.url + path.format(code=world.tender, ocid=ocid), timeout=30) as answer:
            yield path, answer.read()


def holding(kept: list[tuple[str, bytes]], *words: bytes) -> set[str]:
    """Where any of them is, as it is or in hexadecimal."""
    ways = [way for word in words for way in (word, word.hex().encode())]
    return {place for place, content in kept if any(way in content for way in ways)}


def opening(world: World) -> None:
    """The closing record, the shares of two members, the custodian's halves, and the public list. Before them nothing
    that was offered is anywhere, and after them it is."""
    ana, room = world.ana, f"/escritorio/procesos/{world.tender}/apertura/"
    secrets = PLANTED, b"experiencia-de-carla"
    world.stage.wait_until(world.milestone("bids_due") + timedelta(seconds=30))
    with world.job("open envelopes"):
        ana.go(room)
        ana.on(f"{room}cerrar/")
        kept = [*everything(world)]
        found = holding(kept, *secrets)
        assert not found, found
        known = holding(kept, world.tender.encode())  # the search finds what is there
        assert {"backup", PUBLIC[0]} <= known
        assert any("/pg_wal/" in place for place in known)
        world.stage.wait_until(world.milestone("opening") + timedelta(minutes=1))
        for name in ("ana", "beto"):
            give_shares(getattr(world, name), room)
        open_offers(ana, room)
    assert any("blobs" in place for place in holding([*everything(world)], *secrets))
    ana.signing(f"{room}acta/opening/", note="Asistió la veeduría.")
    stranger = world.stranger()
    stranger.go(f"/procesos/{world.tender}/oferentes/")
    stranger.sees("SUMINISTROS DEL PARAMO")


def give_shares(who: Walker, room: str, phrase: str = PASSPHRASE) -> None:
    who.go(room)
    part = who.page.locator("pl-opening")
    part.locator("[data-part=file]").set_input_files(who.key)
    part.locator("[data-part=passphrase]").fill(phrase)
    who.press(part.locator("[data-part=open]"))
    who.sees("entregó los fragmentos")


def open_offers(ana: Walker, room: str) -> None:
    """As soon as the custodian, who reads its own copy of the log, has given its halves."""
    until = time.monotonic() + 90
    act = ana.page.locator("main a[href$='/abrir/']")
    ana.go(room)
    while not act.count() and time.monotonic() < until:
        time.sleep(1)
        ana.page.goto(ana.page.url)
    ana.on(f"{room}abrir/")


def evaluation(world: World) -> None:
    """Dario's offer, the lowest, does not comply; the report is observed and answered."""
    ana, room = world.ana, f"/escritorio/procesos/{world.tender}/evaluacion/"
    with world.job("evaluate and award"):
        until = time.monotonic() + 60
        offers = ana.page.locator("main th a[href*='/evaluacion/ofertas/']:not([href$='/requerir/'])")
        while not offers.count() and time.monotonic() < until:
            answer = ana.page.goto(world.site.url + room)
            if answer is not None and answer.status == 404:
                time.sleep(1)
        ana.look()
        found = {a.get_attribute("href") for a in offers.all()}
        assert len(found) == 2, found
        for path in sorted(found):
            assess(ana, path)
        world.stage.wait_until(world.milestone("report_published"))
        ana.signing(f"{room}informe/")
    dario = world.dario
    dario.go(f"/procesos/{world.tender}/informe/")
    dario.on(f"/procesos/{world.tender}/informe/observar/", text="Pedimos revisar la experiencia que certificamos.")
    with world.job("evaluate and award"):
        ana.on(f"{room}observaciones/1/", answer="Revisada: son 10 meses y se pidieron 12.")


def assess(ana: Walker, path: str) -> None:
    ana.go(path)
    wins = "PARAMO" in ana.page.locator("h1").inner_text().upper().replace("Á", "A")
    item = ana.page.locator("main [name^=item_]").first.get_attribute("name")
    ana.fill(**{item: "yes" if wins else "no"})
    if not wins:
        ana.fill(**{item.replace("item", "reason"): "La experiencia certificada es menor que la pedida."})
    if ana.page.locator("main [name=explanation]").count():
        ana.fill(explanation="Precio explicado y sostenible.")
    ana.press()


def award(world: World) -> None:
    beto = world.beto
    due = max(world.milestone("award"), world.milestone("observations_due") + timedelta(minutes=1))
    world.stage.wait_until(due)
    with world.job("evaluate and award"):
        beto.go(f"/escritorio/procesos/{world.tender}/adjudicar/")
        beto.page.locator("main label", has_text=re.compile("p[aá]ramo", re.I)).click()
        beto.fill(reason="Es la oferta de menor precio que cumple lo pedido.").sign().press()
    stranger = world.stranger()
    stranger.go(f"/procesos/{world.tender}/")
    stranger.sees("Adjudica")
