"""The pages of a contract, walked as its people would."""

import pytest
from django.contrib.auth import get_user_model

from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.execution.models import Invoice
from pliego.execution.tests import given as execution
from pliego.parties.models import Account

pytestmark = pytest.mark.django_db
SIGNED = {"firma-demo": "on"}


@pytest.fixture
def visitor(client_for):
    """`visitor(actor)`: the session of that person acting for that account."""

    def make(actor):
        user = get_user_model().objects.get(pk=actor.user_id)
        client = client_for(user, Account.objects.get(pk=actor.account_id))
        session = client.session
        session["opened_by"] = "demo"  # so that acts are signed with the practice signature
        session.save()
        return client

    return make


def url(contract, step=""):
    return f"/escritorio/contratos/{contract.code}/{step}"


def post(client, address, **data):
    answer = client.post(address, data)
    assert answer.status_code == 303, answer.context["form"].errors
    return client.get(answer["Location"])


class TestWalk:
    def test_goes_from_the_draft_to_the_closing(self, house, at, visitor):
        contract = given.drafted(at, house)
        ana, beto, carla = visitor(house.ana), visitor(house.beto), visitor(house.carla)
        gloria, hugo = visitor(house.gloria), visitor(house.hugo)

        assert ana.get(url(contract, "texto.pdf"))["Content-Type"] == "application/pdf"
        for section, typed in (
            ("condiciones", {"covers-0-cover": "performance", "covers-0-percent": "10", "covers-0-months": "6"}),
            ("informacion-general", {"has_settlement": "yes", "number": "CTO-7"}),
        ):
            form = ana.get(url(contract, f"secciones/{section}/")).context["form"]
            shown = {name: form[name].value() or "" for name in form.fields}
            post(ana, url(contract, f"secciones/{section}/"), **{**shown, **typed})
        post(ana, url(contract, "enviar/"))
        post(carla, url(contract, "aceptar/"), **SIGNED)
        post(
            beto, url(contract, "firmar/"), budget_commitment="RP-1", budget_commitment_amount="39.850.000,50", **SIGNED
        )
        post(
            carla,
            url(contract, "garantias/nueva/"),
            cover="performance",
            guarantee_class="policy",
            policy_number="POL-1",
            insurer="Aseguradora de Ejemplo",
            amount="39.850.000,50",
            starts_on="02/03/2026",
            ends_on="02/03/2027",
            document=given.tendering.pdf("poliza.pdf").file,
        )
        post(beto, url(contract, "garantias/1/aprobar/"))
        post(beto, url(contract, "iniciar/"), supervisor=str(house.gloria.user_id), starts_on="02/03/2026")
        plan = {
            "parts-0-title": "Mitad", "parts-0-due_on": "02/04/2026", "parts-0-amount": "19.925.000,25",
            "parts-1-title": "Resto", "parts-1-due_on": "", "parts-1-amount": "19.925.000,25",
        }  # fmt: skip
        post(gloria, url(contract, "plan-de-pagos/?pagos=2"), **plan)
        post(
            carla,
            url(contract, "facturas/nueva/"),
            number="F-1",
            issued_on="02/03/2026",
            amount="39.850.000,50",
            installment_number="1",
            document=given.tendering.pdf("factura.pdf").file,
        )
        invoice = Invoice.objects.get()
        bill = f"facturas/{invoice.code}/"
        post(gloria, url(contract, bill + "aprobar/"), is_received="on")
        post(hugo, url(contract, bill + "pagar/"), paid_on="02/03/2026")
        post(gloria, url(contract, "terminar/"), completed_on="02/03/2026")
        post(gloria, url(contract, "liquidacion/"), statement="Todo se recibió.")
        post(beto, url(contract, "liquidacion/firmar/"), **SIGNED)
        post(carla, url(contract, "liquidacion/aceptar/"), **SIGNED)
        page = post(beto, url(contract, "cerrar/"))

        contract.refresh_from_db()
        assert contract.state == "closed"
        assert contract.number in page.content.decode()


class TestContractPage:
    @pytest.mark.parametrize("state", ["drafted", "sent", "accepted", "signed_contract", "running"])
    def test_is_shown_to_both_sides_in_every_state(self, house, at, visitor, state):
        contract = getattr(given, state)(at, house)

        for actor in (house.ana, house.beto, house.gloria, house.hugo, house.elena):
            assert visitor(actor).get(url(contract)).status_code == 200
        assert visitor(house.carla).get(url(contract)).status_code == (404 if state == "drafted" else 200)

    def test_does_not_exist_for_a_rival_before_the_signature(self, house, at, visitor):
        contract = given.sent(at, house)
        dario = given.tendering.supplier(at, "dario")

        assert visitor(dario).get(url(contract)).status_code == 404
        assert visitor(dario).get(url(contract, "aceptar/")).status_code == 404

    def test_says_why_the_contract_cannot_start_yet(self, house, at, visitor):
        contract = given.signed_contract(at, house, covers=("performance",))

        page = visitor(house.beto).get(url(contract))

        start = next(b for b in page.context["buttons"] if b.url.endswith("/iniciar/"))
        assert (start.allowed, len(start.reasons)) == (False, 1)

    def test_asks_no_more_of_the_database_with_more_invoices(
        self, house, contract, at, visitor, django_assert_max_num_queries
    ):
        client = visitor(house.gloria)
        execution.sent_invoice(contract, house, at, number="F-0")
        client.get(url(contract))
        with django_assert_max_num_queries(100) as few:
            client.get(url(contract))
        for number in range(1, 6):
            execution.sent_invoice(contract, house, at, number=f"F-{number}")

        with django_assert_max_num_queries(len(few)):
            client.get(url(contract))

    def test_shows_a_rival_of_a_signed_contract_only_what_is_public(self, house, contract, at, visitor):
        execution.sent_invoice(contract, house, at, number="F-EN-TRAMITE")
        dario = given.tendering.supplier(at, "dario")

        page = visitor(dario).get(url(contract))

        assert page.status_code == 200
        assert "F-EN-TRAMITE" not in page.content.decode()
        assert page.context["buttons"] == []


class TestRefusalsOnPages:
    def test_keep_what_was_typed_and_say_what_is_wrong(self, house, contract, at, visitor):
        answer = visitor(house.gloria).post(
            url(contract, "plan-de-pagos/?pagos=1"), {"parts-0-title": "Único pago", "parts-0-amount": "5"}
        )

        assert answer.status_code == 422
        assert "Único pago" in answer.content.decode()

    def test_need_the_second_step_to_approve(self, house, contract, at, visitor):
        invoice = execution.sent_invoice(contract, house, at)

        answer = visitor(house.gloria).post(url(contract, f"facturas/{invoice.code}/aprobar/"), {})

        assert answer.status_code == 422
        invoice.refresh_from_db()
        assert invoice.state == "sent"

    def test_deny_the_signature_to_whoever_is_not_the_officer(self, house, at, visitor):
        contract = given.accepted(at, house)

        assert visitor(house.hugo).get(url(contract, "firmar/")).status_code == 403

    def test_are_a_conflict_once_the_invoice_is_approved(self, house, contract, at, visitor):
        invoice = execution.approved_invoice(contract, house, at)

        assert visitor(house.gloria).get(url(contract, f"facturas/{invoice.code}/aprobar/")).status_code == 409


class TestLists:
    def test_show_the_contracts_and_payments_of_both_sides(self, house, contract, at, visitor):
        invoice = execution.sent_invoice(contract, house, at)

        for actor in (house.ana, house.carla):
            assert contract.code in visitor(actor).get("/escritorio/contratos/").content.decode()
            assert invoice.code in visitor(actor).get("/escritorio/pagos/").content.decode()

    def test_filter_by_state(self, house, contract, at, visitor):
        page = visitor(house.ana).get("/escritorio/contratos/?estado=draft")

        assert contract.code not in page.content.decode()

    def test_show_nothing_of_others(self, house, contract, at, visitor):
        dario = given.tendering.supplier(at, "dario")

        assert contract.code not in visitor(dario).get("/escritorio/contratos/").content.decode()

    def test_ask_no_more_of_the_database_with_more_rows(
        self, house, contract, at, visitor, django_assert_max_num_queries
    ):
        client = visitor(house.ana)
        client.get("/escritorio/contratos/")
        with django_assert_max_num_queries(100) as few:
            client.get("/escritorio/contratos/")
        for _n in range(3):
            given.drafted(at, house)
        assert Contract.objects.count() == 4

        with django_assert_max_num_queries(len(few)):
            client.get("/escritorio/contratos/")
