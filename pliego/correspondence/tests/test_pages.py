"""The pages, the files and the API of messages."""

import csv
import io

from pliego.accounts.tests import given as people
from pliego.correspondence.models import Message
from pliego.correspondence.services import Words, open_case, write_in_case
from pliego.tendering.tests.test_pages import sent


def test_the_entity_writes_and_the_supplier_finds_it_reads_it_and_asks(  # noqa: PLR0917
    browser, client, house, carla, published, asked, run_reactions
):
    ana, supplier = browser(house.ana), browser(carla)
    room, desk = f"/procesos/{published.code}/mensajes/", f"/escritorio/procesos/{published.code}/mensajes/nuevo/"

    wrong = sent(ana, desk, group="bidders", supplier="", subject="Cierre", text="Texto escrito")
    done = sent(ana, desk, group="public", supplier="", subject="Visita", text="=SUMA(1;2) instalación")

    public = f"{room}2/"
    assert (wrong.status_code, done.status_code, done["Location"]) == (422, 303, public)
    assert "Texto escrito" in wrong.content.decode()
    assert "acta de cierre" in wrong.content.decode()
    inbox = supplier.get("/escritorio/mensajes/?q=INSTALACION").content.decode()
    assert "1 mensaje que nadie de su cuenta ha abierto" in inbox
    assert public in inbox
    assert "Ningún mensaje es así" in supplier.get("/escritorio/mensajes/?q=zanahoria").content.decode()
    run_reactions()
    assert client.get(f"/procesos/{published.code}/").content.decode().count("Visita</a>") == 1
    assert client.get(public).status_code == 200
    assert supplier.get(public).status_code == 200
    assert carla.account_name in ana.get(public).content.decode()
    assert "Ningún mensaje es así" in supplier.get("/escritorio/mensajes/?ver=sin-leer").content.decode()
    assert supplier.get(f"{room}1/")["Location"] == f"/procesos/{published.code}/casos/1/"
    reply = sent(supplier, f"{room}nuevo/?sobre=2", subject="Sobre el mensaje 2", text="¿A qué hora?")
    assert reply["Location"] == f"/procesos/{published.code}/casos/2/"
    answered = sent(ana, reply["Location"], text="A las nueve.")
    assert answered.status_code == 303
    assert browser(house.elena).post(reply["Location"], {"text": "Yo no"}).status_code == 403
    assert "A las nueve." in supplier.get(reply["Location"]).content.decode()


def test_nobody_finds_in_pages_files_or_api_what_was_written_to_others(  # noqa: PLR0917
    browser, client, client_for, carla, dario, published, written, asked, at
):
    reserved = written("supplier", supplier=carla.account_code, subject="Reservado")
    written("public", text="=SUMA(1;2)")
    address = f"/procesos/{published.code}/mensajes"

    def rows(who):
        text = b"".join(who.get(f"{address}.csv").streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    assert [(row["to"], row["text"]) for row in rows(client)] == [("public", "'=SUMA(1;2)")]
    assert [row["to"] for row in rows(browser(carla))] == ["entity", "supplier", "public"]
    assert client.get(f"{address}.pdf").content.startswith(b"%PDF-")
    assert client.get(f"{address}.xlsx").status_code == 404
    for who in (client, browser(dario), client_for(people.person("fabio", at=at))):
        assert who.get(f"{address}/{reserved.number}/").status_code == 404
        assert who.get(f"/api/v1/tenders/{published.code}/cases/1").status_code == 404
        assert b"Reservado" not in who.get(f"{address}/").content
        assert who.get(f"/procesos/{published.code}/casos/1/").status_code == (302 if who is client else 404)


def test_the_api_does_the_same(api, house, carla, dario, published):
    path = f"/tenders/{published.code}"

    case = api(carla)("POST", f"{path}/cases", subject="Visita", text="¿A qué hora?")
    wrong = api(house.ana)("POST", f"{path}/messages", to="bidders", subject="a", text="b", colour="rojo")
    secret = api(house.ana)("POST", f"{path}/messages", to="bidders", subject="a", text="b")
    lost = api(house.ana)("POST", f"{path}/messages", to="public", subject="a", text="b", uploads=["CRG-1"])
    answer = api(house.ana)("POST", f"{path}/cases/1/messages", text="A las 9")
    public = api(house.ana)("POST", f"{path}/messages", to="public", subject="Aviso", text="Para todos")
    inbox = api(carla)("GET", "/messages?unread=true")[1]

    assert (case[0], case[1]["to"], case[1]["case"][:7]) == (201, "entity", "PLG.CAS")
    assert (wrong[0], wrong[1]["errors"][0]["code"]) == (422, "unknown_field")
    assert (secret[0], secret[1]["errors"][0]["code"], lost[0]) == (422, "bidders_are_secret", 422)
    assert (answer[0], public[0]) == (201, 201)
    assert public[1]["receipt"]["url"].startswith("/recibos/")
    assert (inbox["unread"], [row["subject"] for row in inbox["messages"]]) == (2, ["Aviso", "Visita"])
    assert api(carla)("POST", f"{path}/messages/2/read")[1] == {"opened": 1}
    assert [row["text"] for row in api(carla)("GET", f"{path}/cases/1")[1]["messages"]] == ["¿A qué hora?", "A las 9"]
    assert [row["to"] for row in api(dario)("GET", f"{path}/messages")[1]] == ["public"]


def test_lists_make_no_more_queries_with_more_rows(  # noqa: PLR0917
    browser, house, carla, published, written, asked, at, django_assert_max_num_queries
):
    pages = ["/escritorio/mensajes/", f"/procesos/{published.code}/mensajes/", f"/procesos/{published.code}/casos/1/"]
    ana = browser(house.ana)
    counts = []
    for number in range(2):
        for page in pages:
            with django_assert_max_num_queries(counts.pop(0) if number else 60) as made:
                ana.get(page)
            if not number:
                counts.append(len(made))
        for text in "abcdef":
            write_in_case(actor=carla, case_id=asked.case_id, words=Words(text), at=at)
            open_case(actor=carla, tender_id=published.pk, words=Words(text, text), at=at)
            written("public", text=text)
    assert Message.objects.count() > 30
