"""Which method corresponds: the ceilings of 2026 and each rule in its order, written by hand."""

from datetime import date
from decimal import Decimal

import pytest

from pliego.kernel.objections import Refused
from pliego.methods import choosing
from pliego.methods.choosing import Facts

SMMLV = Decimal(1750905)
SMALL_TOWN = Decimal(20_000_000_000)  # 11,423 SMMLV a year: menor cuantía of 280
ON = date(2026, 11, 3)


def choose(value: int, on: date = ON, budget: Decimal = SMALL_TOWN, **facts: bool) -> choosing.Choice:
    return choosing.choose(Facts(value=Decimal(value), budget=budget, year=2026, **facts), on)


# fmt: off
CEILINGS = [
    # SMMLV of the budget, menor cuantía in SMMLV
    ("1200000", 1000), ("1199999", 850), ("850000", 850), ("849999", 650), ("400000", 650), ("399999", 450),
    ("120000", 450), ("119999", 280), ("1", 280),
]
MILLION = 1_000_000
ROWS = [
    # value, facts, rule, method
    (900 * MILLION, {}, "R8", "licitacion_publica"),
    (900 * MILLION, {"is_works": True}, "R8-obra", "licitacion_obra_publica"),
    (490 * MILLION, {}, "R7", "seleccion_abreviada_menor_cuantia"),
    (490 * MILLION, {"is_works": True}, "R7", "seleccion_abreviada_menor_cuantia"),
    (900 * MILLION, {"special_ground": True}, "R6", "seleccion_abreviada_menor_cuantia"),
    (900 * MILLION, {"after_void_tender": True}, "R6-desierta", "seleccion_abreviada_menor_cuantia_sin_manifestacion"),
    (900 * MILLION, {"uniform": True}, "R5", "subasta_inversa"),
    (900 * MILLION, {"is_consultancy": True}, "R4", "concurso_meritos_abierto"),
    (900 * MILLION, {"is_consultancy": True, "prequalify": True}, "R4-precalificacion",
     "concurso_meritos_precalificacion"),
    (49 * MILLION, {"is_consultancy": True}, "R3", "minima_cuantia"),
    (49 * MILLION, {"is_works": True}, "R3", "minima_cuantia"),
    (49 * MILLION, {"uniform": True, "framework_agreement": True}, "R2", None),
    (900 * MILLION, {"direct_ground": True, "uniform": True}, "R1", "contratacion_directa"),
    (900 * MILLION, {"direct_ground": True, "offers_here": True}, "R1-ofertas", "contratacion_directa_con_ofertas"),
    (900 * MILLION, {"special_regime": True, "direct_ground": True}, "R0-especial", "regimen_especial"),
    (900 * MILLION, {"special_regime": True, "offers_here": True}, "R0-especial-ofertas",
     "regimen_especial_con_ofertas"),
    (900 * MILLION, {"is_sale": True}, "R0-venta", "enajenacion_sobre_cerrado"),
    (900 * MILLION, {"information_only": True, "is_works": True}, "R0", "solicitud_informacion"),
]
# fmt: on


class TestCeilings:
    @pytest.mark.parametrize(("wages", "menor"), CEILINGS)
    def test_follow_the_annual_budget_in_minimum_wages(self, wages, menor):
        assert choosing.limits(Decimal(wages) * SMMLV, 2026).menor == menor * SMMLV

    def test_of_minima_cuantia_in_2026_go_from_49_to_175_million_pesos(self):
        found = [choosing.limits(Decimal(wages) * SMMLV, 2026).minima for wages in ("1", "1200000")]

        assert found == [Decimal("49025340.00"), Decimal("175090500.00")]

    @pytest.mark.parametrize(("year", "menor", "minima"), [
        (2024, "364000000", "36400000.00"), (2025, "398580000", "39858000.00"), (2026, "490253400", "49025340.00"),
    ])  # fmt: skip
    def test_are_those_of_the_year_of_the_budget(self, year, menor, minima):
        found = choosing.limits(Decimal(1), year)

        assert (found.menor, found.minima) == (Decimal(menor), Decimal(minima))
        assert (found.mipyme is None) == (year < 2026)
        facts = Facts(value=Decimal(menor), budget=Decimal(1), year=year)
        assert choosing.choose(facts, ON).rule == "R7"

    def test_of_an_unknown_year_are_refused_instead_of_guessed(self):
        with pytest.raises(Refused, match="unknown_year"):
            choosing.limits(SMALL_TOWN, 1999)


class TestChoose:
    @pytest.mark.parametrize(("value", "facts", "rule", "method"), ROWS, ids=lambda x: x if isinstance(x, str) else "")
    def test_answers_with_the_first_rule_that_holds(self, value, facts, rule, method):
        found = choose(value, **facts)

        assert (found.rule, found.method and found.method.code) == (rule, method)
        assert "art" in found.legal_basis

    def test_one_peso_above_a_ceiling_is_another_method(self):
        found = [choose(value).method.code for value in (49025340, 49025341)]

        assert found == ["minima_cuantia", "seleccion_abreviada_menor_cuantia"]

    @pytest.mark.parametrize(("value", "budget"), [(0, SMALL_TOWN), (-1, SMALL_TOWN), (1, Decimal(0))])
    def test_is_refused_without_money(self, value, budget):
        with pytest.raises(Refused, match="not_positive"):
            choose(value, budget=budget)


class TestWarnings:
    def codes(self, *args, **facts) -> set[str]:
        return {warning.code for warning in choose(*args, **facts).warnings}

    def test_tell_of_standard_documents_and_small_firms(self):
        assert self.codes(500 * MILLION, special_ground=True, standard_documents=True) == {
            "standard_documents",
            "mipyme",
        }

    def test_do_not_tell_of_small_firms_above_their_limit(self):
        # 125,000 dollars were 511,708,497 pesos in 2026
        found = [self.codes(value, budget=SMALL_TOWN, special_ground=True) for value in (511_708_497, 511_708_498)]

        assert found == [{"mipyme"}, set()]

    def test_ask_to_look_at_the_store_first(self):
        assert "framework_agreement" in self.codes(900 * MILLION, uniform=True)

    @pytest.mark.parametrize(
        ("on", "told"), [(date(2026, 1, 30), False), (date(2026, 1, 31), True), (date(2026, 6, 22), False)]
    )
    def test_tell_of_the_electoral_restriction_while_it_runs(self, on, told):
        found = self.codes(900 * MILLION, on=on, direct_ground=True)

        assert {"justification", "guarantees"} <= found
        assert ("ley_de_garantias" in found) is told
