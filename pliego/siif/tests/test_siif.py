"""What SIIF says, kept by the entity's people and shown beside the budget of their contracts, on pages and API."""

import json
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from pliego.contracts import services as contracts
from pliego.contracts import writing
from pliego.contracts.models import Contract
from pliego.contracts.sections import BUDGET
from pliego.contracts.tests import given
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.siif import queries, services
from pliego.siif.models import Reading
from pliego.siif.practice import Practice
from pliego.siif.rules import CERTIFICATE, COMMITMENT, Asked
from pliego.tendering.sections import plain
from pliego.tendering.tests.given import signed

ROOM = "/escritorio/cuenta/siif/"
LIST = "Compromiso;Fecha;CDP;Valor;Saldo\n30126;03/02/2026;12526;39.850.000,50;39.850.000,50\n8;;1;5;0\n"


@pytest.fixture(scope="module")
def server():
    made = Practice().start()
    yield made
    made.close()


@pytest.fixture
def siif(server, settings):
    settings.PLIEGO_SIIF_URL, settings.PLIEGO_SIIF_TOKEN = server.url, server.token
    settings.PLIEGO_SIIF_SECONDS = 2
    return server


def load(actor, at, text=LIST, kind=COMMITMENT):
    return services.load_list(actor=actor, kind=kind, content=BytesIO(text.encode()), name="rp.csv", at=at)


def save_budget(contract, house, at, **typed):
    content = {**plain(BUDGET.content(contract)), **typed}
    writing.save_section(actor=house.ana, contract_id=contract.pk, part="budget", content=content, at=at)


class TestLists:
    def test_are_kept_row_by_row_and_the_newest_reading_is_shown(self, house, at, visitor):
        first = load(house.hugo, at)
        load(house.ana, at, LIST.replace("39.850.000,50\n", "39.000.000\n"))

        assert (first.taken, [line for line, _number, _why in first.faults]) == (1, [3])
        entry = Entry.objects.get(pk=first.receipt.pk)
        assert (entry.act, entry.is_public) == ("siif.list_read", False)
        account = Account.objects.get(pk=house.ana.account_id)
        assert [str(row.balance) for row in queries.listed(account)] == ["39000000.00"]
        assert queries.listed(account, every=True).count() == 2
        assert [queries.listed(account, text=text).count() for text in ("0030126", "12526", "77")] == [1, 1, 0]
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Reading.objects.update(amount=1)
        page = visitor(house.elena).get(f"{ROOM}?q=30126").text
        assert "30126" in page
        assert f"{ROOM}cargar/" not in page
        csv = b"".join(visitor(house.elena).get(f"{ROOM}documentos.csv?tipo=commitment")).decode()
        assert len(csv.strip().splitlines()) == 2
        assert "fecha" in visitor(house.ana).get(first.get_absolute_url()).text.lower()

    def test_are_sent_on_a_page_that_keeps_what_was_chosen(self, house, visitor):
        ana = visitor(house.ana)
        bad = ana.post(f"{ROOM}cargar/", {"kind": COMMITMENT, "file": SimpleUploadedFile("a.csv", b"a;b;c\n1;2;3")})
        good = ana.post(f"{ROOM}cargar/", {"kind": COMMITMENT, "file": SimpleUploadedFile("a.csv", LIST.encode())})

        assert bad.status_code == 422
        assert re.search(r'value="commitment"\s+selected', bad.text)
        assert good.status_code == 303
        assert Reading.objects.get().number == "30126"

    def test_are_only_of_national_entities_in_siif_and_of_who_prepares_or_pays(self, house, at):
        with pytest.raises(Denied):
            load(house.elena, at)
        with pytest.raises(Unknown):
            load(house.carla, at)
        Account.objects.filter(pk=house.ana.account_id).update(order="territorial", in_siif=False)
        with pytest.raises(Denied, match="orden nacional"):
            load(house.ana, at)


class TestTheBudgetOfAContract:
    def test_is_consulted_with_what_is_being_typed_and_filled_where_it_is_empty(self, house, at, siif, visitor):
        contract, ana = given.drafted(at, house), visitor(house.ana)
        page = f"/escritorio/contratos/{contract.code}/secciones/informacion-presupuestal/"
        first = ana.get(page).text
        hidden = dict(re.findall(r'name="(borrador|una_vez|visto|borrador_version)" value="([^"]*)"', first))
        assert f'formaction="/escritorio/contratos/{contract.code}/siif/"' in first
        typed = {"budget_certificate": "12526", "certificate_amount": "49.000.000", "commitment": "999",
                 "source_own": "lo que sea"}  # fmt: skip

        answer = ana.post(f"/escritorio/contratos/{contract.code}/siif/", {**hidden, **typed})

        assert answer.status_code == 303
        shown = ana.get(page).text
        for value in ("49.000.000", "lo que sea", "20/01/2026"):
            assert f'value="{value}"' in shown
        assert "$\N{NO-BREAK SPACE}50.000.000" in shown
        assert "pl-tag--red" in shown
        assert "999" in shown
        assert BUDGET.content(Contract.objects.get(pk=contract.pk)).budget_certificate == "CDP-77"
        entry = Entry.objects.get(act="siif.consulted")
        assert (entry.file, entry.is_public) == (contract.file, False)
        assert [one["is_known"] for one in json.loads(entry.body)["data"]["documents"]] == [True, False]

    def test_loses_nothing_when_siif_does_not_answer(self, house, at, settings, visitor):
        settings.PLIEGO_SIIF_URL = "http://127.0.0.1:9"
        contract, ana = given.drafted(at, house), visitor(house.ana)
        page = f"/escritorio/contratos/{contract.code}/secciones/informacion-presupuestal/"
        hidden = dict(re.findall(r'name="(borrador|una_vez|visto)" value="([^"]*)"', ana.get(page).text))

        ana.post(f"/escritorio/contratos/{contract.code}/siif/", {**hidden, "budget_certificate": "12526"})

        shown = ana.get(page).text
        assert 'value="12526"' in shown
        assert "SIIF no responde" in shown
        assert not Reading.objects.exists()

    def test_is_consulted_over_the_api_by_its_own_people(self, house, at, siif, visitor):
        contract = given.drafted(at, house)
        save_budget(contract, house, at, budget_certificate="12526", certificate_amount="1.00")
        path = f"/api/v1/contracts/{contract.code}/siif"

        told = visitor(house.ana).post(path).json()

        assert [one["amount"] for one in told["documents"]] == ["50000000.00"]
        assert [(one["number"], one["siif"]) for one in told["differences"]] == [
            ("12526", "$\N{NO-BREAK SPACE}50.000.000")
        ]
        assert told["receipt"]["code"]
        assert [visitor(who).post(path).status_code for who in (house.elena, house.carla)] == [403, 404]
        assert visitor(house.elena).get("/api/v1/siif/documents?q=12526").json()["count"] == 1
        sent = {"file": SimpleUploadedFile("a.csv", LIST.encode())}
        made = visitor(house.hugo).post("/api/v1/siif/lists?kind=commitment", sent)
        assert (made.status_code, made.json()["taken"], made.json()["faults"][0]["row"]) == (201, 1, 3)
        again = visitor(house.elena).get(f"/api/v1/siif/lists/{made.json()['code']}")
        assert again.json()["faults"] == made.json()["faults"]

    def test_warns_whoever_signs_and_blocks_only_where_the_operator_says_so(self, house, at, siif, settings, visitor):
        contract = given.accepted(at, house)
        sign = {"actor": signed(house.beto, at), "contract_id": contract.pk, "at": at,
                "budget_commitment_amount": contract.value_amount}  # fmt: skip
        ask = {"actor": house.ana, "contract_id": contract.pk, "at": at}
        settings.PLIEGO_SIIF_BLOCKS = True
        numbers = {"30126": [], "30226": ["siif_short"], "77": ["siif_unknown"], "78": ["siif_not_asked"]}
        services.consult(asked=[Asked(COMMITMENT, number, 2026) for number in numbers if number != "78"], **ask)

        found = {}
        for number in reversed(numbers):
            try:
                with transaction.atomic():
                    contracts.sign_contract(budget_commitment=number, **sign)
                    found[number] = []
                    transaction.set_rollback(True)
            except Refused as refused:
                found[number] = [objection.code for objection in refused.objections]

        assert found == numbers
        settings.PLIEGO_SIIF_BLOCKS = False
        contract.keep_part("budget", {**plain(BUDGET.content(contract)), "commitment": "77"})
        assert (
            "SIIF no tiene el compromiso 77"
            in visitor(house.beto).get(f"/escritorio/contratos/{contract.code}/firmar/").text
        )
        assert contracts.sign_contract(budget_commitment="77", **sign).state == "signed"

    def test_has_nothing_of_siif_for_the_contractor_and_says_why_to_who_is_not_in_it(self, house, at, visitor):
        contract = given.sent(at, house)
        path = f"/escritorio/contratos/{contract.code}/secciones/informacion-presupuestal/"
        Account.objects.filter(pk=house.ana.account_id).update(order="territorial", in_siif=False)

        assert 'id="siif"' not in visitor(house.carla).get(path).text
        assert "orden nacional" in visitor(house.ana).get(path).text
        assert visitor(house.ana).post(f"/escritorio/contratos/{contract.code}/siif/").status_code == 403

    def test_asks_once_for_each_document_and_nothing_when_none_is_named(self, house, at, siif):
        contract = given.drafted(at, house)
        ask = {"actor": house.ana, "contract_id": contract.pk, "at": at}

        with pytest.raises(Refused) as refused:
            services.consult(asked=[], **ask)
        readings, _entry = services.consult(asked=[Asked(CERTIFICATE, "12526", 2026)] * 2, **ask)

        assert [objection.code for objection in refused.value.objections] == ["nothing_to_ask"]
        assert len(readings) == 1
