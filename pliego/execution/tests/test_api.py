"""A contract goes from its draft to its closing over the API alone."""

import json

import pytest

from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.contracts.tests import given
from pliego.execution.tests import given as execution
from pliego.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client_for):
    """`api(actor)(verb, path, **body)` answers (status, body)."""

    def of(actor):
        client = client_for(User.objects.get(pk=actor.user_id), Account.objects.get(pk=actor.account_id))

        def call(verb, path, /, **body):
            answer = client.generic(verb, f"/api/v1{path}", json.dumps(body), content_type="application/json")
            return answer.status_code, answer.json()

        def upload(kind, name="archivo.pdf", content=None):
            sent = content or given.tendering.parties.pdf(name)
            answer = client.generic(
                "POST", f"/api/v1/uploads?name={name}&kind={kind}", sent, "application/octet-stream"
            )
            return answer.json()["upload"]

        def step_up():
            user = User.objects.get(pk=actor.user_id)
            status, _body = call("POST", "/step-up", password=people.PASSWORD, code=people.code_of(user))
            assert status == 200

        call.upload, call.step_up = upload, step_up
        return call

    return of


def done(answer):
    status, body = answer
    assert status in {200, 201}, body
    assert body["receipt"]["url"] == f"/recibos/{body['receipt']['code']}/"
    return body


def test_a_contract_is_signed_performed_paid_settled_and_closed(api, house, at):
    contract = given.drafted(at, house)
    path = f"/contracts/{contract.code}"
    ana, beto, carla, gloria, hugo = (api(getattr(house, n)) for n in ("ana", "beto", "carla", "gloria", "hugo"))
    beto.step_up()
    carla.step_up()

    status, edited = ana("PATCH", path, number="CTO-1", covers=["performance"])
    assert (status, edited["contract"]["covers"]) == (200, ["performance"])
    done(ana("POST", f"{path}/send"))
    done(carla("POST", f"{path}/accept"))
    done(beto("POST", f"{path}/sign", budget_commitment="RP-1", budget_commitment_amount=str(given.VALUE)))
    policy = {
        "cover": "performance", "policy_number": "POL-1", "insurer": "Aseguradora", "amount": str(given.VALUE),
        "starts_on": "2026-03-02", "ends_on": "2027-03-02", "upload": carla.upload("guarantee"),
    }  # fmt: skip
    done(carla("POST", f"{path}/guarantees", **policy))
    done(beto("POST", f"{path}/guarantees/1/approve"))
    supervisor = User.objects.get(pk=house.gloria.user_id).code
    done(beto("POST", f"{path}/start", supervisor=supervisor, starts_on="2026-03-02"))
    done(gloria("PUT", f"{path}/payment-plan", installments=[{"title": "Único", "amount": str(given.VALUE)}]))
    xml = execution.dian_xml(contract, given.VALUE, at)
    sent = {"upload": carla.upload("invoice", "factura.xml", xml), "technical_key": execution.KEY}
    invoice = done(carla("POST", f"{path}/invoices", installment_number=1, **sent))["invoice"]
    assert (invoice["cufe_check"], invoice["amount"]) == ("matches", str(given.VALUE))
    done(gloria("POST", f"/invoices/{invoice['code']}/approve"))
    done(hugo("POST", f"/invoices/{invoice['code']}/pay", paid_on="2026-03-02"))
    done(gloria("POST", f"{path}/complete", completed_on="2026-03-02"))
    assert gloria("PUT", f"{path}/settlement", statement="Todo se recibió.")[0] == 200
    done(beto("POST", f"{path}/settlement/sign"))
    done(carla("POST", f"{path}/settlement/accept"))

    assert done(beto("POST", f"{path}/close"))["state"] == "closed"
    _status, payments = ana("GET", f"{path}/payments")
    assert (payments["balance"]["paid"], payments["balance"]["to_pay"]) == (str(given.VALUE), "0.00")


def test_the_errors_name_their_field_and_their_law(api, house, at):
    contract = given.accepted(at, house)
    beto = api(house.beto)
    beto.step_up()

    status, body = beto(
        "POST", f"/contracts/{contract.code}/sign", budget_commitment="RP", budget_commitment_amount="1.00"
    )

    assert status == 422
    assert [(e["field"], e["code"]) for e in body["errors"]] == [
        ("budget_commitment_amount", "budget_commitment_short")
    ]
    assert "Ley 80 de 1993" in body["errors"][0]["legal_basis"]


def test_an_act_that_binds_asks_for_the_signature(api, house, at):
    contract = given.sent(at, house)

    status, body = api(house.carla)("POST", f"/contracts/{contract.code}/accept")

    assert (status, body["errors"][0]["code"]) == (403, "signature_required")


def test_fields_that_do_not_exist_are_refused(api, house, at):
    contract = given.drafted(at, house)

    status, body = api(house.ana)("PATCH", f"/contracts/{contract.code}", state="signed", value_amount="1")

    assert status == 422
    assert {error["code"] for error in body["errors"]} == {"unknown_field"}


def test_a_rival_sees_nothing_that_is_not_public(api, house, contract, at):
    waiting = execution.sent_invoice(contract, house, at, number="F-1")
    rival = api(given.tendering.supplier(at, "dario"))

    assert rival("GET", f"/invoices/{waiting.code}")[0] == 404
    assert rival("POST", f"/invoices/{waiting.code}/approve")[0] == 404
    assert rival("GET", f"/contracts/{contract.code}/payments")[1]["invoices"] == []


def test_a_file_that_may_not_enter_is_refused_when_it_is_uploaded(client_for, house):
    client = client_for(User.objects.get(pk=house.carla.user_id))

    answer = client.generic("POST", "/api/v1/uploads?name=factura.pdf&kind=invoice", b"MZ\x90\0", "application/pdf")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "wrong_type")


def test_nobody_uploads_without_a_session(client, db):
    assert client.generic("POST", "/api/v1/uploads?name=a.pdf&kind=invoice", b"x", "application/pdf").status_code == 403
