"""The pages and the API of a hearing of breach, walked as its people would; and what everybody reads afterwards."""

import re

import pytest
from django.core import mail

from pliego.breaches import hearing
from pliego.breaches.tests import given
from pliego.contracts.models import Contract
from pliego.contracts.tests.given import running, tendering
from pliego.execution import record
from pliego.execution.models import Settlement
from pliego.kernel import clock

pytestmark = pytest.mark.django_db
SIGNED = {"firma-demo": "on"}


def post(client, address, **data):
    answer = client.post(address, data)
    assert answer.status_code == 303, answer.context["form"].errors
    return client.get(answer["Location"]).content.decode()


def test_goes_from_the_report_to_the_register_and_everybody_reads_what_is_in_force(  # noqa: PLR0917
    house, at, visitor, api, client, run_reactions, django_assert_max_num_queries
):
    contract = running(at, house, covers=("performance",))
    room, then = f"/escritorio/contratos/{contract.code}/incumplimientos/", at + given.CALLED_FOR
    beto, carla, gloria = (visitor(who) for who in (house.beto, house.carla, house.gloria))

    assert room in gloria.get(f"/escritorio/contratos/{contract.code}/").content.decode()
    told = {"text": "Entregue los equipos", "due_at": "09/03/2026 15:00"}
    assert "Requerimiento 1" in post(gloria, f"{room}requerir/", **told)
    assert "El viernes" in post(carla, f"{room}requerimientos/1/", text="El viernes")
    said = {"source": "supervisor", "facts": "No entregó", "clauses": "La 4", "proofs": "Acta"}
    wrong = gloria.post(f"{room}informar/", {**said, "facts": ""})
    assert wrong.status_code == 422
    assert "La 4" in wrong.content.decode()
    post(gloria, f"{room}informar/", **said, document=tendering.pdf("informe.pdf").file)
    page = f"{room}1/"
    assert carla.get(page).status_code == 404
    assert gloria.get(f"{page}citar/").status_code == 403
    assert client.get(room).status_code == 302
    assert visitor(tendering.supplier(at, "dario")).get(room).status_code == 404

    form = beto.get(f"{page}citar/").context["form"]
    assert form["guarantor-0-name"].value() == given.GUARANTOR.name
    sent = {
        "facts": form["facts"].value(), "clauses": form["clauses"].value(), "consequences": ["fine", "penalty"],
        "begins_at": "09/03/2026 09:00", "place": "Sala 2", "guarantor-0-name": given.GUARANTOR.name, **SIGNED,
    }  # fmt: skip
    missing = beto.post(f"{page}citar/", sent)
    assert "Escriba el correo al que se cita al garante" in missing.content.decode()
    post(beto, f"{page}citar/", **sent, **{"guarantor-0-email": given.GUARANTOR.email})
    run_reactions()
    assert "Usted fue citado a una audiencia de incumplimiento" in carla.get("/avisos/").content.decode()
    (letter,) = [one for one in mail.outbox if given.GUARANTOR.email in one.to]
    link = re.search(r"/garantes/[^\s/]+/", letter.body)[0]
    outside = client.get(link).content.decode()
    papers = re.findall(rf"{re.escape(link)}[^\"]+", outside)
    assert len(papers) == 2
    assert b"".join(client.get(papers[0]).streaming_content).startswith(b"%PDF-")
    assert client.get("/garantes/x/").status_code == 404
    assert client.get(f"{link}DOC-X/").status_code == 404

    with clock.fixed(then):
        ana, beto, carla = (visitor(who) for who in (house.ana, house.beto, house.carla))  # a week signs everybody out
        on = {"contract_id": contract.pk, "number": 1, "at": then}
        post(beto, f"{page}comenzar/")
        post(carla, f"{page}asistir/")
        with django_assert_max_num_queries(120) as made:
            carla.get(page)
        few = len(made)
        post(carla, f"{page}descargos/", text="Llovió mucho")
        for kind in ("statement", "closing"):
            hearing.note_statement(actor=house.gloria, side="entity", kind=kind, name="Gloria", text="No", **on)
        post(carla, f"{page}pedir-prueba/", text="Registro del clima", purpose="Que llovió")
        blocked = beto.get(page).content.decode()
        assert "La prueba 1 espera su decisión" in blocked
        post(beto, f"{page}decidir-prueba/", evidence="1", is_admitted="no", reason="No es útil")
        with django_assert_max_num_queries(few + 3):  # one for each of the tables that had no row
            carla.get(page)
        refused = beto.post(f"{page}decidir/", {"resolution": "118", "grounds": "Mora", **SIGNED})
        assert "Diga qué se impone" in refused.content.decode()
        post(beto, f"{page}decidir/", resolution="118", grounds="Mora", measure_fine="1.500.000", **SIGNED)
        assert client.get("/sanciones/").content.decode().count("Resolución 118") == 0
        told = api(house.carla)("POST", f"/contracts/{contract.code}/breaches/1/appeal", text="Es mucha", more="x")
        assert told[0] == 422
        assert api(house.carla)("POST", f"/contracts/{contract.code}/breaches/1/appeal", text="Es mucha")[0] == 200
        post(beto, f"{page}resolver/", resolution="119", grounds="Menos", measure_fine="1.000.000", **SIGNED)
        post(beto, f"{page}acta/", development="Se leyó", **SIGNED)
        run_reactions()
        _everybody_reads_it(contract, client, api(house.carla), house)
        part = {"measure": "fine", "amount": "400000", "means": "payment", "on": "2026-03-09"}
        assert api(house.beto)("POST", f"/contracts/{contract.code}/breaches/1/recoveries", **part)[0] == 200
        assert ana.get(page).content.decode().count("400.000") == 1
        kept = Settlement(contract=Contract.objects.get(pk=contract.pk), statement="Todo")
        (line,) = record.told_of(kept, then)["sanciones"]
        assert "Multa: resolución 119" in line
        assert line.endswith("600.000.")


def _everybody_reads_it(contract, client, call, house):
    page = client.get("/sanciones/", {"q": house.carla.account_name}).content.decode()
    assert "Resolución 119" in page
    assert "1.000.000" in page
    assert "Resolución 119" not in client.get("/sanciones/", {"q": "Nadie"}).content.decode()
    table = b"".join(client.get("/sanciones/?formato=csv").streaming_content).decode()
    assert f"{contract.code}-1-fine" in table
    (row,) = call("GET", "/sanctions")[1]
    assert (row["amount"], row["resolution"]) == ("1000000.00", "119")
    assert client.get(re.sub(r"^https?://[^/]+", "", row["document"])).status_code == 200
    profile = client.get(f"/directorio/{house.carla.account_code}/").content.decode()
    assert "Sanciones en firme" in profile
    assert "No puede contratar con el Estado" not in profile
    assert "Resolución 119" in client.get(f"/contratos/{contract.code}/").content.decode()
    assert call("GET", f"/directory/{house.carla.account_code}")[1]["sanctions"][0]["measure"] == "fine"
    shown = call("GET", f"/contracts/{contract.code}/breaches/1")[1]
    assert [row["kind"] for row in shown["statements"]] == ["plea", "statement", "closing", "appeal"]
