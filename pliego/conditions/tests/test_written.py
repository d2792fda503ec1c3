"""Guarantees, payments, risks and criteria as the entity writes them, and what the contract takes from them."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from pliego.conditions import queries
from pliego.conditions.guarantees import GUARANTEES
from pliego.conditions.tests.test_risks import STEEL
from pliego.tendering.models import Tender
from pliego.tendering.tests import given

PASTED = (
    "N.º\tClase\tFuente\tEtapa\tTipo\tDescripción\tConsecuencia\tProbabilidad\tImpacto\tValoración\t"
    "A quién se le asigna\tTratamiento\n"
)
ROW = (
    "{n}\tGeneral\tExterno\tEjecución\tEconómicos\tSube el acero\tMayores costos\t3\t4\t7\t"
    "Contratista\t=Comprar antes\n"
)


def rows(name, *found):
    return {f"{name}-{n}-{field}": value for n, row in enumerate(found) for field, value in row.items()}


@pytest.fixture
def at_desk(draft):
    return lambda part: f"/escritorio/procesos/{draft.code}/{part}/"


def kept(draft, code):
    return Tender.objects.get(pk=draft.pk).kept_section(code)


class TestPayments:
    def test_are_saved_shown_with_their_amounts_and_taken_by_the_contract(self, draft, desk, at_desk):
        half = {"title": "Primera entrega", "percent": "50", "deliverable": "Equipos", "due_days": "30"}
        typed = {
            "advance_kind": "advance",
            "advance_percent": "30,5",
            **rows("milestones", half, {**half, "percent": "50"}),
        }

        assert desk.post(at_desk("pagos"), typed).status_code == 303

        told = desk.get(at_desk("pagos")).content.decode()
        assert "$\xa020.000.000" in told
        assert "$\xa06.100.000" in told
        tender = Tender.objects.get(pk=draft.pk)
        assert queries.payment_terms(tender).split("\n") == [
            "Anticipo: 30,50 %.",
            *(f"{n}. Primera entrega · 50 % · Equipos · 30 días después del inicio." for n in (1, 2)),
        ]
        planned = queries.payments_planned(tender, Decimal(1000), date(2026, 6, 1))
        assert planned == [("Primera entrega", date(2026, 7, 1), Decimal(500))] * 2

    def test_name_the_field_that_the_law_does_not_allow(self, desk, at_desk):
        answer = desk.post(at_desk("pagos"), {"advance_kind": "prepayment", "advance_percent": "51"})

        assert answer.status_code == 422
        assert "Ley 80 de 1993, art. 40" in str(answer.context["form"].errors["advance_percent"])


class TestGuarantees:
    def test_are_what_the_contract_asks_for(self, draft, desk, at_desk):
        typed = rows(
            "covers",
            {"cover": "performance", "percent": "20", "months": "6"},
            {"cover": "offer", "percent": "10", "ends_on": "01/09/2026"},
            {"cover": "liability", "wages": "200", "months": "0"},
        )

        assert desk.post(at_desk("garantias"), {"asked": "yes", **typed}).status_code == 303
        assert queries.covers_asked(Tender.objects.get(pk=draft.pk)) == ["performance", "liability"]
        wrong = desk.post(at_desk("garantias"), {"asked": "yes", **typed, "covers-0-percent": "9"})
        assert "2.2.1.2.3.1.12" in str(wrong.context["form"].errors["covers-0-percent"])

    def test_are_put_in_words_before_and_after_an_addendum(self, draft):
        before = {"asked": "yes", "covers": [{"cover": "performance", "percent": "10", "months": 6}]}
        after = {"asked": "yes", "covers": [{"cover": "performance", "percent": "20", "months": 6}]}

        assert [tuple(map(str, row)) for row in GUARANTEES.differences(draft, before, after)] == [
            (
                "Amparo 1",
                "Cumplimiento del contrato · Porcentaje del valor: 10 · Meses después: 6",
                "Cumplimiento del contrato · Porcentaje del valor: 20 · Meses después: 6",
            )
        ]


class TestRisks:
    def test_come_from_a_spreadsheet_and_go_to_one(self, draft, desk, at_desk, client):
        pasted = PASTED + "".join(ROW.format(n=n) for n in range(1, 71))

        assert desk.post(at_desk("riesgos"), {"risks-pegar": pasted}).status_code == 303

        assert len(kept(draft, "risks")["risks"]) == 70
        last = {"description": "Sube el acero", "treatment": "=Comprar antes", "monitoring": ""}
        assert kept(draft, "risks")["risks"][69] == {**STEEL, **last}
        told = desk.get(at_desk("riesgos")).content.decode()
        assert "7 · Alto" in told
        address = f"/procesos/{draft.code}/riesgos."
        csv = b"".join(desk.get(address + "csv")).decode("utf-8-sig").splitlines()
        assert (len(csv), csv[1].split(",")[7:13]) == (71, ["3", "4", "7", "Alto", "Contratista", "'=Comprar antes"])
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(desk.get(address + "xlsx")))).active
        assert [cell.value for cell in sheet[2]][7:11] == [3, 4, 7, "Alto"]
        assert client.get(address + "csv").status_code == 404


class TestCriteria:
    def test_show_the_example_that_the_bidders_will_see(self, desk, at_desk):
        factors = rows("factors", {"kind": "price", "points": "60"}, {"kind": "quality", "points": "40"})

        assert (
            desk.post(at_desk("criterios"), {"formula": "drawn", "draw_day": "Del cierre", **factors}).status_code
            == 303
        )

        told = desk.get(at_desk("criterios")).content.decode()
        for words in (
            "0,25 – 0,49",
            "Media geométrica",
            "60 × (1 −",
            "Ley 2069 de 2020",
            "Apoyo a la industria nacional",
        ):
            assert words in told

    def test_are_the_price_alone_where_the_method_says_so(self, house, at, desk):
        minima = given.empty_tender(at, house)

        answer = desk.get(f"/escritorio/procesos/{minima.code}/criterios-de-precio/")

        assert "Solo decide el precio" in answer.content.decode()
        assert desk.get(f"/escritorio/procesos/{minima.code}/criterios/").status_code == 404
