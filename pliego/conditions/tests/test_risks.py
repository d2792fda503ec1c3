"""The matrix of risks."""

from django.utils.translation import override

from pliego.conditions.risks import NEEDED, RISKS, heads, lacks, sheet, shown
from pliego.conditions.tests import plain

STEEL = {
    "risk_class": "general", "source": "external", "stage": "performance", "risk_type": "economic",
    "description": "Sube el precio del acero", "consequence": "Mayores costos", "probability": 3, "impact": 4,
    "assigned_to": "contractor", "treatment": "=Compra anticipada", "monitoring": "Cada mes",
}  # fmt: skip


def content(*risks):
    return RISKS.typed({"risks": list(risks)})


class TestLacks:
    def told(self, method, *risks):
        return plain.told(lacks(plain.of(method), content(*risks), plain.NOW))

    def test_asks_a_matrix_where_offers_are_scored_or_there_is_a_hearing(self):
        assert self.told("licitacion_publica") == self.told("concurso_meritos_abierto") == [("missing", "risks")]
        assert self.told("minima_cuantia") == self.told("contratacion_directa") == []

    def test_asks_what_a_bidder_must_know_of_each_risk(self):
        assert self.told("minima_cuantia", {"description": "Lluvia"}) == [
            ("missing", f"risks-0-{name}") for name in NEEDED
        ]

    def test_refuses_more_rows_than_two_hundred_and_a_degree_beyond_five(self):
        many = content(*[STEEL] * 200, {**STEEL, "impact": 6})

        assert plain.told(RISKS.wrong(plain.of(), many)) == [
            ("bad_value", "risks-200-impact"), ("too_many_rows", "risks"),
        ]  # fmt: skip


class TestShown:
    def test_computes_valuation_and_category_beside_what_was_written(self):
        with override("es-co"):
            ((number, cells),) = shown(plain.of(), content(STEEL))["rows"]

            assert (number, len(cells) + 1, cells[8], str(cells[9][0])) == (1, len(heads()), (7, False), "Alto")

    def test_goes_out_to_a_spreadsheet_in_spanish(self):
        heading, (row,) = sheet(content(STEEL))

        assert heading[:5] == ["N.º", "Clase", "Fuente", "Etapa", "Tipo"]
        assert (row[0], row[7:11], row[11]) == (1, [3, 4, 7, "Alto"], "Contratista")
