"""The chain of payments on its pages and over the API."""

import json
from datetime import date
from decimal import Decimal

import pytest

from pliego.contracts import writing
from pliego.contracts.tests import given as contracts
from pliego.execution import services
from pliego.execution.models import PaymentChain
from pliego.execution.tests import given as execution
from pliego.execution.tests.test_pages import url, visitor
from pliego.kernel.calendar import calendar

__all__ = ["visitor"]
pytestmark = pytest.mark.django_db
CHAIN = "/escritorio/cuenta/cadena-de-pagos/"


def test_is_written_by_the_administrator_and_refused_at_the_field(house, at, visitor):
    beto = visitor(house.beto)
    typed = {
        "undo_minutes": "10",
        "name_1": "Supervisión", "who_1": "r:supervisor", "term_1": "3", "checks_1": "Lo facturado se recibió",
        "name_2": "Tesorería", "who_2": "r:treasurer", "second_2": "5.000.000",
        "support_1": "Acta de obra", "support_type_1": "works", "support_optional_1": "yes",
    }  # fmt: skip

    assert "cadena usual" in beto.get(CHAIN).content.decode()
    wrong = beto.post(CHAIN + "cambiar/", typed | {"second_1": "1"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["second_1"])
    assert beto.post(CHAIN + "cambiar/", typed).status_code == 303
    page = beto.get(CHAIN).content.decode()
    assert "Versión 1" in page
    assert "3 días hábiles" in page
    assert "Acta de obra" in page
    assert beto.get(CHAIN + "cambiar/").context["form"]["support_optional_1"].value() == "yes"
    assert beto.get(CHAIN + "cambiar/").context["form"]["who_2"].value() == "r:treasurer"
    assert beto.post(CHAIN + "terminar/", {}).status_code == 303
    assert not PaymentChain.objects.filter(is_active=True).exists()
    assert visitor(house.ana).get(CHAIN).status_code == 403
    assert visitor(house.carla).get(CHAIN).status_code == 404


def test_is_walked_on_the_pages_and_each_tells_who_has_the_invoice(house, contract, at, visitor, client):
    execution.chained(house, at)
    invoice = execution.sent_invoice(contract, house, at)
    bill = url(contract, f"facturas/{invoice.code}/")
    gloria, lina, hugo = visitor(house.gloria), visitor(execution.lina(house)), visitor(house.hugo)
    carla = visitor(house.carla)

    page = gloria.get(bill + "aprobar/")
    assert str(page.context["form"].fields["is_received"].label) == "Lo facturado se recibió"
    assert gloria.post(bill + "aprobar/", {"is_received": "on", "step": "1"}).status_code == 303
    assert gloria.post(bill + "aprobar/", {"is_received": "on", "step": "1"}).status_code == 409
    buttons = [button.url for button in gloria.get(bill).context["buttons"]]
    assert buttons == [bill + "deshacer/"]
    back = {"reason": "Falta el acta", "to": "1", "step": "2"}
    assert lina.post(bill + "devolver/", back | {"to": "3"}).status_code == 422
    assert lina.post(bill + "devolver/", back).status_code == 303
    shown = carla.get(bill).content.decode()
    assert "Falta el acta" in shown
    assert "Gloria De Prueba (Supervisor)" in shown or "Gloria De Prueba" in shown
    listed = carla.get("/escritorio/pagos/").content.decode()
    assert "Supervisión" in listed
    assert "Supervisión" in b"".join(carla.get("/escritorio/pagos/?formato=csv").streaming_content).decode()
    assert client.get(f"/pagos/{invoice.code}/").status_code == 404
    for actor in (house.gloria, execution.lina(house), house.beto):
        services.approve_invoice(actor=actor, invoice_id=invoice.pk, at=at)
    assert hugo.post(bill + "pagar/", {"paid_on": "02/03/2026", "step": "4"}).status_code == 303

    followed = client.get(f"/pagos/{invoice.code}/").content.decode()
    assert "Falta el acta" in followed
    assert "Aval jurídico" in followed
    days = client.get("/pagos/").content.decode()
    assert house.buyer.account.nit in days
    assert b"average" in b"".join(client.get("/pagos/?formato=csv&anio=2026").streaming_content)
    assert client.get("/pagos/?formato=json&anio=2025").json() == {"results": []}


def test_is_the_same_over_the_api(house, contract, at, visitor, client):
    beto, gloria = visitor(house.beto), visitor(house.gloria)

    def put(body):
        return beto.put("/api/v1/payment-chain", json.dumps(body), content_type="application/json")

    assert beto.get("/api/v1/payment-chain").json()["version"] == 0
    steps = [{"name": "Visto", "role": "supervisor", "term_days": 2}, {"name": "Pago", "role": "treasurer"}]
    assert put({"steps": steps, "other": 1}).status_code == 422
    assert put({"steps": steps}).json()["version"] == 1
    invoice = execution.sent_invoice(contract, house, at)
    path = f"/api/v1/invoices/{invoice.code}"
    way = gloria.get(f"{path}/way").json()["stops"]
    assert [(stop["title"], stop["is_now"]) for stop in way[1:]] == [("Visto", True), ("Pago", False)]
    approved = gloria.post(f"{path}/approve", json.dumps({"step": 1}), content_type="application/json")
    assert approved.json()["invoice"]["state"] == "approved"
    assert gloria.post(f"{path}/undo").json()["invoice"]["state"] == "sent"
    services.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at)
    services.mark_paid(actor=house.hugo, invoice_id=invoice.pk, paid_on=calendar.day_of(at), at=at)
    assert client.get("/api/v1/payments/days").json()[0]["paid"] == 1
    assert beto.delete("/api/v1/payment-chain").json()["version"] == 0


def test_a_delivery_is_planned_received_invoiced_and_documented_on_the_pages(house, contract, at, visitor):
    gloria, carla, hugo = visitor(house.gloria), visitor(house.carla), visitor(house.hugo)
    room = url(contract, "entregas/")
    plan = {"mode": "percent", "advance": "10.000.000", "title_1": "Todo", "due_on_1": "02/03/2026", "percent_1": "90"}

    assert "todavía no tiene plan" in carla.get(room).content.decode()
    wrong = gloria.post(room + "plan/?entregas=2", plan)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["percent_1"])
    assert gloria.post(room + "plan/?entregas=2", plan | {"percent_1": "100"}).status_code == 303
    sending = carla.get(url(contract, "facturas/nueva/")).context["form"].fields
    assert {"kind", "delivery_number"} <= sending.keys()
    assert {"corrects", "amortised", "installment_number"}.isdisjoint(sending)
    report = {"slot": "report", "period_from": "01/03/2026", "period_to": "02/03/2026"}
    file = execution.given.tendering.pdf("informe.pdf").file
    assert carla.post(room + "1/documentos/", report | {"document": file}).status_code == 303
    assert gloria.post(room + "1/recibir/", {"received_on": "02/03/2026", "percent": "99,5"}).status_code == 303
    assert gloria.get(room + "1/recibir/").status_code == 422
    more = {"received_on": "02/03/2026", "percent": "100", "title": "Sobrantes"}
    assert gloria.post(room + "recibir/", more).status_code == 303
    shown = hugo.get(room).content.decode()
    for told in ("99,5 %", "Informe de actividades", "Sobrantes", "No planeada"):
        assert told in shown, told
    assert "Hecho: 100 %" in gloria.get(url(contract)).content.decode()
    electronic = services.send_invoice(
        actor=house.carla,
        contract_id=contract.pk,
        data=services.InvoiceData(delivery_number=1),
        document=execution.xml_upload(execution.dian_xml(contract, Decimal(7000), at)),
        at=at,
    )
    lines = gloria.get(url(contract, f"facturas/{electronic.code}/")).context["findings"]
    assert {line.code for line in lines if line.verdict == "ok"} >= {
        "another_seller",
        "another_buyer",
        "cufe_malformed",
    }
    read = gloria.get(f"/api/v1/contracts/{contract.code}/execution-plan").json()
    assert (read["real"], read["deliveries"][0]["papers"][0]["slot"]) == ("100.00", "report")
    assert visitor(execution.given.tendering.supplier(at, "dario")).get(room).context["rows"] == []


def test_both_plans_propose_what_the_sections_of_the_contract_say(house, at, visitor):
    draft = contracts.drafted(at, house)
    rows = [{"title": "Mitad", "percent": "50", "due_on": "2026-05-01"}, {"title": "Resto", "percent": "100"}]
    parts = [{"title": "Al firmar", "percent": "40"}, {"title": "Al final", "percent": "60"}]
    for part, content in (
        ("performance", {"tracking": "percent", "deliveries": rows}),
        ("terms", {"advance_kind": "advance", "advance_percent": "20", "milestones": parts}),
    ):
        writing.save_section(actor=house.ana, contract_id=draft.pk, part=part, content=content, at=at)
    ana = visitor(house.ana)

    deliveries_form = ana.get(url(draft, "entregas/plan/")).context["form"].initial
    payments_form = ana.get(url(draft, "plan-de-pagos/")).context["form"].initial

    assert (deliveries_form["title_2"], deliveries_form["percent_2"]) == ("Resto", 100)
    assert deliveries_form["due_on_1"] == date(2026, 5, 1)
    assert deliveries_form["advance"] == Decimal("7970000.10")
    assert [payments_form[f"parts-{n}-amount"] for n in (0, 1)] == [Decimal("15940000.20"), Decimal("23910000.30")]
