"""Three hundred contracts of a direct process from one spreadsheet."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest

from pliego.awards.tests import given as awards
from pliego.bulk.tables import Row
from pliego.contracts import sections, services
from pliego.contracts.loading import services as loading
from pliego.contracts.loading.columns import COLUMNS, Known, faults_of
from pliego.contracts.loading.models import ContractLoad
from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry

HEADING = [column.title for column in COLUMNS]


def row(**said):
    usual = {"document": "900", "object": "Apoyo", "value": Decimal(1), "duration": 6}
    return Row(2, [], {**usual, **said})


class TestRows:
    @pytest.mark.parametrize(
        ("said", "column"),
        [
            ({}, None),
            ({"document": ""}, "Documento del proveedor"),
            ({"document": "901"}, "Documento del proveedor"),
            ({"document": "902"}, "Documento del proveedor"),
            ({"document": "900123456-0"}, "Documento del proveedor"),
            ({"object": " "}, "Objeto"),
            ({"value": None}, "Valor"),
            ({"value": Decimal(0)}, "Valor"),
            ({"duration": None}, "Duración"),
            ({"number": "CTO-1"}, "Número del contrato"),
            ({"number": "CTO-2"}, "Número del contrato"),
            ({"delivery_place": "x" * 251}, "Lugar de ejecución"),
        ],
    )
    def test_say_what_is_wrong_at_its_column(self, said, column):
        known = Known({"900": ["A"], "902": ["A", "B"]}, {"CTO-1"}, {"CTO-2": 9})

        assert [title for title, _why in faults_of(row(**said), known)] == ([column] if column else [])


def file_of(*rows):
    """A CSV with those rows, each a dictionary by heading."""
    out = StringIO()
    sheet = csv.DictWriter(out, HEADING, restval="")
    sheet.writeheader()
    sheet.writerows(rows)
    return BytesIO(out.getvalue().encode())


@pytest.fixture
def direct(house, at):
    return awards.direct_tender(at)


def line(tender, **said):
    supplier = tender.invitations.get().supplier.nit
    usual = {"Documento del proveedor": supplier, "Objeto": "Apoyar el archivo", "Valor": "100.000,50", "Duración": "6"}
    return {**usual, **said}


def read(house, tender, at, *rows):
    return loading.read_file(actor=house.ana, tender_id=tender.pk, content=file_of(*rows), name="c.csv", at=at)


@pytest.mark.django_db
class TestReadFile:
    def test_tells_each_of_seven_bad_rows_of_three_hundred_in_few_queries(
        self, house, direct, at, django_assert_max_num_queries
    ):
        bad = (
            {"Documento del proveedor": "900999999"}, {"Objeto": ""}, {"Valor": "mucho"}, {"Valor": "0"},
            {"Duración": "medio año"}, {"Fuente de los recursos": "la suerte"}, {"Correo del supervisor": "x@y.co"},
        )  # fmt: skip
        rows = [line(direct)] * 293 + [line(direct, **wrong) for wrong in bad]

        with django_assert_max_num_queries(20):
            load = read(house, direct, at, *rows)

        told = [[column for column, _why in one.faults] for one in load.rows.exclude(faults=[])]
        assert told == [
            ["Documento del proveedor"], ["Objeto"], ["Valor"], ["Valor"], ["Duración"], ["Fuente de los recursos"],
            ["Correo del supervisor"],
        ]  # fmt: skip
        assert load.rows.filter(faults=[]).count() == 293
        assert Contract.objects.count() == 0

    def test_is_denied_to_who_does_not_prepare_and_where_an_award_makes_the_contract(self, house, direct, at):
        with pytest.raises(Denied):
            loading.read_file(
                actor=house.elena, tender_id=direct.pk, content=file_of(line(direct)), name="c.csv", at=at
            )
        competed = given.tendering.published_tender(at, house.buyer)
        with pytest.raises(Refused, match="not_direct"):
            loading.read_file(actor=house.ana, tender_id=competed.pk, content=file_of({}), name="c.csv", at=at)


@pytest.mark.django_db
class TestApply:
    def test_drafts_the_good_ones_each_by_its_act_when_the_bad_ones_are_left_out(self, house, direct, at):
        numbered = line(direct, **{"Número del contrato": "CPS-1", "Correo del supervisor": "gloria@pliego.example"})
        load = read(house, direct, at, numbered, line(direct, Valor="0"), line(direct))
        told = {"actor": house.ana, "load_id": load.pk, "at": at}

        with pytest.raises(Refused, match="rows_wrong"):
            loading.apply(**told)
        done = loading.apply(**told, skips_wrong=True, sends=True)

        first, second = (one.contract for one in done.rows.filter(faults=[]))
        assert (done.state, first.number, first.award, first.value_amount) == (
            "applied",
            "CPS-1",
            None,
            Decimal("100000.50"),
        )
        assert (first.state, second.state) == ("sent", "sent")
        assert sections.GENERAL.content(first).supervisor == house.gloria.user_code
        assert sections.BUDGET.content(first).source_own == Decimal("100000.50")
        assert Entry.objects.filter(act="contract.drafted").count() == 2
        assert Entry.objects.get(act="contract.file_loaded").content["data"]["contracts"] == 2
        accepted = services.accept_contract(actor=given.signed(house.carla, at), contract_id=first.pk, at=at)
        assert accepted.state == "accepted"

    def test_goes_on_where_a_dead_job_was_and_repeats_nothing(self, house, direct, at):
        load = read(house, direct, at, line(direct), line(direct))
        first = load.rows.first()
        first.contract = loading.draft_row(actor=house.ana, tender_id=direct.pk, values=first.values, at=at)
        first.save()
        ContractLoad.objects.filter(pk=load.pk).update(state="applying", ordered_by_id=house.ana.user_id)

        loading.carry_out(load_id=load.pk)
        loading.carry_out(load_id=load.pk)

        assert Contract.objects.count() == 2
        assert Entry.objects.filter(act="contract.file_loaded").count() == 1

    def test_never_takes_more_than_the_value_of_the_process(self, house, direct, at):
        load = read(house, direct, at, line(direct, Valor=str(direct.value_amount)), line(direct, Valor="1"))

        with pytest.raises(Refused, match="value_exceeded"):
            loading.apply(actor=house.ana, load_id=load.pk, at=at)


@pytest.mark.django_db
class TestPages:
    def test_go_from_the_template_to_the_contracts_and_give_the_bad_rows_back(self, house, direct, at, visitor):
        ana, base = visitor(house.ana), f"/escritorio/procesos/{direct.code}/contratos/"
        template = b"".join(ana.get(base + "plantilla.csv").streaming_content).decode()
        content = file_of(line(direct), line(direct, Objeto=""))
        content.name = "contratos.csv"

        sent = ana.post(base + "cargar/", {"file": content})
        page = ana.get(sent["Location"]).content.decode()
        wrong = b"".join(ana.get(sent["Location"] + "errores.csv").streaming_content).decode()
        held = ana.post(sent["Location"], {})
        done = ana.post(sent["Location"], {"skips_wrong": "on"})
        after = ana.get(sent["Location"]).content.decode()

        assert "Documento del proveedor" in template
        assert "Escriba el objeto del contrato." in page
        assert "Escriba el objeto del contrato." in wrong
        assert (held.status_code, done.status_code) == (422, 303)
        assert Contract.objects.get().code in after

    def test_serve_the_api_one_by_one(self, house, direct, at, visitor):
        body = {"document": direct.invitations.get().supplier.nit, "object": "Apoyo", "value": "5000.00", "duration": 3}
        url = f"/api/v1/tenders/{direct.code}/contracts"

        made = visitor(house.ana).post(url, body, content_type="application/json")
        denied = visitor(house.elena).post(url, body, content_type="application/json")

        assert (made.status_code, denied.status_code) == (201, 403)
        assert made.json()["contract"]["award"] is None
